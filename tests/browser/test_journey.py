"""The main job from an empty installation to a closing talk, in a real browser, over a real mail server, the clock moved on.

Source: docs/domain.md, §§ 3, 5, 6, 7 and 11.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from datetime import datetime
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser

from tests.browser.firm import ADMINISTRATOR, CONSULTANT, LEAD, Firm
from tests.browser.installation import BERLIN, Installation, berlin, calendar_of, words_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONTACT, MANAGER = "r.osterkamp@example.org", "j.maassdorf@example.org"
PLAN = [
    *[
        ("quality", side, day)
        for day in ("2026-01-26", "2026-03-09", "2026-04-20", "2026-06-01")
        for side in ("client", "manager")
    ],
    ("closing", "client", "2026-06-26"),
    ("aftercare", "client", "2026-10-08"),
]

EXTENDED = [
    ("quality", "manager", "2026-06-02"),
    ("extension", "client", "2026-06-08"),
    ("quality", "client", "2026-06-26"),
    ("quality", "manager", "2026-07-13"),
    ("quality", "client", "2026-08-24"),
    ("quality", "manager", "2026-08-24"),
    ("closing", "client", "2026-10-16"),
    ("aftercare", "client", "2027-01-28"),
]
PREVIEW = (
    "Jürgen Maaßdorf Mon 1 Jun, due Tue 2 Jun, due",
    "Extension talk Dr. Rüdiger Osterkamp new Mon 8 Jun, due",
    "Appointment of Fri 26 Jun Dr. Rüdiger Osterkamp Closing talk Quality talk",
    "Jürgen Maaßdorf new Mon 13 Jul, due Mon 24 Aug, due",
    "Dr. Rüdiger Osterkamp new Mon 24 Aug, due",
    "Closing talk Dr. Rüdiger Osterkamp Fri 26 Jun, arranged Fri 16 Oct, due",
    "Aftercare talk Dr. Rüdiger Osterkamp Thu 8 Oct, due Thu 28 Jan 2027, due",
    "Exit countdown Fri 15 May Fri 4 Sept",
    "Free again Jürgen Maaßdorf Sat 11 Jul Sat 31 Oct",
    "Calendar update to Dr. Rüdiger Osterkamp: the appointment of Fri 26 Jun is now a quality talk",
)


class Journey(Firm):
    """The firm's people at work; the steps are in the order of the work."""

    def __init__(self, browser: Browser, house: Installation) -> None:
        super().__init__(browser, house)
        self.mandate = self.manager = self.closing = 0

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
        advice = ("Projektliste mit Zahlen ergänzen", "Referenz bei Frau Größer erbitten", "Lebenslauf auf fünf Seiten kürzen")
        days = ("2026-02-10", "2026-02-11", "2026-02-12")
        self.hold_interview(
            self.manager, "Werksleitung, 420 Leute, Liefertreue von 71 auf 96 %", dict(zip(advice, days, strict=True))
        )
        letter = self.house.wait_for(MANAGER, "interviews")[0]
        for body in (words_of(letter), words_of(letter, "html")):
            assert all(words in body for words in ("Maaßdorf", *advice)), body
        assert "Sehr geehrter Herr Maaßdorf" in words_of(letter)
        assert letter["Reply-To"] is not None and CONSULTANT in letter["Reply-To"]

    def open_mandate(self) -> None:
        consultant = self.colleague(CONSULTANT)
        consultant.open("/mandates/new?client=1")
        consultant.fill(
            title="Interim-Werksleitung",
            contact_id="1",
            goal="Liefertreue über 95 %",
            exit_plan="Nachfolger zum 1. Juli",
            handed_over="Schichtpläne",
            exit_on="2026-07-01",
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
        """Arrange the talk with the client that is due on the day, for 10:00; return its number."""
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
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/talks/{self.talk(kind, side, day)}/record")
        consultant.page.locator("main details summary", has_text="change").click()
        consultant.fill(held_on=day, held_time="09:00", **answers)
        consultant.submit("Save")
        assert "Logged. Thank you." in consultant.text, consultant.text
        assert "Record missing" not in consultant.text
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

    def log_closing_talk(self) -> None:
        consultant = self.colleague(CONSULTANT)
        consultant.open(f"/talks/{self.talk('closing', 'client', '2026-10-16')}/record")
        consultant.fill(overall="5", goals_reached="Ja, beide: 96 % Liefertreue", what_remains="Nichts Größeres")
        consultant.fill(manager_again="yes", us_again="9", may_name_us="yes", benefit_handed_over="yes")
        consultant.picture("12-closing-talk")
        consultant.submit("Save")
        assert "Record missing" not in consultant.text
        consultant.picture("13-closing-talk-held")
        consultant.open("/feedback")
        consultant.picture("14-feedback")
        for words in ("Closing talk", "Us again: 9 of 10", "Dr. Rüdiger Osterkamp", "Jürgen Maaßdorf"):
            assert words in consultant.text
        consultant.close()

    def talk(self, kind: str, side: str, day: str) -> int:
        """Return the number of the mandate's talk of this kind that is due on the day."""
        rows = self.house.rows(
            "SELECT id FROM talk WHERE mandate_id = ? AND kind = ? AND side = ? AND due_on = ?", self.mandate, kind, side, day
        )
        return int(str(rows[0][0]))


def check_invitation(house: Installation, talk: int) -> str:
    """Hold what arrived for the closing talk, for client and colleague; return the UID."""
    to_client, to_colleague = (house.wait_for(to, f"talks.invitation/{talk}/")[0] for to in (CONTACT, CONSULTANT))
    assert "Sehr geehrter Herr Dr. Osterkamp," in words_of(to_client)
    assert "erstes Qualitätsgespräch nach 14 Tagen" in words_of(to_client)  # the clause is cited
    assert str(to_client["From"]).startswith("Katrin Ostendorff <lotse@") and CONSULTANT in to_client["Reply-To"]
    for letter in (to_client, to_colleague):
        check_calendar(letter, "2026-06-26", sequence=0)
    return str(calendar_of(to_client).vevent.uid.value)


def check_calendar(letter: EmailMessage, day: str, sequence: int) -> None:
    """Hold the calendar file by an independent reader: 10:00 of Berlin, for an hour, from the colleague by the firm."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    calendar = calendar_of(letter)
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.sequence.value == str(sequence)
    assert (event.dtstart.value, event.dtend.value) == (berlin(day, "10:00"), berlin(day, "11:00"))
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Berlin"]
    assert [zone.tzid.value for zone in calendar.vtimezone_list] == ["Europe/Berlin"]
    assert event.organizer.value == f"mailto:{CONSULTANT}"
    assert event.organizer.params["SENT-BY"] == [f"mailto:{str(letter['From']).split('<')[1].rstrip('>')}"]
    assert [one.value for one in event.attendee_list] == [f"mailto:{CONTACT}", f"mailto:{CONSULTANT}"]


def check_extension(house: Installation, journey: Journey, uid: str) -> None:
    """Log what was held, extend, and hold that the preview showed each move, the plan follows and the update went out."""
    for day in ("2026-01-26", "2026-03-09", "2026-04-20"):
        for side in ("client", "manager"):
            journey.log("quality", side, day, overall="4")
    journey.log("quality", "client", "2026-06-01", overall="5")
    preview = " ".join(journey.extend().split())
    for move in PREVIEW:
        assert move in preview, preview
    assert journey.plan("due", "arranged") == EXTENDED
    for to in (CONTACT, CONSULTANT):
        update = house.wait_for(to, f"talks.invitation/{journey.closing}/", count=2)[1]
        check_calendar(update, "2026-06-26", sequence=1)
        assert calendar_of(update).vevent.uid.value == uid
    assert "Geändert: Qualitätsgespräch" in str(house.letters(CONTACT, f"talks.invitation/{journey.closing}/")[1]["Subject"])


def check_digest(house: Installation) -> None:
    """Start two schedulers on a Monday after half past seven; hold that each person gets one digest, whatever runs how often."""
    morning, key = berlin("2026-10-19", "07:31"), "2026-10-19"
    began = len(house.mail.deliveries)
    with house.second_scheduler(morning), house.open(morning):
        for person in (CONSULTANT, LEAD):
            house.wait_for(person, key, seconds=180)
        for _time in range(2):
            house.flask("scheduler", "--once", moment=berlin("2026-10-19", "07:32"))
    with house.open(berlin("2026-10-19", "08:15")):
        house.flask("scheduler", "--once", moment=berlin("2026-10-19", "08:16"))
    arrived = [str(one["X-Lotse-Key"]) for one in house.mail.messages[began:]]
    assert len(arrived) == len(set(arrived)) == 2, arrived
    everything = [str(one["Message-ID"]) for one in house.mail.messages]
    assert len(everything) == len(set(everything))
    digest = words_of(house.letters(CONSULTANT, key)[0])
    assert "Good morning" in digest and "Jürgen Maaßdorf" in digest


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
        uid = check_invitation(house, journey.closing)
    with house.open(berlin("2026-06-01")):
        check_extension(house, journey, uid)
    with house.open(berlin("2026-10-16", "11:00")):
        journey.log_closing_talk()
    check_digest(house)


def code_of(secret: str, moment: float) -> str:
    """Return what an authenticator app shows for the secret at a moment (RFC 6238: SHA-1, 30 seconds, six digits)."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return str((struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000).zfill(6)


def test_the_first_administrator_is_led_to_a_second_factor(browser: Browser, house: Installation) -> None:
    house.require_mfa, now = "auto", datetime.now(BERLIN)
    house.flask("db", "upgrade", moment=now)
    with house.open(now):
        journey = Journey(browser, house)
        journey.open_first_account(now)
        administrator = journey.colleague(ADMINISTRATOR)
        assert administrator.page.url.endswith("/settings/second-factor")
        administrator.open("/users/new")
        assert administrator.page.url.endswith("/settings/second-factor")
        administrator.submit()
        secret = administrator.page.inner_text("main samp")
        administrator.picture("mfa-1-set-up")
        administrator.fill(code=code_of(secret, time.time()))
        administrator.submit()
        administrator.picture("mfa-2-recovery-codes")
        assert "recovery" in administrator.text.lower()
        administrator.open("/users/new")
        assert administrator.page.url.endswith("/users/new")
        administrator.close()
        again = journey.colleague(ADMINISTRATOR)
        assert again.page.url.split("?")[0].endswith("/login/code")
        again.fill(code=code_of(secret, time.time() + 30))  # each code opens once: the next one
        again.submit()
        again.open("/users")
        again.close()
