"""The headers of every answer: pages, files, errors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.web.assets import asset_url
from app.web.headers import preset
from config import Config
from tests.office import Office

PATHS = ("/login", "/menu", "/nowhere", "/static/none.css", "/favicon.ico", "/robots.txt")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["form-action"] == "'self'"
    assert not any("unsafe" in value or "http" in value for value in policy.values())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Server"] == "Lotse"
    assert "Strict-Transport-Security" not in headers


def test_pages_are_kept_by_nobody(office: Office) -> None:
    assert office.open("/menu").headers["Cache-Control"] == "no-store"
    assert office.open("/nowhere").headers["Cache-Control"] == "no-store"


def test_files_may_be_kept(app: Flask, client: FlaskClient) -> None:
    assert "no-store" not in client.get(asset_url("lotse.css")).headers["Cache-Control"]


def test_a_personal_link_tells_nobody_where_somebody_came_from(client: FlaskClient) -> None:
    answer = client.get("/p/none-of-ours")

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PROPFIND", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/login", "/nowhere"])
def test_methods_that_no_page_has_are_refused(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Content-Security-Policy" in answer.headers


def test_browsers_are_told_to_stay_on_tls_only_where_there_is_tls(config: Config) -> None:
    over_tls = create_app(replace(config, public_url="https://lotse.example.org"))

    assert (
        over_tls.test_client()
        .get("/robots.txt", base_url="https://lotse.example.org")
        .headers["Strict-Transport-Security"]
        .startswith("max-age=63072000")
    )
    assert "Strict-Transport-Security" not in preset(tls=False)


def test_a_mistake_of_ours_carries_the_policy_too(app: Flask) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    broken.permission = "public"  # type: ignore[attr-defined]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/broken")

    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "a b", "evil.example:99999", ""])
@pytest.mark.parametrize("path", ["/", "/login", "/today", "/healthz", "/p/abc", "/register", "/static/x"])
def test_a_foreign_name_is_refused_with_a_sentence_and_is_no_fault_of_ours(app, host, path):
    answer = app.test_client().get(path, headers={"Host": host})

    assert answer.status_code in (200, 301, 302, 303, 308, 400, 404), answer.status_code
    assert host == "" or (answer.status_code == 400 and b"does not answer under that name" in answer.data)
