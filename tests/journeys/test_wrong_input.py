"""Wrong input on every address and every form: a clear sentence or 4xx, nothing changed, never a 500.

The pages and forms are found, not listed: whatever room is added is swept too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browser.walk import walk
from tests.databases import SERVER
from tests.journeys.firm import SmallFirm, path_of, personal_links, small_firm
from tests.journeys.sweep import BIG, BIGGER, NUL, ODD_IDS, TOO_LONG, Books, Form, forms_of, odd_values
from tests.office import Office, Page

pytestmark = [pytest.mark.sql, pytest.mark.slow]
ROLES = ("administrator", "assistant")  # all there is, and what is shown to those who may little
STARTS = ("/today", "/menu", "/settings", "/mail", "/users", "/talks?view=all", "/search?q=an", "/feedback", "/talks/new?q=an")
# Buttons that end the session of whoever presses them: pressed once, last.
LAST = ("/logout", "/sessions/ends", "/disablings")
PARAMETERS = (
    *("q", "owner", "view", "kind", "state", "side", "contact", "manager", "mandate", "talk", "client", "lang", "next"),
    *("rating", "consent", "region", "function", "industry", "language", "available", "newcomer", "sort", "step", "papers"),
    *("entered", "name", "role", "who", "correct", "without", "stage", "month", "week"),
)
ALONE = tuple((name,) for name in (*PARAMETERS, "after"))
READS_NUMBERS = ("talks.new", "feedback.index", "mandates.new")  # what one of them refuses hides the others
NOT_PAGES = ("static", "links.personal", "health.healthz")
ODD_PARAMETERS = (  # what a database stumbles over comes first
    BIGGER,
    "x%00y",
    "%25_%5C",
    BIG,
    "%00",
    "-1",
    "%ED%A0%80",
    "%FF",
    "'",
    "١",
    "M-፩-፪",
    "999999999999999999",
    TOO_LONG[:3000],
)
# What the forms say themselves is the same on every database: on PostgreSQL only what reaches it is tried again.
MOST_VALUES, MOST_PARAMETERS = (2, 5) if SERVER else (None, None)


@pytest.fixture
def firm(app: Flask) -> SmallFirm:
    return small_firm(app)


def look(person: Office, path: str) -> tuple[int, str, str]:
    page = person.open(path)
    kind = page.headers.get("Content-Type", "")
    # Where a redirect leads elsewhere, that page's forms post there: it is looked at under its own address.
    return page.status, kind, page.text if kind.startswith("text/html") and page.path == path else ""


def forms_for(app: Flask, firm: SmallFirm, role: str) -> list[Form]:
    """Return one form of each shape on all the pages that somebody of this role can open."""
    person = firm.people[role]
    direct = [path for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) for path in firm.addresses(rule)]
    found: dict[Any, Form] = {}
    for page in walk(
        lambda path: look(person, path), [*STARTS, *(path for path in direct if not path.startswith(("/p/", "/static")))]
    ):
        assert page.status < 500, f"{role}: GET {page.path} answers {page.status}"
        for form in forms_of(page.html, page.path):
            found.setdefault(form.shape, form)
    return sorted(found.values(), key=lambda form: (form.action.endswith(LAST), form.action))


def post(person: Office, form: Form, data: dict[str, Any]) -> Page:
    """Post as the form was rendered, but with a token of the present session."""
    return person.post(form.action, {name: value for name, value in data.items() if value is not None}, follow=False)


def told(page: Page) -> str:
    """Return what a refusal says, without tags: for the person who reads a failure."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())[:300]


def fresh(person: Office, form: Form) -> Form:
    """Return the same form, rendered now: its key and token have not been used."""
    status, _kind, html = look(person, form.page)
    again = next((one for one in forms_of(html, form.page) if one.shape == form.shape), None) if status < 400 else None
    return again or form


class Sweep:
    """Posts to one form after the other and keeps what went wrong."""

    def __init__(self, app: Flask, person: Office) -> None:
        self.person, self.books = person, Books(app)
        self.wrong: list[str] = []
        self.accepted: set[str] = set()

    def try_out(self, form: Form, data: dict[str, Any], what: str, must_refuse: bool) -> None:
        page = post(self.person, form, data)
        changed = self.books.changed()
        if page.status >= 500:
            self.wrong.append(f"{form.action}: {what}: {page.status}")
        elif page.status >= 400 and changed:
            self.wrong.append(f"{form.action}: {what}: {page.status}, but changed {changed}")
        elif must_refuse and page.status < 400 and changed:
            self.wrong.append(f"{form.action}: {what}: taken ({page.status}), changed {changed}")
        if page.status < 400:
            self.accepted.add(form.action)
        if changed:
            self.books.restore()


def test_odd_numbers_in_addresses_are_no_record(app: Flask, firm: SmallFirm) -> None:
    person = firm.people["administrator"]
    token = _token(person)
    wrong = []
    for rule in app.url_map.iter_rules():
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for name in sorted(rule.arguments):
            if rule.endpoint in ("static", "links.personal"):
                continue
            real = {other: (firm.ids.get(other) or [1])[0] for other in rule.arguments}
            for odd in ODD_IDS:
                path = path_of(rule, {**real, name: odd})
                answer = person.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
                if answer.status_code not in (400, 404, 405):
                    wrong.append(f"{method} {path}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def _token(person: Office) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', person.open("/logout").text)
    assert found is not None
    return found[1]


def test_odd_parameters_never_break_a_page(app: Flask, firm: SmallFirm) -> None:
    person, wrong = firm.people["administrator"], []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_PAGES:
            continue
        path = firm.addresses(rule)[0]
        for odd in ODD_PARAMETERS[:MOST_PARAMETERS]:
            for names in ALONE if rule.endpoint in READS_NUMBERS else (PARAMETERS, ("after",)):
                address = path + "?" + "&".join(f"{name}={odd}" for name in names)
                status = person.open(address, follow=False).status
                if status >= 500:
                    wrong.append(f"GET {address[:120]}: {status}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_forms_that_lack_everything_are_refused(app: Flask, firm: SmallFirm, role: str) -> None:
    person = firm.people[role]
    forms = forms_for(app, firm, role)
    sweep, token = Sweep(app, person), _token(person)
    for form in forms:
        sweep.try_out(form, {}, "no token", must_refuse=True)
        sweep.try_out(form, {**form.filled(), "csrf_token": "IjAi.foreign.token"}, "a foreign token", must_refuse=True)
        if not form.action.endswith(LAST):
            sweep.try_out(form, {"csrf_token": token}, "nothing", must_refuse=False)
        everywhere = {field.name: NUL for field in form.fields if field.kind != "file"} | {"csrf_token": token}
        sweep.try_out(form, everywhere, "NUL everywhere", must_refuse=True)

    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert len(forms) >= 2


def test_one_odd_value_in_a_form_is_refused_and_changes_nothing(app: Flask, firm: SmallFirm) -> None:
    person = firm.people["administrator"]
    forms = [form for form in forms_for(app, firm, "administrator") if not form.action.endswith(LAST)]
    sweep = Sweep(app, person)
    for form in forms:
        form = fresh(person, form)
        sweep.try_out(form, form.filled(), "as it is meant", must_refuse=False)
        for field in form.fields:
            for odd, must_refuse in islice(odd_values(field), MOST_VALUES):
                shown = str(odd)[:30]
                sweep.try_out(form, {**form.filled(), field.name: odd}, f"{field.name}={shown!r}", must_refuse)

    assert not sweep.wrong, "\n".join(sweep.wrong)
    reached = {form.action for form in forms} & sweep.accepted
    assert len(reached) > len(forms) * 0.6, sorted({form.action for form in forms} - reached)


@pytest.mark.parametrize(
    "path, typed",
    [
        ("/talks/{due}/arrangement", {"day": "2026-03-29", "time": "02:30"}),  # the hour that this night lacks
        ("/talks/{due}/record", {"held_on": "2025-03-30", "held_time": "02:30", "overall": "4"}),
        ("/talks/{due}/record", {"held_on": "2026-03-18", "held_time": "02:30", "overall": "4"}),  # tomorrow
        ("/talks/{due}/arrangement", {"day": "2027-02-29", "time": "10:00"}),
        ("/mandates/{signed}/extensions/new", {"new_end_on": "2026-01-11", "reason": "Vertippt"}),
        ("/mandates/{signed}/extensions/new", {"new_end_on": "2027-02-29", "reason": "Vertippt"}),
        ("/mandates/{scoping}/contract", {"manager_name": "Aldenhoff", "starts_on": "2026-07-10", "ends_on": "2026-01-12"}),
        ("/settings/absences/new", {"starts_on": "2026-05-10", "ends_on": "2026-05-01"}),
    ],
)
def test_days_and_times_that_cannot_be_are_refused_with_a_sentence(
    app: Flask, firm: SmallFirm, path: str, typed: dict[str, str]
) -> None:
    signed, scoping, *_rest = firm.ids["mandate_id"]
    page = firm.people["consultant"].open(path.format(due=firm.ids["talk_id"][0], signed=signed, scoping=scoping))
    books = Books(app)

    answer = page.fill(**typed).submit(follow=False)

    assert answer.status == 422
    assert 'class="lo-note is-bad lo-errors"' in answer.text
    assert all(value in answer.text for value in typed.values()), "what was typed is kept"
    assert books.changed() == {}


def test_ten_megabytes_in_a_field_are_too_much(app: Flask, firm: SmallFirm) -> None:
    person = firm.people["administrator"]
    forms = forms_for(app, firm, "administrator")
    books, token, ten_megabytes = Books(app), _token(person), "x" * 10_000_000
    for form in forms:
        name = next((field.name for field in form.fields if field.kind in ("text", "area")), "anything")
        page = post(person, form, {"csrf_token": token, name: ten_megabytes})
        assert page.status == 413, form.action
        assert len(page.text) < 100_000
    assert books.changed() == {}


def test_foreign_tokens_open_nothing(app: Flask, firm: SmallFirm) -> None:
    user = factories.make_user(role="consultant")
    addresses, books = personal_links(user), Books(app)
    visitor = Office(app)
    good = addresses["good"]
    cut, changed = good[:-1], good[:-1] + ("A" if good[-1] != "A" else "B")
    odd = [
        cut,
        changed,
        good + "A",
        "/p/x",
        "/p/" + "A" * 5000,
        "/p/%00",
        "/p/%ED%A0%80",
        "/p/..%2f..%2fetc",
        "/p/1",
        f"/p/{BIG}",
    ]
    for number, path in enumerate([*odd, addresses["used"], addresses["revoked"]]):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"  # guessing is held off by address
        for method in ("GET", "POST"):
            with app.app_context():
                status = visitor.client.open(
                    path, method=method, data={"password": "x"} if method == "POST" else None
                ).status_code
            assert status in (400, 404, 410), f"{method} {path[:60]}: {status}"
    assert books.changed() == {}
    assert visitor.open(good).status == 200


def of_one_version(forms: Iterable[Form]) -> list[Form]:
    """Return the forms that are made from a version of a record: two people can have them open."""
    return [form for form in forms if any(field.name == "version" and any(field.values) for field in form.fields)]


def test_a_form_key_of_somebody_else_saves_nothing(app: Flask, firm: SmallFirm) -> None:
    lead, consultant = firm.people["lead"], firm.people["consultant"]
    manager = firm.ids["manager_id"][0]
    theirs = lead.open(f"/managers/{manager}/notes/new")
    key = theirs.forms[0]["fields"]["form_key"][0]
    assert theirs.fill(text="Erste Notiz").submit(follow=False).status == 303
    books = Books(app)

    client = firm.ids["client_id"][0]
    mine = consultant.open(f"/clients/{client}/notes/new").fill(text="Ganz andere Notiz", form_key=key)
    answer = mine.submit(follow=False)

    assert answer.status == 303
    assert books.changed() == {}


def test_two_people_save_and_the_second_keeps_what_was_typed(app: Flask, firm: SmallFirm) -> None:
    wrong, person = [], firm.people["lead"]
    forms, books = of_one_version(forms_for(app, firm, "lead")), Books(app)
    for form in forms:
        texts = {field.name: f"Getippt von mir {field.name}" for field in form.fields if field.kind in ("area",)}
        data = {**form.filled(), **texts, "version": "0"}
        page = post(person, fresh(person, form), {**data, "csrf_token": _token(person), "form_key": None})
        if page.status == 409 and not all(text in page.text for text in texts.values()):
            wrong.append(f"{form.action}: 409 without what was typed")
        if page.status not in (200, 303, 400, 409, 422):
            wrong.append(f"{form.action}: {page.status} {told(page)}")
        if books.changed():
            wrong.append(f"{form.action}: saved from an old version: {books.changed()}")
            books.restore()

    assert not wrong, "\n".join(wrong)
