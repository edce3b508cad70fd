"""The nightly backup. It takes its time, so a thread of its own makes it: the scheduler's other jobs go on meanwhile."""

from __future__ import annotations

import threading
from datetime import datetime

import structlog
from flask import Flask, current_app

from app.backup import running
from app.core.errors import RuleViolation
from app.db import acting_as, db
from app.reminders.rounds import Outcome

log = structlog.get_logger()
_at_work = threading.Lock()


def nightly(at: datetime) -> Outcome:
    """Begin tonight's backup where it is owed; how it went stands in its own row. The process waits for it before it ends."""
    if not running.is_owed(at):
        return Outcome()
    db.session.rollback()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_make, args=(app, at), name="backup").start()
    return Outcome(1)


def _make(app: Flask, at: datetime) -> None:
    if not _at_work.acquire(blocking=False):
        return
    try:
        with app.app_context(), acting_as("scheduler"):
            manifest = running.nightly(at)
            log.info("backup", taken_at=manifest.taken_at, files=len(manifest.files), missing=len(manifest.missing))
    except RuleViolation as reason:
        log.error("backup failed", reason=str(reason))
    except Exception:
        log.exception("backup failed")
    finally:
        _at_work.release()
