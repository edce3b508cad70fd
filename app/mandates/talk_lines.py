"""A mandate's talks as lines of a list: when, what, with whom, how it stands, and the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.mandates.models import Mandate
from app.talks import labels
from app.talks.models import Talk
from app.talks.plan_queries import happens_on
from app.talks.rules import Kind, Side, State, is_overdue, lacks_record
from app.talks.state_rules import Channel
from app.web.formats import clock_time, day, listed
from app.web.icons import icon_name

SOON = timedelta(days=7)
_FLAG, _PHONE = icon_name("flag"), icon_name("telephone")


@dataclass(frozen=True)
class TalkLine:
    """`on` is a day, or the instant of an appointment; `verb` is what the button says."""

    id: int
    on: date | datetime
    icon: str
    title: str
    state: str
    tone: str
    note: str
    verb: str
    url: str
    is_open: bool


def lines_of(mandate: Mandate, talks: Any, today: date) -> list[TalkLine]:
    """Return a line for each talk, in the order given; those that a changed end took out are left out."""
    return [_line(mandate, talk, today) for talk in talks if not talk.cancelled_by_change]


def _line(mandate: Mandate, talk: Talk, today: date) -> TalkLine:
    state, kind = State(talk.state), Kind(talk.kind)
    is_open = state in (State.DUE, State.ARRANGED)
    verb, url = _verb(talk, state, today)
    return TalkLine(
        id=talk.id,
        on=talk.appointment_at if state is State.ARRANGED and talk.appointment_at else talk.sort_on,
        icon=_icon(talk, kind),
        title=title(mandate, talk),
        state=labels.state(state),
        tone=_tone(talk, state, today),
        note=" · ".join(_notes(talk, state, today)),
        verb=verb,
        url=url,
        is_open=is_open,
    )


def _icon(talk: Talk, kind: Kind) -> str:
    if talk.channel:
        return labels.CHANNEL_ICONS[Channel(talk.channel)]
    return _FLAG if kind is Kind.CLOSING else _PHONE


def title(mandate: Mandate, talk: Talk) -> str:
    """Return "Quality talk with Dr. Rüdiger Osterkamp"."""
    names = [person.name for person in _people(mandate, talk) if person is not None]
    if not names:
        return labels.kind(talk.kind)
    return _("%(talk)s with %(name)s", talk=labels.kind(talk.kind), name=listed(names))


def _people(mandate: Mandate, talk: Talk) -> list[Any]:
    if talk.side == Side.BOTH:
        return [talk.contact or mandate.contact, talk.manager or mandate.manager]
    return [talk.contact if talk.side == Side.CLIENT else talk.manager]


def _tone(talk: Talk, state: State, today: date) -> str:
    if state is State.DUE and talk.due_on is not None:
        return "bad" if is_overdue(state, talk.due_on, today) else "warn" if talk.due_on <= today + SOON else ""
    return labels.STATE_TONES[state]


def _notes(talk: Talk, state: State, today: date) -> list[str]:
    notes = []
    if state is State.DUE:
        notes.append(_("no appointment yet"))
    elif state is State.ARRANGED:
        notes += [clock_time(talk.appointment_at), labels.channel(talk.channel), _("%(num)d minutes", num=talk.minutes or 0)]
        if lacks_record(state, happens_on(talk), today):
            notes.append(_("the record is missing"))
    elif state is State.DECLINED and talk.decline_reason:
        notes.append(labels.decline_reason(talk.decline_reason))
    if talk.was_closing:
        notes.append(_("was the closing talk"))
    if talk.owner_must_decide:
        notes.append(labels.owner_must_decide(talk.owner_must_decide))
    if state not in (State.DUE, State.ARRANGED) and talk.due_on is not None and talk.due_on != talk.sort_on:
        notes.append(_("was due on %(day)s", day=day(talk.due_on)))
    return [note for note in notes if note]


def _verb(talk: Talk, state: State, today: date) -> tuple[str, str]:
    """Return the words of the one button, and where it leads."""
    if state is State.DUE:
        return _("Arrange"), f"/talks/{talk.id}/arrangement"
    if lacks_record(state, happens_on(talk), today):
        return _("Log"), f"/talks/{talk.id}/record"
    return _("Open"), f"/talks/{talk.id}"
