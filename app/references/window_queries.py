"""When to ask for a written reference, read from mandates, their talks, extensions and the ledger: one statement.

The mandate's page reads one mandate, Today those of colleagues whose window may be open.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased

from app.clients.models import Client, Contact
from app.core.dates import add_days, add_months, local_day
from app.core.names import full_name
from app.db import db
from app.ledger.guard_rules import Asked, Decision, Numbers, Wishes, decide
from app.ledger.models import Ask, ContactWish
from app.ledger.queries import LOOKS_BACK_MONTHS
from app.ledger.rules import Reply
from app.managers.models import Manager
from app.mandates.candidate_models import ManagerSpell
from app.mandates.models import Extension, Mandate
from app.references.models import WrittenReference
from app.references.window_rules import LEAST_RATING, SIGNING_DAYS, Term, view
from app.references.written_rules import (
    THANKED_FROM,
    Newest,
    State,
    Suggestion,
    has_conflict,
    suggestion,
    thanked_since,
)
from app.settings.queries import firm
from app.talks.models import Talk

_KEPT, MOST_KEPT = "lotse.reference_windows", 1_000
MOST = 2_000  # mandates looked at for one reader
_ANSWERED = (State.SENT, State.RELEASED, State.REVOKED)


@dataclass(frozen=True)
class Case:
    """A mandate with how the window stands; `reference_…` are of its newest written reference about the manager on it.

    `has_givers`: others rated the manager well or released a reference; read for one mandate only.
    """

    mandate_id: int
    owner_id: int
    mandate: str
    client: str
    manager_id: int
    manager: str
    contact_id: int | None
    contact: str
    term: Term
    suggestion: Suggestion
    decision: Decision | None
    last_asked_on: date | None
    reference_id: int | None
    reference_state: str | None
    reference_scope: str | None
    reference_on: date | None
    has_givers: bool

    @property
    def occurrence(self) -> str:
        """What a suggestion is told once for: this manager, since the contract or the newest extension."""
        return f"{self.manager_id} {self.term.signed_on or self.term.starts_on}"


def case_of(mandate_id: int, today: date) -> Case | None:
    """Return how the window of a signed mandate with a manager stands; None for others. One statement."""
    return next(iter(_cases(_of_one(), {"number": mandate_id}, today)), None)


def case_for_page(mandate_id: int, today: date, seen: Any) -> Case | None:
    """Return the case as `case_of` does, read anew whenever `seen`, what the page shows anyhow, has changed.

    Else it is read again after WINDOW_SECONDS of the application's settings: what lags meanwhile is a request to the
    same contact on another mandate; every page that acts reads it anew.
    """
    kept: dict[int, tuple[float, date, Any, Case | None]] = current_app.extensions.setdefault(_KEPT, {})
    found, seconds = kept.get(mandate_id), current_app.config["WINDOW_SECONDS"]
    if found is not None and found[1:3] == (today, seen) and time.monotonic() - found[0] < seconds:
        return found[3]
    if len(kept) >= MOST_KEPT:
        kept.clear()
    case = case_of(mandate_id, today)
    kept[mandate_id] = (time.monotonic(), today, seen, case)
    return case


def open_cases(owner_ids: Collection[int], today: date) -> list[Case]:
    """Return the running mandates of these colleagues for which Lotse proposes to ask today; one statement."""
    if not owner_ids:
        return []
    rests = {"rests_since": add_days(today, -firm().ask_rest_days), "signed_since": add_days(today, 1 - SIGNING_DAYS)}
    found = _cases(_of_owners(), {"owner_ids": list(owner_ids), **rests}, today)
    return [case for case in found if case.suggestion.is_made]


def _cases(select: Any, given: dict[str, Any], today: date) -> list[Case]:
    values = {"since": add_months(today, -LOOKS_BACK_MONTHS), "today": today, "thanked_since": thanked_since(today), **given}
    numbers = Numbers.of(firm())
    return [_case(row, today, numbers) for row in db.session.connection().execute(select, values)]


def _case(row: Any, today: date, numbers: Numbers) -> Case:
    term = Term(row.starts_on, row.ends_on, row.rating, row.rated_on, row.extended_on)
    asked = [_asked(line) for line in (row.ledger or "").split()]
    decision = _decision(row, asked, today, numbers)
    changed_on = _local(row.declined_at or row.revoked_at or row.released_at or row.sent_at or row.made_at)
    newest = Newest(row.reference_state, changed_on) if row.reference_id is not None and changed_on is not None else None
    settings = firm()
    return Case(
        mandate_id=row.id,
        owner_id=row.owner_id,
        mandate=row.mandate,
        client=row.client,
        manager_id=row.manager_id,
        manager=full_name(row.m_title, row.m_first, row.m_particle, row.m_last),
        contact_id=row.contact_id,
        contact=full_name(row.c_title, row.c_first, row.c_particle, row.c_last) if row.c_last else "",
        term=term,
        suggestion=suggestion(
            view(term, today, settings.region, settings.free_month_days),
            conflict=has_conflict(row.rating, row.conflict),
            newest=newest,
            signed_on=row.extended_on,
            decision=decision,
        ),
        decision=decision,
        last_asked_on=max((one.asked_on for one in asked), default=None),
        reference_id=row.reference_id,
        reference_state=row.reference_state,
        reference_scope=row.scope,
        reference_on=changed_on,
        has_givers=bool(row.has_givers),
    )


def _decision(row: Any, asked: Sequence[Asked], today: date, numbers: Numbers) -> Decision | None:
    """Return what the guard says of the contact; None for nobody who can be written to."""
    if row.contact_id is None or not row.email or (row.left_on is not None and row.left_on <= today):
        return None
    wishes = Wishes(row.not_before, bool(row.never))
    return decide(today, is_agreed=False, ledger=asked, wishes=wishes, numbers=numbers)


def _asked(line: str) -> Asked:
    """Return a request as `_ledger` writes it: "2026-03-17/agreed/" or "2026-03-17//2026-03-19", the day of a "no"."""
    on, agreed, said_no_on = line.split("/")
    return Asked(date.fromisoformat(on), bool(agreed), date.fromisoformat(said_no_on) if said_no_on else None)


def _local(at: datetime | None) -> date | None:
    return local_day(at, firm().zone) if at is not None else None


@cache
def _of_one() -> Any:
    return _select().add_columns(_has_givers()).where(Mandate.id == sa.bindparam("number", type_=sa.Integer))


@cache
def _of_owners() -> Any:
    """Running mandates whose window may be open: what no rule can let through is left out before it is read."""
    today = sa.bindparam("today", type_=sa.Date)
    may_be_open = sa.or_(_RATED.overall >= LEAST_RATING, _extended_on() >= sa.bindparam("signed_since", type_=sa.Date))
    asked_lately = sa.exists().where(
        Ask.contact_id == Mandate.contact_id, Ask.asked_on > sa.bindparam("rests_since", type_=sa.Date)
    )
    select = _select().add_columns(sa.false().label("has_givers"))
    return (
        select.where(
            Mandate.owner_id.in_(sa.bindparam("owner_ids", expanding=True)),
            Mandate.starts_on <= today,
            Mandate.ends_on >= today,
            Mandate.closed_on.is_(None),
            Mandate.lost_on.is_(None),
            may_be_open,
            sa.or_(WrittenReference.id.is_(None), WrittenReference.state.not_in([one.value for one in _ANSWERED])),
            ~asked_lately,
        )
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(MOST)
    )


_RATED = aliased(Talk)


def _select() -> Any:
    """Return the select of signed mandates with a manager, with the latest rating about him and his newest reference."""
    reference = WrittenReference
    newest = sa.select(sa.func.max(reference.id)).where(
        reference.mandate_id == Mandate.id, reference.manager_id == Mandate.manager_id
    )
    return (
        sa.select(
            Mandate.id, Mandate.owner_id, Mandate.title.label("mandate"), Client.name.label("client"), Mandate.starts_on,
            Mandate.ends_on, Mandate.manager_id, Manager.title.label("m_title"), Manager.first_name.label("m_first"),
            Manager.particle.label("m_particle"), Manager.last_name.label("m_last"), Mandate.contact_id,
            Contact.title.label("c_title"), Contact.first_name.label("c_first"), Contact.particle.label("c_particle"),
            Contact.last_name.label("c_last"), Contact.email, Contact.left_on, ContactWish.not_before, ContactWish.never,
            _RATED.overall.label("rating"), _RATED.sort_on.label("rated_on"), _extended_on().label("extended_on"),
            _declined_for_conflict().label("conflict"), _ledger().label("ledger"), reference.id.label("reference_id"),
            reference.state.label("reference_state"), reference.scope, reference.made_at, reference.sent_at,
            reference.released_at, reference.declined_at, reference.revoked_at,
        )
        .join(Client, Client.id == Mandate.client_id)
        .join(Manager, Manager.id == Mandate.manager_id)
        .outerjoin(Contact, Contact.id == Mandate.contact_id)
        .outerjoin(ContactWish, ContactWish.contact_id == Contact.id)
        .outerjoin(_RATED, _RATED.id == _latest_rated().correlate(Mandate).scalar_subquery())
        .outerjoin(reference, reference.id == newest.correlate(Mandate).scalar_subquery())
        .where(
            Mandate.signed_on.is_not(None), Mandate.starts_on.is_not(None), Mandate.ends_on.is_not(None),
            Manager.state != "erased",
        )
    )  # fmt: skip


def _ledger() -> Any:
    """All requests to the contact of these months in one text, for `_asked`: a row for each would read the rest of it anew."""
    said_no_on = sa.case((Ask.answer == Reply.NO.value, sa.cast(Ask.answered_on, sa.String)), else_="")
    agreed = sa.case((Ask.is_agreed, "agreed"), else_="")
    line = sa.cast(Ask.asked_on, sa.String) + "/" + agreed + "/" + sa.func.coalesce(said_no_on, "")
    lately = (Ask.contact_id == Mandate.contact_id, Ask.asked_on >= sa.bindparam("since", type_=sa.Date))
    return sa.select(sa.func.aggregate_strings(line, " ")).where(*lately).correlate(Mandate).scalar_subquery()


def _since() -> Any:
    """The first day of the manager who is on the mandate: what was said before is about another."""
    taken_over = sa.select(sa.func.max(ManagerSpell.starts_on)).where(
        ManagerSpell.mandate_id == Mandate.id, ManagerSpell.ends_on.is_(None)
    )
    return sa.func.coalesce(taken_over.correlate(Mandate).scalar_subquery(), Mandate.starts_on)


def _latest_rated() -> Any:
    talk = aliased(Talk)
    return (
        sa.select(talk.id)
        .where(
            talk.mandate_id == Mandate.id, talk.kind == "quality", talk.side == "client", talk.state == "held",
            talk.overall.is_not(None), talk.sort_on >= _since(),
        )
        .order_by(talk.sort_on.desc(), talk.id.desc())
        .limit(1)
    )  # fmt: skip


def _extended_on() -> Any:
    newest = sa.select(sa.func.max(Extension.signed_on)).where(
        Extension.mandate_id == Mandate.id,
        Extension.kind == "extension",
        Extension.signed_on <= sa.bindparam("today", type_=sa.Date),
    )
    return newest.correlate(Mandate).scalar_subquery()


def _declined_for_conflict() -> Any:
    talk = aliased(Talk)
    return (
        sa.exists()
        .where(
            talk.mandate_id == Mandate.id, talk.state == "declined", talk.decline_reason == "conflict",
            talk.side != "manager", talk.sort_on >= _since(),
        )
        .correlate(Mandate)
    )  # fmt: skip


def _has_givers() -> Any:
    """Whether somebody else rated the manager of the mandate well, or released a reference, before it was signed."""
    talk, earlier, reference = aliased(Talk), aliased(Mandate), aliased(WrittenReference)
    rated = (
        sa.exists()
        .where(
            talk.mandate_id == earlier.id, earlier.manager_id == Mandate.manager_id, earlier.id != Mandate.id,
            talk.side == "client", talk.overall >= THANKED_FROM, talk.state == "held", talk.contact_id != Mandate.contact_id,
            talk.sort_on >= sa.bindparam("thanked_since", type_=sa.Date),
        )
        .correlate(Mandate)
    )  # fmt: skip
    released = (
        sa.exists()
        .where(
            reference.manager_id == Mandate.manager_id, reference.state == State.RELEASED.value,
            reference.mandate_id != Mandate.id, reference.contact_id != Mandate.contact_id,
        )
        .correlate(Mandate)
    )  # fmt: skip
    return sa.or_(rated, released).label("has_givers")
