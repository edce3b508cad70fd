"""Who in admission waits for a colleague: on Today, in the digest, for the deputy and the lead."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.admission.models import AdmissionCase, PaperReading
from app.files.models import StoredFile
from app.managers.models import ManagerDocument
from app.reminders.queries import escalated_to, items_for
from app.reminders.rules import Urgency, What
from app.reminders.ticks import send_digests
from app.users.models import Absence
from tests.factories import LONG_AGO, make_manager, make_talk, make_user, save
from tests.reminders.test_digest import letters
from tests.statements import counted

pytestmark = pytest.mark.sql
TODAY = date(2026, 3, 17)


def make_case(state: str, next_on: date | None, *, owner=None, reviewer=None, halted: bool = False, **given):
    manager = make_manager(state=state, owner=owner, **given)
    save(
        AdmissionCase(
            manager_id=manager.id, entered_state_at=LONG_AGO, next_on=next_on, reviewer_id=reviewer.id if reviewer else None,
            halted_on=TODAY if halted else None, halt_reason="Holiday" if halted else None,
        )
    )  # fmt: skip
    return manager


def kinds(user, clock) -> list[tuple[What, Urgency]]:
    return [(item.what, item.urgency) for item in items_for(user, clock.now())]


@pytest.mark.parametrize(
    ("state", "next_on", "expected"),
    [
        ("confirmed", date(2026, 3, 19), [(What.REVIEW, Urgency.SOON)]),
        ("confirmed", TODAY, [(What.REVIEW, Urgency.TODAY)]),
        ("in_review", date(2026, 3, 13), [(What.REVIEW, Urgency.LATE)]),
        ("interview", date(2026, 3, 20), [(What.PLAN_INTERVIEW, Urgency.SOON)]),
        ("interview", date(2026, 3, 13), [(What.PLAN_INTERVIEW, Urgency.LATE)]),
        ("follow_up_2", TODAY, [(What.FOLLOW_UP, Urgency.TODAY)]),
        ("follow_up_2", date(2026, 3, 18), []),
        ("follow_up_2", date(2026, 3, 16), []),  # the scheduler has it
        ("confirmed", date(2026, 4, 1), []),
        ("confirmed", None, []),
        ("registered", TODAY, []),
        ("out", TODAY, []),
        ("withdrawn", TODAY, []),
    ],
)
def test_what_is_owed_follows_from_state_and_date(app, clock, state, next_on, expected):
    owner = make_user()
    make_case(state, next_on, owner=owner)

    assert kinds(owner, clock) == expected


def test_nothing_is_owed_while_the_clock_stands_still(app, clock):
    owner = make_user()
    make_case("in_review", TODAY, owner=owner, halted=True)

    assert kinds(owner, clock) == []


def test_the_reviewer_owes_the_review_and_not_the_owner(app, clock):
    owner, reviewer = make_user(), make_user()
    make_case("in_review", TODAY, owner=owner, reviewer=reviewer)

    assert kinds(owner, clock) == [] and kinds(reviewer, clock) == [(What.REVIEW, Urgency.TODAY)]


def test_an_interview_that_is_planned_is_told_once_and_one_held_asks_for_the_decision(app, clock):
    owner = make_user()
    planned, held = (make_case("interview", TODAY, owner=owner) for _ in range(2))
    make_talk(kind="interview", side="manager", manager=planned, contact=None, owner=owner, due_on=TODAY)
    at = datetime(2026, 3, 12, 9, tzinfo=UTC)
    make_talk(
        kind="interview", side="manager", manager=held, contact=None, owner=owner, due_on=at.date(), state="held", held_at=at
    )

    assert sorted(what for what, _urgency in kinds(owner, clock)) == [What.ADMIT, What.ARRANGE]


def test_papers_that_could_not_be_read_say_so_in_place_of_the_review(app, clock):
    owner = make_user()
    manager = make_case("confirmed", TODAY, owner=owner)
    for number, problem in ((1, None), (2, "damaged")):
        file = save(
            StoredFile(
                sha256=f"{number}" * 64, size=1, content_type="application/pdf", name=f"cv{number}.pdf", kind="cv", number=number,
                owner_type="manager", owner_id=manager.id, uploaded_at=LONG_AGO,
            )
        )  # fmt: skip
        document = save(ManagerDocument(manager_id=manager.id, kind="cv", number=number, file_id=file.id, received_on=TODAY))
        save(PaperReading(document_id=document.id, manager_id=manager.id, read_at=LONG_AGO, problem=problem, pages=[]))

    assert kinds(owner, clock) == [(What.UNREADABLE, Urgency.TODAY)]


def test_today_offers_one_verb_one_click_from_done(office):
    review = make_case("confirmed", TODAY, owner=office.user, first_name="Ines", last_name="Falkenrath")
    interview = make_case("interview", TODAY, owner=office.user)

    text = office.open("/today").text

    assert "Review the papers of Ines Falkenrath" in text and text.count("Ines Falkenrath") == 2, "title and name of the button"
    assert f'href="/admission/{review.id}"' in text
    assert f'href="/managers/{interview.id}/interviews/new"' in text
    assert "Set a step" not in text
    for path in (f"/admission/{review.id}", f"/managers/{interview.id}/interviews/new"):
        assert office.open(path).status == 200


def test_the_digest_and_the_deputy_hear_of_it(app, clock, office):
    away = make_user(last_name="Ostendorff", digest=False)
    make_case("in_review", date(2026, 3, 13), reviewer=away, last_name="Falkenrath")
    save(Absence(user_id=away.id, deputy_id=office.user.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))

    send_digests(clock.now())

    assert "for K. Ostendorff" in office.open("/today").text
    assert ["Falkenrath" in letter.text for letter in letters("reminders.digest")] == [True]


@pytest.mark.parametrize(("next_on", "told"), [(date(2026, 3, 6), True), (date(2026, 3, 9), False)])
def test_a_review_seven_working_days_late_reaches_the_lead(app, clock, next_on, told):
    reviewer, lead = make_user(), make_user("lead")
    make_case("in_review", next_on, reviewer=reviewer)

    assert [(item.what, item.escalated) for item in escalated_to(lead, clock.now())] == ([(What.REVIEW, True)] if told else [])


def test_many_in_admission_ask_no_more_statements(app, office):
    def statements() -> int:
        office.open("/today")
        with counted(app) as asked:
            assert office.open("/today").status == 200
        return len(asked)

    make_case("confirmed", TODAY, owner=office.user)
    few = statements()
    for state in ("confirmed", "in_review", "interview", "follow_up_1") * 5:
        make_case(state, TODAY, owner=office.user)

    assert statements() == few <= 10
