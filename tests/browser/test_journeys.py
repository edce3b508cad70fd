"""What a consultant does many times a day, by keyboard and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.house import PHONE, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Colleague = Callable[..., BrowserContext]
TALK_LINK = "a[href^='/talks/']"


def test_a_held_call_is_logged_with_a_handful_of_keys(colleague: Colleague) -> None:
    page = colleague("consultant").new_page()
    page.goto("/talks?kind=quality")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/talks/*")
    number = page.url.rpartition("/")[2]

    page.goto(f"/talks/{number}/record")
    page.wait_for_function("document.activeElement.name === 'overall'")  # the browser moves the focus after loading
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")

    page.wait_for_selector(".lo-note.is-ok")
    assert "4" in (page.text_content("main") or "")


def test_a_held_call_is_logged_without_script(colleague: Colleague) -> None:
    watched = Watched(colleague("consultant", script=False, width=PHONE).new_page())
    page = watched.page
    page.goto("/talks?kind=quality")
    watched.follow(f"main tbody tr:nth-child(2) {TALK_LINK}")
    number = page.url.rpartition("/")[2]

    page.goto(f"/talks/{number}/record")
    if page.query_selector("input[name=overall]"):
        page.click("label:has(> input[name=overall][value='5']), input[name=overall][value='5'] + label")
    watched.follow(".lo-save .btn-primary")

    assert page.is_visible(".lo-note.is-ok")


def test_the_keys_lead_everywhere(colleague: Colleague) -> None:
    page = colleague("lead").new_page()
    page.goto("/settings")
    for keys, where in (("gm", "/mandates"), ("gt", "/today"), ("nt", "/talks/new"), ("nm", "/managers/new")):
        page.evaluate("document.activeElement.blur()")
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{where}")

    page.goto("/today")
    page.keyboard.press("/")
    page.keyboard.type("van")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=van")


def test_who_signs_out_is_out(colleague: Colleague) -> None:
    watched = Watched(colleague("assistant", script=False).new_page())
    page = watched.page
    page.goto("/menu")
    watched.follow("main form[action='/logout'] button")

    page.goto("/today")
    assert "/login" in page.url
