"""The six criteria. Source: docs/domain.md, "How a CV is read"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.admission.cv import company, course, jargon, work
from app.admission.cv.contact import Found as FoundContact
from app.admission.cv.made import Made
from app.admission.cv.rows import Row
from app.admission.cv.station import Found, Station

CRITERIA = ("contact", "company_facts", "tasks", "plain_language", "project_list", "currency")
RECENT = 3
MOST_EVIDENCE = 4
LONGEST_QUOTE = 240
JARGON_FROM = 3
FRESH_MONTHS, OLD_MONTHS = 6, 12


@dataclass(frozen=True)
class Quote:
    quote: str
    page: int


@dataclass(frozen=True)
class Judgement:
    """`verdict` is ok, weak or missing; `why` is a key of the texts, with `values` for its places."""

    verdict: str
    why: str
    evidence: list[Quote] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def quoted(row: Row | None, text: str | None = None) -> Quote:
    words = " ".join((text if row is None or text else row.text).replace("\t", " ").split()) if (text or row) else ""  # type: ignore[union-attr]
    if len(words) > LONGEST_QUOTE:
        words = words[: LONGEST_QUOTE - 1].rstrip() + "…"
    return Quote(words, row.page if row is not None else 1)


def recent(stations: list[Station]) -> list[Station]:
    """Return the three latest. Assignments without dates, listed before dated ones, count as the latest."""

    def key(station: Station) -> tuple[int, int, int]:
        period = station.period
        if period is None:
            return (9999 * 12, 0, -station.order)
        end = 9998 * 12 if period.present else period.end.last() if period.end else 0
        return (end, period.start.first() if period.start else 0, -station.order)

    dated = [station for station in stations if station.is_dated]
    undated = [station for station in stations if not station.is_dated]
    late = [station for station in undated if not dated or station.order < dated[0].order or station.section == "projects"]
    rest = sorted(dated, key=key, reverse=True) + [station for station in undated if station not in late]
    return (late + rest)[:RECENT]


def contact(emails: list[FoundContact], phones: list[FoundContact]) -> Judgement:
    evidence = [quoted(one.row, one.text) for one in (*emails[:2], *phones[:2])]
    if emails and phones:
        return Judgement("ok", "contact_ok", evidence)
    if emails:
        return Judgement("weak", "contact_no_phone", evidence)
    if phones:
        return Judgement("weak", "contact_no_email", evidence)
    return Judgement("missing", "contact_none")


def company_facts(stations: list[Station]) -> Judgement:
    latest = recent(stations)
    told = {id(station): company.told(station) for station in stations}
    both = [station for station in latest if told[id(station)].is_both]
    if latest and len(both) * 2 >= len(latest):
        return Judgement("ok", "company_ok", _company_quotes(both, told))
    some = [station for station in stations if told[id(station)].is_any]
    bare = [quoted(station.rows[0]) for station in latest if not told[id(station)].is_both]
    if some:
        industries = any(told[id(station)].industry for station in some)
        sizes = any(told[id(station)].size for station in some)
        why = "company_half" if industries and sizes else "company_no_size" if industries else "company_no_industry"
        return Judgement("weak", why, (_company_quotes(some, told) + bare)[:MOST_EVIDENCE])
    return Judgement("missing", "company_none", bare[:MOST_EVIDENCE])


def _company_quotes(stations: list[Station], told: dict[int, company.Told]) -> list[Quote]:
    rows: list[Row] = []
    for station in stations:
        for row in (told[id(station)].industry, told[id(station)].size):
            if row is not None and row not in rows:
                rows.append(row)
    return [quoted(row) for row in rows[:MOST_EVIDENCE]]


def tasks(stations: list[Station]) -> Judgement:
    latest = recent(stations)
    told = {id(station): work.told(station) for station in stations}
    done = [row for station in latest if (row := told[id(station)]) is not None]
    if latest and len(done) * 2 >= len(latest):
        return Judgement("ok", "tasks_ok", [quoted(row) for row in done[:MOST_EVIDENCE]])
    bare = [quoted(station.rows[0]) for station in latest if told[id(station)] is None]
    some = [row for station in stations if (row := told[id(station)]) is not None]
    if some:
        return Judgement("weak", "tasks_few", ([quoted(row) for row in some[:1]] + bare)[:MOST_EVIDENCE])
    return Judgement("missing", "tasks_none", bare[:MOST_EVIDENCE])


def plain_language(stations: list[Station]) -> Judgement:
    codes = jargon.unexplained(stations)
    if len(codes) < JARGON_FROM:
        return Judgement("ok", "plain_ok")
    rows: list[Row] = []
    for _token, row in codes:
        if row not in rows:
            rows.append(row)
    named = ", ".join(token for token, _row in codes[:6])
    return Judgement("weak", "plain_codes", [quoted(row) for row in rows[:MOST_EVIDENCE]], {"codes": named})


def project_list(found: Found, as_of: date) -> Judgement:
    judged = course.judge(found, as_of)
    evidence = [quoted(station.rows[0]) for station in judged.stations[:MOST_EVIDENCE]]
    return Judgement(judged.verdict, f"list_{judged.why}", evidence)


def currency(latest: str | None, latest_row: Row | None, known_end: str | None, made: Made | None, as_of: date) -> Judgement:
    """`latest` is the last date of the stations, `known_end` the last one that is a date."""
    evidence = ([quoted(made.row)] if made else []) + ([quoted(latest_row)] if latest_row else [])
    known = [_last_month(text) for text in (known_end, made.text if made else None) if text]
    if not known:
        return Judgement("weak", "currency_unknown", evidence)
    months = course.month_of(as_of) - max(known)
    if (
        made is not None
        and len(made.text) == 10
        and max(known) == _last_month(made.text)
        and date.fromisoformat(made.text).day < as_of.day
    ):
        months += _more_than(made.text, as_of)
    if months <= FRESH_MONTHS:
        return Judgement("ok", "currency_ok", evidence)
    if latest == "present" and made is None:
        return Judgement("weak", "currency_unknown", evidence)
    if months <= OLD_MONTHS:
        return Judgement("weak", "currency_months", evidence, {"months": str(months)})
    return Judgement("missing", "currency_old", evidence, {"months": str(months)})


def _last_month(text: str) -> int:
    parts = text.split("-")
    return int(parts[0]) * 12 + (int(parts[1]) if len(parts) > 1 else 12) - 1


def _more_than(made: str, as_of: date) -> int:
    """A day lies a part of a month further back than its month says: only at the limits does that matter."""
    months = course.month_of(as_of) - _last_month(made)
    return 1 if months in (FRESH_MONTHS, OLD_MONTHS) else 0
