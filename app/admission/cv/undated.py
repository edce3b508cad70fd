"""Stations that bear no dates: told by their titles, as rows of a table, heads of blocks, or in one running line."""

from __future__ import annotations

import re

from app.admission.cv import vocabulary
from app.admission.cv.rows import WORKING, Paper, Row
from app.admission.cv.station import LONGEST_HEAD, Found, Station
from app.admission.cv.vocabulary import folded, pattern


def undated_blocks(found: Found, rows: list[Row], paper: Paper, *, has_dated: bool) -> None:
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


_NUMBERED = re.compile(
    r"(?:mandat|projekt|project|opdracht|assignment|einsatz|auftrag|case|mandate)\s*(?:nr\.?|no\.?)?\s*\d{1,2}\b"
)


def _is_head(row: Row) -> bool:
    if _NUMBERED.match(row.plain) and not row.line.bullet:
        return True
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
    numbered = [row for row in heads if _NUMBERED.match(row.plain)]
    if len(numbered) >= 2:
        heads = numbered
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


def inline_list(found: Found, rows: list[Row]) -> None:
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
