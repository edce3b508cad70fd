"""A backup's folder: made under another name, written down to the disk, and only then called by its own."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.backup.rules import MANIFEST, Manifest, NoBackup, manifest_from
from app.core.durable import UNFINISHED, sync
from app.core.errors import RuleViolation

_PIECE = 1024 * 1024


@contextmanager
def begun(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill; at the end it is on the disk and has the name. Whatever fails leaves nothing behind.

    Raises RuleViolation where `folder` is not new or empty, or cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise RuleViolation(f"{folder} is not empty. Please name a new folder for the backup.")
    draft = folder.parent / f"{UNFINISHED}{folder.name}-{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        yield draft
        os.sync()  # thousands of small files: one wait for the disk instead of one for each
        draft.rename(folder)  # in place of an empty folder too; never of a filled one
        sync(folder.parent)
    except OSError as problem:
        if problem.filename is not None and not isinstance(problem, FileNotFoundError | FileExistsError):
            raise RuleViolation(f"The backup could not be written: {problem.strerror} ({problem.filename}).") from None
        raise RuleViolation(f"The backup could not be made: {problem.strerror or problem}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def manifest_of(folder: Path) -> Manifest:
    """Return what the backup in `folder` says of itself; raises NoBackup where there is no whole one."""
    try:
        return manifest_from((folder / MANIFEST).read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise NoBackup("it has no manifest: there is no backup in it, or one that was not finished") from None
    except UnicodeDecodeError:
        raise NoBackup("its manifest cannot be read") from None
    except OSError as problem:
        raise NoBackup(f"its manifest cannot be read ({problem.strerror})") from None


def whole_ones(place: Path) -> list[tuple[Path, Manifest]]:
    """Return the whole backups in a folder of backups, oldest first."""
    found = []
    for folder in place.iterdir() if place.is_dir() else ():
        if folder.is_dir() and not folder.name.startswith(UNFINISHED):
            try:
                found.append((folder, manifest_of(folder)))
            except NoBackup:
                continue
    return sorted(found, key=lambda one: one[1].at)


def file_in(folder: Path, sha256: str) -> Path:
    return folder / "files" / sha256[:2] / sha256


def checksum(path: Path) -> str:
    """Return a file's SHA-256; reads it in pieces."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total.update(piece)
    return total.hexdigest()


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name; copy it where the disk cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
