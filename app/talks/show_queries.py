"""What the pages of one talk say about it: why it is due, its answers, who can take part."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clients.models import Contact
from app.core.names import full_name
from app.db import db
from app.mail.compose import speaking
from app.settings.queries import firm
from app.talks import invitation_letters, labels
from app.talks.actions import participant_key
from app.talks.models import Talk
from app.talks.question_rules import OVERALL, questions
from app.talks.rules import Kind, Side
from app.users.queries import active
from app.web.formats import day


def why_due(talk: Talk) -> str:
    """Return why the talk is due, with the number of the rule, in the reader's language."""
    numbers = firm()
    if not talk.planned or talk.mandate is None:
        return _("A talk outside the plan.")
    if talk.was_closing:
        return _("It was the closing talk until the mandate was extended; the agreed appointment stays as a quality talk.")
    if talk.kind == Kind.QUALITY:
        return _(
            "Quality clause of the contract: the first talk %(after)s, then %(every)s.",
            after=labels.after_days(numbers.first_talk_after_days),
            every=labels.every_days(numbers.talk_every_days),
        )
    if talk.kind == Kind.EXTENSION:
        return ngettext(
            "%(num)d day after an extension is signed we ask why it was extended.",
            "%(num)d days after an extension is signed we ask why it was extended.",
            numbers.extension_talk_after_days,
        )
    if talk.kind == Kind.CLOSING:
        return ngettext(
            "%(num)d day before the mandate ends on %(end)s.",
            "%(num)d days before the mandate ends on %(end)s.",
            numbers.closing_lead_days,
            end=day(talk.mandate.ends_on),
        )
    if talk.kind == Kind.AFTERCARE:
        return ngettext(
            "%(num)d day after the mandate ends on %(end)s.",
            "%(num)d days after the mandate ends on %(end)s.",
            numbers.aftercare_days,
            end=day(talk.mandate.ends_on),
        )
    return _("It belongs to the plan of the mandate.")


def answers_of(talk: Talk) -> list[tuple[str, str]]:
    """Return the questions that were answered with their answers, in the reader's language; the rating first."""
    given: dict[str, Any] = {**talk.answers}
    if talk.overall is not None:
        given[OVERALL] = talk.overall
    asked = [one.key for one in questions(Kind(talk.kind), Side(talk.side))]
    known = [key for key in asked if key in given] + [key for key in given if key not in asked and labels.is_question(key)]
    return [(labels.question(key), labels.answer(key, given[key])) for key in known]


def number_of(person: Any) -> str | None:
    """Return the number to call a contact, manager or referee under; a referee's only where it may be shown."""
    return (person.phone or person.mobile) if person is not None else None


def can_take_part(talk: Talk) -> list[tuple[str, str]]:
    """Return those who can take part beside the two: (key, name), other contacts of the client first."""
    client_id = talk.contact.client_id if talk.contact is not None else None
    found = []
    if client_id is not None:
        rows = db.session.execute(
            sa.select(Contact.id, Contact.title, Contact.first_name, Contact.particle, Contact.last_name)
            .where(Contact.client_id == client_id, Contact.left_on.is_(None), Contact.id != talk.contact_id)
            .order_by(Contact.sort_name, Contact.id)
        )
        found = [(f"contact-{row.id}", full_name(row.title, row.first_name, row.particle, row.last_name)) for row in rows]
    found += [(f"user-{user.id}", user.name) for user in active() if user.id != talk.owner_id]
    # Who takes part already stays on offer, also after leaving the company.
    known = {key for key, _name in found}
    present = {participant_key(one): person.name for one in talk.participants if (person := one.user or one.contact) is not None}
    return found + [(key, name) for key, name in present.items() if key not in known]


def clause_in_letter(talk: Talk) -> str:
    """Return the sentence on the contract's clause as the letter will say it."""
    if talk.person is None:
        return ""
    with speaking(talk.person.language):
        return invitation_letters.cited_clause(talk)
