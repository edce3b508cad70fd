"""How rows of others become managers: headings and words recognised, papers matched. Nothing is stored here."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import N_, RuleViolation
from app.core.names import fold, split_name
from app.managers.rules import State

PERSON = ("name", "title", "form_of_address", "first_name", "particle", "last_name")
PLAIN = ("email", "phone", "mobile", "street", "postcode", "city", "headline", "note")
LONGEST = {"title": 60, "first_name": 80, "particle": 40, "last_name": 80, "headline": 160, "street": 160, "city": 80,
           "postcode": 16, "email": 254, "note": 10_000}  # fmt: skip
_IS_DAY = re.compile(
    r"(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])[0-3][0-9])?|[0-3][0-9](?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
)  # or a year
FORMULA = re.compile(r"^[=@]|^[+-](?![0-9 ()/]+$)")  # what a spreadsheet would run; "+49 40 …" is a number to ring


class Outcome(enum.StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass
class Line:
    """A row of the file, counted as a spreadsheet does (the headings are row 1), and what became of it.

    `reason` is a message id with its `values`; `papers` are the names of files that belong to it.
    """

    row: int
    name: str
    outcome: Outcome
    reason: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    manager_id: int | None = None
    papers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """Which column holds what, and the headings that nobody knows."""

    at: Mapping[str, int]
    unknown: tuple[str, ...]
    width: int  # how many headings there are


@cache
def words() -> dict[str, dict[str, str]]:
    """Return for each kind of word (headings, states, languages …) the keys by their folded words."""
    path = Path(__file__).parent / "words" / "managers.json"
    tables = json.loads(path.read_text(encoding="utf-8"))
    return {kind: {plain(word): key for key, many in table.items() for word in many} for kind, table in tables.items()}


def plain(text: str) -> str:
    """Return a heading or word without case, accents, blanks and signs."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def known_headings(cells: Iterable[str]) -> int:
    """Return how many of these cells are headings that we know."""
    return sum(plain(cell) in words()["headings"] for cell in cells)


def columns(headings: list[str]) -> Columns:
    """Return what stands where; the first of two columns of the same meaning counts.

    Raises RuleViolation at `file` where no column holds a name.
    """
    at: dict[str, int] = {}
    unknown = []
    for number, heading in enumerate(headings):
        key = words()["headings"].get(plain(heading))
        if key is None or key in at:
            unknown.append(heading[:60])
        else:
            at[key] = number
    if "last_name" not in at and "name" not in at:
        raise RuleViolation(
            N_("No column is called “Nachname”, “Achternaam”, “Last name” or “Name”. The first row must hold the headings."),
            field="file",
        )
    return Columns(at, tuple(heading for heading in unknown if heading), len(headings))


def values_of(cells: list[str], found: Columns) -> dict[str, Any]:
    """Return what the row says of a manager, by the names that `managers.actions.enter` takes, and `state`.

    Raises RuleViolation for a row that nobody can be made of, the reason in its words.
    """
    if any(cells[found.width :]):
        raise RuleViolation(N_("This row has more cells than there are headings."))
    given = {key: cells[at] if at < len(cells) else "" for key, at in found.at.items()}
    for key, text in given.items():
        if key not in ("note", "papers") and FORMULA.match(text):
            raise RuleViolation(N_("“%(text)s” looks like a formula of a spreadsheet."), text=text[:40])
    person = _person(given)
    for key, text in (given | {part: value or "" for part, value in person.items()}).items():
        if len(text) > LONGEST.get(key, 200):
            raise RuleViolation(N_("“%(text)s…” is too long."), text=text[:40])
    if not person["last_name"]:
        raise RuleViolation(N_("The name is missing."))
    result: dict[str, Any] = {**person, **{key: given[key] for key in PLAIN if given.get(key)}}
    for key in ("language", "country", "form_of_address"):
        result[key] = _word(key, given.get(key, ""))
    result["state"] = State(_word("state", given.get("state", "")) or State.CONFIRMED)
    if result["state"] is State.WITHDRAWN:
        raise RuleViolation(N_("Who has withdrawn or was deleted is not brought along."))
    return {key: value for key, value in result.items() if value is not None}


def _word(kind: str, text: str) -> str | None:
    if not text:
        return None
    key = words()[kind].get(plain(text))
    if key is None:
        raise RuleViolation(N_("“%(text)s” is not understood."), text=text[:40])
    return key


def _person(given: Mapping[str, str]) -> dict[str, str | None]:
    """Return the parts of the name. A particle or title that stands in another column is found there."""
    title, first, particle, last = (given.get(key) or None for key in ("title", "first_name", "particle", "last_name"))
    if not last:
        whole = given.get("name", "")
        if whole.count(",") == 1:  # "van der Berg, Dr. Jan"
            behind, before = (part.strip() for part in whole.split(","))
            whole = f"{before} {behind}"
        own_title, own_first, own_particle, last = split_name(whole)
        return {
            "title": title or own_title,
            "first_name": first or own_first,
            "particle": particle or own_particle,
            "last_name": last,
        }
    own_title, own_first, own_particle, rest = split_name(f"{first or ''} {last}".strip())
    if particle is None and own_particle and last.casefold() == f"{own_particle} {rest}".casefold():
        particle, last = own_particle, rest
    if own_title and first and first.startswith(own_title):
        title, first = title or own_title, first.removeprefix(own_title).strip() or None
    return {"title": title, "first_name": first, "particle": particle, "last_name": last}


def number_in(name: str) -> str | None:
    """Return the number of a person in the name of a file, without leading zeros: at its beginning, else the only one in it.

    Within the name only what looks like nothing else counts: not a year (1900 to 2099), a day, a version or a phone
    number, nor a part of a mail address; and none where there are two, for the papers could be another person's.
    """
    begins = re.match(r"(?:id[ _-]?)?0*([0-9]+)(?![0-9])", name)
    if begins:
        return begins[1]
    stem = name.rpartition(".")[0] or name
    if "@" in stem:
        return None
    runs = [run for run in re.findall(r"[0-9]+", stem) if len(run) >= (3 if run.startswith("0") else 4)]
    found = {run.lstrip("0") for run in runs if not _IS_DAY.fullmatch(run)} - {""}
    return found.pop() if len(found) == 1 else None


class Papers:
    """The files beside a table, found by number, mail address or the name that the table gives."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        self._by_name: dict[str, list[str]] = {}
        self._by_number: dict[str, list[str]] = {}
        self._by_email: dict[str, list[str]] = {}
        for name in self.names:
            low = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
            self._by_name.setdefault(low, []).append(name)
            number = number_in(low)
            if number:
                self._by_number.setdefault(number, []).append(name)
            # Without the ending, which would look like a part of the address; never by a part: it could be another person's.
            for email in re.findall(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", low.rpartition(".")[0]):
                self._by_email.setdefault(email, []).append(name)

    def of(self, number: str, email: str, named: str) -> list[str]:
        """Return the files of somebody, each once; `named` may name several, by commas or semicolons."""
        wanted = [name.strip().replace("\\", "/").rsplit("/", 1)[-1].lower() for name in re.split("[;,]", named)]
        own = re.fullmatch(r"(?i)(?:id[ _-]?)?0*([0-9]+)", number)
        found = [name for one in wanted if one for name in self._by_name.get(one, ())]
        found += self._by_number.get(own[1], []) if own else []
        found += self._by_email.get(email.lower(), []) if email else []
        return list(dict.fromkeys(found))
