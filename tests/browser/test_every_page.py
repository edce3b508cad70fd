"""Every page of the demo firm that a link leads to: it answers, its HTML is right, axe finds nothing, nothing is refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import axe
from tests.browser.house import Watched
from tests.browser.walk import Found, one_of_each, walk
from tests.servers import html_checker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Colleague = Callable[..., BrowserContext]
STARTS = ("/today", "/menu", "/settings", "/mail", "/search?q=an", "/nowhere")
OUTSIDE = ("/login", "/login/forgotten", "/nowhere")


def walk_as(context: BrowserContext, starts: tuple[str, ...] = STARTS) -> list[Found]:
    """Follow every link as whoever is signed in with `context`."""

    def fetch(path: str) -> tuple[int, str, str]:
        answer = context.request.get(path)
        return (
            answer.status,
            answer.headers.get("content-type", ""),
            answer.text() if "html" in answer.headers.get("content-type", "") else "",
        )

    return walk(fetch, starts)


@pytest.mark.parametrize("role", ["administrator", "consultant", "assistant", "auditor"])
def test_no_link_leads_to_an_error(colleague: Colleague, role: str) -> None:
    found = walk_as(colleague(role))

    assert {page.path: page.status for page in found if page.status >= 400 and page.path != "/nowhere"} == {}
    assert len(found) > 20


@pytest.mark.skipif(html_checker() is None, reason="The HTML checker needs npm and Java; CI has both.")
@pytest.mark.parametrize("role", ["administrator", "consultant"])
def test_the_html_checker_reports_no_error(colleague: Colleague, browser: object, demo: str, tmp_path: Path, role: str) -> None:
    found = walk_as(colleague(role))
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


@pytest.mark.parametrize("look", axe.LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_axe_finds_nothing(colleague: Colleague, look: tuple[str, int]) -> None:
    context = colleague("administrator")
    watched = Watched(context.new_page())
    wrong: dict[str, list[str]] = {}
    for found in one_of_each(walk_as(context)):
        watched.page.goto(found.path)
        problems = [*axe.findings(watched.page, [look]), *watched.complaints]
        watched.complaints.clear()
        if look == axe.LOOKS[0]:
            problems += axe.too_wide(watched.page)
        if problems:
            wrong[found.path] = problems

    assert wrong == {}


def test_axe_finds_nothing_on_the_pages_outside(browser: object, reader: Callable[..., Watched], demo: str) -> None:
    opened = reader("/login")
    for path in OUTSIDE:
        opened.page.context.clear_cookies()
        opened.page.goto(f"{demo}{path}")
        assert axe.findings(opened.page) == [], path
        assert axe.too_wide(opened.page) == [], path
