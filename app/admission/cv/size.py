"""How big a company is, as a station says it: headcount, turnover, sites or budget, as a number.

Team sizes and project budgets do not count. Source: docs/domain.md, "How a CV is read".
"""

from __future__ import annotations

import re
from functools import cache

from app.admission.cv.beside import bracket_describes, counts_beside
from app.admission.cv.figures import has_size, industries, sentences, sizes
from app.admission.cv.rows import Row
from app.admission.cv.station import LONGEST_HEAD, Station, without_periods
from app.admission.cv.vocabulary import folded, pattern, words

_SIZE_COLUMN = re.compile(
    r"omvang|grootte|grosse|unternehmensgrosse|size|company size|umsatz|turnover|revenue|omzet|kennzahlen|key figures|kerncijfers|mitarbeiter(?:zahl)?|employees|medewerkers|fte"
)


def told(station: Station) -> Row | None:
    for row in (*station.rows, *station.context):
        if _SIZE_COLUMN.fullmatch(row.column) and re.search(r"\d", row.text):
            return row
        if row.line.bullet and row is not station.rows[0] and not _tells_company(row) and not _begins_with_number(row, station):
            continue
        text = without_periods(row)
        if bracket_describes(text) or counts_beside(row, station):
            return row
        names = row.has_title or row.has_legal_form  # a title may hold a word of work: "Projektleiter Verlagerung"
        if row.has_task and not _tells_company(row) and (len(text) > LONGEST_HEAD // 2 or not names):
            if any(has_size(part) for sentence in sentences(text) if (part := _before_work(sentence))):
                return row
        elif has_size(text):
            return row
    return None


def _before_work(sentence: str) -> str:
    """Return a sentence up to the clause that tells of work or of a team."""
    kept = []
    for clause in re.split(r"(,\s|;\s|\s[–—-]\s|\t|:\s|\()", sentence):
        plain = folded(clause)
        found = sizes()[0].search(plain) or sizes()[1].search(plain)
        told = plain[: found.end()] if found else plain
        if pattern("size", "team").search(told) or (pattern("tasks", "words").search(told) and not industries().search(told)):
            break
        kept.append(clause[: len(told)] if found else clause)
        if found and pattern("tasks", "words").search(plain[found.end() :]):
            break
    return "".join(kept)


def _begins_with_number(row: Row, station: Station) -> bool:
    """A first bullet may hold the figures: "• 140 Mio. € Umsatz, 620 Mitarbeiter"."""
    first = next((other for other in station.rows[1:] if other.line.bullet), None)
    return (
        row is first
        and not row.has_task
        and bool(re.match(r"\W*(?:ca\.?|rund|circa|about|approx\.?|uber|over)?\s*[€£$]?\s?\d", row.plain))
    )


@cache
def company_labels() -> re.Pattern[str]:
    labels = "|".join(sorted({re.escape(folded(word)) for word in words("companies", "labels")}, key=len, reverse=True))
    return re.compile(rf"^\W*(?:{labels})\s*(?:/[\w /]+)?:\s*\S")


def _tells_company(row: Row) -> bool:
    """A label says so, or a phrase: "Unternehmen mit 500 Mitarbeitern"."""
    return bool(company_labels().search(row.plain)) or bool(
        re.search(
            r"\b(?:unternehmen|firma|konzern|gruppe|company|group|business|firm|bedrijf|organisatie|concern|hersteller|producent|manufacturer)\w*\s(?:mit|with|met|of|von|van)\s(?:\w+\s){0,2}[€£$]?\s?\d",
            row.plain,
        )
    )
