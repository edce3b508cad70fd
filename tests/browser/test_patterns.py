"""The book of patterns in a browser: axe, keys, and everything without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import axe, patterns
from tests.browser.house import PHONE, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Reader = Callable[..., Watched]


@pytest.mark.parametrize(
    "path", [*(f"/patterns/{name}" for name in patterns.NAMES), "/patterns/list?told=1", "/menu", "/nowhere"]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(reader: Reader, path: str) -> None:
    opened = reader(path)

    assert axe.findings(opened.page) == []
    assert axe.too_wide(opened.page) == []
    assert opened.complaints == []


def test_a_refused_form_is_clean_too_and_has_the_focus_on_its_errors(reader: Reader) -> None:
    opened = reader("/patterns/form")
    opened.page.evaluate("document.querySelector('main form:not([role])').noValidate = true")
    opened.follow("text=Save >> nth=0")

    assert opened.page.evaluate("document.activeElement.hasAttribute('data-errors')")
    assert axe.findings(opened.page) == []


def test_the_question_mark_shows_the_keys_and_escape_closes_them(reader: Reader) -> None:
    page = reader("/patterns/list").page
    page.keyboard.press("?")

    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")


def test_j_and_k_walk_through_a_list_and_enter_opens(reader: Reader) -> None:
    opened = reader("/patterns/list")
    page = opened.page
    for key in "jjk":
        page.keyboard.press(key)

    assert opened.focused == "Henrike Aldenhoff"
    page.keyboard.press("Enter")
    page.wait_for_url("**/patterns/record")


def test_two_keys_one_after_the_other_lead_to_a_field_or_a_place(reader: Reader) -> None:
    opened = reader("/patterns/record")
    opened.page.keyboard.press("n")
    opened.page.keyboard.press("n")

    assert opened.focused == "note"


def test_single_keys_do_nothing_while_a_field_has_the_focus(reader: Reader) -> None:
    opened = reader("/patterns/record")
    opened.page.focus("#note")
    opened.page.keyboard.type("j? n n x")

    assert opened.page.input_value("#note") == "j? n n x"
    assert not opened.page.is_visible("#keys")


def test_digits_answer_a_focused_scale(reader: Reader) -> None:
    page = reader("/patterns/form").page
    page.focus("#overall-0")
    page.keyboard.press("4")

    assert page.is_checked("#overall-3")


def test_a_key_that_was_switched_off_does_nothing(reader: Reader) -> None:
    page = reader("/patterns/list").page
    page.goto("/patterns/public")  # pages for people outside have none
    page.focus("#overall-0")
    page.keyboard.press("4")

    assert not page.is_checked("#overall-3")


def test_control_enter_saves_from_within_a_field(reader: Reader) -> None:
    page = reader("/patterns/form").page
    page.fill("#who", "Dr. Rainer Osterkamp")
    page.fill("#day", "2026-03-17")
    page.check("#overall-3")
    page.focus("#change")
    page.keyboard.press("Control+Enter")

    page.wait_for_selector("text=Saved.")


def test_a_quick_choice_fills_the_date(reader: Reader) -> None:
    page = reader("/patterns/form").page
    page.click("text=tomorrow")

    assert page.input_value("#day") == "2026-03-18"


def test_a_second_click_sends_nothing(reader: Reader) -> None:
    page = reader("/patterns/form").page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route(
        "**/patterns/form", lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_()
    )
    page.fill("#who", "Dr. Rainer Osterkamp")
    page.fill("#day", "2026-03-17")
    page.check("#overall-3")
    for _click in range(2):
        page.evaluate("document.querySelector('.lo-save .btn-primary').click()")
        page.wait_for_timeout(100)

    assert len(sent) == 1


def test_what_was_done_is_said_to_screen_readers(reader: Reader) -> None:
    page = reader("/patterns/list?told=1").page
    page.wait_for_timeout(400)

    assert "Saved. The next talk is on Monday." in (page.text_content("#live") or "")


def test_a_form_works_without_script(reader: Reader) -> None:
    opened = reader("/patterns/form", script=False)
    page = opened.page
    page.fill("#who", "Dr. Rainer Osterkamp")
    page.fill("#day", "2026-03-17")
    page.click("label:has(#overall-3)")  # as people do: the button itself is not seen
    assert not page.is_visible("text=tomorrow"), "a button that needs script is not there"
    opened.follow(".lo-save .btn-primary")

    assert page.is_visible("text=Saved.")


def test_filters_are_a_page_of_their_own_on_a_phone_without_script(reader: Reader) -> None:
    opened = reader("/patterns/list", width=PHONE, script=False)
    page = opened.page
    assert not page.is_visible("#filter-state")
    opened.follow("text=Filter (2 set)")

    assert page.is_visible("#filter-state")
    assert not page.is_visible("text=Henrike Aldenhoff")
    opened.follow("text=Apply")
    assert page.is_visible("text=Henrike Aldenhoff")
