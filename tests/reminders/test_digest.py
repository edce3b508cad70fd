"""One digest a day and colleague, from the live state, once whatever runs how often."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.db import db, unit_of_work
from app.mail.models import Letter
from app.mail.ticks import send_due
from app.reminders import heart, rounds
from app.reminders.models import JobRun, Told
from app.reminders.ticks import send_digests, tell_participants
from app.scheduler import JOBS, Scheduler
from app.talks.models import TalkParticipant
from app.users.models import Absence
from tests.factories import make_client, make_contact, make_manager, make_mandate, make_talk, make_team, make_user, save

pytestmark = pytest.mark.sql


def letters(purpose: str | None = None) -> list[Letter]:
    db.session.expire_all()
    select = sa.select(Letter).order_by(Letter.id)
    return list(db.session.scalars(select.where(Letter.purpose == purpose) if purpose else select))


def test_a_colleague_gets_one_digest_a_day_with_what_is_late_first(app, clock):
    user = make_user(language="de")
    make_talk(contact=make_contact(first_name="Gesine", last_name="Tjarks"), owner=user, due_on=date(2026, 3, 11))
    save_step(make_manager(owner=user), "Kurzprofil schicken", date(2026, 3, 17))

    for _ in range(3):
        send_digests(clock.now())

    (letter,) = letters("reminders.digest")
    assert letter.subject == "Dienstag, 17. März: 2 Dinge, 1 überfällig"
    assert letter.text.index("Gesine Tjarks") < letter.text.index("Kurzprofil schicken")
    assert letter.to_address == user.email


def save_step(manager, step: str, on: date):
    with unit_of_work():
        manager.next_step, manager.next_step_on = step, on
    return manager


def test_nothing_due_means_no_mail(app, clock):
    user = make_user()
    make_talk(owner=user, due_on=date(2026, 6, 1))

    outcome = send_digests(clock.now())

    assert letters() == [] and outcome.failed == 0


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (datetime(2026, 3, 17, 6, 0, tzinfo=UTC), 0),  # 7:00 in Berlin
        (datetime(2026, 3, 17, 6, 30, tzinfo=UTC), 1),
        (datetime(2026, 3, 21, 9, 0, tzinfo=UTC), 0),  # Saturday
    ],
)
def test_the_digest_waits_for_the_working_morning(app, clock, at, count):
    make_talk(owner=make_user(), due_on=date(2026, 3, 2))
    clock.move_to(at)

    send_digests(at)

    assert len(letters()) == count


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_of_23_and_25_hours_give_one_digest_each(app, clock, night):
    make_talk(owner=make_user(), due_on=night - timedelta(days=30))
    at = datetime.combine(night - timedelta(days=2), datetime.min.time(), UTC)

    for quarter in range(5 * 96):
        moment = at + timedelta(minutes=15 * quarter)
        clock.move_to(moment)
        send_digests(moment)

    days = [letter.guard_args["day"] for letter in letters()]
    assert len(days) == len(set(days)) >= 3


def test_a_clock_set_back_three_days_repeats_nothing(app, clock):
    make_talk(owner=make_user(), due_on=date(2026, 3, 2))
    for day in (16, 17, 18):
        clock.move_to(datetime(2026, 3, day, 8, tzinfo=UTC))
        send_digests(clock.now())

    for day in (15, 16, 17, 18):
        clock.move_to(datetime(2026, 3, day, 8, tzinfo=UTC))
        send_digests(clock.now())

    assert len(letters()) == 3


def test_what_was_done_before_sending_is_not_sent(app, clock):
    user = make_user()
    talk = make_talk(owner=user, due_on=date(2026, 3, 2))
    send_digests(clock.now())
    with unit_of_work():
        talk.state, talk.note = "cancelled", "No longer needed"

    send_due("worker")

    (letter,) = letters("reminders.digest")
    assert letter.state == "cancelled"


def test_the_digest_of_yesterday_is_not_sent_today(app, clock):
    make_talk(owner=make_user(), due_on=date(2026, 3, 2))
    send_digests(clock.now())
    clock.move(timedelta(days=1))

    send_due("worker")

    assert letters("reminders.digest")[0].state == "cancelled"


def test_the_deputy_is_told_what_falls_due_for_the_absent(app, clock):
    away, deputy = make_user(first_name="Katrin", last_name="Ostendorff"), make_user(first_name="Jan", last_name="Reekers")
    save(Absence(user_id=away.id, deputy_id=deputy.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    make_talk(owner=away, due_on=date(2026, 3, 2))

    send_digests(clock.now())

    to_deputy = [letter for letter in letters() if letter.to_address == deputy.email]
    assert len(to_deputy) == 1 and "for K. Ostendorff" in to_deputy[0].text


def test_the_lead_of_the_team_hears_of_what_is_long_overdue(app, clock):
    north, south = make_team("North"), make_team("South")
    lead, other = make_user("lead", team=north), make_user("lead", team=south)
    make_talk(owner=make_user(team=north), due_on=date(2026, 3, 3))

    send_digests(clock.now())

    addresses = {letter.to_address for letter in letters()}
    assert lead.email in addresses and other.email not in addresses


def test_without_a_lead_in_the_team_every_lead_hears(app, clock):
    north, south = make_team("North"), make_team("South")
    leads = [make_user("lead", team=south) for _ in range(2)]
    make_talk(owner=make_user(team=north), due_on=date(2026, 3, 3))

    send_digests(clock.now())

    assert {lead.email for lead in leads} <= {letter.to_address for letter in letters()}


def test_a_mandate_that_ends_in_60_days_asks_for_a_decision_until_the_closing_talk_is_arranged(app, clock):
    clock.move_to(datetime(2026, 5, 11, 7, 40, tzinfo=UTC))
    user = make_user(language="de")
    mandate = make_mandate(owner=user, client=make_client(name="Lindwerk Kliniken GmbH"), stage=3)
    send_digests(clock.now())
    assert "Verlängerung oder Abschluss? Interim-Werkleitung, Lindwerk Kliniken GmbH" in " ".join(letters()[0].text.split())
    clock.move(timedelta(days=1))
    send_digests(clock.now())
    assert len(letters()) == 1, "asked 60 days before, not every day after"

    make_talk(
        "closing",
        mandate=mandate,
        state="arranged",
        appointment_at=datetime(2026, 6, 26, 8, tzinfo=UTC),
        due_on=date(2026, 6, 26),
    )
    clock.move_to(datetime(2026, 6, 10, 7, 40, tzinfo=UTC))
    send_digests(clock.now())

    assert len(letters()) == 1, "30 days before it is decided already"


def test_one_broken_colleague_holds_up_nobody(app, clock, capsys):
    broken, well = make_user(), make_user()
    for user in (broken, well):
        make_talk(owner=user, due_on=date(2026, 3, 2))
    with unit_of_work():
        broken.email = "not an address"

    outcome = send_digests(clock.now())

    assert [letter.to_address for letter in letters()] == [well.email]
    assert outcome.failed == 1


def test_people_outside_are_told_on_the_day_before_and_only_once_per_appointment(app, clock):
    contact = make_contact(form_of_address="herr", last_name="Osterkamp")
    talk = make_talk(
        contact=contact,
        owner=make_user(),
        state="arranged",
        appointment_at=datetime(2026, 3, 18, 9, 30, tzinfo=UTC),
        appointment_zone="Europe/Berlin",
        minutes=30,
        channel="phone",
        place="+49 851 1234",
    )

    for _ in range(3):
        tell_participants(clock.now())
    with unit_of_work():
        talk.appointment_at = datetime(2026, 3, 18, 13, 0, tzinfo=UTC)
    tell_participants(clock.now())

    told = letters("reminders.tomorrow")
    assert [letter.to_address for letter in told] == [contact.email] * 2
    assert "Sehr geehrter Herr Osterkamp," in told[0].text and "10:30" in told[0].subject and "14:00" in told[1].subject
    send_due("worker")
    assert [letter.state for letter in letters("reminders.tomorrow")] == ["cancelled", "sent"]


def test_a_further_contact_is_told_too_and_a_letter_that_waited_overnight_says_today(app, clock):
    first, further, left = make_contact(language="de"), make_contact(language="de"), make_contact(language="de")
    talk = make_talk(
        contact=first,
        owner=make_user(),
        state="arranged",
        appointment_at=datetime(2026, 3, 18, 9, 30, tzinfo=UTC),
        appointment_zone="Europe/Berlin",
        minutes=30,
        channel="phone",
        place="+49 851 1234",
        participants=[TalkParticipant(contact_id=further.id), TalkParticipant(contact_id=left.id)],
    )
    tell_participants(clock.now())
    assert {letter.to_address for letter in letters("reminders.tomorrow")} == {first.email, further.email, left.email}
    with unit_of_work():
        talk.participants = [one for one in talk.participants if one.contact_id != left.id]
    clock.move_to(datetime(2026, 3, 18, 6, 0, tzinfo=UTC))

    send_due("worker")

    told = {letter.to_address: letter for letter in letters("reminders.tomorrow")}
    assert told[left.email].state == "cancelled"
    for contact in (first, further):
        assert told[contact.email].state == "sent" and "Heute um 10:30" in told[contact.email].subject
        assert "heute sprechen wir" in told[contact.email].text


def test_where_the_deputy_is_away_too_the_deputy_s_deputy_is_told(app, clock):
    away, deputy, next_one = make_user(), make_user(), make_user()
    save(Absence(user_id=away.id, deputy_id=deputy.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    save(Absence(user_id=deputy.id, deputy_id=next_one.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))
    make_talk(owner=away, due_on=date(2026, 3, 10))

    send_digests(clock.now())

    assert {letter.to_address for letter in letters()} == {away.email, next_one.email}


def test_a_digest_that_waited_for_the_mail_server_past_its_last_hour_is_not_sent(app, clock):
    make_talk(owner=make_user(), due_on=date(2026, 3, 10))
    send_digests(clock.now())
    clock.move_to(datetime(2026, 3, 17, 17, 30, tzinfo=UTC))

    send_due("worker")

    assert [letter.state for letter in letters()] == ["cancelled"]


def test_the_colleague_is_told_two_hours_ahead_unless_switched_off(app, clock):
    wants, wants_not = make_user(), make_user(talk_mails=False)
    for user in (wants, wants_not):
        make_talk(
            owner=user,
            state="arranged",
            appointment_at=clock.now() + timedelta(minutes=100),
            appointment_zone="Europe/Berlin",
            minutes=30,
        )

    tell_participants(clock.now())
    tell_participants(clock.now())

    assert [letter.to_address for letter in letters("reminders.soon")] == [wants.email]


def test_two_schedulers_at_once_tell_everybody_once(app, clock):
    for _ in range(12):
        make_talk(owner=make_user(), due_on=date(2026, 3, 2))
    db.session.remove()

    def round_of(scheduler: Scheduler) -> None:
        with app.app_context():
            scheduler.once()
            db.session.remove()

    workers = [threading.Thread(target=round_of, args=(Scheduler(app),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    sent = letters("reminders.digest")
    assert len(sent) == 12 == len({letter.to_address for letter in sent})
    assert {letter.state for letter in sent} == {"sent"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Told)) == 12


def test_a_slot_is_run_once_and_a_failing_job_leaves_its_mark(app, clock):
    ran = []

    def work(at: datetime) -> rounds.Outcome:
        ran.append(at)
        raise ValueError("a bug")

    job = rounds.Job("test.job", work)
    rounds.run_job(job, "one")
    rounds.run_job(job, "two")
    clock.move(timedelta(minutes=1))
    rounds.run_job(job, "two")

    runs = list(db.session.scalars(sa.select(JobRun).order_by(JobRun.id)))
    assert len(ran) == 2 and [run.problem for run in runs] == ["ValueError", "ValueError"]


def test_the_lease_passes_on_when_its_holder_is_gone(app, clock):
    assert rounds.lead("one") and not rounds.lead("two") and rounds.lead("one")

    clock.move(rounds.LEASE + timedelta(seconds=1))
    assert rounds.lead("two") and not rounds.lead("one")

    clock.move(-timedelta(days=3))
    assert rounds.lead("one"), "a clock set back must not leave everybody without a leader"


def test_every_job_has_its_tick(app, clock):
    for job in JOBS:
        assert isinstance(job.run(clock.now()), rounds.Outcome)


def test_health_tells_a_silent_scheduler_from_a_living_one(app, clock, office):
    assert office.client.get("/healthz").status_code == 503
    heart.beat("worker", clock.now())
    answer = office.client.get("/healthz")
    assert answer.json["heartbeat_age_seconds"] == 0 and answer.json["database"] is True

    clock.move(timedelta(minutes=4))
    assert office.client.get("/healthz").status_code == 503
