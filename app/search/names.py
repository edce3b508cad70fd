"""Finding records by name, on both databases, whatever the word: frequent, rare, or of two letters.

A probe asks the trigram index for at most `FREQUENT` hits. So few: their numbers are the answer. More: a list that runs
along its own order and takes what fits fills its page at once, so no index of names is needed. Words of one or two
letters have no trigram; they are answered as the beginning of the last name.
"""

from __future__ import annotations

from dataclasses import dataclass
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
KINDS = ("manager", "client", "contact", "mandate")
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
        match = " AND ".join(f'"{word}"' for word in words.long)
        numbers = sa.text("SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :match").bindparams(match=match)
        return SearchName.id.in_(numbers.columns(sa.column("rowid", sa.Integer)).subquery().select())
    return sa.and_(*[SearchName.folded.like(f"%{_escaped(word)}%", escape="\\") for word in words.long])


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
        conditions = _fits(SearchName.folded, words)
    else:
        first = words.short[0]
        conditions = [SearchName.sort_name >= first, SearchName.sort_name < first + LAST]
        conditions += _fits(SearchName.folded, Words((), words.short[1:]))
    parts = [
        sa.select(SearchName.kind, SearchName.record_id, SearchName.sort_name)
        .where(SearchName.kind == kind, *conditions)
        .order_by(SearchName.sort_name, SearchName.record_id)
        .limit(most)
        .subquery()
        for kind in KINDS
    ]
    rows = db.session.execute(sa.union_all(*[sa.select(part) for part in parts]))
    return [(row.kind, row.record_id) for row in sorted(rows, key=lambda r: (r.kind, r.sort_name, r.record_id))]


def _few(words: Words) -> list[tuple[str, int]] | None:
    """Return what the trigram index finds, by name; None where it is more than FREQUENT."""
    select = sa.select(SearchName.kind, SearchName.record_id, SearchName.sort_name).where(_hits(words))
    if words.short:
        select = select.where(*_fits(SearchName.folded, Words((), words.short)))
    rows = list(db.session.execute(select.limit(FREQUENT + 1)))
    if len(rows) > FREQUENT:
        return None
    return [(row.kind, row.record_id) for row in sorted(rows, key=lambda r: (r.kind, r.sort_name, r.record_id))]


def phone_number(text: str, region: str) -> str | None:
    """Return the text as E.164 where it is a phone number in any notation, else None."""
    if sum(c.isdigit() for c in text) < 5 or any(c.isalpha() for c in text):
        return None
    try:
        return normal_phone(text, region)
    except RuleViolation:
        return None
