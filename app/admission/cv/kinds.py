"""Is it a CV at all? A letter, an advertisement, a form or anything else is reported as such and not judged."""

from __future__ import annotations

from app.admission.cv.course import bounds
from app.admission.cv.rows import ELSEWHERE, WORKING, Paper
from app.admission.cv.station import Found, Station
from app.admission.cv.vocabulary import folded, legal_forms, pattern

COURSE_MONTHS = 18  # what lasts as long and names a title or a company is a station, not a course


def kind_of(paper: Paper, found: Found) -> str:
    """Return "cv", "letter", "advertisement", "form" or "other"."""
    rows = paper.rows
    text = "\n".join(row.plain for row in rows)
    dated = sum(1 for station in found.stations if station.is_dated)
    headings = {row.section for row in rows if row.is_heading}
    own = 2 * bool(headings & set(WORKING)) + len(headings & set(ELSEWHERE)) + min(dated, 4)
    if dated >= 4 and headings & set(WORKING):
        return "cv"
    hits = {
        kind: len({match[0] for match in pattern("kind", kind).finditer(text)})
        for kind in ("letter", "advertisement", "form", "other")
    }
    blanks = text.count("____") + text.count("......") + text.count("☐") + text.count("□") + text.count("…………")
    has_name = any(pattern("kind", "cv").search(row.plain) for row in rows[:6])
    if not headings & set(WORKING) and _is_certificate(paper, found, text):
        return "other"
    if _is_letter(text, hits["letter"]) and own < 5:
        return "letter"
    if hits["advertisement"] >= 3 and own < 6 and dated < 2:
        return "advertisement"
    if (blanks >= 4 and dated < 2) or (hits["form"] >= 3 and own < 4):
        return "form"
    if hits["other"] >= 2 and own < 4 and not has_name:
        return "other"
    if any(pattern("kind", "other").search(row.plain) and len(row.text) < 60 for row in rows[:4]) and own < 3:
        return "other"
    if any(row.has_title and len(row.text) < 80 for row in rows[:6]):
        return "cv"
    titles = sum(1 for row in rows if row.has_title)
    if own == 0 and not has_name and titles < 2 and not found.stations:
        return "other"
    return "cv"


def _is_certificate(paper: Paper, found: Found, text: str) -> bool:
    """A certificate of a course: no station of a working life, and its title near the top.

    Its dates are those of the course or of its modules. "Zertifikat" alone also heads a section of a CV: it counts as the very
    first line, else with what a certificate says ("hat teilgenommen").
    """
    top = [_joined(row.plain) for row in paper.rows[:8]]
    if any(pattern("kind", "cv_title").search(line) for line in top) or any(_is_of_work(station) for station in found.stations):
        return False
    title, word = pattern("kind", "certificate"), pattern("kind", "certificate_word")
    if any(title.fullmatch(line) for line in top) or any(word.fullmatch(line) for line in top[:1]):
        return True
    begins = any(len(line) < 60 and (title.match(line) or word.fullmatch(line)) for line in top)
    return begins and bool(pattern("kind", "certified").search(text))


def _is_of_work(station: Station) -> bool:
    """A station that goes on or lasts COURSE_MONTHS, with a title or a company."""
    span = bounds(station.period, 0) if station.period is not None else None
    if span is None or station.period is None:
        return False
    lasts = station.period.present or span[1] - span[0] + 1 >= COURSE_MONTHS
    return lasts and bool(station.title or any(legal_forms().search(row.text) for row in station.rows[:4]))


def _joined(line: str) -> str:
    """Return the line without signs at its ends; letters that were set apart, "Z e r t i f i k a t", as a word."""
    letters = line.split()
    return "".join(letters) if len(letters) > 4 and all(len(one) == 1 for one in letters) else line.strip(" .:–—-|*•")


def _is_letter(text: str, hits: int) -> bool:
    lines = text.split("\n")
    greeting = any(
        line.strip().startswith(
            ("sehr geehrte", "geachte", "dear ", "liebe ", "lieber ", "beste ", "guten tag", "to whom it may")
        )
        and len(line) < 120
        for line in lines
    )
    closing = any(
        folded(end) in line
        for line in lines[-14:]
        for end in (
            "freundlichen Grüßen",
            "freundlichem Gruß",
            "freundliche Grüße",
            "viele Grüße",
            "beste Grüße",
            "vriendelijke groet",
            "hoogachtend",
            "sincerely",
            "faithfully",
            "kind regards",
            "best regards",
            "hartelijke groet",
        )
    )
    return (greeting and (closing or hits >= 3)) or (closing and hits >= 3)
