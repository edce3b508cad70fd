"""What is due for whom, from the live state: the same for Today, the team view and the digest.

A fixed number of statements however many people and things there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clients.models import Client, Contact
from app.core.dates import add_days, local_day
from app.core.names import full_name
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Extension, Mandate
from app.references import window_queries
from app.references.models import Referee
from app.reminders import admission_rows, mandate_rows, rules
from app.reminders.rules import Item, Numbers, Office, Urgency, What
from app.settings.queries import firm
from app.talks.models import Talk
from app.users.models import Absence, User
from app.users.queries import deputy_of

SHOWN = 300  # of each kind and reader; who has more works from the lists


def numbers() -> Numbers:
    """Return the firm's numbers of reminders."""
    now = firm()
    return Numbers(
        now.arrange_before_days,
        now.overdue_owner_working_days,
        now.overdue_lead_working_days,
        now.record_missing_working_days,
        tuple(now.decide_before_end_days),
        now.handbook_expected_days,
        now.handbook_answer_days,
        now.report_missing_working_days,
        now.closing_lead_days,
        now.aftercare_days,
    )


def office_of(user: Any, now: datetime) -> Office:
    """Return where a colleague works: her own zone and region, else the firm's."""
    settings = firm()
    zone = user.zone or settings.zone
    return Office(now.astimezone(ZoneInfo(zone)).date(), user.region or settings.region, zone, settings.free_month_days)


@dataclass(frozen=True)
class Row:
    """An item before its urgency is known, with how to place it."""

    how: str  # due, appointment, odd, step, ending, last_day, report, window
    item: Item


def rows_of(owner_ids: Collection[int], until: date, now: datetime) -> list[Row]:
    """Return what these colleagues have open that concerns them by `until`; six statements."""
    if not owner_ids:
        return []
    return [
        *_talks(owner_ids, until),
        *_steps(owner_ids, until),
        *_endings(owner_ids, until),
        *_mandates(owner_ids, until),
        *_windows(owner_ids, now),
    ]


def place(row: Row, office: Office, numbers: Numbers, now: datetime) -> Item | None:
    """Return the row's item with its urgency for that office, or None where it is not time yet."""
    if row.how == "due":
        return rules.of_due_talk(row.item, office, numbers)
    if row.how == "appointment":
        return rules.of_appointment(row.item, office, numbers, now)
    if row.how == "ending":
        return rules.of_ending(row.item, office, numbers)
    if row.how == "last_day":
        return rules.of_last_day(row.item, office)
    if row.how == "window":
        return row.item
    if row.how == "report":
        return rules.of_report(row.item, office, numbers)
    if row.how == "odd":
        return replace(row.item, urgency=Urgency.TODAY, told_on=office.today)
    return rules.of_step(row.item, office)


def _person(first: str | None, particle: str | None, last: str | None, title: str | None) -> str:
    return full_name(title, first, particle, last) if last else ""


def _given(owner_ids: Collection[int], until: date) -> dict[str, Any]:
    """Return the values for the places of this module's selects, which are built once."""
    most = SHOWN * max(1, min(len(owner_ids), 20))
    return {"owner_ids": list(owner_ids), "until": until, "since": add_days(until, -rules.WEEK - 1), "most": most}


_OWNERS, _UNTIL, _MOST = admission_rows.OWNERS, admission_rows.UNTIL, admission_rows.MOST


def _talks(owner_ids: Collection[int], until: date) -> Iterable[Row]:
    connection, given = db.session.connection(), _given(owner_ids, until)
    open_talks, promises = _talk_selects()
    for row in connection.execute(open_talks, given).all():
        yield _talk_row(row)
    for row in connection.execute(promises, given).all():
        yield Row("step", _talk_item(row, What.PROMISE, row.step_on, owner_id=row.step_owner_id, title=row.step))


@cache
def _talk_selects() -> tuple[sa.Select[*tuple[Any, ...]], sa.Select[*tuple[Any, ...]]]:
    """Return the select of open talks and that of promises not kept yet."""
    of_manager, of_client, of_referee = aliased(Manager), aliased(Client), aliased(Referee)
    promise = sa.and_(
        Talk.step_owner_id.in_(_OWNERS), Talk.step_on <= _UNTIL, Talk.step_done_on.is_(None), Talk.step.is_not(None)
    )
    open_talk = sa.and_(Talk.owner_id.in_(_OWNERS), Talk.state.in_(("due", "arranged")), Talk.sort_on <= _UNTIL)
    columns = (
        Talk.id, Talk.kind, Talk.side, Talk.state, Talk.owner_id, Talk.due_on, Talk.appointment_at, Talk.minutes,
        Talk.channel, Talk.not_reached, Talk.owner_must_decide, Talk.step, Talk.step_on, Talk.step_owner_id,
        Talk.step_done_on, Contact.first_name, Contact.particle, Contact.last_name, Contact.title,
        of_manager.first_name.label("m_first"), of_manager.particle.label("m_particle"),
        of_manager.last_name.label("m_last"), of_manager.title.label("m_title"),
        of_referee.first_name.label("r_first"), of_referee.particle.label("r_particle"),
        of_referee.last_name.label("r_last"), of_referee.title.label("r_title"),
        sa.func.coalesce(of_client.name, of_referee.company).label("client"), Mandate.title.label("mandate"),
    )  # fmt: skip

    def select(where: Any) -> Any:
        return (
            sa.select(*columns)
            .outerjoin(Contact, Contact.id == Talk.contact_id)
            .outerjoin(of_manager, of_manager.id == Talk.manager_id)
            .outerjoin(of_referee, of_referee.id == Talk.referee_id)
            .outerjoin(Mandate, Mandate.id == Talk.mandate_id)
            .outerjoin(of_client, of_client.id == sa.func.coalesce(Mandate.client_id, Contact.client_id))
            .where(where)
            .order_by(Talk.sort_on, Talk.id)
            .limit(_MOST)
        )

    return select(open_talk), select(promise)


def _talk_item(row: Any, what: What, on: date, **given: Any) -> Item:
    contact = _person(row.first_name, row.particle, row.last_name, row.title)
    manager = _person(row.m_first, row.m_particle, row.m_last, row.m_title)
    referee = _person(row.r_first, row.r_particle, row.r_last, row.r_title)
    values: dict[str, Any] = {
        "owner_id": row.owner_id,
        "title": row.mandate or "",
        "person": referee if row.side == "referee" else _with_whom(row.side, contact, manager),
        **given,
    }
    return Item(
        what, Urgency.SOON, on, on, ("talk", row.id), kind=row.kind, channel=row.channel or "", client=row.client or "",
        at=row.appointment_at, minutes=row.minutes, not_reached=row.not_reached, **values,
    )  # fmt: skip


def _with_whom(side: str, contact: str, manager: str) -> str:
    if side == "both":
        return ", ".join(filter(None, (contact, manager)))
    return manager if side == "manager" else contact or manager


def _talk_row(row: Any) -> Row:
    if row.owner_must_decide:
        return Row("odd", _talk_item(row, What.DECIDE_TALK, row.due_on or row.appointment_at.date()))
    if row.state == "due":
        return Row("due", _talk_item(row, What.ARRANGE, row.due_on))
    return Row("appointment", _talk_item(row, What.TALK, row.appointment_at.date()))


@cache
def _step_select() -> Any:
    manager = sa.select(
        sa.literal("manager").label("about"), Manager.id, Manager.owner_id, Manager.next_step, Manager.next_step_on,
        Manager.first_name, Manager.particle, Manager.last_name, Manager.title, sa.literal("").label("client"),
    ).where(Manager.owner_id.in_(_OWNERS), Manager.next_step_on <= _UNTIL, Manager.state.not_in(("out", "withdrawn", "erased")))  # fmt: skip
    empty = [sa.cast(sa.null(), sa.String).label(name) for name in ("first_name", "particle", "last_name", "title")]
    client = sa.select(
        sa.literal("client"), Client.id, Client.owner_id, Client.next_step, Client.next_step_on, *empty, Client.name
    ).where(Client.owner_id.in_(_OWNERS), Client.next_step_on <= _UNTIL)
    mandate = (
        sa.select(
            sa.literal("mandate"), Mandate.id, Mandate.owner_id, Mandate.next_step, Mandate.next_step_on,
            *empty[:3], Mandate.title, Client.name,
        )
        .join(Client, Client.id == Mandate.client_id)
        .where(
            Mandate.owner_id.in_(_OWNERS), Mandate.next_step_on <= _UNTIL,
            Mandate.closed_on.is_(None), Mandate.lost_on.is_(None),
        )
    )  # fmt: skip
    steps = [
        select.order_by(None).order_by(record.next_step_on, record.id).limit(_MOST)
        for select, record in ((manager, Manager), (client, Client), (mandate, Mandate))
    ]
    return sa.union_all(*[sa.select(arm.subquery()) for arm in (*steps, *admission_rows.selects())])


def _steps(owner_ids: Collection[int], until: date) -> Iterable[Row]:
    for row in db.session.connection().execute(_step_select(), _given(owner_ids, until)).all():
        if row.about == admission_rows.ABOUT:
            yield _admission_row(row)
            continue
        if not row.next_step or row.next_step_on is None:
            continue
        person = _person(row.first_name, row.particle, row.last_name, row.title)
        yield Row(
            "step",
            Item(
                What.STEP, Urgency.SOON, row.next_step_on, row.next_step_on, (row.about, row.id), row.owner_id,
                title=row.next_step, person=person, client=row.client or "",
            ),
        )  # fmt: skip


def _admission_row(row: Any) -> Row:
    what = admission_rows.what_of(row.next_step, row.client)
    item = Item(
        what, Urgency.SOON, row.next_step_on, row.next_step_on, (row.about, row.id), row.owner_id,
        person=_person(row.first_name, row.particle, row.last_name, row.title),
    )  # fmt: skip
    return Row("last_day" if what is What.FOLLOW_UP else "step", item)


def _admission(owner_ids: Collection[int], until: date) -> Iterable[Row]:
    rows = db.session.connection().execute(admission_rows.both(), _given(owner_ids, until)).all()
    return [_admission_row(row) for row in rows]


def _endings(owner_ids: Collection[int], until: date) -> Iterable[Row]:
    """Mandates that end within 60 days with no open extension and no closing talk arranged or held."""
    furthest = max(numbers().decide_before_end_days, default=0)
    given = {"owner_ids": list(owner_ids), "earliest": add_days(until, -rules.WEEK - 1), "latest": add_days(until, furthest)}
    for row in db.session.connection().execute(_ending_select(), given).all():
        yield Row(
            "ending",
            Item(What.DECIDE_END, Urgency.TODAY, row.ends_on, row.ends_on, ("mandate", row.id), row.owner_id, title=row.title, client=row.client),
        )  # fmt: skip


@cache
def _ending_select() -> Any:
    closing = sa.exists().where(
        Talk.mandate_id == Mandate.id, Talk.kind == "closing", Talk.state.in_(("arranged", "held", "declined"))
    )
    unsigned = sa.exists().where(Extension.mandate_id == Mandate.id, Extension.signed_on.is_(None))
    return (
        sa.select(Mandate.id, Mandate.owner_id, Mandate.ends_on, Mandate.title, Client.name.label("client"))
        .join(Client, Client.id == Mandate.client_id)
        .where(
            Mandate.owner_id.in_(_OWNERS), Mandate.lost_on.is_(None), Mandate.closed_on.is_(None),
            Mandate.ends_on >= sa.bindparam("earliest", type_=sa.Date), Mandate.ends_on <= sa.bindparam("latest", type_=sa.Date),
            ~closing, ~unsigned,
        )
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(SHOWN)
    )  # fmt: skip


def _mandates(owner_ids: Collection[int], until: date) -> Iterable[Row]:
    """What their live mandates ask for; one statement."""
    settled = numbers()
    given = {**_given(owner_ids, until), **mandate_rows.given(until, settled)}
    rows = db.session.connection().execute(mandate_rows.select(), given).all()
    for item in mandate_rows.items_of(rows, settled, firm().zone):
        yield Row("report" if item.what is What.REPORT else "step", item)


def _windows(owner_ids: Collection[int], now: datetime) -> Iterable[Row]:
    """Their mandates whose client is best asked for a written reference now, by the firm's day; one statement."""
    for case in window_queries.open_cases(owner_ids, local_day(now, firm().zone)):
        seen = case.suggestion.view
        assert seen.opens_on is not None
        assert seen.closes_on is not None
        yield Row(
            "window",
            Item(
                What.REFERENCE, Urgency.SOON, seen.closes_on, seen.opens_on, ("mandate", case.mandate_id), case.owner_id,
                person=case.contact, client=case.client, title=case.mandate, words=seen.window, occurrence=case.occurrence,
            ),
        )  # fmt: skip


def stands_in_for(user_id: int, day: date) -> dict[int, str]:
    """Return the colleagues whose work falls to this one on `day`: number and short name; one statement.

    Where a deputy is away too, the deputy's deputy stands in.
    """
    rows = db.session.execute(
        sa.select(User.id, User.first_name, User.particle, User.last_name, Absence)
        .join(Absence, Absence.user_id == User.id)
        .where(Absence.starts_on <= day, day <= Absence.ends_on)
        .order_by(User.id)
    ).all()
    away = {row.id: row.Absence for row in rows}
    return {row.id: short(row) for row in rows if deputy_of(row.id, day, away) == user_id}


def short(row: Any) -> str:
    """Return “K. Ostendorff” for a row with a person's name parts."""
    return full_name(None, f"{row.first_name[0]}." if row.first_name else None, row.particle, row.last_name)


def items_for(user: Any, now: datetime) -> list[Item]:
    """Return what this colleague has to do, in order, with what falls due for those she stands in for; seven statements."""
    office = office_of(user, now)
    absent = stands_in_for(user.id, office.today)
    return _placed(rows_of({user.id, *absent}, add_days(office.today, rules.WEEK), now), office, now, absent)


def items_of_team(team_id: int | None, reader: Any, now: datetime) -> list[Item]:
    """Return what the members of a team (None: everybody) have to do, each marked with the colleague's name."""
    members = sa.select(User.id, User.first_name, User.particle, User.last_name).where(User.active)
    if team_id is not None:
        members = members.where(User.team_id == team_id)
    names = {row.id: short(row) for row in db.session.execute(members)}
    office = office_of(reader, now)
    return _placed(rows_of(set(names), add_days(office.today, rules.WEEK), now), office, now, names)


def _placed(rows: Sequence[Row], office: Office, now: datetime, names: dict[int, str]) -> list[Item]:
    numbers_now = numbers()
    items = []
    for row in rows:
        item = place(row, office, numbers_now, now)
        if item is not None:
            items.append(replace(item, for_colleague=names.get(item.owner_id, "")))
    return rules.in_order(items)


def escalated_to(user: Any, now: datetime) -> list[Item]:
    """Return what is long overdue of those whose lead this one is: talks, reviews and interviews.

    The lead is that of the owner's team, else every lead. Source: docs/domain.md, "Roles".
    """
    if user.role != "lead":
        return []
    teams_with_lead = sa.select(User.team_id).where(User.role == "lead", User.active)
    led = sa.select(User.id, User.first_name, User.particle, User.last_name).where(
        User.id != user.id, sa.or_(User.team_id == user.team_id, User.team_id.not_in(teams_with_lead))
    )
    names = {row.id: short(row) for row in db.session.execute(led)}
    if not names:
        return []
    office = office_of(user, now)
    yesterday = office.today - timedelta(days=1)
    rows = [row for row in _talks(set(names), yesterday) if row.how == "due"]
    rows += _admission(set(names), yesterday)
    late = [item for item in _placed(rows, office, now, names) if rules.escalates(item, office, numbers())]
    return [replace(item, escalated=True) for item in late]
