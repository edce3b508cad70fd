"""What is due for a colleague, how urgent it is, and on which morning a digest tells it.

Pure: days and rows in, items out. Source: docs/domain.md, "Reminders and mails".
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.dates import FreeDay, add_days, add_working_days, is_working_day, last_working_day_on_or_before

WEEK = 7


class Urgency(enum.IntEnum):
    """In the order of a page: overdue, today, within seven days."""

    LATE = 0
    TODAY = 1
    SOON = 2


class What(enum.StrEnum):
    """What there is to do."""

    ARRANGE = "arrange"  # a talk is due and has no appointment
    TALK = "talk"  # an appointment lies ahead
    RECORD = "record"  # an appointment has passed and nothing was noted
    DECIDE_TALK = "decide_talk"  # a changed end left an appointment odd
    DECIDE_END = "decide_end"  # a mandate ends in 60 or 30 days: extension or closing?
    STEP = "step"  # the next step of a record
    PROMISE = "promise"  # agreed in a talk
    REVIEW = "review"  # the papers of somebody in admission
    UNREADABLE = "unreadable"  # the same, and the newest CV could not be read
    PLAN_INTERVIEW = "plan_interview"  # papers fine, no interview planned
    ADMIT = "admit"  # the interview was held, nothing decided
    FOLLOW_UP = "follow_up"  # the day for new papers ends: nothing to do, good to know
    HANDBOOK = "handbook"  # no version of the handbook is accepted four weeks after the start
    ACCEPTANCE = "acceptance"  # a version was presented, and no answer came
    MILESTONE = "milestone"  # its day comes, and it is still planned
    HANDOVER = "handover"  # something is to be handed over
    REPORT = "report"  # the manager's report of a month was asked for, and did not come
    STATUS_CHECK = "status_check"  # how self-employed the manager works is to be looked at
    VIEWS = "views"  # client, manager or we have not judged each goal yet
    CLOSE = "close"  # a mandate is over and not closed
    NO_CLOSING = "no_closing"  # the closing talk was called off, and nobody wrote why there is none
    REFERENCE = "reference"  # the best time to ask the client for a written reference; nothing that must be done


ADMISSION = frozenset({What.REVIEW, What.UNREADABLE, What.PLAN_INTERVIEW, What.ADMIT, What.FOLLOW_UP})
OF_MANDATE = frozenset(
    {
        What.HANDBOOK, What.ACCEPTANCE, What.MILESTONE, What.HANDOVER, What.REPORT, What.STATUS_CHECK, What.VIEWS,
        What.CLOSE, What.NO_CLOSING, What.REFERENCE,
    }
)  # fmt: skip
TOLD_ONCE = frozenset({What.REFERENCE})  # a row says that it was told; the day on which it began may have passed by then
ESCALATED = frozenset({What.ARRANGE, *ADMISSION})  # what a mandate asks for stays with its owner: domain.md, same chapter


@dataclass(frozen=True)
class Item:
    """One thing to do. `on` is the day it is due; `at` the instant of an appointment; `told_on` when a digest first says it.

    `about` is what it concerns ("talk", "mandate", "manager", "client", "admission") with its number. `params` are the names for its title.
    """

    what: What
    urgency: Urgency
    on: date
    told_on: date
    about: tuple[str, int]
    owner_id: int
    at: datetime | None = None
    minutes: int | None = None
    days_late: int = 0  # working days, for `LATE`
    kind: str = ""  # of a talk
    channel: str = ""
    person: str = ""
    client: str = ""
    title: str = ""  # of a mandate, or the next step's own words
    words: str = ""  # of a milestone or a thing to hand over: its own; of a handbook: the version's number
    month: date | None = None  # of a report: the first day of its month
    not_reached: int = 0
    for_colleague: str = ""  # "K. Ostendorff" where this person is her deputy, or leads her team
    escalated: bool = False  # told to a lead because it is long overdue
    occurrence: str = ""  # where a digest tells it once whenever that is (`TOLD_ONCE`): a new one is told anew


@dataclass(frozen=True)
class Numbers:
    """The numbers of reminders: calendar days, or working days where the name says so."""

    arrange_before_days: int = 7
    overdue_owner_working_days: int = 3
    overdue_lead_working_days: int = 7
    record_missing_working_days: int = 1
    decide_before_end_days: tuple[int, ...] = (60, 30)
    handbook_expected_days: int = 28
    handbook_answer_days: int = 7
    report_missing_working_days: int = 5
    closing_lead_days: int = 14
    aftercare_days: int = 90


@dataclass(frozen=True)
class Office:
    """Where a colleague works: `today` there, region and days off; what she must do goes by these."""

    today: date
    region: str
    zone: str
    free_days: Collection[FreeDay] = ()

    def working_days_after(self, day: date, count: int) -> date:
        return add_working_days(day, count, self.region, self.free_days)

    def is_working_day(self) -> bool:
        return is_working_day(self.today, self.region, self.free_days)

    def previous_working_day(self) -> date:
        return last_working_day_on_or_before(add_days(self.today, -1), self.region, self.free_days)


def of_due_talk(item: Item, office: Office, numbers: Numbers) -> Item | None:
    """Place a talk that waits for an appointment: told 7 days before, late 3 working days after; None before that."""
    asked_from = add_days(item.on, -numbers.arrange_before_days)
    late_from = office.working_days_after(item.on, numbers.overdue_owner_working_days)
    if office.today >= late_from:
        return replace(item, urgency=Urgency.LATE, told_on=late_from, days_late=(office.today - item.on).days)
    if office.today >= item.on:
        return replace(item, urgency=Urgency.TODAY, told_on=item.on)
    if office.today >= asked_from:
        return replace(item, urgency=Urgency.SOON, told_on=asked_from)
    return None


def of_appointment(item: Item, office: Office, numbers: Numbers, now: datetime) -> Item | None:
    """Place an arranged talk: today, within the week, or its record missing 1 working day after; `item.at` is set."""
    assert item.at is not None
    day = item.at.astimezone(ZoneInfo(office.zone)).date()
    over_at = item.at + timedelta(minutes=item.minutes or 0)
    if over_at <= now:
        late_from = office.working_days_after(day, numbers.record_missing_working_days)
        urgency = Urgency.LATE if office.today >= late_from else Urgency.TODAY
        return replace(
            item,
            what=What.RECORD,
            urgency=urgency,
            on=day,
            told_on=late_from,
            days_late=(office.today - day).days if urgency is Urgency.LATE else 0,
        )
    if day > add_days(office.today, WEEK):
        return None
    tomorrow = add_days(day, -1)
    return replace(item, urgency=Urgency.TODAY if day == office.today else Urgency.SOON, on=day, told_on=tomorrow)


def of_step(item: Item, office: Office) -> Item | None:
    """Place a next step or a promise: today on its day, late from the working day after, ahead within the week."""
    if item.on > add_days(office.today, WEEK):
        return None
    if item.on > office.today:
        return replace(item, urgency=Urgency.SOON, told_on=item.on)
    late_from = office.working_days_after(item.on, 1)
    if office.today >= late_from:
        return replace(item, urgency=Urgency.LATE, told_on=item.on, days_late=(office.today - item.on).days)
    return replace(item, urgency=Urgency.TODAY, told_on=item.on)


def of_report(item: Item, office: Office, numbers: Numbers) -> Item | None:
    """Place a report that was asked for on `item.on`: missing, and so late, once 5 working days after it are over."""
    missing_from = add_days(office.working_days_after(item.on, numbers.report_missing_working_days), 1)
    if office.today < missing_from:
        return None
    return replace(item, urgency=Urgency.LATE, told_on=missing_from, days_late=(office.today - item.on).days)


def of_last_day(item: Item, office: Office) -> Item | None:
    """Place the last day for new papers: told on that very day, never late; the scheduler takes it from there."""
    return replace(item, urgency=Urgency.TODAY, told_on=item.on) if item.on == office.today else None


def of_ending(item: Item, office: Office, numbers: Numbers) -> Item | None:
    """Place a mandate that ends with nothing decided: told 60 and 30 days before; `item.on` is the last day."""
    asked = sorted(add_days(item.on, -before) for before in numbers.decide_before_end_days)
    passed = [day for day in asked if day <= office.today]
    if not passed or item.on < office.today:
        return None
    return replace(item, urgency=Urgency.TODAY, told_on=passed[-1])


def escalates(item: Item, office: Office, numbers: Numbers) -> bool:
    """Say whether the owner's lead is told too: a talk not arranged, or somebody in admission who waits for us, 7 working
    days after it was due. Plan, reports, handover and close of a mandate are the owner's (and the deputy's) alone.
    """
    return (
        item.what in ESCALATED
        and item.urgency is Urgency.LATE
        and office.today >= office.working_days_after(item.on, numbers.overdue_lead_working_days)
    )


def in_digest(item: Item, office: Office) -> bool:
    """Say whether this morning's digest tells the item: all that is late or for today; what lies ahead once, and that a
    mandate ends on each of the days it is asked about.

    Once means on the first working morning on or after `told_on`; what is in `TOLD_ONCE` until a row says that it was told.
    """
    if item.what in TOLD_ONCE:
        return True
    if item.urgency is not Urgency.SOON and item.what is not What.DECIDE_END:
        return True
    return office.previous_working_day() < item.told_on <= office.today


def digest_is_due(office: Office, now: datetime, at: time, until: time) -> bool:
    """Say whether a colleague's digest may go out at `now`: on a working day between `at` and `until`, local time.

    One missed at `at` goes out later the same day; after `until` the next one says it all.
    """
    local = now.astimezone(ZoneInfo(office.zone)).time()
    return office.is_working_day() and at <= local < until


def digest_is_over(office: Office, now: datetime, until: time) -> bool:
    """Say whether it is too late for today's digest, also for one that waited for the mail server."""
    return now.astimezone(ZoneInfo(office.zone)).time() >= until


def tell_the_day_before(appointment_at: datetime, zone: str, now: datetime, from_hour: int = 8) -> bool:
    """Say whether `now` is the day before the appointment in its zone, at a decent hour."""
    there = ZoneInfo(zone)
    local = now.astimezone(there)
    return local.date() == appointment_at.astimezone(there).date() - timedelta(days=1) and local.hour >= from_hour


def in_order(items: Iterable[Item]) -> list[Item]:
    """Sort by urgency, then the longest overdue or the earliest first; appointments of a day by their time, before the rest."""

    def key(item: Item) -> tuple[object, ...]:
        minute = item.at.timestamp() if item.at and item.urgency is not Urgency.LATE else float("inf")
        return (item.urgency, item.on if item.urgency is not Urgency.TODAY else date.min, minute, item.on, item.about)

    return sorted(items, key=key)


def by_urgency(items: Sequence[Item]) -> dict[Urgency, list[Item]]:
    """Split items that are in order into the three parts of a page."""
    return {urgency: [item for item in items if item.urgency is urgency] for urgency in Urgency}
