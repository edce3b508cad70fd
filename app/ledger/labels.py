"""The words of the ledger: what for, how, what was answered, and why a request is held back until when."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import N_
from app.ledger.guard_rules import Decision, Hold, Reason
from app.settings.queries import firm
from app.web.formats import day

_PURPOSES = {
    "quality": N_("Quality talk"),
    "extension": N_("Extension talk"),
    "closing": N_("Closing talk"),
    "aftercare": N_("Aftercare talk"),
    "evaluation": N_("Evaluation talk"),
    "views": N_("Attainment of the goals"),
    "reference": N_("Written reference"),
    "other": N_("Other request"),
}
_CHANNELS = {
    "mail": N_("by mail"),
    "form": N_("by form"),
    "phone": N_("by phone"),
    "in_person": N_("in person"),
}
_REPLIES = {
    "yes": N_("said yes"),
    "written": N_("answered in writing"),
    "later": N_("not now"),
    "no": N_("said no"),
    "lapsed": N_("no answer"),
}


def purpose(key: str) -> str:
    """Return "Quality talk"."""
    return _(_PURPOSES[key])


def channel(key: str) -> str:
    """Return "by mail"."""
    return _(_CHANNELS[key])


def reply(key: str | None) -> str:
    """Return "said yes"; without an answer "open"."""
    return _(_REPLIES[key]) if key else _("open")


def tone(key: str | None) -> str | None:
    """Return how an answer is coloured on a timeline."""
    return {"no": "bad", "yes": "ok", "written": "ok"}.get(key or "")


def held_until(decision: Decision) -> str:
    """Return the heading of a request that is held back."""
    if decision.until is None:
        return _("Do not ask any more")
    return _("Held back until %(day)s", day=day(decision.until))


def why(reason: Reason, last_asked_on: date | None = None) -> str:
    """Return why a request is held back, as a sentence."""
    numbers = firm()
    match reason.hold:
        case Hold.NEVER:
            return _("This person asked us not to ask again.")
        case Hold.NOT_BEFORE:
            return _("This person asked not to be asked before %(day)s.", day=day(reason.until))
        case Hold.AFTER_NO:
            return ngettext(
                "After a “no” we leave a person in peace for %(num)d day.",
                "After a “no” we leave a person in peace for %(num)d days.",
                numbers.ask_pause_after_no_days,
            )
        case Hold.REST:
            rule = ngettext(
                "At most one request a day goes to the same person, over all mandates and colleagues.",
                "At most one request in %(num)d days goes to the same person, over all mandates and colleagues.",
                numbers.ask_rest_days,
            )
            asked = _("Last asked on %(day)s.", day=day(last_asked_on)) if last_asked_on else ""
            return f"{asked} {rule}".strip()
        case Hold.BUDGET:
            return ngettext(
                "One request within 12 months is enough for one person, over all mandates and colleagues.",
                "%(num)d requests within 12 months are enough for one person, over all mandates and colleagues.",
                numbers.asks_a_year,
            )


def counted(number: int) -> str:
    """Return "4 of 8 in 12 months"."""
    return _("%(number)d of %(most)d in 12 months", number=number, most=firm().asks_a_year)
