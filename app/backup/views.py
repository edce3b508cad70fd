"""A word to administrators where backups fail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_login import current_user

from app.backup.queries import LastBackup, last_backup
from app.core.clock import clock
from app.settings.queries import firm
from app.web.kept import lately, shows_everywhere

LOOK_AGAIN_SECONDS = 60
TOO_OLD = timedelta(hours=50)  # two nights


def init_app(app: Flask) -> None:
    app.context_processor(_banner)
    shows_everywhere(app, trouble)


def _banner() -> dict[str, Any]:
    if not current_user or not current_user.is_authenticated or not current_user.may("settings.firm"):
        return {}
    return {"backup_trouble": trouble()}


def trouble() -> LastBackup | None:
    """Return how the last backups went where an administrator has to act: the newest one failed, or it is long ago."""
    last = lately("backup", LOOK_AGAIN_SECONDS, last_backup)
    if last.problem:
        return last
    is_old = last.taken_at is not None and clock().now() - last.taken_at > TOO_OLD
    return last if is_old and firm().backup_nightly else None
