"""What a new end would move, before anything is saved: talks, dates that hang on the end, what goes out.

Source: docs/domain.md, "Extensions" ("a preview shows each talk and date that it moves").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.mandates import labels, queries, rules
from app.mandates.drawing import before_and_after
from app.mandates.end_actions import Proposal, check
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.settings.rules import Firm
from app.talks import labels as talk_labels
from app.talks.end_rules import Action
from app.talks.plan_queries import TalkChange, preview_new_end
from app.talks.rules import Kind, Side, State
from app.web.charts import Chart
from app.web.formats import day_medium as day
from app.web.formats import listed
from app.web.icons import icon_name

_ICONS = {
    Action.STAYS: icon_name("exclamation-triangle"),
    Action.MOVES: icon_name("arrow-right"),
    Action.ADDED: icon_name("plus-lg"),
    Action.CANCELLED: icon_name("dash-lg"),
    Action.BECOMES_QUALITY: icon_name("arrow-repeat"),
}


@dataclass
class Row:
    """One line of the table; `before` empty for what is new, `after` for what falls away."""

    icon: str
    what: str
    who: str
    before: list[str]
    after: list[str]
    why: str


@dataclass(frozen=True)
class Preview:
    """Everything that the page shows. `shown` stands for it: what is saved must have the same.

    `exit_stays`: the day of the exit plan lies before the new end, and no extension moves it.
    """

    proposal: Proposal
    kind: rules.EndChange
    signed_on: date
    rows: Sequence[Row]
    stays: Sequence[str]
    goes_out: Sequence[str]
    meanwhile: Sequence[str]
    exit_is_overdue: bool
    exit_stays: bool
    chart: Chart
    shown: str

    @property
    def is_open(self) -> bool:
        return self.proposal.signed_on is None


def preview(mandate: Mandate, proposal: Proposal, today: date) -> Preview:
    """Return what the new end would move; an unsigned one as if it were signed today. Raises RuleViolation as `extend`."""
    checked = check(mandate, proposal, today)
    assert mandate.ends_on is not None and mandate.starts_on is not None
    signed_on = checked.signed_on or max(today, mandate.last_signed_on or today)
    changes = preview_new_end(mandate, checked.new_end_on, signed_on)
    kind = rules.kind_of(mandate.ends_on, checked.new_end_on, checked.is_early_end)
    settings = firm()
    moved = [one for one in changes if one.action is not Action.STAYS or one.asks_owner]
    return Preview(
        proposal=checked,
        kind=kind,
        signed_on=signed_on,
        rows=_talk_rows(mandate, moved, checked.new_end_on, settings) + _date_rows(mandate, checked.new_end_on, settings),
        stays=[_stay(mandate, one) for one in changes if one not in moved],
        goes_out=[_update(mandate, one) for one in changes if one.action is Action.BECOMES_QUALITY],
        meanwhile=_meanwhile(mandate, checked.new_end_on),
        exit_is_overdue=kind is rules.EndChange.EXTENSION and rules.exit_is_overdue(mandate.exit_on, signed_on),
        exit_stays=mandate.exit_on is not None and kind is rules.EndChange.EXTENSION and mandate.exit_on < checked.new_end_on,
        chart=before_and_after(mandate, changes, checked.new_end_on),
        shown=_digest(mandate, checked, changes),
    )


def _digest(mandate: Mandate, proposal: Proposal, changes: Sequence[TalkChange]) -> str:
    told = [
        [one.key, one.kind_before, one.kind, one.side, one.state, one.action, one.reason, one.due_after, one.happens_on]
        for one in changes
    ]
    everything = [mandate.ends_on, mandate.contact_id, mandate.manager_id, vars(proposal) | {"terms": vars(proposal.terms)}, told]
    return hashlib.sha256(json.dumps(everything, default=str, sort_keys=True).encode()).hexdigest()[:32]


def _person(mandate: Mandate, one: TalkChange) -> str:
    if one.talk is not None and one.talk.person is not None:
        return str(one.talk.person.name)
    manager = mandate.manager_on(one.due_after or one.due_before or date.min)
    person: Any = manager if one.side is Side.MANAGER else mandate.contact
    return person.name if person else ""


def _on(state: State, on: date | None) -> str:
    """Return "Thu 23 April, arranged"."""
    words = {
        State.DUE: _("%(day)s, due", day=day(on)),
        State.ARRANGED: _("%(day)s, arranged", day=day(on)),
        State.HELD: _("%(day)s, held", day=day(on)),
        State.DECLINED: _("%(day)s, declined", day=day(on)),
        State.CANCELLED: _("%(day)s, cancelled", day=day(on)),
    }
    return words[state]


def _talk_rows(mandate: Mandate, moved: Sequence[TalkChange], new_end: date, settings: Firm) -> list[Row]:
    became = next((one for one in moved if one.action is Action.BECOMES_QUALITY), None)
    rows: list[Row] = []
    together: dict[tuple[Kind, Side, str], Row] = {}
    for one in moved:
        row = _talk_row(mandate, one, labels.why(one, new_end, settings))
        if one.action is Action.ADDED and one.kind is Kind.CLOSING and became is not None:
            row.icon, row.before = _ICONS[Action.MOVES], [_on(State.ARRANGED, became.happens_on)]
        group = (one.kind, one.side, row.why)
        if one.action is Action.ADDED and group in together:
            together[group].after += row.after
            continue
        if one.action is Action.ADDED:
            together[group] = row
        rows.append(row)
    return rows


def _talk_row(mandate: Mandate, one: TalkChange, why: str) -> Row:
    icon, who, what = _ICONS[one.action], _person(mandate, one), talk_labels.kind(one.kind)
    was = _on(State.ARRANGED, one.happens_on) if one.state is State.ARRANGED else _on(State.DUE, one.due_before)
    if one.action is Action.BECOMES_QUALITY and one.kind_before is not None:
        name = _("Appointment of %(day)s", day=day(one.happens_on))
        if one.asks_owner:
            why = f"{why} {talk_labels.reason(one)}"
        return Row(icon, name, who, [talk_labels.kind(one.kind_before)], [what], why)
    if one.action is Action.STAYS:
        return Row(icon, what, who, [was], [_("please decide")], why)
    if one.action is Action.CANCELLED:
        return Row(icon, what, who, [was], [], why)
    after = [_on(State.DUE, one.due_after)]
    return Row(icon, what, who, [was] if one.action is Action.MOVES else [], after, why)


def _date_rows(mandate: Mandate, new_end: date, settings: Firm) -> list[Row]:
    assert mandate.ends_on is not None
    was, now = (
        rules.end_dates(end, settings.exit_countdown_weeks, settings.decide_before_end_days) for end in (mandate.ends_on, new_end)
    )
    icon = _ICONS[Action.MOVES]
    rows = [
        Row(
            icon,
            _("Exit countdown"),
            "",
            [day(was.countdown_from)],
            [day(now.countdown_from)],
            ngettext("%(num)d week before the end", "%(num)d weeks before the end", settings.exit_countdown_weeks),
        ),
        Row(
            icon,
            _("Decision how it goes on"),
            "",
            [day(one) for one in was.decide_on],
            [day(one) for one in now.decide_on],
            _(
                "%(days)s before the end, if nothing points onward",
                days=listed(talk_labels.days(one) for one in settings.decide_before_end_days),
            ),
        ),
    ]
    if (manager := mandate.manager_on(date.max)) is not None:
        free = _("The day after the end")
        rows.append(Row(icon, _("Free again"), manager.name, [day(was.manager_free_from)], [day(now.manager_free_from)], free))
    return rows


def _stay(mandate: Mandate, one: TalkChange) -> str:
    words = _(
        "%(talk)s with %(name)s: %(day)s",
        talk=talk_labels.kind(one.kind),
        name=_person(mandate, one),
        day=_on(one.state, one.happens_on or one.due_after),
    )
    if one.takes_place_of is None:
        return words
    return _("%(talk)s, in place of %(day)s", talk=words, day=day(one.takes_place_of))


def _update(mandate: Mandate, one: TalkChange) -> str:
    return _(
        "Calendar update to %(name)s: the appointment of %(day)s is now a quality talk",
        name=_person(mandate, one),
        day=day(one.happens_on),
    )


def _meanwhile(mandate: Mandate, new_end: date) -> list[str]:
    """Return what else the manager who is on it at the end has within the new term, in words."""
    manager_id, since = mandate.on_it_at_the_end
    if manager_id is None or since is None:
        return []
    return [
        _("%(title)s, %(client)s, until %(end)s", title=row.title, client=row.client, end=day(row.ends_on))
        for row in queries.at_the_same_time(manager_id, since, new_end, mandate.id)
    ]
