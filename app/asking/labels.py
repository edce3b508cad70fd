"""Words of asking: occasions of a benefit, how often it was answered with yes."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.asking.benefit_queries import Counted
from app.core.vocabulary import Words

OCCASIONS: Words = {
    "quality": _l("Quality talk"),
    "extension": _l("Extension talk"),
    "closing": _l("Closing talk"),
}


def said_yes(one: Counted) -> str:
    """Return "14 of 19"."""
    return _("%(yes)d of %(asked)d", yes=one.yes, asked=one.answered)


def said_yes_note(one: Counted) -> str:
    """Return what the numbers mean, and that few cases say little."""
    if not one.answered:
        return _("not used yet")
    return _("said yes, few cases") if one.is_few else _("said yes")
