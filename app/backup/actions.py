"""Making a backup, and looking whether one is whole. Bringing one back: `restoring.py`."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.backup import databases
from app.backup.databases import Snapshot
from app.backup.folders import begun, checksum, file_in, link_or_copy, manifest_of, whole_ones
from app.backup.rules import ERASURES, MANIFEST, Manifest, NoBackup, key_check
from app.core.environment import environment
from app.core.errors import RuleViolation
from app.db import db
from app.files.models import StoredFile
from app.files.queries import the_store
from config import ROOT

Say = Callable[[str], None]
TELL_EVERY = 1000


def quiet(_line: str) -> None:
    """Say nothing."""


def version() -> str:
    """Return the version of this Lotse."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def make(folder: Path, *, zone: str, say: Say = quiet, with_files: bool = True) -> Manifest:
    """Make a backup in `folder`, which is new or empty, while people work. Raises RuleViolation, and leaves nothing behind then.

    Contents that an earlier backup beside it has get a second name instead of a copy. `zone` is the firm's.
    """
    folder = folder.absolute()
    kind = databases.kind_of(db.engine.dialect.name)
    with begun(folder) as draft:
        say("Copying the database …")
        copy = draft / kind.file
        snapshot = kind.dump(db.engine, copy)
        say(f"The database is copied as it was at {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC, {copy.stat().st_size:,} bytes.")
        files, lost = _copy_files(snapshot, draft, folder.parent, say) if with_files else ({}, [])
        named = _named_still(lost)
        (draft / ERASURES).write_text(json.dumps(snapshot.erasures, indent=1) + "\n")
        manifest = Manifest(
            taken_at=snapshot.taken_at.isoformat(),
            zone=zone,
            lotse=version(),
            revision=snapshot.revision,
            database={"kind": kind.name, "file": kind.file, "bytes": copy.stat().st_size, "sha256": checksum(copy)},
            rows=snapshot.rows,
            erasures_sha256=checksum(draft / ERASURES),
            key_check=key_check(environment().secret_key),
            with_files=with_files,
            files=files,
            gone=sorted(set(lost) - named),
            missing=sorted(named),
        )
        (draft / MANIFEST).write_text(manifest.to_json())
    return manifest


def _copy_files(snapshot: Snapshot, draft: Path, beside: Path, say: Say) -> tuple[dict[str, int], list[str]]:
    """Bring the contents that the snapshot names into the backup; return those, and what the store does not have."""
    earlier = [folder for folder, manifest in whole_ones(beside) if manifest.with_files][-1:]
    store, found, lost = the_store(), {}, []
    for number, (sha256, size) in enumerate(sorted(snapshot.files.items()), start=1):
        target = file_in(draft, sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _from_earlier(earlier, sha256, size, target) and not _from_store(store, sha256, target):
            lost.append(sha256)
            continue
        found[sha256] = size
        if number % TELL_EVERY == 0:
            say(f"Files: {number:,} of {len(snapshot.files):,} …")
    say(f"Files: {len(found):,}.")
    return found, lost


def _from_earlier(earlier: list[Path], sha256: str, size: int, target: Path) -> bool:
    """Take a content from an earlier backup, where it is still what it was: a backup never hands on what went bad."""
    for folder in earlier:
        source = file_in(folder, sha256)
        if source.exists() and source.stat().st_size == size and checksum(source) == sha256:
            link_or_copy(source, target)
            return True
    return False


def _from_store(store: Any, sha256: str, target: Path) -> bool:
    try:
        content = store.get(sha256)
    except FileNotFoundError:
        return False
    target.write_bytes(content)
    target.chmod(0o600)
    if checksum(target) == sha256:
        return True
    target.unlink()
    return False


def _named_still(lost: Iterable[str]) -> set[str]:
    """Of contents that are not there, return those that a row still names: the others were deleted a moment ago, rightly."""
    if not lost:
        return set()
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(list(lost)))))


@dataclass
class Verified:
    """What looking at a backup has found; whole where there are no problems."""

    manifest: Manifest
    problems: list[str] = field(default_factory=list)


def open_backup(folder: Path) -> Manifest:
    """Return the manifest of a whole backup; raises RuleViolation where the folder holds none."""
    try:
        return manifest_of(folder)
    except NoBackup as reason:
        raise RuleViolation(f"{folder} is no whole backup: {reason}.") from None


def verify(folder: Path, *, say: Say = quiet) -> Verified:
    """Restore a backup into a scratch place and check all of it: checksums, rows, keys, files against rows.

    Raises RuleViolation where there is no backup, or no scratch place can be made.
    """
    found = Verified(open_backup(folder))
    found.problems += damaged(folder, found.manifest, say)
    if found.problems:
        return found
    kind = databases.kind_of(found.manifest.database["kind"])
    if kind.name != "sqlite" and kind.name != db.engine.dialect.name:
        raise RuleViolation("This is a backup of PostgreSQL: DATABASE_URL must name a PostgreSQL to try it in.")
    say("Restoring into a scratch database …")
    with kind.scratch(db.engine.url) as url:
        try:
            kind.load(folder / found.manifest.database["file"], url)
        except RuleViolation as reason:
            found.problems.append(str(reason))
            return found
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
        with engine.connect() as connection:
            found.problems += kind.faults(connection)
            there = databases.read(connection, found.manifest.at)
            found.problems += differences(there, found.manifest) + unnamed(there, found.manifest)
        engine.dispose()
    return found


def damaged(folder: Path, manifest: Manifest, say: Say = quiet) -> list[str]:
    """Compare each file of a backup with its checksum; return what is wrong."""
    database, problems = manifest.database, []
    for name, sha256 in ((database["file"], database["sha256"]), (ERASURES, manifest.erasures_sha256)):
        problems += _wrong(folder / name, name, sha256)
    for number, sha256 in enumerate(manifest.files, start=1):
        problems += _wrong(file_in(folder, sha256), f"file {sha256}", sha256)
        if number % TELL_EVERY == 0:
            say(f"Checksums: {number:,} of {len(manifest.files):,} files …")
    return problems


def _wrong(path: Path, name: str, sha256: str) -> list[str]:
    try:
        return [] if checksum(path) == sha256 else [f"{name} is not what it was: its checksum differs"]
    except OSError as problem:
        return [f"{name} cannot be read ({problem.strerror})"]


def differences(found: Snapshot, manifest: Manifest) -> list[str]:
    """Compare a restored database with the manifest: rows of each table, the revision, the files that rows name."""
    problems = []
    for table in sorted(manifest.rows.keys() | found.rows.keys()):
        there, told = found.rows.get(table), manifest.rows.get(table)
        if there != told:
            problems.append(f"{table} has {there} rows, the manifest says {told}")
    if found.revision != manifest.revision:
        problems.append(f"the tables are at {found.revision}, the manifest says {manifest.revision}")
    if manifest.with_files:
        known = manifest.files | dict.fromkeys((*manifest.gone, *manifest.missing), 0)
        problems += [
            f"a record names the file {one}, which is not in the backup" for one in sorted(found.files.keys() - known.keys())
        ]
        wrong_size = [one for one, size in manifest.files.items() if found.files.get(one, size) != size]
        problems += [f"the file {one} has another size than its record says" for one in wrong_size]
    return problems


def unnamed(found: Snapshot, manifest: Manifest) -> list[str]:
    """Say which files of a backup no row of the restored database names: too many, and in nobody's way."""
    if not manifest.with_files:
        return []
    known = {*manifest.files, *manifest.gone, *manifest.missing}
    return [f"no record names the file {one}" for one in sorted(known - found.files.keys())]


def remove(folder: Path) -> None:
    """Delete a backup: its manifest first, so that what a crash leaves of it is none."""
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder)
