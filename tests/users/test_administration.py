"""Inviting, changing, handing over and disabling accounts; teams; days away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import clock as the_clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.links.actions import url_of
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.users import actions, belongings, passwords, queries, team_actions
from app.users.models import Absence, Team, User
from tests.factories import PASSWORD, make_manager, make_talk, make_team, make_user, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql
TODAY = date(2026, 3, 17)


def invitation() -> tuple[Letter, str]:
    db.session.rollback()
    letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
    return letter, url_of(db.session.get(PersonalLink, letter.link_id)).removeprefix("http://localhost")


def test_an_invited_colleague_chooses_a_password_and_signs_in(app, administrator):
    page = administrator.open("/users/new").fill(
        email="A.Roelofs@Example.org", first_name="Anneke", last_name="Roelofs", role="consultant", language="nl"
    ).submit()  # fmt: skip
    assert page.status == 200
    assert "has been invited" in page.text
    letter, path = invitation()
    assert (letter.to_address, letter.language) == ("a.roelofs@example.org", "nl")
    assert "[personal link]" in letter.text

    done = Office(app).open(path).fill(password=PASSWORD, again=PASSWORD).submit()
    inside = done.fill(email="a.roelofs@example.org", password=PASSWORD).submit(follow=False)

    assert inside.headers["Location"] == "/today"
    user = queries.by_email("a.roelofs@example.org")
    assert user.is_reviewer
    assert user.fs_uniquifier


def test_a_whole_name_typed_as_last_name_is_shown_in_parts_to_be_checked(administrator):
    shown = (
        administrator.open("/users/new").fill(email="j@example.org", last_name="Dr. Jan van der Berg", role="assistant").submit()
    )
    assert 'value="van der"' in shown.text

    shown.submit()
    user = queries.by_email("j@example.org")
    assert (user.title, user.first_name, user.particle, user.last_name) == ("Dr.", "Jan", "van der", "Berg")
    assert not user.is_reviewer


@pytest.mark.parametrize("field, value, words", [
    ("email", "no address", "This is not a mail address"),
    ("email", "", "Please fill this in."),
    ("last_name", "  ", "Please fill this in."),
    ("role", None, "Please choose a role."),
    ("role", "emperor", "Not a valid choice"),
])  # fmt: skip
def test_wrong_input_is_refused_at_its_field_and_kept(administrator, field, value, words):
    typed = {"email": "x@example.org", "first_name": "Kept", "last_name": "Person", "role": "lead"} | {field: value}

    refused = administrator.open("/users/new").fill(**typed).submit()

    assert refused.status == 422
    assert words in refused.text
    assert 'value="Kept"' in refused.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_an_address_that_is_taken_is_refused(administrator):
    make_user(email="taken@example.org")

    refused = administrator.open("/users/new").fill(email="TAKEN@example.org", last_name="Person", role="lead").submit()

    assert refused.status == 422
    assert "There is an account with this address already." in refused.text


def test_a_second_invitation_makes_the_first_link_useless(app, administrator):
    administrator.open("/users/new").fill(email="n@example.org", last_name="Neu", role="lead").submit()
    _letter, first = invitation()
    user = queries.by_email("n@example.org")

    administrator.open(f"/users/{user.id}").form("invitations").submit()

    _letter, second = invitation()
    assert Office(app).open(first).status == 410
    assert Office(app).open(second).status == 200


def test_an_account_is_changed_and_the_role_is_in_force_at_once(app, administrator):
    user = make_user(role="assistant")
    person = Office(app, user)
    assert person.open("/users/absences").status == 403

    administrator.open(f"/users/{user.id}/edit").fill(role="lead", last_name="Neumann", is_reviewer="y").submit()

    assert person.open("/users/absences").status == 200
    changed = reload(user)
    assert (changed.last_name, changed.is_reviewer, changed.sort_name) == ("Neumann", True, "neumann katrin")


def test_two_administrators_at_one_account_the_second_sees_both_versions(app, administrator):
    user = make_user(last_name="Alt")
    mine = administrator.open(f"/users/{user.id}/edit").fill(last_name="Mine")
    administrator.open(f"/users/{user.id}/edit").fill(last_name="Theirs").submit()

    conflict = mine.submit()

    assert conflict.status == 409
    assert "Theirs" in conflict.text
    assert "Mine" in conflict.text
    assert reload(user).last_name == "Theirs"


def test_the_last_administrator_stays_one(administrator):
    me = administrator.user

    refused = administrator.open(f"/users/{me.id}/edit").fill(role="lead").submit()

    assert refused.status == 422
    assert "There must be at least one administrator." in refused.text


class Things:
    """A room whose things have owners, as the registry sees it."""

    def __init__(self) -> None:
        self.owned: dict[int, int] = {}

    def register(self, name: str, label: str) -> None:
        belongings.register(name, label, count=lambda user_id: self.owned.get(user_id, 0), hand_over=self.hand_over)

    def hand_over(self, user, to, actor, at) -> None:
        self.owned[to.id] = self.owned.get(to.id, 0) + self.owned.pop(user.id)


@pytest.fixture
def rooms(monkeypatch):
    monkeypatch.setattr(belongings, "KINDS", {})
    talks, mandates = Things(), Things()
    talks.register("talks", "Talks")
    mandates.register("mandates", "Mandates")
    return talks, mandates


def test_nobody_is_disabled_before_somebody_took_over_what_is_open(app, administrator, rooms):
    talks, mandates = rooms
    leaving, staying = make_user(), make_user()
    talks.owned[leaving.id], mandates.owned[leaving.id] = 3, 1

    page = administrator.open(f"/users/{leaving.id}").form("disablings").submit()
    assert page.path == f"/users/{leaving.id}/handover"
    assert "Talks (3)" in page.text
    assert reload(leaving).active

    page = page.fill(kind="talks", to_id=str(staying.id)).submit()
    assert talks.owned == {staying.id: 3}
    assert "Talks (3)" not in page.text
    assert "Mandates (1)" in page.text

    page = page.fill(kind="everything", to_id=str(staying.id)).submit()
    assert mandates.owned == {staying.id: 1}

    page.form("disablings").submit()
    assert not reload(leaving).active


def test_the_action_itself_refuses_too(app, administrator, rooms):
    talks, _mandates = rooms
    leaving = make_user()
    talks.owned[leaving.id] = 2

    with pytest.raises(RuleViolation, match="2 open things"), unit_of_work():
        actions.disable(leaving, actor=administrator.user, at=the_clock().now())


def test_things_go_to_no_disabled_colleague(administrator, rooms):
    talks, _mandates = rooms
    leaving, gone = make_user(), make_user(active=False)
    talks.owned[leaving.id] = 1

    page = administrator.open(f"/users/{leaving.id}/handover")
    refused = page.fill(kind="everything", to_id=str(gone.id)).submit()

    assert refused.status == 422
    assert talks.owned == {leaving.id: 1}


def test_managers_and_clients_go_to_nobody_who_cannot_own_them_or_is_away(app, administrator):
    leaving, auditor, away = make_user(), make_user("auditor"), make_user()
    manager = make_manager(owner=leaving)
    save(Absence(user_id=away.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))

    page = administrator.open(f"/users/{leaving.id}/handover")
    offered = page.text.partition('name="to_id"')[2].partition("</select>")[0]
    assert f'value="{administrator.user.id}"' in offered
    for chosen in (auditor, away, leaving):
        assert f'value="{chosen.id}"' not in offered
    for chosen in (auditor, away):
        assert page.fill(kind="everything", to_id=str(chosen.id)).submit().status == 422
        assert reload(manager).owner_id == leaving.id


def test_an_assistant_takes_over_talks_where_nothing_else_is_left_and_an_auditor_never(app, administrator):
    leaving, assistant, auditor = make_user(), make_user("assistant"), make_user("auditor")
    make_talk(owner=leaving)

    page = administrator.open(f"/users/{leaving.id}/handover")

    offered = page.text.partition('name="to_id"')[2].partition("</select>")[0]
    assert f'value="{assistant.id}"' in offered and f'value="{auditor.id}"' not in offered


def test_nobody_disables_their_own_account(app, administrator):
    make_user(role="administrator")
    with pytest.raises(RuleViolation, match="own account"), unit_of_work():
        actions.disable(administrator.user, actor=administrator.user, at=the_clock().now())


def test_a_disabled_account_is_opened_again(app, administrator):
    user = make_user(active=False)

    administrator.open(f"/users/{user.id}").form("enablings").submit()

    assert reload(user).active


def test_the_list_finds_by_name_role_and_state(administrator):
    make_user(last_name="Müller", role="auditor")
    make_user(last_name="Ausgeschieden", active=False)

    assert "Müller" in administrator.open("/users?q=mueller").text
    assert "Müller" not in administrator.open("/users?role=lead").text
    assert "Ausgeschieden" not in administrator.open("/users").text
    assert "Ausgeschieden" in administrator.open("/users?state=disabled").text
    assert "Nobody found" in administrator.open("/users?q=%25").text


def test_the_list_takes_at_most_six_statements(app, administrator):
    for number in range(60):
        make_user(last_name=f"Person{number:02}")
    administrator.open("/users")
    said: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))

    page = administrator.open("/users")

    assert "Next page" in page.text
    assert len(said) <= 6, said


def test_only_administrators_see_the_accounts(app, lead, office):
    for person in (lead, office):
        for path in ("/users", "/users/new", "/users/teams", f"/users/{office.user.id}/edit"):
            assert person.open(path).status == 403
    assert lead.open(f"/users/{office.user.id}").status == 200
    assert office.open(f"/users/{lead.user.id}").status == 403


def test_teams_are_made_renamed_and_removed(administrator):
    administrator.open("/users/teams").fill(name="Rotterdam").submit()
    team = db.session.scalars(sa.select(Team).where(Team.name == "Rotterdam")).one()
    administrator.open(f"/users/teams/{team.id}").form(0).fill(name="Antwerpen").submit()
    assert reload(team).name == "Antwerpen"
    assert administrator.open("/users/teams").fill(name="Antwerpen").submit().status == 422

    assert "The team is removed." in administrator.open(f"/users/teams/{team.id}").form("removals").submit().text


def test_a_team_with_colleagues_stays(administrator):
    team = make_team("Firm")
    make_team("Other")

    refused = administrator.open(f"/users/teams/{team.id}").form("removals").submit()

    assert refused.status == 422
    assert "Colleagues belong to this team." in refused.text


# Days away


def note(user: User, deputy: User | None, first: date = TODAY, last: date = TODAY + timedelta(days=4)) -> Absence:
    with unit_of_work():
        return team_actions.note_absence(user, first, last, deputy)


def test_an_absence_is_noted_on_one_s_own_page_and_ended(app, office, clock):
    deputy = make_user(last_name="Vertreterin")
    page = (
        office.open("/settings/absences/new")
        .fill(starts_on="2026-03-16", ends_on="2026-03-20", deputy_id=str(deputy.id))
        .submit()
    )
    assert "Vertreterin stands in." in page.text
    assert queries.deputy_of(office.user.id, TODAY) == deputy.id
    assert queries.stands_in_for(deputy.id, TODAY) == [office.user.id]
    assert not queries.available(office.user.id, TODAY)
    assert queries.available(office.user.id, date(2026, 3, 21))

    page.form("/ends").submit()

    db.session.rollback()
    assert queries.available(office.user.id, TODAY)
    assert queries.away_until(office.user.id, date(2026, 3, 16)) is not None


@pytest.mark.parametrize("first, last, words", [
    ("2026-03-20", "2026-03-16", "The last day lies before the first one."),
    ("2026-02-29", "2026-03-16", "Not a valid date value"),
    ("", "2026-03-16", "Please choose a day."),
    ("9999-12-31", "9999-12-31", "Please enter a year between"),
])  # fmt: skip
def test_days_that_cannot_be_are_refused(office, first, last, words):
    refused = office.open("/settings/absences/new").fill(starts_on=first, ends_on=last).submit()

    assert refused.status == 422
    assert words in refused.text


def test_overlapping_absences_are_refused(app, office):
    note(office.user, None)

    refused = office.open("/settings/absences/new").fill(starts_on="2026-03-21", ends_on="2026-03-21").submit()
    assert refused.status == 422
    assert "is noted already" in refused.text
    assert office.open("/settings/absences/new").fill(starts_on="2026-03-22", ends_on="2026-03-22").submit().status == 200


def test_a_lead_notes_an_absence_for_a_colleague(app, lead, office):
    lead.open(f"/users/{office.user.id}/absences/new").fill(starts_on="2026-03-17", ends_on="2026-03-18").submit()

    assert queries.away_until(office.user.id, TODAY) is not None
    assert office.user.short_name.split()[-1] in lead.open("/users/absences").text


def test_where_the_deputy_is_away_too_the_deputy_s_deputy_stands_in(app):
    first, second, third = make_user(), make_user(), make_user()
    note(first, second)
    note(second, third)

    assert queries.deputy_of(first.id, TODAY) == third.id
    assert queries.deputy_of(third.id, TODAY) is None
    assert sorted(queries.stands_in_for(third.id, TODAY)) == sorted([first.id, second.id])


def test_two_who_stand_in_for_each_other_have_nobody(app):
    first, second = make_user(), make_user()
    note(first, second)
    note(second, first)

    assert queries.deputy_of(first.id, TODAY) is None


def test_an_absence_of_somebody_else_is_not_ended(app, office):
    absence = note(make_user(), None)

    mine = office.open("/settings")
    token = mine.forms[0]["fields"]["csrf_token"][0]
    assert office.post(f"/settings/absences/{absence.id}/ends", {"csrf_token": token}).status == 403


def test_a_disabled_deputy_stands_in_no_longer(app, administrator):
    away, deputy = make_user(), make_user()
    absence = note(away, deputy)

    administrator.open(f"/users/{deputy.id}").form("disablings").submit()

    assert reload(absence).deputy_id is None


def test_the_lead_is_the_one_of_the_team_else_every_lead_else_the_administrators(app):
    owner = make_user(team=make_team("Hamburg"))
    administrator = make_user(role="administrator")
    assert queries.leads_for(owner.id) == [administrator]

    elsewhere = make_user(role="lead", team=make_team("Rotterdam"))
    assert queries.leads_for(owner.id) == [elsewhere]

    own = make_user(role="lead", team=make_team("Hamburg"))
    assert queries.leads_for(owner.id) == [own]


def test_passwords_of_others_are_nowhere_on_the_pages(administrator):
    user = make_user(password=passwords.hashed(PASSWORD))

    assert "argon2" not in administrator.open(f"/users/{user.id}").text + administrator.open(f"/users/{user.id}/edit").text


def test_an_auditor_cannot_stand_in_for_anybody(office):
    auditor = make_user("auditor")

    page = (
        office.open("/settings/absences/new")
        .fill(starts_on="2026-03-16", ends_on="2026-03-20", deputy_id=str(auditor.id))
        .submit()
    )

    assert page.status == 422 and queries.stands_in_for(auditor.id, TODAY) == []
