"""The erasure of a manager: one transaction, and what follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.admission import flow
from app.core.clock import stopwatch
from app.core.environment import environment
from app.core.errors import N_, RuleViolation
from app.db import audit_bulk, current_actor, db
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy import journal, letters, scrub, written
from app.privacy.models import ErasedAddress, Erasure, FileToDelete
from app.privacy.queries import Scope, erasure_of, only_theirs, person_of, scope_of, table, was_erased
from app.privacy.rules import address_hash
from app.talks import invitations, labels
from app.talks.models import Talk
from app.talks.rules import State as TalkState
from app.timeline import record

ERASED = N_("The data of this person were erased.")


def erase(manager: Manager, *, actor: Any, at: datetime, is_theirs: bool = True, tell: bool = True) -> Erasure:
    """Erase all that is known of a manager, part of the caller's transaction; return the line of the log.

    `is_theirs` says that the address is the person's own: only then is it told of the erasure, and remembered so that
    nobody enters it again unawares. The address of a registration that nobody confirmed may be a stranger's. Without `tell` no
    letter goes: for an erasure that is made again after a restore.

    Somebody erased already is scrubbed no second time: the same line is returned. Files and bytes left in the
    database's files go afterwards (`ticks.finish`), also after a crash.
    """
    done = erasure_of(manager.id)
    if manager.state == State.ERASED and done is not None:
        return done
    began = stopwatch()
    flow.note(manager.state, State.ERASED, at=at)
    db.session.flush()
    own, scope = person_of(manager), scope_of(manager.id)
    address, language = manager.email, manager.language
    alone = only_theirs(own, scope.referee_ids)
    rows_of = _audited_rows(scope)
    _scrub(scope, own, alone, at)
    db.session.expire_all()  # what was read before is not what stands there now
    kept = _call_off(scope, actor, at)
    scrub.free_talks(scope.free_talk_ids - kept)
    scrub.audit(scope, rows_of, own.nearby())
    scrub.links_and_traces(scope)
    _remember(scope, own.emails if is_theirs else (), at)
    is_written_to = bool(address) and is_theirs and tell
    notice = letters.queue_notice(scope.manager_id, address, language, at) if address and is_written_to else None
    journal.note(journal.MANAGER, scope.manager_id, at=at, told=is_theirs)
    audit_bulk("manager", {"erased": scope.manager_id})
    return _log(done, scope.manager_id, at, notice.id if notice else None, actor, began)


def check_not_erased(email: str | None, *, reason: str | None, may_override: bool) -> bool:
    """Say whether somebody with this address was erased; raise RuleViolation then, but a lead may go on with a reason."""
    if not was_erased(email):
        return False
    if may_override and (reason or "").strip():
        return True
    if may_override:
        raise RuleViolation(
            N_(
                "The data of somebody with this mail address were erased on request. Please give the reason for entering them again."
            ),
            field="again_reason",
        )
    raise RuleViolation(
        N_("The data of somebody with this mail address were erased on request. Only a lead may enter them again."), field="email"
    )


def _scrub(scope: Scope, own: Any, alone: Any, at: datetime) -> None:
    near = own.nearby()
    scrub.references(scope, ERASED)
    scrub.admission(scope)
    scrub.manager(scope, at)
    scrub.interviews(scope)
    scrub.talks(scope, near)
    scrub.mandates(scope, near)
    scrub.requests(scope, near)
    written.scrub(scope, ERASED)
    scrub.letters(scope, own, alone, ERASED)
    scrub.events(scope, near)
    scrub.elsewhere(alone)


def _call_off(scope: Scope, actor: Any, at: datetime) -> set[int]:
    """Cancel the talks that are still open, and tell the others who were to take part; return those that must stay for it."""
    told = set()
    for talk in db.session.scalars(sa.select(Talk).where(Talk.id.in_(scope.open_talk_ids)).order_by(Talk.id)):
        was_arranged = talk.state == TalkState.ARRANGED
        talk.state, talk.owner_must_decide = TalkState.CANCELLED, None
        if talk.mandate is not None:
            record("talks.cancelled", talk, actor=actor, at=at, also=[talk.mandate], kind_words=labels.kind_words(talk.kind))
        if was_arranged and invitations.cancel(talk, at=at):
            told.add(talk.id)
    db.session.flush()
    return told


def _audited_rows(scope: Scope) -> dict[str, list[str]]:
    """Return the rows whose audit trail is overwritten, read before they go."""
    recommendation = table("recommendation").c
    advice = db.session.scalars(sa.select(recommendation.id).where(recommendation.interview_id.in_(scope.interview_ids)))
    ask = table("ask").c
    asks = set(db.session.scalars(sa.select(ask.id).where(ask.talk_id.in_(scope.talk_ids | scope.mandate_talk_ids))))
    numbers = {
        "manager": {scope.manager_id},
        "manager_document": scope.document_ids,
        "stored_file": scope.file_ids,
        "interview": scope.interview_ids,
        "recommendation": set(advice),
        "talk": scope.talk_ids | scope.mandate_talk_ids,
        "ask": asks,
        "written_answer": asks,
        "personal_link": _links(scope),
        "referee": scope.referee_ids,
        "outside_call": scope.outside_call_ids,
        "admission_case": {scope.manager_id},
        **{name: _rows(name, scope.manager_id) for name in (*scrub.ADMISSION, *scrub.ON_MANDATES)},
    }
    return {name: [str(one) for one in ids] for name, ids in numbers.items()}


def _rows(name: str, manager_id: int) -> set[int]:
    """Return the keys of the rows of a table that belong to the manager."""
    (key,) = table(name).primary_key.columns
    return set(db.session.scalars(sa.select(key).where(table(name).c.manager_id == manager_id)))


def _links(scope: Scope) -> set[int]:
    link = table("personal_link").c
    about = [sa.and_(link.subject_type == kind, link.subject_id.in_(ids)) for kind, ids in scope.abouts().items()]
    return set(db.session.scalars(sa.select(link.id).where(sa.or_(*about))))


def _remember(scope: Scope, emails: tuple[str, ...], at: datetime) -> None:
    """Keep the files still to delete, and the keyed hashes of the addresses."""
    for model, column, values in (
        (FileToDelete, "sha256", scope.hashes),
        (ErasedAddress, "hash", {address_hash(environment().secret_key, one) for one in emails}),
    ):
        instant = "since" if model is FileToDelete else "erased_at"
        for value in sorted(values):
            if db.session.get(model, value) is None:
                db.session.add(model(**{column: value, instant: at}))
    db.session.flush()


def _log(done: Erasure | None, manager_id: int, at: datetime, letter_id: int | None, actor: Any, began: float) -> Erasure:
    doer = current_actor()
    line = done or Erasure(manager_id=manager_id)
    line.erased_at, line.letter_id = at, letter_id
    line.actor_kind = "user" if actor is not None else doer.kind
    line.actor_id = actor.id if actor is not None else doer.user_id
    line.overwritten_at = line.letter_overwritten_at = None
    line.seconds = round(stopwatch() - began, 3)
    db.session.add(line)
    db.session.flush()
    return line
