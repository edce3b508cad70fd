"""Logging a held call from the talk's page, by keyboard, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.db import db
from tests.browser.house import served
from tests.factories import make_talk, reload
from tests.office import Office
from tests.talks.mandates import bavarian_mandate

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_KEYS = 8


@pytest.fixture
def screen(app: Flask, office: Office, browser: Browser) -> Iterator[Page]:
    """The office's browser with a real screen."""
    cookie = office.client.get_cookie("lotse")
    assert cookie is not None
    with served(app) as url:
        context = browser.new_context(base_url=url)
        context.add_cookies([{"name": "lotse", "value": cookie.value, "url": url}])
        yield context.new_page()
        context.close()


def test_a_held_call_takes_a_handful_of_keys_from_the_talks_page(screen: Page, office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))
    screen.goto(f"/talks/{talk.id}")
    keys = 0

    def press(*names: str) -> None:
        nonlocal keys
        keys += len(names)
        for name in names:
            screen.keyboard.press(name)

    press("n", "t")
    screen.wait_for_url(f"**/talks/{talk.id}/record")
    screen.wait_for_function("document.activeElement.name === 'overall'")
    press("4")
    press("Tab", "4")  # progress: the radios of a scale are one stop; 4 is none of its answers and changes nothing
    press("Tab", "5")
    press("Control+Enter")
    screen.wait_for_url(f"**/talks/{talk.id}")

    assert keys <= MOST_KEYS
    talk = reload(talk)
    assert (talk.state, talk.overall, talk.answers) == ("held", 4, {"acceptance": 5})
    db.session.remove()


def test_a_call_with_notes_takes_no_more_keys_than_the_text(screen: Page, office: Office) -> None:
    talk = make_talk(mandate=bavarian_mandate(office.user))
    screen.goto(f"/talks/{talk.id}")
    for key in ("n", "t"):
        screen.keyboard.press(key)
    screen.wait_for_function("document.activeElement.name === 'overall'")
    for key in ("4", "n", "n"):
        screen.keyboard.press(key)
    screen.wait_for_function("document.activeElement.name === 'notes'")
    screen.keyboard.type("Nachfolger beginnt am 1. Juli.")
    screen.keyboard.press("Control+Enter")
    screen.wait_for_url(f"**/talks/{talk.id}")

    talk = reload(talk)
    assert (talk.state, talk.overall, talk.record) == ("held", 4, "Nachfolger beginnt am 1. Juli.")
    db.session.remove()
