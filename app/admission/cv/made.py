"""The day on which a paper says it was made or last changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.admission.cv.dates import Day, Period, days
from app.admission.cv.rows import Paper, Row
from app.admission.cv.vocabulary import folded, pattern

LONGEST = 160
EARLIEST = "2000"
# What may stand between the word and the day: small words, a place.
_BETWEEN = re.compile(r"[^\W\d]*\s?(?:\d{1,2}(?:\.\d{1,2})?\s?)?[^\d\t|]{0,32}")
_PLACE = re.compile(
    r"\s*['’]?[A-Za-zÀ-ž][A-Za-zÀ-ž .()/'’-]{1,34}?\s*(?:[,–—|/-]|\b(?:den|im|in|am|op|the|on|de)\b)?\s*(?:den|im|in|am|op|the|on|de)?\s*"
)
_APART = re.compile(r"\t| \| | · | • | // | – ")
_NAME = re.compile(r"[\s,;./|–-]*(?:gez\.?|signed|w\.g\.)?[\s:.]*(?:[A-ZÀ-Ž][\w.'’-]*[\s,]*){0,5}\s*")


@dataclass(frozen=True)
class Made:
    text: str  # YYYY-MM-DD or YYYY-MM
    row: Row


def made_on(paper: Paper, last_end: str | None) -> Made | None:
    """Return the day: named by a word such as "Stand", or a place and a day at an end of the paper, as under a letter.

    `last_end` is the last date of a station (YYYY-MM or YYYY): a day without a name that lies before it is another one.
    """
    named: list[Made] = []
    placed: list[Made] = []
    body = paper.body
    near = {row.number for row in body[-6:]} | {row.number for row in body[:4]}
    end = {row.number for row in body[-2:]} | {row.number for row in body[:4]}
    for index, row in enumerate(paper.rows):
        found = days(row.text) if len(row.text) <= LONGEST or "\t" in row.text[-60:] else []
        for day in found:
            if day.text < EARLIEST or any(_is_period(row, one) and _inside(day, one.span) for one in row.periods):
                continue
            if _is_named(row, day) or (
                index and len(found) == 1 and _is_label(paper.rows[index - 1]) and _stands_alone(row, day)
            ):
                named.append(Made(day.text, row))
            elif pattern("made", "not").search(row.plain) or not (row.number in near or row.is_margin):
                continue
            elif _has_place(row, day) or (_stands_alone(row, day) and (day.has_day or row.is_margin or row.number in end)):
                placed.append(Made(day.text, row))
    placed = [one for one in placed if last_end is None or one.text >= last_end[:4]]
    for choice in (named, placed):
        if choice:
            return max(choice, key=lambda one: one.text)
    return None


def _is_period(row: Row, period: Period) -> bool:
    """ "As of October 2026" begins no period where it begins the line."""
    if period.single:
        return False
    words = folded(row.text[slice(*period.span)])
    return not (period.present and pattern("made", "words").match(words))


def _inside(day: Day, span: tuple[int, int]) -> bool:
    return span[0] <= day.span[0] and day.span[1] <= span[1]


def _is_named(row: Row, day: Day) -> bool:
    """A word of making right before the day, or right after it as in "wurde im Oktober 2026 erstellt"."""
    if row.line.bullet and len(row.text) > 60:
        return False
    before, after = folded(row.text[: day.span[0]]), folded(row.text[day.span[1] :])
    other = pattern("made", "not").search(before)
    strong = [match for match in pattern("made", "words").finditer(before) if _BETWEEN.fullmatch(before[match.end() :])]
    if strong and other is None:
        return True
    if other is None and re.match(r"\W{0,3}(?:\w+\W){0,2}$", after[:30] or "") is None:
        following = pattern("made", "words").search(after[:30])
        if following and re.search(r"\b(?:wurde|werd|was|is|ist|lebenslauf|cv|profil\w*)\b", before):
            return True
    weak = [match for match in pattern("made", "weak").finditer(before) if _BETWEEN.fullmatch(before[match.end() :])]
    if weak and other is None and before[weak[-1].end() :].strip() == ":":
        return True  # "… · Version: November 2026"
    return (
        bool(weak)
        and other is None
        and weak[-1].start() < 40
        and not row.has_title
        and row.section not in ("training", "publications")
    )


def _is_label(row: Row) -> bool:
    return len(row.text) < 30 and bool(pattern("made", "words", "weak").search(row.plain)) and not row.periods


def _cells(row: Row, day: Day) -> tuple[str, str]:
    """Return what stands before and after the day in its part of the line."""
    before, after = row.text[: day.span[0]], row.text[day.span[1] :]
    return _APART.split(before)[-1], _APART.split(after)[0]


def _stands_alone(row: Row, day: Day) -> bool:
    before, after = _cells(row, day)
    return not re.search(r"\w", before) and not re.search(r"\w", after)


def _has_place(row: Row, day: Day) -> bool:
    """A place before the day or after it, a name at most behind: "Hamburg, den 15.10.2026 gez. Anna Muster"."""
    before, after = _cells(row, day)
    if pattern("titles", "words").search(folded(before + after)) or (row.has_legal_form and "|" not in row.text):
        return False
    if _PLACE.fullmatch(before):
        return bool(_NAME.fullmatch(after)) and len(before.split()) <= 6
    return day.has_day and not re.search(r"\w", before) and bool(re.fullmatch(r"\s*,\s*[A-ZÀ-Ž][\w .'’-]{2,30}", after))
