"""What follows an erasure, until it is done: files, and the bytes that are left in the database's own files."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
import structlog

from app.core.clock import clock
from app.db import db, unit_of_work
from app.db.files import overwrite_deleted
from app.files.actions import forget_contents
from app.mail.actions import forget
from app.mail.models import Letter
from app.mail.rules import State
from app.privacy import journal
from app.privacy.letters import ERASED
from app.privacy.models import Erasure, FileToDelete
from app.privacy.registry import COLUMNS
from app.privacy.rules import LETTER_KEEPS_ADDRESS, Fate
from app.reminders.rounds import Outcome

log = structlog.get_logger()
TOUCHED = [
    name for name, fates in COLUMNS.items() if {Fate.EMPTIED, Fate.DELETED, Fate.REDACTED, Fate.OVERWRITTEN} & set(fates.values())
]


def finish(at: datetime) -> Outcome:
    """Bring every erasure to its end; safe to run twice, and after a crash at any place."""
    done, away = give_up_addresses(at), 0
    try:
        done += journal.write_out() + delete_files()
    except OSError as problem:  # the place for files is away: what belongs there waits, the rest goes on
        away = 1
        log.warning("files of erasures wait", problem=type(problem).__name__)
    db.session.rollback()
    open_ends = _open_ends()
    db.session.rollback()
    if not open_ends or not overwrite_deleted(TOUCHED):
        return Outcome(done, away + len(open_ends))
    with unit_of_work():
        for number, column in open_ends:
            db.session.execute(sa.update(Erasure).where(Erasure.id == number).values({column: clock().now()}))
    return Outcome(done + len(open_ends), away)


def delete_files() -> int:
    """Delete the contents that erasures left behind; their rows go with them, so a crash in between begins anew."""
    hashes = list(db.session.scalars(sa.select(FileToDelete.sha256)))
    db.session.rollback()
    if not hashes:
        return 0
    with unit_of_work():
        forget_contents(hashes)
        db.session.execute(sa.delete(FileToDelete).where(FileToDelete.sha256.in_(hashes)))
    return len(hashes)


def give_up_addresses(at: datetime) -> int:
    """Empty the notices that could not go within 72 hours, and any that ended otherwise and still hold an address."""
    late = sa.and_(Letter.state == State.QUEUED, Letter.created_at <= at - LETTER_KEEPS_ADDRESS)
    found = sa.select(Letter.id).where(
        Letter.purpose == ERASED, Letter.to_address != "", sa.or_(late, Letter.state != State.QUEUED)
    )
    ids = list(db.session.scalars(found))
    db.session.rollback()
    if ids:
        with unit_of_work():
            for number in ids:
                forget(number)
    return len(ids)


def _open_ends() -> list[tuple[int, str]]:
    """Return what is still to be overwritten: of an erasure its data, and of its letter the address once that is gone."""
    waiting = sa.select(Letter.id).where(Letter.purpose == ERASED, Letter.to_address != "")
    data = db.session.scalars(sa.select(Erasure.id).where(Erasure.overwritten_at.is_(None)))
    address_gone = sa.or_(Erasure.letter_id.is_(None), Erasure.letter_id.not_in(waiting))
    gone = db.session.scalars(sa.select(Erasure.id).where(Erasure.letter_overwritten_at.is_(None), address_gone))
    return [(one, "overwritten_at") for one in data] + [(one, "letter_overwritten_at") for one in gone]
