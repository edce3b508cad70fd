"""The lines of a paper with what the analyser knows of each: its section, its dates, whether it is a heading."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.admission.cv import vocabulary
from app.admission.cv.dates import Period, periods
from app.admission.cv.vocabulary import folded, pattern
from app.files.papers.document import Document, Line, Page

WORKING = ("experience", "projects")
# Where no station is looked for, whatever dates stand there.
ELSEWHERE = ("education", "training", "languages", "volunteering", "publications", "references", "personal", "contact")
LONGEST_HEADING = 60
LONGEST_LINE = 1_000
MOST_CHARACTERS = 120_000
MOST_ROWS = 2_000  # some forty pages
# Sentences without a subject: an English one begins with what was done, a German or a Dutch clause ends with it.
_DONE_FIRST = re.compile(r"(?:^|[.;]\s+)(?!limited|united|need|listed|allied|advanced|medical)[a-z]{3,}ed\s")
_DONE_LAST = re.compile(
    r"(?<![\w-])(?:[a-zäöüß]*ge[a-zäöüß]{2,}(?:t|d|en)|(?:ver|be|er|ent|zer|über|her|ont)[a-zäöüß]{3,}[td]|(?:ver|ent|er)[a-zäöüß]{3,}en|[a-zäöüß]{3,}iert)"
    r"(?=\s*(?:$|[,.;)]|und\s|sowie\s|en\s))"
)


def tells_work(text: str) -> bool:
    """Tell whether a text names an activity or a result."""
    plain = folded(text)
    return bool(pattern("tasks", "words").search(plain)) or bool(_DONE_FIRST.search(plain)) or bool(_DONE_LAST.search(text))


@dataclass(eq=False)
class Row:
    """One line of the paper; another one with the same words is another row, so finding one among thousands is quick."""

    number: int
    page: int
    line: Line
    section: str = ""  # a key of [sections], "other" for a heading we do not know, "" before any
    is_heading: bool = False
    is_table_head: bool = False
    cells_in_row: int = 1
    column: str = ""  # folded, what the head of its column in a table says
    is_sentence: bool = False  # one of several dated sentences of a paragraph

    @property
    def text(self) -> str:
        return self.line.text

    @cached_property
    def plain(self) -> str:
        return folded(self.line.text)

    @cached_property
    def periods(self) -> list[Period]:
        return periods(self.line.text)

    @cached_property
    def has_title(self) -> bool:
        return bool(pattern("titles", "words").search(self.plain))

    @cached_property
    def has_role(self) -> bool:
        """A title beyond the word interim, which stands in headings too."""
        return bool(pattern("titles", "words").search(self.plain.replace("interim", " ")))

    @cached_property
    def has_task(self) -> bool:
        return tells_work(self.line.text)

    @cached_property
    def has_legal_form(self) -> bool:
        return bool(vocabulary.legal_forms().search(self.line.text))

    @property
    def is_margin(self) -> bool:
        return self.line.place in ("header", "footer")

    def __hash__(self) -> int:
        return self.number


@dataclass
class Paper:
    """A document as the rules see it."""

    rows: list[Row]
    links: list[str]
    has_working_section: bool = False
    table_rows: dict[int, list[Row]] = field(default_factory=dict)

    @property
    def body(self) -> list[Row]:
        return [row for row in self.rows if not row.is_margin]


def paper_of(document: Document) -> Paper:
    """Number the lines and tell the sections; of a paper without end, the beginning."""
    lines = (told for page, line in _short_lines(document) for told in _told(page, line))
    rows = [Row(number, page.number, line, is_sentence=apart) for number, (page, line, apart) in enumerate(lines)]
    paper = Paper(rows, document.links)
    for row in rows:
        if row.line.row and not row.is_margin:
            paper.table_rows.setdefault(row.line.row, []).append(row)
    for inside in paper.table_rows.values():
        cells = len({row.line.cell for row in inside})
        for row in inside:
            row.cells_in_row = cells
    _mark_table_heads(paper)
    _name_columns(paper)
    _mark_sections(paper)
    paper.has_working_section = any(row.is_heading and row.section in WORKING for row in rows)
    return paper


def _short_lines(document: Document) -> Iterator[tuple[Page, Line]]:
    """Yield the lines; one longer than a person writes comes in pieces, so that no pattern has to search through pages."""
    left, rows = MOST_CHARACTERS, MOST_ROWS
    for page in document.pages:
        for line in page.lines:
            text = line.text
            while text and left > 0 and rows > 0:
                cut = len(text) if len(text) <= LONGEST_LINE else text.rfind(" ", 1, LONGEST_LINE) + 1 or LONGEST_LINE
                yield page, line if cut == len(line.text) else replace(line, text=text[:cut].strip())
                text, left, rows = text[cut:], left - cut, rows - 1


_NEXT = re.compile(r"(?<=[a-zäöüß0-9)][.!])(?<!\d\.)\s+(?=[A-ZÄÖÜ])")


def _told(page: Page, line: Line) -> Iterator[tuple[Page, Line, bool]]:
    """Yield a paragraph that dates several stations in running text sentence by sentence, any other line as it is.

    What is set apart by slashes is set apart as by tabulators.
    """
    text = line.text
    if text.count(" / ") >= 3 and "\t" not in text:
        yield page, replace(line, text=text.replace(" / ", "\t")), False
        return
    if len(text) > 160 and not line.bullet and not line.row:
        parts = _NEXT.split(text)
        dated = [part for part in parts if any(not one.single for one in periods(part))]
        if len(dated) > 1 or (dated and len(parts) > 1 and not _is_at_an_end(text)):
            for part in parts:
                yield page, replace(line, text=part), part in dated
            return
    yield page, line, False


def _is_at_an_end(text: str) -> bool:
    """Tell whether the one period of a paragraph stands where those of a list stand: in front, or behind all."""
    whole = [one for one in periods(text) if not one.single]
    return bool(whole) and (whole[0].span[0] < 4 or not re.search(r"\w", text[whole[-1].span[1] :]))


def _mark_table_heads(paper: Paper) -> None:
    """A first row of short cells without dates names its columns: "Zeitraum | Rolle | Beschreibung"."""
    names = pattern("dates", "labels")
    others = pattern("companies", "labels")
    more = pattern("tasks", "labels")
    for inside in paper.table_rows.values():
        lines = [row for row in inside for _part in row.text.split("\t")]
        parts = [part for row in inside for part in row.text.split("\t")]
        if len(parts) < 2 or len(lines) > 8 or any(len(part) > 40 or re.search(r"\d", part) for part in parts):
            continue
        known = sum(
            1
            for part in parts
            if names.search(folded(part))
            or others.search(folded(part))
            or more.search(folded(part))
            or re.fullmatch(
                r"(?:position|rolle|role|rol|funktion|functie|function|title|titel|gesellschaft|firma)\W*", folded(part)
            )
        )
        if known * 2 >= len(parts) and known > 1:
            for row in inside:
                row.is_table_head = True


def _name_columns(paper: Paper) -> None:
    """Tell each cell of a table the head of its column; a table ends where rows stop following one another."""
    heads: dict[int, str] = {}
    last = -1
    for number, inside in sorted(paper.table_rows.items()):
        if all(row.is_table_head for row in inside):
            heads = {row.line.cell: row.plain.strip(" :") for row in inside}
        elif number != last + 1:
            heads = {}
        else:
            for row in inside:
                row.column = heads.get(row.line.cell, "")
        last = number


def _bare(text: str) -> str:
    """Return a heading without numbers, marks and "(1/2)"."""
    plain = folded(text)
    plain = re.sub(
        r"\(?\b\d+\s?(?:/|von|of|van)\s?\d+\)?|\((?:fortsetzung|forts\.?|continued|cont\.?|vervolg)\)|[-–]\s*(?:fortsetzung|continued|vervolg)",
        " ",
        plain,
    )
    plain = re.sub(
        r"\s(?:seit|sinds|since|ab|vanaf|from)\s(?:19|20)\d\d$|\s(?:19|20)\d\d\s?[-–]\s?(?:(?:19|20)\d\d|heute|heden|present)$",
        "",
        plain,
    )
    plain = re.sub(r"^\s*(?:[ivx]+\.|\d+[.)])\s+", "", plain)
    plain = " ".join(plain.strip(" :.-–—|•·*_#=>/").split())
    if re.fullmatch(r"(?:\w )+\w", plain):  # letters set apart: "W E R D E G A N G"
        plain = plain.replace(" ", "")
    return plain


def section_named(text: str) -> str | None:
    """Return the kind of section that a heading names, exactly."""
    bare = _bare(text)
    known = vocabulary.sections()
    if bare in known:
        return known[bare]
    for joint in (" und ", " & ", " and ", " en ", " / ", "/", " – ", " - ", ", ", " | "):
        if joint in bare:
            kinds = [known.get(part.strip()) for part in bare.split(joint)]
            if all(kinds):
                return next((kind for kind in kinds if kind in WORKING), kinds[0])
    return None


def _loosely_named(text: str, *, at_start: bool) -> str | None:
    """Return the kind of section that a line set as a heading names by one of its words, or by its first."""
    bare = _bare(text)
    match = pattern("sections", "words").search(bare)
    if match is None or (at_start and match.start() > 0):
        return None
    if pattern("sections", "boards").search(bare):
        return "volunteering"
    known = vocabulary.sections()
    return known.get(match[0]) or next((kind for name, kind in known.items() if match[0].startswith(name[:6])), None)


def _is_set_apart(row: Row, usual: float) -> bool:
    line = row.line
    upper = line.text.isupper() and len(line.text) > 3
    return line.strong or bool(line.level) or upper or (line.size > usual * 1.08 if usual else False)


def _look(row: Row) -> tuple[int, float, bool, bool]:
    return row.line.level, row.line.size, row.line.strong, row.line.text.isupper()


def _mark_sections(paper: Paper) -> None:
    rows = paper.body
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[row.line.size] += len(row.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    named = {row.number: _named(row, usual) for row in rows}
    counts = Counter(_bare(row.text) for row in rows if named[row.number])
    looks: Counter[tuple[int, float, bool, bool]] = Counter()
    for row in rows:
        kind = named[row.number]
        # "Tools", "Ergebnisse" once in every station are labels and no sections.
        if kind and kind not in WORKING and counts[_bare(row.text)] > 1 and not row.line.level:
            named[row.number] = None
        elif kind and _is_set_apart(row, usual):
            looks[_look(row)] += 1
    heading_looks = {look for look, count in looks.items() if count >= 2 and (look[0] or look[1] > usual * 1.08 or look[3])}
    heads = _heads_of_stations(rows)
    state: dict[str, str] = {}
    scoped: tuple[int, int] | None = None
    for row in rows:
        place = row.line.place if row.line.place in ("aside", "box") else ""
        where = (row.line.row, row.line.cell)
        if scoped is not None and where != scoped and not place:
            state[""], scoped = "", None
        kind = named[row.number]
        if kind is None and _look(row) in heading_looks and row.number not in heads and _may_be_heading(row):
            kind = "other"
        if kind is not None:
            row.is_heading = True
            state[place] = kind
            inside = paper.table_rows.get(row.line.row, [])
            mine = [other for other in inside if other.line.cell == row.line.cell]
            scoped = where if row.line.row and len(mine) > 1 and not place else None
        row.section = state.get(place, "")
        if kind is None:
            inline = _inline(row)
            if inline is not None:
                row.section = inline


def _heads_of_stations(rows: list[Row]) -> set[int]:
    """Return the lines right above a title with a period, where two or more look the same: companies, not sections."""
    found: dict[tuple[int, float, bool, bool], list[int]] = {}
    for row, below in itertools.pairwise(rows):
        whole = any(not period.single for period in below.periods)
        if whole and below.has_title and not below.line.bullet and _look(row) != _look(below):
            found.setdefault(_look(row), []).append(row.number)
    return {number for numbers in found.values() if len(numbers) > 1 for number in numbers}


def _may_be_heading(row: Row) -> bool:
    text = row.text
    if sum(c.isalpha() for c in text) < 4 or sum(c.isdigit() for c in text) > 3:
        return False
    return (
        len(text) <= LONGEST_HEADING
        and not row.periods
        and not row.line.bullet
        and "@" not in text
        and "\t" not in text
        and not row.has_role
        and not row.has_legal_form
    )


def _named(row: Row, usual: float) -> str | None:
    text = row.text.split("\t")[0] if "\t" in row.text else row.text
    if len(text) > LONGEST_HEADING or row.line.bullet or row.is_table_head:
        return None
    if row.cells_in_row > 2 and row.line.cell:
        return None  # "Bildung" in a column of industries is one, no heading
    kind = section_named(text)
    if kind is not None:
        if "\t" in row.text and kind not in WORKING and not row.periods and len(row.text) > 80:
            return None
        return kind
    if _is_set_apart(row, usual) and not row.periods and len(text.split()) <= 6 and not row.has_legal_form:
        return _loosely_named(text, at_start=row.has_role)
    return None


def _inline(row: Row) -> str | None:
    """Return the section of a line that names it itself: "Sprachen: Englisch, Französisch"."""
    head, colon, rest = row.text.partition(":")
    if not colon or not rest.strip() or len(head) > 40 or row.line.bullet:
        return None
    kind = vocabulary.sections().get(_bare(head))
    return kind if kind and kind not in ("projects",) else None
