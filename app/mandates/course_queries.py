"""All small things of one mandate in one statement: plan, handbook, talks, gates, managers, reports, checks, changes of its end.

For its page and for its gates. Rows have the names of their columns, as the records of the ORM would; nothing of them is
ever written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app.clients.models import Contact
from app.core.names import full_name
from app.db.rows import Answer, Together, as_record
from app.managers.models import Manager
from app.mandates.candidate_models import Candidate, ManagerSpell
from app.mandates.course_models import GoalView, HandoverItem, ManagerReport, PhasingMonth, StatusCheck
from app.mandates.models import Extension, Mandate, MandateColleague, RateChange
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, MandateGoal, Milestone, StageChange
from app.talks.models import Talk

_NUMBER: sa.BindParameter[int] = sa.bindparam("mandate_id", type_=sa.Integer)


class Goal(NamedTuple):
    """A listed goal with the views of it that were given, by side."""

    id: int
    title: str
    measure: str | None
    views: dict[str, Any]


class Person(NamedTuple):
    name: str


class TalkRow(NamedTuple):
    """A talk as lists and drawings show it; `contact` and `manager` are those of the talk itself."""

    id: int
    kind: str
    side: str
    state: str
    due_on: date | None
    sort_on: date
    appointment_at: Any
    appointment_zone: str | None
    minutes: int | None
    channel: str | None
    was_closing: bool
    cancelled_by_change: bool
    decline_reason: str | None
    owner_must_decide: str | None
    held_at: Any
    contact: Person | None
    manager: Person | None


_OF_TALK = tuple(name for name in TalkRow._fields if name not in ("contact", "manager"))


class Counts(NamedTuple):
    """`reported_on`: first day of the newest month that was reported; `reports_missing` were asked for and have not come."""

    items: int
    open_items: int
    undated_items: int
    phasing_months: int
    reported_on: date | None
    reports_missing: int


NOTHING = Counts(0, 0, 0, 0, None, 0)


class Course:
    """What hangs on one mandate; alike where the database gave the same."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def _sorted(self, part: str, *names: str, newest: bool = False) -> Sequence[Any]:
        rows = self.answer.part(part)
        return sorted(rows, key=lambda row: tuple(getattr(row, name) for name in (*names, "id")), reverse=newest)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """In their order."""
        goals = {row.id: Goal(row.id, row.title, row.measure, {}) for row in self._sorted("goal", "position")}
        for view in self.answer.part("view"):
            goals[view.goal_id].views[view.side] = view
        return tuple(goals.values())

    @cached_property
    def milestones(self) -> Sequence[Any]:
        """By their day, those dropped too."""
        return self._sorted("milestone", "due_on")

    @cached_property
    def moments(self) -> Sequence[Any]:
        """Evaluation moments by their day."""
        return self._sorted("moment", "planned_on")

    @cached_property
    def versions(self) -> Sequence[Any]:
        """Of the handbook, newest first."""
        return self._sorted("version", "number", newest=True)

    @cached_property
    def talks(self) -> Sequence[Any]:
        """TalkRows by their day."""
        return [_talk(row) for row in self._sorted("talk", "sort_on")]

    @cached_property
    def spells(self) -> Sequence[Any]:
        """Who was on it, newest first; with the parts of the manager's name."""
        return self._sorted("spell", "starts_on", newest=True)

    @cached_property
    def candidates(self) -> Sequence[Any]:
        """The short list in the order of proposing; empty once the contract is signed or the mandate lost."""
        return self._sorted("candidate")

    @cached_property
    def overrides(self) -> Sequence[Any]:
        """The gates that a lead let pass although something was missing, oldest first."""
        return self._sorted("override")

    @cached_property
    def checks(self) -> Sequence[Any]:
        """Status checks by their day."""
        return self._sorted("check", "due_on")

    @cached_property
    def colleague_ids(self) -> list[int]:
        return [row.user_id for row in self.answer.part("colleague")]

    def belongs_to(self, mandate: Mandate) -> None:
        """Let the mandate have its changes and its team without asking for them again."""
        for name, model, rows in (
            ("extensions", Extension, self._sorted("extension")),
            ("rate_changes", RateChange, self._sorted("rate")),
            ("colleagues", MandateColleague, self.answer.part("colleague")),
        ):
            set_committed_value(mandate, name, [as_record(model, row) for row in rows])

    @cached_property
    def counts(self) -> Counts:
        return Counts(*self.answer.part("counts")[0])


def course_of(mandate_id: int) -> Course:
    """Return what hangs on the mandate; one statement."""
    return Course(_together().ask({"mandate_id": mandate_id}))


def name_of(row: Any) -> str:
    """Return the name of a row's manager."""
    return full_name(row.person_title, row.person_first_name, row.person_particle, row.person_last_name)


def _talk(row: Any) -> TalkRow:
    own = len(_OF_TALK)
    contact, manager = row[own : own + 4], row[own + 4 :]
    return TalkRow(*row[:own], *[Person(full_name(*names)) if names[-1] else None for names in (contact, manager)])


def _name(person: Any, label: str = "person") -> list[Any]:
    parts = ("title", "first_name", "particle", "last_name")
    return [getattr(person, part).label(f"{label}_{part}") for part in parts]


def _of(model: Any, *left_out: str) -> sa.Select[*tuple[Any, ...]]:
    """Return all columns of the model's rows of the mandate but those left out."""
    columns = [column for column in model.__table__.c if column.key not in left_out]
    return sa.select(*columns).where(model.mandate_id == _NUMBER)


@cache
def _together() -> Together:
    written = ("created_by_id", "recorded_by_id", "link_id", "made_by_id")  # of no use to whoever reads
    scoped = (Mandate.signed_on.is_(None), Mandate.lost_on.is_(None))
    return Together(
        counts=_counts(),
        goal=_of(MandateGoal, *written),
        view=_of(GoalView, *written),
        milestone=_of(Milestone, *written),
        moment=_of(EvaluationMoment),
        version=_of(HandbookVersion, *written),
        talk=sa.select(*[getattr(Talk, name) for name in _OF_TALK], *_name(Contact, "contact"), *_name(Manager, "manager"))
        .outerjoin(Contact, Contact.id == Talk.contact_id)
        .outerjoin(Manager, Manager.id == Talk.manager_id)
        .where(Talk.mandate_id == _NUMBER),
        spell=_of(ManagerSpell).add_columns(*_name(Manager)).join(Manager, Manager.id == ManagerSpell.manager_id),
        candidate=sa.select(Candidate.id, Candidate.manager_id, Candidate.state, *_name(Manager))
        .join(Manager, Manager.id == Candidate.manager_id)
        .join(Mandate, Mandate.id == Candidate.mandate_id)
        .where(Candidate.mandate_id == _NUMBER, *scoped),
        override=_of(StageChange).where(StageChange.override_reason.is_not(None)),
        check=_of(StatusCheck, *written),
        extension=_of(Extension),
        rate=_of(RateChange),
        colleague=_of(MandateColleague),
    )


def _counts() -> sa.Select[*tuple[Any, ...]]:
    """Return what pages say in numbers alone, one row."""
    item, report, month = HandoverItem, ManagerReport, PhasingMonth
    open_ones = (item.done_on.is_(None), item.waived_reason.is_(None))

    def of(table: Any, value: Any, *wanted: Any) -> Any:
        return sa.select(value).where(table.mandate_id == _NUMBER, *wanted).scalar_subquery()

    missing = (report.asked_at.is_not(None), report.sent_in_at.is_(None))
    return sa.select(
        of(item, sa.func.count(item.id)).label("items"),
        of(item, sa.func.count(item.id), *open_ones).label("open_items"),
        of(item, sa.func.count(item.id), *open_ones, item.due_on.is_(None)).label("undated_items"),
        of(month, sa.func.count(month.month)).label("phasing_months"),
        of(report, sa.func.max(report.month), report.sent_in_at.is_not(None)).label("reported_on"),
        of(report, sa.func.count(report.id), *missing).label("reports_missing"),
    )
