"""A new installation served as bin/run does, whose clock is put where the journey wants it, with a real SMTP server."""

from __future__ import annotations

import math
import re
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import vobject
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.house import DESK, Watched
from tests.servers import LOOPBACK, MailServer, die_with_parent, environment, flask, flask_command, free_port, live_server

BERLIN = ZoneInfo("Europe/Berlin")
PASSWORD = "Leuchtfeuer-Priel-29"
LINK = re.compile(r"https?://\S+/p/[\w-]+")


def berlin(day: str, time: str = "09:00") -> datetime:
    """Return the instant of a day (ISO) and a time of Berlin."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=BERLIN)


@dataclass
class Installation:
    """Database, files and settings of one firm in `folder`; its address stays the same over all starts."""

    folder: Path
    mail: MailServer
    require_mfa: str = "off"
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def settings(self, moment: datetime, scheduler: str = "inprocess") -> dict[str, str]:
        """Return the environment in which it is `moment` now, or up to a minute later: whole minutes are added, so that minutes begin together."""
        away = (moment - datetime.now(UTC)).total_seconds()
        return {
            "DATABASE_URL": f"sqlite:///{self.folder / 'lotse.sqlite3'}",
            "FILES_URL": str(self.folder / "files"),
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "MAIL_URL": self.mail.url,
            "PUBLIC_URL": self.url,
            "REQUIRE_MFA": self.require_mfa,
            "SCHEDULER": scheduler,
            "LOTSE_CLOCK_OFFSET": str(math.ceil(away / 60) * 60),
        }

    def flask(self, *arguments: str, moment: datetime) -> str:
        done = flask(*arguments, settings=self.settings(moment, "off"))
        with (self.folder / "commands.log").open("a", encoding="utf-8") as log:
            log.write(done.stdout + done.stderr)
        return done.stdout

    @contextmanager
    def open(self, moment: datetime) -> Iterator[str]:
        """Serve it, with its scheduler, from `moment` on; give its address."""
        with live_server(self.settings(moment), port=self.port, log=self.folder / "log") as server:
            yield server.url

    @contextmanager
    def second_scheduler(self, moment: datetime) -> Iterator[None]:
        """Run the scheduler's own process beside the server."""
        with (self.folder / "scheduler.log").open("ab") as log:
            process = subprocess.Popen(
                flask_command("scheduler"),
                env=environment(self.settings(moment)),
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )
            try:
                yield
                assert process.poll() is None, "the second scheduler ended by itself"
            finally:
                process.terminate()
                process.wait(30)

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Return what the database says, past the application."""
        connection = sqlite3.connect(f"file:{self.folder / 'lotse.sqlite3'}?mode=ro", uri=True)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def letters(self, to: str, purpose: str = "") -> list[EmailMessage]:
        """Return what arrived for an address, oldest first; `purpose` is a part of the outbox key."""
        return [one for one in self.mail.messages if to in str(one["To"]) and purpose in str(one["X-Lotse-Key"])]

    def wait_for(self, to: str, purpose: str = "", count: int = 1, seconds: float = 60) -> list[EmailMessage]:
        """Return the letters for `to` with `purpose` once there are `count`."""
        for _try in range(int(seconds * 10)):
            found = self.letters(to, purpose)
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{len(self.letters(to, purpose))} letters {purpose!r} to {to} instead of {count}")


class Colleague:
    """Somebody's browser: pages that are watched, and pictures of them."""

    def __init__(self, browser: Browser, url: str, pictures: Path, width: int = DESK) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 1000}, base_url=url, reduced_motion="reduce", locale="en-GB"
        )
        self.watched = Watched(self.context.new_page())
        self.pictures = pictures

    @property
    def page(self) -> Page:
        return self.watched.page

    def sign_in(self, email: str) -> Colleague:
        self.page.goto("/login")
        self.fill(email=email, password=PASSWORD)
        self.submit()
        assert urlsplit(self.page.url).path != "/login", self.text
        return self

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None and answer.ok, f"{path}: {answer.status if answer else 'no answer'}"

    def fill(self, **values: str) -> None:
        """Type into the fields of these names, choose where there are choices."""
        for name, value in values.items():
            control = self.page.locator(f"main [name='{name}']")
            kind = control.first.evaluate("e => e.tagName + ' ' + e.type")
            if kind.startswith("SELECT"):
                control.select_option(value)
            elif "radio" in kind or "checkbox" in kind:
                control.locator(f"xpath=self::*[@value='{value}']").press("Space")
            else:
                control.fill(value)

    def submit(self, button: str | None = None) -> None:
        """Press the named button, else the first one of the main part, and wait for the next page."""
        found = (
            self.page.get_by_role("button", name=button, exact=True)
            if button
            else self.page.locator("main form button:not([type=button])").first
        )
        with self.page.expect_navigation():
            found.click()

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    @property
    def number(self) -> int:
        """The number of the record whose page this is."""
        return int(self.page.url.split("?")[0].split("#")[0].rpartition("/")[2])

    def close(self) -> None:
        assert self.watched.complaints == []
        self.context.close()


def personal_link(letter: EmailMessage) -> str:
    """Return the personal link in a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found is not None, body.get_content()
    return found[0]


def words_of(letter: EmailMessage, kind: str = "plain") -> str:
    """Return the body of a letter, text or HTML, as one line."""
    body = letter.get_body((kind,))
    assert body is not None
    return " ".join(body.get_content().split())


def calendar_of(letter: EmailMessage) -> vobject.base.Component:
    """Read a letter's calendar file with a reader that is not ours."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return vobject.readOne(part.get_payload(decode=True).decode("utf-8"))
