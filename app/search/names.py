"""Finding records by name, on both databases, whatever the word: frequent, rare, or of two letters.

A probe asks the trigram index for at most `FREQUENT` hits. So few: their numbers are the answer. More: a list that runs
along its own order and takes what fits fills its page at once, so no index of names is needed. Words of one or two
letters have no trigram; they are answered as the beginning of the last name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core.errors import RuleViolation
from app.core.names import fold
from app.core.phones import normal_phone
from app.db import db
from app.search.models import SearchName

FREQUENT = 400
SHORT = 3  # letters; a trigram has as many
LAST = "\x7f"  # sorts after every letter that a folded name can hold
KINDS = ("manager", "client", "contact", "mandate", "referee")
WORDS = 8  # more than anybody's name


@dataclass(frozen=True)
class Words:
    """A search text as folded words."""

    long: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.long and not self.short


def words_of(text: str) -> Words:
    """Fold the text and part it into words that have trigrams and words that have none."""
    words = tuple(dict.fromkeys(fold(text[:200]).split()))[:WORDS]
    return Words(tuple(w for w in words if len(w) >= SHORT), tuple(w for w in words if len(w) < SHORT))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _fits(column: Any, words: Words) -> list[Any]:
    """Return the conditions that a folded text holds every word: long ones anywhere, short ones where a word begins."""
    inside = [column.like(f"%{_escaped(word)}%", escape="\\") for word in words.long]
    begins = [
        sa.or_(column.like(f"{_escaped(word)}%", escape="\\"), column.like(f"% {_escaped(word)}%", escape="\\"))
        for word in words.short
    ]
    return inside + begins


def _hits(words: Words) -> Any:
    """Return a select of index rows that hold every long word, by trigrams."""
    if db.engine.dialect.name == "sqlite":
        return _hits_of_match(_match(words))
    return sa.and_(*[SearchName.folded.like(f"%{_escaped(word)}%", escape="\\") for word in words.long])


def _match(words: Words) -> str:
    return " AND ".join(f'"{word}"' for word in words.long)


def _hits_of_match(match: str | None = None) -> Any:
    """Return the condition that SQLite's trigram index finds the row for `match`; None leaves its place open."""
    numbers = sa.text("SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :match")
    if match is not None:
        numbers = numbers.bindparams(match=match)
    return SearchName.id.in_(numbers.columns(sa.column("rowid", sa.Integer)).subquery().select())


def matching(kind: str, text: str, number: Any, folded_column: Any, sort_column: Any) -> Any | None:
    """Return a condition for a list of `kind` that keeps the records whose name fits; None for an empty text.

    `number`, `folded_column` and `sort_column` are the list's own columns. One statement (the probe), none for short words.
    """
    words = words_of(text)
    if words.is_empty:
        return None
    if not words.long:
        first = words.short[0]
        rest = Words((), words.short[1:])
        return sa.and_(sort_column >= first, sort_column < first + LAST, *_fits(folded_column, rest))
    found = probe(kind, words)
    if found is not None:
        return number.in_(found)
    return sa.and_(*_fits(folded_column, words))


def probe(kind: str, words: Words) -> list[int] | None:
    """Return the numbers of the records of `kind` that hold every word; None where there are more than FREQUENT."""
    select = sa.select(SearchName.record_id).where(_hits(words), SearchName.kind == kind).limit(FREQUENT + 1)
    if words.short:
        select = select.where(*_fits(SearchName.folded, Words((), words.short)))
    found = list(db.session.scalars(select))
    return found if len(found) <= FREQUENT else None


def first_of_each(words: Words, most: int) -> list[tuple[str, int]]:
    """Return (kind, number) of the first `most` records of every kind, each kind by name; at most two statements."""
    if words.is_empty:
        return []
    if words.long:
        few = _few(words)
        if few is not None:
            return few
        rows = db.session.connection().execute(_first_that(*_fits(SearchName.folded, words)), {"most": most}).all()
    else:
        first = words.short[0]
        given = {"first": first, "last": first + LAST, "most": most}
        rest = _fits(SearchName.folded, Words((), words.short[1:]))
        select = _first_that(*_begins(), *rest) if rest else _first_that_begin()
        rows = db.session.connection().execute(select, given).all()
    return [(row.kind, row.record_id) for row in sorted(rows, key=lambda r: (r.kind, r.sort_name, r.record_id))]


def _begins() -> list[Any]:
    """Return the conditions that the last name lies between the places `first` and `last`."""
    return [SearchName.sort_name >= sa.bindparam("first"), SearchName.sort_name < sa.bindparam("last")]


@cache
def _first_that_begin() -> Any:
    """Return the select for one short word, which is asked most; built once."""
    return _first_that(*_begins())


def _first_that(*conditions: Any) -> Any:
    """Return the select of the first `most` records of each kind that fit."""
    parts = [
        sa.select(SearchName.kind, SearchName.record_id, SearchName.sort_name)
        .where(SearchName.kind == kind, *conditions)
        .order_by(SearchName.sort_name, SearchName.record_id)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .subquery()
        for kind in KINDS
    ]
    return sa.union_all(*[sa.select(part) for part in parts])


def _few(words: Words) -> list[tuple[str, int]] | None:
    """Return what the trigram index finds, by name; None where it is more than FREQUENT."""
    if words.short or db.engine.dialect.name != "sqlite":
        select = _indexed(_hits(words), *_fits(SearchName.folded, Words((), words.short)))
        rows = db.session.connection().execute(select).all()
    else:
        rows = db.session.connection().execute(_matching(), {"match": _match(words)}).all()
    if len(rows) > FREQUENT:
        return None
    return [(row.kind, row.record_id) for row in sorted(rows, key=lambda r: (r.kind, r.sort_name, r.record_id))]


def _indexed(*conditions: Any) -> Any:
    select = sa.select(SearchName.kind, SearchName.record_id, SearchName.sort_name)
    return select.where(*conditions).limit(FREQUENT + 1)


@cache
def _matching() -> Any:
    """Return the select of what SQLite's trigram index finds for `match`; built once."""
    return _indexed(_hits_of_match())


def phone_number(text: str, region: str) -> str | None:
    """Return the text as E.164 where it is a phone number in any notation, else None."""
    if sum(c.isdigit() for c in text) < 5 or any(c.isalpha() for c in text):
        return None
    try:
        return normal_phone(text, region)
    except RuleViolation:
        return None
