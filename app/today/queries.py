"""Beside the list of what is due: silent mandates, records without a next step, the next talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.admission.models import AdmissionCase
from app.clients.models import Client
from app.core.dates import add_days
from app.core.names import full_name
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.talks.models import Talk

_OWNERS: sa.BindParameter[int] = sa.bindparam("owner_ids", expanding=True)
ASIDE = 5  # lines of each short list; the lists behind them hold the rest


@dataclass(frozen=True)
class Silent:
    """A running mandate where nobody has spoken with one side for weeks."""

    mandate_id: int
    title: str
    client: str
    side: str  # client, manager
    weeks: int


def silent_mandates(owner_ids: set[int] | None, today: date, zone: str, weeks: int, most: int = ASIDE) -> list[Silent]:
    """Return running mandates where the client, or the manager, was not spoken with for `weeks` weeks; one statement.

    Counted from the last talk held, else from the start. `owner_ids` None: everybody's.
    """
    given = {"begun_by": add_days(today, -7 * weeks), "today": today, "owner_ids": list(owner_ids or ())}
    found = []
    for row in db.session.connection().execute(_silent_select(owner_ids is not None), given).all():
        for side, last in (("client", row.client_held_at), ("manager", row.manager_held_at)):
            since = max(_local(last, zone) or row.starts_on, row.starts_on)
            silent = (today - since).days // 7
            if silent >= weeks:
                found.append(Silent(row.id, row.title, row.name, side, silent))
    return sorted(found, key=lambda s: (-s.weeks, s.mandate_id))[:most]


@cache
def _silent_select(owned: bool) -> sa.Select[*tuple[Any, ...]]:
    sides = {side: _last_held(side) for side in ("client", "manager")}
    select = (
        sa.select(Mandate.id, Mandate.title, Client.name, Mandate.starts_on, sides["client"], sides["manager"])
        .join(Client, Client.id == Mandate.client_id)
        .where(
            Mandate.starts_on <= sa.bindparam("begun_by", type_=sa.Date),
            Mandate.ends_on >= sa.bindparam("today", type_=sa.Date),
            Mandate.lost_on.is_(None),
            Mandate.closed_on.is_(None),
        )
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(200)
    )
    return select.where(Mandate.owner_id.in_(_OWNERS)) if owned else select


def _last_held(side: str) -> Any:
    return (
        sa.select(sa.func.max(Talk.held_at))
        .where(Talk.mandate_id == Mandate.id, Talk.state == "held", Talk.side.in_((side, "both")))
        .correlate(Mandate)
        .scalar_subquery()
        .label(f"{side}_held_at")
    )


def _local(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None


@dataclass(frozen=True)
class WithoutStep:
    """A live record that nobody has given a next step."""

    path: str
    name: str
    note: str  # the state of a manager, "mandate" for a mandate
    state: str


def without_next_step(owner_ids: set[int] | None) -> list[WithoutStep]:
    """Return live managers and mandates without a next step, those just begun first; one statement."""
    given = {"owner_ids": list(owner_ids or ())}
    rows = db.session.connection().execute(_without_step_select(owner_ids is not None), given).all()
    return [
        WithoutStep(
            f"/{row.place}/{row.id}",
            full_name(row.title, row.first_name, row.particle, row.last_name),
            row.note or "",
            row.state,
        )
        for row in sorted(rows, key=lambda r: r.created_at, reverse=True)
    ][:ASIDE]


@cache
def _without_step_select(owned: bool) -> Any:
    manager = sa.select(
        sa.literal("managers").label("place"), Manager.id, Manager.title, Manager.first_name, Manager.particle,
        Manager.last_name, Manager.headline.label("note"), Manager.state.label("state"), Manager.created_at,
    ).where(
        Manager.next_step_on.is_(None),
        Manager.state.in_(("confirmed", "in_review", "interview", "released")),
        ~sa.exists().where(AdmissionCase.manager_id == Manager.id, AdmissionCase.next_on.is_not(None)),  # that is the step
    )  # fmt: skip
    none = sa.cast(sa.null(), sa.String)
    mandate = (
        sa.select(
            sa.literal("mandates"),
            Mandate.id,
            none,
            none,
            none,
            Client.name,
            Mandate.title,
            sa.literal("mandate"),
            Mandate.created_at,
        )
        .join(Client, Client.id == Mandate.client_id)
        .where(Mandate.next_step_on.is_(None), Mandate.closed_on.is_(None), Mandate.lost_on.is_(None))
    )
    if owned:
        manager = manager.where(Manager.owner_id.in_(_OWNERS))
        mandate = mandate.where(Mandate.owner_id.in_(_OWNERS))
    newest = [
        part.order_by(None).order_by(key.desc()).limit(ASIDE) for part, key in ((manager, Manager.id), (mandate, Mandate.id))
    ]
    return sa.union_all(*[sa.select(part.subquery()) for part in newest])
