"""The day on which a paper says it was made or last changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.admission.cv.dates import Day, days
from app.admission.cv.rows import Paper, Row
from app.admission.cv.vocabulary import folded, pattern

_PLACE_AND_DAY = re.compile(r"[A-Za-zÀ-ž][\w .()/'-]{1,40},?\s*(?:den|im|am|op|the|on|de)?\s*$")


@dataclass(frozen=True)
class Made:
    text: str  # YYYY-MM-DD or YYYY-MM
    row: Row


def made_on(paper: Paper) -> Made | None:
    """Return the day: named by a word such as "Stand", or a place and a day at an end of the paper, as under a letter."""
    named: list[Made] = []
    placed: list[Made] = []
    body = paper.body
    last = {row.number for row in body[-6:]} | {row.number for row in body[:4]}
    end = {row.number for row in body[-2:]}
    for index, row in enumerate(paper.rows):
        found = days(row.text)
        if not found or len(row.text) > 160:
            continue
        if pattern("made", "not").search(row.plain) and not pattern("made", "words").search(row.plain):
            continue
        for day in found:
            before = folded(row.text[: day.span[0]])
            if _is_named(before, row, day):
                named.append(Made(day.text, row))
            elif (row.number in last or row.is_margin) and _stands_alone(row, day, at_end=row.number in end):
                placed.append(Made(day.text, row))
            elif index and day.span[0] < 3 and len(found) == 1 and _is_label(paper.rows[index - 1]) and not row.has_title:
                named.append(Made(day.text, row))
    for choice in (named, placed):
        if choice:
            return max(choice, key=lambda one: one.text)
    return None


def _is_named(before: str, row: Row, day: Day) -> bool:
    """A word of making right before the day, with little between them."""
    found = list(pattern("made", "words").finditer(before))
    if not found:
        return False
    match = found[-1]
    between = before[match.end() :]
    if len(between) > 18 or re.search(r"\d{3}", between):
        return False
    if (row.section in ("education", "training", "publications") and match.start() > 3) or row.line.bullet:
        return False
    period = any(one.span[0] <= day.span[0] and day.span[1] <= one.span[1] and not one.single for one in row.periods)
    return not period


def _is_label(row: Row) -> bool:
    return len(row.text) < 30 and bool(pattern("made", "words").search(row.plain)) and not row.periods


def _stands_alone(row: Row, day: Day, *, at_end: bool) -> bool:
    before, after = row.text[: day.span[0]], row.text[day.span[1] :]
    before_cell, after_cell = re.split(r"\t| \| | · | • ", before)[-1], re.split(r"\t| \| | · | • ", after)[0]
    if any(not one.single for one in row.periods):
        return False
    if re.search(r"\w", after_cell) and not re.match(r"\W*(?:gez\.?|signed|w\.g\.)", folded(after_cell)):
        return False
    if row.is_margin and not re.search(r"\w", before_cell):
        return True
    if not re.search(r"\w", before_cell):
        return day.has_day and (at_end or row.section not in ("education", "training", "publications"))
    if not _PLACE_AND_DAY.match(before_cell) or len(before_cell.split()) > 4 or row.has_title:
        return False
    return "," in before_cell or day.has_day
