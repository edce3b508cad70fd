"""Every page of the demo firm that a link leads to: it answers, its HTML is right, axe finds nothing, nothing is refused."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.demo.firm import SIGN_INS
from tests.browser import axe
from tests.browser.house import Watched
from tests.browser.walk import Found, one_of_each, walk
from tests.servers import html_checker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Colleague = Callable[..., BrowserContext]
STARTS = ("/today", "/menu", "/settings", "/mail", "/search?q=an", "/nowhere")
OUTSIDE = ("/login", "/login/new-password", "/register", "/register/sent", "/register/again", "/register/terms", "/nowhere")


_walked: dict[str, list[Found]] = {}  # by role; looking changes nothing, so one walk serves all tests of this process


def walk_as(role: str, context: BrowserContext) -> list[Found]:
    """Follow every link as a colleague of this role, who is signed in with `context`."""

    def fetch(path: str) -> tuple[int, str, str]:
        answer = context.request.get(path)
        return (
            answer.status,
            answer.headers.get("content-type", ""),
            answer.text() if "html" in answer.headers.get("content-type", "") else "",
        )

    if role not in _walked:
        _walked[role] = walk(fetch, STARTS)
    return _walked[role]


@pytest.mark.parametrize("role", ["administrator", "consultant", "assistant", "auditor"])
def test_no_link_leads_to_an_error(colleague: Colleague, role: str) -> None:
    found = walk_as(role, colleague(role))

    assert {page.path: page.status for page in found if page.status >= 400 and page.path != "/nowhere"} == {}
    assert len(found) > 20


@pytest.mark.skipif(html_checker() is None, reason="The HTML checker needs npm and Java; CI has both.")
@pytest.mark.parametrize("role", ["administrator", "consultant"])
def test_the_html_checker_reports_no_error(colleague: Colleague, tmp_path: Path, role: str) -> None:
    found = walk_as(role, colleague(role))
    names = {}
    for number, page in enumerate(found):
        name = f"{number:03}.html"
        (tmp_path / name).write_text(page.html, "utf-8")
        names[name] = page.path

    assert _html_errors(tmp_path, names) == []


def _html_errors(folder: Path, names: dict[str, str]) -> list[str]:
    checker = ["java", "-Xss1m", "-jar", str(html_checker()), "--errors-only", "--format", "json"]
    done = subprocess.run([*checker, *(str(folder / name) for name in names)], capture_output=True, text=True)
    messages = json.loads(done.stderr)["messages"]
    return [f"{names[m['url'].rpartition('/')[2]]}: {m['message']} {m.get('extract', '')[:120]!r}" for m in messages]


PARTS = 2  # of the pages, for as many processes


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing(colleague: Colleague, part: int) -> None:
    context = colleague("administrator")
    watched = Watched(context.new_page())
    wrong: dict[str, list[str]] = {}
    for number, found in enumerate(one_of_each(walk_as("administrator", context))[part::PARTS]):
        watched.page.goto(found.path)
        problems = [*axe.findings(watched.page, axe.looks_of(number)), *axe.too_wide(watched.page), *watched.complaints]
        watched.complaints.clear()
        if problems:
            wrong[found.path] = problems

    assert wrong == {}


def test_the_pages_outside_are_clean_too(browser: Browser, demo: str, demo_folder: Path, tmp_path: Path) -> None:
    context = browser.new_context(base_url=demo, reduced_motion="reduce")
    watched = Watched(context.new_page())
    page = watched.page
    link = _personal_link(page, demo_folder)
    names = {}
    for number, path in enumerate((*OUTSIDE, link, f"{link}x")):
        page.goto(path)
        assert [*axe.findings(page), *axe.too_wide(page), *watched.complaints] == [], path
        names[f"{number}.html"] = path
        (tmp_path / f"{number}.html").write_text(context.request.get(path).text(), "utf-8")
    context.close()

    assert html_checker() is None or _html_errors(tmp_path, names) == []


def _personal_link(page: Page, folder: Path) -> str:
    """Ask for a new password as somebody of the demo firm, and return the link of the letter."""
    before = set((folder / "mail").glob("*.eml"))
    page.goto("/login/new-password")
    page.fill("main input[name=email]", SIGN_INS["assistant"])
    page.click("main form button")
    for _attempt in range(300):
        for letter in set((folder / "mail").glob("*.eml")) - before:
            found = re.search(r"/p/[\w-]+", _text_of(letter))
            if found:
                return found[0]
        page.wait_for_timeout(200)
    raise AssertionError("no letter with a link came within a minute")


def _text_of(letter: Path) -> str:
    body = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""
