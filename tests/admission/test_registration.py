"""Registering through the public page: double opt-in, its proof, its limits, and what nobody confirmed."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from app import links
from app.admission import actions, letters, ticks
from app.admission.models import AdmissionCase, LegalText, RegistrationProof
from app.admission.state_rules import Verb
from app.db import acting_as, db, unit_of_work
from app.db.audit import AuditChange
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.managers.models import Manager, ManagerDocument
from app.privacy.queries import was_erased
from app.settings import actions as settings
from app.timeline.models import Event
from tests.factories import make_manager, make_user
from tests.office import Office, Page

pytestmark = pytest.mark.sql
TYPED = {"name": "Dr. Anneke van der Berg", "email": "Anneke@Berg.example", "phone": "0171 3920021", "terms": "y"}


@pytest.fixture
def visitor(app) -> Office:
    return Office(app)


def fill(visitor: Office, language: str = "en", **given: str | None) -> Page:
    return visitor.open(f"/register?lang={language}").fill(**{**TYPED, **given}).submit()


def people() -> list[Manager]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Manager).where(Manager.state != "erased").order_by(Manager.id)))


def mails(purpose: str | None = None) -> list[Letter]:
    db.session.rollback()
    found = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    return [letter for letter in found if purpose in (None, letter.purpose)]


def path_in(letter: Letter) -> str:
    return links.url_of(db.session.get_one(PersonalLink, letter.link_id)).removeprefix("http://localhost")


def set_fee(amount: int) -> None:
    with unit_of_work():
        settings.change({"registration_fee": amount})


def test_a_registration_waits_for_its_confirmation_and_opening_the_link_confirms_nothing(visitor):
    page = fill(visitor, "nl")

    assert page.path.startswith("/register/sent")
    [manager], [letter] = people(), mails()
    assert (manager.state, manager.email, manager.mobile, manager.language) == (
        "registered", "anneke@berg.example", "+491713920021", "nl",
    )  # fmt: skip
    assert (manager.title, manager.first_name, manager.particle, manager.last_name) == ("Dr.", "Anneke", "van der", "Berg")
    assert (letter.to_address, letter.subject) == ("anneke@berg.example", "Bevestig uw registratie")
    for _time in range(3):
        assert visitor.open(path_in(letter)).status == 200
    assert people()[0].state == "registered"


def test_confirming_owes_a_review_and_tells_the_reviewers_and_a_second_click_is_harmless(visitor, clock):
    busy, free = make_user(language="de", last_name="Aaster"), make_user(language="de", last_name="Zander")
    other = make_manager(state="confirmed")
    with unit_of_work():
        db.session.add(AdmissionCase(manager=other, entered_state_at=clock.now(), reviewer_id=busy.id))
    fill(visitor, "de")
    link = path_in(mails()[0])
    page = visitor.open(link)
    clock.move(timedelta(hours=3))

    confirmed = page.submit()
    again = page.submit()

    assert (confirmed.status, again.status) == (200, 200)
    assert "Danke, Ihre Registrierung ist bestätigt" in confirmed.text
    manager = people()[1]
    case = db.session.get_one(AdmissionCase, manager.id)
    assert (manager.state, manager.owner_id, case.reviewer_id, case.next_on) == ("confirmed", free.id, free.id, date(2026, 3, 19))
    assert manager.next_step is None, "the review that is owed is derived from the case"
    assert [letter.subject for letter in mails("admission.notice")] == [
        f"Der Interim Manager mit der ID {manager.id} hat die Registrierung bestätigt"
    ] * 2
    assert len(mails("admission.welcome")) == 1
    kinds = [event.kind for event in db.session.scalars(sa.select(Event))]
    assert kinds.count("admission.confirmed") == 1


def test_nobody_registers_under_another_wording_than_the_one_seen(visitor):
    set_fee(290)
    page = visitor.open("/register?lang=en")
    set_fee(490)

    refused = page.fill(**TYPED).submit()

    assert refused.status == 422
    assert "has changed since you opened it" in refused.text and "€490" in refused.text
    assert "anneke@berg.example" in refused.text.lower() and people() == []
    refused.fill(terms="y").submit()
    db.session.rollback()
    proof = db.session.scalars(sa.select(RegistrationProof)).one()
    assert "obligation to pay €490" in proof.page_text


def test_the_proof_is_complete(visitor, clock):
    set_fee(180)
    began = clock.now()
    page = visitor.open("/register?lang=en")
    visitor.client.environ_base["HTTP_USER_AGENT"] = "Leuchtturm/7"
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.17"
    page.fill(**TYPED).submit()
    clock.move(timedelta(hours=5))
    [letter] = mails()
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    visitor.open(path_in(letter)).submit()

    db.session.rollback()
    proof = db.session.scalars(sa.select(RegistrationProof)).one()
    assert (proof.registered_at, proof.confirmed_at, proof.zone) == (began, clock.now(), "Europe/Berlin")
    assert (proof.registered_ip, proof.confirmed_ip) == ("192.0.2.17", "192.0.2.99")
    assert proof.registered_agent == proof.confirmed_agent == "Leuchtturm/7"
    assert (proof.message_id, proof.mail_subject, proof.mail_text) == (letter.message_id, letter.subject, letter.text)
    assert "I register with obligation to pay €180" in proof.page_text
    assert "\n€180 once, plus VAT, for the review of your papers" in proof.page_text
    assert "accept the terms (version 1)" in proof.page_text
    assert "leave this empty" not in proof.page_text  # nobody saw it
    assert "Register with obligation to pay" in proof.page_text
    assert "Confirming is binding" in (proof.confirm_page_text or "")
    assert "€180" in proof.terms.text and proof.terms.number == 1
    assert proof.privacy.kind == "privacy"


def test_a_new_fee_makes_a_new_version_of_the_terms_and_the_old_one_stays(visitor):
    fill(visitor)
    set_fee(240)
    assert "accept the terms (version 2)" in visitor.open("/register?lang=en").text
    fill(visitor, email="second@post.example")

    terms = db.session.scalars(sa.select(LegalText).where(LegalText.kind == "terms").order_by(LegalText.number)).all()
    assert [(row.number, "€240" in row.text) for row in terms] == [(1, False), (2, True)]


def test_a_fee_of_nothing_leaves_out_every_word_on_cost(visitor):
    page = visitor.open("/register?lang=en").text
    fill(visitor)
    confirming = visitor.open(path_in(mails()[0])).text
    visitor.open(path_in(mails()[0])).submit()

    everything = page + confirming + visitor.open("/register/terms?lang=en").text + "".join(letter.text for letter in mails())
    assert not re.search(r"€|\bVAT\b|binding|obligation|costs?\b|\bfee\b|\bowe\b", everything, re.IGNORECASE)
    assert db.session.scalar(sa.select(AdmissionCase.fee)) is None


def test_a_known_address_gets_the_same_answer_and_a_mail_to_its_own_state(visitor):
    make_manager(email="known@post.example", state="interview", language="nl")

    unknown, known = fill(visitor), fill(visitor, email="Known@Post.example")

    strip = re.compile(r'(nonce|value)="[^"]*"')
    assert (unknown.status, strip.sub("", unknown.text)) == (known.status, strip.sub("", known.text))
    assert len(people()) == 2
    [letter] = mails("admission.known")
    assert letter.subject == "U bent al bij ons geregistreerd"
    assert "Uw documenten zijn in orde" in visitor.open(path_in(letter)).text


def test_registering_twice_makes_one_case_and_another_mail(visitor):
    fill(visitor)
    fill(visitor, name="Somebody Else")

    assert [manager.last_name for manager in people()] == ["Berg"]
    assert len(mails("admission.confirmation")) == 2


def test_the_trap_for_robots_keeps_nothing_and_says_nothing(visitor):
    page = fill(visitor, website="https://spam.example")

    assert page.path.startswith("/register/sent")
    assert people() == [] and mails() == []
    assert 'class="lo-trap"' in visitor.open("/register").text and 'tabindex="-1"' in visitor.open("/register").text


@pytest.mark.parametrize("field, value, words", [
    ("name", " ", "Please fill this in."),
    ("name", "Win now www.spam.example", "first and last name only"),
    ("name", "x" * 81, "80 characters"),
    ("email", "g.ehrentraut@post", "not a mail address"),
    ("email", "", "Please fill this in."),
    ("phone", "call me", "not a phone number"),
    ("phone", "", "Please fill this in."),
    ("phone", "0171 39", "has too few or too many digits"),
    ("terms", None, "Please tick this box"),
    ("name", "Nul\0char", "cannot be stored"),
])  # fmt: skip
def test_wrong_input_is_refused_at_its_field_and_what_was_typed_stays(visitor, field, value, words):
    page = fill(visitor, **{field: value})

    assert page.status == 422
    assert words in page.text
    assert field == "email" or "Anneke@Berg.example" in page.text
    assert people() == [] and mails() == []


def test_a_cv_is_kept_and_a_file_that_is_none_is_refused(visitor):
    page = visitor.open("/register?lang=en")
    [form] = page.forms
    hidden = {name: values[0] for name, values in form["fields"].items()}
    bad = visitor.post("/register?lang=en", {**hidden, **TYPED, "cv": (BytesIO(b"MZ\x90 not a paper"), "cv.exe")})
    assert bad.status == 422 and people() == []

    text = visitor.post("/register?lang=en", {**hidden, **TYPED, "cv": (BytesIO(b"Anneke van der Berg, Werkleitung"), "cv.txt")})
    assert text.path.startswith("/register/sent")
    db.session.rollback()
    assert db.session.scalar(sa.select(ManagerDocument.kind)) == "cv"


def test_at_most_three_mails_a_day_to_one_address_and_the_answer_stays_the_same(visitor, clock):
    for _time in range(5):
        assert fill(visitor).path.startswith("/register/sent")
    assert len(mails()) == 3
    assert visitor.open("/register/again?lang=en").fill(email="anneke@berg.example").submit().path.startswith("/register/sent")
    assert len(mails()) == 3

    clock.move(timedelta(hours=25))
    visitor.open("/register/again?lang=en").fill(email="anneke@berg.example").submit()
    visitor.open("/register/again?lang=en").fill(email="nobody@post.example").submit()

    assert len(mails()) == 4


def test_one_sender_can_register_only_so_many_an_hour(visitor):
    with unit_of_work():
        settings.change({"registrations_an_hour": 2})

    answers = [fill(visitor, email=f"m{number}@post.example") for number in range(3)]

    assert [page.status for page in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"]
    assert len(people()) == 2


def test_the_link_expires_after_seven_days_and_can_be_asked_for_again(visitor, clock):
    fill(visitor)
    link = path_in(mails()[0])
    page = visitor.open(link)
    clock.move(timedelta(days=7, minutes=1))

    ended = visitor.open(link)
    late = page.submit()

    assert (ended.status, late.status) == (410, 410)
    assert "/register/again" in ended.text
    assert people()[0].state == "registered"


def test_i_did_not_register_deletes_everything_but_the_number(visitor):
    fill(visitor)
    number = people()[0].id
    link = path_in(mails()[0])

    gone = visitor.open(link).form(1).submit()

    assert "Everything is deleted" in gone.text
    assert people() == [] and [(mail.state, mail.to_address, mail.text) for mail in mails()] == [("cancelled", "", "")]
    assert visitor.open(link).status == 404  # the link is gone with everything else
    traces = [str(row.old) + str(row.new) for row in db.session.scalars(sa.select(AuditChange))]
    traces += [str(event.facts) for event in db.session.scalars(sa.select(Event))]
    assert not any(word in trace for trace in traces for word in ("Berg", "berg.example", "3920021"))
    assert db.session.get_one(Manager, number).name == f"ID {number}"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RegistrationProof)) == 0
    assert not was_erased("anneke@berg.example")  # it may be a stranger's address, who was never here


def test_i_did_not_register_holds_as_long_as_the_registration_lives(visitor, clock):
    fill(visitor)
    fill(visitor, email="second@post.example")
    first, second = (path_in(letter) for letter in mails())
    clock.move(timedelta(days=13))
    ended = visitor.open(first)
    assert ended.status == 410 and "/register/again" in ended.text and len(people()) == 2

    gone, unasked = ended.submit(), visitor.open(second).submit(answer="confirm")

    assert gone.status == 200 and "Everything is deleted" in gone.text
    assert unasked.status == 410
    assert [manager.email for manager in people()] == ["second@post.example"]
    assert (visitor.open(first).status, ended.submit().status) == (404, 404)


def test_an_expired_link_deletes_nobody_who_has_confirmed_by_a_newer_one(visitor, clock):
    fill(visitor)
    clock.move(timedelta(days=6))
    visitor.open("/register/again?lang=en").fill(email="anneke@berg.example").submit()
    clock.move(timedelta(days=2))
    old, new = (path_in(letter) for letter in mails())
    page = visitor.open(old)
    visitor.open(new).submit()

    refused = page.submit()

    assert (refused.status, people()[0].state) == (410, "confirmed")
    assert "I did not register" not in refused.text


def test_a_confirmed_registration_cannot_be_disowned(visitor):
    fill(visitor)
    page = visitor.open(path_in(mails()[0]))
    page.submit()

    visitor.open(path_in(mails()[0]))
    page.form(1).submit()

    assert [manager.state for manager in people()] == ["confirmed"]


def test_what_nobody_confirmed_goes_14_days_after_the_last_mail(visitor, clock):
    fill(visitor)
    clock.move(timedelta(days=5))
    fill(visitor, email="second@post.example")
    visitor.open("/register/again?lang=en").fill(email="anneke@berg.example").submit()
    clock.move(timedelta(days=13))
    with acting_as("scheduler"):
        assert ticks.purge(clock.now()).done == 0
    clock.move(timedelta(days=1))

    with acting_as("scheduler"):
        assert ticks.purge(clock.now()).done == 2
        assert ticks.purge(clock.now()).done == 0

    assert people() == []


def test_nobody_purges_who_has_confirmed(visitor, clock):
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()
    clock.move(timedelta(days=60))

    assert ticks.purge(clock.now()).done == 0
    assert people()[0].state == "confirmed"


def test_the_person_checks_the_parts_of_the_name(visitor):
    fill(visitor, name="Maria Montoya Serrano")
    page = visitor.open(path_in(mails()[0])).submit()

    refused = page.fill(last_name=" ").submit()
    assert refused.status == 422
    kept = (
        visitor.open(path_in(mails()[0])).fill(first_name="Maria", last_name="Montoya Serrano", form_of_address="frau").submit()
    )

    assert "your name is kept" in kept.text
    [manager] = people()
    assert (manager.first_name, manager.last_name, manager.form_of_address) == ("Maria", "Montoya Serrano", "frau")
    assert manager.state == "confirmed"


def test_withdrawing_by_link_for_14_days_waives_the_fee_and_is_receipted_once(visitor, clock):
    set_fee(180)
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()
    link = path_in(mails("admission.welcome")[0])
    clock.move(timedelta(days=14))
    for _time in range(3):
        assert visitor.open(link).status == 200
    assert people()[0].state == "confirmed"
    page = visitor.open(link)
    assert "No review has begun, so you then owe nothing." in page.text

    page.submit()
    page.submit()

    assert people()[0].state == "withdrawn"
    assert db.session.scalar(sa.select(AdmissionCase.fee)) == "waived"
    [receipt] = mails("admission.receipt")
    assert "You owe nothing." in receipt.text


def test_who_withdraws_after_a_review_has_begun_reads_that_the_fee_stays_owed(visitor, clock):
    set_fee(180)
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()
    reviewer = make_user()
    with acting_as("command"), unit_of_work():
        actions.move(db.session.scalars(sa.select(AdmissionCase)).one(), Verb.TAKE, actor=reviewer, at=clock.now())

    page = visitor.open(path_in(mails("admission.welcome")[0]))
    assert "A review has begun, so the fee of €180 plus VAT stays owed." in page.text
    after = page.submit()

    db.session.rollback()
    assert db.session.scalar(sa.select(AdmissionCase.fee)) == "owed"
    [receipt] = mails("admission.receipt")
    for text in (after.text, " ".join(receipt.text.split())):
        assert "A review had begun, so the fee of €180 plus VAT stays owed." in text
        assert "You owe nothing." not in text


def test_a_mail_asked_for_again_names_the_fee_that_was_agreed_to(visitor):
    set_fee(180)
    fill(visitor)
    set_fee(290)

    visitor.open("/register/again?lang=en").fill(email="anneke@berg.example").submit()
    fill(visitor)

    assert len(mails("admission.confirmation")) == 3
    assert all("€180" in letter.text and "€290" not in letter.text for letter in mails("admission.confirmation"))


def withdrawn(visitor):
    """Register, confirm and withdraw; return the number and the link of the receipt."""
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()
    visitor.open(path_in(next(mail for mail in mails() if mail.purpose == letters.WELCOME))).submit()
    return people()[0].id, path_in(next(mail for mail in mails() if mail.purpose == letters.RECEIPT))


def test_who_has_withdrawn_is_erased_at_once_on_request_and_told_so(visitor):
    number, link = withdrawn(visitor)
    assert people()[0].state == "withdrawn"

    gone = visitor.open(link).submit()

    assert "Your data are erased." in gone.text
    assert people() == [] and db.session.get_one(Manager, number).name == f"ID {number}"
    last = [mail for mail in mails() if mail.purpose == "privacy.erased"]
    assert [(mail.to_address, mail.text) for mail in last] == [("anneke@berg.example", "")]
    assert was_erased("anneke@berg.example")
    assert visitor.open(link).status == 404


def test_opening_the_link_of_the_receipt_erases_nothing(visitor):
    _number, link = withdrawn(visitor)

    for _time in range(3):
        assert visitor.open(link).status == 200

    assert people()[0].state == "withdrawn"


def test_who_has_withdrawn_is_erased_after_30_days_and_told_so(visitor, clock):
    withdrawn(visitor)
    clock.move(timedelta(days=29))
    with acting_as("scheduler"):
        assert ticks.erase_withdrawn(clock.now()).done == 0
    clock.move(timedelta(days=1))

    with acting_as("scheduler"):
        assert ticks.erase_withdrawn(clock.now()).done == 1
        assert ticks.erase_withdrawn(clock.now()).done == 0

    assert people() == [] and any(mail.purpose == "privacy.erased" for mail in mails())


def test_after_14_days_the_link_to_withdraw_has_ended(visitor, clock):
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()
    link = path_in(mails("admission.welcome")[0])
    clock.move(timedelta(days=15))

    assert visitor.open(link).status == 410
    assert people()[0].state == "confirmed"


def test_a_mail_to_confirm_that_waits_does_not_go_after_the_confirmation(visitor, clock):
    fill(visitor)
    fill(visitor)
    visitor.open(path_in(mails()[0])).submit()

    with acting_as("scheduler"):
        send_due("tests")

    assert [letter.state for letter in mails("admission.confirmation")] == ["cancelled", "cancelled"]
    assert {letter.state for letter in mails("admission.welcome")} == {"sent"}


@pytest.mark.parametrize(
    "path, typed", [("/register", TYPED), ("/register", {**TYPED, "website": "x"}), ("/register/again", {"email": "a@b.example"})]
)
def test_the_time_of_an_answer_does_not_tell_whether_an_address_is_known(app, visitor, path, typed):
    app.config["REGISTRATION_SECONDS"] = 0.4
    for _time in ("unknown", "known"):
        page = visitor.open(path).fill(**typed)
        began = time.monotonic()
        assert page.submit(follow=False).status == 303
        assert time.monotonic() - began >= 0.4
