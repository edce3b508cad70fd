"""Every number and name an administrator can change, with its default.

Source: docs/domain.md; each field says its unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any


@dataclass(frozen=True)
class Firm:
    """The firm's settings as they are in force."""

    name: str = "Lotse"
    mailbox: str = ""  # the firm's address in mails; empty: MAIL_FROM
    zone: str = "Europe/Berlin"
    region: str = "DE"
    language: str = "de"
    free_days: tuple[str, ...] = ("12-24", "12-31")  # month-day without work, beside public holidays
    hours_a_day: int = 8

    # The quality clause and the plan of talks (days)
    first_talk_after_days: int = 14
    talk_every_days: int = 42
    closing_lead_days: int = 14
    quality_stop_before_end_days: int = 35
    short_term_days: int = 49
    aftercare_days: int = 90
    same_talk_days: int = 10
    absorb_days: int = 21
    extension_talk_after_days: int = 7
    fits_due_talk_days: int = 21
    silent_weeks: int = 8

    # Asking
    ask_rest_days: int = 21  # between two requests to one contact
    asks_a_year: int = 8  # to one contact, talks of the contract aside
    ask_pause_after_no_days: int = 14
    ask_remind_working_days: int = 5  # one reminder of a request that nobody answered
    ask_stuck_days: int = 21  # a talk of the contract that is so long overdue needs another way
    ask_link_days: int = 60  # a link in a request

    # References
    reference_link_days: int = 60

    # Reminders
    digest_at: str = "07:30"
    digest_until: str = "18:00"
    arrange_before_days: int = 7
    overdue_owner_working_days: int = 3
    overdue_lead_working_days: int = 7
    record_missing_working_days: int = 1
    decide_before_end_days: tuple[int, ...] = (60, 30)
    handbook_expected_days: int = 28  # accepted for the first time, after the start
    handbook_answer_days: int = 7  # after a version was presented; then the owner is asked to follow it up
    exit_countdown_weeks: int = 8
    non_circumvention_months: int = 12  # from a manager's presentation to a client on
    evaluation_gap_points: int = 20  # between two views of one goal; so many or more ask for a talk
    report_asked_after_days: int = 1  # the manager's short report, after the last day of its month; then the first working day
    report_missing_working_days: int = 5  # after it was asked for

    # Managers
    availability_known_days: int = 30
    papers_fresh_months: int = 12
    least_recommendations: int = 3  # an interview is completed with so many
    own_ratings_least: int = 3  # from so many ratings of a giver on, feedback is weighed by the giver

    # Admission
    registration_fee: int = 0  # whole euros, net of VAT; 0: no word of cost or obligation anywhere
    confirm_link_days: int = 7
    registration_mails_a_day: int = 3  # with a link to confirm, to one address
    registrations_an_hour: int = 20  # from one address on the network
    purge_after_mail_days: int = 14
    purge_latest_days: int = 28
    review_working_days: int = 2
    follow_up_days: int = 14
    import_letters_per_day: int = 100  # of the people of an import that was started, in all
    letter_gap_days: int = 14  # between two letters that the clock sends to one person
    interview_within_days: int = 14
    withdrawal_days: int = 14
    withdrawn_kept_days: int = 30

    # Staying released
    freshness_remind_days: int = 14  # between one letter and the next
    freshness_pause_days: int = 14  # from the third letter to the pause
    freshness_mandate_weeks: int = 8  # before the end of a mandate from which on we ask
    freshness_named_days: int = 14  # before the day named from which on we ask
    freshness_rounds_a_year: int = 4
    objection_link_days: int = 365  # in the notice of Art. 14

    # After the interview
    appreciation_least: int = 5  # answers of a group that is shown; never fewer
    appreciation_within_days: int = 14  # after an interview was completed; later nobody is asked about it any more
    appreciation_link_days: int = 30

    # Limits
    letters_a_minute: int = 0  # that the outbox hands to the mail server, over all processes; 0: as many as it takes
    upload_megabytes: int = 10
    session_idle_hours: int = 12
    session_days: int = 7
    sign_in_tries: int = 10  # failed sign-ins per account and per address, within the quarter of an hour

    # Backups
    backup_nightly: bool = True
    backup_hour: int = 1  # o'clock by the firm's zone; never 2
    backups_daily: int = 14  # so many days have one
    backups_weekly: int = 8  # and so many weeks, the last one of each

    extra: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def free_month_days(self) -> tuple[tuple[int, int], ...]:
        """The firm's days without work as (month, day)."""
        return tuple((int(text[:2]), int(text[3:])) for text in self.free_days)

    @property
    def digest_time(self) -> time:
        return time.fromisoformat(self.digest_at)

    @property
    def digest_last_time(self) -> time:
        return time.fromisoformat(self.digest_until)


NAMES = frozenset(f.name for f in fields(Firm)) - {"extra"}


def firm_from(values: dict[str, Any]) -> Firm:
    """Return the settings in force for what is kept; unknown names (of another version) are left aside."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in NAMES
    }
    return Firm(**known)


# What a number may be, both inclusive; those not named: 1 to 1,000. A step of 0 days would plan talks without end.
BOUNDS: dict[str, tuple[int, int]] = {
    "hours_a_day": (1, 24),
    "closing_lead_days": (0, 365),
    "quality_stop_before_end_days": (0, 365),
    "short_term_days": (1, 365),
    "same_talk_days": (0, 60),
    "absorb_days": (0, 90),
    "extension_talk_after_days": (0, 90),
    "fits_due_talk_days": (0, 90),
    "silent_weeks": (1, 104),
    "ask_rest_days": (1, 365),
    "asks_a_year": (1, 52),
    "ask_pause_after_no_days": (1, 365),
    "ask_remind_working_days": (1, 30),
    "ask_stuck_days": (1, 180),
    "ask_link_days": (7, 180),
    "reference_link_days": (7, 180),
    "arrange_before_days": (0, 90),
    "overdue_owner_working_days": (1, 60),
    "overdue_lead_working_days": (1, 60),
    "record_missing_working_days": (1, 60),
    "handbook_expected_days": (7, 180),
    "handbook_answer_days": (1, 60),
    "exit_countdown_weeks": (1, 52),
    "non_circumvention_months": (1, 60),
    "evaluation_gap_points": (5, 100),
    "report_asked_after_days": (1, 28),
    "report_missing_working_days": (1, 60),
    "papers_fresh_months": (1, 120),
    "least_recommendations": (1, 8),
    "own_ratings_least": (2, 50),
    "registration_fee": (0, 10_000),
    "confirm_link_days": (1, 14),
    "registration_mails_a_day": (1, 20),
    "registrations_an_hour": (1, 1000),
    "purge_after_mail_days": (1, 60),
    "purge_latest_days": (1, 90),
    "review_working_days": (1, 60),
    "follow_up_days": (1, 90),
    "import_letters_per_day": (1, 1_000),
    "letter_gap_days": (1, 90),
    "interview_within_days": (1, 90),
    "withdrawal_days": (0, 365),
    "withdrawn_kept_days": (0, 30),
    "freshness_remind_days": (14, 90),
    "freshness_pause_days": (1, 90),
    "freshness_mandate_weeks": (0, 52),
    "freshness_named_days": (0, 90),
    "freshness_rounds_a_year": (1, 12),
    "objection_link_days": (30, 1000),
    "appreciation_least": (5, 50),
    "appreciation_within_days": (1, 60),
    "appreciation_link_days": (7, 90),
    "letters_a_minute": (0, 6_000),
    "upload_megabytes": (1, 11),
    "session_idle_hours": (1, 24),
    "session_days": (1, 30),
    "sign_in_tries": (3, 100),
    "backup_hour": (0, 23),
    "backups_daily": (1, 365),
    "backups_weekly": (0, 520),
}


def bounds_of(name: str) -> tuple[int, int]:
    """Return the least and the most that a number may be, both inclusive."""
    return BOUNDS.get(name, (1, 1000))
