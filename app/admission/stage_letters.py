"""Letters to the person about the admission: composed from what falls short, in his or her language, then edited by a person.

Appreciative first, then concrete, never more than can be done in an evening. Source: docs/domain.md, "Admission of managers".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.admission.cv import texts
from app.admission.letter_rules import Kind
from app.admission.review_rules import OBSTACLES
from app.admission.shown_papers import said
from app.admission.vocabulary import CRITERIA_IDS
from app.core.phones import shown_phone
from app.mail.compose import speaking
from app.mail.typed import Words
from app.managers.models import Manager
from app.settings.queries import firm
from app.web.formats import full_date

LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Matter:
    """What a letter is made of. `until` is the last day for new papers; `writer` None where the firm itself writes."""

    manager: Manager
    writer: Any
    falls_short: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)  # of the reviewer, by criterion
    analysis: Mapping[str, Any] | None = None
    until: date | None = None


def draft(kind: Kind, matter: Matter) -> Words:
    """Return the letter as proposed, in the person's language."""
    with speaking(matter.manager.language):
        subject, paragraphs = _LETTERS[kind](matter)
        parts = [f"{matter.manager.salutation()},", *paragraphs, _signed(matter.writer)]
        return Words(subject, "\n\n".join(part for part in parts if part))


def button() -> str:
    """Return the words of the link below the letter; to be asked in the person's language."""
    return _("Upload new papers")


def _stage_1(matter: Matter) -> tuple[str, list[str]]:
    count = max(len(_points(matter)), 1)
    ask = ngettext(
        "So that a client sees at first glance what you can do, we ask you for one addition:",
        "So that a client sees at first glance what you can do, we ask you for %(num)d additions:",
        count,
    )
    subject = ngettext("Your CV: one suggestion that is worth it", "Your CV: %(num)d suggestions that are worth it", count)
    thanks = _("Thank you for your papers. We have read them with care: behind each line there is work that others can use.")
    if "no_paper" in matter.falls_short:
        thanks = _("Thank you for your registration. We look forward to getting to know your work.")
    return subject, [f"{thanks} {ask}", *_points(matter), _upload(matter)]


def _stage_2(matter: Matter) -> tuple[str, list[str]]:
    return _("Your CV: an example, and an offer of help"), [
        _(
            "Some days ago we wrote to you what your papers still lack. Perhaps an example helps more than advice. This is how a "
            "client likes to read a single station:"
        ),
        texts.example(matter.manager.language),
        _own_station(matter),
        _missing(matter),
        _offer(matter.writer),
        _upload(matter),
    ]


def _stage_3(matter: Matter) -> tuple[str, list[str]]:
    return _("Your papers: our last letter on this, with a date"), [
        _(
            "Twice we have written to you what your papers still lack. We do not want to press you, and this is our last letter "
            "about it."
        ),
        _missing(matter),
        _(
            "If new papers reach us by %(day)s, we go on at once. If not, we close your admission then. That says nothing about "
            "your work, only that we cannot show it to clients like this.",
            day=full_date(matter.until),
        )
        if matter.until
        else "",
        _offer(matter.writer),
        _upload(matter),
    ]


def _closing(matter: Matter) -> tuple[str, list[str]]:
    return _("Your admission is closed for now"), [
        _(
            "We have waited for new papers and have not heard from you. So we close your admission now, with thanks for the "
            "trust of your registration."
        ),
        _(
            "The door stays open: as soon as you have new papers, upload them by the link below, and the review begins anew. If you "
            "would rather have your data erased, simply answer this letter."
        )
        if matter.manager.email
        else _(
            "The door stays open: as soon as you have new papers, send them to us, and the review begins anew. If you would rather "
            "have your data erased, simply answer this letter."
        ),
        _("We wish you good mandates."),
    ]


def _refusal(matter: Matter) -> tuple[str, list[str]]:
    return _("Your registration with us"), [
        _("Thank you for your registration, your papers and your time. We have thought about it thoroughly and do not admit you at present."),
        _(
            "This is a decision about what our clients ask us for, not about what you have achieved. If you would like your data "
            "erased, simply answer this letter."
        ),
        _("We wish you good mandates."),
    ]  # fmt: skip


def _invitation(matter: Matter) -> tuple[str, list[str]]:
    return _("Your papers convince us: let us talk"), [
        _("Your papers meet our standard: one sees at once what you have done and what became of it. Next we would like to get to know you."),
        _(
            "The interview takes about an hour, in person, by video or by phone. It is about your results, about how you work, and "
            "about when and where you are free. Whatever comes of it, you leave with at least three concrete recommendations."
        ),
        _("Please answer with two or three times that suit you, also in the evening; we confirm one of them at once."),
    ]  # fmt: skip


def _admission(matter: Matter) -> tuple[str, list[str]]:
    return _("Welcome: you are admitted"), [
        _("We are glad: you are admitted, and from now on we propose you to clients. Your number with us stays ID %(number)d.", number=matter.manager.id),
        _(
            "So that we call you with the right mandate, please tell us whenever your availability changes; we ask you about it now "
            "and then, by a link with one click."
        ),
        _("Before we name you to a client we speak with you, every time."),
    ]  # fmt: skip


_LETTERS = {
    Kind.STAGE_1: _stage_1,
    Kind.STAGE_2: _stage_2,
    Kind.STAGE_3: _stage_3,
    Kind.CLOSING: _closing,
    Kind.REFUSAL: _refusal,
    Kind.INVITATION: _invitation,
    Kind.ADMISSION: _admission,
}


def _points(matter: Matter) -> list[str]:
    """Return a numbered paragraph for each thing that falls short; for papers never judged, what is needed in general."""
    found = list(matter.falls_short) or ["company_facts", "tasks", "project_list"]
    return [f"{number}. {_point(name, matter)}" for number, name in enumerate(found, 1)]


def _point(name: str, matter: Matter) -> str:
    if name in OBSTACLES:
        return _obstacle(name)
    found = ((matter.analysis or {}).get("criteria") or {}).get(name)
    language = matter.manager.language
    parts = [f"{_(CRITERIA_IDS[name])}."]
    if found and found["verdict"] != "ok":
        parts.append(said(found["reason"], language))
        if quote := next((one for one in found["evidence"] if one["quote"]), None):
            shown = quote["quote"] if len(quote["quote"]) <= LONGEST_QUOTE else quote["quote"][: LONGEST_QUOTE - 1].rstrip() + "…"
            parts.append(_("On page %(page)d it says: “%(quote)s”.", page=quote["page"], quote=shown))
    parts.append(texts.tip_for(name, language))
    if note := matter.notes.get(name):
        parts.append(note)
    return " ".join(parts)


def _obstacle(name: str) -> str:
    return {
        "no_paper": _("Your CV. Please send it as PDF or Word file; two to four pages are enough."),
        "unreadable": _("Your file. We could not read it; perhaps it is a scan without text. Please send your CV as PDF or Word file with text in it."),
        "no_cv": _("Your CV. What reached us is another document. Please send the CV itself, as PDF or Word file."),
    }[name]  # fmt: skip


def _missing(matter: Matter) -> str:
    """Return the short list of what is missing."""
    shown = [
        _obstacle(name) if name in OBSTACLES else f"{_(CRITERIA_IDS[name])}: {texts.tip_for(name, matter.manager.language)}"
        for name in matter.falls_short
    ]
    return "\n".join([_("What is still missing:"), *(f"- {one}" for one in shown)]) if shown else ""


def _own_station(matter: Matter) -> str:
    """Return the beginning of one of the person's own stations in that pattern; empty where none was found."""
    stations = ((matter.analysis or {}).get("facts") or {}).get("stations") or []
    own = next((one for one in stations if one["organisation"] and one["start"]), None)
    if own is None:
        return ""
    period = " – ".join(filter(None, (own["start"], _("today") if own["end"] == "present" else own["end"])))
    return _(
        "Yours could begin like this: “%(period)s · %(organisation)s”, below it a line on the company (industry · turnover · "
        "headcount), one on the task and one on the result.",
        period=period,
        organisation=own["organisation"],
    )


def _offer(writer: Any) -> str:
    if writer is None:
        return _("Would you rather talk it over? Simply answer this letter, and we call you.")
    if writer.phone:
        return _(
            "Would you rather talk it over? You reach me on %(phone)s, or simply answer this letter.",
            phone=shown_phone(writer.phone),
        )
    return _("Would you rather talk it over? Simply answer this letter, and I call you.")


def _upload(matter: Matter) -> str:
    days = firm().review_working_days
    if not matter.manager.email:  # by post: there is no link in it
        return ngettext(
            "Please send them to us. We read new papers within %(num)d working day and answer in any case.",
            "Please send them to us. We read new papers within %(num)d working days and answer in any case.",
            days,
        )
    if matter.until is None:
        return ngettext(
            "By the link below you upload your papers, without signing in. We read them within %(num)d working day and answer in any "
            "case.",
            "By the link below you upload your papers, without signing in. We read them within %(num)d working days and answer in any "
            "case.",
            days,
        )
    return ngettext(
        "By the link below you upload your papers until %(day)s, without signing in. We read them within %(num)d working day "
        "and answer in any case.",
        "By the link below you upload your papers until %(day)s, without signing in. We read them within %(num)d working days "
        "and answer in any case.",
        days,
        day=full_date(matter.until),
    )


def _signed(writer: Any) -> str:
    return "\n".join(filter(None, (_("Kind regards"), writer.name if writer is not None else "", firm().name)))
