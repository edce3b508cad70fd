"""Status checks: planned with contract, extension and new manager, answered on a page, compared with the one before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mandates import actions, status_actions, ticks
from app.mandates.candidate_models import ManagerSpell
from app.mandates.course_models import StatusCheck
from app.mandates.end_actions import Proposal
from app.mandates.models import Mandate
from tests.factories import make_client, make_manager, make_mandate, make_user, reload, save
from tests.office import Office

AT = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 17)
DE_KEYS = 11


@pytest.fixture
def mandate(office) -> Mandate:
    found = make_mandate(owner=office.user, stage=2)
    save(ManagerSpell(mandate_id=found.id, manager_id=found.manager_id, starts_on=found.starts_on))
    return plan(found)


def plan(mandate: Mandate) -> Mandate:
    mandate = reload(mandate)
    with unit_of_work():
        status_actions.plan_checks(mandate, at=AT)
    return mandate


def checks() -> list[StatusCheck]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(StatusCheck).order_by(StatusCheck.due_on, StatusCheck.id)))


def days() -> list[tuple[str, date]]:
    return [(check.occasion, check.due_on) for check in checks()]


def answers(page, word: str, **given: str):
    names = {name for name in page.forms[0]["names"] if name.startswith("answer_")}
    return page.fill(**dict.fromkeys(names, word), **given)


@pytest.mark.sql
def test_an_extension_and_a_new_manager_bring_checks_and_planning_twice_none(office, mandate):
    assert days() == [("start", date(2026, 1, 12)), ("quarter", date(2026, 4, 12))]
    new = make_manager(state="released")
    mandate = reload(mandate)
    with unit_of_work():
        actions.extend(mandate, Proposal(date(2026, 12, 31), "More", signed_on=TODAY), actor=office.user, at=AT, today=TODAY)
    with unit_of_work():
        actions.replace_manager(
            mandate, reload(new), first_on=date(2026, 6, 1), reason="Ill", actor=office.user, at=AT, today=TODAY
        )
    for _time in range(2):
        plan(mandate)

    assert days() == [
        ("start", date(2026, 1, 12)),
        ("extension", date(2026, 3, 17)),
        ("quarter", date(2026, 4, 12)),
        ("manager", date(2026, 6, 1)),
        ("quarter", date(2026, 7, 12)),
        ("quarter", date(2026, 10, 12)),
    ]
    assert [check.manager_id == new.id for check in checks()] == [False, False, False, True, True, True]


def test_an_earlier_end_takes_open_checks_along_and_keeps_what_was_answered(office, mandate):
    answers(office.open(f"/mandates/{mandate.id}/status-checks/{checks()[0].id}/answers"), "no").submit()
    mandate = reload(mandate)
    with unit_of_work():
        actions.extend(mandate, Proposal(date(2026, 4, 3), "Sold", signed_on=TODAY), actor=office.user, at=AT, today=TODAY)

    assert [(check.occasion, check.done_on) for check in checks()] == [("start", TODAY)]


@pytest.mark.sql
def test_the_tick_plans_what_has_no_check_and_only_where_there_are_questions(office):
    for region in ("DE-BY", "NL", "AT"):
        make_mandate(owner=office.user, client=make_client(region=region))
    make_mandate(owner=office.user, ends_on=date(2026, 3, 1))

    assert ticks.plan_status_checks(AT).done == 2
    assert ticks.plan_status_checks(AT).done == 0
    assert {check.regime for check in checks()} == {"de", "nl"}


@pytest.mark.sql
def test_answers_are_kept_with_evidence_and_compared_with_the_check_before(office, mandate):
    first, second = checks()
    base = f"/mandates/{mandate.id}/status-checks"
    refused = office.open(f"{base}/{first.id}/answers").fill(answer_de_risk="yes", evidence_de_risk="Liability").submit()
    assert refused.status == 422 and 'value="Liability"' in refused.text

    page = answers(office.open(f"{base}/{first.id}/answers"), "yes", evidence_de_risk="Liability clause").submit()
    assert "Liability clause" in page.text and "no legal verdict" in page.text
    early = office.open(f"{base}/{second.id}/answers")
    assert answers(early, "no").submit().status == 422

    with unit_of_work():
        status_actions.answer(
            checks()[1],
            reload(mandate),
            dict.fromkeys(checks()[0].answers, ("no", "")),
            note=None,
            actor=office.user,
            at=AT,
            today=date(2026, 4, 12),
        )
    page = office.open(f"{base}/{second.id}")
    assert page.text.count(">changed<") == DE_KEYS and "Liability clause" in page.text
    assert "Status checks" in office.open(f"/mandates/{mandate.id}").text
    assert office.open(base).text.count("lo-meter") == 2


def test_a_correction_keeps_the_day_and_the_second_of_two_people_is_told(office, mandate):
    number = checks()[0].id
    path = f"/mandates/{mandate.id}/status-checks/{number}/answers"
    late = office.open(path)
    answers(office.open(path), "no").submit()
    assert answers(late, "yes").submit().status == 409

    answers(office.open(path), "partly").submit()
    kept = checks()[0]
    assert kept.done_on == TODAY and kept.answers["de_risk"]["answer"] == "partly"


def test_who_only_reads_cannot_answer_and_a_check_of_another_mandate_is_none(app, office, mandate):
    number = checks()[0].id
    reader = Office(app, make_user(role="auditor"))
    other = make_mandate(owner=office.user)

    page = reader.open(f"/mandates/{mandate.id}/status-checks")
    assert page.status == 200 and "/answers" not in page.text
    assert reader.open(f"/mandates/{mandate.id}/status-checks/{number}/answers").status == 403
    assert office.open(f"/mandates/{other.id}/status-checks/{number}").status == 404


def test_erased_answers_and_a_closed_mandate_still_read_well(office, mandate):
    number = checks()[0].id
    path = f"/mandates/{mandate.id}/status-checks/{number}"
    answers(office.open(f"{path}/answers"), "unknown").submit()
    assert "too little is known" in office.open(path).text
    db.session.rollback()
    db.session.execute(sa.update(StatusCheck).values(answers={}))
    db.session.execute(sa.update(Mandate).values(closed_on=TODAY))
    db.session.commit()

    page = office.open(path)
    assert "no answers are kept" in page.text and "/answers" not in page.text
    assert answers(office.open(f"{path}/answers"), "no").submit().status == 422


def test_the_mandate_says_whether_the_next_check_is_overdue(office, mandate):
    late, _next = checks()
    page = office.open(f"/mandates/{mandate.id}")
    assert "Overdue check" in page.text and "Next check" not in page.text

    answers(office.open(f"/mandates/{mandate.id}/status-checks/{late.id}/answers"), "no").submit()
    page = office.open(f"/mandates/{mandate.id}")
    assert "Next check" in page.text and "Overdue check" not in page.text
