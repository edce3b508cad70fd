"""Reading referees and their calls for the lists. One statement each, paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.clients.models import Client
from app.core.names import fold, full_name
from app.db import db
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references.call_rules import CONTRADICTION_FROM
from app.references.models import OutsideCall, Referee, WrittenReference
from app.talks.models import Talk
from app.talks.rules import State
from app.web.paging import Page, page_of

VIEWS = ("referees", "calls", "written")
CONSENTS = ("yes", "no", "objected")
CALLS = ("planned", "done")
# As the partial index `ix_talk_of_referee` has it.
OF_REFEREES: Any = Talk.side == sa.literal_column("'referee'")


@dataclass(frozen=True)
class Filters:
    """What the lists are narrowed to; empty texts and None leave a filter off. `consent` and `state`: of one view each."""

    view: str = "referees"
    q: str = ""
    consent: str = ""
    state: str = ""
    manager_id: int | None = None

    @property
    def count(self) -> int:
        """How many are set beside the view."""
        return sum(bool(one) for one in (self.q, self.consent, self.state, self.manager_id))


def find(referee_id: int) -> Referee | None:
    """Return the referee with the manager, or None; one statement."""
    return db.session.scalar(sa.select(Referee).where(Referee.id == referee_id).options(joinedload(Referee.manager)))


def listed(filters: Filters) -> Page[Any]:
    """Return a page of what the view shows, as rows: referees by name, calls and written ones the latest first."""
    if filters.view == "calls":
        return page_of(_calls(filters), [Talk.sort_on, Talk.id], descending=True)
    if filters.view == "written":
        return page_of(_written(filters), [WrittenReference.id], descending=True)
    return page_of(_referees(filters), [Referee.sort_name, Referee.id])


def name_of(row: Any, prefix: str) -> str:
    """Return the name that stands in a row under the labels of `_name`; empty where there is none."""
    title, first, particle, last = (getattr(row, f"{prefix}_{part}") for part in ("title", "first", "particle", "last"))
    return full_name(title, first, particle, last) if last else ""


def _name(person: Any, prefix: str) -> list[Any]:
    return [
        person.title.label(f"{prefix}_title"),
        person.first_name.label(f"{prefix}_first"),
        person.particle.label(f"{prefix}_particle"),
        person.last_name.label(f"{prefix}_last"),
    ]


def _referees(filters: Filters) -> Any:
    may_be_called = Referee.is_callable()
    select: Any = sa.select(
        Referee.id, Referee.sort_name, *_name(Referee, "r"), Referee.company, Referee.job_title, Referee.relation,
        Referee.together_from, Referee.together_until, Referee.consent_on, Referee.objected_on, Referee.told_at,
        sa.case((may_be_called, Referee.number_kept)).label("phone"), Referee.manager_id, *_name(Manager, "m"),
    ).join(Manager, Manager.id == Referee.manager_id)  # fmt: skip
    wanted = {"yes": may_be_called, "no": Referee.consent_on.is_(None), "objected": Referee.objected_on.is_not(None)}
    if filters.consent:
        select = select.where(wanted[filters.consent])
    if filters.manager_id is not None:
        select = select.where(Referee.manager_id == filters.manager_id)
    return select.where(_named(filters.q, Referee)) if fold(filters.q) else select


def _calls(filters: Filters) -> Any:
    select: Any = (
        sa.select(
            Talk.id, Talk.sort_on, Talk.state, Talk.due_on, Talk.appointment_at, Talk.held_at, Talk.overall, Talk.not_reached,
            Talk.owner_id, Talk.referee_id, *_name(Referee, "r"), Referee.company, Referee.relation, Talk.manager_id,
            *_name(Manager, "m"),
        )
        .outerjoin(Referee, Referee.id == Talk.referee_id)
        .outerjoin(Manager, Manager.id == Talk.manager_id)
        .where(OF_REFEREES)
    )  # fmt: skip
    if filters.state == "planned":
        select = select.where(Talk.state.in_((State.DUE, State.ARRANGED)))
    elif filters.state == "done":
        select = select.where(Talk.state == State.HELD)
    if filters.manager_id is not None:
        select = select.where(Talk.manager_id == filters.manager_id)
    return select.where(_named(filters.q, Referee)) if fold(filters.q) else select


def _written(filters: Filters) -> Any:
    apart = sa.func.abs(OutsideCall.rating - WrittenReference.rating) >= CONTRADICTION_FROM
    of_it = sa.exists().where(OutsideCall.reference_id == WrittenReference.id, OutsideCall.judged_on.is_(None), apart)
    select: Any = (
        sa.select(
            WrittenReference.id, WrittenReference.state, WrittenReference.scope, WrittenReference.rating,
            WrittenReference.made_at, WrittenReference.released_at, WrittenReference.mandate_id, Mandate.title.label("mandate"),
            of_it.label("is_contradicted"), Client.id.label("client_id"), Client.name.label("client"), WrittenReference.manager_id, *_name(Manager, "m"),
        )
        .join(Mandate, Mandate.id == WrittenReference.mandate_id)
        .join(Client, Client.id == Mandate.client_id)
        .join(Manager, Manager.id == WrittenReference.manager_id)
    )  # fmt: skip
    if filters.manager_id is not None:
        select = select.where(WrittenReference.manager_id == filters.manager_id)
    words = fold(filters.q)
    if words:
        of_client = Client.sort_name.contains(words, autoescape=True)
        select = select.where(sa.or_(of_client, Manager.folded_name.contains(words, autoescape=True)))
    return select


def _named(q: str, referee: Any) -> sa.ColumnElement[bool]:
    words = fold(q)
    return sa.or_(
        referee.folded_name.contains(words, autoescape=True),
        Manager.folded_name.contains(words, autoescape=True),
    )
