"""Style sheet, script and icons: small, ours to the last byte on the wire, and kept by browsers for ever."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.assets import asset_url, assets, icon_url, stylesheet, without_data_images
from app.web.icons import sprite, unknown_icons, used_icons
from config import ROOT

FIRST_VISIT_BYTES = 80_000
SCRIPT_BYTES = 6_500
TEMPLATES = ROOT / "templates"
# Mails bring their styles along.
PAGES = [file for file in sorted(TEMPLATES.rglob("*.html")) if file != TEMPLATES / "mail" / "layout.html"]
FIRST_VISIT = ("lotse.css", "lotse.js", "icons.svg", "favicon.svg")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_first_visit_loads_at_most_80_kilobytes(app: Flask, client: FlaskClient) -> None:
    for encoding in ("br", "gzip"):
        sizes = {name: len(client.get(asset_url(name), headers={"Accept-Encoding": encoding}).data) for name in FIRST_VISIT}
        assert sum(sizes.values()) <= FIRST_VISIT_BYTES, sizes


def test_our_script_stays_small(app: Flask) -> None:
    assert len(assets().by_name["lotse.js"].body) < SCRIPT_BYTES


@pytest.mark.parametrize("name", FIRST_VISIT)
def test_files_come_under_their_hash_and_stay(app: Flask, client: FlaskClient, name: str) -> None:
    answer = client.get(asset_url(name))

    assert answer.status_code == 200
    assert re.fullmatch(r"/static/[a-z]+\.[0-9a-f]{12}\.[a-z]+", asset_url(name))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "sent"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None), ("br;q=0, gzip", "gzip")]
)
def test_files_come_in_the_encoding_the_browser_takes(app: Flask, client: FlaskClient, accepted: str, sent: str | None) -> None:
    answer = client.get(asset_url("lotse.css"), headers={"Accept-Encoding": accepted})

    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert answer.headers.get("Content-Encoding") == sent
    assert undo(answer.data) == assets().by_name["lotse.css"].body


def test_a_file_the_browser_has_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    first = client.get(asset_url("lotse.js"), headers={"Accept-Encoding": "br"})
    second = client.get(asset_url("lotse.js"), headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert second.data == b""


@pytest.mark.parametrize(
    "path", ["/static/lotse.css", "/static/lotse.000000000000.css", "/static/../config.py", "/static/lotse.js.map"]
)
def test_nothing_else_is_served_as_a_file(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_browsers_and_search_engines_get_what_they_ask_for_by_themselves(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").content_type == "image/x-icon"
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_the_style_sheet_asks_for_nothing_and_names_no_map() -> None:
    css = stylesheet()

    assert "url(" not in css
    assert "@import" not in css
    assert "sourceMappingURL" not in css
    assert ".btn{" in css, "Bootstrap is in it"
    assert ".lo-shell" in css, "our theme is in it"
    assert css.count("{") == css.count("}")


def test_only_the_declaration_with_the_image_goes() -> None:
    css = ".a{color:red;--x:url(\"data:image/svg+xml,%3csvg a='b;c'/%3e\");margin:0}.b{background:url(data:image/png;base64,xx)}"
    assert without_data_images(css) == ".a{color:red;margin:0}.b{}"


def test_every_icon_that_a_template_or_our_code_names_exists(app: Flask) -> None:
    assert unknown_icons(assets().icons) == set()


def test_the_sprite_holds_the_icons_in_use_and_no_other() -> None:
    cut = sprite({"sun", "gear", "no-such-icon"})

    assert re.findall(r'id="([^"]+)"', cut) == ["gear", "sun"]


def test_icons_are_found_however_a_template_names_them(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("""{{ icon("sun") }} {{ post_button("x", "/", icon_name='gear') }} {{ {"icon": "list"} }}""")

    assert used_icons(tmp_path) >= {"sun", "gear", "list"}


def test_an_icon_that_nobody_registered_is_found_out_in_tests(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(LookupError, match="icon_name"):
        icon_url("emoji-" + "smile")


def test_pages_are_compressed_on_their_way_out(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"Accept-Encoding": "br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert b"<!doctype html>" in brotli.decompress(answer.data)


def test_every_class_that_a_page_uses_is_in_the_style_sheet() -> None:
    known = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", stylesheet()))

    assert {name: file for file in PAGES for name in _classes_of(file.read_text("utf-8")) if name not in known} == {}


def _classes_of(template: str) -> set[str]:
    """The classes written out in a template; names put together in braces are not seen."""
    plain = re.sub(r"\{\{.*?\}\}|\{#.*?#\}", "\0", template, flags=re.S)
    plain = re.sub(r"\{%.*?%\}", " ", plain, flags=re.S)
    return {name for names in re.findall(r'\sclass="([^"]*)"', plain) for name in names.split() if "\0" not in name}
