"""Roles in words, for pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.vocabulary import Words

ROLES: Words = {
    "administrator": _l("Administrator"),
    "lead": _l("Lead"),
    "consultant": _l("Consultant"),
    "assistant": _l("Assistant"),
    "auditor": _l("Auditor"),
}
ROLE_NOTES: Words = {
    "administrator": _l("All that a lead may, and users, the firm's settings, templates and the audit trail."),
    "lead": _l("All records, money, overrides and figures."),
    "consultant": _l("Reads all; changes what they own or are on the team of; sees the money of their own mandates."),
    "assistant": _l("Talks, appointments and papers; no money, no figures."),
    "auditor": _l("Reads all and the audit trail; changes nothing."),
}
