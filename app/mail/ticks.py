"""Sending what waits in the outbox.

One letter at a time: claim it in a transaction of its own, look at the live state, send outside any transaction, and
write down what happened right after the server's answer. Whatever is killed, at most the letter in hand goes twice,
with the same Message-ID. Source: docs/decisions, "Mail".
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from app.core.clock import clock, sleep, stopwatch
from app.core.environment import environment
from app.core.errors import N_
from app.core.measures import ATTEMPTS
from app.db import acting_as, db, unit_of_work
from app.links import url_of
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, pace
from app.mail.actions import forget
from app.mail.delivery import Reply, Transport, Undelivered, transport_for
from app.mail.message import Envelope, write
from app.mail.models import Letter, LetterAttempt, MailQueue
from app.mail.purposes import FORGOTTEN
from app.mail.rules import LINK_PLACE, QUEUE_PAUSE, Fault, GivenUp, State, after_failure, after_render_failure, lease
from app.settings.queries import firm

log = logging.getLogger(__name__)

LINK_ENDED = N_("The personal link in it is no longer valid.")
NOT_READY = N_("It could not be made ready to send.")
GAVE_UP = N_("The mail server did not take it within 72 hours.")
REFUSED = N_("The mail server refused it for good.")

# A server that lets so many letters in a row run into the time-out would hold up all others: pause.
MOST_SLOW = 2
WRITE_DOWN_TRIES = 20

# Statements on the tables themselves: quicker, and past the audit trail, for the attempts are a letter's trail.
LETTER, ATTEMPT, QUEUE = (sa.inspect(model).local_table for model in (Letter, LetterAttempt, MailQueue))


@dataclass
class Round:
    """What one call of `send_due` did."""

    sent: int = 0
    failed: int = 0  # for good
    postponed: int = 0
    not_wanted: int = 0  # a guard said no
    # Seconds until the next waiting letter may go; None where none waits. Not below 0.
    next_in: float | None = None

    def count(self, end: State | None) -> None:
        """Count an attempt that did not succeed."""
        if end is State.FAILED:
            self.failed += 1
        else:
            self.postponed += 1


@dataclass(frozen=True)
class _Claim:
    letter_id: int
    attempt_id: int
    worker: str
    until: datetime


class _NotWanted(Exception):
    """The live state says no."""


def send_due(worker: str, *, stopping: Callable[[], bool] = lambda: False) -> Round:
    """Send all that may go now, until nothing may, everything waits, or `stopping()`.

    `worker` names this process among all on all hosts. Safe with any number of them. Never raises for a letter; raises
    what the database raises.
    """
    settings = environment()
    with acting_as("scheduler"), transport_for(settings.mail_url, settings.mail_timeout) as transport:
        done = _Sender(worker, transport, stopping).run()
    done.next_in = _next_in(clock().now())
    return done


class _Sender:
    """One round of sending over one connection."""

    def __init__(self, worker: str, transport: Transport, stopping: Callable[[], bool]) -> None:
        self.worker, self.transport, self.stopping = worker, transport, stopping
        self.done = Round()
        self.slow = 0  # letters in a row that ran into the time-out

    def run(self) -> Round:
        claim = self._first()
        while claim is not None:
            claim = self._handle(claim)
        return self.done

    def _first(self) -> _Claim | None:
        # Looked up without the write lock: this is asked every few seconds, mostly in vain.
        found = db.session.scalar(_due(clock().now()).limit(1))
        db.session.rollback()
        if found is None or self.stopping():
            return None
        with unit_of_work():
            return _claim(self.worker)

    def _handle(self, claim: _Claim) -> _Claim | None:
        """Bring one claimed letter to an end or a later hour; return the next one."""
        try:
            envelope, fresh = _make_ready(claim)
        except _NotWanted as no:
            reason = str(no)
            self.done.not_wanted += 1
            return self._write_down(lambda: _not_wanted(claim, reason))
        except OperationalError:
            raise  # the database is away or busy; the claim runs out by itself
        except Exception as problem:
            kind = type(problem).__name__
            # Where, and what kind: the message may hold what the letter holds.
            place = traceback.extract_tb(problem.__traceback__)[-1]
            log.error("letter %d cannot be made ready: %s, %s:%s", claim.letter_id, kind, place.filename, place.lineno)
            return self._write_down(lambda: self.done.count(_not_ready(claim, kind)))
        finally:
            db.session.rollback()  # the guard has read: no transaction stays open while we talk to the mail server
        return self._deliver(claim, envelope, fresh)

    def _deliver(self, claim: _Claim, envelope: Envelope, fresh: dict[str, Any]) -> _Claim | None:
        if clock().now() + timedelta(seconds=environment().mail_timeout) > claim.until:
            # This process was frozen, or the guard took too long: somebody else may have the letter in hand by now.
            return self._write_down(lambda: self.done.count(_not_ready(claim, "TooLate")))
        started = stopwatch()
        try:
            reply = self.transport.send(envelope)
        except Undelivered as failed:
            fault = failed
        else:
            self.slow = 0
            self.done.sent += 1
            ATTEMPTS.add(("sent",))
            return self._write_down(lambda: _sent(claim, reply, fresh))
        self.slow = self.slow + 1 if stopwatch() - started >= 0.9 * environment().mail_timeout else 0
        ATTEMPTS.add((fault.fault,))
        log.warning("letter %d: %s, code %s", claim.letter_id, fault.fault, fault.code)
        concerns_all = fault.fault in QUEUE_PAUSE or self.slow >= MOST_SLOW
        return self._write_down(lambda: self.done.count(_after_fault(claim, fault, concerns_all)), go_on=not concerns_all)

    def _write_down(self, what: Callable[[], None], *, go_on: bool = True) -> _Claim | None:
        """Commit what happened to a letter, and take the next one in the same transaction.

        Tries on while the database is busy, for forgetting that a letter has gone would send it twice.
        """
        for tries_left in reversed(range(WRITE_DOWN_TRIES)):
            before = replace(self.done)
            try:
                with unit_of_work():
                    what()
                    return _claim(self.worker) if go_on and not self.stopping() else None
            except DBAPIError as problem:
                self.done = before
                if not tries_left:
                    raise
                log.error("the outbox could not be written, again in half a second: %s", type(problem.orig).__name__)
                sleep(0.5)
        raise AssertionError("not reached")


def _claim(worker: str) -> _Claim | None:
    """Take the next letter for twice the time-out and begin an attempt; None where none may go."""
    now = clock().now()
    if not pace.may_go(firm().letters_a_minute, now):
        return None
    first = _due(now).order_by(LETTER.c.priority, LETTER.c.next_attempt_at, LETTER.c.id).limit(1)
    chosen = db.session.scalar(first.with_for_update(skip_locked=True, of=LETTER))
    if chosen is None:
        return None
    until = now + lease(environment().mail_timeout)
    _change(chosen, claimed_by=worker, claimed_until=until, first_attempt_at=sa.func.coalesce(LETTER.c.first_attempt_at, now))
    begun = sa.insert(ATTEMPT).values(letter_id=chosen, at=now, reply="").returning(ATTEMPT.c.id)
    return _Claim(chosen, db.session.execute(begun).scalar_one(), worker, until)


def _due(now: datetime) -> sa.Select[Any]:
    """Select the letters that may go now and that nobody holds; none while the queue is paused."""
    return sa.select(LETTER.c.id).where(
        LETTER.c.state == State.QUEUED,
        LETTER.c.next_attempt_at <= now,
        sa.or_(LETTER.c.claimed_until.is_(None), LETTER.c.claimed_until <= now),
        ~sa.exists().where(QUEUE.c.paused_until > now),
    )


def _make_ready(claim: _Claim) -> tuple[Envelope, dict[str, Any]]:
    """Ask the guard and write the letter; return it with the texts that the guard gave afresh."""
    now = clock().now()
    letter = db.session.get(Letter, claim.letter_id, populate_existing=True)
    if letter is None or letter.state != State.QUEUED:
        raise _NotWanted("")
    decision = guards.ask(letter, now)
    if isinstance(decision, guards.Skip):
        raise _NotWanted(decision.reason)
    db.session.expunge(letter)  # what is put on it below is for this attempt alone
    fresh: dict[str, Any] = {}
    if isinstance(decision, guards.Fresh):
        given = {name: getattr(decision, name) for name in ("subject", "text", "html", "attachments")}
        fresh = {name: list(value) if name == "attachments" else value for name, value in given.items() if value is not None}
        for name, value in fresh.items():
            setattr(letter, name, value)
        fresh["has_link"] = LINK_PLACE in letter.text or LINK_PLACE in letter.html
    settings, house = environment(), firm()
    envelope = write(
        letter,
        firm_address=house.mailbox or settings.mail_from,
        firm_name=house.name,
        link_url=_link_url(letter, now),
        at=now,
    )
    return envelope, fresh


def _link_url(letter: Letter, now: datetime) -> str | None:
    if LINK_PLACE not in letter.text and LINK_PLACE not in letter.html:
        return None
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link.state(now) is not LinkState.FOUND:
        raise _NotWanted(LINK_ENDED)
    return url_of(link)


def _sent(claim: _Claim, reply: Reply, fresh: dict[str, Any]) -> None:
    # Also where it was taken back meanwhile: it has gone.
    # Its fresh words only where it was not: an erasure may have emptied it while it was on its way.
    _change(claim.letter_id, LETTER.c.state == State.QUEUED, **fresh)
    _change(claim.letter_id, state=State.SENT, sent_at=clock().now(), reason=None, claimed_by=None, claimed_until=None)
    _end_attempt(claim, "sent", reply.code, reply.text)
    _forget_ended(claim.letter_id)
    db.session.execute(sa.delete(QUEUE))


def _not_wanted(claim: _Claim, reason: str) -> None:
    # Without a reason it was taken back meanwhile, and says why itself.
    given = {"state": State.CANCELLED, "reason": reason[:300]} if reason else {}
    was_ours = _release(claim, **given)
    _end_attempt(claim, "not_wanted", None, "")
    letter = db.session.get(Letter, claim.letter_id, populate_existing=True) if reason and was_ours else None
    if letter is not None:
        guards.tell_kept_back(letter, clock().now())


def _not_ready(claim: _Claim, kind: str) -> State | None:
    """Write down that a letter cannot be made ready; returns FAILED where it is given up, else None."""
    letter = db.session.get_one(Letter, claim.letter_id, populate_existing=True)
    failures = letter.render_failures + 1
    _end_attempt(claim, "not_ready", None, kind)
    next_step = after_render_failure(failures, clock().now())
    if isinstance(next_step, GivenUp):
        _release(claim, state=State.FAILED, reason=NOT_READY, render_failures=failures)
        return State.FAILED
    _release(claim, next_attempt_at=next_step.at, render_failures=failures)
    return None


def _after_fault(claim: _Claim, failed: Undelivered, concerns_all: bool) -> State | None:
    """Write down a failed attempt, and have the whole queue wait where no other letter would fare better.

    Returns FAILED where the letter is given up, else None.
    """
    letter = db.session.get_one(Letter, claim.letter_id, populate_existing=True)
    now = clock().now()
    _end_attempt(claim, failed.fault, failed.code, failed.text)
    if concerns_all:
        _pause(failed, now)
    if failed.fault is Fault.REFUSED:
        _release(claim, state=State.FAILED, reason=REFUSED, failures=letter.failures + 1)
        return State.FAILED
    if failed.fault is Fault.SENDER_REFUSED:
        # Not this letter's fault: it keeps its place and its 72 hours.
        _release(claim, first_attempt_at=letter.first_attempt_at if letter.failures else None)
        return None
    failures = letter.failures + 1
    next_step = after_failure(failures, letter.first_attempt_at or now, now)
    if isinstance(next_step, GivenUp):
        _release(claim, state=State.FAILED, reason=GAVE_UP, failures=failures)
        return State.FAILED
    _release(claim, next_attempt_at=next_step.at, failures=failures)
    return None


def _pause(failed: Undelivered, now: datetime) -> None:
    until = now + QUEUE_PAUSE.get(failed.fault, QUEUE_PAUSE[Fault.SERVER_AWAY])
    row = db.session.scalar(sa.select(MailQueue).with_for_update())
    if row is None:
        row = MailQueue(id=1, since=now)
        db.session.add(row)
    row.fault, row.reply, row.paused_until = str(failed.fault), failed.text, until


def _release(claim: _Claim, **values: Any) -> bool:
    """End the claim and say whether it was ours still; the other values hold unless somebody took the letter back meanwhile.

    A claim that ran out ends nothing: the letter is in the hands of another process.
    """
    ours = LETTER.c.claimed_by == claim.worker
    _change(claim.letter_id, ours, LETTER.c.state == State.QUEUED, **values)
    was_ours = _change(claim.letter_id, ours, claimed_by=None, claimed_until=None)
    if was_ours and "state" in values:
        _forget_ended(claim.letter_id)
    return was_ours


def _forget_ended(letter_id: int) -> None:
    """Empty a letter of a purpose of which nothing is to stay."""
    if db.session.scalar(sa.select(LETTER.c.purpose).where(LETTER.c.id == letter_id)) in FORGOTTEN:
        forget(letter_id)


def _change(letter_id: int, *further: sa.ColumnElement[bool], **values: Any) -> bool:
    """Change a letter past the audit trail, for its attempts are its trail; say whether there was one to change."""
    if not values:
        return False
    changed = sa.update(LETTER).where(LETTER.c.id == letter_id, *further).values(**values)
    return bool(db.session.connection().execute(changed).rowcount)


def _end_attempt(claim: _Claim, outcome: str, code: int | None, reply: str) -> None:
    ended = sa.update(ATTEMPT).where(ATTEMPT.c.id == claim.attempt_id)
    db.session.execute(ended.values(ended_at=clock().now(), outcome=str(outcome), code=code, reply=reply[:500]))


def _next_in(now: datetime) -> float | None:
    """Return the seconds until a waiting letter may go, claims of others and the pause of the queue reckoned in."""
    free_at = sa.case((Letter.claimed_until > Letter.next_attempt_at, Letter.claimed_until), else_=Letter.next_attempt_at)
    earliest = db.session.scalar(sa.select(sa.func.min(free_at)).where(Letter.state == State.QUEUED))
    paused = db.session.scalar(sa.select(MailQueue.paused_until).where(MailQueue.paused_until > now))
    held = pace.held_until(firm().letters_a_minute, now)
    db.session.rollback()
    if earliest is None:
        return None
    at = max(filter(None, (earliest, paused, held)))
    return max(0.0, (at - now) / timedelta(seconds=1))
