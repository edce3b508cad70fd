"""Putting letters into the outbox, taking unsent ones back, sending one again."""

from __future__ import annotations

import re
import uuid
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.environment import environment
from app.core.errors import N_, RuleViolation
from app.db import audit_bulk, db, hold
from app.mail.models import Letter, LetterAttempt, MailQueue
from app.mail.rules import LINK_PLACE, RESTORED, UNTIL_RESUMED, Priority, State, one_line

_AGAIN = re.compile(r"#again-\d+$")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@\\]+@[^\s<>,;:\"()\[\]@\\]+")


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to; `language` is "de", "nl" or "en"."""

    address: str
    name: str
    language: str


@dataclass(frozen=True)
class Sender:
    """The colleague in whose name it goes, at the firm's address; answers go to `reply_to`."""

    name: str = ""
    reply_to: str = ""


THE_FIRM = Sender()


def queue(
    *,
    key: str,
    to: Recipient,
    subject: str,
    text: str,
    purpose: str,
    at: datetime,
    html: str = "",
    about: Any = None,
    sender: Sender = THE_FIRM,
    attachments: Sequence[dict[str, Any]] = (),
    link_id: int | None = None,
    guard: str | None = None,
    guard_args: dict[str, Any] | None = None,
    priority: Priority = Priority.NORMAL,
    not_before_at: datetime | None = None,
    automatic: bool = True,
    is_new: bool = False,
) -> Letter:
    """Put a letter into the outbox, once per `key`: a key that is there gives the existing letter, unchanged.

    `is_new` says that nobody can have queued this key, so it need not be looked for: where thousands go at once.

    Part of the caller's transaction. The key names rule, subject, version of its due time and recipient, such as
    "talks.invitation/12/3/contact-7". `text` and `html` come from `compose`. Where they hold "[personal link]",
    `link_id` names the link; `guard` is asked just before it goes. Raises RuleViolation for an address that is none.
    """
    kept = None if is_new else db.session.scalar(sa.select(Letter).where(Letter.key == key))
    if kept is not None:
        return kept
    if about is not None and about.id is None:
        db.session.flush()  # a new record gets its number
    letter = Letter(
        key=key,
        message_id=_new_message_id(),
        priority=int(priority),
        **_people(to, sender),
        subject=one_line(subject)[:300],
        text=text,
        html=html,
        attachments=list(attachments),
        automatic=automatic,
        purpose=purpose,
        about_type=None if about is None else type(about).__tablename__,
        about_id=None if about is None else about.id,
        link_id=link_id,
        has_link=LINK_PLACE in text or LINK_PLACE in html,
        guard=guard,
        guard_args=dict(guard_args or {}),
        state=State.QUEUED,
        created_at=at,
        next_attempt_at=max(at, not_before_at) if not_before_at else at,
        failures=0,
        render_failures=0,
    )
    if is_new:
        db.session.add(letter)
        return letter
    return _insert_once(letter)


def cancel_unsent(reason: str, *, prefix: str | None = None, about: Any = None, purpose: str | None = None) -> int:
    """Take back the unsent letters whose key begins with `prefix`, or that are kept with the record `about`.

    `reason` is an English message id (N_). Returns how many. A letter that is on its way at this moment may still go;
    it then shows as sent, because it was.
    """
    if prefix is None and about is None:
        raise ValueError("say which letters: a prefix of their keys, or the record they are about")
    which = [Letter.state == State.QUEUED]
    if prefix is not None:
        which.append(Letter.key.startswith(prefix, autoescape=True))
    if about is not None:
        which += [Letter.about_type == type(about).__tablename__, Letter.about_id == about.id]
    if purpose is not None:
        which.append(Letter.purpose == purpose)
    letters = db.session.scalars(sa.select(Letter).where(*which)).all()
    for letter in letters:
        letter.state, letter.reason = State.CANCELLED, reason
    db.session.flush()
    return len(letters)


def send_again(letter: Letter, *, seen: str, at: datetime) -> Letter:
    """Send a letter once more, as a person asked for who saw it in the state `seen`.

    A failed or cancelled one goes back into the queue with its own Message-ID: nobody has it. One that was sent is
    copied under a new key and Message-ID. Raises RuleViolation for one that still waits, or that changed since it was
    seen: whoever sends a failed letter again in two windows means one letter.
    """
    hold(letter)
    if letter.state != seen:
        raise RuleViolation(N_("This letter changed meanwhile. Please look at it again; here nothing was done."))
    if letter.state == State.QUEUED:
        raise RuleViolation(N_("This letter is still waiting to be sent."))
    if not letter.to_address:
        raise RuleViolation(N_("This letter was emptied; there is nothing left to send."))
    if letter.state == State.SENT:
        return _copy(letter, at)
    letter.state, letter.reason = State.QUEUED, None
    letter.next_attempt_at, letter.first_attempt_at = at, None
    letter.failures = letter.render_failures = 0
    letter.claimed_by = letter.claimed_until = None
    return letter


def forget(letter_id: int) -> None:
    """Empty a letter that has come to its end, address and all; one that still waits is given up. Past the audit trail."""
    letter, attempt = sa.inspect(Letter).local_table, sa.inspect(LetterAttempt).local_table
    one = letter.c.id == letter_id
    db.session.execute(
        sa.update(letter)
        .where(one, letter.c.state == State.QUEUED)
        .values(state=str(State.FAILED), reason=N_("It could not be sent in time."))
    )
    nothing = {"to_address": "", "to_name": "", "subject": "", "text": "", "html": "", "attachments": [], "guard_args": {}}
    db.session.execute(sa.update(letter).where(one).values(**nothing, claimed_by=None, claimed_until=None))
    db.session.execute(sa.update(attempt).where(attempt.c.letter_id == letter_id).values(reply=""))


def end_pause() -> None:
    """Let the queue go on at once, whatever stopped it."""
    db.session.execute(sa.delete(MailQueue).where(MailQueue.fault != RESTORED))
    audit_bulk("mail_queue", {"paused": False})


def calendar_part(text: str, method: str, name: str = "invitation.ics") -> dict[str, Any]:
    """Return a calendar file as `queue` takes it among the attachments; `method` is REQUEST or CANCEL."""
    return {"name": name, "type": "text/calendar", "method": method, "text": text}


def file_part(content: bytes, kind: str, name: str) -> dict[str, Any]:
    """Return a file as `queue` takes it among the attachments; `kind` is its media type."""
    return {"name": name, "type": kind, "base64": b64encode(content).decode()}


def _people(to: Recipient, sender: Sender) -> dict[str, str]:
    return {
        "to_address": _checked(to.address),
        "to_name": one_line(to.name)[:200],
        "language": to.language,
        "from_name": one_line(sender.name)[:200],
        "reply_to": _checked(sender.reply_to) if sender.reply_to else "",
    }


def _insert_once(letter: Letter) -> Letter:
    try:
        with db.session.begin_nested():
            db.session.add(letter)
    except IntegrityError:
        # Somebody else queued the same key a moment ago.
        kept = db.session.scalar(sa.select(Letter).where(Letter.key == letter.key))
        if kept is None:
            raise
        return kept
    return letter


def _copy(letter: Letter, at: datetime) -> Letter:
    base = _AGAIN.sub("", letter.key)
    count = db.session.scalar(sa.select(sa.func.count()).where(Letter.key.startswith(f"{base}#again-", autoescape=True))) or 0
    names = (
        "priority to_address to_name language from_name reply_to subject text html attachments automatic purpose "
        "about_type about_id link_id has_link guard guard_args"
    ).split()
    again = Letter(
        **{name: getattr(letter, name) for name in names},
        key=f"{base}#again-{count + 1}",
        message_id=_new_message_id(),
        state=State.QUEUED,
        created_at=at,
        next_attempt_at=at,
        failures=0,
        render_failures=0,
    )
    db.session.add(again)
    db.session.flush()
    return again


def hold_until_resumed(*, at: datetime) -> None:
    """Have no letter go until `resume`, and free those that a process of then was at: after a backup was restored."""
    db.session.execute(sa.delete(MailQueue))
    db.session.add(MailQueue(id=1, fault=RESTORED, reply="", since=at, paused_until=UNTIL_RESUMED))
    free = sa.update(Letter).where(Letter.claimed_by.is_not(None)).values(claimed_by=None, claimed_until=None)
    db.session.execute(free.execution_options(synchronize_session=False))
    db.session.flush()


def resume(*, at: datetime) -> int:
    """Let letters go on after a restore; return how many wait. Nothing else holds: a mail server that is away is tried anyway."""
    db.session.execute(sa.delete(MailQueue).where(MailQueue.fault == RESTORED))
    audit_bulk("mail_queue", {"resumed": at.isoformat()})
    return db.session.scalar(sa.select(sa.func.count()).select_from(Letter).where(Letter.state == State.QUEUED)) or 0


def _new_message_id() -> str:
    domain = environment().mail_from.rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


def _checked(address: str) -> str:
    """Return the address if it is one that fits a header; how it is to be written, the forms check."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise RuleViolation(N_("This is not a mail address: “%(address)s”."), field="email", address=address[:80])
    return address
