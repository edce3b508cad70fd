"""A person at work in the application: opens pages, fills their forms, submits them.

    page = office.open("/mandates/1/extensions/new")
    page.fill(new_end="2026-09-30").submit()

Forms are filled as rendered: hidden fields go along, an unknown field is an error.
"""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask import Flask

from app.core.clock import clock
from app.db import acting_as, unit_of_work
from app.users import sessions
from app.users.models import User


class _Forms(HTMLParser):
    """Collects the forms of a page with their fields and present values."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, Any]] = []
        self._select: str | None = None
        self._textarea: str | None = None
        self._first_option = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.forms.append(
                {
                    "action": a.get("action") or "",
                    "method": (a.get("method") or "get").lower(),
                    "fields": {},
                    "names": set(),
                    "id": a.get("id"),
                }
            )
            return
        if not self.forms:
            return
        form, name = self.forms[-1], a.get("name")
        if tag == "input" and name:
            form["names"].add(name)
            kind = a.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in a:
                    form["fields"].setdefault(name, []).append(a["value"] or "" if "value" in a else "y")
            elif kind not in ("submit", "button", "file"):
                form["fields"].setdefault(name, []).append(a.get("value") or "")
        elif tag == "button" and name:
            form["names"].add(name)
        elif tag == "select" and name:
            form["names"].add(name)
            self._select, self._first_option = name, True
            self._multiple = "multiple" in a
        elif tag == "option" and self._select:
            value = a.get("value") or ""
            if "selected" in a:
                kept = form["fields"].setdefault(self._select, [])
                if not self._multiple:
                    kept.clear()
                kept.append(value)
            elif self._first_option and not self._multiple:
                form["fields"].setdefault(self._select, []).append(value)
            self._first_option = False
        elif tag == "textarea" and name:
            form["names"].add(name)
            self._textarea = name
            form["fields"][name] = [""]

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1]["fields"][self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            value = self.forms[-1]["fields"][self._textarea][0]
            self.forms[-1]["fields"][self._textarea][0] = value.removeprefix("\r\n").removeprefix("\n")
            self._textarea = None
        elif tag == "select":
            self._select = None


class Page:
    """A page as answered: `.status`, `.text`, `.headers`, its forms."""

    def __init__(self, office: Office, path: str, response: Any) -> None:
        self.office, self.path, self.response = office, path, response
        self.status: int = response.status_code
        self.text: str = response.get_data().decode(errors="replace")
        self.headers = response.headers
        self._chosen = 0
        self._filled: dict[str, Any] = {}

    @property
    def forms(self) -> list[dict[str, Any]]:
        """The page's posting forms, in order."""
        return [form for form in _Forms(self.text).forms if form["method"] == "post"]

    def form(self, action: str | int) -> Page:
        """Choose a posting form by its number or by a part of its action."""
        for number, form in enumerate(self.forms):
            if number == action or (isinstance(action, str) and action in form["action"]):
                self._chosen = number
                return self
        raise AssertionError(f"no form {action!r} on {self.path}: {[f['action'] for f in self.forms]}")

    def fill(self, **values: Any) -> Page:
        """Type into the chosen form; None leaves a field empty; a list ticks several."""
        self._filled.update(values)
        return self

    def keep(self, version: str) -> Page:
        """Choose "mine" or "saved" for every field of a page with two versions."""
        names = self.forms[self._chosen]["names"]
        return self.fill(**{name: version for name in names if name.startswith("keep.")})

    def submit(self, follow: bool = True, **button: str) -> Page:
        form = self.forms[self._chosen]
        unknown = {name for name in self._filled if name not in form["names"]}
        assert not unknown, f"no such fields on {self.path}: {sorted(unknown)}; there are {sorted(form['names'])}"
        fields = {**form["fields"], **{k: v if isinstance(v, list) else [v] for k, v in self._filled.items()}}
        data: dict[str, Any] = {k: [x for x in v if x is not None] for k, v in fields.items()}
        data.update(button)
        return self.office.post(form["action"] or self.path, data, follow)


COMES_BACK_AFTER = timedelta(hours=1)


def sign_in(client: Any, user: User) -> None:
    """Give the client a session of this user, without the slow password check of the sign-in form."""
    with acting_as("command"), unit_of_work():
        key = sessions.begin(user, at=clock().now(), passed=True)
    with client.session_transaction() as session:
        session["_user_id"] = key


class Office:
    """One person's browser; whoever comes back after hours, as the test moves the clock, signs in anew."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app, self.user = app, user
        self.client = app.test_client()
        self._signed_in_at = clock().now()
        if user is not None:
            sign_in(self.client, user)

    def _come_back(self) -> None:
        if self.user is not None and abs(clock().now() - self._signed_in_at) > COMES_BACK_AFTER:
            sign_in(self.client, self.user)
            self._signed_in_at = clock().now()

    def open(self, path: str, follow: bool = True) -> Page:
        return self._ask(path, "GET", None, follow)

    def post(self, path: str, data: dict[str, Any], follow: bool = True) -> Page:
        return self._ask(path, "POST", data, follow)

    def _ask(self, path: str, method: str, data: dict[str, Any] | None, follow: bool) -> Page:
        self._come_back()
        for _hop in range(10):
            # A context of its own for each request: else `g` and the database session would be those of the test.
            with self.app.app_context():
                answer = Page(self, path, self.client.open(path, method=method, data=data))
            if not follow or answer.status not in (301, 302, 303):
                return answer
            path, method, data = urljoin(path, answer.headers["Location"]), "GET", None
        raise AssertionError(f"too many redirects, at last to {path}")
