"""A word to those who take part: outside the day before, the colleague two hours ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.core.dates import local_day
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.mail import guards
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import Block, Facts, compose, speaking
from app.mail.models import Letter
from app.reminders import rules
from app.reminders.models import Told
from app.reminders.rounds import Outcome, in_groups
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.talks.models import Talk
from app.users.models import User
from app.web.formats import clock_time

TOMORROW = "reminders.tomorrow"
SOON = "reminders.soon"
SOON_AHEAD = timedelta(hours=2)


def tell_all(at: datetime) -> Outcome:
    """Queue both kinds of reminder for the talks they are due for; each once per appointment."""
    tomorrow = _arranged_between(at, at + timedelta(days=2))
    outcomes = [
        _tell(TOMORROW, [t for t in tomorrow if _is_eve(t, at)], _one(_tell_outside, at)),
        _tell(SOON, [t for t in tomorrow if t.appointment_at <= at + SOON_AHEAD], _one(_tell_colleague, at)),
    ]
    return sum(outcomes, Outcome())


def _tell(rule: str, talks: list[Any], act: Callable[[int], bool]) -> Outcome:
    """Tell of the talks in small groups: those who send letters meanwhile wait for the database only briefly."""
    return in_groups(_untold(rule, talks), act, rule, size=20)


def _arranged_between(start: datetime, end: datetime) -> list[Any]:
    return list(
        db.session.execute(
            sa.select(Talk.id, Talk.appointment_at, Talk.appointment_zone).where(
                Talk.state == "arranged", Talk.appointment_at > start, Talk.appointment_at <= end
            )
        )
    )


def _is_eve(talk: Any, at: datetime) -> bool:
    return rules.tell_the_day_before(talk.appointment_at, talk.appointment_zone or firm().zone, at)


def _occurrence(talk: Any) -> str:
    return str(talk.appointment_at.isoformat())


def _untold(rule: str, talks: list[Any]) -> list[int]:
    """Return the numbers of the talks of which nobody was told by this rule; one statement."""
    if not talks:
        return []
    subjects = [f"talk {talk.id}" for talk in talks]
    told = set(db.session.execute(sa.select(Told.subject, Told.occurrence).where(Told.rule == rule, Told.subject.in_(subjects))))
    return [talk.id for talk in talks if (f"talk {talk.id}", _occurrence(talk)) not in told]


def _one(tell: Callable[[Talk, datetime], bool], at: datetime) -> Callable[[int], bool]:
    def run(number: int) -> bool:
        talk = db.session.get(Talk, number, options=[joinedload(Talk.contact), joinedload(Talk.manager)])
        return talk is not None and talk.state == "arranged" and tell(talk, at)

    return run


def _note(rule: str, talk: Talk, recipient: str, at: datetime) -> None:
    db.session.add(Told(rule=rule, subject=f"talk {talk.id}", occurrence=_occurrence(talk), recipient=recipient, at=at))
    db.session.flush()


def people_outside(talk: Talk) -> list[Any]:
    """Return who takes part and can be written to: contact and manager by the talk's side, and further contacts."""
    by_side = {
        "client": [talk.contact],
        "manager": [talk.manager],
        "both": [talk.contact, talk.manager],
        "referee": [talk.referee],
    }
    people = list(by_side[talk.side])
    people += [one.contact for one in talk.participants]
    return list(dict.fromkeys(person for person in people if person is not None and person.email))


def _tell_outside(talk: Talk, at: datetime) -> bool:
    people = people_outside(talk)
    _note(TOMORROW, talk, "outside", at)
    if _invited_today(talk, at):
        return False  # the invitation of this very day says it
    owner = db.session.get(User, talk.owner_id) if talk.owner_id else None
    for person in people:
        subject, written = _letter_outside(talk, person, at)
        queue(
            key=f"{TOMORROW}/{talk.id}/{_occurrence(talk)}/{_key(person)}",
            to=Recipient(person.email, person.name, person.language),
            subject=subject,
            text=written.text,
            html=written.html,
            purpose=TOMORROW,
            about=talk,
            sender=Sender(owner.name, owner.email) if owner else Sender(),
            guard=TOMORROW,
            guard_args={"talk_id": talk.id, "at": _occurrence(talk), "person": _key(person)},
            at=at,
        )
    return bool(people)


def _invited_today(talk: Talk, at: datetime) -> bool:
    zone = ZoneInfo(talk.appointment_zone or firm().zone)
    last = db.session.scalar(
        sa.select(sa.func.max(Letter.created_at)).where(
            Letter.about_type == "talk", Letter.about_id == talk.id, Letter.purpose.startswith("talks.invitation")
        )
    )
    return last is not None and last.astimezone(zone).date() == at.astimezone(zone).date()


def _when(talk: Talk) -> str:
    assert talk.appointment_at is not None
    day = format_date(talk.appointment_at.astimezone(ZoneInfo(talk.appointment_zone or firm().zone)).date(), _("EEEE d MMMM"))
    return _("%(day)s at %(time)s", day=day, time=clock_time(talk.appointment_at))


def _facts(talk: Talk) -> Facts:
    rows = [(_("When"), _when(talk)), (_("How long"), _("%(num)d minutes", num=talk.minutes or 0))]
    if talk.channel:
        rows.append((_("How"), str(talk_labels.channel(talk.channel))))
    if talk.place:
        rows.append((_("Where"), talk.place))
    return Facts(rows)


def _key(person: Any) -> str:
    return f"{type(person).__tablename__}-{person.id}"


def _letter_outside(talk: Talk, person: Any, at: datetime) -> tuple[str, Any]:
    """Write the reminder as of `at`: where the letter waited for the mail server overnight it says "today"."""
    zone = talk.appointment_zone or firm().zone
    with speaking(person.language, zone):
        who = talk.owner.name if talk.owner else firm().name
        given = {"talk": talk_labels.kind(talk.kind), "colleague": who}
        is_today = talk.appointment_at is not None and local_day(talk.appointment_at, zone) <= local_day(at, zone)
        blocks: list[Block] = [
            f"{person.salutation()},",
            _("Today we talk: %(talk)s with %(colleague)s.", **given)
            if is_today
            else _("Tomorrow we talk: %(talk)s with %(colleague)s.", **given),
            _facts(talk),
            _("If something has come up, simply answer this mail."),
        ]
        when = {"time": clock_time(talk.appointment_at), "talk": talk_labels.kind(talk.kind)}
        subject = _("Today at %(time)s: %(talk)s", **when) if is_today else _("Tomorrow at %(time)s: %(talk)s", **when)
        return subject, compose(person.language, blocks, closing=["\n".join((_("Kind regards"), who, firm().name))])


def _tell_colleague(talk: Talk, at: datetime) -> bool:
    owner = db.session.get(User, talk.owner_id) if talk.owner_id else None
    if owner is None or not owner.active or not owner.talk_mails:
        return False
    _note(SOON, talk, f"user {owner.id}", at)
    zone = owner.zone or firm().zone
    with speaking(owner.language, zone):
        person = talk.person.name if talk.person else ""
        time = clock_time(talk.appointment_at)
        label = (
            _("%(talk)s with %(person)s", talk=talk_labels.kind(talk.kind), person=person)
            if person
            else talk_labels.kind(talk.kind)
        )
        subject = _("Today at %(time)s: %(talk)s", time=time, talk=label)
        written = compose(
            owner.language, [str(label), _facts(talk)], button=(_("Open the talk"), f"{environment().public_url}/talks/{talk.id}")
        )
    queue(
        key=f"{SOON}/{talk.id}/{_occurrence(talk)}/user-{owner.id}",
        to=Recipient(owner.email, owner.name, owner.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=SOON,
        about=talk,
        guard=SOON,
        guard_args={"talk_id": talk.id, "at": _occurrence(talk)},
        at=at,
    )
    return True


def _still_ahead(letter: Letter, at: datetime) -> guards.Decision:
    """Send only while the talk is arranged for the very same instant and that lies ahead."""
    talk = db.session.get(Talk, letter.guard_args["talk_id"])
    if talk is None or talk.state != "arranged":
        return guards.Skip(N_("The talk is no longer arranged."))
    if _occurrence(talk) != letter.guard_args["at"]:
        return guards.Skip(N_("The talk was moved."))
    if talk.appointment_at is None or talk.appointment_at <= at:
        return guards.Skip(N_("The talk has begun."))
    return guards.SEND


def _still_expected(letter: Letter, at: datetime) -> guards.Decision:
    """Write the reminder to somebody outside anew from the live state; skip it for who takes part no longer."""
    decision = _still_ahead(letter, at)
    if isinstance(decision, guards.Skip):
        return decision
    talk = db.session.get_one(Talk, letter.guard_args["talk_id"])
    person = next((one for one in people_outside(talk) if _key(one) == letter.guard_args.get("person")), None)
    if person is None:
        return guards.Skip(N_("This person does not take part any more."))
    subject, written = _letter_outside(talk, person, at)
    return guards.Fresh(subject, written.text, written.html)


guards.register(TOMORROW, _still_expected)
guards.register(SOON, _still_ahead)
