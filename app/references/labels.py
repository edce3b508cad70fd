"""The words for what references store as keys, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.vocabulary import Words
from app.references.call_rules import Relation
from app.references.referee_rules import ConsentHow

RELATIONS: Words = {
    Relation.BOSS: _l("Former boss"),
    Relation.OWNER: _l("Owner of the company"),
    Relation.CLIENT: _l("Client's contact"),
    Relation.PEER: _l("Colleague on the same level"),
    Relation.REPORT: _l("Reported to the manager at that time"),
}
CONSENT_HOW: Words = {
    ConsentHow.MAIL: _l("by mail"),
    ConsentHow.PHONE: _l("on the phone"),
    ConsentHow.IN_PERSON: _l("in person"),
    ConsentHow.PAPERS: _l("named in the papers"),
    ConsentHow.LINK: _l("behind a link"),
}
ASKED_HOW = {key: words for key, words in CONSENT_HOW.items() if key != ConsentHow.LINK}
CONSENTS: Words = {"yes": _l("May be called"), "no": _l("Without consent"), "objected": _l("Wants no call")}
CALLS: Words = {"planned": _l("Planned"), "done": _l("Held")}


def relation(key: str) -> str:
    return str(RELATIONS[Relation(key)])


def consent_pill(may_be_called: bool, has_objected: bool) -> tuple[str, str]:
    """Return words and tone of whether a referee may be called."""
    if has_objected:
        return _("wants no call"), "bad"
    return (_("may be called"), "ok") if may_be_called else (_("no consent"), "warn")
