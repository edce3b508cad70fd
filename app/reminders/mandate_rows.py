"""What live mandates ask of a colleague: handbook, milestones, reports, handover, status checks, evaluation and close.

One statement. Each part begins with the live mandates of the colleagues asked for (signed, neither closed nor lost).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.clients.models import Client
from app.core.dates import ONE_DAY, add_days, local_day
from app.core.names import full_name
from app.managers.models import Manager
from app.mandates.course_models import GoalView, HandoverItem, ManagerReport, StatusCheck
from app.mandates.gate_rules import SIDES
from app.mandates.models import Mandate
from app.mandates.plan_models import PLANNED, HandbookVersion, MandateGoal, Milestone
from app.mandates.rules import Stage
from app.reminders.admission_rows import MOST, OWNERS, UNTIL
from app.reminders.rules import Item, Numbers, Urgency, What
from app.talks.models import Talk

_EMPTY = sa.cast(sa.null(), sa.String)
_NEVER = sa.cast(sa.null(), ManagerReport.asked_at.type)
_STARTED_BY, _PRESENTED_BY, _VIEWED_BY, _VIEWED_SINCE = (
    sa.bindparam(name, type_=sa.Date) for name in ("started_by", "presented_by", "viewed_by", "viewed_since")
)


def given(until: date, numbers: Numbers) -> dict[str, date]:
    """Return the days that `select` asks for, so that everything due by `until` is found."""
    return {
        "started_by": add_days(until, -numbers.handbook_expected_days),
        "presented_by": add_days(until, -numbers.handbook_answer_days),
        "viewed_by": add_days(until, numbers.closing_lead_days),
        "viewed_since": add_days(until, -numbers.aftercare_days),
    }


@cache
def select() -> Any:
    """Return the statement: what, mandate, owner, a day, the thing's own words, and the manager's name where it is about him."""
    arms = [*_handbook(Mandate), *_course(Mandate), *_end(Mandate)]
    return sa.union_all(*[sa.select(arm.limit(MOST).subquery()) for arm in arms])


def _arm(live: Any, what: What, day: Any, *where: Any, words: Any = _EMPTY, asked_at: Any = _NEVER, table: Any = None) -> Any:
    """Return a select of one kind of thing; `table` is joined by its mandate, and the manager by the table's."""
    of_manager = table in (ManagerReport, StatusCheck)
    full = (Manager.first_name, Manager.particle, Manager.last_name, Manager.title)
    names: tuple[Any, ...] = full if of_manager else (_EMPTY,) * len(full)
    columns = [live.id, live.owner_id, live.title.label("mandate"), Client.name.label("client"), live.stage, live.ends_on]
    labelled = [name.label(f"person_{number}") for number, name in enumerate(names)]
    arm = sa.select(
        sa.literal(what.value).label("what"), *columns, day.label("day"), asked_at.label("asked_at"), words.label("words"), *labelled
    )  # fmt: skip
    arm = arm.join(Client, Client.id == live.client_id)
    if table is not None:
        arm = arm.join(table, table.mandate_id == live.id)
    if of_manager:
        arm = arm.join(Manager, Manager.id == table.manager_id)
    live_ones = (live.owner_id.in_(OWNERS), live.closed_on.is_(None), live.lost_on.is_(None), live.signed_on.is_not(None))
    return arm.where(*live_ones, *where).order_by(_unindexed(day), live.id)


def _unindexed(column: Any) -> Any:
    """Return the column so that no index of days is taken: the few live mandates lead to their rows, not the many days."""
    return sa.func.coalesce(column, sa.null(), type_=column.type)


def _handbook(live: Any) -> list[Any]:
    version = HandbookVersion
    accepted = sa.exists().where(version.mandate_id == live.id, version.accepted_on.is_not(None))
    expected = sa.or_(live.starts_on <= _STARTED_BY, live.ends_on <= UNTIL)
    is_open = sa.and_(version.accepted_on.is_(None), version.dropped_on.is_(None))
    return [
        _arm(live, What.HANDBOOK, live.starts_on, live.stage <= Stage.ANALYSIS, expected, ~accepted),
        _arm(
            live, What.ACCEPTANCE, version.presented_on, is_open, version.presented_on <= _PRESENTED_BY,
            words=sa.cast(version.number, sa.String), table=version,
        ),
    ]  # fmt: skip


def _course(live: Any) -> list[Any]:
    item, report, check = HandoverItem, ManagerReport, StatusCheck
    planned = (sa.text(f"{Milestone.__tablename__}.{PLANNED}"), Milestone.due_on <= UNTIL)
    is_open = (item.done_on.is_(None), item.waived_reason.is_(None), item.due_on <= UNTIL)
    asked = (report.asked_at.is_not(None), report.sent_in_at.is_(None), report.month <= UNTIL)
    return [
        _arm(live, What.MILESTONE, Milestone.due_on, *planned, words=Milestone.title, table=Milestone),
        _arm(live, What.HANDOVER, item.due_on, *is_open, words=item.text, table=item),
        _arm(live, What.REPORT, report.month, *asked, asked_at=report.asked_at, table=report),
        _arm(live, What.STATUS_CHECK, check.due_on, check.done_on.is_(None), check.due_on <= UNTIL, table=check),
    ]


def _end(live: Any) -> list[Any]:
    def number_of(table: Any) -> Any:
        return sa.select(sa.func.count()).select_from(table).where(table.mandate_id == live.id).scalar_subquery()

    goals, has_ended = number_of(MandateGoal), live.ends_on < UNTIL
    lacks_views = sa.or_(goals == 0, number_of(GoalView) < goals * len(SIDES))
    in_handover = sa.and_(live.stage == Stage.HANDOVER, live.ends_on <= _VIEWED_BY)

    def closing(*states: str) -> Any:
        return sa.exists().where(
            Talk.mandate_id == live.id, Talk.kind == "closing", Talk.state.in_(states), Talk.cancelled_by_change.is_(False)
        )

    called_off = (closing("cancelled"), ~closing("due", "arranged", "held", "declined"))
    return [
        _arm(live, What.VIEWS, live.ends_on, sa.or_(in_handover, has_ended), live.ends_on >= _VIEWED_SINCE, lacks_views),
        _arm(live, What.CLOSE, live.ends_on, has_ended),
        _arm(live, What.NO_CLOSING, live.ends_on, live.ends_on <= _VIEWED_BY, live.no_closing_reason.is_(None), *called_off),
    ]


def items_of(rows: Iterable[Any], numbers: Numbers, zone: str) -> list[Item]:
    """Return the items of the rows; of two about one handbook the one that was due first."""
    items = [_item(row, numbers, zone) for row in rows]
    first: dict[int, Item] = {}
    for item in items:
        if item.what in _OF_HANDBOOK:
            number = item.about[1]
            first[number] = min(first.get(number, item), item, key=lambda one: one.on)
    return [item for item in items if item.what not in _OF_HANDBOOK or item is first[item.about[1]]]


_OF_HANDBOOK = (What.HANDBOOK, What.ACCEPTANCE)


def _item(row: Any, numbers: Numbers, zone: str) -> Item:
    what = What(row.what)
    on = due_on(what, row.day, numbers, ends_on=row.ends_on, is_in_handover=row.stage == Stage.HANDOVER)
    item = Item(
        what, Urgency.SOON, on, on, ("mandate", row.id), row.owner_id, title=row.mandate, client=row.client,
        words=row.words or "",
    )  # fmt: skip
    if what not in (What.REPORT, What.STATUS_CHECK):
        return item
    first, particle, last, title = row.person_0, row.person_1, row.person_2, row.person_3
    item = replace(item, person=full_name(title, first, particle, last) if last else "")
    if what is What.REPORT:
        asked_on = local_day(row.asked_at, zone)
        return replace(item, on=asked_on, told_on=asked_on, month=row.day)
    return item


def due_on(what: What, day: date, numbers: Numbers, *, ends_on: date, is_in_handover: bool) -> date:
    """Return when a thing is due, by the day that stands on its row.

    The handbook so many days after the first day, at the end at the latest; acceptance so many after it was presented.
    The views of the goals when the closing talk is, in stage 4; what an end asks for, on the day after it.
    """
    if what is What.HANDBOOK:
        return min(add_days(day, numbers.handbook_expected_days), ends_on)
    if what is What.ACCEPTANCE:
        return add_days(day, numbers.handbook_answer_days)
    if what is What.NO_CLOSING or (what is What.VIEWS and is_in_handover):
        return add_days(day, -numbers.closing_lead_days)
    return day + ONE_DAY if what in (What.CLOSE, What.VIEWS) else day
