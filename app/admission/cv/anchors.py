"""Where a dated station begins: at a period in a cell, at the start or the end of a line, or on a line of its own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from app.admission.cv import vocabulary
from app.admission.cv.dates import Period
from app.admission.cv.rows import Row
from app.admission.cv.station import LONGEST_HEAD
from app.admission.cv.vocabulary import folded, pattern


@dataclass
class Anchor:
    row: Row
    period: Period
    rest: str
    alone: bool  # nothing else on the line
    start: int = 0  # place in the list of rows where the block begins


def anchor_of(row: Row, *, bullets: bool) -> Anchor | None:
    if row.is_heading and not (row.periods and "\t" in row.text):
        return None
    if row.is_table_head or not row.periods or (row.line.bullet and not bullets):
        return None
    text = row.text
    if pattern("made", "birth").search(row.plain):
        return None
    found: list[tuple[int, Anchor]] = []
    for period in row.periods:
        rank = _rank(row, period)
        if rank is not None:
            before, after = text[: period.span[0]], text[period.span[1] :]
            rest = (before + "\t" + after).strip(" \t,;:()[]|–—-.•·")
            found.append((rank, Anchor(row, period, rest, alone=not re.search(r"\w", re.sub(_labels(), "", folded(rest))))))
    return min(found, key=lambda one: one[0])[1] if found else None


_NUMBERING = re.compile(r"^\W*\d{1,2}(?:\.\d{1,2})*[.)]?\s+")
_LENGTH = r"\([^()]{0,40}\)|\bca\.|\bcirca\b|\bapprox\.?|\b\d+\+? (?:monate?n?|jahre?n?|months?|years?|maanden|maand|jaar|mos?|yrs?)\b\.?"


def _rank(row: Row, period: Period) -> int | None:
    """Return how surely a period dates a station, 0 the surest; None where it does not: a cell, the start, the end, within."""
    text = row.text
    before, after = text[: period.span[0]], text[period.span[1] :]
    cell = before.rpartition("\t")[2] + " " + after.partition("\t")[0]
    is_cell = not re.search(r"\w", re.sub(_LENGTH + "|" + _labels(), "", folded(cell)))
    at_start = not re.search(r"\w", re.sub(_labels(), "", folded(_NUMBERING.sub("", before))))
    at_end = not re.search(r"\w", re.sub(_LENGTH, "", folded(after)))
    words = text[slice(*period.span)]
    if period.single:
        if re.match(r"\d{1,2}\.\s?\d{1,2}\.", words.strip()):
            return None  # a day is no station
        if is_cell and (not re.search(r"\w", before + after) or "\t" in text or row.line.row):
            return 4
        return 6 if at_start and len(text) <= LONGEST_HEAD and (row.has_title or row.has_legal_form) else None
    if is_cell:
        return 0
    if at_start:
        return 1
    if period.since and re.search(r"\(\s*$", before) and re.match(r"\s*\)", after) and row.has_title:
        return 2
    if period.since and not (re.search(r"[,(|·:;–—-]\s*$", before) and at_end and (row.has_title or row.has_legal_form)):
        return None  # "ab 2009 Werksleiterin" within a line tells a step, not a station
    if at_end and (len(text) <= 200 or re.search(r"\(\s*$", before)):
        return 2
    if row.is_sentence:
        return 3
    in_brackets = re.search(r"[\[(]\s*$", before) and re.match(r"\s*[\])]", after)
    if in_brackets and len(before) <= LONGEST_HEAD and (row.has_title or row.has_legal_form):
        return 3
    if (
        len(text) <= LONGEST_HEAD
        and (row.has_title or row.has_legal_form)
        and not row.has_task
        and re.search(r"[,(|·:–—-]\s*$", before)
    ):
        return 3
    return None


def _labels() -> str:
    return r"\b(?:" + "|".join(re.escape(folded(word)) for word in vocabulary.words("dates", "labels")) + r")\b"


def is_date_label(row: Row) -> bool:
    """Tell "Zeit" or "Period" on a line of its own."""
    return bool(re.fullmatch(_labels(), row.plain.strip(" :")))


def anchors_in(rows: list[Row]) -> list[Anchor]:
    """Return where stations begin: at plain lines; at bullets too, where no station above them covers their time."""
    plain = _surest([anchor for row in rows if (anchor := anchor_of(row, bullets=False))])
    marked = _surest([anchor for row in rows if (anchor := anchor_of(row, bullets=True))])
    if len(plain) >= 2:
        own = {anchor.row.number for anchor in plain}
        return [anchor for anchor in marked if anchor.row.number in own or _is_listed(anchor, plain)]
    return marked if len(marked) > len(plain) + 1 else plain


def _surest(anchors: list[Anchor]) -> list[Anchor]:
    """Of a row of a table that has a year in one cell and a whole period in another, only the latter."""
    whole = {anchor.row.line.row for anchor in anchors if anchor.row.line.row and not anchor.period.single}
    return [anchor for anchor in anchors if not (anchor.period.single and anchor.row.line.row in whole)]


def _is_listed(anchor: Anchor, plain: list[Anchor]) -> bool:
    """A bullet that begins with a period and a title or company is a station, unless the one above it spans that time."""
    period = anchor.period
    if period.single or period.since or period.span[0] > 4 or period.start is None:
        return False
    if not (pattern("titles", "words").search(folded(anchor.rest)) or vocabulary.legal_forms().search(anchor.rest)):
        return False
    above = [one for one in plain if one.row.number < anchor.row.number]
    last = above[-1].period if above else None
    if last is None or last.start is None:
        return False
    return period.start.first() < last.start.first() or (last.end is not None and period.start.first() > last.end.last())


def row_mates(row: Row, rows: list[Row]) -> list[Row]:
    if not row.line.row:
        return []
    return [other for other in rows if other.line.row == row.line.row and other is not row]


def place_starts(anchors: list[Anchor], rows: list[Row]) -> None:
    """Say of each anchor where its block begins: at the date, at the row of its table, or above at title or company."""
    places = {row.number: index for index, row in enumerate(rows)}
    numbers = {anchor.row.number for anchor in anchors}
    by_row = Counter(anchor.row.line.row for anchor in anchors if anchor.row.line.row)
    for anchor in anchors:
        anchor.start = places[anchor.row.number]
        if by_row[anchor.row.line.row] == 1:
            anchor.start = _first_of_row(anchor.row, rows, anchor.start, numbers)
    if _take_trailing(anchors, rows, places):
        return
    _take_head_row(anchors, rows, places, numbers)
    _take_labelled(anchors, rows)
    free = [
        anchor
        for anchor in anchors
        if anchor.start == places[anchor.row.number] and not (by_row[anchor.row.line.row] == 1 and row_mates(anchor.row, rows))
    ]
    if free:
        _take_title_above(free, rows, places, numbers)


def _first_of_row(row: Row, rows: list[Row], index: int, numbers: set[int]) -> int:
    """Return where the row of a table begins that this cell is of, other dates aside."""
    while index > 0 and rows[index - 1].line.row == row.line.row and rows[index - 1].number not in numbers:
        index -= 1
    return index


def _take_title_above(free: list[Anchor], rows: list[Row], places: dict[int, int], numbers: set[int]) -> None:
    """Tell from most of the stations whether titles stand above the dates or below, and take them in."""
    backs = [_back(rows, places[anchor.row.number], numbers) for anchor in free]
    titles_before = titles_after = 0
    for anchor, back in zip(free, backs, strict=True):
        index = places[anchor.row.number]
        ahead = [
            row for row in rows[index + 1 : index + 3] if not row.line.bullet and not row.is_heading and row.number not in numbers
        ]
        if pattern("titles", "words").search(folded(anchor.rest)):
            titles_after += 1
        elif any(row.has_title for row in rows[back:index]):
            titles_before += 1
        elif any(row.has_title for row in ahead):
            titles_after += 1
    _take_company_above(free, rows, places, numbers)
    # The first date of a section right under its heading: dates come first.
    under = sum(1 for anchor in free if (i := places[anchor.row.number]) > 0 and rows[i - 1].is_heading)
    if titles_before > titles_after or (titles_before == titles_after > 0 and not under):
        for anchor, back in zip(free, backs, strict=True):
            if not pattern("titles", "words").search(folded(anchor.rest)):
                anchor.start = back


def _take_trailing(anchors: list[Anchor], rows: list[Row], places: dict[int, int]) -> bool:
    """Where each period stands alone under all that it dates, a station ends with it; say whether it is so."""
    if len(anchors) < 3 or not all(anchor.alone and not anchor.row.line.row and not anchor.period.single for anchor in anchors):
        return False
    at = [places[anchor.row.number] for anchor in anchors]
    follows = [rows[index + 1] for index in at if index + 1 < len(rows) and not rows[index + 1].is_heading]
    heads = sum(1 for row in follows if row.line.strong)
    before = [rows[index - 1] for index in at if index]
    told = sum(1 for row in before if not row.line.strong and not row.has_title)
    last = at[-1] + 1 == len(rows) or rows[at[-1] + 1].is_heading or rows[at[-1] + 1].section != rows[at[-1]].section
    if heads < len(follows) or told * 2 < len(at) or not last:
        return False
    for number, anchor in enumerate(anchors):
        first = at[number - 1] + 1 if number else at[0]
        while not number and first > 0 and at[0] - first < 6 and not rows[first - 1].is_heading:
            first -= 1
            if rows[first].line.strong:
                break
        anchor.start = first
    return True


def _take_labelled(anchors: list[Anchor], rows: list[Row]) -> None:
    """Below a head, lines of label and value, one of them the time: the station begins at the head, set larger."""
    for anchor in anchors:
        index = anchor.start
        if not index or not is_date_label(rows[index - 1]) or anchor.row.line.row:
            continue
        for at in range(index - 2, max(-1, index - 9), -1):
            head = rows[at]
            if head.is_heading or head.page != anchor.row.page or head.periods:
                break
            if head.line.size > anchor.row.line.size * 1.08 and head.has_title:
                anchor.start = at
                break


def _take_head_row(anchors: list[Anchor], rows: list[Row], places: dict[int, int], numbers: set[int]) -> None:
    """Where a table gives each station a row of one cell and then rows of label and value, the station begins at the former."""
    found = []
    for anchor in anchors:
        index = anchor.start
        if not anchor.row.line.row or anchor.row.cells_in_row != 2 or not index:
            continue
        above = rows[index - 1]
        is_head = above.cells_in_row == 1 and above.line.cell == 0 and above.number not in numbers
        if is_head and above.line.row == anchor.row.line.row - 1:
            found.append((anchor, index - 1))
    if len(found) >= 2 and len(found) * 10 >= 6 * len(anchors):
        for anchor, index in found:
            anchor.start = index


def _take_company_above(anchors: list[Anchor], rows: list[Row], places: dict[int, int], numbers: set[int]) -> None:
    """Where title and date share a line, the company may stand on the line above, for each station or for none."""
    fitting = []
    for anchor in anchors:
        index = places[anchor.row.number]
        if index == 0 or not pattern("titles", "words").search(folded(anchor.rest)) or anchor.row.has_legal_form:
            continue
        above = rows[index - 1]
        apart = above.line.strong or above.line.gap or (index > 1 and (rows[index - 2].line.bullet or rows[index - 2].is_heading))
        fits = (
            apart
            and not (above.is_heading or above.line.bullet or above.has_title or above.has_task)
            and above.number not in numbers
            and len(above.text) <= LONGEST_HEAD
            and above.section == anchor.row.section
            and not above.text.rstrip().endswith((".", "!", ":"))
            and not anchor.row.line.gap
        )
        if fits:
            fitting.append((anchor, index))
    first = places[anchors[0].row.number]
    begins = first > 1 and rows[first - 2].is_heading and not rows[first - 1].is_heading
    if len(fitting) >= 2 and ((begins and len(fitting) * 10 >= 6 * len(anchors)) or len(fitting) == len(anchors) > 2):
        for anchor, index in fitting:
            anchor.start = index - 1


def _back(rows: list[Row], index: int, anchors: set[int]) -> int:
    """Return where the block of a date begins if its title stands above it: at most three lines up."""
    at = index
    if rows[index].line.gap and index + 1 < len(rows) and not rows[index + 1].line.gap and not rows[index + 1].line.bullet:
        return index  # white space above and none below: the date belongs to what follows
    while at > 0 and index - at < 3:
        above = rows[at - 1]
        if (
            above.is_heading
            or above.line.bullet
            or above.number in anchors
            or len(above.text) > LONGEST_HEAD
            or above.section != rows[index].section
        ):
            break
        if above.has_task and not above.has_title and not above.line.strong:
            break
        if rows[at].line.gap and at != index:
            break
        at -= 1
        if rows[at].line.gap or rows[at].line.strong:
            break
    return at
