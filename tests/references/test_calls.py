"""What is known of a manager and from whom; the sheet for third parties, their calls, and contradictions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import clock as now
from app.db import acting_as, db, unit_of_work
from app.managers.models import Manager
from app.privacy import actions as privacy
from app.references.call_queries import known_of
from app.references.models import OutsideCall, Referee, WrittenReference
from app.talks.models import Talk
from tests.factories import make_mandate, make_referee, make_talk, make_user, reload, save
from tests.office import Office, Page
from tests.references.test_referees import all_of, newest
from tests.statements import counted

pytestmark = pytest.mark.sql
TODAY = date(2026, 3, 17)


def make_call(referee: Referee, rating: int | None, day: int = 10, **given: Any) -> Talk:
    talk = make_talk("reference", "manager", manager=db.session.get(Manager, referee.manager_id), state="held",
                     held_at=datetime(2026, 3, day, 9, tzinfo=UTC), overall=rating, **given)  # fmt: skip
    with unit_of_work():
        talk.side, talk.referee_id = "referee", referee.id
    return talk


def make_written(mandate: Any, **given: Any) -> WrittenReference:
    values = {"manager_id": mandate.manager_id, "contact_id": mandate.contact_id, "language": "de", "situation": "Das Werk stand still.",
              "results": "Es läuft wieder.", "rating": 5, "state": "released", "scope": "on_request",
              "made_at": datetime(2026, 2, 1, tzinfo=UTC), "released_at": datetime(2026, 2, 10, tzinfo=UTC), **given}  # fmt: skip
    return save(WrittenReference(mandate_id=mandate.id, **values))


@pytest.fixture
def mandate(office: Office) -> Any:
    """A mandate of a manager whom the consultant looks after."""
    mandate = make_mandate(owner=office.user)
    with unit_of_work():
        db.session.get_one(Manager, mandate.manager_id).owner_id = office.user.id
    return mandate


def note_call(office: Office, mandate: Any, **given: Any) -> Page:
    values = {"caller": "Frau Reiter, Baltwerk", "called_on": "2026-03-16", "rating": "2", "said": "Zu langsam.", **given}
    return office.open(f"/references/managers/{mandate.manager_id}/calls/new").fill(**values).submit()


def test_the_mean_is_weighed_by_relation_and_age(mandate):
    manager = mandate.manager
    make_call(make_referee(manager), 5)
    make_call(make_referee(manager, relation="report", last_name="Neumann"), 1)
    make_call(make_referee(manager, relation="boss", last_name="Alt", together_until=date(2019, 1, 1)), 3)
    make_referee(manager, last_name="Stumm")

    known = known_of(manager.id)

    assert [(one.name, str(one.weight(TODAY)), one.rating) for one in known.referees] == [
        ("Ute Alt", "2", 3), ("Ute Dahlmann", "4", 5), ("Ute Neumann", "1", 1), ("Ute Stumm", "4", None),
    ]  # fmt: skip
    assert (known.mean(TODAY), len(known.rated)) == (Decimal("3.9"), 3)  # (2·3 + 4·5 + 1·1) / 7


def test_the_latest_call_of_a_referee_counts(mandate):
    referee = make_referee(mandate.manager)
    make_call(referee, 2, day=5)
    make_call(referee, 4, day=12)

    assert known_of(mandate.manager_id).mean(TODAY) == Decimal("4.0")


def test_nothing_known_has_no_mean(mandate):
    known = known_of(mandate.manager_id)

    assert (known.referees, known.mean(TODAY), known.written) == ((), None, 0)


def test_the_summary_says_what_is_known_and_from_whom(office, mandate):
    referee = make_referee(mandate.manager)
    make_call(referee, 4, answers={"appoint_again": "yes", "what_not_for": "Langsame Vorhaben", "conflict": "Betriebsrat"})
    make_written(mandate)

    page = office.open(f"/references/managers/{mandate.manager_id}")

    assert page.status == 200
    for words in ("Ute Dahlmann", "Former boss", "Nordwerk AG", "Langsame Vorhaben", "4 of 5", "from 1 call", "on request"):
        assert words in page.text, words
    manager_page = office.open(f"/managers/{mandate.manager_id}").text
    assert "from 1 call" in manager_page and "/reference/" in manager_page


def test_the_summary_asks_the_same_few_times_whatever_its_length(office, mandate):
    def asked() -> int:
        counts = []
        for _time in range(3):
            with counted(office.app) as statements:
                assert office.open(f"/references/managers/{mandate.manager_id}").status == 200
            counts.append(len(statements))
        return min(counts)

    make_call(make_referee(mandate.manager), 4)
    few = asked()
    for number in range(12):
        make_call(make_referee(mandate.manager, last_name=f"Name{number}"), 4)

    assert asked() == few <= 8


@pytest.mark.parametrize("view", ["referees", "calls", "written"])
def test_lists_ask_at_most_six_times(office, mandate, view):
    make_call(make_referee(mandate.manager), 4)
    make_written(mandate)
    with counted(office.app) as statements:
        page = office.open(f"/references?view={view}")

    assert 'scope="row"' in page.text and len(statements) <= 6


def test_the_sheet_shows_what_was_released_for_outside_and_nothing_else(office, mandate):
    make_written(mandate)
    make_written(mandate, scope="internal", situation="Nur intern gesagt.")
    make_written(mandate, state="revoked", situation="Zurückgezogen.", revoked_at=datetime(2026, 3, 1, tzinfo=UTC))
    make_written(mandate, state="draft", scope=None, released_at=None, situation="Nur entworfen.")

    page = office.open(f"/references/managers/{mandate.manager_id}/sheet")

    assert "Das Werk stand still." in page.text and "Es läuft wieder." in page.text
    assert not any(words in page.text for words in ("Nur intern", "Zurückgezogen.", "Nur entworfen"))


def test_without_a_release_the_sheet_says_that_nothing_may_be_said(office, mandate):
    make_written(mandate, scope="internal")

    page = office.open(f"/references/managers/{mandate.manager_id}/sheet")

    assert "Nothing may be said outside" in page.text and "Das Werk" not in page.text


def test_a_call_that_contradicts_is_marked_until_a_person_has_judged(office, mandate):
    written = make_written(mandate)

    page = note_call(office, mandate, rating="3", reference=str(written.id))

    assert page.status == 200 and "contradiction" in page.text
    call = newest(OutsideCall)
    assert (call.rating, call.contact_id, call.noted_by_id) == (3, mandate.contact_id, office.user.id)
    assert "contradiction" in office.open(f"/managers/{mandate.manager_id}").text
    assert "contradicted" in office.open("/references?view=written").text
    assert "contradicts the written reference" in office.open(f"/managers/{mandate.manager_id}").text  # the timeline

    judged = office.open(f"/references/calls/{call.id}").fill(judgement="The caller spoke of another site.").submit()

    assert "The caller spoke of another site." in judged.text
    assert (reload(call).judged_on, "contradicted" in office.open("/references?view=written").text) == (TODAY, False)


def test_a_contradiction_stands_on_the_page_of_the_written_reference(office, mandate):
    written = make_written(mandate)
    note_call(office, mandate, rating="3", reference=str(written.id))
    call = newest(OutsideCall)

    page = office.open(f"/mandates/{mandate.id}/reference")
    assert "two points or more from this reference" in page.text and f"/references/calls/{call.id}" in page.text

    office.open(f"/references/calls/{call.id}").fill(judgement="Another site.").submit()
    page = office.open(f"/mandates/{mandate.id}/reference")
    assert "it is judged" in page.text and "two points or more" not in page.text


def test_a_referee_who_contradicts_is_marked_until_a_person_has_judged(app, office, mandate):
    make_written(mandate)
    referee = make_referee(mandate.manager)
    make_call(referee, 3)
    pages = [f"/references/managers/{mandate.manager_id}", f"/managers/{mandate.manager_id}", f"/mandates/{mandate.id}/reference"]

    assert all("contradiction" in office.open(path).text for path in pages)
    assert "Keep the judgement" not in Office(app, make_user(role="auditor")).open(f"/references/referees/{referee.id}").text
    page = office.open(f"/references/referees/{referee.id}")
    place = next(number for number, form in enumerate(page.forms) if "judgement" in form["names"])
    judged = page.form(place).fill(judgement="She knew the first year alone.").submit()

    assert "She knew the first year alone." in judged.text and reload(referee).judged_on == TODAY
    assert "contradiction" not in office.open(pages[1]).text.partition("Timeline")[0]
    assert "it is judged" in office.open(pages[2]).text


@pytest.mark.parametrize(("rating", "marked"), [(4, False), (3, True)])
def test_a_referee_contradicts_from_two_points_on(office, mandate, rating, marked):
    make_written(mandate)
    make_call(make_referee(mandate.manager), rating)

    assert bool(known_of(mandate.manager_id).doubts) is marked


def test_a_later_call_or_reference_asks_for_another_judgement(office, mandate):
    make_written(mandate)
    referee = make_referee(mandate.manager, judgement="Judged.", judged_on=date(2026, 3, 1))
    make_call(referee, 3)

    assert len(known_of(mandate.manager_id).open_doubts) == 1
    with unit_of_work():
        db.session.get_one(Referee, referee.id).judged_on = date(2026, 3, 10)
    assert known_of(mandate.manager_id).open_doubts == ()
    make_written(mandate, released_at=datetime(2026, 3, 12, 9, tzinfo=UTC))
    assert len(known_of(mandate.manager_id).open_doubts) == 1


@pytest.mark.parametrize(("rating", "marked"), [("4", False), ("3", True), ("", False)])
def test_from_two_points_on_it_is_a_contradiction(office, mandate, rating, marked):
    written = make_written(mandate)

    page = note_call(office, mandate, rating=rating, reference=str(written.id))

    assert ("contradiction" in page.text) is marked


def test_another_rating_asks_for_another_judgement(office, mandate):
    written = make_written(mandate)
    note_call(office, mandate, rating="1", reference=str(written.id))
    call = newest(OutsideCall)
    office.open(f"/references/calls/{call.id}").fill(judgement="A mistake.").submit()

    office.open(f"/references/calls/{call.id}/edit").fill(said="Mehr gehört.").submit()
    assert reload(call).judgement == "A mistake."
    office.open(f"/references/calls/{call.id}/edit").fill(rating="2").submit()

    assert (reload(call).judgement, call.judged_on) == (None, None)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("caller", " ", "Please fill this in"), ("called_on", "2026-03-18", "lies ahead"), ("called_on", "x", "")],
)
def test_wrong_input_about_a_call_is_kept(office, mandate, field, value, says):
    page = note_call(office, mandate, **{field: value})

    assert page.status == 422 and says in page.text and "Zu langsam." in page.text


def test_who_reads_notes_and_judges_calls(app, office, mandate):
    written = make_written(mandate)
    note_call(office, mandate, rating="1", reference=str(written.id))
    call = newest(OutsideCall)
    auditor, other = Office(app, make_user(role="auditor")), Office(app, make_user())

    assert auditor.open(f"/references/calls/{call.id}").status == 200
    assert "Keep the judgement" not in auditor.open(f"/references/calls/{call.id}").text
    assert auditor.open(f"/references/managers/{mandate.manager_id}/calls/new").status == 403
    assert other.open(f"/references/managers/{mandate.manager_id}/calls/new").status == 200
    assert other.open(f"/references/calls/{call.id}/edit").status == 403
    assert "Keep the judgement" not in other.open(f"/references/calls/{call.id}").text


def test_with_the_manager_go_referees_calls_and_what_others_asked(app, office, mandate, tmp_path):
    manager_id = mandate.manager_id
    with unit_of_work():
        db.session.get_one(Manager, manager_id).email = "gone@example.org"
    referee = make_referee(mandate.manager, email="u.dahlmann@example.org", number_kept="+491713920021")
    make_call(referee, 4, record="Frau Dahlmann sagt viel")
    office.open(f"/references/referees/{referee.id}/calls/new").fill(due_on="2026-03-20").submit()
    talk = newest(Talk)
    assert office.open(f"/talks/{talk.id}/arrangement").fill(day="2026-03-19", time="10:00").submit().status == 200
    note_call(office, mandate, said="Zu langsam, sagt Reiter")

    with acting_as("command"), unit_of_work():
        privacy.erase(db.session.get_one(Manager, manager_id), actor=None, at=now().now())

    assert all_of(Referee) == [] and all_of(OutsideCall) == []
    left = "\n".join(str(row) for one in db.metadata.sorted_tables for row in db.session.execute(one.select()))
    assert [line for line in left.split("\n") if any(word in line for word in ("ahlmann", "3920021", "Reiter"))] == []
    assert [one for one in all_of(Talk) if one.kind == "reference" and one.state != "cancelled"] == []
    for path in ("/references", "/references?view=calls", "/talks?view=all"):
        assert office.open(path).status == 200
    for path in ("", "/sheet", "/calls/new"):
        assert office.open(f"/references/managers/{manager_id}{path}").status == 404
