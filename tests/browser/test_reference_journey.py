"""A written reference from the day the love is greatest to its revocation, and a referee who objects: in a real browser, by real mail.

Source: docs/domain.md, "References".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from app import create_app
from app.db import db, unit_of_work
from app.ledger.models import Ask
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.users.models import User
from config import Config
from tests.browser import axe
from tests.browser.firm import Firm
from tests.browser.house import DESK, PHONE
from tests.browser.installation import PASSWORD, Colleague, Installation, berlin, personal_link, words_of
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_talk, save

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONSULTANT, CONTACT, REFEREE = "k.ostendorff@example.org", "r.osterkamp@velbrink.example", "u.dahlmann@nordwerk.example"
NUMBER = "040 5559001"
SUGGESTED = "Zeit für eine Referenz"
BOTH_DESK, BOTH_PHONE = (("light", DESK), ("dark", DESK)), (("light", PHONE), ("dark", PHONE))


class Asking(Firm):
    """The firm, and three mandates alike: one content, one in conflict, one whose contact was asked last week."""

    consultant: Colleague
    mandates: list[int]
    manager: int

    def prepare(self, moment: datetime) -> None:
        self.house.flask("db", "upgrade", moment=moment)
        name = ("--role", "consultant", "--name", "Katrin Ostendorff", "--password", PASSWORD)
        self.house.flask("users", "add", CONSULTANT, *name, moment=moment)
        with create_app(Config.from_environment(self.house.settings(moment, "off"))).app_context():
            owner = db.session.scalars(sa.select(User).where(User.email == CONSULTANT)).one()
            self.manager = make_manager(first_name="Henrike", last_name="Aldenhoff", language="de", owner=owner).id
            self.mandates = [
                self._mandate(owner, name, rating) for name, rating in (("Osterkamp", 5), ("Tjarks", 2), ("Siefken", 5))
            ]
            with unit_of_work():
                owner.language = "de"
            asked = db.session.get_one(Mandate, self.mandates[2]).contact_id
            values = {"contact_id": asked, "purpose": "other", "channel": "phone", "is_agreed": False}
            save(Ask(**values, asked_on=date(2026, 2, 27), times=[], bundled=[], overridden=[]))

    def _mandate(self, owner: User, last_name: str, rating: int) -> int:
        """A mandate from 12 January to 10 July 2026, with a quality talk in February."""
        client = make_client(name=f"Velbrink {last_name} GmbH", region="DE-BY")
        email = CONTACT if last_name == "Osterkamp" else f"{last_name.lower()}@velbrink.example"
        contact = make_contact(client, last_name=last_name, email=email, job_title="Geschäftsführer")
        manager = db.session.get_one(Manager, self.manager) if last_name == "Osterkamp" else make_manager()
        mandate = make_mandate(
            client=client, contact=contact, owner=owner, manager=manager, goal="Liefertreue 93 %", title=f"Werk {last_name}"
        )
        make_talk(mandate=mandate, state="held", held_at=datetime(2026, 2, 2, 9, tzinfo=UTC), overall=rating)
        return mandate.id

    @contextmanager
    def day(self, day: str) -> Iterator[None]:
        with self.house.open(berlin(day, "09:30")):
            self.consultant = self.colleague(CONSULTANT)
            yield
            self.consultant.close()

    def proposed(self) -> list[int]:
        """The mandates for which Today proposes to ask."""
        self.consultant.open("/today")
        return [one for one in self.mandates if self.consultant.page.locator(f"main a[href='/mandates/{one}/reference']").count()]

    def window(self, mandate: int) -> str:
        """What the page of a mandate says of the reference."""
        self.consultant.open(f"/mandates/{mandate}")
        return self.consultant.page.inner_text("#reference")

    def public(self, letter_to: str, purpose: str) -> Colleague:
        """Whoever got a letter, on the phone, behind its link."""
        visitor = self.colleague(width=PHONE)
        visitor.open(urlsplit(personal_link(self.house.wait_for(letter_to, purpose)[-1])).path)
        assert axe.findings(visitor.page, BOTH_PHONE) == []
        return visitor


def test_a_written_reference_from_its_day_to_its_revocation(browser: Browser, house: Installation) -> None:
    firm = Asking(browser, house)
    firm.prepare(berlin("2026-03-05"))
    content, conflict, held = firm.mandates

    with firm.day("2026-03-05"):
        assert firm.proposed() == []
        assert "Das Fenster öffnet sich am Fr 6. März" in firm.window(content)
        house.wait_for(CONSULTANT, "digest")

    with firm.day("2026-03-06"):
        assert firm.proposed() == [content]
        told = [words_of(one) for one in house.wait_for(CONSULTANT, "digest", 2)]
        assert [one.count(SUGGESTED) for one in told] == [0, 1] and f"{SUGGESTED}: Rainer Osterkamp fragen" in told[1]
        assert "jetzt ist der beste Zeitpunkt" in firm.window(content)
        assert "ab 4 fragen wir" in firm.window(conflict)
        assert "Zurückgehalten bis Fr 20. März" in firm.window(held)
        released = _released_by_the_client(firm, content)
        _contradicted_by_a_third_party(firm, content)
        _extended(firm.consultant, content)
        assert "freigegeben" in firm.window(content)
        firm.consultant.open(f"/mandates/{content}/reference")
        assert "Das Werk liefert wieder pünktlich." in firm.consultant.text
        _revoked_by_the_client(firm, content, released)

    with firm.day("2026-06-11"):
        assert firm.proposed() == []
        assert "Weniger als 30 Tage bleiben bis zum Ende" in firm.window(held)


def _released_by_the_client(firm: Asking, mandate: int) -> str:
    """From the draft to the PDF in three languages; return the path of the client's link."""
    desk = firm.consultant
    desk.open(f"/mandates/{mandate}/reference/new")
    desk.picture("draft")
    assert axe.findings(desk.page, (("light", DESK),)) == []
    desk.fill(results="Die Liefertreue ist gestiegen.")
    for picture in ("letter", "preview"):
        desk.submit()
        desk.picture(picture)
    assert "Velbrink" in desk.text and CONTACT in desk.text
    desk.submit()
    client = firm.public(CONTACT, "references.ask/")
    client.picture("client-form")
    client.fill(results="Das Werk liefert wieder pünktlich.", scope="on_request")
    client.submit()
    client.picture("client-released")
    assert "Auf Anfrage" in client.text
    path = urlsplit(client.page.url).path
    client.close()
    assert "hat eine Referenz für Henrike Aldenhoff freigegeben" in words_of(
        firm.house.wait_for(CONSULTANT, "references.answer/")[-1]
    )
    desk.open(f"/mandates/{mandate}/reference")
    for language in ("de", "nl", "en"):
        answer = desk.context.request.get(f"{desk.page.url}/1.pdf?language={language}")
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
        (desk.pictures / f"reference-{language}.pdf").write_bytes(answer.body())
    return path


def _contradicted_by_a_third_party(firm: Asking, mandate: int) -> None:
    desk = firm.consultant
    desk.open(f"/references/managers/{firm.manager}/sheet")
    desk.picture("sheet")
    assert "Das Werk liefert wieder pünktlich." in desk.text and "5 von 5" not in desk.text
    desk.open(f"/references/managers/{firm.manager}/calls/new")
    desk.fill(caller="Frau Reiter, Baltwerk", reference="1", rating="3", said="Zu langsam.")
    desk.submit()
    for path in (f"/mandates/{mandate}/reference", f"/references/managers/{firm.manager}"):
        desk.open(path)
        assert axe.findings(desk.page, (("light", DESK), ("dark", PHONE))) == []
        assert "Abweichung" in desk.text
    desk.open("/references/calls/1")
    desk.fill(judgement="Es ging um ein anderes Werk.")
    desk.submit()
    desk.open(f"/mandates/{mandate}/reference")
    desk.picture("written-judged")
    assert "das ist beurteilt" in desk.text


def _extended(desk: Colleague, mandate: int) -> None:
    desk.open(f"/mandates/{mandate}/extensions/new")
    desk.fill(new_end_on="2026-09-30", signed_on="2026-03-06", reason="Die zweite Linie folgt")
    desk.submit()
    desk.submit()


def _revoked_by_the_client(firm: Asking, mandate: int, path: str) -> None:
    client = firm.colleague(width=PHONE)
    client.open(path)
    client.page.locator("main summary").first.press("Enter")
    client.submit("Widerrufen")
    assert "Ihre Referenz ist widerrufen" in client.page.inner_text("body")
    client.close()
    desk = firm.consultant
    desk.open(f"/mandates/{mandate}/reference")
    assert "widerrufen" in desk.text and "pünktlich" not in desk.text
    assert desk.context.request.get(f"{desk.page.url}/1.pdf").status == 404


def test_a_referee_from_the_consent_to_the_objection(browser: Browser, house: Installation) -> None:
    firm = Asking(browser, house)
    firm.prepare(berlin("2026-03-05"))
    with firm.day("2026-03-05"):
        desk = firm.consultant
        desk.open(f"/managers/{firm.manager}/referees/new")
        person = {"last_name": "Dahlmann", "first_name": "Ute", "relation": "boss", "company": "Nordwerk AG", "phone": NUMBER}
        desk.fill(**person, email=REFEREE, together_until="2024-06-30", language="de")
        desk.submit()
        page = urlsplit(desk.page.url).path
        for path in (page, "/references", "/search?q=nordwerk", f"/managers/{firm.manager}"):
            desk.open(path)
            assert "Dahlmann" in desk.text and "5559001" not in desk.page.content(), path
        desk.open("/search?q=0405559001")
        assert "Dahlmann" not in desk.text
        desk.open(f"{page}/calls/new")
        desk.submit()
        assert "Es kann kein Gespräch geplant werden" in desk.text and house.letters(REFEREE) == []

        desk.open(f"{page}/consent")
        desk.fill(consent_how="phone")
        desk.submit()
        assert NUMBER.replace(" ", "") in desk.text.replace(" ", "")
        desk.open(f"{page}/calls/new")
        desk.submit()
        talk = desk.number
        desk.open(f"/talks/{talk}/record")
        assert "erspart dem nächsten Unternehmen eine Enttäuschung" in desk.text
        assert axe.findings(desk.page, BOTH_DESK) == []

        referee = firm.public(REFEREE, "references.referee/")
        referee.picture("referee-link")
        referee.submit("Ich wünsche keinen Anruf")
        desk.open(page)
        assert "wünscht keinen Anruf" in desk.text and "5559001" not in desk.page.content()
        assert axe.findings(desk.page, BOTH_DESK) == []
        desk.picture("referee-objected")
        referee.submit("Meine Daten jetzt löschen")
        referee.picture("referee-erased")
        referee.close()
        desk.open("/search?q=dahlmann")
        assert "/references/referees/" not in desk.page.content()
