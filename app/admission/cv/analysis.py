"""From a document to facts and verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.admission.cv import contact, judge, kinds, made, stations, texts
from app.admission.cv.judge import Judgement, Quote, quoted
from app.admission.cv.language import language_of
from app.admission.cv.rows import Row, paper_of
from app.admission.cv.station import Station
from app.files.papers.document import Document


@dataclass(frozen=True)
class StationFacts:
    start: str | None  # YYYY-MM or YYYY
    end: str | None  # YYYY-MM, YYYY or "present"
    organisation: str | None
    quote: Quote


@dataclass(frozen=True)
class Facts:
    """What the paper says, each with the quoted words and the page in `evidence`."""

    emails: list[str]
    phones: list[str]
    stations: list[StationFacts]
    latest: str | None
    made_on: str | None
    evidence: dict[str, list[Quote]] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis:
    """`kind` is cv, letter, advertisement, form or other; only a CV is judged and has facts and criteria."""

    kind: str
    language: str
    facts: Facts | None
    criteria: dict[str, Judgement] | None

    @property
    def is_cv(self) -> bool:
        return self.kind == "cv"

    def to_json(self, language: str | None = None) -> dict[str, Any]:
        """Return the analysis with reasons and tips in `language`, else in the paper's own."""
        spoken = language or self.language
        return {
            "is_cv": self.is_cv,
            "kind": self.kind,
            "language": self.language,
            "reason": None if self.is_cv else texts.not_judged(self.kind, spoken),
            "facts": None if self.facts is None else _facts_json(self.facts),
            "criteria": None
            if self.criteria is None
            else {
                name: {
                    "verdict": one.verdict,
                    "reason": texts.reason(one, spoken),
                    "evidence": [{"quote": quote.quote, "page": quote.page} for quote in one.evidence],
                    "tip": texts.tip(name, one, spoken),
                }
                for name, one in self.criteria.items()
            },
        }


def _facts_json(facts: Facts) -> dict[str, Any]:
    return {
        "emails": facts.emails,
        "phones": facts.phones,
        "stations": [
            {
                "start": one.start,
                "end": one.end,
                "organisation": one.organisation,
                "quote": one.quote.quote,
                "page": one.quote.page,
            }
            for one in facts.stations
        ],
        "latest": facts.latest,
        "made_on": facts.made_on,
        "evidence": {name: [{"quote": one.quote, "page": one.page} for one in quotes] for name, quotes in facts.evidence.items()},
    }


def analyse(document: Document, as_of: date) -> Analysis:
    """Judge a paper as of a day. Nothing is looked up and nothing is decided for a person."""
    paper = paper_of(document)
    found = stations.find(paper)
    language = language_of(document.text)
    kind = kinds.kind_of(paper, found)
    if kind != "cv":
        return Analysis(kind, language, None, None)
    emails, phones = contact.own_emails(paper), contact.own_phones(paper)
    latest, latest_row, known_end = _latest([*found.stations, *found.containers])
    day = made.made_on(paper, known_end)
    criteria = {
        "contact": judge.contact(emails, phones),
        "company_facts": judge.company_facts(found.stations),
        "tasks": judge.tasks(found.stations),
        "plain_language": judge.plain_language(found.stations),
        "project_list": judge.project_list(found, as_of),
        "currency": judge.currency(latest, latest_row, known_end, day, as_of),
    }
    evidence = {
        "emails": [quoted(one.row, one.text) for one in emails],
        "phones": [quoted(one.row, one.text) for one in phones],
        "latest": [quoted(latest_row)] if latest_row else [],
        "made_on": [quoted(day.row)] if day else [],
    }
    facts = Facts(
        [one.text for one in emails],
        [one.text for one in phones],
        [_station_facts(station) for station in found.stations],
        latest,
        day.text if day else None,
        evidence,
    )
    return Analysis(kind, language, facts, criteria)


def _station_facts(station: Station) -> StationFacts:
    period = station.period
    return StationFacts(
        str(period.start) if period and period.start else None,
        period.end_text() if period else None,
        station.organisation,
        quoted(station.rows[0]),
    )


def _latest(found: list[Station]) -> tuple[str | None, Row | None, str | None]:
    """Return the latest date that a station reaches, where it stands, and the latest that is a date and not "to date"."""
    dated = [station for station in found if station.period is not None and (station.period.present or station.period.end)]
    if not dated:
        return None, None, None
    ended = [station for station in dated if station.period is not None and station.period.end and not station.period.present]
    last = max(ended, key=lambda one: (one.period.end.last(), one.period.end.month), default=None)  # type: ignore[union-attr]
    known = str(last.period.end) if last is not None and last.period else None
    present = next((one for one in dated if one.period is not None and one.period.present), None)
    if present is not None:
        return "present", present.rows[0], known
    return known, last.rows[0] if last else None, known
