"""The words for what is stored as keys, and the sentences of the preview of a new end."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.dates import add_days
from app.mandates.candidate_rules import State
from app.mandates.rules import EndChange, Stage, Standing
from app.settings.rules import Firm
from app.talks import labels as talk_labels
from app.talks.end_rules import Change, Reason
from app.talks.rules import Kind

VIEWS = {
    "running": _l("Running"),
    "ending": _l("Ending soon"),
    "end": _l("By end date"),
    "scoping": _l("Scoping"),
    "all": _l("All"),
}
CANDIDATE_STATES = {
    State.PROPOSED: _l("proposed"),
    State.PRESENTED: _l("presented"),
    State.CLIENT_INTERVIEW: _l("client interview"),
    State.CHOSEN: _l("chosen"),
    State.DECLINED: _l("declined"),
    State.WITHDREW: _l("withdrew"),
}
_STAGES = {
    Stage.SCOPING: _l("Scoping"),
    Stage.ANALYSIS: _l("Analysis and action plan"),
    Stage.EXECUTION: _l("Execution"),
    Stage.HANDOVER: _l("Evaluation and handover"),
}
_SHORT_STAGES = {
    Stage.SCOPING: _l("Scoping"),
    Stage.ANALYSIS: _l("Analysis"),
    Stage.EXECUTION: _l("Execution"),
    Stage.HANDOVER: _l("Handover"),
}
_STANDINGS = {
    Standing.AHEAD: (_l("Begins later"), "info"),
    Standing.ENDED: (_l("Ended"), "warn"),
    Standing.CLOSED: (_l("Closed"), "ok"),
    Standing.LOST: (_l("Lost"), ""),
}
_CHANGES = {
    EndChange.EXTENSION: _l("Extension"),
    EndChange.SHORTENING: _l("Shortening"),
    EndChange.EARLY_END: _l("Early end"),
}


def stage(key: int) -> str:
    """Return "Analysis and action plan"."""
    return str(_STAGES[Stage(key)])


def stage_short(key: int) -> str:
    """Return "Analysis", for a pill or a filter."""
    return str(_SHORT_STAGES[Stage(key)])


def pill(stage_key: int, standing: Standing) -> tuple[str, str]:
    """Return the words of the one pill of a mandate, and its tone."""
    if standing in _STANDINGS:
        words, tone = _STANDINGS[standing]
        return str(words), tone
    return stage_short(stage_key), "" if standing is Standing.SCOPING else "info"


def remaining(days: int) -> str:
    """Return "136 days left", "last day today", "ended 3 days ago"."""
    if days > 0:
        return ngettext("%(num)d day left", "%(num)d days left", days)
    if days == 0:
        return _("last day today")
    return ngettext("ended %(num)d day ago", "ended %(num)d days ago", -days)


def longer(days: int) -> str:
    """Return "92 days longer" or "12 days shorter"."""
    if days >= 0:
        return ngettext("%(num)d day longer", "%(num)d days longer", days)
    return ngettext("%(num)d day shorter", "%(num)d days shorter", -days)


def change(key: str) -> str:
    """Return "Extension", "Shortening" or "Early end"."""
    return str(_CHANGES[EndChange(key)])


def clause(firm: Firm) -> str:
    """Return the rule of the quality clause by the firm's numbers."""
    return _(
        "%(after)s, then %(every)s, closing talk %(before)s",
        after=talk_labels.after_days(firm.first_talk_after_days),
        every=talk_labels.every_days(firm.talk_every_days),
        before=talk_labels.days_before_end(firm.closing_lead_days),
    )


def why(one: Change, new_end: date, firm: Firm) -> str:
    """Return why a talk moves, with the number of the rule where it has one."""
    follows = one.reason in (Reason.FOLLOWS_END, Reason.IN_NEW_PLAN)
    if follows and one.kind is Kind.CLOSING:
        return _before_end(one, new_end, firm)
    if follows and one.kind is Kind.AFTERCARE:
        return ngettext("%(num)d day after the end", "%(num)d days after the end", firm.aftercare_days)
    if one.reason is Reason.IN_NEW_PLAN and one.kind is Kind.QUALITY:
        return _("By the quality clause, %(every)s", every=talk_labels.every_days(firm.talk_every_days))
    if one.reason is Reason.EXTENDED:
        return ngettext(
            "%(num)d day after signing: why did you extend?",
            "%(num)d days after signing: why did you extend?",
            firm.extension_talk_after_days,
        )
    if one.reason is Reason.CLOSING_TOO_EARLY:
        return _("Arranged, and the end moves later: the appointment stays. The same calendar entry is updated.")
    return talk_labels.reason(one)


def _before_end(one: Change, new_end: date, firm: Firm) -> str:
    if one.due_after == add_days(new_end, -firm.closing_lead_days):
        return ngettext("%(num)d day before the new end", "%(num)d days before the new end", firm.closing_lead_days)
    if one.due_after is not None and one.due_after > new_end:
        return _("On the first working day after signing: the new end has passed")
    return _("Shortly before the new end, on a working day")
