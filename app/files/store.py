"""Where contents lie: outside the web root, under their hash. A folder here, a bucket in `s3.py`; both have the same verbs.

Beside the contents lie notes: small texts with a name, such as the journal of erasures. No sweep takes them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from app.core.durable import UNFINISHED, write_durably
from app.core.errors import StoreAway

__all__ = ["HASH", "FolderStore", "Store", "StoreAway", "WrongPlace", "store_for"]

HASH = re.compile(r"[0-9a-f]{64}")
NOTE = re.compile(r"[a-z]+/[A-Za-z0-9.-]{1,100}")


class Store(Protocol):
    """Contents by their SHA-256 (hexadecimal), and notes by their name ("erasures/manager-7")."""

    def put(self, content: bytes) -> str:
        """Store the content so that it outlives a power cut; return its hash. Raises OSError: ENOSPC where there is no room."""

    def get(self, sha256: str) -> bytes:
        """Return the content; raises FileNotFoundError."""

    def delete(self, sha256: str) -> None:
        """Forget the content; one that is not there is no error."""

    def hashes(self) -> Iterator[str]:
        """Yield the hashes of all contents."""

    def older_than(self, seconds: float, now: float) -> Iterator[str]:
        """Yield the hashes stored more than `seconds` before `now` (seconds since 1970 by the system's clock)."""

    def write_note(self, name: str, text: str) -> None:
        """Keep a note so that it outlives a power cut, in place of one of the same name."""

    def notes(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of all notes of a kind, the part of the name before the slash."""

    def remove_note(self, name: str) -> None:
        """Forget a note; one that is not there is no error."""

    def check(self) -> None:
        """Raise StoreAway where the place cannot be reached, WrongPlace where it is not the right one."""


class WrongPlace(Exception):
    """FILES_URL names a place that answers and cannot be used; the message says why."""


class FolderStore:
    """Contents in a local folder: ab/abcdef…"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)  # young again: the sweep of what no row names must not take it now
            return sha256
        write_durably(path, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        yield from (path.name for path in self.folder.glob("??/*") if HASH.fullmatch(path.name))

    def older_than(self, seconds: float, now: float) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            try:
                is_old = path.stat().st_mtime < now - seconds
            except FileNotFoundError:
                continue  # somebody else swept it
            if is_old and path.name.startswith(UNFINISHED):
                path.unlink(missing_ok=True)
            elif is_old and HASH.fullmatch(path.name):
                yield path.name

    def write_note(self, name: str, text: str) -> None:
        write_durably(self.folder / checked(name), text.encode())

    def notes(self, kind: str) -> Iterator[tuple[str, str]]:
        for path in sorted((self.folder / kind).glob("*")):
            if NOTE.fullmatch(f"{kind}/{path.name}") and not path.name.startswith(UNFINISHED):
                yield f"{kind}/{path.name}", path.read_text()

    def remove_note(self, name: str) -> None:
        (self.folder / checked(name)).unlink(missing_ok=True)

    def check(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise WrongPlace(f"FILES_URL: {self.folder} is no folder.")

    def path(self, sha256: str) -> Path:
        """Return where a content lies, or would lie."""
        if not HASH.fullmatch(sha256):
            raise ValueError("not a hash")
        return self.folder / sha256[:2] / sha256


def checked(name: str) -> str:
    """Return the name of a note; raise ValueError for one that no store takes."""
    if not NOTE.fullmatch(name):
        raise ValueError("not the name of a note")
    return name


def store_for(url: str) -> Store:
    """Return the store for FILES_URL."""
    if url.startswith("s3://"):
        from app.files.s3 import bucket_for  # its library is loaded only where it is used

        return bucket_for(url)
    return FolderStore(Path(url))
