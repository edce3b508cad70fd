"""Three managers from the registration on a phone to *released*, to *out* and to their erasure, in a real browser.

Mails go over a real mail server, the clock is moved on, and a scanner opens every link of every mail first.
Source: docs/domain.md, "Admission of managers" and "Privacy".
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.admission.cv.build import paper
from tests.browser.firm import CONSULTANT, LEAD, Firm
from tests.browser.house import PHONE
from tests.browser.installation import PASSWORD, Colleague, Installation, berlin, personal_link, words_of
from tests.browser.traces import Scanner, files_of, traces_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAPERS = Path(__file__).parent / "papers"
SPOKEN = "Gern gehe ich die Punkte mit Ihnen am Telefon durch."
ADVICE = {
    "Ergebnisse je Mandat in einer Zahl nennen": "2026-02-10",
    "Referenz bei der letzten Auftraggeberin erbitten": "2026-02-11",
    "Den Lebenslauf auf vier Seiten kürzen": "2026-02-12",
}


@dataclass(frozen=True)
class Person:
    """Somebody who registers; the phone number as he or she types it."""

    first_name: str
    last_name: str
    email: str
    phone: str

    def cv(self, which: str) -> dict[str, str | bytes]:
        """Return the file of a CV in tests/browser/papers that is made out to this person."""
        text = (PAPERS / f"{which}.cv").read_text(encoding="utf-8")
        for place, value in (("NAME", f"{self.first_name} {self.last_name}"), ("PHONE", self.phone), ("MAIL", self.email)):
            text = text.replace(place, value)
        name, content = paper(f"Lebenslauf {self.last_name}", text)
        return {"name": name, "mimeType": "application/pdf", "buffer": content}


ADMITTED = Person("Jördis", "Sybrandtsen", "j.sybrandtsen@example.org", "0151 445 66 778")
SILENT = Person("Detlev", "Quastenberg", "d.quastenberg@example.org", "040 7718 3342")
ERASED = Person("Wiltrud", "Ahrenkilde", "post@klipperweg.example.org", "0171/392 00 21")


class Admission(Firm):
    """The firm and those who want to be placed by it; the steps are in the order of the work."""

    def __init__(self, browser: Browser, house: Installation) -> None:
        super().__init__(browser, house)
        self.scanner = Scanner(house)
        self.lead: Colleague

    @contextmanager
    def day(self, day: str, time: str = "10:00") -> Iterator[None]:
        """Serve the firm from this moment of Berlin on, the lead before an own browser."""
        with self.house.open(berlin(day, time)):
            self.lead = self.colleague(LEAD)
            yield
            self.lead.close()

    def mail(self, person: Person, purpose: str, count: int = 1) -> str:
        """Wait for the person's mail, let the scanner at every mail that it has not seen, and return where its link leads."""
        letter = self.house.wait_for(person.email, purpose, count)[-1]
        self.scanner.open_new()
        return urlsplit(personal_link(letter)).path

    def register(self, person: Person) -> int:
        """Register on a phone and press the button behind the link; return the number."""
        visitor = self.colleague(width=PHONE)
        visitor.open("/register?lang=de")
        visitor.fill(name=f"{person.first_name} {person.last_name}", email=person.email, phone=person.phone, terms="y")
        visitor.page.set_input_files("input[name=cv]", person.cv("short"))
        visitor.submit()
        assert urlsplit(visitor.page.url).path == "/register/sent"
        link = self.mail(person, "admission.confirmation")
        ((number, state),) = self.house.rows("SELECT id, state FROM manager WHERE email = ?", person.email)
        assert state == "registered"
        visitor.open(link)
        visitor.submit()
        assert "Ihre Registrierung ist bestätigt" in visitor.text
        visitor.close()
        notice = self.house.wait_for(CONSULTANT, f"admission.notice/{number}/")[0]
        assert notice["Subject"] == f"Der Interim Manager mit der ID {number} hat die Registrierung bestätigt"
        self.mail(person, "admission.welcome")
        return int(str(number))

    def fall_short(self, number: int, person: Person) -> None:
        """Judge by single keys, add a sentence to the letter and send it."""
        self.judge(number, "mmmoww", "l")
        letter = self.lead.page.input_value("[name=text]")
        assert "Angaben zum Unternehmen" in letter and "Verständliche Sprache" not in letter
        self.lead.fill(text=f"{letter}\n\n{SPOKEN}")
        self.lead.submit()
        self.mail(person, "admission.stage_1")
        assert SPOKEN in words_of(self.house.letters(person.email, "admission.stage_1")[0])
        assert self.state(number) == "follow_up_1"

    def judge(self, number: int, verdicts: str, decision: str) -> None:
        """Press nothing but keys on the page of the review, which leads to the letter."""
        self.lead.open(f"/admission/{number}/review")
        for key in f"1{verdicts}n":
            self.lead.page.keyboard.press(key)
        chosen = self.lead.page.locator("main [data-finding] input:checked").evaluate_all("all => all.map(e => e.dataset.key)")
        assert "".join(chosen) == verdicts
        with self.lead.page.expect_navigation():
            self.lead.page.keyboard.press(decision)
        assert "/letters/new" in self.lead.page.url

    def upload(self, person: Person, number: int) -> None:
        """Send better papers through the link on the phone: the clock stops."""
        visitor = self.colleague(width=PHONE)
        visitor.open(self.mail(person, "admission.stage_1"))
        visitor.page.set_input_files("input[name=file]", person.cv("full"))
        visitor.submit()
        assert "als Fassung 2" in visitor.text, visitor.text
        visitor.close()
        assert self.state(number) == "in_review"
        self.lead.open(f"/admission/{number}/review")
        assert self.lead.text.count("Last time:") == 6

    def admit(self, person: Person, number: int) -> None:
        """Invite by a review that shows before and after, hold the interview, and send the letter of admission."""
        self.judge(number, "oooooo", "p")
        with self.lead.page.expect_navigation():
            self.lead.page.keyboard.press("Control+Enter")
        self.house.wait_for(person.email, "admission.invitation")
        self.hold_interview(number, "Einkauf, 900 Leute, Einstandspreise um 7 % gesenkt", ADVICE, LEAD)
        assert all(words in words_of(self.house.wait_for(person.email, "interviews")[0]) for words in ADVICE)
        self.lead.open(f"/admission/{number}/letters/new?for=admit")
        self.lead.submit()
        assert f"ID {number}" in words_of(self.house.wait_for(person.email, "admission.admission")[0])
        self.scanner.open_new()
        self.lead.open(f"/managers/{number}")
        assert "Released" in self.lead.text
        self.lead.open("/managers?state=released")
        assert person.last_name in self.lead.text

    def check_reviews(self, number: int) -> None:
        """Hold that the decided reviews stand beside each other, criterion by criterion."""
        self.lead.open(f"/admission/{number}/review")
        rows = [" ".join(row.split()) for row in self.lead.page.locator("main table tbody tr").all_inner_texts()]
        assert "Contact details missing ok" in rows, rows

    def check_proof(self, number: int) -> None:
        self.lead.open(f"/admission/{number}/proof")
        assert ADMITTED.last_name in self.lead.text and "127.0.0.1" in self.lead.text
        answer = self.lead.context.request.get(f"/admission/{number}/proof.pdf")
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")

    def erase(self, number: int, person: Person) -> None:
        """Erase by the page, with the typed number; a wrong one erases nothing."""
        for typed, state in (("1", "follow_up_2"), (str(number), "erased")):
            self.lead.open(f"/managers/{number}/erasure")
            assert person.last_name in self.lead.text
            self.lead.fill(confirmation=typed)
            self.lead.submit()
            assert self.state(number) == state

    def answer_after_interview(self, person: Person) -> None:
        visitor = self.colleague(width=PHONE)
        visitor.open(self.mail(person, "appreciation"))
        visitor.fill(respect="5", substance="4", tip="Die Fragen vorab schicken")
        visitor.submit()
        assert self.house.rows("SELECT respect, substance FROM appreciation") == [(5, 4)]
        visitor.close()

    def state(self, number: int) -> str:
        return str(self.house.rows("SELECT state FROM manager WHERE id = ?", number)[0][0])


def found_of(house: Installation, person: Person) -> list[str]:
    """Return where the person's last name, address and number stand; the number in every notation."""
    digits = re.sub(r"\D", "", person.phone).lstrip("0")
    return traces_of(house, (person.last_name, person.email), digits)


def received(house: Installation, person: Person) -> list[str]:
    """Return what the mails were for that the person got, in their order."""
    return [str(one["X-Lotse-Key"]).split("/")[0].partition(".")[2] for one in house.letters(person.email)]


def begin(house: Installation) -> None:
    monday = berlin("2026-01-05")
    house.flask("db", "upgrade", moment=monday)
    for email, role, name, language in (
        (LEAD, "lead", "Lars Brodersen", "en"),
        (CONSULTANT, "consultant", "Katrin Ostendorff", "de"),
    ):
        account = ("--role", role, "--name", name, "--password", PASSWORD, "--language", language)
        house.flask("users", "add", email, *account, moment=monday)


def check_release(journey: Admission, number: int) -> None:
    journey.fall_short(number, ADMITTED)
    journey.upload(ADMITTED, number)
    journey.admit(ADMITTED, number)
    journey.check_reviews(number)
    journey.check_proof(number)


def check_erasure(journey: Admission, number: int) -> None:
    """Erase who has the second letter waiting because the mail server is away; hold that only the last notice goes."""
    house = journey.house
    house.mail.stop()
    with journey.day("2026-01-19", "09:00"):
        waiting = "SELECT m.id FROM letter l JOIN manager m ON m.id = l.about_id WHERE l.purpose = ? AND l.state = 'queued'"
        until = time.monotonic() + 60
        while (number,) not in house.rows(waiting, "admission.stage_2"):
            assert time.monotonic() < until, "the second letter is not queued"
            time.sleep(0.1)
        before = found_of(house, ERASED)
        assert {f"search: {ERASED.last_name}", f"lotse.sqlite3: {ERASED.email}"} <= set(before), before
        assert any(line.endswith("1713920021") for line in before), before
        files = len(files_of(house))
        journey.erase(number, ERASED)
        assert len(files_of(house)) == files - 1
    left = found_of(house, ERASED)
    assert set(left) <= {f"lotse.sqlite3{end}: {ERASED.email}" for end in ("", "-wal")}, left  # of the last notice
    house.mail.start()


def check_what_goes_afterwards(journey: Admission) -> None:
    house = journey.house
    with journey.day("2026-01-19", "11:00"):
        notice = house.wait_for(ERASED.email, "privacy.erased")[0]
        assert notice["Subject"] == "Ihre Daten wurden gelöscht."
        journey.mail(SILENT, "admission.stage_2")
        journey.answer_after_interview(ADMITTED)


def check_out(journey: Admission, number: int) -> None:
    """Move the clock past each deadline, two schedulers at work; hold that each letter goes once and none after the last."""
    house = journey.house
    for day, purpose in (("2026-02-02", "admission.stage_3"), ("2026-02-16", "admission.closing")):
        with house.open(berlin(day)):
            journey.mail(SILENT, purpose)
            house.flask("scheduler", "--once", moment=berlin(day, "09:30"))
    assert journey.state(number) == "out"
    house.flask("scheduler", "--once", moment=berlin("2026-06-01"))
    letters = ["confirmation", "welcome", "stage_1", "stage_2", "stage_3", "closing"]
    assert received(house, SILENT) == letters


def test_one_is_released_one_is_out_and_one_is_erased(browser: Browser, house: Installation) -> None:
    journey = Admission(browser, house)
    begin(house)
    with journey.day("2026-01-05"):
        admitted, silent, erased = (journey.register(person) for person in (ADMITTED, SILENT, ERASED))
        check_release(journey, admitted)
        journey.fall_short(silent, SILENT)
        journey.fall_short(erased, ERASED)
    check_erasure(journey, erased)
    check_what_goes_afterwards(journey)
    check_out(journey, silent)
    assert received(house, ERASED) == ["confirmation", "welcome", "stage_1", "erased"]
    assert found_of(house, ERASED) == []
    assert journey.scanner.opened > 100
