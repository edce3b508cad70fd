"""Is a scheduler alive? For the staff banner, and for whoever watches the server."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, jsonify
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import clock
from app.db import db
from app.db.commands import newest_revision, present_revision
from app.mail.models import Letter
from app.mail.pace import held_until
from app.mail.queries import trouble
from app.reminders.rounds import SILENT_AFTER, last_heartbeat
from app.settings.queries import firm
from app.web.kept import shows_everywhere
from app.web.rights import public

bp = Blueprint("health", __name__)
_SEEN = "lotse.heartbeat_seen"
LOOK_AGAIN_SECONDS = 15
OLDEST_LETTER_SECONDS = 600


def init_app(app: Flask) -> None:
    app.context_processor(_banner)
    shows_everywhere(app, _is_silent)


def _banner() -> dict[str, Any]:
    if not current_user or not current_user.is_authenticated:
        return {}
    return {"scheduler_silent": _is_silent()}


def _is_silent() -> bool:
    """Say whether no scheduler gave a sign of life for three ticks; one statement at most every 15 seconds."""
    seen = current_app.extensions.get(_SEEN)
    if seen is None or time.monotonic() - seen[0] > LOOK_AGAIN_SECONDS:
        seen = (time.monotonic(), last_heartbeat())
        current_app.extensions[_SEEN] = seen
    at: datetime | None = seen[1]
    return at is None or clock().now() - at > SILENT_AFTER


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
        beat = last_heartbeat()
        oldest = _waiting_since()
    except SQLAlchemyError:
        return jsonify(ok=False, database=False), 503
    age = None if beat is None else (now - beat).total_seconds()
    waiting = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    migrated = revision == newest_revision()
    well = migrated and age is not None and age <= SILENT_AFTER.total_seconds() and waiting <= OLDEST_LETTER_SECONDS
    answer = {
        "ok": well,
        "database": True,
        "migrated": migrated,
        "heartbeat_age_seconds": None if age is None else round(age),
        "oldest_unsent_seconds": round(waiting),
    }
    return jsonify(answer), 200 if well else 503
