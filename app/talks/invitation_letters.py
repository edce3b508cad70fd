"""What invitations, updates and cancellations say, in the recipient's language.

A letter to somebody outside has a first line, what is in it for them (clients' quality, extension and closing talks),
a message that the colleague can edit, the appointment, the clause of the contract, and how to answer.
Source: docs/domain.md, "Talks" (the quality clause) and "Reminders and mails".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.environment import environment
from app.mail.compose import Block, Composed, Facts, compose, speaking
from app.settings.queries import firm
from app.talks import labels
from app.talks.models import Talk
from app.talks.rules import Kind, Side
from app.talks.state_rules import Channel
from app.web.formats import clock_time, day_long, zone_place

Occasion = Literal["invitation", "moved", "quality", "people", "cancelled", "replaced", "held", "declined"]
"""Why a letter goes: first invitation, new time or place, closing talk made a quality talk, changed colleague, called
off, called off for this recipient only, held already at another time, or declined by the person it was with."""

OFF: frozenset[Occasion] = frozenset({"cancelled", "replaced", "held", "declined"})
"""Those that take the entry out of the calendar."""

CITES_CLAUSE = frozenset({Kind.QUALITY, Kind.CLOSING})
WANTS_BENEFIT = frozenset({Kind.QUALITY, Kind.EXTENSION, Kind.CLOSING})
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Draft:
    """The parts of a letter that a person can edit before it goes."""

    subject: str
    benefit: str
    message: str


def wants_benefit(talk: Talk) -> bool:
    """Whether an invitation must say what is in it for the person."""
    return talk.side == Side.CLIENT and talk.kind in WANTS_BENEFIT


def draft(talk: Talk, language: str, occasion: Occasion = "invitation") -> Draft:
    """Return the usual words for a letter to the person outside, in `language`."""
    with speaking(language):
        if occasion == "invitation":
            is_reference = talk.kind == Kind.REFERENCE and talk.manager is not None
            message = _reference_message(talk) if is_reference else _message(talk)
            return Draft(_subject(talk), talk.benefit or benefit(talk), message)
        return Draft(_subject_of(talk, occasion), "", _change_message(talk, occasion))


def benefit(talk: Talk) -> str:
    """Return what a client gains by the talk, as proposed by its kind, in the language being spoken."""
    if not wants_benefit(talk):
        return ""
    return {
        Kind.QUALITY: _("You see early whether the mandate stays on course, and what does not fit is put right at once."),
        Kind.EXTENSION: _(
            "You set up the new term the way you need it: what goes well stays, what does not is changed from its first day."
        ),
        Kind.CLOSING: _("You get the results, and what remains to be done, in writing for your own files."),
    }[Kind(talk.kind)]


def compose_outside(talk: Talk, person: Any, occasion: Occasion, words: Draft) -> Composed:
    """Write the letter to somebody outside the firm."""
    with speaking(person.language):
        blocks: list[Block] = [f"{person.salutation()},"]
        if words.benefit:
            blocks.append(words.benefit)
        blocks += [part.strip() for part in _PARAGRAPH.split(words.message.replace("\r\n", "\n")) if part.strip()]
        blocks.append(Facts(facts(talk, to=person)))
        clause = cited_clause(talk)
        if clause and occasion not in OFF:
            blocks.append(clause)
        if occasion not in OFF:
            blocks.append(_("The calendar file is attached. If another time suits you better, simply answer this mail."))
        blocks.append(_sign_off(talk))
        return compose(person.language, blocks)


def compose_inside(talk: Talk, user: Any, occasion: Occasion) -> Composed:
    """Write the letter to a colleague: the appointment, and where its page is."""
    url = f"{environment().public_url.rstrip('/')}/talks/{talk.id}"
    with speaking(user.language):
        return compose(
            user.language,
            [_inside_sentence(talk, user, occasion), Facts([*facts(talk, for_colleague=True), *_about(talk)])],
            button=(_("Open the talk"), url),
        )


def inside_subject(talk: Talk, language: str, occasion: Occasion) -> str:
    """Return the subject of a colleague's letter: kind, person and, where it changed, what."""
    with speaking(language):
        what = _("%(kind)s with %(person)s", kind=labels.kind(talk.kind), person=people_outside(talk))
        return _prefixed(what, occasion)


def facts(talk: Talk, *, to: Any = None, for_colleague: bool = False) -> list[tuple[str, str]]:
    """Return the appointment as pairs of label and value, in the language being spoken; `to` is not named to itself."""
    rows = [(_("When"), when(talk)), (_("How"), labels.channel(talk.channel))]
    if talk.place:
        rows.append((_WHERE[Channel(talk.channel or Channel.PHONE)](), talk.place))
    if talk.owner is not None and not for_colleague:
        beside = [talk.contact, talk.manager] if talk.side == Side.BOTH and to is not None else []
        rows.append((_("With"), ", ".join([talk.owner.name, *(one.name for one in beside if one not in (None, to))])))
    if for_colleague:
        rows.append((_("With"), people_outside(talk)))
    others = [person.name for one in talk.participants if (person := one.user or one.contact) is not None]
    if others:
        rows.append((_("Also taking part"), ", ".join(others)))
    return rows


_WHERE = {
    Channel.PHONE: lambda: _("We call"),
    Channel.VIDEO: lambda: _("Link"),
    Channel.IN_PERSON: lambda: _("Where"),
}


def when(talk: Talk) -> str:
    """Return "Friday 26 June 2026, 10:30 to 11:30 (Europe/Berlin)" in the zone of the appointment."""
    assert talk.appointment_at is not None
    assert talk.ends_at is not None
    zone = ZoneInfo(talk.appointment_zone or firm().zone)
    starts, ends = talk.appointment_at.astimezone(zone), talk.ends_at.astimezone(zone)
    return _(
        "%(day)s, %(from)s to %(until)s (time of %(zone)s)",
        **{"day": day_long(starts.date()), "from": clock_time(starts.time()), "until": clock_time(ends.time())},
        zone=zone_place(zone.key),
    )


def cited_clause(talk: Talk) -> str:
    """Return the sentence that cites the contract's quality clause; empty where the talk does not rest on it."""
    mandate = talk.mandate
    if mandate is None or not mandate.has_quality_clause or talk.kind not in CITES_CLAUSE or not talk.planned:
        return ""
    if mandate.clause:
        return _("The talk is part of our contract: “%(clause)s”", clause=mandate.clause)
    numbers = firm()
    return _(
        "The talk is part of our contract: a first quality talk %(after)s, then one %(every)s, with the client and with the "
        "manager, and a closing talk %(before)s.",
        after=labels.after_days(numbers.first_talk_after_days),
        every=labels.every_days(numbers.talk_every_days),
        before=labels.days_before_end(numbers.closing_lead_days),
    )


def people_outside(talk: Talk) -> str:
    """Return the name of the person the talk is with, or of both."""
    people = [talk.contact] if talk.side in (Side.CLIENT, Side.BOTH) else []
    people += [talk.manager] if talk.side in (Side.MANAGER, Side.BOTH) else []
    people += [talk.referee] if talk.side == Side.REFEREE else []
    return ", ".join(person.name for person in people if person is not None)


def summary(talk: Talk, language: str) -> str:
    """Return the title of the calendar entry: kind and mandate."""
    with speaking(language):
        return _subject(talk)


def _subject(talk: Talk) -> str:
    if talk.kind == Kind.REFERENCE and talk.manager is not None:
        return _("%(kind)s on %(manager)s", kind=labels.kind(talk.kind), manager=talk.manager.name)
    if talk.mandate is None:
        return labels.kind(talk.kind)
    return _("%(kind)s: %(mandate)s", kind=labels.kind(talk.kind), mandate=talk.mandate.title)


def _subject_of(talk: Talk, occasion: Occasion) -> str:
    return _prefixed(_subject(talk), occasion)


def _prefixed(what: str, occasion: Occasion) -> str:
    if occasion == "moved":
        return _("New appointment: %(what)s", what=what)
    if occasion in ("quality", "people"):
        return _("Changed: %(what)s", what=what)
    if occasion == "held":
        return _("No longer needed: %(what)s", what=what)
    if occasion in OFF:
        return _("Cancelled: %(what)s", what=what)
    return what


def _message(talk: Talk) -> str:
    title = talk.mandate.title if talk.mandate is not None else ""
    if talk.kind == Kind.QUALITY and talk.side == Side.CLIENT:
        return _(
            "I would like to hear how the mandate “%(mandate)s” is going for you: what works, and what should "
            "change in the next four weeks. Half an hour is enough.",
            mandate=title,
        )
    if talk.kind == Kind.QUALITY:
        return _(
            "I would like to hear how the mandate “%(mandate)s” is going for you: whether authority and means are"
            " as agreed, and what we can do for you. Half an hour is enough.",
            mandate=title,
        )
    if talk.kind == Kind.EXTENSION:
        return _(
            "You have extended the mandate “%(mandate)s”. I would like to hear why, and what should be different "
            "in the new term. Half an hour is enough.",
            mandate=title,
        )
    if talk.kind == Kind.CLOSING:
        return _(
            "The mandate “%(mandate)s” is drawing to its close. I would like to look back with you: which goals "
            "were reached, what remains, and what we should do better next time. An hour is set aside for it.",
            mandate=title,
        )
    if talk.kind == Kind.AFTERCARE:
        return _(
            "Some months ago the mandate “%(mandate)s” ended. I would like to hear how things stand today, and "
            "whether what was built has lasted.",
            mandate=title,
        )
    if talk.kind == Kind.EVALUATION:
        return _(
            "I would like to look at the mandate “%(mandate)s” together with you both, and to put our views side by side.",
            mandate=title,
        )
    if talk.kind == Kind.INTERVIEW:
        return _("I look forward to getting to know you: your experience, what you are looking for, and what you expect of us.")
    return _("I would like to talk with you.")


def _reference_message(talk: Talk) -> str:
    """Ask in the words of solidarity between executives."""
    return "\n\n".join(
        (
            _(
                "%(manager)s has named you as somebody who can judge the work done together, and has agreed to our talking with you.",
                manager=talk.manager.name if talk.manager is not None else "",
            ),
            _(
                "You know yourself what it costs a company to put the wrong person in charge. A frank word from one executive to "
                "another spares the next employer a disappointment, and the person you speak of a task that does not fit. That is "
                "what I would like to ask you for; twenty minutes are enough."
            ),
            _("What you tell us in confidence stays with us; we quote you only where you agree to it."),
        )
    )


def _change_message(talk: Talk, occasion: Occasion) -> str:
    if occasion == "moved":
        return _("Our talk has a new appointment. The attached file moves the entry in your calendar.")
    if occasion == "quality":
        return _(
            "The mandate goes on, which is good news. We keep our appointment and use it as a quality talk; day "
            "and time stay. There will be a closing talk nearer to the new end."
        )
    if occasion == "people":
        return _("Who takes part in our talk has changed; you find everybody below. Day and time stay.")
    if occasion == "replaced":
        return _(
            "Our talk does not take place in this form; you can take it out of your calendar. Thank you for having made the time."
        )
    if occasion == "held":
        return _(
            "We have had our talk already, so this appointment is not needed any more; the attached file takes it out of your "
            "calendar."
        )
    if occasion == "declined":
        return _(
            "Our talk will not take place; the attached file takes the entry out of your calendar. If you would like to talk after "
            "all, simply answer this mail."
        )
    return _(
        "Our talk does not take place at this time. You can take it out of your calendar; the attached file does it for you."
    )


def _inside_sentence(talk: Talk, user: Any, occasion: Occasion) -> str:
    kind = labels.kind(talk.kind)
    if occasion == "moved":
        return _("%(kind)s: there is a new appointment. The attached file moves the entry in your calendar.", kind=kind)
    if occasion == "quality":
        return _(
            "The mandate was extended. The appointment of the closing talk stays as a quality talk, and a new "
            "closing talk is due."
        )
    if occasion == "people":
        return _("%(kind)s: the people have changed; day and time stay.", kind=kind)
    if occasion == "replaced":
        return _("%(kind)s: somebody else takes this talk. The attached file takes the entry out of your calendar.", kind=kind)
    if occasion == "held":
        return _("%(kind)s: the talk was held already. The attached file takes the appointment out of your calendar.", kind=kind)
    if occasion == "declined":
        return _("%(kind)s: the talk was declined. The attached file takes the appointment out of your calendar.", kind=kind)
    if occasion == "cancelled":
        return _(
            "%(kind)s: this appointment does not take place. The attached file takes the entry out of your calendar.", kind=kind
        )
    if user.id == talk.owner_id:
        return _("%(kind)s: the appointment is made, and you hold the talk.", kind=kind)
    return _("%(kind)s: the appointment is made, and you take part.", kind=kind)


def _about(talk: Talk) -> list[tuple[str, str]]:
    return [(_("Mandate"), f"{talk.mandate.number} {talk.mandate.title}")] if talk.mandate is not None else []


def _sign_off(talk: Talk) -> str:
    name = talk.owner.name if talk.owner is not None else ""
    return _("Kind regards") + "\n" + "\n".join(filter(None, (name, firm().name)))
