"""The terms and the privacy notice: the wording in force, and its version once somebody agrees to it.

The wording comes from the newest edition that an administrator put in force, else it is the one that comes with Lotse. It
follows the firm's settings, so a new fee makes a new version. A version that was agreed to is a row that never changes;
before anybody agreed to today's wording, its number is the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.admission import legal_rules as rules
from app.admission.models import LegalEdition, LegalText
from app.core.errors import N_
from app.db import db
from app.mail.compose import speaking
from app.settings.queries import firm
from app.web.formats import money

Kind = Literal["terms", "privacy"]


@dataclass(frozen=True)
class Wording:
    """A text as it is shown: its paragraphs, and the number of its version."""

    text: str
    number: int


def in_force(kind: Kind, language: str) -> Wording:
    """Return the wording in force; changes nothing."""
    text, newest = _composed(kind, language), _newest(kind, language)
    if newest is None:
        return Wording(text, 1)
    return Wording(text, newest.number if newest.text == text else newest.number + 1)


def keep(kind: Kind, language: str, *, at: datetime) -> LegalText:
    """Return the row of the wording in force, a new version where the wording differs from the newest one."""
    now, newest = in_force(kind, language), _newest(kind, language)
    if newest is not None and newest.number == now.number:
        return newest
    row = LegalText(kind=kind, language=language, number=now.number, text=now.text, since=at)
    db.session.add(row)
    db.session.flush()
    return row


def _newest(kind: Kind, language: str) -> LegalText | None:
    return db.session.scalar(
        sa.select(LegalText)
        .where(LegalText.kind == kind, LegalText.language == language)
        .order_by(LegalText.number.desc())
        .limit(1)
    )


def _composed(kind: Kind, language: str) -> str:
    with speaking(language):
        return rules.filled(template(kind, language), _values())


def preview(text: str, language: str) -> str:
    """Return a drafted wording as it would be shown with today's settings."""
    with speaking(language):
        return rules.filled(text, _values())


def template(kind: Kind, language: str) -> str:
    """Return the wording in force with its places still open: the newest edition's, else the one that comes with Lotse."""
    edition = newest_edition(kind)
    return getattr(edition, language) if edition is not None else built_in(kind, language)


def newest_edition(kind: Kind) -> LegalEdition | None:
    """Return the edition in force; None while the wording is the one that comes with Lotse."""
    return db.session.scalar(
        sa.select(LegalEdition)
        .where(LegalEdition.kind == kind, LegalEdition.in_force_at.is_not(None))
        .order_by(LegalEdition.in_force_at.desc(), LegalEdition.id.desc())
        .limit(1)
    )


def built_in(kind: Kind, language: str) -> str:
    """Return the wording that comes with Lotse, with its places open."""
    with speaking(language):
        return "\n\n".join(rules.with_places(_(words), places) for words, places in BUILT_IN[kind])


def _values() -> dict[str, str]:
    kept = firm()
    return {
        "firm": kept.name,
        "fee": money(kept.registration_fee) if kept.registration_fee else "",
        "withdrawal_days": str(kept.withdrawal_days),
        "review_days": str(kept.review_working_days),
        "purge_days": str(kept.purge_latest_days),
        "kept_days": str(kept.withdrawn_kept_days),
    }


FEE = rules.FEE_MARK
# Message and the name of the place for each of its values.
BUILT_IN: dict[Kind, tuple[tuple[str, dict[str, str]], ...]] = {
    "terms": (
        (N_("With your registration you ask %(firm)s to review your papers and to consider you for mandates."), {"firm": "firm"}),
        (N_("The contract comes about when you confirm the registration behind the link in our mail."), {}),
        (
            N_(
                "The fee for reviewing the papers and for the interview is %(fee)s once, plus VAT. It is owed with the "
                "confirmation. There is no yearly fee, and we take no commission from you."
            ),
            {"fee": "fee", FEE: ""},
        ),
        (N_("Whoever withdraws before a review has begun owes nothing."), {FEE: ""}),
        (
            N_("You can withdraw for {withdrawal_days|day|days} after confirming, by link, by mail or by phone, without giving a reason."),
            {},
        ),
        (
            N_("We review papers within {review_days|working day|working days} and tell you what is missing, three times at most."),
            {},
        ),
        (N_("There is no claim to a mandate. Before we offer you to a client we ask you."), {}),
    ),
    "privacy": (
        (
            N_("%(firm)s keeps what you enter and the papers you send, in order to review them and to offer you mandates."),
            {"firm": "firm"},
        ),
        (
            N_(
                "To prove your registration we keep the wording that you saw, the times of registering and confirming, the network "
                "address each came from, what your browser calls itself, and the mail we sent."
            ),
            {},
        ),
        (N_("A registration that is not confirmed is deleted after {purge_days|day|days} at the latest."), {}),
        (
            N_("If you withdraw, your data are erased after {kept_days|day|days} at the latest, at once on request."),
            {},
        ),
        (
            N_("You can ask us at any time what we keep of you, have it corrected or erased, and complain to a supervisory authority."),
            {},
        ),
    ),
}  # fmt: skip
