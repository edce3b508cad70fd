"""What a backup says of itself, which ones are kept, and when the next is due. Source: docs/decisions, "Backup"."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

FORMAT = 1
MANIFEST, ERASURES, FILES = "manifest.json", "erasures.json", "files"
_STAMP = re.compile(r"(?P<kind>nightly|before-[0-9A-Za-z]+)-(?P<stamp>\d{8}T\d{6}Z)")
_LABEL = b"lotse backup: is it the same key"
NIGHTLY, BEFORE = "nightly", "before"
KEPT_BEFORE = 3  # so many made before migrating stay whatever their age
KEPT_BEFORE_DAYS = timedelta(days=30)
NEVER_AT = 2  # o'clock: this hour is missing in one night of the year, and comes twice in another


class NoBackup(Exception):
    """A folder holds no whole backup; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, with checksums: `manifest.json`. Bytes and SHA-256 throughout; `rows` by table."""

    taken_at: str  # ISO, UTC: each change acknowledged before this instant is in it
    zone: str  # the firm's
    lotse: str  # the version that made it
    revision: str | None  # of the tables
    database: dict[str, Any]  # kind, file, bytes, sha256
    rows: dict[str, int]
    erasures_sha256: str
    key_check: str  # tells whether SECRET_KEY is still the same
    with_files: bool = True
    files: dict[str, int] = field(default_factory=dict)  # bytes by hash
    gone: list[str] = field(default_factory=list)  # named by the snapshot, deleted before they were copied
    missing: list[str] = field(default_factory=list)  # lost or damaged already when the backup was made
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    def to_json(self) -> str:
        values = asdict(self)
        return json.dumps({**values, "manifest_sha256": _own_sum(values)}, indent=1, sort_keys=True) + "\n"

    def without_lists(self) -> dict[str, Any]:
        """Return it for people who ask for JSON: how many files, not each."""
        values = asdict(replace(self, files={}))
        return {**values, "files": len(self.files), "file_bytes": sum(self.files.values())}


def manifest_from(text: str) -> Manifest:
    """Read a manifest; raises NoBackup where it is damaged or of a later format."""
    try:
        values = json.loads(text)
        told = values.pop("manifest_sha256")
        later = values["format"] > FORMAT
    except (ValueError, KeyError, AttributeError, TypeError):
        raise NoBackup("its manifest cannot be read") from None
    if later:
        raise NoBackup("it was made by a newer version of Lotse")
    if not hmac.compare_digest(str(told), _own_sum(values)):
        raise NoBackup("its manifest was changed or damaged")
    return Manifest(**values)


def _own_sum(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def key_check(secret_key: str) -> str:
    """Return what tells whether a key is the same one, and nothing else of it."""
    return hmac.digest(secret_key.encode(), _LABEL, "sha256").hex()[:32]


def name_of(kind: str, at: datetime) -> str:
    """Return the folder's name for a backup by the clock, or before migrating: "nightly-20261127T000012Z"."""
    return f"{kind}-{at:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True)
class Kept:
    """A whole backup that was made by the clock or before migrating, by its folder's name."""

    name: str
    kind: str
    at: datetime


def kept_of(names: Iterable[str]) -> list[Kept]:
    """Return those folders that we named ourselves, oldest first; others are nobody's to delete."""
    found = []
    for name in names:
        match = _STAMP.fullmatch(name)
        if match:
            kind = NIGHTLY if match["kind"] == NIGHTLY else BEFORE
            found.append(Kept(name, kind, datetime.strptime(match["stamp"] + "+0000", "%Y%m%dT%H%M%SZ%z")))
    return sorted(found, key=lambda one: (one.at, one.name))


def to_delete(kept: Iterable[Kept], at: datetime, *, days: int, weeks: int) -> list[str]:
    """Return the names of those that go: of the nightly ones all but the newest of each of the last `days` days that have one,
    and the newest of each of the last `weeks` weeks; of those before migrating all but the last KEPT_BEFORE and those of the last
    KEPT_BEFORE_DAYS. The newest of each kind always stays.
    """
    nightly = [one for one in kept if one.kind == NIGHTLY]
    before = [one for one in kept if one.kind == BEFORE]
    by_day = {f"{one.at:%Y-%m-%d}": one.name for one in nightly}  # the newest wins: they come oldest first
    by_week = {f"{one.at:%G-%V}": one.name for one in nightly}
    stay = {by_day[day] for day in sorted(by_day)[-max(days, 1) :]}
    stay |= {by_week[week] for week in sorted(by_week)[-weeks:]} if weeks else set()
    stay |= {one.name for one in before[-KEPT_BEFORE:]} | {one.name for one in before if at - one.at < KEPT_BEFORE_DAYS}
    return [one.name for one in (*nightly, *before) if one.name not in stay]


def is_due(local: datetime, hour: int, last: datetime | None) -> bool:
    """Whether a nightly backup is owed at `local`, an aware instant by the firm's clock.

    Once a day from `hour` o'clock on, never between two and three. One that was missed is caught up at any hour; where there
    was none yet, it waits for the night. `last` is when the last good one was taken.
    """
    if local.hour == NEVER_AT:
        return False
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if last is None:
        return today <= local < today + timedelta(hours=5)
    return last < today <= local or local - last > timedelta(hours=26)
