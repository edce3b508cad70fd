"""The words of feedback: consent, and why the adjusted value differs from the rating itself."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import N_
from app.feedback.rules import Leaning, Weighed

_CONSENTS = {
    "yes": N_("may be quoted"),
    "no": N_("not to be quoted"),
    "on_request": N_("on request only"),
    "unknown": N_("no consent yet"),
}


def consent(key: str) -> str:
    """Return "may be quoted"."""
    return _(_CONSENTS[key])


def why(weighed: Weighed, least: int) -> str:
    """Return the method in words for one rating, as it stands beside it."""
    if weighed.adjusted is None:
        return ngettext(
            "Not adjusted: one rating by this person, %(least)d are needed.",
            "Not adjusted: %(num)d ratings by this person, %(least)d are needed.",
            weighed.own_count,
            least=least,
        )
    number = weighed.own_count
    if weighed.leaning is Leaning.LOWER:
        return _("Rates lower than others on average (%(number)d ratings).", number=number)
    if weighed.leaning is Leaning.HIGHER:
        return _("Rates higher than others on average (%(number)d ratings).", number=number)
    return _("Rates like others on average (%(number)d ratings).", number=number)
