"""Ending a request for a talk that is not to be answered any more, or that never went out. Nothing commits."""

from __future__ import annotations

from datetime import datetime

from app import links
from app.asking.models import WrittenAnswer
from app.core.errors import N_
from app.db import db
from app.ledger import actions as ledger
from app.ledger.models import Ask
from app.ledger.rules import Reply
from app.links.models import PersonalLink
from app.mail.actions import cancel_unsent
from app.mail.models import Letter
from app.talks.models import Talk
from app.timeline import record

PURPOSE, REMINDER, FORM = "asking.invitation", "asking.reminder", "asking.form"


def never_went(entry: Ask, *, at: datetime) -> None:
    """Take a request that never went out of the ledger, with what was to be asked in its message; its link ends."""
    _end_link(entry, at)
    kept = db.session.get(WrittenAnswer, entry.id)
    if kept is not None:
        db.session.delete(kept)
    ledger.forget(entry)


def give_up(entry: Ask, talk: Talk, reason: str, *, at: datetime) -> None:
    """End a request that nobody answered, because somebody else is asked: its link ends, unsent letters are taken back.

    What has not gone out yet leaves the ledger: this person was never asked. `reason` is a message id (N_).
    """
    unsent = sum(cancel_unsent(reason, about=talk, purpose=one) for one in (PURPOSE, FORM))
    cancel_unsent(reason, about=talk, purpose=REMINDER)
    if unsent and entry.reminded_on is None:
        never_went(entry, at=at)
        return
    _end_link(entry, at)
    ledger.end(entry, at=at)


def kept_back(letter: Letter, at: datetime) -> None:
    """Take a request whose letter was not sent after all out of the ledger; where one went out before, it stands."""
    entry = db.session.get(Ask, letter.guard_args.get("ask_id"))
    is_the_first = entry is not None and entry.link_id == letter.link_id and entry.reminded_on is None
    if entry is None or not is_the_first or entry.answer not in (None, Reply.LAPSED):
        return
    talk, contact = db.session.get(Talk, entry.talk_id) if entry.talk_id else None, entry.contact
    never_went(entry, at=at)
    if talk is not None:
        record("asking.not_sent", talk, at=at, also=[talk.mandate, contact])


def _end_link(entry: Ask, at: datetime) -> None:
    link = db.session.get(PersonalLink, entry.link_id) if entry.link_id else None
    if link is not None:
        links.revoke(link, at=at)


SOMEBODY_ELSE = N_("Somebody else is asked in place of this person.")
