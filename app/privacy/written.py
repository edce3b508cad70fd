"""The written references of a manager who is erased: wording, links, letters and what the ledger quotes all go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mail.rules import State as LetterState
from app.privacy.queries import Scope, table
from app.privacy.rules import overwritten
from app.privacy.scrub import NO_LETTER, empty

LETTERS = "references."  # how the purposes of these letters begin


def scrub(scope: Scope, reason: str) -> None:
    """Delete the manager's written references with their links, and empty the letters about them; part of the erasure."""
    reference, link = table("written_reference"), table("personal_link")
    rows = db.session.execute(
        sa.select(reference.c.id, reference.c.mandate_id, reference.c.contact_id, reference.c.link_id).where(
            reference.c.manager_id == scope.manager_id
        )
    ).all()
    ids = {row.id for row in rows}
    letters = _letters(ids, scope.manager_id)
    links = {row.link_id for row in rows if row.link_id} | {number for number in letters.values() if number}
    asks = _asks({(row.mandate_id, row.contact_id) for row in rows})
    _empty_letters(letters, reason)
    _overwrite({"written_reference": ids, "personal_link": links, "ask": asks})
    ask, call = table("ask"), table("outside_call")
    _run(sa.update(ask).where(ask.c.id.in_(asks)).values(said=None, override_reason=None, version=ask.c.version + 1))
    _run(sa.update(call).where(call.c.reference_id.in_(ids)).values(reference_id=None))
    _run(sa.delete(reference).where(reference.c.id.in_(ids)))
    _run(sa.delete(link).where(link.c.id.in_(links)))


def _letters(reference_ids: set[int], manager_id: int) -> dict[int, int | None]:
    """Return the letters about these references, or about the manager to those who spoke well of him, with their links."""
    letter = table("letter").c
    rows = db.session.execute(sa.select(letter.id, letter.link_id, letter.guard_args).where(letter.purpose.startswith(LETTERS)))
    return {
        row.id: row.link_id
        for row in rows
        if row.guard_args.get("reference_id") in reference_ids or row.guard_args.get("manager_id") == manager_id
    }


def _asks(asked: set[tuple[int, int]]) -> set[int]:
    """Return the requests for a reference in these mandates to these contacts."""
    ask = table("ask").c
    mandates = {mandate_id for mandate_id, _contact in asked}
    rows = db.session.execute(
        sa.select(ask.id, ask.mandate_id, ask.contact_id).where(ask.purpose == "reference", ask.mandate_id.in_(mandates))
    )
    return {row.id for row in rows if (row.mandate_id, row.contact_id) in asked}


def _empty_letters(ids: Iterable[int], reason: str) -> None:
    letter, attempt, wanted = table("letter"), table("letter_attempt"), set(ids)
    waits = sa.and_(letter.c.id.in_(wanted), letter.c.state == LetterState.QUEUED)
    _run(sa.update(letter).where(waits).values(state=str(LetterState.CANCELLED), reason=reason))
    empty("letter", wanted, guard_args={}, **NO_LETTER)
    _run(sa.update(attempt).where(attempt.c.letter_id.in_(wanted)).values(reply=""))


def _overwrite(rows_of: dict[str, set[int]]) -> None:
    trail = table("audit_change")
    for name, ids in rows_of.items():
        theirs = sa.and_(trail.c.table_name == name, trail.c.row_id.in_([str(one) for one in ids]))
        for row in db.session.execute(sa.select(trail.c.id, trail.c.old, trail.c.new).where(theirs)).all():
            _run(sa.update(trail).where(trail.c.id == row.id).values(old=overwritten(row.old), new=overwritten(row.new)))


def _run(statement: Any) -> None:
    db.session.execute(statement)
