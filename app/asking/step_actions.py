"""Asking somebody else at the client, where a talk of the contract does not come about. Nothing commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.asking import request_actions
from app.clients.models import Contact
from app.core.dates import local_day, next_working_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.ledger import queries as ledger
from app.settings.queries import firm
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.rules import Kind, Side, State
from app.timeline import record


def open_with(talk: Talk, contact: Contact) -> Talk | None:
    """Return the open talk of the same kind and mandate with somebody else at the client."""
    same = sa.select(Talk).filter_by(kind=talk.kind, mandate_id=talk.mandate_id, contact_id=contact.id, side=Side.CLIENT)
    return db.session.scalar(same.where(Talk.state.in_((State.DUE, State.ARRANGED))).order_by(Talk.id).limit(1))


def ask_other(talk: Talk, contact: Contact, *, actor: Any, at: datetime) -> Talk:
    """Return the talk that this contact is to be asked for: the same one where it is due, a new one where it was declined.

    Raises RuleViolation for somebody of another client, who has left, or the same person.
    """
    today = local_day(at, firm().zone)
    if talk.contact is None or contact.client_id != talk.contact.client_id:
        raise RuleViolation(N_("This contact belongs to another client."))
    if contact.id == talk.contact_id:
        raise RuleViolation(N_("This is the person who was asked already."))
    if contact.left_on is not None and contact.left_on <= today:
        raise RuleViolation(N_("This person is no longer there."))
    was = talk.contact
    if talk.state == State.DUE:
        entry = ledger.open_of_talk(talk.id, was.id)
        if entry is not None and entry.answer is None:
            request_actions.give_up(entry, talk, request_actions.SOMEBODY_ELSE, at=at)
        talk.contact = contact
        found = talk
    else:
        known = open_with(talk, contact)
        if known is not None:
            return known  # a second window, or a colleague a moment ago
        day = next_working_day(today, was.client.region, firm().free_month_days)
        found = talks.new_talk(
            Kind(talk.kind), Side.CLIENT, owner=talk.owner, at=at, contact=contact, mandate=talk.mandate, due_on=day
        )
        found.planned = True  # the contract's talk, with somebody else
    record(
        "asking.other_contact", found, actor=actor, at=at, also=[talk.mandate, contact, was], contact=contact.name, was=was.name
    )
    return found
