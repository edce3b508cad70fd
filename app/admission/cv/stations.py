"""Stations: each employment, assignment or project of the working life, with its lines.

A station begins where a period stands at the start or the end of a line, in a cell of a table, or on a line of its own
above or below the title. What has no dates is told by titles: the rows of a table, or the heads of blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from app.admission.cv import vocabulary
from app.admission.cv.dates import Period
from app.admission.cv.rows import ELSEWHERE, WORKING, Paper, Row
from app.admission.cv.vocabulary import folded, pattern

LONGEST_HEAD = 120
SEPARATORS = re.compile(
    r"\t|,\s|;\s|\s[·|•]\s|\s[-–—]\s|\(|\)|:\s|" + vocabulary.STOP + r"\s(?=[A-ZÄÖÜ€£\d])|\s/\s|\sat\s|\sbei\s|\sbij\s|@\s"
)


@dataclass
class Station:
    """One station with the rows that tell of it, the first being where it begins."""

    rows: list[Row]
    period: Period | None
    head: str  # the first line without the period
    section: str
    inline: bool = False  # named in a running line, nothing else told
    order: int = 0
    context: list[Row] = field(default_factory=list)  # the employer's line above several stations

    @property
    def is_dated(self) -> bool:
        return self.period is not None and self.period.is_dated

    @cached_property
    def segments(self) -> list[tuple[str, Row]]:
        """The pieces of its lines, bullets left out, the period taken away."""
        found = []
        for row in self.rows:
            if row.line.bullet and row is not self.rows[0]:
                continue
            for piece in SEPARATORS.split(without_periods(row)):
                if piece and piece.strip(" ,;:()-–—|•·.\t"):
                    found.append((piece.strip(" ,;:()-–—|•·\t"), row))
        return found

    @cached_property
    def title(self) -> str:
        return next((piece for piece, _row in self.segments if pattern("titles", "words").search(folded(piece))), "")

    @cached_property
    def organisation(self) -> str | None:
        """The company's name, as well as it can be told: by its legal form, or as what stands beside the title."""
        heads = [(piece, row) for piece, row in self.segments if len(piece) <= 80][:8]
        for row in [*self.rows[:5], *self.context]:
            if row.line.bullet and row is not self.rows[0]:
                continue
            name = _with_legal_form(without_periods(row))
            if name:
                return name
        for piece, _row in heads:
            plain = folded(piece)
            if (
                pattern("titles", "words").search(plain)
                or pattern("tasks", "words").search(plain)
                or not re.search(r"[A-Za-zÄÖÜäöü]{3}", piece)
            ):
                continue
            if pattern("tasks", "reporting").search(plain) or re.fullmatch(r"(?:ad )?interim|a\. ?i\.?|auf zeit|m/w/d", plain):
                continue
            return piece
        return None


@dataclass
class Found:
    """The stations of a paper in its order, and the dated breaks and studies that fill gaps between them."""

    stations: list[Station] = field(default_factory=list)
    fillers: list[Period] = field(default_factory=list)
    containers: list[Station] = field(default_factory=list)  # lines that only bear the stations listed under them


def without_periods(row: Row) -> str:
    text = row.text
    for period in reversed(row.periods):
        if not period.single or period is (row.periods[0] if row.periods else None):
            text = text[: period.span[0]] + "\t" + text[period.span[1] :]
    return text


def _with_legal_form(text: str) -> str | None:
    found = list(vocabulary.legal_forms().finditer(text))
    if not found:
        return None
    match = found[-1]
    before = text[: match.end()]
    # "& Co. KG" and commas within a name aside, a name does not reach over a separator.
    start = max(
        (
            m.end()
            for m in re.finditer(
                r"\t|,\s|;\s|\s[·|•]\s|\s[-–—]\s|\(|:\s|\sat\s|\sbei\s(?:der\s)?|\bbij\s", before[: match.start()]
            )
        ),
        default=0,
    )
    name = before[start:].strip(" ,;:()-–—|•·")
    if not re.search(r"\w{2}", name[: -len(match[0])] if name.endswith(match[0]) else name):
        return None
    return name if 3 <= len(name) <= 90 else None


# Anchors ------------------------------------------------------------------------------------------------------


@dataclass
class _Anchor:
    row: Row
    period: Period
    rest: str
    alone: bool  # nothing else on the line
    start: int = 0  # place in the list of rows where the block begins


def _anchor_of(row: Row, *, bullets: bool) -> _Anchor | None:
    if row.is_heading and not (row.periods and "\t" in row.text):
        return None
    if row.is_table_head or not row.periods or (row.line.bullet and not bullets):
        return None
    text = row.text
    if pattern("made", "not").search(row.plain):
        return None
    found: list[tuple[int, _Anchor]] = []
    for period in row.periods:
        rank = _rank(row, period)
        if rank is not None:
            before, after = text[: period.span[0]], text[period.span[1] :]
            rest = (before + "\t" + after).strip(" \t,;:()[]|–—-.•·")
            found.append((rank, _Anchor(row, period, rest, alone=not re.search(r"\w", re.sub(_labels(), "", folded(rest))))))
    return min(found, key=lambda one: one[0])[1] if found else None


_LENGTH = r"\([^()]{0,40}\)|\bca\.|\bcirca\b|\bapprox\.?|\b\d+\+? (?:monate?n?|jahre?n?|months?|years?|maanden|maand|jaar|mos?|yrs?)\b\.?"


def _rank(row: Row, period: Period) -> int | None:
    """Return how surely a period dates a station, 0 the surest; None where it does not: a cell, the start, the end, within."""
    text = row.text
    before, after = text[: period.span[0]], text[period.span[1] :]
    cell = before.rpartition("\t")[2] + " " + after.partition("\t")[0]
    is_cell = not re.search(r"\w", re.sub(_LENGTH + "|" + _labels(), "", folded(cell)))
    at_start = not re.search(r"\w", re.sub(_labels(), "", folded(before)))
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
    if period.since and not (re.search(r"[,(|·:;–—-]\s*$", before) and at_end and (row.has_title or row.has_legal_form)):
        return None  # "ab 2009 Werksleiterin" within a line tells a step, not a station
    if at_end and len(text) <= 200:
        return 2
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


def find(paper: Paper) -> Found:
    """Return stations and fillers. Order is that of the paper."""
    found = Found()
    rows = paper.body
    wanted = [row for row in rows if row.section in WORKING]
    wanted = sorted(wanted + _working_elsewhere(rows), key=lambda row: row.number)
    anchors = _anchors(wanted)
    if len(anchors) < 2:
        loose = [row for row in rows if row.section not in ELSEWHERE]
        more = _anchors(loose)
        if len(more) > len(anchors):
            wanted, anchors = loose, more
    if not anchors and not paper.has_working_section:
        wanted = [row for row in rows if row.section not in ELSEWHERE]
    _fill(found, rows)
    anchors = [anchor for anchor in anchors if not _is_elsewhere(anchor, wanted, found)]
    _place_starts(anchors, wanted)
    taken = _dated_blocks(found, anchors, wanted, paper)
    _undated_blocks(found, [row for row in wanted if row.number not in taken], paper, has_dated=bool(anchors))
    _inline_list(found, rows)
    _set_containers_aside(found)
    for number, station in enumerate(found.stations):
        station.order = number
    return found


def _anchors(rows: list[Row]) -> list[_Anchor]:
    plain = [anchor for row in rows if (anchor := _anchor_of(row, bullets=False))]
    if len(plain) >= 2:
        return plain
    marked = [anchor for row in rows if (anchor := _anchor_of(row, bullets=True))]
    return marked if len(marked) > len(plain) + 1 else plain


def _working_elsewhere(rows: list[Row]) -> list[Row]:
    """Return the lines under headings that we do not know where dates, titles and companies stand as in a list of stations."""
    if not any(row.section in WORKING for row in rows):
        return []
    groups: dict[int, list[Row]] = {}
    number = 0
    for row in rows:
        number += row.is_heading
        if row.section in ("other", "profile", "skills", ""):
            groups.setdefault(number, []).append(row)
    found: list[Row] = []
    for group in groups.values():
        anchors = [anchor for anchor in _anchors(group) if not anchor.period.single]
        telling = 0
        for anchor in anchors:
            index = group.index(anchor.row)
            near = [*group[max(0, index - 1) : index + 3], *_row_mates(anchor.row, group)]
            title = any(row.has_title for row in near)
            telling += title + (title and any(row.has_legal_form for row in near))
        if telling >= 2:
            found += group
    return found


def _fill(found: Found, rows: list[Row]) -> None:
    """Note dated study; breaks are noted where they stand among the stations."""
    for row in rows:
        if row.section in ("education", "training"):
            found.fillers += [period for period in row.periods if not period.single or row.section == "education"]


def _is_elsewhere(anchor: _Anchor, rows: list[Row], found: Found) -> bool:
    """Tell study, breaks and volunteering from stations; what fills a gap is noted."""
    text = anchor.rest
    if anchor.alone:
        index = rows.index(anchor.row)
        nearby = _row_mates(anchor.row, rows) or rows[index + 1 : index + 2]
        text = " ".join(row.text for row in nearby if not row.line.bullet)[:200]
    elif anchor.row.line.row:
        text += " " + " ".join(row.text for row in _row_mates(anchor.row, rows))[:150]
    plain = folded(text)
    has_title = bool(pattern("titles", "words").search(plain))
    breaks = pattern("working", "breaks").search(plain)
    if breaks and (not has_title or breaks.start() < 4):
        found.fillers.append(anchor.period)
        return True
    if re.match(
        r"\W*(?:dipl|bachelor|master|mba|ph\.?d|magister|b\.?sc|m\.?sc|staatsexamen|abitur|doctor|promotion)", plain
    ) and re.search(r"universit|hochschul|college|school|\bfh\b|\btu\b|fachhoch|akademie|academy|institut", plain):
        found.fillers.append(anchor.period)
        return True
    if pattern("working", "education_words").search(plain) and (
        not has_title
        or re.match(r"\W*(?:studium|student|ausbildung|lehre|promotion|mba|bachelor|master|msc|studie|opleiding|degree)", plain)
    ):
        found.fillers.append(anchor.period)
        return True
    if re.search(r"ehrenamt|schoff|vrijwillig|volunt|honorary|pro bono|onbezoldigd|unpaid", plain):
        return True
    return (
        bool(pattern("working", "volunteer_words").search(plain)) and not has_title and not vocabulary.legal_forms().search(text)
    )


def _row_mates(row: Row, rows: list[Row]) -> list[Row]:
    if not row.line.row:
        return []
    return [other for other in rows if other.line.row == row.line.row and other is not row]


def _place_starts(anchors: list[_Anchor], rows: list[Row]) -> None:
    places = {row.number: index for index, row in enumerate(rows)}
    by_row: dict[int, int] = {}
    for anchor in anchors:
        if anchor.row.line.row:
            by_row[anchor.row.line.row] = by_row.get(anchor.row.line.row, 0) + 1
    numbers = {anchor.row.number for anchor in anchors}
    for anchor in anchors:
        anchor.start = places[anchor.row.number]
        if anchor.row.line.row and by_row[anchor.row.line.row] == 1:
            first = anchor.start
            while first > 0 and rows[first - 1].line.row == anchor.row.line.row and rows[first - 1].number not in numbers:
                first -= 1
            anchor.start = first
    free = [
        anchor
        for anchor in anchors
        if not (anchor.row.line.row and by_row[anchor.row.line.row] == 1 and _row_mates(anchor.row, rows))
    ]
    if not free:
        return
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
        elif any(row.has_title for row in ahead[:1]) or (ahead and any(row.has_title for row in ahead)):
            titles_after += 1
    _take_company_above(free, rows, places, numbers)
    # The first date of a section right under its heading: dates come first.
    under = sum(1 for anchor in free if (i := places[anchor.row.number]) > 0 and rows[i - 1].is_heading)
    if titles_before > titles_after or (titles_before == titles_after > 0 and not under):
        for anchor, back in zip(free, backs, strict=True):
            if not pattern("titles", "words").search(folded(anchor.rest)):
                anchor.start = back


def _take_company_above(anchors: list[_Anchor], rows: list[Row], places: dict[int, int], numbers: set[int]) -> None:
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
    if len(fitting) >= 2 and begins and len(fitting) * 10 >= 6 * len(anchors):
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


def _dated_blocks(found: Found, anchors: list[_Anchor], rows: list[Row], paper: Paper) -> set[int]:
    taken: set[int] = set()
    starts = sorted({anchor.start for anchor in anchors})
    for anchor in anchors:
        later = [start for start in starts if start > anchor.start]
        end = later[0] if later else len(rows)
        block: list[Row] = []
        for row in rows[anchor.start : end]:
            if row.is_heading and row is not anchor.row and block:
                break
            if row.section != rows[anchor.start].section and row is not anchor.row and block and row.section in ELSEWHERE:
                break
            if not row.is_heading or row is anchor.row:
                block.append(row)
        taken |= {row.number for row in block}
        found.stations.append(Station(block, anchor.period, anchor.rest, anchor.row.section))
    return taken


# Without dates ------------------------------------------------------------------------------------------------


def _undated_blocks(found: Found, rows: list[Row], paper: Paper, *, has_dated: bool) -> None:
    """Find stations that bear no dates: in a section of their own, or anywhere where nothing is dated at all."""
    groups: list[list[Row]] = []
    section = None
    for row in rows:
        if row.is_heading or row.section != section:
            groups.append([])
            section = row.section
        if not row.is_heading:
            groups[-1].append(row)
    fresh: list[Station] = []
    for group in groups:
        if not group or (has_dated and group[0].section not in WORKING):
            continue
        if any(
            station.section == group[0].section and station.is_dated and abs(station.rows[0].number - group[-1].number) < 4
            for station in found.stations
        ):
            continue  # what stands above the first date of a list
        more = _in_tables(group, paper) or _in_heads(group, strict=group[0].section not in WORKING)
        fresh += more if len(more) > 1 or not has_dated else []
    if not fresh and not found.stations:
        for number, group in enumerate(groups):
            # Without any heading the first lines are the name and what the person is.
            fresh += _in_heads(group if number else group[4:], strict=False) if len(groups) == 1 or number else []
    if has_dated or fresh:
        found.stations = sorted(found.stations + fresh, key=lambda station: station.rows[0].number)


def _in_tables(rows: list[Row], paper: Paper) -> list[Station]:
    found = []
    numbers = {row.number for row in rows}
    seen: set[int] = set()
    for row in rows:
        key = row.line.row
        if not key or key in seen or row.is_table_head:
            continue
        seen.add(key)
        inside = [other for other in paper.table_rows[key] if other.number in numbers]
        if len({other.line.cell for other in inside}) < 2 and not any("\t" in other.text for other in inside):
            continue
        heads = [other for other in inside if other.has_title and not other.line.bullet and len(other.text) <= LONGEST_HEAD]
        if heads and "@" not in " ".join(other.text for other in inside):
            found.append(Station(inside, None, heads[0].text, row.section))
    return found if len(found) >= 2 else []


def _begins_with_title(row: Row) -> bool:
    """A title within the first words, before any word of work."""
    match = pattern("titles", "words").search(row.plain)
    if match is None or len(row.plain[: match.start()].split()) > 4:
        return False
    work = pattern("tasks", "words").search(row.plain)
    return work is None or match.start() <= work.start()


def _is_head(row: Row) -> bool:
    if row.line.bullet or "@" in row.text or not row.has_title:
        return False
    if vocabulary.sections().get(folded(row.text.partition(":")[0]).strip()):
        return False  # "CV in brief: …"
    if len(row.text) > LONGEST_HEAD or re.search(r"[a-zäöü]{3}[.!?]$", row.text):
        # All of it in one paragraph: "Interim CEO – Northgate Pumps Ltd: Introduced weekly cash planning."
        return (
            _begins_with_title(row)
            and bool(re.match(r".{3,90}?(?:,\s|\s[–—-]\s|\s\(|:\s|\s\|)", row.text))
            and len(row.text) > 50
        )
    return row.line.strong or _begins_with_title(row)


def _in_heads(rows: list[Row], *, strict: bool) -> list[Station]:
    heads = [row for row in rows if _is_head(row)]
    strong = [row for row in heads if row.line.strong or row.line.level]
    if len(strong) >= 2:
        heads = strong
    if strict:
        heads = [row for row in heads if row.line.strong]
        if len(heads) < 2:
            return []
    if not heads:
        bullets = [row for row in rows if row.line.bullet]
        marked = [row for row in bullets if _begins_with_title(row)]
        enough = len(marked) >= 2 and len(marked) * 10 >= 6 * len(bullets) and not strict
        return [Station([row], None, row.text, row.section) for row in marked] if enough else []
    starts = _lifted([rows.index(row) for row in heads], rows)
    return [
        Station(rows[start:end], None, row.text, row.section)
        for row, start, end in zip(heads, starts, [*starts[1:], len(rows)], strict=True)
    ]


def _lifted(starts: list[int], rows: list[Row]) -> list[int]:
    """Where the company stands above the title for most stations, a station begins with its company."""

    def has_company_above(start: int) -> bool:
        above = rows[start - 1] if start else None
        return (
            above is not None
            and (above.line.strong or above.line.gap)
            and not above.line.bullet
            and not above.has_role
            and len(above.text) <= LONGEST_HEAD
        )

    fitting = [start for start in starts if has_company_above(start)]
    if len(fitting) * 10 < 6 * len(starts) or 0 in starts:
        return starts
    return [start - 1 if start in fitting else start for start in starts]


def _inline_list(found: Found, rows: list[Row]) -> None:
    """Read stations out of one running line, where there are no others: "CV in brief: Sales Manager, CEO, Interim CEO"."""
    if found.stations:
        return
    for row in rows:
        head, colon, rest = row.text.partition(":")
        if not colon or vocabulary.sections().get(folded(head).strip()) not in WORKING:
            continue
        first = re.split(r"\.\s", rest)[0]
        for piece in re.split(r",|;|\s[–—·|]\s|→", first):
            if pattern("titles", "words").search(folded(piece)):
                found.stations.append(Station([row], None, piece.strip(" ."), row.section, inline=True))
        if found.stations:
            return


# Containers ---------------------------------------------------------------------------------------------------


def _set_containers_aside(found: Found) -> None:
    """Leave out a line that only bears the stations listed under it, and what is said twice."""
    kept: list[Station] = []
    stations = found.stations
    for index, station in enumerate(stations):
        inside = []
        for other in stations[index + 1 :]:
            if not _covers(station, other):
                break
            inside.append(other)
        told = sum(1 for row in station.rows if row.line.bullet or len(row.text) > LONGEST_HEAD)
        if len(inside) >= 2 and told == 0:
            found.containers.append(station)
            for other in inside:
                other.context = station.rows[:3]
            continue
        kept.append(station)
    found.stations = [one for index, one in enumerate(kept) if not any(_is_same(one, other) for other in kept[:index])]


def _covers(outer: Station, inner: Station) -> bool:
    one, two = outer.period, inner.period
    if one is None or two is None or one.start is None or two.start is None or one.single:
        return False
    last = 10**6 if one.present else one.end.last() if one.end else 0
    inner_last = 10**6 if two.present else two.end.last() if two.end else 0
    return (
        one.start.first() <= two.start.last()
        and inner_last <= last
        and (one.start.first(), last) != (two.start.first(), inner_last)
    )


def _is_same(station: Station, other: Station) -> bool:
    """Tell the same station from an overview and from a detailed list."""
    one, two = station.period, other.period
    if one is None or two is None or (one.start, one.end, one.present) != (two.start, two.end, two.present) or one.single:
        return False
    if (
        station.section == other.section
        and station.rows[0].page == other.rows[0].page
        and abs(station.rows[0].number - other.rows[0].number) < 3
    ):
        return False
    if station.organisation is not None and station.organisation == other.organisation:
        return station.section != other.section or station.title == other.title
    return station.section != other.section and len(_words(station) & _words(other)) >= 2


def _words(station: Station) -> set[str]:
    text = folded(" ".join(row.text for row in station.rows[:3]))
    return {word for word in re.findall(r"[a-z]{5,}", text) if word not in ("interim", "manager", "leiter")}
