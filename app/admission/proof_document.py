"""The proof of a registration as a document: the same sections for the page and for the PDF."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.admission.models import AdmissionCase, RegistrationProof
from app.admission.vocabulary import FEES
from app.core.dates import local_day
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date, in_zone, money
from app.web.language import language


@dataclass(frozen=True)
class Row:
    """One fact; `note` stands quieter below it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """One text that was shown or sent, as it was. `language` is the text's own."""

    heading: str
    text: str
    language: str
    facts: tuple[Row, ...]


def fingerprint(text: str) -> str:
    """Return what tells one wording from another: the first 16 digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def rows(proof: RegistrationProof, case: AdmissionCase | None) -> list[Row]:
    """Return when, from where and in whose name, and what was agreed to."""
    yet = _("not yet")
    found = [
        Row(_("Registered"), in_zone(proof.registered_at, proof.zone), proof.registered_ip),
        Row(_("Confirmed"), in_zone(proof.confirmed_at, proof.zone) or yet, proof.confirmed_ip or ""),
        Row(_("Name as typed"), proof.name),
        Row(_("Terms"), _version(proof.terms.number), proof.terms.language.upper()),
        Row(_("Privacy notice"), _version(proof.privacy.number), proof.privacy.language.upper()),
        Row(_("Mail and its Message-ID"), proof.mail_subject, proof.message_id),
        Row(_("Mail went to"), proof.mailed_to),
        Row(_("Browser when registering"), proof.registered_agent),
        Row(_("Browser when confirming"), proof.confirmed_agent or yet),
    ]
    if case is not None and case.fee:
        found.append(Row(_("Fee"), money(case.fee_amount), str(FEES[case.fee])))
    return found


def sections(proof: RegistrationProof) -> list[Section]:
    """Return every wording in the order in which the person met it; what there is none of is left out."""
    shown = [
        (_("The page as it was shown"), proof.page_text, proof.language, ()),
        (_("Terms"), proof.terms.text, proof.terms.language, _since(proof.terms)),
        (_("Privacy notice"), proof.privacy.text, proof.privacy.language, _since(proof.privacy)),
        (_("The mail as it was sent"), _mail(proof), proof.language, ()),
        (_("The page to confirm"), proof.confirm_page_text or "", proof.language, ()),
    ]
    return [
        Section(heading, text, language, (*facts, Row(_("Fingerprint"), fingerprint(text))))
        for heading, text, language, facts in shown
        if text
    ]


def as_pdf(proof: RegistrationProof, case: AdmissionCase | None, *, at: datetime) -> bytes:
    """Return the proof as a PDF in the reader's language, each wording in its own; `at` is when it was drawn up."""
    kept = firm()
    return pdf.render("admission/proof.typ", _content(proof, case, kept.name, in_zone(at, kept.zone)), at=at)


def _content(proof: RegistrationProof, case: AdmissionCase | None, name: str, drawn_up: str) -> dict[str, Any]:
    return {
        "language": language(),
        "firm": name or "Lotse",
        "title": _("Proof of registration, ID %(number)d", number=proof.manager_id),
        "lead": proof.name,
        "page_words": pdf.page_words(),
        "footer": _("Drawn up on %(moment)s", moment=drawn_up),
        "facts_heading": _("Times and places"),
        "facts": [asdict(row) for row in rows(proof, case)],
        "sections": [asdict(section) for section in sections(proof)],
    }


def _version(number: int) -> str:
    return _("Version %(number)d", number=number)


def _since(text: Any) -> tuple[Row, ...]:
    return (Row(_("Version"), str(text.number), full_date(local_day(text.since, firm().zone))),)


def _mail(proof: RegistrationProof) -> str:
    return f"{proof.mail_subject}\n\n{proof.mail_text}" if proof.mail_text else ""
