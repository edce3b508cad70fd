"""What each job of the scheduler does, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import N_
from app.reminders.clock_rules import Against
from app.reminders.models import Kind

# Job → its name, and what it does.
TEXTS: dict[str, tuple[Any, Any]] = {
    "talks.tell": (
        _l("Reminders of talks"),
        _l("Writes to those outside the day before a talk, and to the colleague two hours before it."),
    ),
    "reminders.digests": (
        _l("Daily overviews"),
        _l("Writes to each colleague once on a working morning what is due, if anything is."),
    ),
    "admission.read": (_l("Reading papers"), _l("Reads new CVs and other papers, and notes what is in them.")),
    "admission.follow_up": (
        _l("Following up applications"),
        _l("Brings managers whose time for new papers is over to the next stage, each with a letter."),
    ),
    "backup.nightly": (
        _l("The nightly backup"),
        _l("Begins a backup of database and files once a night, and deletes those that are no longer kept."),
    ),
    "admission.purge": (
        _l("Erasing unconfirmed registrations"),
        _l("Erases registrations that nobody confirmed in time."),
    ),
    "admission.erase_withdrawn": (
        _l("Erasing who has withdrawn"),
        _l("Erases managers who withdrew, when their days are over, and tells them."),
    ),
    "exchange.tell_imported": (
        _l("Notices after an import"),
        _l("Tells imported people where their data came from, so many a day as the firm's settings say."),
    ),
    "admission.freshness": (
        _l("Keeping papers fresh"),
        _l("Asks released managers for newer papers and when they are free, and pauses who stays silent."),
    ),
    "admission.ask_after_interview": (
        _l("Asking after the interview"),
        _l("Asks managers on the next working morning how they found the interview."),
    ),
    "asking.remind": (
        _l("Reminding clients of a request"),
        _l("Reminds once of a request for a talk that nobody answered for some working days."),
    ),
    "asking.close_batches": (
        _l("Closing batches of market briefs"),
        _l("Closes a batch as soon as enough mandates are in it for nobody to be found out."),
    ),
    "references.remind": (
        _l("Reminding clients of a written reference"),
        _l("Reminds once of a written reference that was asked for and has not come."),
    ),
    "mandates.take_over": (_l("Changes of managers"), _l("Puts managers on the mandates that they take over from today on.")),
    "mandates.ask_reports": (_l("Asking for reports"), _l("Asks managers for the short report of a month that is over.")),
    "privacy.finish": (
        _l("Finishing erasures"),
        _l("Deletes the files of who was erased, and overwrites what is left in the database's own files."),
    ),
    "mandates.plan_status_checks": (
        _l("Planning status checks"),
        _l("Plans the status checks of mandates that have none yet, such as imported ones."),
    ),
    "reminders.housekeeping": (
        _l("Tidying up"),
        _l("Forgets keys of old forms, old runs and sessions, and files that no record names."),
    ),
}


def of(job: str) -> tuple[Any, Any]:
    """Return the name of a job and what it does; one that nobody has described yet shows by its key."""
    return TEXTS.get(job, (job, ""))


EVERY = {"minute": _l("every minute"), "hour": _l("every hour"), "day": _l("every day")}
KINDS = {Kind.PROCESS: _l("its own process"), Kind.WEB: _l("inside a web server"), Kind.ONCE: _l("a single round")}
AGAINST = {
    Against.BOOT: N_(
        "The clock of %(host)s is %(hours)s ahead of the time that passed on that machine since it was last trusted."
    ),
    Against.SERVER: N_("The clock of %(host)s is %(hours)s ahead of the clock of the database server."),
    Against.SCHEDULER: N_("The clock of %(host)s is %(hours)s ahead of the clock of another machine whose scheduler is alive."),
}
