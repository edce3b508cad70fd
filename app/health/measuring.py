"""Metrics for Prometheus, on an address of their own: what this process counted, and how the installation stands.

`METRICS=127.0.0.1:9100` opens it, `METRICS_TOKEN` protects it; each process, web or scheduler, has its own.
Source: docs/decisions/28-health-and-metrics.md.
"""

from __future__ import annotations

import hmac
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from app.core.clock import clock
from app.core.measures import KEPT, gauge
from app.db import db
from app.health.queries import Health, free_bytes, health, letters

log = structlog.get_logger()
FRESH_SECONDS = 5.0  # so long what the database said is said again, whoever asks how often
TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The text that Prometheus reads; asked by several at once it asks the database once."""

    def __init__(self, app: Flask) -> None:
        self._app, self._lock = app, threading.Lock()
        self._known: tuple[float, list[str]] = (-FRESH_SECONDS, [])

    def text(self) -> str:
        lines = [line for one in KEPT for line in one.lines()]
        with self._lock:
            if time.monotonic() - self._known[0] >= FRESH_SECONDS:
                self._known = (time.monotonic(), self._asked())
            return "\n".join([*lines, *self._known[1]]) + "\n"

    def _asked(self) -> list[str]:
        with self._app.app_context():
            try:
                state, queue = health(clock().now()), letters()
                return [*gauge("lotse_database_up", "Whether the database answers.", {(): 1}), *_of_state(state, queue), *_pool()]
            except SQLAlchemyError:
                return [*gauge("lotse_database_up", "Whether the database answers.", {(): 0}), *_pool()]
            finally:
                db.session.remove()


def _of_state(state: Health, queue: dict[str, int]) -> list[str]:
    return [
        *gauge("lotse_healthy", "What /healthz says.", {(): int(state.is_well)}),
        *gauge("lotse_migrated", "Whether the tables are those of this version.", {(): int(state.is_migrated)}),
        *gauge("lotse_heartbeat_age_seconds", "Since the last sign of life of a scheduler.", {(): state.heartbeat_age}),
        *gauge("lotse_clocks_refused", "Machines whose scheduler refuses to work.", {(): len(state.refusing)}),
        *gauge("lotse_letters", "Letters in the outbox by state.", {(k,): n for k, n in queue.items()}, ("state",)),
        *gauge("lotse_oldest_unsent_seconds", "Since the oldest letter could have gone.", {(): state.waiting}),
        *gauge(
            "lotse_queue_stopped", "Whether the whole outbox waits for the mail server.", {(): int(state.stopped is not None)}
        ),
        *gauge("lotse_backup_age_seconds", "Since the last good backup.", {(): state.backup_age}),
        *gauge("lotse_free_bytes", "Free space where we write.", {(k,): n for k, n in free_bytes().items()}, ("place",)),
    ]


def _pool() -> list[str]:
    pool = db.engine.pool
    if not isinstance(pool, QueuePool):
        return []
    values: dict[tuple[str, ...], float | None] = {("in_use",): pool.checkedout(), ("idle",): pool.checkedin()}
    return gauge("lotse_database_connections", "Connections of this process.", values, ("state",))


def serve(app: Flask) -> ThreadingHTTPServer | None:
    """Answer at the address of METRICS in a thread of this process; None where the setting is empty or the port is taken."""
    config = app.extensions["lotse.config"]
    if not config.metrics:
        return None
    host, _colon, port = config.metrics.rpartition(":")
    handler = type("Handler", (_Handler,), {"metrics": Metrics(app), "token": config.metrics_token})
    try:
        server = ThreadingHTTPServer((host.strip("[]"), int(port)), handler)
    except OSError as problem:
        log.error("metrics cannot be served", problem=problem.strerror, port=int(port))
        return None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    metrics: Metrics
    token = ""
    server_version, sys_version, timeout = "Lotse", "", 10

    def do_GET(self) -> None:
        given = self.headers.get("Authorization", "").encode()
        if self.token and not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            return self._answer(401, "Please send the token: Authorization: Bearer …\n", ("WWW-Authenticate", "Bearer"))
        if self.path.partition("?")[0] != "/metrics":
            return self._answer(404, "The metrics are at /metrics.\n")
        return self._answer(200, self.metrics.text())

    def _answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in (("Content-Type", TEXT), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_given: Any) -> None:
        """Nothing: who asks for metrics every few seconds need not be told of."""
