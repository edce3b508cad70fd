"""The firm's settings in words: groups, labels, what each number does, its default.

A test fails for a setting that has no words here.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.vocabulary import LETTER_LANGUAGES, REGIONS, words_of
from app.settings.rules import Firm

# Heading, a sentence under it, and each setting with label and help.
GROUPS: tuple[tuple[Any, Any, dict[str, tuple[Any, Any]]], ...] = (
    (
        _l("The firm"),
        None,
        {
            "name": (_l("Name of the firm"), _l("It stands on letters and on the pages for managers and clients.")),
            "mailbox": (
                _l("Address of the firm in letters"),
                _l("Letters go out from it; empty: the address that the server is set up with."),
            ),
            "language": (_l("Language"), _l("For new colleagues, and for readers whose language is not known.")),
            "zone": (_l("Time zone"), _l("What “today” and 7:30 mean, unless a colleague has a zone of their own.")),
            "region": (
                _l("Region of the public holidays"),
                _l("For deadlines of colleagues; talks move by the client's region."),
            ),
            "free_days": (
                _l("Further days without work"),
                _l("Month and day, such as 12-24 for 24 December; several with commas."),
            ),
            "hours_a_day": (_l("Hours in a day"), _l("Turns hourly rates into daily ones.")),
        },
    ),
    (
        _l("The plan of talks"),
        _l("Days are calendar days. Talks that are planned already stay as they are until the end of their mandate moves."),
        {
            "first_talk_after_days": (_l("First quality talk, days after the start"), None),
            "talk_every_days": (_l("Then a quality talk every … days"), None),
            "quality_stop_before_end_days": (_l("No quality talk in the last … days"), _l("The closing talk takes its place.")),
            "closing_lead_days": (_l("Closing talk, days before the end"), None),
            "short_term_days": (
                _l("A term is short below … days"),
                _l("A short one has one quality talk in its middle and the closing talk after three quarters."),
            ),
            "aftercare_days": (_l("Aftercare talk, days after the end"), None),
            "extension_talk_after_days": (_l("Extension talk, days after the signing"), None),
            "same_talk_days": (
                _l("Same talk within … days"),
                _l("When the end moves: how far apart an old and a new talk may lie and still be the same."),
            ),
            "absorb_days": (
                _l("Arranged talk takes the place within … days"),
                _l("When the end moves: an arranged quality talk that near to a new one takes its place."),
            ),
            "fits_due_talk_days": (
                _l("A logged talk fits a due one within … days"),
                _l("Logging a talk then offers to count as the due one."),
            ),
            "silent_weeks": (
                _l("A mandate is silent after … weeks"),
                _l("Weeks in which nobody spoke with the client, or with the manager."),
            ),
        },
    ),
    (
        _l("Asking"),
        _l(
            "One ledger for each contact, over all mandates and colleagues. Talks of the contract start the rest, but are not held back by it."
        ),
        {
            "ask_rest_days": (
                _l("Rest between two requests, in days"),
                _l("Asked on day 0, the next request can go out on this day."),
            ),
            "asks_a_year": (
                _l("Requests to one person within 12 months, at most"),
                _l("Talks that the contract agrees on do not count."),
            ),
            "ask_pause_after_no_days": (_l("Pause after a “no”, in days"), _l("It holds for talks of the contract too.")),
            "ask_remind_working_days": (
                _l("One reminder of an unanswered request, after … working days"),
                _l("It belongs to its request and does not count."),
            ),
            "ask_stuck_days": (
                _l("A talk of the contract needs another way when overdue by … days"),
                _l("Then another contact, the form, and the manager's report are proposed, one after the other."),
            ),
            "ask_link_days": (_l("A link to answer is valid for … days"), None),
            "reference_link_days": (_l("A link to release a reference is valid for … days"), None),
        },
    ),
    (
        _l("Reminders"),
        None,
        {
            "digest_at": (_l("Daily mail at"), _l("On working days, by each colleague's own clock.")),
            "digest_until": (
                _l("Sent later at most until"),
                _l("When it was missed in the morning; after that the next one says it all."),
            ),
            "arrange_before_days": (_l("Arrange a talk, days before it is due"), None),
            "overdue_owner_working_days": (_l("Talk overdue, tell the owner after … working days"), None),
            "overdue_lead_working_days": (_l("Talk overdue, tell the lead after … working days"), None),
            "record_missing_working_days": (_l("Record missing, ask after … working days"), None),
            "decide_before_end_days": (_l("Decide on an extension, days before the end"), _l("Several with commas.")),
            "handbook_expected_days": (_l("Handbook accepted within … days of the start"), None),
            "handbook_answer_days": (_l("Handbook presented and not accepted, ask after … days"), None),
            "exit_countdown_weeks": (_l("Exit countdown, weeks before the end"), None),
            "non_circumvention_months": (_l("Protected from circumvention, months from the presentation on"), None),
            "evaluation_gap_points": (_l("Gap between two views of a goal that asks for a talk, in points"), None),
            "report_asked_after_days": (
                _l("Short report of a manager, asked for … days after the month"),
                _l("Or after the end of the mandate; on a working day."),
            ),
            "report_missing_working_days": (_l("Short report missing after … working days"), None),
        },
    ),
    (
        _l("Managers"),
        None,
        {
            "availability_known_days": (_l("Availability is known for … days"), _l("After that it reads “unknown”.")),
            "papers_fresh_months": (_l("Papers are fresh for … months"), _l("Older ones are shown as stale.")),
            "least_recommendations": (
                _l("Recommendations that an interview ends with, at least"),
                _l("An interview cannot be completed with fewer; each has a date."),
            ),
            "own_ratings_least": (
                _l("Feedback is weighed from … ratings of a person on"),
                _l("With fewer, only the rating itself is shown: how strictly somebody rates is not known yet."),
            ),
        },
    ),
    (
        _l("Admission"),
        None,
        {
            "registration_fee": (
                _l("Fee for registering, in whole euros, plus VAT"),
                _l("With 0 no page and no mail has a word on cost or obligation."),
            ),
            "confirm_link_days": (_l("Link to confirm a registration holds for … days"), None),
            "registration_mails_a_day": (_l("Mails with this link to one address, at most a day"), None),
            "registrations_an_hour": (
                _l("Registrations from one network address, at most an hour"),
                _l("Behind one address there may be a whole company."),
            ),
            "purge_after_mail_days": (_l("Unconfirmed registrations are deleted … days after the last mail"), None),
            "purge_latest_days": (_l("…, at the latest … days after registering"), None),
            "review_working_days": (_l("Papers are reviewed within … working days"), None),
            "follow_up_days": (_l("Each follow-up stage lasts … days"), _l("Then the next letter goes, on a working day.")),
            "import_letters_per_day": (
                _l("People of an import who may be written to in one day"),
                _l("After a lead has started it; dates and notices are spread accordingly."),
            ),
            "letter_gap_days": (_l("Between two letters that the clock sends to one person: … days"), None),
            "interview_within_days": (_l("An interview is owed within … days"), None),
            "withdrawal_days": (
                _l("A registration can be withdrawn by link for … days"),
                _l("Counted from the day it was confirmed."),
            ),
            "withdrawn_kept_days": (
                _l("Who has withdrawn is erased after … days"),
                _l("Thirty at the most; at once on request."),
            ),
            "objection_link_days": (
                _l("Link to object holds for … days"),
                _l("It stands in the notice to whom a colleague entered or an import brought (Art. 14 GDPR)."),
            ),
        },
    ),
    (
        _l("Staying released"),
        _l("Who is released is asked for newer papers and for the day from which they are free, by a letter and two reminders."),
        {
            "freshness_remind_days": (
                _l("Reminded after … days"),
                _l("Fourteen at the least: nobody gets more letters from the clock."),
            ),
            "freshness_pause_days": (
                _l("Paused … days after the third letter"),
                _l("When nothing came. One answer brings the person back."),
            ),
            "freshness_mandate_weeks": (
                _l("Who is on a mandate is asked from … weeks before its end"),
                _l("Until then the person is free from the day after the end, and moves along with each extension."),
            ),
            "freshness_named_days": (_l("Who named a day is asked from … days before it"), None),
            "freshness_rounds_a_year": (
                _l("Asked at most … times in twelve months"),
                _l("Reminders belong to the same time."),
            ),
        },
    ),
    (
        _l("After the interview"),
        _l(
            "Each manager is asked, on the working morning after an interview, what it was worth; the answers are kept without the name."
        ),
        {
            "appreciation_least": (
                _l("A score is shown from … answers on"),
                _l("Five at the least, so that nobody can be told from it."),
            ),
            "appreciation_within_days": (_l("Asked within … days after the interview"), _l("Later it is not asked any more.")),
            "appreciation_link_days": (_l("The link to answer holds … days"), None),
        },
    ),
    (
        _l("Limits"),
        None,
        {
            "letters_a_minute": (
                _l("Letters in a minute, at most"),
                _l("For a mail server that takes no more; the rest waits and goes by itself. 0: as many as it takes."),
            ),
            "upload_megabytes": (_l("Largest file, in megabytes"), None),
            "session_idle_hours": (_l("Signed out after … hours without use"), None),
            "session_days": (_l("Signed out after … days in any case"), None),
            "sign_in_tries": (
                _l("Failed tries to sign in, in a quarter of an hour"),
                _l("Counted for each account and for each address on the network."),
            ),
        },
    ),
    (
        _l("Backups"),
        _l("Into the folder that the server is set up with, while everybody works. How to bring one back stands in the manual."),
        {
            "backup_nightly": (_l("A backup each night"), None),
            "backup_hour": (
                _l("Made from … o'clock on"),
                _l("Any full hour but 2, which one night of the year lacks. One that was missed is caught up."),
            ),
            "backups_daily": (
                _l("Kept for … days"),
                _l("One of each day; personal data that were erased are in them until then."),
            ),
            "backups_weekly": (_l("Beyond that, the last one of … weeks"), _l("With 0, none.")),
        },
    ),
)


def shown_default(name: str) -> str:
    """Return "Default: 14." for a setting; nothing where it has no default worth saying."""
    default = getattr(Firm(), name)
    if default == "" or name == "name":
        return ""
    if isinstance(default, bool):
        return _("Default: on.") if default else _("Default: off.")
    if name == "region":
        default = words_of(REGIONS, default)
    elif name == "language":
        default = words_of(LETTER_LANGUAGES, default)
    elif isinstance(default, tuple):
        default = ", ".join(str(part) for part in default)
    return _("Default: %(value)s.", value=default)
