"""The market brief: one page, from the firm's own mandates, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.asking.market_queries import MarketKind, figures_of
from app.asking.market_rules import Figures
from app.core.dates import local_day
from app.core.vocabulary import COUNTRIES, words_of
from app.mail.compose import speaking
from app.managers.vocabulary import FUNCTIONS
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date, money


def brief(kind: MarketKind, language: str, *, at: datetime) -> bytes | None:
    """Return the brief as PDF; None where too few mandates stand behind it."""
    found = figures_of(kind)
    if found is None:
        return None
    with speaking(language):
        return pdf.render("asking/brief.typ", _content(kind, found, language, local_day(at, firm().zone)), at=at)


def file_name(language: str) -> str:
    """Return how the file is called in the reader's language."""
    with speaking(language):
        return f"{_('market brief')}.pdf".replace(" ", "-").lower()


def heading(kind: MarketKind) -> str:
    """Return "Logistics, Netherlands" in the language being spoken."""
    return f"{words_of(FUNCTIONS, kind.function)}, {words_of(COUNTRIES, kind.country)}"


def _content(kind: MarketKind, found: Figures, language: str, day: date) -> dict[str, Any]:
    def amount(value: int) -> str:
        return money(value, kind.currency)

    rows = [
        (_("Day rate, median"), amount(found.median_rate), _("Half of the mandates lie between %(low)s and %(high)s.",
                                                             low=amount(found.lower_rate), high=amount(found.upper_rate))),
        (_("Length, median"), ngettext("%(num)d week", "%(num)d weeks", found.median_weeks), _("From the first day to the last, "
                                                                                                "extensions included.")),
        (_("Extended"), _("%(number)s %%", number=found.extended_percent), _("Mandates whose end was moved later at least once.")),
    ]  # fmt: skip
    return {
        "language": language,
        "firm": firm().name or "Lotse",
        "title": _("Market brief: %(kind)s", kind=heading(kind)),
        "lead": _("From %(mandates)d mandates of %(clients)d clients.", mandates=found.mandates, clients=found.clients),
        "footer": _("Drawn up on %(moment)s", moment=full_date(day)),
        "facts": [{"label": label, "value": value, "note": note} for label, value, note in rows],
        "method": _(
            "Only our own mandates that are over stand behind these figures. Rates are what clients paid per day, net of VAT and "
            "expenses, rounded. No figure is given for fewer than five mandates of three clients, and none can be worked out "
            "from two of our briefs."
        ),
        "method_heading": _("How it was worked out"),
    }
