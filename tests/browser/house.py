"""Starting what browser tests look at: Chromium, the book of patterns, a demo firm; and a page that is watched."""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright
from werkzeug.serving import make_server

from app import create_app
from app.core.clock import FrozenClock
from app.db import db
from app.demo.firm import PASSWORD, SIGN_INS
from config import Config
from tests import factories
from tests.browser import patterns
from tests.office import Office
from tests.servers import CHROMIUM_ARGUMENTS, LOOPBACK, chromium_path, flask, free_port, live_server

DESK, PHONE, SMALLEST = 1440, 390, 320
TUESDAY_MORNING = datetime(2026, 3, 17, 7, 40, tzinfo=UTC)  # 8:40 in Berlin


def chromium(playwright: Playwright) -> Browser:
    """Start the system's Chromium, else Playwright's own."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS))


@dataclass
class Watched:
    """A page and what its console complained about (refused by the content policy, script errors, missing files)."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait until that is there."""
        with self.page.expect_navigation():
            self.page.click(selector)

    @property
    def focused(self) -> str:
        """What has the focus: its id, else its name or text."""
        return str(self.page.evaluate("(e => e.id || e.name || e.textContent.trim())(document.activeElement)"))


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application from a thread of this process; give its address."""
    server = make_server(LOOPBACK, free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.port}"
    finally:
        server.shutdown()
        thread.join(10)


@contextmanager
def small_office(
    folder: Path, prepare: Callable[[Flask, Office], Any] = lambda _app, _office: None
) -> Iterator[tuple[str, str, Any]]:
    """Serve an empty office with a lead; give its address, the lead's cookie, and what `prepare` returned after filling it."""
    config = Config(
        database_url=f"sqlite:///{folder / 'office.sqlite3'}",
        secret_key="only-for-tests-" + "x" * 40,
        mail_url=f"file:{folder / 'mail'}",
        files_url=str(folder / "files"),
        require_mfa="off",
        testing=True,
    )
    app = create_app(config, FrozenClock(TUESDAY_MORNING))
    patterns.init_app(app)
    with app.app_context():
        db.create_all()
        office = Office(app, factories.make_user(role="lead", first_name="Katrin", last_name="Ostendorff"))
        cookie = office.client.get_cookie("lotse")
        prepared = prepare(app, office)
        db.session.remove()
    assert cookie is not None
    with served(app) as url:
        yield url, cookie.value, prepared


@contextmanager
def book_of_patterns(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the book; give its address and the cookie of a lead who is signed in."""
    with small_office(folder) as (url, cookie, _prepared):
        yield url, cookie


def demo_settings(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "FILES_URL": str(folder / "files"),
        "MAIL_URL": f"file:{folder / 'mail'}",
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "REQUIRE_MFA": "off",
        "SCHEDULER": "off",
    }


def load_demo(folder: Path) -> None:
    """Load the demo firm into `folder`, once for all test processes that share it."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "loaded"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            flask("db", "upgrade", settings=demo_settings(folder))
            flask("demo", "load", settings=demo_settings(folder))
            # One round of the scheduler, so that reminders and letters are there.
            flask("scheduler", "--once", settings=demo_settings(folder))
            done.touch()


@contextmanager
def demo_firm(shared: Path, folder: Path) -> Iterator[str]:
    """Serve a copy of the demo firm in `shared` as bin/run does; give its address."""
    load_demo(shared)
    shutil.copytree(shared, folder, dirs_exist_ok=True)
    # With its scheduler, or every page would say that it stands still.
    with live_server(demo_settings(folder) | {"SCHEDULER": "inprocess"}) as server:
        yield server.url


def sign_in(context: BrowserContext, url: str, role: str) -> None:
    """Sign in to the demo firm through the form, as people do."""
    page = context.new_page()
    page.goto(f"{url}/login")
    page.fill("input[name=email]", SIGN_INS[role])
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda where: "/login" not in where)
    page.close()
