"""The pictures in docs/pictures, taken from the demo firm: `python -m tests.browser.pictures [FOLDER]`.

Run it after a change of looks. They are WebP at the size of the screen; where the typeface Inter is installed, pages
show it as the system's own, as most desks of today do.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import ROOT
from tests.browser.house import DESK, PHONE, demo_firm, sign_in
from tests.servers import CHROMIUM_ARGUMENTS, chromium_path

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match></fontconfig>"""


@dataclass(frozen=True)
class Picture:
    """One picture: its name, who looks, and how to get there (from the front page on)."""

    name: str
    go: Callable[[Page], None]
    role: str = "consultant"
    width: int = DESK
    height: int = 900
    dark: bool = False
    language: str = "en"


def at(path: str) -> Callable[[Page], None]:
    return lambda page: _open(page, path)


def first_of(path: str, link: str, then: str = "") -> Callable[[Page], None]:
    """Go to the first record of a list, and to `then` below it."""

    def go(page: Page) -> None:
        _open(page, path)
        target = page.get_attribute(link, "href")
        _open(page, f"{target}{then}")

    return go


def extension(page: Page) -> None:
    """The preview of everything that a later end moves."""
    first_of("/mandates?q=Interim-CFO", "main tbody th a", "/extensions/new")(page)
    page.fill("#new_end_on, #new_end", (date.today() + timedelta(days=200)).isoformat())  # noqa: DTZ011 - the demo lives today
    page.fill("#reason", "Successor starts in spring and is to be coached")
    page.click("main form.lo-panel button[type=submit], main form.lo-panel .btn-primary")
    page.wait_for_load_state()


def _open(page: Page, path: str) -> None:
    language = page.context.language  # type: ignore[attr-defined]
    page.goto(path + ("&" if "?" in path else "?") + f"lang={language}")


MANDATE = "/mandates?q=Interim-Werkleitung"  # in execution, extended, with two versions of its handbook
CALLS = "/talks?kind=quality&side=client"
PICTURES = (
    Picture("today-desk", at("/today")),
    Picture("today-desk-dark", at("/today"), dark=True, language="de"),
    Picture("today-phone", at("/today"), width=PHONE, height=844, language="nl"),
    Picture("managers-desk", at("/managers")),
    Picture("manager-desk", first_of("/managers?state=mandate", "main tbody th a"), language="de", height=1100),
    Picture("mandate-desk", first_of(MANDATE, "main tbody th a"), language="de", height=1160),
    Picture("mandate-phone", first_of(MANDATE, "main tbody th a"), width=PHONE, height=844, dark=True),
    Picture("board-desk", at("/mandates/board"), role="lead", height=1100),
    Picture("extension-desk", extension, role="lead", height=1100),
    Picture("log-talk-desk", first_of(CALLS, "main tbody a[href^='/talks/']", "/record")),
    Picture(
        "log-talk-phone", first_of(CALLS, "main tbody a[href^='/talks/']", "/record"), width=PHONE, height=844, language="de"
    ),
    Picture("interview-desk", first_of("/talks?kind=interview", "main tbody a[href^='/talks/']", "/record")),
    Picture("references-desk", first_of("/references?view=written", "main tbody tr:last-child th a"), height=1180),
    Picture("settings-desk", at("/settings"), role="administrator", language="nl"),
)


def take(browser: Browser, url: str, picture: Picture, folder: Path) -> Path:
    """Take one picture and return its file."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        base_url=url,
        device_scale_factor=1 if picture.width == DESK else 2,
        is_mobile=picture.width == PHONE,
        locale={"de": "de-DE", "nl": "nl-NL"}.get(picture.language, "en-GB"),
    )
    context.language = picture.language  # type: ignore[attr-defined]
    sign_in(context, url, picture.role)
    page = context.new_page()
    picture.go(page)
    page.evaluate("document.activeElement.blur()")
    shot = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 82})
    file = folder / f"{picture.name}.webp"
    file.write_bytes(base64.b64decode(shot["data"]))
    context.close()
    return file


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        demo_firm(Path(scratch, "shared"), Path(scratch, "demo")) as url,
        sync_playwright() as p,
    ):
        fonts = Path(scratch, "fonts.conf")
        fonts.write_text(FONTS, "utf-8")
        browser = p.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS), env={"FONTCONFIG_FILE": str(fonts)}
        )
        for picture in PICTURES:
            file = take(browser, url, picture, folder)
            print(f"{file.name}: {file.stat().st_size // 1000} KB")
        browser.close()


if __name__ == "__main__":
    main()
