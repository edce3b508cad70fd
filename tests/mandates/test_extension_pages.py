"""A new end through the pages: what is wanted, what it moves, and saved is what was shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mail.models import Letter
from app.mandates.models import Extension, Mandate
from app.talks.models import Talk
from app.users.models import Absence
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_user, reload, save
from tests.office import Office

pytestmark = pytest.mark.sql

SIGNING_DAY = datetime(2026, 6, 1, 7, 40, tzinfo=UTC)


def talks_of(mandate: Mandate) -> list[tuple[str, str, str, date | None]]:
    """The mandate's talks as (due day, kind, side, state), those that a changed end took out left aside."""
    db.session.rollback()  # ends the transaction that still sees the old state
    found = db.session.scalars(
        sa.select(Talk)
        .where(Talk.mandate_id == mandate.id, ~Talk.cancelled_by_change)
        .order_by(Talk.due_on, Talk.side, Talk.kind)
    )
    return [(talk.due_on.isoformat(), talk.kind, talk.side, talk.state) for talk in found]


def test_the_case_of_the_house(office, clock):
    """12 January to 10 July 2026 in Bavaria; closing talk arranged; then extended to 30 October, signed 1 June."""
    client = make_client(name="Velbrink Antriebstechnik GmbH", region="DE-BY")
    contact = make_contact(client, first_name="Rainer", last_name="Osterkamp")
    manager = make_manager(first_name="Henrike", last_name="Aldenhoff")

    page = office.open(f"/mandates/new?client={client.id}")
    page = page.fill(
        title="Interim-Werkleitung",
        contact_id=str(contact.id),
        goal="93 % on time",
        exit_plan="Successor named",
        handed_over="Plans",
        exit_on="2026-06-30",
    ).submit()
    mandate = db.session.scalars(sa.select(Mandate)).one()
    assert page.path == f"/mandates/{mandate.id}"
    assert "M-2026-001" in page.text

    page = office.open(f"/mandates/{mandate.id}/contract")
    page.fill(manager_name=f"ID {manager.id}", signed_on="2025-12-19", starts_on="2026-01-12", ends_on="2026-07-10").submit()
    assert reload(mandate).stage == 2
    assert talks_of(mandate) == [
        (day, "quality", side, "due")
        for day in ("2026-01-26", "2026-03-09", "2026-04-20", "2026-06-01")
        for side in ("client", "manager")
    ] + [("2026-06-26", "closing", "client", "due"), ("2026-10-08", "aftercare", "client", "due")]

    clock.move_to(SIGNING_DAY)
    closing = db.session.scalars(sa.select(Talk).where(Talk.kind == "closing")).one()
    answer = office.open(f"/talks/{closing.id}/arrangement").fill(
        day="2026-06-26",
        time="14:00",
        channel="video",
        place="https://meet.example.org/closing",
        benefit="What similar mandates learned",
    )
    answer.submit()
    closing = reload(closing)
    assert closing.state == "arranged"
    uid, sequence = closing.calendar_uid, closing.calendar_sequence

    page = office.open(f"/mandates/{mandate.id}/extensions/new")
    preview = page.fill(new_end_on="2026-10-30", signed_on="2026-06-01", reason="Successor starts in September").submit()
    assert preview.status == 200
    for words in (
        "Nothing is saved yet",
        "Appointment of Fri 26 Jun",
        "Fri 16 Oct, due",
        "Mon 8 Jun, due",
        "7 days after signing: why did you extend?",
        "14 days before the new end",
        "Calendar update to Rainer Osterkamp",
        "112 days longer",
        "Sat 31 Oct",  # the manager is free again
    ):
        assert words in preview.text, words
    assert reload(mandate).ends_on == date(2026, 7, 10)

    preview.submit()
    assert reload(mandate).ends_on == date(2026, 10, 30)
    closing = reload(closing)
    assert (closing.kind, closing.was_closing, closing.state) == ("quality", True, "arranged")
    assert closing.calendar_uid == uid
    assert closing.calendar_sequence > sequence
    after = talks_of(mandate)
    assert ("2026-10-16", "closing", "client", "due") in after
    assert ("2026-06-08", "extension", "client", "due") in after
    assert ("2027-01-28", "aftercare", "client", "due") in after
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) >= 2  # invitation and update

    page = office.open(f"/mandates/{mandate.id}")
    assert "Extended from 10 July 2026 to 30 October 2026" in page.text
    assert "extended to 30 Oct" in page.text
    assert "16 Oct instead of 26 Jun" in page.text
    assert "from 31 Oct" in office.open(f"/managers/{manager.id}").text  # free again, moved along


def changes_of_end() -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count(Extension.id))) or 0)


@pytest.fixture
def mandate(office) -> Mandate:
    return make_mandate(
        owner=office.user, planned=True, client_rate=Decimal(1890), manager_rate=Decimal(1450), days_per_week=Decimal(5)
    )


def ask(office: Office, mandate: Mandate, **given: str | None):
    values = {"new_end_on": "2026-10-30", "signed_on": "2026-03-17", "reason": "More to do", **given}
    return office.open(f"/mandates/{mandate.id}/extensions/new").fill(**values).submit()


def test_an_open_extension_shows_and_moves_nothing_until_it_is_signed(office, mandate):
    before = talks_of(mandate)
    preview = ask(office, mandate, signed_on="")
    assert "as long as it is open, nothing moves" in preview.text
    preview.submit()

    assert reload(mandate).ends_on == date(2026, 7, 10)
    assert talks_of(mandate) == before
    change = db.session.scalars(sa.select(Extension)).one()
    assert "not signed yet" in office.open(f"/mandates/{mandate.id}").text

    page = office.open(f"/mandates/{mandate.id}/extensions/{change.id}")
    page.fill(signed_on="2026-03-16").submit().submit()
    assert reload(mandate).ends_on == date(2026, 10, 30)
    assert reload(change).signed_on == date(2026, 3, 16)
    assert ("2026-10-16", "closing", "client", "due") in talks_of(mandate)


def test_an_open_extension_that_was_not_agreed_is_taken_off(office, mandate):
    ask(office, mandate, signed_on="").submit()
    change = db.session.scalars(sa.select(Extension)).one()

    office.open(f"/mandates/{mandate.id}/extensions/{change.id}").form("withdrawals").submit()

    assert changes_of_end() == 0
    assert "was not agreed" in office.open(f"/mandates/{mandate.id}").text


def test_an_early_end_brings_the_talks_nearer(office, mandate):
    preview = ask(office, mandate, new_end_on="2026-05-29", is_early_end="y")
    assert "Early end" in preview.text
    preview.submit()

    assert db.session.scalars(sa.select(Extension.kind)).one() == "early_end"
    after = talks_of(mandate)
    assert ("2026-05-15", "closing", "client", "due") in after
    assert ("2026-06-01", "quality", "client", "due") not in after
    assert "Ends early on 29 May 2026" in office.open(f"/mandates/{mandate.id}").text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"new_end_on": "2026-07-10"}, "ends on 10 July 2026 already"),
        ({"new_end_on": "2026-01-11"}, "must not lie before the first day"),
        ({"new_end_on": "2026-02-29"}, "valid date"),
        ({"new_end_on": ""}, "required"),
        ({"new_end_on": "2199-01-01"}, "slip of the pen"),
        ({"signed_on": "2026-03-18"}, "cannot lie in the future"),
        ({"signed_on": "2025-12-18"}, "signed before the last signature"),
        ({"reason": "  "}, "fill this in"),
        ({"is_early_end": "y"}, "An early end lies before the present end"),
        ({"client_rate": "-1"}, "not negative"),
        ({"client_rate": "NaN"}, "too large"),
        ({"client_rate": "sNaN"}, "too large"),
        ({"client_rate": "1e400"}, "too large"),
        ({"client_rate": "99999999999999999999"}, "too large"),
        ({"manager_rate": "1450.005"}, "at most 2 places"),
        ({"days_per_week": "8"}, "up to 7"),
        ({"client_rate": "2000", "effective_on": "2026-03-16"}, "never changed backwards"),
        ({"client_rate": "2000", "effective_on": "2026-10-31"}, "within the term"),
        ({"reason": "x" * 501}, "longer than 500"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(office, mandate, given, sentence):
    page = ask(office, mandate, **given)

    assert page.status == 422
    assert sentence in page.text
    for value in given.values():
        assert value.strip() in page.text
    assert reload(mandate).ends_on == date(2026, 7, 10)


def test_the_second_click_on_save_leads_to_the_first_result(office, mandate):
    preview = ask(office, mandate)

    preview.submit()
    again = preview.submit()

    assert "saved already" in again.text
    assert changes_of_end() == 1


def test_what_changed_since_the_preview_is_shown_anew_before_it_is_saved(office, mandate):
    preview = ask(office, mandate)
    talk = db.session.scalars(sa.select(Talk).where(Talk.kind == "aftercare")).one()
    with unit_of_work():
        talk.state, talk.decline_reason = "declined", "no_time"

    anew = preview.submit()

    assert anew.status == 409
    assert "something has changed since you looked" in anew.text
    assert reload(mandate).ends_on == date(2026, 7, 10)
    anew.submit()
    assert reload(mandate).ends_on == date(2026, 10, 30)


def test_a_mandate_that_somebody_else_extended_meanwhile_is_shown_anew(office, mandate):
    first, second = ask(office, mandate), ask(office, mandate, new_end_on="2026-12-18")
    first.submit()

    anew = second.submit()

    assert anew.status == 409
    assert "30 October 2026" in anew.text
    assert reload(mandate).ends_on == date(2026, 10, 30)


def test_change_leads_back_to_the_form_with_all_values(office, mandate):
    preview = ask(office, mandate, client_rate="2000.50")

    form = preview.submit(change="1")

    assert form.status == 200
    assert 'value="2026-10-30"' in form.text
    assert 'value="2000.50"' in form.text
    assert "More to do" in form.text


def test_new_rates_hold_from_the_day_after_the_old_end(office, mandate):
    preview = ask(office, mandate, client_rate="1950", days_per_week="4")
    assert "€1,950 per day" in preview.text
    assert "4, was 5" in preview.text
    preview.submit()

    mandate = reload(mandate)
    assert mandate.terms_on(date(2026, 7, 10)).client_rate == Decimal(1890)
    assert mandate.terms_on(date(2026, 7, 11)).client_rate == Decimal(1950)
    assert mandate.terms_on(date(2026, 7, 11)).manager_rate == Decimal(1450)
    assert mandate.terms_on(date(2026, 7, 11)).days_per_week == Decimal(4)


def test_the_end_that_is_kept_is_always_the_one_agreed(office, mandate):
    for end, signed in (("2026-10-30", "2026-03-15"), ("2026-12-18", "2026-03-16"), ("2026-09-30", "2026-03-17")):
        ask(office, mandate, new_end_on=end, signed_on=signed).submit()
        mandate = reload(mandate)
        assert mandate.ends_on == mandate.agreed_end_on == date.fromisoformat(end)


def test_the_preview_says_when_the_exit_plan_is_overdue(office):
    late = make_mandate(owner=office.user, planned=True, exit_on=date(2026, 2, 28))

    assert "Extension instead of exit?" in ask(office, late).text
    assert "Extension instead of exit?" not in ask(office, late, new_end_on="2026-05-29").text


def test_whoever_is_asked_to_decide_can_also_arrange_the_closing_talk(office, mandate):
    closing = db.session.scalars(sa.select(Talk).where(Talk.mandate_id == mandate.id, Talk.kind == "closing")).one()
    offered, page = f'href="/talks/{closing.id}/arrangement"', f"/mandates/{mandate.id}/extensions/new"

    assert offered in office.open(page).text

    closing.state = "declined"
    db.session.commit()
    assert offered not in office.open(page).text


def test_the_preview_says_that_the_exit_plan_keeps_its_day(office):
    planned = make_mandate(owner=office.user, planned=True, exit_on=date(2026, 6, 30))

    assert "everything is handed over until 30 June 2026; that stays" in ask(office, planned).text
    assert "that stays" not in ask(office, planned, new_end_on="2026-05-29").text
    assert "that stays" not in ask(office, make_mandate(owner=office.user, planned=True)).text


def test_the_preview_says_that_the_manager_is_on_another_mandate(office, mandate):
    make_mandate(manager=mandate.manager, title="Interim-Einkauf", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))

    preview = ask(office, mandate)

    assert "another mandate at the same time" in preview.text
    assert "Interim-Einkauf" in preview.text


def test_a_mandate_without_a_contract_has_no_end_to_move(office):
    scoping = make_mandate(owner=office.user, signed=False)

    page = ask(office, scoping)

    assert page.status == 422
    assert "no signed contract yet" in page.text


def test_unknown_mandates_and_changes_of_other_mandates_are_not_there(office, mandate):
    ask(office, mandate, signed_on="").submit()
    change = db.session.scalars(sa.select(Extension)).one()
    other = make_mandate(owner=office.user)

    assert office.open("/mandates/99999/extensions/new").status == 404
    assert office.open(f"/mandates/{other.id}/extensions/{change.id}").status == 404
    assert office.open(f"/mandates/{2**63}/extensions/new").status == 404


def test_somebody_else_s_mandate_is_not_extended(app, mandate):
    for role in ("consultant", "assistant", "auditor"):
        stranger = Office(app, make_user(role=role))
        assert stranger.open(f"/mandates/{mandate.id}/extensions/new").status == 403


def test_a_deputy_extends_for_who_is_away_and_sees_no_money(app, office, mandate):
    deputy = Office(app, make_user())
    save(Absence(user_id=office.user.id, deputy_id=deputy.user.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    form = deputy.open(f"/mandates/{mandate.id}/extensions/new")
    assert "€" not in form.text and not {"client_rate", "manager_rate"} & form.forms[-1]["names"]

    seen = form.fill(new_end_on="2026-09-30", reason="Successor comes later").submit()
    assert "€" not in seen.text
    seen.submit()

    assert reload(mandate).ends_on == date(2026, 9, 30)


def test_a_deputy_extends_only_while_the_owner_is_away(app, office, mandate):
    deputy = Office(app, make_user())
    save(Absence(user_id=office.user.id, deputy_id=deputy.user.id, starts_on=date(2026, 3, 9), ends_on=date(2026, 3, 16)))

    assert deputy.open(f"/mandates/{mandate.id}/extensions/new").status == 403
