"""Answers only under the name of PUBLIC_URL, the loopback names and, in tests, localhost."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from config import Config


def init_app(app: Flask) -> None:
    config: Config = app.extensions["lotse.config"]
    host = urlsplit(config.public_url).hostname or "localhost"
    app.config["TRUSTED_HOSTS"] = [host, "localhost", "127.0.0.1", "[::1]"]
