"""One digest a day and person; nothing due, no mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.admission.models import RegistrationProof
from app.core.environment import environment
from app.core.errors import N_
from app.core.names import spoken_to
from app.db import db
from app.mail import guards
from app.mail.actions import Recipient, queue
from app.mail.compose import Block, Composed, Heading, Row, Rows, compose, speaking
from app.mail.models import Letter
from app.reminders import labels, rules
from app.reminders.models import Told
from app.reminders.queries import escalated_to, items_for, office_of
from app.reminders.rules import Item, Office, Urgency
from app.settings.queries import firm
from app.users.models import User
from app.web.formats import clock_time, day

RULE = "reminders.digest"
ONCE = "reminders.told_once"


def is_due(user: User, now: datetime) -> bool:
    """Say whether this colleague's digest may go out now, by her zone, region and the firm's hours."""
    settings = firm()
    return rules.digest_is_due(office_of(user, now), now, settings.digest_time, settings.digest_last_time)


def occurrence(user: User, now: datetime) -> str:
    """Return the local day: days of 23 and 25 hours give one digest, a clock set back repeats none."""
    return office_of(user, now).today.isoformat()


def tell(user: User, now: datetime) -> bool:
    """Queue today's digest for this colleague and note that she was told; False where nothing is due.

    Raises IntegrityError where another scheduler did so a moment ago.
    """
    day = occurrence(user, now)
    db.session.add(Told(rule=RULE, subject=f"user {user.id}", occurrence=day, recipient=f"user {user.id}", at=now))
    db.session.flush()
    items = items_told(user, now)
    _note_told_once(user, items, now)
    if not items and not confirmed_since(user, now)[0]:
        return False
    subject, written = write(user, items, now)
    queue(
        key=f"{RULE}/{user.id}/{day}",
        to=Recipient(user.email, user.name, user.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=RULE,
        guard=RULE,
        guard_args={"user_id": user.id, "day": day},
        at=now,
    )
    return True


def items_told(user: User, now: datetime) -> list[Item]:
    """Return what this morning's digest says: all that is late or for today, and what lies ahead once."""
    office = office_of(user, now)
    mine = [item for item in items_for(user, now) if rules.in_digest(item, office)]
    if any(item.what in rules.TOLD_ONCE for item in mine):
        zone = ZoneInfo(office.zone)
        told = {key for key, at in _told_once(user).items() if at.astimezone(zone).date() < office.today}
        mine = [item for item in mine if item.what not in rules.TOLD_ONCE or _key(item) not in told]
    return rules.in_order([*mine, *escalated_to(user, now)])


def _key(item: Item) -> tuple[str, str]:
    kind, number = item.about
    return f"{kind} {number}", item.occurrence


def _told_once(user: User) -> dict[tuple[str, str], datetime]:
    """Return what is told once and stood in a digest of this colleague, with when; one statement."""
    rows = db.session.execute(
        sa.select(Told.subject, Told.occurrence, Told.at).where(Told.rule == ONCE, Told.recipient == f"user {user.id}")
    )
    return {(row.subject, row.occurrence): row.at for row in rows}


def _note_told_once(user: User, items: list[Item], now: datetime) -> None:
    """Keep that these stand in today's digest, so that no later one tells them again."""
    new = {_key(item) for item in items if item.what in rules.TOLD_ONCE}
    for subject, occurrence_of in sorted(new - _told_once(user).keys() if new else ()):
        db.session.add(Told(rule=ONCE, subject=subject, occurrence=occurrence_of, recipient=f"user {user.id}", at=now))


def confirmed_since(user: User, now: datetime) -> tuple[int, date]:
    """Return how many registrations were confirmed since the last working morning, and its day; 0 for who hears at once."""
    office = office_of(user, now)
    since = office.previous_working_day()
    if not user.is_reviewer or user.hears_at_once:
        return 0, since
    zone, at = ZoneInfo(office.zone), firm().digest_time
    first, last = (datetime.combine(day, at, zone) for day in (since, office.today))
    confirmed = RegistrationProof.confirmed_at
    found = db.session.scalar(
        sa.select(sa.func.count()).select_from(RegistrationProof).where(confirmed >= first, confirmed < last)
    )
    return found or 0, since


def _confirmed_block(user: User, now: datetime, office: Office) -> list[Block]:
    count, since = confirmed_since(user, now)
    if not count:
        return []
    words = ngettext(
        "%(num)d registration confirmed since %(day)s",
        "%(num)d registrations confirmed since %(day)s",
        count,
        day=day(since, office.today),
    )
    return [Heading(_("Admission")), Rows([Row(str(count), words, f"{environment().public_url}/admission?state=confirmed")])]


def still_due(letter: Letter, at: datetime) -> guards.Decision:
    """Write the digest anew from the live state just before it goes; skip it where all is done."""
    user = db.session.get(User, letter.guard_args["user_id"])
    if user is None or not user.active or not user.digest:
        return guards.Skip(N_("The colleague no longer gets a digest."))
    office = office_of(user, at)
    if occurrence(user, at) != letter.guard_args["day"] or rules.digest_is_over(office, at, firm().digest_last_time):
        return guards.Skip(N_("The day has passed; the next digest says it all."))
    items = items_told(user, at)
    if not items and not confirmed_since(user, at)[0]:
        return guards.Skip(N_("Everything was done meanwhile."))
    subject, written = write(user, items, at)
    return guards.Fresh(subject, written.text, written.html)


def write(user: User, items: list[Item], now: datetime) -> tuple[str, Composed]:
    """Return subject and bodies of a digest in the colleague's language and zone."""
    office = office_of(user, now)
    with speaking(user.language, office.zone):
        heading = labels.day_heading(now, office.zone)
        late = sum(item.urgency is Urgency.LATE for item in items)
        written = compose(
            user.language,
            [*_blocks(items, office), *_confirmed_block(user, now, office)],
            title=heading,
            lead=_lead(user, len(items), late),
            preview=labels.title(items[0]) if items else "",
            button=(_("Open Today"), f"{environment().public_url}/today"),
            footer=_(
                "This overview comes on working days at %(time)s when something is due.", time=clock_time(firm().digest_time)
            ),
            footer_link=(_("Change or switch off"), f"{environment().public_url}/settings"),
        )
        return _subject(heading, len(items), late), written


def _subject(heading: str, count: int, late: int) -> str:
    if not count:
        return _("%(day)s: confirmed registrations", day=heading)
    things = ngettext("%(num)d thing", "%(num)d things", count)
    if late:
        return _("%(day)s: %(things)s, %(late)d overdue", day=heading, things=things, late=late)
    return _("%(day)s: %(things)s", day=heading, things=things)


def _lead(user: User, count: int, late: int) -> str:
    greeting = _("Good morning, %(name)s.", name=greeted(user))
    things = ngettext("%(num)d thing is due.", "%(num)d things are due.", count) if count else _("Nothing is due today.")
    overdue = ngettext("%(num)d of them is overdue.", "%(num)d of them are overdue.", late) if late else ""
    return " ".join(filter(None, (greeting, things, overdue)))


def greeted(user: User) -> str:
    """Return how a colleague is greeted: "Frau Ostendorff" where the form of address is known, else the full name."""
    return spoken_to(user.language, user.form_of_address, user.title, user.first_name, user.particle, user.last_name)


def _blocks(items: list[Item], office: Office) -> list[Block]:
    headings = {Urgency.LATE: _("Overdue"), Urgency.TODAY: _("Today"), Urgency.SOON: _("Coming up")}
    blocks: list[Block] = []
    for urgency, part in rules.by_urgency(items).items():
        if part:
            blocks += [Heading(headings[urgency]), Rows([_row(item, office) for item in part])]
    return blocks


def _row(item: Item, office: Office) -> Row:
    line: Any = labels.line(item, office)
    return Row(line.mark, line.title, environment().public_url + line.path, line.note, line.tone)


guards.register(RULE, still_due)
