"""Is a scheduler alive? For the staff banner, and for whoever watches the server."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, jsonify
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.backup.queries import age_seconds
from app.core.clock import clock
from app.db import db
from app.db.commands import newest_revision, present_revision
from app.mail.models import Letter
from app.mail.pace import held_until
from app.mail.queries import trouble
from app.reminders import heart, job_views
from app.reminders.clock_rules import is_alive
from app.settings.queries import firm
from app.web.kept import shows_everywhere
from app.web.rights import public

bp = Blueprint("health", __name__)
LOOK_AGAIN_SECONDS = 15
OLDEST_LETTER_SECONDS = 600
WHAT_TO_DO = (
    "A machine's clock jumped more than 24 hours ahead, and its scheduler refuses to work. Set that clock right; if it is right, "
    "confirm it as an administrator under /settings/jobs, or with: flask scheduler --confirm-clock"
)


def init_app(app: Flask) -> None:
    app.register_blueprint(job_views.bp)
    app.context_processor(_banner)
    shows_everywhere(app, _is_silent)
    shows_everywhere(app, _refusing)


def _banner() -> dict[str, Any]:
    if not current_user or not current_user.is_authenticated:
        return {}
    return {"scheduler_silent": _is_silent(), "scheduler_refusing": _refusing()}


def _pulse() -> heart.Pulse:
    """Return what the schedulers said last; one statement at most every 15 seconds."""
    seen = current_app.extensions.get(heart.SEEN)
    if seen is None or time.monotonic() - seen[0] > LOOK_AGAIN_SECONDS:
        seen = (time.monotonic(), heart.pulse())
        current_app.extensions[heart.SEEN] = seen
    pulse: heart.Pulse = seen[1]
    return pulse


def _is_silent() -> bool:
    """Say whether no scheduler gave a sign of life for three ticks."""
    at = _pulse().at
    return at is None or not is_alive(at, clock().now())


def _refusing() -> str:
    """Return the machines whose schedulers refuse to work because their clock jumped."""
    return ", ".join(_pulse().refusing)


def _waiting_since() -> datetime | None:
    """Return since when a letter could have gone; one that its own recipient's server puts off does not count.

    While the whole queue stands still, all that waits counts, from the moment it stopped. Nothing is late while as many
    go as the firm lets go in a minute.
    """
    if held_until(firm().letters_a_minute, clock().now()):
        return None
    untried = db.session.scalar(
        sa.select(sa.func.min(Letter.next_attempt_at)).where(Letter.state == "queued", Letter.failures == 0)
    )
    stopped = trouble()
    return min(filter(None, (untried, stopped.since if stopped else None)), default=None)


@bp.get("/healthz")
@public
def healthz() -> Any:
    """Answer 200 while all is well, 503 when the scheduler is silent or a due letter waits too long."""
    now = clock().now()
    try:
        with db.engine.connect() as connection:
            revision = present_revision(connection)
        pulse = heart.pulse()
        oldest = _waiting_since()
        backup_age = age_seconds(now)
    except SQLAlchemyError:
        return jsonify(ok=False, database=False), 503
    age = None if pulse.at is None else (now - pulse.at).total_seconds()
    waiting = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    migrated = revision == newest_revision()
    alive = pulse.at is not None and is_alive(pulse.at, now) and (pulse.works or not pulse.refusing)
    well = migrated and alive and waiting <= OLDEST_LETTER_SECONDS
    answer: dict[str, Any] = {
        "ok": well,
        "database": True,
        "migrated": migrated,
        "heartbeat_age_seconds": None if age is None else round(age),
        "oldest_unsent_seconds": round(waiting),
        "clock_refused": bool(pulse.refusing),
        "backup_age_seconds": backup_age,
    }
    if pulse.refusing:
        answer["what_to_do"] = WHAT_TO_DO
    return jsonify(answer), 200 if well else 503
