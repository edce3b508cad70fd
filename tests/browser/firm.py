"""A firm that begins: its first administrator, a lead and a consultant, each before a browser of their own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.browser.house import DESK
from tests.browser.installation import LINK, PASSWORD, Colleague, Installation, personal_link

ADMINISTRATOR, LEAD, CONSULTANT = "a.thomsen@example.org", "l.brodersen@example.org", "k.ostendorff@example.org"
ABILITIES = ("problem", "strategy", "execution", "leadership", "speed", "handover")


class Firm:
    """The installation and the people in front of it."""

    def __init__(self, browser: Browser, house: Installation) -> None:
        self.browser, self.house = browser, house

    def colleague(self, email: str = "", width: int = DESK) -> Colleague:
        found = Colleague(self.browser, self.house.url, self.house.folder, width)
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

    def hold_interview(self, manager: int, career: str, advice: dict[str, str], holder: str = CONSULTANT) -> None:
        """Record and complete the interview that is held now, and send its letter; `advice` is what is recommended, and by which day."""
        interviewer = self.colleague(holder)
        interviewer.open(f"/managers/{manager}/interviews/new")
        interviewer.submit()
        interviewer.fill(career=career, **dict.fromkeys(ABILITIES, "4"))
        for number, (text, day) in enumerate(advice.items()):
            interviewer.fill(**{f"recommendation-{number}": text, f"by-{number}": day})
        interviewer.submit("Save draft")
        interviewer.submit("Complete")
        assert "The interview is completed" in interviewer.text
        interviewer.open(f"/interviews/{interviewer.number}/letter")
        interviewer.submit("Send the letter")
        interviewer.close()
