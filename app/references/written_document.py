"""A released reference as a PDF: the client's wording, dated and signed, and what for it may be used."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.dates import local_day
from app.mail.compose import speaking
from app.references import written_labels
from app.references.models import WrittenReference
from app.references.written_rules import Scope, State
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date


def as_pdf(reference: WrittenReference, language: str) -> bytes:
    """Return the document with its frame in `language`, dated with its release: the same each time. Released ones only."""
    if reference.state != State.RELEASED or reference.released_at is None:
        raise ValueError(f"reference {reference.id} is not released")
    with speaking(language):
        return pdf.render("references/written.typ", _content(reference, language), at=reference.released_at)


def file_name(reference: WrittenReference) -> str:
    """Return a name that says so where it is not for handing out."""
    mark = "internal-" if reference.scope == Scope.INTERNAL else ""
    return f"{mark}reference-{reference.id}.pdf"


def _content(reference: WrittenReference, language: str) -> dict[str, Any]:
    mandate, settings = reference.mandate, firm()
    assert reference.released_at is not None
    released_on = full_date(local_day(reference.released_at, settings.zone))
    facts = [
        (_("Manager"), reference.manager.name),
        (_("Client"), mandate.client.name),
        (_("Task"), mandate.title),
        (_("Start"), full_date(mandate.starts_on)),
        (_("Scope of use"), written_labels.scope(reference.scope or Scope.INTERNAL)),
    ]
    is_internal = reference.scope == Scope.INTERNAL
    return {
        "language": language,
        "wording_language": reference.language,
        "firm": settings.name or "Lotse",
        "title": _("Reference for %(manager)s", manager=reference.manager.name),
        "lead": "",
        "mark": _("Internal, not for handing out") if is_internal else "",
        "footer": " · ".join(
            [_("Released on %(day)s", day=released_on), *([_("Internal, not for handing out")] if is_internal else [])]
        ),
        "facts": [{"label": label, "value": value, "note": ""} for label, value in facts if value],
        "sections": [
            {"heading": _("Situation and task"), "text": reference.situation},
            {"heading": _("Results"), "text": reference.results},
        ],
        "signature": reference.released_by or "",
        "signed": _("Worded and released on %(day)s", day=released_on),
        "scope": written_labels.scope_sentence(reference.scope or Scope.INTERNAL),
    }
