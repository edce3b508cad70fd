"""The main job from an empty installation to a closing talk, in a real browser, over a real mail server, the clock moved on.

Source: docs/domain.md, §§ 3, 5, 6, 7 and 11.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.installation import (
    BERLIN,
    LINK,
    PASSWORD,
    Colleague,
    Installation,
    berlin,
    calendar_of,
    personal_link,
    words_of,
)
from tests.servers import MailServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADMINISTRATOR, LEAD, CONSULTANT = "a.thomsen@example.org", "l.brodersen@example.org", "k.ostendorff@example.org"
CONTACT, MANAGER = "r.osterkamp@example.org", "j.maassdorf@example.org"
ABILITIES = ("problem", "strategy", "execution", "leadership", "speed", "handover")
PLAN = [
    *[
        ("quality", side, day)
        for day in ("2026-01-26", "2026-03-09", "2026-04-20", "2026-06-01")
        for side in ("client", "manager")
    ],
    ("closing", "client", "2026-06-26"),
    ("aftercare", "client", "2026-10-08"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with MailServer() as mail:
        yield Installation(tmp_path, mail)


class Journey:
    """The installation and the people in front of it; the steps are in the order of the work."""

    def __init__(self, browser: Browser, house: Installation) -> None:
        self.browser, self.house = browser, house
        self.mandate = self.manager = self.closing = 0

    def colleague(self, email: str = "") -> Colleague:
        found = Colleague(self.browser, self.house.url, self.house.folder)
        return found.sign_in(email) if email else found

    def open_first_account(self, moment: datetime) -> None:
        printed = LINK.search(self.house.flask("users", "first-link", moment=moment))
        assert printed is not None
        visitor = self.colleague()
        visitor.open(urlsplit(printed[0]).path)
        visitor.fill(name="Antje Thomsen", email=ADMINISTRATOR, language="en", password=PASSWORD, again=PASSWORD)
        visitor.picture("01-first-administrator")
        visitor.submit()
        assert "/login" in visitor.page.url
        visitor.close()
        assert self.house.flask("users", "first-link", moment=moment) == ""

    def invite_colleagues(self) -> None:
        administrator = self.colleague(ADMINISTRATOR)
        for email, first, last, role in ((LEAD, "Lars", "Brodersen", "lead"), (CONSULTANT, "Katrin", "Ostendorff", "consultant")):
            administrator.open("/users/new")
            administrator.fill(email=email, first_name=first, last_name=last, role=role, language="en")
            administrator.submit("Invite")
            letter = self.house.wait_for(email, "users.invitation")[0]
            invited = self.colleague()
            invited.open(urlsplit(personal_link(letter)).path)
            invited.fill(password=PASSWORD, again=PASSWORD)
            invited.submit()
            invited.close()
        administrator.open("/users")
        administrator.picture("02-colleagues")
        administrator.close()

    def enter_client_and_manager(self) -> None:
        consultant = self.colleague(CONSULTANT)
        consultant.picture("03-today-empty")
        consultant.open("/clients/new")
        consultant.fill(name="Velbrink Antriebstechnik GmbH", region="DE-BY", headcount="420")
        consultant.submit()
        client = consultant.number
        consultant.open(f"/clients/{client}/contacts/new")
        consultant.fill(form_of_address="herr", title="Dr.", first_name="Rüdiger", last_name="Osterkamp")
        consultant.fill(email=CONTACT, phone="+49 89 1234560", language="de", role="sponsor")
        consultant.submit()
        consultant.open("/managers/new")
        consultant.fill(first_name="Jürgen", last_name="Maaßdorf", form_of_address="herr", email=MANAGER, language="de")
        consultant.submit()
        self.manager = consultant.number
        consultant.picture("04-manager")
        consultant.close()
        lead = self.colleague(LEAD)
        lead.open(f"/managers/{self.manager}/release")
        lead.fill(reason="Known from two mandates with our Dutch colleagues")
        lead.submit("Release")
        assert "Released" in lead.text
        lead.close()

    def interview(self) -> None:
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/managers/{self.manager}/interviews/new")
        consultant.submit()
        consultant.fill(career="Werksleitung, 420 Leute, Liefertreue von 71 auf 96 %", **dict.fromkeys(ABILITIES, "4"))
        advice = ("Projektliste mit Zahlen ergänzen", "Referenz bei Frau Größer erbitten", "Lebenslauf auf fünf Seiten kürzen")
        for number, text in enumerate(advice):
            consultant.fill(**{f"recommendation-{number}": text, f"by-{number}": f"2026-02-{10 + number}"})
        consultant.submit("Save draft")
        consultant.picture("05-interview")
        consultant.submit("Complete")
        assert "The interview is completed" in consultant.text
        consultant.open(f"/interviews/{consultant.number}/letter")
        consultant.picture("06-letter")
        consultant.submit("Send the letter")
        consultant.close()
        letter = self.house.wait_for(MANAGER, "interviews")[0]
        for body in (words_of(letter), words_of(letter, "html")):
            assert all(words in body for words in ("Maaßdorf", *advice)), body
        assert "Sehr geehrter Herr Maaßdorf" in words_of(letter)
        assert letter["Reply-To"] is not None and CONSULTANT in letter["Reply-To"]

    def open_mandate(self) -> None:
        consultant = self.colleague(CONSULTANT)
        consultant.open("/mandates/new?client=1")
        consultant.fill(
            title="Interim-Werksleitung", contact_id="1", goal="Liefertreue über 95 %", exit_plan="Nachfolger zum 1. Juli"
        )
        consultant.submit()
        self.mandate = consultant.number
        consultant.open(f"/mandates/{self.mandate}/contract")
        consultant.fill(
            manager_name="Maassdorf", starts_on="2026-01-12", ends_on="2026-07-10", client_rate="1890", manager_rate="1450"
        )
        consultant.submit()
        assert "The contract is signed and the talks are planned." in consultant.text
        consultant.picture("07-mandate")
        consultant.close()
        assert self.plan() == PLAN

    def plan(self, *states: str) -> list[tuple[object, ...]]:
        """Return the mandate's talks as (kind, side, due on), by day; all but cancelled ones, or those of these states."""
        rows = self.house.rows("SELECT kind, side, due_on, state FROM talk WHERE mandate_id = ? ORDER BY 3, 2", self.mandate)
        return [row[:3] for row in rows if (row[3] in states if states else row[3] != "cancelled")]

    def arrange(self, kind: str, day: str) -> int:
        """Arrange the mandate's due talk of this kind for 10:00 on the day; return its number."""
        rows = self.house.rows("SELECT id FROM talk WHERE mandate_id = ? AND kind = ? AND state = 'due'", self.mandate, kind)
        number = int(str(rows[0][0]))
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/talks/{number}/arrangement")
        consultant.fill(day=day, time="10:00", channel="video", place="https://video.example/velbrink")
        consultant.picture(f"08-arrange-{kind}")
        consultant.submit("Arrange and send")
        consultant.close()
        return number

    def log(self, kind: str, side: str, day: str, **answers: str) -> None:
        """Log the mandate's talk of this kind that was due on the day as held then, at 9:00."""
        rows = self.house.rows(
            "SELECT id FROM talk WHERE mandate_id = ? AND kind = ? AND side = ? AND due_on = ?", self.mandate, kind, side, day
        )
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/talks/{rows[0][0]}/record")
        consultant.page.locator("main details summary", has_text="change").click()
        consultant.fill(held_on=day, held_time="09:00", **answers)
        consultant.submit("Save")
        assert "Logged. Thank you." in consultant.text, consultant.text
        consultant.picture(f"09-logged-{kind}-{side}-{day}")
        consultant.close()

    def extend(self) -> str:
        """Extend to 30 October, signed 1 June; return what the preview says."""
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/mandates/{self.mandate}/extensions/new")
        consultant.fill(new_end_on="2026-10-30", signed_on="2026-06-01", reason="Nachfolger beginnt erst im November")
        consultant.submit("Show what moves")
        preview = consultant.text
        consultant.picture("10-extension")
        consultant.submit("Save extension")
        consultant.picture("11-mandate-extended")
        consultant.close()
        return preview


def test_from_an_empty_installation_to_the_closing_talk(browser: Browser, house: Installation) -> None:
    journey = Journey(browser, house)
    monday = berlin("2026-01-05")
    house.flask("db", "upgrade", moment=monday)
    with house.open(monday):
        journey.open_first_account(monday)
        journey.invite_colleagues()
        journey.enter_client_and_manager()
        journey.interview()
        journey.open_mandate()
        journey.closing = journey.arrange("closing", "2026-06-26")
        invitation = check_invitation(house, journey)
    with house.open(berlin("2026-06-01")):
        check_extension(house, journey, invitation)
    with house.open(berlin("2026-10-16", "11:00")):
        check_closing_talk(journey)
    check_digest(house)
