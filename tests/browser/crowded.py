"""A mandate with everything on it, and with the longest words there are: what its pages have to bear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

from app.db import acting_as, db, unit_of_work
from app.links import actions as links
from app.links.models import PersonalLink
from app.mandates import report_letters, status_actions
from app.mandates.candidate_models import Candidate, ManagerSpell
from app.mandates.course_models import GoalView, HandoverItem
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, MandateGoal, Milestone
from app.mandates.report_rules import Month
from app.users.models import User
from tests.browser.house import TUESDAY_MORNING
from tests.factories import make_client, make_contact, make_manager, make_mandate, save, save_all
from tests.office import Office

CLIENT = "Norddeutsche Krankenhausträgergesellschaft und Rehabilitationsverbund mbH & Co. KG"
TASK = "Zwischenzeitliche kaufmännische Geschäftsleitung Donaudampfschifffahrtsgesellschaft"
SENTENCE = "Kreditorenbuchhaltungsworkflow an drei Standorten eingeführt, abgenommen und übergeben; Berichtswesen steht"
TODAY = TUESDAY_MORNING.date()
BEGAN_ON = date(2026, 1, 12)


@dataclass(frozen=True)
class Crowded:
    """Numbers of the mandate in its last stage and of one in scoping, of a line each, and the personal links by purpose."""

    mandate: int
    scoping: int
    milestone: int
    goal: int
    item: int
    candidate: int
    check: int
    manager: int
    links: dict[str, str]


def crowd(_app: Flask, office: Office) -> Crowded:
    """Fill the office; what needs a letter or an action goes through the pages."""
    user = office.user
    assert user is not None
    mandate = _mandate(user)
    scoping = make_mandate(client=make_client(name=CLIENT[::-1]), owner=user, signed=False, title=TASK)
    save(Candidate(mandate_id=scoping.id, manager_id=mandate.manager_id, state="declined", reason=SENTENCE,
                   presented_on=TODAY, interview_on=TODAY, non_circumvention_until=date(2027, 3, 17), added_at=TUESDAY_MORNING))  # fmt: skip
    _plan(mandate)
    save_all(HandoverItem(mandate_id=mandate.id, kind="access", text=SENTENCE, receiver=CLIENT, due_on=day)
             for day in (TODAY - timedelta(days=7), None))  # fmt: skip
    with unit_of_work():
        status_actions.plan_checks(mandate, at=TUESDAY_MORNING)
    base = f"/mandates/{mandate.id}"
    found = {"handbook": _handbook(office, base), "evaluation": _asked(office, f"{base}/evaluation/client/request")}
    month = Month(date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 2))
    with acting_as("scheduler"), unit_of_work():
        report_letters.ask(db.session.get_one(Mandate, mandate.id), mandate.manager, month, at=TUESDAY_MORNING)
    found["report"] = _newest_link()
    mandate = db.session.get_one(Mandate, mandate.id)
    return Crowded(mandate.id, scoping.id, _first(Milestone), _first(MandateGoal), _first(HandoverItem), _first(Candidate),
                   _first(status_actions.StatusCheck), mandate.manager_id or 0, found)  # fmt: skip


def _mandate(user: User) -> Mandate:
    contact = make_contact(
        make_client(name=CLIENT), title="Prof. Dr.", first_name="Wilhelmine", last_name="Freifrau von Schluchtenberg-Hohenstein"
    )
    manager = make_manager(first_name="Karl-Friedrich", last_name="Überschaer-Wiedenbrück", language="de")
    mandate = make_mandate(contact=contact, manager=manager, owner=user, planned=True, stage=4, title=TASK, goal=SENTENCE, exit_plan=SENTENCE,
                           handed_over=f"{SENTENCE}\nSchlüssel", exit_on=date(2026, 3, 6), ends_on=date(2026, 4, 30),
                           successor=CLIENT, reports_to=CLIENT, next_step=SENTENCE, next_step_on=TODAY - timedelta(days=4))  # fmt: skip
    save(ManagerSpell(mandate_id=mandate.id, manager_id=manager.id, starts_on=BEGAN_ON))
    return mandate


def _plan(mandate: Mandate) -> None:
    for position in range(1, 5):
        goal = save(MandateGoal(mandate_id=mandate.id, position=position, title=f"{SENTENCE} {position}", measure=SENTENCE))
        save_all(GoalView(mandate_id=mandate.id, goal_id=goal.id, side=side, percent=share * position // 4, given_on=TODAY, given_by=CLIENT, note=SENTENCE)
                 for side, share in (("client", 55), ("manager", 95), ("provider", 70)))  # fmt: skip
    days = [BEGAN_ON + timedelta(days=2 * number) for number in range(40)]
    save_all(Milestone(mandate_id=mandate.id, title=f"{number}: {SENTENCE}", due_on=day, means=SENTENCE, owner=CLIENT,
                       state="reached" if number < 25 else "planned", reached_on=day if number < 25 else None)
             for number, day in enumerate(days))  # fmt: skip
    save(EvaluationMoment(mandate_id=mandate.id, planned_on=date(2026, 4, 13)))


def _handbook(office: Office, base: str) -> str:
    office.open(f"{base}/handbook").form("/versions").submit()
    office.open(f"{base}/handbook/1/acceptance").fill(accepted_how="meeting").submit()
    db.session.rollback()
    mandate = db.session.get_one(Mandate, int(base.rpartition("/")[2]))
    with unit_of_work():
        for step in db.session.query(Milestone).filter_by(mandate_id=mandate.id, state="planned"):
            step.due_on += timedelta(days=3)
    office.open(f"{base}/handbook").form("/versions").submit()
    return _asked(office, f"{base}/handbook/2/request")


def _asked(office: Office, path: str) -> str:
    assert office.open(path).submit().status == 200
    return _newest_link()


def _newest_link() -> str:
    db.session.rollback()
    link = db.session.query(PersonalLink).order_by(PersonalLink.id.desc()).first()
    assert link is not None
    return "/p/" + links.url_of(link).rpartition("/p/")[2]


def _first(model: type) -> int:
    record = db.session.query(model).order_by(model.id.desc() if model is Milestone else model.id).first()  # type: ignore[attr-defined]
    return int(record.id)
