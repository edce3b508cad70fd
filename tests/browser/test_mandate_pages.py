"""The pages of a mandate with everything on it: axe, widths, keyboard alone, without script, on paper; and what is behind its links."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import axe
from tests.browser.crowded import Crowded, crowd
from tests.browser.house import DESK, PHONE, Watched, small_office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visitor = Callable[..., BrowserContext]
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(one => Number(one.tagName[1]))"
# Every drawing says in words what it shows; a table has heads.
SPEECHLESS = """[...document.querySelectorAll('main svg:not([aria-hidden]), main table')].filter(one =>
    one.tagName === 'TABLE' ? !one.querySelector('th[scope=col]') : !one.querySelector('title')?.textContent || !one.querySelector('desc')?.textContent
).length"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Crowded]]:
    with small_office(tmp_path_factory.mktemp("crowded"), crowd) as served:
        yield served


@pytest.fixture
def visitor(browser: Browser, office: tuple[str, str, Crowded]) -> Iterator[Visitor]:
    """Somebody before these pages: `visitor(lead=False, width=390, script=False)`."""
    contexts: list[BrowserContext] = []
    url, cookie, _crowded = office

    def enter(*, lead: bool = True, width: int = DESK, script: bool = True) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=url, reduced_motion="reduce"
        )
        contexts.append(context)
        if lead:
            context.add_cookies([{"name": "lotse", "value": cookie, "url": url}])
        return context

    yield enter
    for context in contexts:
        context.close()


def pages_of(crowded: Crowded) -> list[str]:
    base, scoping = f"/mandates/{crowded.mandate}", f"/mandates/{crowded.scoping}"
    parts = (
        "", "/scoping", "/plan", f"/plan/goals/{crowded.goal}", f"/plan/milestones/{crowded.milestone}", "/plan/moments/new",
        "/handbook", "/handbook/2/acceptance", "/handbook/2/request", "/reports", f"/reports/{crowded.manager}/2026-01", "/exit",
        "/exit/edit", "/handover", f"/handover/{crowded.item}", "/evaluation", "/evaluation/client", "/evaluation/manager/request",
        "/status-checks", f"/status-checks/{crowded.check}", f"/status-checks/{crowded.check}/answers", "/stage-changes/new",
        "/manager", "/extensions/new", "/edit", "/next-step",
    )  # fmt: skip
    early = ("", "/candidates", f"/candidates/{crowded.candidate}", "/contract", "/lost")
    return (
        [f"{base}{part}" for part in parts] + [f"{scoping}{part}" for part in early] + ["/mandates/board", "/mandates?view=end"]
    )


LOOKS = (("light", PHONE),)  # the demo firm's pages are looked at in all four
PARTS = 2  # of the pages, for as many processes


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    visitor: Visitor, office: tuple[str, str, Crowded], part: int
) -> None:
    watched = Watched(visitor().new_page())
    wrong: dict[str, list[str]] = {}
    for path in pages_of(office[2])[part::PARTS]:
        answer = watched.page.goto(path)
        assert answer is not None and answer.status == 200, path
        levels = watched.page.evaluate(HEADINGS)
        problems = [*axe.findings(watched.page, LOOKS), *axe.too_wide(watched.page), *watched.complaints]
        if levels[0] != 1 or any(below > above + 1 for above, below in itertools.pairwise(levels)):
            problems.append(f"headings out of order: {levels}")
        if watched.page.evaluate(SPEECHLESS):
            problems.append("a drawing without words, or a table without heads")
        if len(_filled(watched.page)) > 1:
            problems.append(f"more than one filled button: {_filled(watched.page)}")
        watched.complaints.clear()
        if problems:
            wrong[path] = problems

    assert wrong == {}


def _filled(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('main .btn-primary')].map(one => one.textContent.trim())")
    return found


@pytest.mark.parametrize("purpose", ["handbook", "evaluation", "report"])
def test_the_pages_behind_personal_links_are_clean_too(visitor: Visitor, office: tuple[str, str, Crowded], purpose: str) -> None:
    watched = Watched(visitor(lead=False).new_page())
    watched.page.goto(office[2].links[purpose])
    assert [*axe.findings(watched.page), *axe.too_wide(watched.page), *watched.complaints] == []
    assert len(_filled(watched.page)) == 1


def focus_ring(page: Page) -> str | None:
    """Return where the focus is, None at the end of the page; fails where it cannot be seen."""
    at, width, size = page.evaluate(
        """(() => { const one = document.activeElement; const box = one.closest('label, summary') || one;
        const ring = element => parseFloat(getComputedStyle(element).outlineWidth) * (getComputedStyle(element).outlineStyle !== 'none');
        return [one === document.body ? null : one.outerHTML.slice(0, 120), Math.max(ring(one), ring(box)), box.getBoundingClientRect().height] })()"""
    )
    assert at is None or "lo-skip" in at or (width >= 2 and size > 0), f"the focus cannot be seen: {at}"
    return str(at) if at is not None else None


@pytest.mark.parametrize("part", ["", "/plan", "/handbook", "/handover", "/evaluation", "/status-checks"])
def test_everything_is_reached_by_keyboard_alone(visitor: Visitor, office: tuple[str, str, Crowded], part: str) -> None:
    page = visitor().new_page()
    page.goto(f"/mandates/{office[2].mandate}{part}")
    wanted = page.locator("main :is(a[href], button, input, select, textarea, summary):visible").count()
    reached = 0
    for _press in range(wanted + 60):
        page.keyboard.press("Tab")
        where = focus_ring(page)
        if where is None:
            break
        reached += page.evaluate(
            "Boolean(document.activeElement.closest('main')) && document.activeElement.matches('a, button, input, select, textarea, summary')"
        )

    assert reached == wanted


def test_the_jobs_of_a_mandate_are_done_without_script_on_a_phone(visitor: Visitor, office: tuple[str, str, Crowded]) -> None:
    crowded = office[2]
    page, base = visitor(width=PHONE, script=False).new_page(), f"/mandates/{crowded.mandate}"
    page.goto(base)
    before = page.locator("form[action$='completion?from=mandate']").count()
    page.locator("form[action$='completion?from=mandate'] button").first.click()
    assert page.url.endswith(base) and before == 3

    page.goto(f"{base}/handover")
    page.locator("form[action$='/completion'] button").first.click()
    assert page.locator(".lo-pill.is-ok").count() == 1

    page.goto(f"{base}/reports/{crowded.manager}/2026-01")
    page.fill("input[name=days]", "12")
    page.fill("textarea[name=tasks]", "Plan")
    page.press("input[name=days]", "Enter")
    assert page.url.endswith("/reports")

    page.goto(f"{base}/status-checks")
    page.locator("a[href$='/answers']").first.click()
    for name in {one.get_attribute("name") for one in page.locator("input[name^=answer_]").all()}:
        page.locator(f"input[name={name}][value=no]").check()
    page.locator("main form button.btn-primary").click()
    assert page.locator(".lo-meter").count() >= 1
    page.context.close()


def test_on_paper_the_mandate_stands_without_buttons(visitor: Visitor, office: tuple[str, str, Crowded]) -> None:
    page = visitor().new_page()
    page.goto(f"/mandates/{office[2].mandate}")
    page.emulate_media(media="print")

    assert page.locator("main .btn:visible, nav:visible").count() == 0
    assert page.locator("svg.lo-chart[role=img]").first.is_visible()
