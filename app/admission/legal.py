"""The terms and the privacy notice: the wording in force, and its version once somebody agrees to it.

The wording follows the firm's settings, so a new fee makes a new version. A version that was agreed to is a row that never
changes; before anybody agreed to today's wording, its number is the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.admission.models import LegalText
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
        return "\n\n".join(_terms() if kind == "terms" else _privacy())


def _terms() -> list[str]:
    kept = firm()
    fee = [
        _(
            "The fee for reviewing the papers and for the interview is %(fee)s once, plus VAT. It is owed with the "
            "confirmation. There is no yearly fee, and we take no commission from you.",
            fee=money(kept.registration_fee),
        ),
        _("Whoever withdraws before a review has begun owes nothing."),
    ]
    return [
        _("With your registration you ask %(firm)s to review your papers and to consider you for mandates.", firm=kept.name),
        _("The contract comes about when you confirm the registration behind the link in our mail."),
        *(fee if kept.registration_fee else []),
        _("You can withdraw for %(days)d days after confirming, by link, by mail or by phone, without giving a reason.",
          days=kept.withdrawal_days),
        _("We review papers within %(days)d working days and tell you what is missing, three times at most.",
          days=kept.review_working_days),
        _("There is no claim to a mandate. Before we offer you to a client we ask you."),
    ]  # fmt: skip


def _privacy() -> list[str]:
    kept = firm()
    return [
        _("%(firm)s keeps what you enter and the papers you send, in order to review them and to offer you mandates.", firm=kept.name),
        _(
            "To prove your registration we keep the wording that you saw, the times of registering and confirming, the network "
            "address each came from, what your browser calls itself, and the mail we sent."
        ),
        _("A registration that is not confirmed is deleted after %(days)d days at the latest.", days=kept.purge_latest_days),
        _("If you withdraw, your data are erased after %(days)d days at the latest, at once on request.", days=kept.withdrawn_kept_days),
        _("You can ask us at any time what we keep of you, have it corrected or erased, and complain to a supervisory authority."),
    ]  # fmt: skip
