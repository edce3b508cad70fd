"""One station: its lines, its title, its company."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from app.admission.cv import vocabulary
from app.admission.cv.dates import Period
from app.admission.cv.rows import Row
from app.admission.cv.vocabulary import folded, pattern

LONGEST_HEAD = 120


SEPARATORS = re.compile(
    r"\t|,\s|;\s|\s[·|•]\s|\s[-–—]\s|\(|\)|:\s|" + vocabulary.STOP + r"\s(?=[A-ZÄÖÜ€£\d])|\s/\s|\sat\s|\sbei\s|\sbij\s|@\s"
)


@dataclass(eq=False)  # one among many is found by being it, not by comparing all its rows
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
        labelled = _labelled(self.rows)
        if labelled:
            return labelled
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
            if (
                _IS_LABEL.fullmatch(plain)
                or pattern("tasks", "labels").fullmatch(plain)
                or pattern("dates", "labels").fullmatch(plain)
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


_IS_LABEL = re.compile(
    r"(?:projekt|project|mandat|assignment|opdracht)\s*(?:nr\.?\s*)?\d*|rolle|role|rol|funktion|functie|position|titel|title|ort|plaats|place|location|daarvoor|davor|zuvor|nu|jetzt|now|before|previously|waaronder|darunter|including"
)


def _labelled(rows: list[Row]) -> str | None:
    """Return what stands behind "Kunde:", on the same line or in the next cell."""
    labels = pattern("companies", "labels")
    for index, row in enumerate(rows[:12]):
        head, colon, value = row.text.partition(":")
        if not colon and "\t" in row.text:
            head, colon, value = row.text.partition("\t")
        if not labels.fullmatch(folded(head).strip()):
            continue
        if not value.strip() and index + 1 < len(rows) and rows[index + 1].line.row == row.line.row != 0:
            value = rows[index + 1].text
        name = re.split(r",\s|;|\(|\t|\s(?:mit|with|met)\s(?=\d)", value)[0].strip(" :")
        if 2 < len(name) <= 80 and not folded(head).strip().startswith(("branche", "industr", "sector", "umfeld")):
            return name
    return None


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
