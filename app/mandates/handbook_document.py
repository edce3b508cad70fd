"""A version of the handbook in words: its sections for page and PDF, and what is new in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.mandates import plan_queries
from app.mandates.handbook_rules import Change, Difference, differences
from app.mandates.plan_models import HandbookVersion
from app.settings.queries import firm
from app.web import pdf
from app.web.formats import full_date
from app.web.language import language

DAYS = ("exit_on", "milestones", "moments")  # parts whose before and after are days


@dataclass(frozen=True)
class Row:
    """One version on the page; `news` is what differs from the version accepted before."""

    version: HandbookVersion
    state: str
    tone: str | None
    is_open: bool
    news: tuple[str, ...]


def rows_of(versions: Sequence[HandbookVersion], most: int | None = None) -> list[Row]:
    """Return the versions, newest first, in words, or the first `most` of them; no statement."""
    return [_row(one, plan_queries.accepted_of(versions, one.number)) for one in versions[:most]]


def _row(version: HandbookVersion, before: HandbookVersion | None) -> Row:
    if version.accepted_on is not None:
        state, tone = _("accepted"), "ok"
    elif version.dropped_on is not None:
        state, tone = _("withdrawn"), None
    else:
        state, tone = _("waits for the client"), "warn"
    news = told(differences(before.content, version.content)) if before is not None else []
    return Row(version, state, tone, plan_queries.is_open(version), tuple(news))


def news_of(version: HandbookVersion) -> list[str]:
    """Return what is new against the version accepted before; one statement, empty for the first one."""
    before = plan_queries.accepted_of(plan_queries.versions_of(version.mandate_id), version.number)
    return told(differences(before.content, version.content)) if before is not None else []


def told(changes: Iterable[Difference]) -> list[str]:
    """Return a readable line for each change, in the reader's language."""
    return [_told(one) for one in changes]


def _told(one: Difference) -> str:
    part, before, after = _part(one.part), _value(one.part, one.before), _value(one.part, one.after)
    name = _("%(part)s “%(title)s”", part=part, title=one.title) if one.title else part
    is_day = one.change is Change.MOVED or one.part == "exit_on"
    if one.change is Change.DROPPED or (is_day and not after):
        return _("%(name)s is dropped", name=f"{name} {before}".strip() if not one.title else name)
    if one.change is Change.ADDED or not before:
        return _("%(name)s, new: %(after)s", name=name, after=after) if after else _("%(name)s is new", name=name)
    if is_day:
        return _("%(name)s moved from %(before)s to %(after)s", name=name, before=before, after=after)
    if not after:
        return _("%(name)s: “%(before)s” is dropped", name=name, before=before)
    return _("%(name)s changed from “%(before)s” to “%(after)s”", name=name, before=before, after=after)


def _part(part: str) -> str:
    return {
        "goal": _("Goal"),
        "exit_plan": _("Exit plan"),
        "handed_over": _("Handover"),
        "exit_on": _("Day of the handover"),
        "goals": _("Goal"),
        "milestones": _("Milestone"),
        "moments": _("Evaluation moment"),
    }[part]


def _value(part: str, value: str) -> str:
    if part in DAYS and len(value) == 10 and value[4] == "-":
        try:
            return full_date(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def as_pdf(version: HandbookVersion) -> bytes:
    """Return the version as a PDF in the reader's language, dated with when it was frozen: the same each time."""
    return pdf.render("mandates/handbook.typ", document(version), at=version.accepted_at or version.made_at)


def document(version: HandbookVersion) -> dict[str, Any]:
    """Return what the PDF and the page behind the link show, as plain texts."""
    content = version.content
    if version.accepted_on is not None:
        stand = _("Accepted by %(name)s on %(day)s", name=version.accepted_by, day=full_date(version.accepted_on))
    else:
        stand = _("Presented on %(day)s, not accepted yet", day=full_date(version.presented_on))
    return {
        "language": language(),
        "firm": content.get("firm", firm().name) or "Lotse",
        "title": _("Mandate handbook, version %(number)d", number=version.number),
        "lead": _("%(client)s, %(task)s", client=content["client"], task=content["title"]),
        "page_words": pdf.page_words(),
        "footer": f"{content['number']} · {stand}",
        "facts_heading": _("Mandate"),
        "facts": [{"label": label, "value": value, "note": ""} for label, value in _facts(content) if value],
        "sections": [{"heading": heading, "text": text} for heading, text in _sections(content) if text],
        "tables": [table for table in _tables(content) if table["rows"]],
    }


def _facts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    start, end = _value("exit_on", content["starts_on"]), _value("exit_on", content["ends_on"])
    places = {"line": _("in the line"), "beside": _("beside the line (consultancy)")}
    return [
        (_("Number"), content["number"]),
        (_("Client"), content["client"]),
        (_("Contact"), content["contact"]),
        (_("Manager"), content["manager"]),
        (_("Term"), _("%(start)s to %(end)s", start=start, end=end) if start and end else ""),
        (_("Reports to"), content["reports_to"]),
        (_("Place in the hierarchy"), places.get(content["place"], "")),
    ]


def _sections(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    until = _value("exit_on", content["exit_on"])
    handed = f"{content['handed_over']}\n{_('Handed over until')}: {until}" if until else content["handed_over"]
    return [
        (_("Goal"), content["goal"]),
        (_("Means"), content["means"]),
        (_("Exit plan"), content["exit_plan"]),
        (_("What is handed over"), handed),
    ]


def _tables(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "heading": _("Measurable goals"),
            "head": [_("Goal"), _("How you can tell that it is reached")],
            "rows": [[row["title"], row["measure"]] for row in content["goals"]],
            "widths": [1, 1],
        },
        {
            "heading": _("Milestones"),
            "head": [_("By when"), _("Milestone"), _("Means"), _("Who is responsible")],
            "rows": [
                [_value("exit_on", row["due_on"]), row["title"], row["means"], row["owner"]] for row in content["milestones"]
            ],
            "widths": [0, 5, 5, 4],
        },
        {
            "heading": _("Evaluation moments"),
            "head": [_("Day")],
            "rows": [[_value("exit_on", row["on"])] for row in content["moments"]],
            "widths": [1],
        },
    ]
