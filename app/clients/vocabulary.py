"""Roles of contacts: keys with their words. Industries, regions and channels: `app.core.vocabulary`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.vocabulary import Words

CONTACT_ROLES: Words = {
    "sponsor": _l("Sponsor"),
    "line": _l("Line manager"),
    "hr": _l("Human resources"),
    "finance": _l("Finance"),
    "successor": _l("Successor"),
    "works_council": _l("Works council"),
    "purchasing": _l("Purchasing"),
    "other": _l("Other"),
}
