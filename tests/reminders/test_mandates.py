"""What mandates ask of a colleague: on which day, in which words, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.db import db, unit_of_work
from app.mandates.course_models import GoalView, HandoverItem, ManagerReport, StatusCheck
from app.mandates.plan_models import HandbookVersion, MandateGoal, Milestone
from app.reminders import mandate_rows, rules
from app.reminders.queries import escalated_to, items_for, office_of
from app.reminders.rules import Item, Numbers, Office, Urgency, What
from app.reminders.ticks import send_digests
from app.users.models import Absence
from tests.factories import LONG_AGO, make_client, make_mandate, make_talk, make_team, make_user, save
from tests.reminders.test_digest import letters
from tests.statements import counted

TODAY = date(2026, 3, 17)
NUMBERS = Numbers()
END = date(2026, 7, 10)


# Pure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "day", "ends_on", "in_handover", "expected"),
    [
        (What.HANDBOOK, date(2026, 1, 12), END, False, date(2026, 2, 9)),  # 28 days after the first day
        (What.HANDBOOK, date(2026, 1, 12), date(2026, 1, 30), False, date(2026, 1, 30)),  # not after a shorter term
        (What.ACCEPTANCE, date(2026, 3, 10), END, False, TODAY),
        (What.MILESTONE, TODAY, END, False, TODAY),
        (What.VIEWS, END, END, True, date(2026, 6, 26)),
        (What.VIEWS, END, END, False, date(2026, 7, 11)),
        (What.CLOSE, END, END, True, date(2026, 7, 11)),
        (What.NO_CLOSING, END, END, False, date(2026, 6, 26)),
    ],
)
def test_each_thing_is_due_on_its_day(what, day, ends_on, in_handover, expected):
    assert mandate_rows.due_on(what, day, NUMBERS, ends_on=ends_on, is_in_handover=in_handover) == expected


ASKED = Item(What.REPORT, Urgency.SOON, date(2026, 3, 2), date(2026, 3, 2), ("mandate", 1), owner_id=1)


@pytest.mark.parametrize(("today", "is_missing"), [(date(2026, 3, 9), False), (date(2026, 3, 10), True)])
def test_a_report_is_missing_once_five_working_days_are_over(today, is_missing):
    item = rules.of_report(ASKED, Office(today, "DE-HH", "Europe/Berlin"), NUMBERS)

    assert (item is not None and item.urgency is Urgency.LATE) is is_missing


# From the tables -----------------------------------------------------------------------------------------------


def found(user, clock) -> list[tuple[What, Urgency]]:
    return [(item.what, item.urgency) for item in items_for(user, clock.now()) if item.what in rules.OF_MANDATE]


def version(mandate, number: int, **given) -> None:
    save(
        HandbookVersion(
            mandate_id=mandate.id, number=number, content={}, made_at=LONG_AGO, **{"presented_on": date(2026, 2, 2), **given}
        )
    )


def accepted(mandate, number: int = 1) -> None:
    version(mandate, number, accepted_on=date(2026, 2, 5), accepted_how="mail")


@pytest.mark.sql
def test_the_handbook_is_asked_for_until_it_is_accepted(app, clock):
    none, waits, fine, young = (make_user() for _ in range(4))
    make_mandate(owner=none)
    version(make_mandate(owner=waits), 1, presented_on=date(2026, 1, 20))  # of both the one that was due first
    accepted(make_mandate(owner=fine))
    make_mandate(owner=young, starts_on=date(2026, 3, 2))

    assert found(none, clock) == [(What.HANDBOOK, Urgency.LATE)]
    assert found(waits, clock) == [(What.ACCEPTANCE, Urgency.LATE)]
    assert found(fine, clock) == found(young, clock) == []


@pytest.mark.sql
def test_the_course_of_a_mandate_tells_what_is_due(app, clock):
    user = make_user()
    mandate = make_mandate(owner=user, stage=3)
    accepted(mandate)
    version(mandate, 2, presented_on=date(2026, 3, 10))
    for on, state in ((TODAY, "planned"), (date(2026, 3, 2), "planned"), (TODAY, "dropped"), (date(2026, 4, 1), "planned")):
        save(Milestone(mandate_id=mandate.id, title="Line 2 runs", due_on=on, state=state))
    for done_on, reason in ((None, None), (TODAY, None), (None, "Nobody wants it")):
        save(
            HandoverItem(
                mandate_id=mandate.id, kind="access", text="Key", due_on=date(2026, 3, 20), done_on=done_on, waived_reason=reason
            )
        )
    for month, sent in ((date(2026, 2, 1), None), (date(2026, 1, 1), LONG_AGO)):
        asked_at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        save(ManagerReport(mandate_id=mandate.id, manager_id=mandate.manager_id, month=month, asked_at=asked_at, sent_in_at=sent))
    check = {"mandate_id": mandate.id, "manager_id": mandate.manager_id, "regime": "de", "occasion": "quarter"}
    save(StatusCheck(**check, due_on=date(2026, 3, 16)))
    save(StatusCheck(**check, due_on=date(2026, 1, 16), done_on=date(2026, 1, 16)))

    assert sorted(found(user, clock)) == [
        (What.ACCEPTANCE, Urgency.TODAY), (What.HANDOVER, Urgency.SOON), (What.MILESTONE, Urgency.LATE),
        (What.MILESTONE, Urgency.TODAY), (What.REPORT, Urgency.LATE), (What.STATUS_CHECK, Urgency.LATE),
    ]  # fmt: skip


@pytest.mark.sql
def test_the_end_asks_for_views_and_for_the_close(app, clock):
    over, judged, ahead, done, long_over = (make_user() for _ in range(5))
    make_mandate(owner=over, stage=3, ends_on=date(2026, 3, 13))
    mandate = make_mandate(owner=judged, stage=4, ends_on=date(2026, 3, 25))
    goal = save(MandateGoal(mandate_id=mandate.id, position=1, title="Delivery on time"))
    for side in ("client", "manager", "provider"):
        save(
            GoalView(mandate_id=mandate.id, goal_id=goal.id, side=side, percent=80, given_on=TODAY, given_by="Somebody")
        )  # fmt: skip
    make_mandate(owner=ahead, stage=4, ends_on=date(2026, 4, 3))
    make_mandate(owner=done, stage=4, ends_on=date(2026, 3, 13), closed_on=date(2026, 3, 16))
    make_mandate(owner=done, lost_on=date(2026, 3, 13), lost_reason="No need")
    make_mandate(owner=done, signed=False)
    make_mandate(owner=long_over, stage=4, starts_on=date(2025, 1, 6), ends_on=date(2025, 7, 31))

    assert sorted(found(over, clock)) == [(What.CLOSE, Urgency.LATE), (What.VIEWS, Urgency.LATE)]
    assert found(judged, clock) == found(done, clock) == []
    assert found(ahead, clock) == [(What.VIEWS, Urgency.SOON)]  # due with the closing talk, on 20 March
    assert found(long_over, clock) == [(What.CLOSE, Urgency.LATE)]


@pytest.mark.sql
def test_a_closing_talk_called_off_asks_for_the_reason_unless_one_is_open(app, clock):
    user = make_user()
    term = {"owner": user, "stage": 3, "ends_on": date(2026, 3, 31)}
    for reason, states in ((None, ("cancelled",)), ("Client left", ("cancelled",)), (None, ("cancelled", "due"))):
        mandate = make_mandate(**term, no_closing_reason=reason)
        for state in states:
            note = "No time" if state == "cancelled" else None
            make_talk("closing", mandate=mandate, contact=mandate.contact, owner=user, state=state, note=note, due_on=TODAY)

    assert found(user, clock) == [(What.NO_CLOSING, Urgency.TODAY)]


@pytest.mark.sql
def test_the_deputy_hears_of_it_and_the_lead_of_talks_alone(app, clock):
    team = make_team("North")
    lead, away, deputy = make_user("lead", team=team), make_user(team=team), make_user(team=team)
    save(Absence(user_id=away.id, deputy_id=deputy.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    mandate = make_mandate(owner=away)
    make_talk("quality", mandate=mandate, contact=mandate.contact, owner=away, due_on=date(2026, 3, 2))

    (item,) = (item for item in items_for(deputy, clock.now()) if item.what is What.HANDBOOK)
    assert item.for_colleague
    assert [item.what for item in escalated_to(lead, clock.now())] == [What.ARRANGE]


def test_the_digest_says_it_in_german_and_leads_to_the_plan(app, clock):
    user = make_user(language="de")
    mandate = make_mandate(owner=user, stage=3, client=make_client(name="Lindwerk Kliniken GmbH"))
    save(Milestone(mandate_id=mandate.id, title="Linie 2 läuft mit 100 %", due_on=TODAY))
    save(
        ManagerReport(
            mandate_id=mandate.id, manager_id=mandate.manager_id, month=date(2026, 2, 1), asked_at=datetime(2026, 3, 2, 8, tzinfo=UTC)
        )
    )  # fmt: skip

    send_digests(clock.now())

    text = " ".join(letters("reminders.digest")[0].text.split())
    assert "Meilenstein: Linie 2 läuft mit 100 %" in text and f"/mandates/{mandate.id}/plan" in text
    assert "für Februar 2026 fehlt" in text and "Lindwerk Kliniken GmbH, Interim-Werkleitung" in text


def test_many_mandates_ask_no_more_statements(app, clock):
    user = make_user()

    def asked() -> int:
        office_of(user, clock.now())  # reads the colleague again
        with counted(app) as statements:
            items_for(user, clock.now())
        return len(statements)

    mandate = make_mandate(owner=user, stage=3)
    few = asked()
    with unit_of_work():
        db.session.add_all(Milestone(mandate_id=mandate.id, title="Step", due_on=TODAY, state="planned") for _ in range(20))
    assert asked() == few


def test_a_milestone_ahead_stands_on_today_and_not_in_the_mail(clock):
    ahead = replace(ASKED, what=What.MILESTONE, on=date(2026, 3, 20))
    here = Office(TODAY, "DE-HH", "Europe/Berlin")
    item = rules.of_step(ahead, here)

    assert item is not None and not rules.in_digest(item, here)
