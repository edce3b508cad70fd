"""A contact asked on two mandates within a week, and the form answered on a phone, in a real browser and over a real mail server.

Source: docs/domain.md, "Asking".
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from app import create_app
from app.db import db, unit_of_work
from app.users.models import User
from config import Config
from tests.browser import axe
from tests.browser.firm import Firm
from tests.browser.house import DESK, PHONE
from tests.browser.installation import PASSWORD, Colleague, Installation, berlin, personal_link, words_of
from tests.factories import make_benefit, make_contact, make_mandate, make_talk
from tests.talks.mandates import bavarian_mandate

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONSULTANT, CONTACT = "k.ostendorff@example.org", "r.osterkamp@velbrink.example"
MOST_TAPS = 9


class Asking(Firm):
    """The firm, one client with two mandates, and the contact of both."""

    consultant: Colleague
    talks: list[int]

    def prepare(self, moment: datetime) -> None:
        """Make the records that the asking begins with."""
        self.house.flask("db", "upgrade", moment=moment)
        name = ("--role", "consultant", "--name", "Katrin Ostendorff", "--password", PASSWORD)
        self.house.flask("users", "add", CONSULTANT, *name, moment=moment)
        settings = self.house.settings(moment, "off")
        app = create_app(Config.from_environment(settings))
        with app.app_context():
            consultant = db.session.scalars(sa.select(User).where(User.email == CONSULTANT)).one()
            with unit_of_work():
                consultant.language = "en"
            first = bavarian_mandate(consultant)
            contact = make_contact(first.client, last_name="Osterkamp", email=CONTACT, language="en", phone="+4989123456")
            make_contact(first.client, first_name="Insa", last_name="Wilkens", email="i.wilkens@velbrink.example")
            second = make_mandate(client=first.client, contact=contact, owner=consultant, manager=first.manager)
            with unit_of_work():
                first.contact_id = contact.id
            make_benefit(title_en="Early sight", text_en="You see early whether the mandate stays on course.")
            self.talks = [
                make_talk(mandate=first, planned=True, due_on=date(2026, 3, 24)).id,
                make_talk(mandate=second, kind="extension", due_on=date(2026, 3, 26)).id,
                make_talk(mandate=first, planned=True, due_on=date(2026, 5, 4)).id,
            ]

    @contextmanager
    def day(self, day: str, at: str = "09:30") -> Iterator[None]:
        with self.house.open(berlin(day, at)):
            self.consultant = self.colleague(CONSULTANT)
            yield
            self.consultant.close()

    def letter_of(self, talk: int, **values: str) -> None:
        """Compose an invitation, look at the letter and send it."""
        self.consultant.open(f"/talks/{talk}/invitation")
        self.consultant.fill(place="+49 89 123456", **values)
        self.consultant.submit("Show the letter")
        assert self.consultant.page.locator(".lo-paper-text").count() == 1, self.consultant.text
        self.consultant.submit("Send the letter")

    def link(self, purpose: str, count: int = 1) -> str:
        return urlsplit(personal_link(self.house.wait_for(CONTACT, purpose, count)[-1])).path


def test_asked_on_two_mandates_within_a_week_and_answered_on_a_phone(browser: Browser, house: Installation) -> None:
    asking = Asking(browser, house)
    asking.prepare(berlin("2026-03-17"))

    with asking.day("2026-03-17"):
        asking.letter_of(asking.talks[0])
        link = asking.link("asking.invitation/")
        client = asking.colleague(width=PHONE)
        client.open(link)
        assert axe.findings(client.page, (("light", PHONE), ("dark", PHONE))) == []
        client.page.locator("main [name=time]").nth(1).check()
        client.submit("Take this time")
        assert "Thank you, until then" in client.text
        client.close()
        assert "text/calendar" in str(house.wait_for(CONTACT, "talks.invitation/")[0])

        asking.consultant.open(f"/talks/{asking.talks[1]}/invitation")
        assert axe.findings(asking.consultant.page, (("light", DESK), ("dark", DESK))) == []
        assert "Held back until Tue 7 April" in asking.consultant.text
        assert "Insa Wilkens" in asking.consultant.text
        asking.letter_of(asking.talks[1], when="now", override_reason="He asked for it on the phone.")
        asking.consultant.open("/asking")
        assert axe.findings(asking.consultant.page, (("light", DESK),)) == []
        assert "once in spite of the guard" in asking.consultant.text

    with asking.day("2026-04-27"):
        asking.letter_of(asking.talks[2], way="form")
        client = asking.colleague(width=PHONE)
        begun, taps = time.monotonic(), 1
        client.open(asking.link("asking.form/"))
        assert axe.findings(client.page, (("light", PHONE), ("dark", PHONE))) == []
        for name, place in (("overall", 3), ("progress", 2)):
            client.page.locator(f"main .lo-seg:has([name={name}]) label").nth(place).click()
            taps += 1
        with client.page.expect_response(lambda answer: answer.status == 204):  # kept as it is filled in
            client.page.locator("main [name=change_next]").fill("More time with the foremen")
        taps += 1
        client.submit("Send")
        taps += 1
        assert "Thank you for your answer" in client.text
        assert taps <= MOST_TAPS
        assert time.monotonic() - begun < 60
        client.close()
        asking.consultant.open(f"/talks/{asking.talks[2]}")
        assert "More time with the foremen" in asking.consultant.text
        assert "answered in writing" in asking.consultant.text
        assert "has filled in the form" in words_of(house.wait_for(CONSULTANT, "asking.answer/", 2)[-1])
