"""Stations: each employment, assignment or project of the working life, with its lines.

A station begins where a period stands at the start or the end of a line, in a cell of a table, or on a line of its own
above or below the title. What has no dates is told by titles: the rows of a table, or the heads of blocks."""

from __future__ import annotations

import re

from app.admission.cv import vocabulary
from app.admission.cv.anchors import Anchor, anchors_in, is_date_label, place_starts, row_mates
from app.admission.cv.rows import ELSEWHERE, WORKING, Paper, Row
from app.admission.cv.station import LONGEST_HEAD, Found, Station
from app.admission.cv.undated import inline_list, undated_blocks
from app.admission.cv.vocabulary import folded, pattern

MOST_STATIONS = 400  # nobody has had as many; each is compared with each


def find(paper: Paper) -> Found:
    """Return stations and fillers. Order is that of the paper."""
    found = Found()
    rows = paper.body
    wanted = [row for row in rows if row.section in WORKING]
    wanted = sorted(wanted + _working_elsewhere(rows), key=lambda row: row.number)
    anchors = anchors_in(wanted)
    if len(anchors) < 2:
        loose = [row for row in rows if row.section not in ELSEWHERE]
        more = anchors_in(loose)
        if len(more) > len(anchors):
            wanted, anchors = loose, more
    if not anchors and not paper.has_working_section:
        wanted = [row for row in rows if row.section not in ELSEWHERE]
    _fill(found, rows)
    anchors = [anchor for anchor in anchors if not _is_elsewhere(anchor, wanted, found)]
    place_starts(anchors, wanted)
    taken = _dated_blocks(found, anchors, wanted, paper)
    undated_blocks(found, [row for row in wanted if row.number not in taken], paper, has_dated=bool(anchors))
    inline_list(found, rows)
    _set_containers_aside(found)
    for number, station in enumerate(found.stations):
        station.order = number
    return found


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
        anchors = [anchor for anchor in anchors_in(group) if not anchor.period.single]
        telling = 0
        for anchor in anchors:
            index = group.index(anchor.row)
            near = [
                *group[max(0, index - (4 if is_date_label(group[index - 1]) else 1)) : index + 3],
                *row_mates(anchor.row, group),
            ]
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


def _is_elsewhere(anchor: Anchor, rows: list[Row], found: Found) -> bool:
    """Tell study, breaks and volunteering from stations; what fills a gap is noted."""
    text = anchor.rest
    if anchor.alone:
        index = rows.index(anchor.row)
        nearby = row_mates(anchor.row, rows) or rows[index + 1 : index + 2]
        text = " ".join(row.text for row in nearby if not row.line.bullet)[:200]
    elif anchor.row.line.row:
        text += " " + " ".join(row.text for row in row_mates(anchor.row, rows))[:150]
    plain = folded(text)
    has_title = bool(pattern("titles", "words").search(plain))
    breaks = pattern("working", "breaks").search(plain)
    if breaks and (not has_title or breaks.start() < 4):
        found.fillers.append(anchor.period)
        return True
    if anchor.row.cells_in_row > 2 and anchor.row.section in WORKING:
        return False  # a client in a table of projects may be a university, or a building society
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
    head = (
        folded(" ".join(row.text for row in row_mates(anchor.row, rows) if len(row.text) <= 60)) if anchor.row.line.row else plain
    )
    return (
        bool(pattern("working", "volunteer_words").search(head)) and not has_title and not vocabulary.legal_forms().search(text)
    )


def _dated_blocks(found: Found, anchors: list[Anchor], rows: list[Row], paper: Paper) -> set[int]:
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


def _set_containers_aside(found: Found) -> None:
    """Leave out a line that only bears the stations listed under it, and what is said twice."""
    kept: list[Station] = []
    stations = found.stations[:MOST_STATIONS]
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
