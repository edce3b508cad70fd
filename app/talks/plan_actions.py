"""What a mandate does to its talks: plans them, moves them with its end, calls them off, hands them over.

Called by the mandates in their own transaction. A mandate is whatever has id, region, starts_on, ends_on, contact_id,
manager_id, manager_since, takes_over, manager_on(day), owner_id and has_quality_clause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from app.core.dates import local_day
from app.core.errors import N_, RuleViolation
from app.db import db
from app.ledger import actions as ledger
from app.settings.queries import firm
from app.talks import invitations, labels
from app.talks.end_rules import Action, PresentTalk, talks_to_add
from app.talks.models import Talk
from app.talks.plan_queries import TalkChange, changes_of_end, open_closing, open_talks, present_talk, talks_of
from app.talks.plan_rules import PlannedTalk, closing_again_on, plan
from app.talks.replacement_rules import restart
from app.talks.rules import Kind, PlanNumbers, Side, State
from app.timeline import record

Role = Literal["contact", "manager", "owner"]


def plan_mandate(mandate: Any, *, actor: Any, at: datetime) -> list[Talk]:
    """Add the talks of the plan for the mandate's term as far as they are not there; return those added.

    Twice changes nothing. A mandate without dates has none. Source: docs/domain.md, "Talks" (the plan).
    """
    if mandate.starts_on is None or mandate.ends_on is None:
        return []
    settings = firm()
    numbers = PlanNumbers.of(settings)
    planned = plan(
        mandate.starts_on,
        mandate.ends_on,
        mandate.region,
        numbers,
        settings.free_month_days,
        mandate.has_quality_clause,
        mandate.manager_since,
    )
    present = [present_talk(talk, mandate) for talk in talks_of(mandate.id)]
    added = [_add(mandate, one, at) for one in talks_to_add(present, planned, numbers, bool(mandate.no_closing_reason))]
    if added:
        record("talks.planned", mandate, actor=actor, at=at, also=added, num=len(added))
    return added


def follow_new_end(mandate: Any, *, old_end: date, new_end: date, signed_on: date, actor: Any, at: datetime) -> list[TalkChange]:
    """Lay the plan of the term until `new_end` over the talks there are; return what became of each.

    `mandate.ends_on` may be changed before or after. Source: docs/domain.md, "When the end moves".
    """
    changes = changes_of_end(mandate, old_end, new_end, signed_on)
    done = [_apply(mandate, change, actor, at) for change in changes]
    if any(change.kind is Kind.CLOSING and change.action is Action.ADDED for change in done):
        mandate.no_closing_reason = None  # it was said of the end before
    moved = [change for change in done if change.action is not Action.STAYS]
    if moved:
        record("talks.followed_end", mandate, actor=actor, at=at, num=len(moved), new_end_on=new_end)
    return done


def cancel_open(mandate: Any, reason: str, actor: Any, at: datetime, keep: Collection[Kind] = ()) -> list[Talk]:
    """Cancel every due or arranged talk of a mandate that is lost or over; return them. Participants are told.

    Talks of the kinds in `keep` stay.
    """
    cancelled = []
    for talk in [one for one in open_talks(mandate.id) if one.kind not in keep]:
        was_arranged = talk.state == State.ARRANGED
        talk.state, talk.note = State.CANCELLED, reason
        talk.owner_must_decide = None
        ledger.talk_called_off(talk, at=at)
        record("talks.cancelled", talk, actor=actor, at=at, kind_words=labels.kind_words(talk.kind), text=reason)
        if was_arranged:
            invitations.cancel(talk, at=at)
        cancelled.append(talk)
    return cancelled


def replace_person(
    mandate: Any, *, role: Role, was_id: int | None, now_id: int | None, from_on: date = date.min, actor: Any, at: datetime
) -> list[Talk]:
    """Have the mandate's open talks from `from_on` on follow a changed contact, manager or owner; return them.

    Talks with somebody else than `was_id` stay. Arranged ones are called off with the person who leaves, and the
    others get an update of the same calendar entry.
    """
    if was_id == now_id:
        return []
    column = f"{role}_id"
    theirs = [talk for talk in open_talks(mandate.id) if getattr(talk, column) == was_id and _concerns(talk, role)]
    changed = [talk for talk in theirs if talk.sort_on >= from_on]
    for talk in changed:
        if role == "contact":
            ledger.talk_called_off(talk, at=at)  # who was asked before is asked no more
        setattr(talk, column, now_id)
    follow_people(changed, f"talks.{role}_replaced", actor=actor, at=at)
    return changed


def change_manager(
    mandate: Any,
    *,
    was_id: int,
    now_id: int,
    from_on: date = date.min,
    added_from: date = date.min,
    reason: str,
    actor: Any,
    at: datetime,
) -> list[Talk]:
    """Have the quality talks with the manager begin anew; return those added.

    The mandate's `manager_since`, and its manager or who `takes_over`, are the new ones already. Open quality talks with
    the former one from `from_on` on are called off, other open talks with the manager follow to the new one; what is
    planned before `added_from` is not added again.
    Source: docs/domain.md, "Mandates" (manager replaced).
    """
    settings = firm()
    talks = {talk.id: talk for talk in talks_of(mandate.id)}
    anew = restart(
        [_before_change(talk, mandate, now_id, from_on) for talk in talks.values()],
        start=mandate.starts_on,
        end=mandate.ends_on,
        manager_since=mandate.manager_since,
        region=mandate.region,
        numbers=PlanNumbers.of(settings),
        free_days=settings.free_month_days,
        has_quality_clause=mandate.has_quality_clause,
        added_from=added_from,
    )
    for key in anew.called_off:
        _call_off(talks[key], reason, actor, at)
    db.session.flush()
    replace_person(mandate, role="manager", was_id=was_id, now_id=now_id, from_on=from_on, actor=actor, at=at)
    added = [_add(mandate, one, at) for one in anew.added]
    if added:
        record("talks.planned", mandate, actor=actor, at=at, also=added, num=len(added))
    return added


def _before_change(talk: Talk, mandate: Any, now_id: int, from_on: date) -> PresentTalk:
    is_former = talk.side == Side.MANAGER and talk.manager_id != now_id
    return replace(present_talk(talk, mandate), with_former_manager=is_former, until_change=is_former and talk.sort_on < from_on)


def _call_off(talk: Talk, reason: str, actor: Any, at: datetime) -> None:
    was_arranged = talk.state == State.ARRANGED
    talk.state, talk.note, talk.cancelled_by_change = State.CANCELLED, reason or None, True
    talk.owner_must_decide = None
    record("talks.cancelled", talk, actor=actor, at=at, kind_words=labels.kind_words(talk.kind), text=reason)
    if was_arranged:
        invitations.cancel(talk, at=at)


def follow_people(talks: Sequence[Talk], event: str, *, actor: Any, at: datetime) -> None:
    """Tell on each talk that its people changed, and send updates for those arranged."""
    db.session.flush()
    for talk in talks:
        db.session.expire(talk, ["contact", "manager", "owner"])
        record(event, talk, actor=actor, at=at, kind_words=labels.kind_words(talk.kind))
        if talk.state == State.ARRANGED:
            invitations.update(talk, "people", at=at)


def closing_called_off(talk: Talk, no_closing_reason: str | None, *, actor: Any, at: datetime) -> Talk | None:
    """Ask for a closing talk again that a person called off, or keep why there is none; return the new one.

    Nothing for other talks, where another closing talk is open, or once the mandate is over.
    Source: docs/domain.md, "Talks" and "Mandates" (stage 4).
    """
    mandate = talk.mandate
    if not _is_closing(talk) or open_closing(mandate.id, talk.id) is not None:
        return None
    if no_closing_reason:
        mandate.no_closing_reason = no_closing_reason
        record("talks.no_closing", talk, actor=actor, at=at, also=[mandate], text=no_closing_reason)
        return None
    settings = firm()
    due_on = closing_again_on(
        plan(
            mandate.starts_on,
            mandate.ends_on,
            mandate.region,
            PlanNumbers.of(settings),
            settings.free_month_days,
            mandate.has_quality_clause,
        ),
        local_day(at, settings.zone),
        mandate.region,
        settings.free_month_days,
    )
    mandate.no_closing_reason = None
    again = _add(mandate, PlannedTalk(Kind.CLOSING, Side.CLIENT, due_on), at)
    record("talks.added", again, actor=actor, at=at, kind_words=labels.kind_words(again.kind), due_on=due_on)
    return again


def closing_taken_up(talk: Talk, *, is_record: bool = False, actor: Any, at: datetime) -> None:
    """Leave out the due closing talk whose place one takes that was called off or declined before.

    A record of one that was held after all takes only the place of one due about the same day. Raises RuleViolation
    where an appointment is made and another closing talk is arranged already: a mandate has one.
    """
    if not _is_closing(talk) or talk.state not in (State.CANCELLED, State.DECLINED):
        return
    other = open_closing(talk.mandate.id, talk.id)
    if other is not None and other.state == State.ARRANGED and not is_record:
        raise RuleViolation(N_("Another closing talk of this mandate is arranged. A mandate has one."))
    if other is not None and other.state == State.DUE and (not is_record or _about_one_day(talk, other)):
        other.state, other.cancelled_by_change = State.CANCELLED, True
        ledger.talk_called_off(other, at=at)
        record("talks.replaced", other, actor=actor, at=at, kind_words=labels.kind_words(other.kind))
    talk.mandate.no_closing_reason = None


def _about_one_day(talk: Talk, other: Talk) -> bool:
    days = firm().same_talk_days
    return talk.due_on is None or other.due_on is None or abs((talk.due_on - other.due_on).days) <= days


def _is_closing(talk: Talk) -> bool:
    mandate = talk.mandate
    if talk.kind != Kind.CLOSING or mandate is None or mandate.starts_on is None or mandate.ends_on is None:
        return False
    return mandate.lost_on is None and mandate.closed_on is None


def _concerns(talk: Talk, role: Role) -> bool:
    if role == "owner":
        return True
    return talk.side in (Side.BOTH, Side.CLIENT if role == "contact" else Side.MANAGER)


def _add(mandate: Any, planned: PlannedTalk, at: datetime) -> Talk:
    manager = mandate.manager_on(planned.due_on) if planned.side in (Side.MANAGER, Side.BOTH) else None
    talk = Talk(
        kind=planned.kind,
        side=planned.side,
        state=State.DUE,
        mandate_id=mandate.id,
        contact_id=mandate.contact_id if planned.side in (Side.CLIENT, Side.BOTH) else None,
        manager_id=manager.id if manager is not None else None,
        owner_id=mandate.owner_id,
        due_on=planned.due_on,
        sort_on=planned.due_on,
        planned=True,
        created_at=at,
    )
    db.session.add(talk)
    db.session.flush()
    return talk


def _apply(mandate: Any, change: TalkChange, actor: Any, at: datetime) -> TalkChange:
    talk = change.talk
    if talk is None:
        assert change.due_after is not None
        talk = _add(mandate, PlannedTalk(change.kind, change.side, change.due_after), at)
        record("talks.added", talk, actor=actor, at=at, kind_words=labels.kind_words(talk.kind), due_on=talk.due_on)
        return replace(change, talk=talk)
    talk.owner_must_decide = change.reason.value if change.asks_owner else None
    if change.action is Action.MOVES:
        assert change.due_after is not None
        record(
            "talks.moved",
            talk,
            actor=actor,
            at=at,
            kind_words=labels.kind_words(talk.kind),
            was_on=talk.due_on,
            due_on=change.due_after,
        )
        talk.due_on = talk.sort_on = change.due_after
    elif change.action is Action.CANCELLED:
        talk.state, talk.cancelled_by_change = State.CANCELLED, True
        ledger.talk_called_off(talk, at=at)
        record("talks.left_out", talk, actor=actor, at=at, kind_words=labels.kind_words(talk.kind))
    elif change.action is Action.BECOMES_QUALITY:
        talk.kind, talk.was_closing = change.kind, True
        record("talks.became_quality", talk, actor=actor, at=at, also=[talk.mandate])
        invitations.update(talk, "quality", at=at)
    return change


def hand_over(talks: Iterable[Talk], to: Any, *, actor: Any, at: datetime) -> int:
    """Give open talks to another colleague; appointments keep their calendar entries. Return how many."""
    given = list(talks)
    for talk in given:
        talk.owner_id = to.id
    follow_people(given, "talks.owner_replaced", actor=actor, at=at)
    return len(given)


def hand_over_promises(talks: Iterable[Talk], to: Any, *, actor: Any, at: datetime) -> int:
    """Have another colleague owe the agreed steps of these talks; return how many."""
    given = list(talks)
    for talk in given:
        talk.step_owner_id = to.id
        record("talks.step_handed_over", talk, actor=actor, at=at, text=talk.step)
    return len(given)
