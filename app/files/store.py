"""Where contents lie: outside the web root, under their hash. A local folder now; another place has the same four verbs."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_HASH = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = "unfinished-"


class Store(Protocol):
    """Contents by their SHA-256 (hexadecimal)."""

    def put(self, content: bytes) -> str:
        """Store the content so that it outlives a power cut; return its hash. Raises OSError, such as for a full disk."""

    def get(self, sha256: str) -> bytes:
        """Return the content; raises FileNotFoundError."""

    def delete(self, sha256: str) -> None:
        """Forget the content; one that is not there is no error."""

    def older_than(self, seconds: float, now: float) -> Iterator[str]:
        """Yield the hashes stored more than `seconds` before `now` (seconds since 1970 by the system's clock)."""


class FolderStore:
    """Contents in a local folder: ab/abcdef…"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)  # young again: the sweep of what no row names must not take it now
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, seconds: float, now: float) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            try:
                is_old = path.stat().st_mtime < now - seconds
            except FileNotFoundError:
                continue  # somebody else swept it
            if is_old and path.name.startswith(_UNFINISHED):
                path.unlink(missing_ok=True)
            elif is_old and _HASH.fullmatch(path.name):
                yield path.name

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a hash")
        return self.folder / sha256[:2] / sha256


def store_for(url: str) -> Store:
    """Return the store for FILES_URL."""
    if url.startswith("s3://"):
        raise NotImplementedError("FILES_URL: s3:// is not there yet, please name a folder")
    return FolderStore(Path(url))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
