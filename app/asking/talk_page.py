"""What a talk's pages show of asking for it: the request and its answer, the next way where it is stuck, and the guard."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.asking import step_labels
from app.asking.form_actions import QUOTE, partial_of
from app.asking.step_queries import stuck_talk
from app.ledger import labels as ledger_labels
from app.ledger import queries as ledger
from app.ledger.guard_rules import Decision
from app.ledger.models import Ask
from app.ledger.rules import purpose_of
from app.talks import labels
from app.talks.models import Talk
from app.talks.question_rules import AnswerType, Question, questions
from app.talks.rules import Kind, Side, State


def request_of(talk: Talk, today: date, *, may_change: bool) -> dict[str, Any]:
    """Return by name what `talks/show.html` shows of the request for a talk."""
    can_ask = talk.side == Side.CLIENT and talk.contact is not None and purpose_of(talk.kind) is not None
    entry = ledger.of_talk(talk.id, talk.contact.id) if can_ask and talk.contact is not None else None
    return {
        "can_ask": can_ask,
        "entry": entry,
        "begun": _begun(talk, entry),
        "hold": _hold(talk, today) if can_ask and may_change and talk.state == State.DUE and entry is None else None,
        "stuck": stuck_talk(talk, today) if may_change and talk.state in (State.DUE, State.DECLINED) else None,
        "step_labels": step_labels,
        "ledger_labels": ledger_labels,
    }


def _hold(talk: Talk, today: date) -> tuple[ledger.Person, Decision] | None:
    """Return who is not to be asked for a talk at present, and why; None where the guard lets it go."""
    asked = ledger.person(talk.contact_id, today) if talk.contact_id is not None else None
    decision = asked.decide(today, is_agreed=ledger.talk_is_agreed(talk)) if asked is not None else None
    return (asked, decision) if asked is not None and decision is not None and not decision.may_ask else None


def _begun(talk: Talk, entry: Ask | None) -> list[tuple[str, str]]:
    """Return question and answer of a form that was begun behind its link and not sent."""
    kept = partial_of(entry.id) if entry is not None and entry.answer is None and entry.link_id else None
    if kept is None:
        return []
    asked = questions(Kind(talk.kind), Side(talk.side))
    found = [(labels.question(one.key), _words(one, kept.answers[one.key])) for one in asked if one.key in kept.answers]
    return [*found, (labels.question(QUOTE), labels.answer(QUOTE, "yes"))] if kept.answers.get(QUOTE) else found


def _words(question: Question, value: str) -> str:
    return labels.answer(question.key, int(value) if question.type is AnswerType.PERCENT else value)


def guard_of(talk: Talk, today: date) -> dict[str, Any]:
    """Return by name what the guard says of the contact of a talk; empty where it has no say, or the talk was asked for already.

    Who calls before a letter that waits for its day has gone is asked the same question.
    """
    if talk.contact is None or purpose_of(talk.kind) is None:
        return {}
    entry = ledger.open_of_talk(talk.id, talk.contact.id)
    if entry is not None and (entry.answer is not None or entry.asked_on <= today):
        return {}
    agreed = ledger.talk_is_agreed(talk)
    people = ledger.people_at(talk.contact.client_id, today)
    asked = next((one for one in people if one.id == talk.contact.id), None)
    if entry is not None:
        asked = ledger.person(talk.contact.id, today, but=ledger.of_message(entry))
    if asked is None:
        return {}
    return {
        "asked": asked,
        "decision": asked.decide(today, is_agreed=agreed),
        "others": ledger.others_to_ask(people, asked.id, today, is_agreed=agreed),
        "ledger_labels": ledger_labels,
    }
