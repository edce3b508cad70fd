"""/settings/health: what /healthz and the metrics say, for the administrator, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.backup.actions import version
from app.core.clock import clock
from app.db import db
from app.health.queries import LEAST_FREE_BYTES, OLDEST_BACKUP_SECONDS, OLDEST_LETTER_SECONDS, Health, free_bytes, health, letters
from app.web.formats import span
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("condition", __name__, url_prefix="/settings/health")


@dataclass(frozen=True)
class Line:
    """One thing that is watched: how it stands, and what to do where it does not stand well."""

    name: str
    stands: str
    tone: str = "ok"  # ok, warn, bad
    to_do: str = ""
    url: str = ""


@bp.get("")
@allow("scheduler.administer")
def index() -> Any:
    now = clock().now()
    state, queue = health(now), letters()
    lines = [*_machine(state), *_mail(state, queue), *_kept(state)]
    return page("health/index.html", lines=lines, is_well=all(line.tone != "bad" for line in lines), now=now)


def _machine(state: Health) -> Iterator[Line]:
    yield Line(_("Version"), f"Lotse {version()}")
    yield Line(_("Database"), _database())
    to_do = "" if state.is_migrated else _("Start the version that fits, or migrate with: bin/flask db upgrade")
    yield Line(_("Tables"), state.revision or _("none"), "ok" if state.is_migrated else "bad", to_do)
    if state.alive:
        yield Line(_("Scheduler"), _("last sign of life %(ago)s ago", ago=span(state.heartbeat_age or 0)), url="/settings/jobs")
    else:
        silent = (
            _("no sign of life yet")
            if state.heartbeat_age is None
            else _("last sign of life %(ago)s ago", ago=span(state.heartbeat_age))
        )
        said = _("its clock is refused") if state.refusing else silent
        yield Line(_("Scheduler"), said, "bad", _("Start the scheduler; it catches up by itself."), "/settings/jobs")


def _database() -> str:
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {db.session.scalar(sa.text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {db.session.scalar(sa.text('SHOW server_version'))}"


def _mail(state: Health, queue: dict[str, int]) -> Iterator[Line]:
    late = state.waiting > OLDEST_LETTER_SECONDS
    if state.stopped:
        to_do = _("Look at the last answer of the mail server under Mail; nothing is lost, it goes on by itself.")
        yield Line(_("Mail server"), _("does not take our letters"), "bad" if late else "warn", to_do, "/mail")
    waits = ngettext("%(num)d letter waits", "%(num)d letters wait", queue["queued"]) if queue["queued"] else _("nothing waits")
    if late:
        yield Line(_("Outbox"), _("%(waits)s, the oldest for %(ago)s", waits=waits, ago=span(state.waiting)), "bad",
                   _("Look at the last attempt under Mail, and whether a scheduler runs."), "/mail")  # fmt: skip
    else:
        yield Line(_("Outbox"), waits, url="/mail")
    failed = queue["failed"]
    said = ngettext("%(num)d letter failed", "%(num)d letters failed", failed) if failed else _("none failed")
    yield Line(_("Failed letters"), said, "warn" if failed else "ok",
               _("Correct the address on the record, or send it again.") if failed else "", "/mail?state=failed")  # fmt: skip


def _kept(state: Health) -> Iterator[Line]:
    to_do = _("Take one: bin/flask backup FOLDER. Look why the nightly one failed.")
    if state.backup_age is None:
        yield Line(_("Backup"), _("none yet"), "warn", to_do)
    else:
        old = state.backup_age > OLDEST_BACKUP_SECONDS
        yield Line(_("Backup"), _("%(ago)s old", ago=span(state.backup_age)), "warn" if old else "ok", to_do if old else "")
    names = {"files": _("Space for uploads"), "backups": _("Space for backups"), "database": _("Space for the database")}
    for place, free in free_bytes().items():
        little = free < LEAST_FREE_BYTES
        said = _("%(number)s GB free", number=format_decimal(round(free / 1e9, 1)))
        yield Line(names[place], said, "bad" if little else "ok", _("Make room; no restart is needed.") if little else "")
