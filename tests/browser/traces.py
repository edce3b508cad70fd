"""What a mail scanner does with a firm's mails, and what is left of a person in its files."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote_to_bytes

from tests.browser.installation import Installation

# As they introduce themselves; the first says nothing about itself.
SCANNERS: tuple[dict[str, str], ...] = (
    {},
    {"User-Agent": "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) BitlyBot", "Purpose": "preview"},
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36", "Sec-Purpose": "prefetch;prerender"},
)
# What the scheduler writes by itself, at its own time.
BY_ITSELF = {"heartbeat", "job_run", "lease", "letter_attempt", "mail_queue", "paper_reading", "throttle_hit"}

# And what it writes into tables that people change too: digests, its own trail, the day that a paper says it was made.
OF_PEOPLE = {
    "letter": "SELECT id, purpose FROM letter WHERE purpose NOT LIKE 'reminders.%'",
    "audit_change": "SELECT * FROM audit_change WHERE actor_kind <> 'scheduler'",
    "manager_document": "SELECT id, manager_id, file_id, kind, number, received_on FROM manager_document",
}


class Scanner:
    """A mail gateway: a client without cookies that opens every link of every mail three times before anybody reads it."""

    def __init__(self, house: Installation) -> None:
        self.house, self.seen, self.opened = house, 0, 0

    def open_new(self) -> None:
        """Open all links of the mails since the last time, GET and HEAD as each scanner; hold that no row changes by it."""
        letters = self.house.mail.messages
        links = sorted({link for letter in letters[self.seen :] for link in self._links(letter)})
        self.seen = len(letters)
        before = self._rows()
        for link in links:
            for headers in SCANNERS:
                for method in ("HEAD", "GET"):
                    self._open(urllib.request.Request(link, headers=headers, method=method))
        after = self._rows()
        changed = {name: [row for row in rows if row not in before[name]] for name, rows in after.items() if rows != before[name]}
        assert changed == {}, (changed, links)

    def _links(self, letter: EmailMessage) -> Iterator[str]:
        for kind in ("plain", "html"):
            body = letter.get_body((kind,))
            if body is not None:
                yield from (unescape(link) for link in re.findall(re.escape(self.house.url) + r"[^\s\"'<>]*", body.get_content()))

    def _open(self, request: urllib.request.Request) -> None:
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code != 410:  # a link that has ended meanwhile
                raise
        self.opened += 1

    def _rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return the rows of every table, less what the scheduler writes by itself."""
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_fts%'"
        names = {str(name) for (name,) in self.house.rows(named)} - BY_ITSELF
        assert {"manager", "admission_case", "registration_proof", "personal_link", "appreciation", "erasure"} <= names
        selects = {name: f'SELECT * FROM "{name}"' for name in names} | OF_PEOPLE
        return {name: sorted(self.house.rows(select), key=repr) for name, select in selects.items()}


def traces_of(house: Installation, words: tuple[str, ...], digits: str) -> list[str]:
    """Return where words, or a number in whatever notation, stand in what the firm keeps: database, files, search, logs.

    Raw bytes are searched, in several encodings; `digits` are the number's last ones.
    """
    number = re.compile(b"[^0-9]{0,3}".join(digit.encode() for digit in digits))
    kept = [file for file in house.folder.rglob("*") if file.is_file() and file.suffix not in (".png", ".webp")]
    found = []
    for file in kept:
        raw = file.read_bytes()
        for data in (raw.lower(), unquote_to_bytes(raw).lower()):
            for word in words:
                found += [f"{file.name}: {word}" for piece in _spellings(word.lower()) if piece in data]
            if number.search(data):
                found.append(f"{file.name}: {digits}")
    for word in words:
        asked = "SELECT count(*) FROM search_name_fts WHERE search_name_fts MATCH ?"
        found += [f"search: {word}" for (hits,) in house.rows(asked, f'"{word.lower()}"') if hits]
    return sorted(set(found))


def _spellings(word: str) -> set[bytes]:
    encoded = {word.encode(encoding) for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")}
    return encoded | {quote(word, safe="").lower().encode(), quote_plus(word).lower().encode()}


def files_of(house: Installation) -> list[Path]:
    """Return the contents that the firm keeps; those of PDF are packed, so that no search of bytes would find a name. Not the journal of erasures."""
    folder = house.folder / "files"
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.parent != folder / "erasures")
