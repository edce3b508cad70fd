"""A browser, the book of patterns and the demo firm, each started once for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.house import Watched, book_of_patterns, chromium, demo_firm, sign_in
from tests.browser.installation import Installation
from tests.servers import MailServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = chromium(playwright)
        yield chrome
        chrome.close()


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of the book of patterns, and the cookie of a colleague who is signed in there."""
    with book_of_patterns(tmp_path_factory.mktemp("book")) as served:
        yield served


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo firm of these tests has its database, files and mail."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Iterator[str]:
    """The address of a demo firm."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with demo_firm(shared / "demo-shared", demo_folder) as url:
        yield url


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    """An installation in a folder of its own, whose database has still to be made, with a mail server."""
    with MailServer() as mail:
        yield Installation(tmp_path, mail)


@pytest.fixture
def colleague(browser: Browser, demo: str) -> Iterator[Callable[..., BrowserContext]]:
    """Somebody of the demo firm at work: `colleague("consultant", width=390, script=False)`."""
    contexts: list[BrowserContext] = []

    def enter(role: str, *, width: int = 1440, script: bool = True) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=demo, reduced_motion="reduce"
        )
        contexts.append(context)
        sign_in(context, demo, role)
        return context

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def reader(browser: Browser, book: tuple[str, str]) -> Iterator[Callable[..., Watched]]:
    """Open pages of the book as a colleague: `reader("/patterns/list", width=390, script=False)`."""
    contexts: list[BrowserContext] = []
    url, cookie = book

    def open_page(path: str, *, width: int = 1440, script: bool = True, scheme: str = "light") -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme=scheme,  # type: ignore[arg-type]
            base_url=url,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "lotse", "value": cookie, "url": url}])
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.goto(path)
        return watched

    yield open_page
    for context in contexts:
        context.close()
