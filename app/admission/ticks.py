"""What happens by itself: papers are read, and registrations end that nobody confirmed or that were withdrawn."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import structlog

from app.admission import (
    appreciation_actions,
    appreciation_queries,
    freshness_actions,
    freshness_queries,
    paper_actions,
    queries,
    review_queries,
)
from app.admission import follow_up as following
from app.admission.freshness_rules import Step, step
from app.core.dates import is_working_day, local_day
from app.db import db
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import State
from app.privacy.actions import erase
from app.reminders import rounds
from app.reminders.rounds import Outcome
from app.settings.queries import firm

log = structlog.get_logger()
READ_AT_ONCE = 20  # papers in one round of a minute: some seconds


def read(at: datetime) -> Outcome:
    """Read the papers that nobody has read yet; a paper that cannot be read is kept as such and not tried again."""
    as_of, numbers = local_day(at, firm().zone), review_queries.unread(READ_AT_ONCE)
    seen, failed = {}, 0
    for number in numbers:
        document = db.session.get_one(ManagerDocument, number)
        try:
            seen[number] = paper_actions.look_at(review_queries.file_of(document), document.kind, as_of)
        except OSError as problem:  # of the disk, not of the paper: the next round tries again
            failed += 1
            log.warning("paper not read", document=number, problem=type(problem).__name__)
    db.session.rollback()  # reading took its time; what is kept goes into transactions of their own

    def keep(number: int) -> bool:
        document = db.session.get(ManagerDocument, number)
        if document is None or review_queries.reading_of(number) is not None:
            return False
        paper_actions.keep(document, seen[number], at=at)
        return True

    kept = rounds.each(list(seen), keep, "read papers")
    return kept + Outcome(failed=failed)


def follow_up(at: datetime) -> Outcome:
    """Bring those to the next stage whose time for new papers is over, a group in one transaction, each with its letter."""
    due = following.due(local_day(at, firm().zone))
    db.session.rollback()
    return rounds.in_groups(
        due, lambda case: following.advance(case, at), "follow up", read=lambda group: following.read(group, at)
    )


def purge(at: datetime) -> Outcome:
    """Erase the unconfirmed registrations whose day has come, each in a transaction of its own."""
    return _each(State.REGISTERED, at, "purge")


def erase_withdrawn(at: datetime) -> Outcome:
    """Erase who has withdrawn and whose days are over, each in a transaction of its own; they get the notice."""
    return _each(State.WITHDRAWN, at, "erase withdrawn")


def _each(state: State, at: datetime, what: str) -> Outcome:
    today = local_day(at, firm().zone)

    def act(number: int) -> bool:
        manager = db.session.get(Manager, number)
        if manager is None or manager.state != state:
            return False  # confirmed or erased a moment ago
        erase(manager, actor=None, at=at, is_theirs=state is State.WITHDRAWN)
        return True

    return rounds.each(queries.ending(state, today), act, what)


NOON = time(12, 0)


def freshness(at: datetime) -> Outcome:
    """Ask released managers for newer papers and a day, remind, and pause who stays silent; on working mornings only.

    Many go in one transaction; where one of them fails, each gets its own, so that the others are written to.
    """
    today = local_day(at, firm().zone)
    if not _is_morning(at):
        return Outcome()
    terms = freshness_queries.terms()
    found = freshness_queries.candidates(today)
    due = [one.manager_id for one in found if step(one.facts, one.now, one.begun, today, terms) is not Step.WAIT]
    db.session.rollback()
    return rounds.in_groups(due, lambda number: freshness_actions.advance(number, at=at), "freshness")


def ask_after_interview(at: datetime) -> Outcome:
    """Ask managers about the interview, on the working morning after it was completed; each once, in its own transaction."""
    if not _is_morning(at):
        return Outcome()
    due = appreciation_queries.due(at)
    db.session.rollback()
    return rounds.each(due, lambda number: appreciation_actions.ask(number, at=at), "ask after interview")


def _is_morning(at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(firm().zone))
    is_working = is_working_day(local.date(), firm().region, firm().free_month_days)
    return is_working and firm().digest_time <= local.time() < NOON
