"""The talks of a mandate on a time line: the plan on its page, before and after on the preview of a new end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _

from app.mandates.handbook_panel import Step
from app.mandates.models import Mandate
from app.talks.end_rules import Action
from app.talks.models import Talk
from app.talks.plan_queries import TalkChange, happens_on
from app.talks.rules import Kind, Side, State
from app.web.charts import BEFORE_AFTER_SHEET, PLAN_SHEET, PLAN_WITH_STEPS, Arc, Bar, Chart, Dot, Lane, Note, draw
from app.web.formats import day_short, full_date

TERM, CLIENT, MANAGER, STEPS = range(4)
_LANES_OF = {Side.CLIENT: (CLIENT,), Side.MANAGER: (MANAGER,), Side.BOTH: (CLIENT, MANAGER)}
BEFORE, AFTER = range(2)
LONGEST_TITLE = 40  # letters of a milestone that are written at its mark


def plan_of(mandate: Mandate, talks: Sequence[Talk], today: date, steps: Sequence[Step] = ()) -> Chart | None:
    """Return the plan of a mandate with a contract, milestones below the talks; None where there is no term yet."""
    if mandate.starts_on is None or mandate.ends_on is None or mandate.first_end_on is None:
        return None
    shown = [talk for talk in talks if not talk.cancelled_by_change and _day_of(talk) is not None]
    closing = next((t for t in shown if t.kind == Kind.CLOSING and t.state not in (State.DECLINED, State.CANCELLED)), None)
    lanes = [Lane(_("Term"), 50, has_axis=False), Lane(_("Client"), 111), Lane(_("Manager"), 167)]
    if steps:
        lanes.append(Lane(_("Milestones"), 211))
    return draw(
        PLAN_WITH_STEPS if steps else PLAN_SHEET,
        _("The plan of talks on a time line"),
        _finding(mandate, shown, closing, steps),
        lanes,
        _terms(mandate),
        [dot for talk in shown for dot in _dots(talk)],
        _notes(shown, closing) + _next_step(steps),
        [Arc(CLIENT, _day(talk), _day(closing)) for talk in shown if talk.was_closing and closing is not None],
        today,
        [Dot(STEPS, step.on, "is-held" if step.is_reached else "is-late" if step.is_late else "") for step in steps],
    )


def _day_of(talk: Talk) -> date | None:
    return happens_on(talk) or talk.due_on


def _day(talk: Talk) -> date:
    return _day_of(talk) or talk.sort_on


def _style(kind: str, state: str) -> str:
    if state in (State.DECLINED, State.CANCELLED):
        return "is-gone"
    if kind == Kind.CLOSING:
        return "is-close"
    return "is-held" if state == State.HELD else ""


def _dots(talk: Talk) -> Iterable[Dot]:
    return [Dot(lane, _day(talk), _style(talk.kind, talk.state)) for lane in _LANES_OF.get(Side(talk.side), ())]


def _terms(mandate: Mandate) -> list[Bar]:
    """Return the contract's term, then a piece for each extension; what a shorter end cut off is not drawn."""
    assert mandate.starts_on and mandate.first_end_on and mandate.ends_on
    pieces = [(mandate.starts_on, mandate.first_end_on)]
    signed = sorted(mandate.signed_extensions, key=lambda change: (change.signed_on or date.min, change.id))
    for change in signed:
        if change.new_end_on > pieces[-1][1]:
            pieces.append((pieces[-1][1], change.new_end_on))
        else:
            pieces = [(start, min(end, change.new_end_on)) for start, end in pieces if start < change.new_end_on] or pieces[:1]
    bars = [Bar(TERM, *pieces[0], label=_("Contract until %(day)s", day=day_short(pieces[0][1])))]
    bars += [Bar(TERM, *piece, style="is-new", label=_("extended to %(day)s", day=day_short(piece[1]))) for piece in pieces[1:]]
    for change in mandate.open_extensions:
        if change.new_end_on > mandate.ends_on:
            label = _("open: to %(day)s", day=day_short(change.new_end_on))
            bars.append(Bar(TERM, mandate.ends_on, change.new_end_on, style="is-open", label=label))
    return bars


def _notes(talks: Sequence[Talk], closing: Talk | None) -> list[Note]:
    was = next((talk for talk in talks if talk.was_closing), None)
    notes: list[Note] = []
    if closing is not None:
        when = day_short(_day(closing))
        if was is not None:
            when = _("%(now)s instead of %(was)s", now=when, was=day_short(_day(was)))
        notes.append(Note(CLIENT, _day(closing), (_("Closing talk"), when)))
    aftercare = next((t for t in talks if t.kind == Kind.AFTERCARE and t.state != State.CANCELLED), None)
    if aftercare is not None:
        notes.append(Note(CLIENT, _day(aftercare), (_("Aftercare %(day)s", day=day_short(_day(aftercare))),), "end"))
    if was is not None:
        stays = (_("%(day)s stays", day=day_short(_day(was))), _("as a quality talk"))
        notes.append(Note(CLIENT, _day(was), stays, "below"))
    return notes


def _next_step(steps: Sequence[Step]) -> list[Note]:
    """Return the words at the milestone that comes next; a long title leaves its day alone."""
    ahead = next((step for step in steps if not step.is_reached), None)
    if ahead is None:
        return []
    when = day_short(ahead.on)
    return [Note(STEPS, ahead.on, (f"{ahead.title}, {when}" if len(ahead.title) <= LONGEST_TITLE else when,), "under")]


def _finding(mandate: Mandate, talks: Sequence[Talk], closing: Talk | None, steps: Sequence[Step]) -> str:
    term = _(
        "The term runs from %(start)s to %(end)s, with %(num)d talks. All of them are listed below.",
        start=full_date(mandate.starts_on),
        end=full_date(mandate.ends_on),
        num=len(talks),
    )
    if closing is not None:
        term += " " + _("The closing talk: %(day)s.", day=full_date(_day(closing)))
    if steps:
        reached = sum(step.is_reached for step in steps)
        term += " " + _("%(reached)d of %(of)d milestones reached", reached=reached, of=len(steps)) + "."
    return term


def before_and_after(mandate: Mandate, changes: Sequence[TalkChange], new_end: date) -> Chart:
    """Return the talks with the client as they are, and as they would be once the mandate ends on `new_end`."""
    assert mandate.starts_on is not None and mandate.ends_on is not None
    client = [one for one in changes if one.side in (Side.CLIENT, Side.BOTH)]
    dots = []
    for one in client:
        was, now = one.happens_on or one.due_before, one.happens_on or one.due_after
        if one.kind_before is not None and was is not None:
            state = State.DUE if one.action is Action.CANCELLED else one.state
            dots.append(Dot(BEFORE, was, _style(one.kind_before, state)))
        if one.action is not Action.CANCELLED and now is not None:
            dots.append(Dot(AFTER, now, _style(one.kind, one.state)))
    return draw(
        BEFORE_AFTER_SHEET,
        _("Before and after on a time line"),
        _(
            "The end moves from %(was)s to %(now)s; the table below lists every change.",
            was=full_date(mandate.ends_on),
            now=full_date(new_end),
        ),
        (Lane(_("Before"), 44, has_axis=False), Lane(_("After"), 90, has_axis=False)),
        (Bar(BEFORE, mandate.starts_on, mandate.ends_on), Bar(AFTER, mandate.starts_on, new_end)),
        dots,
    )
