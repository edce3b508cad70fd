"""Is a scheduler alive? For the staff banner, and for whoever watches the server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, jsonify
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import clock
from app.health.queries import health
from app.reminders import heart, job_views
from app.reminders.clock_rules import is_alive
from app.web.kept import lately, shows_everywhere
from app.web.rights import public

bp = Blueprint("health", __name__)
LOOK_AGAIN_SECONDS = 15
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
    return lately(heart.SEEN, LOOK_AGAIN_SECONDS, heart.pulse)


def _is_silent() -> bool:
    """Say whether no scheduler gave a sign of life for three ticks."""
    at = _pulse().at
    return at is None or not is_alive(at, clock().now())


def _refusing() -> str:
    """Return the machines whose schedulers refuse to work because their clock jumped."""
    return ", ".join(_pulse().refusing)


@bp.get("/healthz")
@public
def healthz() -> Any:
    """Answer 200 while all is well, 503 when the scheduler is silent or a due letter waits too long."""
    try:
        state = health(clock().now())
    except SQLAlchemyError:
        return jsonify(ok=False, database=False), 503
    answer: dict[str, Any] = {
        "ok": state.is_well,
        "database": True,
        "migrated": state.is_migrated,
        "heartbeat_age_seconds": None if state.heartbeat_age is None else round(state.heartbeat_age),
        "oldest_unsent_seconds": round(state.waiting),
        "backup_age_seconds": state.backup_age,
        "clock_refused": bool(state.refusing),
    }
    if state.refusing:
        answer["what_to_do"] = WHAT_TO_DO
    return jsonify(answer), 200 if state.is_well else 503
