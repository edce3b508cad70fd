"""The only file that knows APScheduler; the whole table of ticks."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    app.extensions["lotse.scheduler"] = None
