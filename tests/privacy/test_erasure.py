"""Erasure: nothing is left in the database, its journal or the folder of files; what is others' stays."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import links
from app.admission import actions as admission
from app.admission.models import AdmissionCase, CvReview, LegalText, PaperReading, RegistrationProof
from app.core.clock import clock as now
from app.core.errors import RuleViolation
from app.db import acting_as, db, unit_of_work
from app.files.models import StoredFile
from app.mail import actions as mail
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.document_actions import add_document
from app.managers.models import Manager, ManagerDocument
from app.privacy import actions, scrub, ticks
from app.privacy.models import ErasedAddress, Erasure, FileToDelete
from app.privacy.queries import was_erased
from app.talks import invitations
from app.talks.models import Talk
from app.timeline import record, steps
from tests.databases import SERVER
from tests.factories import make_interview, make_manager, make_mandate, make_talk, make_user, reload
from tests.office import Office

pytestmark = pytest.mark.sql
EMAIL, PHONE, STREET = "wilhelmine.quastenberg@example.org", "+4915199887766", "Zimtapfelweg 77"
TRACES = ("Quastenberg", "quastenberg", "Zimtapfelweg", "15199887766", "1519988 7766", "Nelkenduft")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n% Wilhelmine Quastenberg\n%%EOF"


class Firm:
    """A manager about whom everything is known, and others beside her."""

    def __init__(self) -> None:
        self.owner = make_user()
        self.manager = make_manager(
            first_name="Wilhelmine",
            last_name="Quastenberg",
            email=EMAIL,
            phone=PHONE,
            street=STREET,
            note="Nelkenduft",
            source_note="von Quastenberg",
            next_step="Quastenberg anrufen",
            next_step_on=date(2026, 4, 1),
            owner=self.owner,
            functions=("cfo",),
        )
        self.namesake = make_manager(first_name="Wilhelm", last_name="Bergquast")
        self.interview = make_interview(self.manager, owner=self.owner)
        self.mandate = make_mandate(
            manager=self.manager, owner=self.owner, goal="Quastenberg baut das Werk um", exit_plan="Nelke"
        )
        self.unsigned = make_mandate(manager=self.manager, owner=self.owner, signed=False, manager_override_reason="Nelkenduft")
        self.held = make_talk(
            "quality",
            "manager",
            mandate=self.mandate,
            state="held",
            held_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            record="Nelkenduft",
            took_part="Quastenberg",
            answers={"load": "Nelkenduft"},
            step="Nelkenduft",
            step_on=date(2026, 4, 1),
        )
        self.with_client = make_talk(
            "quality",
            "client",
            mandate=self.mandate,
            state="held",
            held_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
            record="Frau Quastenberg arbeitet gut",
            overall=5,
        )
        self.joint = make_talk(
            "other",
            "both",
            contact=self.mandate.contact,
            manager=self.manager,
            owner=self.owner,
            state="arranged",
            appointment_at=datetime(2026, 3, 27, 9, tzinfo=UTC),
            appointment_zone="Europe/Berlin",
            minutes=30,
            channel="phone",
            place=PHONE,
        )
        self.client_note = self.mandate.client
        self.tell()

    def tell(self) -> None:
        manager = db.session.get(Manager, self.manager.id)
        with acting_as("command"), unit_of_work():
            manager.mobile = PHONE
            self.file = add_document(
                manager,
                "cv",
                PDF,
                name="Lebenslauf Quastenberg.pdf",
                made_on=None,
                received_on=date(2026, 3, 1),
                actor=None,
                at=now().now(),
                most_megabytes=10,
            ).file_id
            steps.add_note(manager, "Nelkenduft und Quastenberg", actor=self.owner, at=now().now())
            record("notes.added", self.mandate.client, at=now().now(), text=f"Wilhelmine Quastenberg, {EMAIL}")
            mandate_client = db.session.merge(self.mandate.client)
            mandate_client.note = "Kennt Wilhelmine Quastenberg seit Jahren"
            invitations.invite(db.session.get(Talk, self.joint.id), at=now().now())
            self.admit(manager)
            link = links.issue("users.reset", manager, language="de", at=now().now(), recipient=EMAIL)
            self.letter = mail.queue(
                key="test/waits",
                to=mail.Recipient(EMAIL, "Wilhelmine Quastenberg", "de"),
                subject="Quastenberg",
                text="Sehr geehrte Frau Quastenberg",
                purpose="mail.test",
                at=now().now() + timedelta(days=3),
                about=manager,
                link_id=link.id,
                not_before_at=now().now() + timedelta(days=3),
            ).id

    def admit(self, manager):
        """What the admission knows: the case, its proof, what the CV says, and what a reviewer thought of it."""
        case = admission.case_of(manager, at=now().now())
        case.halted_on, case.halt_reason, case.falls_short = date(2026, 3, 1), "Quastenberg ist verreist", "tasks"
        case.fee, case.fee_amount, case.fee_number = "invoiced", 290, "2026-77"
        document = db.session.scalars(sa.select(ManagerDocument)).one()
        texts = [LegalText(kind=kind, language="de", number=1, text="Text", since=now().now()) for kind in ("terms", "privacy")]
        db.session.add_all(texts)
        db.session.flush()
        db.session.add(
            RegistrationProof(
                manager_id=manager.id,
                language="de",
                zone="Europe/Berlin",
                name="Wilhelmine Quastenberg",
                terms_id=texts[0].id,
                privacy_id=texts[1].id,
                page_text="Seite",
                registered_at=now().now(),
                registered_ip="192.0.2.77",
                registered_agent="Nelkenduft 1.0",
                mail_text="Sehr geehrte Frau Quastenberg",
                mailed_to=EMAIL,
            )
        )
        db.session.add(
            PaperReading(
                document_id=document.id,
                manager_id=manager.id,
                read_at=now().now(),
                pages=[f"Wilhelmine Quastenberg {STREET}"],
                analysis={"facts": {"emails": [EMAIL]}},
            )
        )
        db.session.add(
            CvReview(
                manager_id=manager.id,
                document_id=document.id,
                verdicts={"tasks": {"verdict": "weak", "note": "Nelkenduft"}},
                began_at=now().now(),
                began_by_id=self.owner.id,
            )
        )
        db.session.flush()


@pytest.fixture
def firm(app):
    return Firm()


def erase(firm, actor=None):
    with acting_as("command"), unit_of_work():
        line = actions.erase(db.session.get(Manager, firm.manager.id), actor=actor, at=now().now())
    ticks.finish(now().now())
    return line


def stored(folder: Path) -> bytes:
    db.session.remove()
    parts = [*folder.glob("lotse.sqlite3*"), *(one for one in (folder / "files").rglob("*") if one.is_file())]
    return b"\0".join(path.read_bytes() for path in parts)


def rows() -> str:
    """Everything in every table, as text: what PostgreSQL's files cannot be asked for."""
    found = [str(row) for table in db.metadata.sorted_tables for row in db.session.execute(sa.select(table))]
    return "\n".join(found)


def test_nothing_is_left_anywhere_but_the_letters_address(firm, app, tmp_path):
    before = stored(tmp_path) if not SERVER else rows().encode()
    assert all(trace.encode() in before for trace in ("Quastenberg", "Zimtapfelweg", "15199887766", "Nelkenduft"))

    erase(firm)

    assert [line for line in rows().replace(EMAIL, "").split("\n") if any(t in line for t in TRACES)] == []
    letter = db.session.scalars(sa.select(Letter).where(Letter.purpose == "privacy.erased")).one()
    assert (letter.to_address, letter.to_name, letter.subject, letter.text, letter.html) == (EMAIL, "", "", "", "")
    if not SERVER:
        left = stored(tmp_path).replace(EMAIL.encode(), b"")
        assert [t for t in TRACES if t.encode() in left] == []


def test_the_index_of_names_keeps_no_piece_of_the_name(firm, app, tmp_path):
    erase(firm)

    found = "SELECT count(*) FROM search_name WHERE folded LIKE '%quastenb%'"
    assert db.session.scalar(sa.text(found)) == 0
    if not SERVER:
        kept = db.session.scalars(sa.text("SELECT block FROM search_name_fts_data")).all()
        assert not any(piece in bytes(block) for block in kept for piece in (b"quastenb", b"uastenbe", b"wilhelmi"))
        wanted = sa.text("SELECT count(*) FROM search_name_fts WHERE search_name_fts MATCH :word")
        assert db.session.scalar(wanted, {"word": '"uastenb"'}) == 0
        assert db.session.scalar(wanted, {"word": '"bergquast"'}) == 1  # the others are found as before


def test_the_case_keeps_its_numbers_and_the_fee_that_was_invoiced(firm, app):
    erase(firm)

    case = db.session.scalars(sa.select(AdmissionCase)).one()
    assert (case.halted_on, case.halt_reason, case.falls_short, case.next_on) == (None, None, "", None)
    assert (case.fee, case.fee_amount, case.fee_number) == ("invoiced", 290, "2026-77")


def test_after_the_letter_has_gone_nothing_is_left_at_all(firm, app, clock, tmp_path):
    erase(firm)

    send_due("test")
    ticks.finish(now().now())

    sent = [path.read_bytes() for path in (tmp_path / "mail").glob("*.eml") if EMAIL.encode() in path.read_bytes()]
    assert len(sent) == 1 and b"Quastenberg" not in sent[0]
    letter = db.session.scalars(sa.select(Letter).where(Letter.purpose == "privacy.erased")).one()
    assert (letter.state, letter.to_address, letter.subject, letter.text) == ("sent", "", "", "")
    assert [t for t in TRACES if t in rows()] == []
    line = db.session.scalars(sa.select(Erasure)).one()
    assert line.overwritten_at is not None and line.letter_overwritten_at is not None
    if not SERVER:
        assert [t for t in (*TRACES, EMAIL) if t.encode() in stored(tmp_path)] == []


def test_the_waiting_letter_is_never_sent(firm, app, clock):
    erase(firm)
    with unit_of_work():
        db.session.execute(sa.update(Letter).values(next_attempt_at=now().now() - timedelta(days=1)))

    send_due("test")

    letter = db.session.get(Letter, firm.letter, populate_existing=True)
    assert (letter.state, letter.to_address, letter.sent_at) == ("cancelled", "", None)


def test_a_notice_that_cannot_go_is_emptied_after_72_hours(firm, app):
    erase(firm)

    ticks.give_up_addresses(now().now() + timedelta(hours=71))
    assert EMAIL in rows()
    ticks.give_up_addresses(now().now() + timedelta(hours=72))

    assert EMAIL not in rows()


def test_a_fault_in_the_middle_changes_nothing(firm, app, monkeypatch):
    before = rows()
    monkeypatch.setattr(scrub, "links_and_traces", lambda _scope: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        erase(firm)

    assert rows() == before


def test_a_crash_before_the_files_are_deleted_is_made_good(firm, app, tmp_path):
    with acting_as("command"), unit_of_work():
        actions.erase(db.session.get(Manager, firm.manager.id), actor=None, at=now().now())
    contents = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(contents) == 1 and db.session.scalar(sa.select(sa.func.count()).select_from(FileToDelete)) == 1

    ticks.finish(now().now())

    assert not contents[0].exists()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FileToDelete)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_the_signed_mandate_stays_as_a_shell(firm, app):
    rate = firm.mandate.client_rate
    erase(firm)

    mandate = reload(firm.mandate)
    assert (mandate.manager_id, mandate.signed_on, mandate.ends_on) == (firm.manager.id, date(2025, 12, 19), date(2026, 7, 10))
    assert (mandate.client_rate, mandate.goal, mandate.manager.name) == (
        rate,
        f"ID {firm.manager.id} baut das Werk um",
        f"ID {firm.manager.id}",
    )
    assert reload(firm.unsigned).manager_id is None
    held, client = reload(firm.held), reload(firm.with_client)
    assert (held.state, held.record, held.answers, client.record, client.overall) == ("held", None, {}, None, None)


def test_the_joint_appointment_is_called_off_with_the_others(firm, app):
    with unit_of_work():
        db.session.execute(
            sa.update(Letter).where(Letter.key.startswith("talks.invitation/")).values(first_attempt_at=now().now())
        )

    erase(firm)

    joint = reload(firm.joint)
    told = db.session.scalars(sa.select(Letter).where(Letter.purpose == "talks.cancellation")).all()
    assert joint.state == "cancelled"
    assert Office(app, firm.owner).open(f"/talks/{joint.id}").status == 200
    assert {one.to_address for one in told} == {firm.mandate.contact.email, firm.owner.email}
    assert all("METHOD:CANCEL" in one.attachments[0]["text"] and "uastenberg" not in one.text for one in told)


def test_other_people_keep_their_data(firm, app):
    other = make_manager(first_name="Anna", last_name="Quastenberg", email="anna@example.org", note="Nelke")
    erase(firm)

    anna, wilhelm = reload(other), reload(firm.namesake)
    assert (anna.name, anna.email, anna.note, anna.version) == ("Anna Quastenberg", "anna@example.org", "Nelke", 1)
    assert wilhelm.name == "Wilhelm Bergquast"
    assert reload(firm.mandate.client).note == f"Kennt ID {firm.manager.id} seit Jahren"


def test_the_log_holds_nothing_personal_and_twice_is_once(firm, app):
    first = erase(firm)
    again = erase(firm)

    assert first.id == again.id
    line = db.session.scalars(sa.select(Erasure)).one()
    assert (line.manager_id, line.actor_kind, line.actor_id) == (firm.manager.id, "command", None)
    assert was_erased(EMAIL.upper()) and not was_erased("anna@example.org") and not was_erased(None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ErasedAddress)) == 1


def test_whoever_was_erased_is_entered_again_by_a_lead_with_a_reason_only(firm, app):
    erase(firm)

    for may, reason, field in ((False, "so", "email"), (True, " ", "again_reason")):
        with pytest.raises(RuleViolation) as refused:
            actions.check_not_erased(EMAIL, reason=reason, may_override=may)
        assert refused.value.field == field
    assert actions.check_not_erased(EMAIL, reason="asked us to", may_override=True)
    page = Office(app, make_user()).open("/managers/new").fill(last_name="Neu", email=EMAIL).submit()
    assert page.status == 422


def test_a_lead_enters_the_person_again_from_the_page(firm, lead):
    erase(firm)
    page = lead.open("/managers/new").fill(last_name="Neu", email=EMAIL).submit()
    assert page.status == 422

    page = page.fill(again_reason="Hat sich selbst gemeldet").submit()

    assert page.status == 200 and "Hat sich selbst gemeldet" in page.text


def test_the_page_says_what_goes_and_stays_and_erases(firm, lead):
    page = lead.open(f"/managers/{firm.manager.id}/erasure")
    assert page.status == 200 and firm.mandate.number in page.text and "2034" in page.text and "btn-danger" in page.text

    wrong = page.fill(confirmation="987").submit()
    assert wrong.status == 422 and reload(firm.manager).state == "released"
    done = wrong.fill(confirmation=f"ID {firm.manager.id}").submit()

    assert done.status == 200
    assert reload(firm.manager).state == "erased"
    assert lead.open(f"/managers/{firm.manager.id}").status == 404
    assert lead.open(f"/managers/{firm.manager.id}/erasure").status == 404
    assert lead.open(f"/mandates/{firm.mandate.id}").status == 200
    assert lead.open(f"/talks/{firm.held.id}").status == 200
    assert lead.open("/mail").status == 200


@pytest.mark.parametrize("role", ["consultant", "assistant", "auditor"])
def test_only_leads_and_administrators_erase(firm, app, role):
    office = Office(app, make_user(role=role))

    assert office.open(f"/managers/{firm.manager.id}/erasure").status == 403
    assert f"/managers/{firm.manager.id}/erasure" not in office.open(f"/managers/{firm.manager.id}").text


def test_the_command_erases_at_once(firm, app):
    answer = app.test_cli_runner().invoke(args=["privacy", "erase", "manager", str(firm.manager.id), "--json"])

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["manager"] == firm.manager.id
    assert reload(firm.manager).state == "erased"
    unknown = app.test_cli_runner().invoke(args=["privacy", "erase", "manager", "987654"])
    assert unknown.exit_code == 1
    assert app.test_cli_runner().invoke(args=["privacy", "export", "manager", "1", "x.zip"]).exit_code == 2


@pytest.mark.parametrize(
    ("language", "subject"),
    [("de", "Ihre Daten wurden gelöscht."), ("nl", "Uw gegevens zijn gewist."), ("en", "Your data were erased.")],
)
def test_the_last_letter_speaks_the_persons_language(app, tmp_path, language, subject):
    manager = make_manager(language=language)
    with acting_as("command"), unit_of_work():
        actions.erase(db.session.get(Manager, manager.id), actor=None, at=now().now())

    send_due("test")

    (path,) = (tmp_path / "mail").glob("*.eml")
    letter = message_from_bytes(path.read_bytes(), policy=default)
    assert letter["Subject"] == subject
    assert manager.last_name not in letter.get_body(("plain",)).get_content()
