"""The settings of the environment, for rooms that need one of them: PUBLIC_URL, MAIL_FROM, FILES_URL …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from config import Config

CONFIG = "lotse.config"


def environment() -> Config:
    """Return what the environment decided when the application was built."""
    return current_app.extensions[CONFIG]
