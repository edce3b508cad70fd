"""What an erasure may do, until when the law keeps what, and how words that name a person are taken out of a text.

Source: docs/domain.md, "Privacy: erasure".
"""

from __future__ import annotations

import enum
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.core.errors import N_, RuleViolation

_LABEL = b"lotse erased addresses"
LETTER_KEEPS_ADDRESS = timedelta(hours=72)
# Years that a contract is kept as a record of the books, from the end of the year in which the mandate ended.
KEEP_YEARS = {"DE": 8, "AT": 7, "CH": 10, "NL": 7, "BE": 10}
KEEP_YEARS_ELSEWHERE = 10
LAST_DIGITS = 8  # of a phone number, however the rest is written


class Fate(enum.StrEnum):
    """What an erasure does to a column."""

    EMPTIED = "emptied"  # of the rows that are the person's own
    DELETED = "deleted"  # the whole row goes
    REDACTED = "redacted"  # the words that name the person are replaced, the rest stays
    OVERWRITTEN = "overwritten"  # old and new values of the audit trail
    SHELL = "shell"  # stays, for the law keeps the mandate; names nobody
    NOT_THEIRS = "not theirs"  # personal data of somebody else: a colleague, a contact
    NOT_PERSONAL = "not personal"


def address_hash(secret_key: str, email: str) -> str:
    """Return what is kept of the mail address of somebody erased: a keyed hash, useless without SECRET_KEY."""
    extracted = hmac.digest(b"\0" * 32, secret_key.encode(), "sha256")
    key = hmac.digest(extracted, _LABEL + b"\x01", "sha256")
    return hmac.digest(key, email.strip().lower().encode("utf-8", "surrogatepass"), "sha256").hex()


def shell_name(number: int) -> str:
    """Return what stands where the name was."""
    return f"ID {number}"


def check_confirmation(number: int, typed: str | None) -> None:
    """Raise RuleViolation unless the number was typed: "9999" or "ID 9999"."""
    match = re.fullmatch(r"\s*(?:id)?\s*([0-9]{1,10})\s*", typed or "", re.IGNORECASE)
    if match is None or int(match[1]) != number:
        raise RuleViolation(N_("Please type the number of this manager, %(number)s."), field="confirmation", number=str(number))


def kept_until(ends_on: date, country: str) -> date:
    """Return the last day on which the law of the firm's country makes it keep a mandate that ended on that day."""
    return date(ends_on.year + KEEP_YEARS.get(country, KEEP_YEARS_ELSEWHERE), 12, 31)


@dataclass(frozen=True)
class Person:
    """What names the person who is erased, former values too."""

    number: int
    names: tuple[tuple[str, str, str], ...]  # first name, particle, last name; "" where there is none
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()  # E.164

    def tokens(self) -> list[str]:
        """Return words of which a text that names the person holds at least one, for a first look by the database."""
        longest = [max(last.split(), key=len) for _first, _particle, last in self.names if last.split()]
        return list(dict.fromkeys([*longest, *self.emails, *self.phones]))

    def everywhere(self) -> re.Pattern[str] | None:
        """Return the pattern of what names this person alone: the full name, addresses, numbers."""
        return _pattern([*self._full_names(), *self._reached_by()])

    def nearby(self) -> re.Pattern[str] | None:
        """Return the pattern for records that are about this person, where the last name alone names him or her too, also in the genitive."""
        alone = [_spaced(" ".join(filter(None, (particle, last)))) for _first, particle, last in self.names if last]
        alone += [_spaced(last) for _first, _particle, last in self.names if last]
        alone = [f"{name}(?:['’]?s)?" for name in alone]
        return _pattern([*self._full_names(), *alone, *self._reached_by()])

    def _full_names(self) -> list[str]:
        found = []
        for first, particle, last in self.names:
            if first and last:
                found += [_spaced(" ".join(filter(None, (first, particle, last)))), _spaced(f"{last}, {first}")]
        return found

    def _reached_by(self) -> list[str]:
        return [re.escape(email) for email in self.emails if email] + [_number(phone) for phone in self.phones if phone]


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _number(phone: str) -> str:
    """Return the pattern of a phone number however it is grouped: its last digits, with what stands before them."""
    digits = re.sub(r"\D", "", phone)[-LAST_DIGITS:]
    return r"(?:\+?\(?\d[\d\s()/.\-]*?)?" + r"[\s()/.\-]*".join(digits)


def _pattern(parts: Iterable[str]) -> re.Pattern[str] | None:
    wanted = sorted(dict.fromkeys(filter(None, parts)), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE) if wanted else None


def redacted(value: Any, pattern: re.Pattern[str] | None, instead: str) -> Any:
    """Return a text, or JSON with texts in it, in which each match is replaced; whatever else it holds stays."""
    if pattern is None:
        return value
    if isinstance(value, str):
        return pattern.sub(instead, value)
    if isinstance(value, dict):
        return {key: redacted(item, pattern, instead) for key, item in value.items()}
    if isinstance(value, list):
        return [redacted(item, pattern, instead) for item in value]
    return value


def overwritten(values: dict[str, Any]) -> dict[str, Any]:
    """Return the audit trail's values with only the names of the columns left."""
    return dict.fromkeys(values, "erased")


def as_stored_in_json(word: str) -> str:
    """Return a word as it stands inside JSON in the database."""
    return json.dumps(word)[1:-1]
