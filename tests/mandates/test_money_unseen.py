"""Money is seen by whom it concerns and by nobody else: on no page, in no paper, mail, event or search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from itertools import product
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.mail.ticks import send_due
from app.mandates.models import MandateColleague
from app.reminders.ticks import send_digests
from app.users.models import Absence
from tests import factories
from tests.journeys.firm import path_of
from tests.mandates.whole import AMOUNTS, RATES, Whole, amounts_in, fine, whole_mandate
from tests.office import Office, Page

TODAY = date(2026, 6, 9)
SIGNED_OUT = ("/static", "/logout", "/p/", "/healthz", "/register")  # not for colleagues; /p/ has its own test
QUERIES = {
    "/mandates": ("?view=all", "?view=ending"),
    "/mandates/board": ("?view=all",),
    "/search": ("?q=Werkleitung", "?q=Dollart"),
    "/talks": ("?view=all",),
}


@pytest.fixture
def whole(app: Flask, clock: Any) -> Whole:
    return whole_mandate(app, clock)


def addresses(app: Flask, whole: Whole) -> Iterator[str]:
    """Return every address that there is for this mandate and what belongs to it, also of pages not written yet."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(SIGNED_OUT):
            continue
        names = sorted(rule.arguments)
        for values in product(*(whole.ids.get(name, [1]) for name in names)):
            path = path_of(rule, dict(zip(names, values, strict=True)))
            yield path
            yield from (path + query for query in QUERIES.get(path, ()))


def shape(path: str) -> str:
    parts = urlsplit(path)
    return re.sub(r"\d+", "N", parts.path) + "?" + re.sub(r"=[^&]*", "", parts.query)


def looked_at(person: Office, paths: Iterable[str], follow: bool = True) -> dict[str, str]:
    """Return what this person reads: the text of each address, and of two of each shape that pages name beyond them."""
    waiting, seen = list(paths), dict[str, str]()
    known, shapes = set(waiting), Counter(shape(path) for path in waiting)
    for path in waiting:  # grows
        answer = person.open(path, follow=False)
        if answer.status in (301, 302, 303, 404):
            continue
        assert answer.status < 500, path
        seen[path] = text_of(answer)
        for link in re.findall(r'href="([^"#]+)"', seen[path]) if follow and answer.response.mimetype == "text/html" else ():
            target = urljoin(path, link.replace("&amp;", "&"))
            if target.startswith("/") and not target.startswith(SIGNED_OUT) and target not in known and shapes[shape(target)] < 2:
                known.add(target)
                shapes[shape(target)] += 1
                waiting.append(target)
    return seen


def text_of(answer: Page) -> str:
    if answer.response.mimetype.startswith(("image/", "font/")):
        return ""
    if answer.response.mimetype != "application/pdf":
        return answer.text
    with pypdfium2.PdfDocument(answer.response.data) as document:
        told = " ".join(document.get_metadata_dict().values())
        return told + "\n".join(page.get_textpage().get_text_range() for page in document)


def leaks(read: dict[str, str]) -> dict[str, set[str]]:
    return {path: found for path, text in read.items() if (found := amounts_in(text))}


def person_as(app: Flask, whole: Whole, who: str) -> Office:
    """Return somebody of that role; a deputy stands in for the owner, who is away."""
    person = Office(app, factories.make_user(role="consultant" if who == "deputy" else who.split()[0]))
    if who == "deputy":
        away = Absence(user_id=whole.owner.user.id, starts_on=TODAY, ends_on=date(2026, 6, 30), deputy_id=person.user.id)
        factories.save(away)
    if who.endswith("on the team"):
        factories.save(MandateColleague(mandate_id=whole.mandate_id, user_id=person.user.id))
    return person


def test_whom_it_concerns_sees_each_amount_whatever_the_language(app, whole):
    others = (Office(app, factories.make_user(role=role, language="de")) for role in ("lead", "administrator"))
    for person in (whole.owner, whole.colleague, *others):
        paths = [whole.base, *(f"{whole.base}/extensions/{one}" for one in whole.ids["extension_id"])]

        seen = set().union(*(amounts_in(text) for text in looked_at(person, paths, follow=False).values()))

        assert {amount for pair in RATES.values() for amount in pair} <= seen, AMOUNTS.keys() - seen
        assert any(name.startswith("margin") for name in seen) and any(name.startswith("share") for name in seen)


def test_no_page_and_no_paper_shows_an_amount_to_others(app, whole):
    for who in ("consultant", "deputy", "assistant", "assistant on the team", "auditor"):
        read = looked_at(person_as(app, whole, who), addresses(app, whole))

        assert {f"{whole.base}{page}" for page in ("", "/scoping.pdf", "/handbook/3.pdf", "/reports", "/exit")} <= set(read)
        assert leaks(read) == {}, who
        assert not any("1911.75 statt" in text for text in read.values())


def test_a_deputy_who_extends_or_comes_too_late_sees_no_amount(app, whole):
    deputy = person_as(app, whole, "deputy")
    first = deputy.open(f"{whole.base}/extensions/new").fill(new_end_on="2027-01-29", reason="Noch mehr")
    second = deputy.open(f"{whole.base}/extensions/{whole.ids['extension_id'][-1]}")
    seen = [first.submit(), second.fill(signed_on="2026-06-09").submit()]
    fine(whole.open("/edit").fill(goal="Etwas anderes").submit())
    stale = [page.submit() for page in seen]

    assert [page.status for page in seen] == [200, 200] and {page.status for page in stale} == {409}
    assert leaks({str(number): page.text for number, page in enumerate([*seen, *stale])}) == {}


def test_searching_for_an_amount_finds_no_mandate(app, whole):
    person = person_as(app, whole, "consultant")
    for amount, path in product(("1873.50", "1.873,50", "1391"), ("/search", "/mandates", "/managers", "/clients", "/talks")):
        assert f'href="{whole.base}"' not in person.open(f"{path}?q={quote(amount)}").text


def test_client_and_manager_see_no_amount_behind_their_links(app, whole):
    outside = Office(app, None)
    paths = [path + query for path in whole.links.values() for query in ("", "?format=pdf", "?language=en", "?language=nl")]

    read = looked_at(outside, paths)

    assert set(whole.links.values()) <= set(read)
    assert leaks(read) == {}


def test_no_mail_holds_an_amount(app, whole, clock, tmp_path):
    deputy = person_as(app, whole, "deputy")
    for day in (10, 11, 12, 15, 16):
        clock.move_to(datetime(2026, 6, day, 7, 0, tzinfo=UTC))
        send_digests(clock.now())
        send_due("worker")

    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (tmp_path / "mail").glob("*.eml")]
    parts = [
        (f"{letter['Subject']} {part.get_content_type()}", str(part.get_content()))
        for letter in letters
        for part in letter.walk()
        if part.get_content_maintype() == "text"
    ]

    receivers = {letter["To"].addresses[0].addr_spec for letter in letters}
    assert {deputy.user.email, "r.osterkamp@client.example"} < receivers and any("Werkleitung" in text for _, text in parts)
    assert leaks({name: name + text for name, text in parts}) == {}


def test_amounts_are_kept_only_where_whoever_shows_the_trail_can_leave_them_out(app, whole):
    """Whatever a page, an export or a search may read one day: amounts stand in columns marked so, and nowhere else."""
    db.session.rollback()
    money = {
        (table.name, column.name) for table in db.metadata.tables.values() for column in table.columns if column.info.get("money")
    }
    found: set[tuple[str, str]] = set()
    for table in db.metadata.tables.values():
        for row in db.session.execute(sa.select(table)).mappings():
            for column, value in row.items():
                if table.name == "audit_change" and column in ("old", "new"):
                    found |= {(row["table_name"], key) for key, one in value.items() if amounts_in(f" {one} ")}
                elif not isinstance(value, int | bool) and amounts_in(f" {value} "):
                    found.add((table.name, str(column)))

    assert {("mandate", "client_rate"), ("extension", "manager_rate"), ("rate_change", "client_rate")} <= found
    assert found <= money
