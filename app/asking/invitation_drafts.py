"""What a letter that asks a contact says as proposed: a subject that one opens, and for the form words that ask for no talk."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.compose import speaking
from app.mail.typed import Words
from app.talks import invitation_letters as talk_letters
from app.talks.models import Talk
from app.talks.rules import Kind


def draft(talk: Talk, *, is_form: bool = False) -> Words:
    """Return subject and message as proposed, in the contact's language."""
    person = talk.contact
    assert person is not None
    with speaking(person.language):
        words = talk_letters.draft(talk, person.language)
        return Words(_subject(talk) or words.subject, (_in_writing(talk) if is_form else "") or words.message)


def fitting(talk: Talk, message: str, *, is_form: bool) -> str:
    """Return the message for what is asked now: one that still stands as proposed for the other way gives place."""
    proposed, other = draft(talk, is_form=is_form), draft(talk, is_form=not is_form)
    return proposed.text if message.split() == other.text.split() else message


def _title(talk: Talk) -> str:
    return talk.mandate.title if talk.mandate is not None else ""


def _subject(talk: Talk) -> str:
    title = _title(talk)
    if not title:
        return ""
    match talk.kind:
        case Kind.QUALITY:
            return _("%(mandate)s: how is it going, as you see it?", mandate=title)
        case Kind.EXTENSION:
            return _("%(mandate)s, new term: what should be different?", mandate=title)
        case Kind.CLOSING:
            return _("%(mandate)s: what was reached, and what remains", mandate=title)
        case Kind.AFTERCARE:
            return _("%(mandate)s: what has lasted?", mandate=title)
        case _:
            return ""


def _in_writing(talk: Talk) -> str:
    """Return what the letter with the form asks; empty for a talk without one."""
    title = _title(talk)
    match talk.kind:
        case Kind.QUALITY:
            return _(
                "I would like to know how the mandate “%(mandate)s” is going for you, and what should change in the next four "
                "weeks. You need not make time for a talk.",
                mandate=title,
            )
        case Kind.EXTENSION:
            return _(
                "You have extended the mandate “%(mandate)s”. I would like to know why, and what should be different in the new "
                "term. You need not make time for a talk.",
                mandate=title,
            )
        case Kind.CLOSING:
            return _(
                "The mandate “%(mandate)s” is drawing to its close. I would like to know how it was for you, and what remains to "
                "be done. You need not make time for a talk.",
                mandate=title,
            )
        case _:
            return ""
