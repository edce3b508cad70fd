"""A manager's short profile for a client, named or anonymous. Neither rate nor contact data stand in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.core.dates import local_day
from app.mail.compose import speaking
from app.managers import rules, vocabulary
from app.managers.models import Manager
from app.mandates.candidate_rules import gives_away
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date, number


def as_pdf(manager: Manager, language: str, *, is_anonymous: bool, at: datetime) -> bytes:
    """Return the profile in `language`; an anonymous one names the person by number only."""
    with speaking(language):
        return pdf.render("mandates/scoping.typ", _content(manager, language, is_anonymous, at), at=at)


def _content(manager: Manager, language: str, is_anonymous: bool, at: datetime) -> dict[str, Any]:
    def words(vocabulary_of: Any, keys: list[str]) -> str:
        return ", ".join(vocabulary.words_of(vocabulary_of, key) for key in keys)  # some hold an "and" of their own

    kept = firm()
    drawn_up = local_day(at, kept.zone)
    facts = [
        (_("Functions"), words(vocabulary.FUNCTIONS, manager.functions)),
        (_("Industries"), words(vocabulary.INDUSTRIES, manager.industries)),
        (_("Languages"), words(vocabulary.LANGUAGES, manager.languages)),
        (_("Regions"), words(vocabulary.REGIONS, manager.regions)),
        (_("Days per week"), number(manager.days_per_week) if manager.days_per_week else ""),
        (_("Available from"), _available(manager, drawn_up, kept.availability_known_days)),
    ]
    name = f"ID {manager.id}"
    return {
        "language": language,
        "firm": kept.name or "Lotse",
        "title": _("Short profile: %(name)s", name=name if is_anonymous else manager.name),
        "lead": "" if is_anonymous and hides_headline(manager) else manager.headline or "",
        "page_words": pdf.page_words(),
        "footer": _("Drawn up on %(moment)s", moment=full_date(drawn_up)),
        "facts": [{"label": label, "value": value, "note": ""} for label, value in facts if value],
        "sections": [],
    }


def _available(manager: Manager, day: date, known_days: int) -> str:
    """Return from when; a day that is past counts only as long as the availability that was confirmed does."""
    if manager.available_from is None:
        return ""
    if manager.available_from > day:
        return full_date(manager.available_from)
    is_known = rules.confirmed_since(day, known_days) <= (manager.availability_confirmed_on or date.min)
    return _("from now on") if is_known else _("on request")


def hides_headline(manager: Manager) -> bool:
    """Say whether the anonymous profile leaves the headline out, because it tells who it is about."""
    names, numbers = (manager.first_name, manager.last_name), (manager.phone, manager.mobile)
    return gives_away(manager.headline or "", names, numbers)
