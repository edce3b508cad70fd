"""axe-core over one page in both colour schemes, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.house import DESK, PHONE, SMALLEST

STANDARDS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # all that is right, described node by node, takes as long again
}
_RUN = "options => axe.run(options).then(results => results.violations)"


LOOKS = tuple((scheme, width) for scheme in ("light", "dark") for width in (DESK, PHONE))
ACROSS = ((("light", DESK), ("dark", PHONE)), (("light", PHONE), ("dark", DESK)))


def looks_of(number: int) -> tuple[tuple[str, int], ...]:
    """Return both schemes and both widths in two looks, for the page with this number of many.

    Colours do not hang on the width, and pages that follow one another are made of the same parts.
    """
    return ACROSS[number % 2]


def findings(page: Page, looks: Iterable[tuple[str, int]] = LOOKS) -> list[str]:
    """Return what axe finds on the page as it stands in each of the `looks`, one line for each element."""
    found: list[str] = []
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # As high as the page is: what stays in sight while one scrolls covers nothing then.
        page.set_viewport_size({"width": width, "height": 900})
        page.set_viewport_size({"width": width, "height": max(900, page.evaluate("document.documentElement.scrollHeight"))})
        found += [f"{scheme} {width}: {line}" for line in _lines(page.evaluate(_RUN, STANDARDS))]
    return found


def _lines(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Return the widths at which the page itself scrolls sideways."""
    wide = []
    for width in (DESK, PHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(f"scrolls sideways at {width}")
    return wide
