"""References of the demo firm: referees the manager has agreed to or not, calls held and to come, what clients released.

One third party has called a client since and rated otherwise: a contradiction to be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.dates import add_days, add_months, next_working_day
from app.db import db, unit_of_work
from app.demo.stages import Move
from app.ledger import queries as ledger
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references import call_actions as calls
from app.references import referee_actions as referees
from app.references import written_actions as written
from app.references import written_letters
from app.references.models import Referee, WrittenReference
from app.references.referee_rules import ConsentHow
from app.references.written_draft import draft
from app.references.written_rules import Scope
from app.talks import actions as talks
from app.talks.state_rules import Channel
from app.users.models import User

REGION = "DE-HH"
# Place of the manager, form of address, first name, particle, last name, relation, company, position, years since they worked
# together, language, rating (None: not called yet), what was said.
PEOPLE: tuple[tuple[Any, ...], ...] = (
    (0, "frau", "Ute", None, "Dahlmann", "boss", "Nordwerk Antriebstechnik AG", "Vorstand Produktion", 2, "de", 5, {
        "relation_and_overlap": "Hat drei Jahre direkt an mich berichtet.",
        "results_with_figures": "Ausschuss von 7 auf 3 Prozent, Liefertreue von 71 auf 96 Prozent in neun Monaten.",
        "leadership_under_pressure": "Wird ruhiger, je lauter es um sie herum wird.",
        "weakness_that_mattered": "Wird ungeduldig, wenn Gremien vertagen.",
        "appoint_again": "yes", "what_not_for": "Vorhaben ohne Entscheidungsbefugnis", "may_quote": "on_request",
    }),
    (0, "herr", "Jan", None, "Petersen", "peer", "Nordwerk Antriebstechnik AG", "Leiter Einkauf", 7, "de", 4, {
        "appoint_again": "yes", "what_not_for": "Reine Verwaltung", "may_quote": "no",
    }),
    (0, "frau", "Kerstin", None, "Lührs", "report", "Elbguss GmbH", "Leiterin Fertigung", 1, "de", None, {}),
    (1, "herr", "Henning", "von", "Bredow", "owner", "Bredow Verpackungen GmbH & Co. KG", "Gesellschafter", 3, "de", None, {}),
    (2, None, "Anneke", "van der", "Meer", "client", "Meerpoort Logistiek B.V.", "Directeur", 1, "nl", None, {}),
)  # fmt: skip
CONSENTED = 3  # so many of them the manager has agreed to


NEVERTHELESS = "Hat es im Gespräch selbst angeboten"  # where the guard would hold back
# Mandate, share of its time so far that had passed, who may read it (None: still with the client), the wording as released.
WRITTEN: tuple[tuple[str, float, Scope | None, str, str], ...] = (
    ("Interim-Werkleitung", 0.75, Scope.ON_REQUEST,
     "Unser Werk lieferte zu spät, die zweite Linie stand mehr, als sie lief, und der Werkleiter war von einem Tag auf den anderen "
     "gegangen. Gesucht war jemand, der die Mannschaft hält und die Liefertreue zurückholt.",
     "Nach vier Monaten liefern wir wieder pünktlich, und die Meister führen ihre Schichten selbst. Frau Aldenhoff hat entschieden, "
     "wo andere noch abgewogen hätten, und jede Entscheidung erklärt."),
    ("Interim-Personalleitung", 0.6, Scope.PUBLIC,
     "Die Personalleitung war unbesetzt, zwei Häuser sollten zusammengelegt werden.",
     "Beide Häuser arbeiten nach einem Dienstplan; der Betriebsrat hat zugestimmt. Wir würden wieder so besetzen."),
    ("Interim-CFO", 0.9, None, "", ""),
)  # fmt: skip
CALLER, CALL_RATING = "Frau Reiter, Baltwerk Gießerei GmbH", 3  # about the first of them
CALL_SAID = "Fachlich sehr gut, in der Zentrale aber als ungeduldig empfunden."


def vouch(managers: Sequence[int], owner_id: int, now_on: date, move: Move) -> None:
    """Enter the referees three weeks ago, hold the calls since, and leave one to be held next week; ask clients in writing."""
    for number, person in enumerate(PEOPLE):
        referee_id = _enter(managers[person[0]], number, person, owner_id, now_on, move)
        if number < CONSENTED:
            _call(referee_id, person, owner_id, next_working_day(add_days(now_on, number - 14), REGION), now_on, move)
    send_due("demo")
    released = [_ask_in_writing(*one, now_on, move) for one in WRITTEN]
    with unit_of_work():
        reference, at = (
            db.session.get_one(WrittenReference, released[0]),
            move(next_working_day(add_days(now_on, -4), REGION), 15),
        )
        noted = calls.Noted(CALLER, at.date(), CALL_RATING, CALL_SAID, reference)
        calls.note(reference.manager, noted, actor=db.session.get_one(User, owner_id), at=at)


def _ask_in_writing(title: str, share: float, scope: Scope | None, situation: str, results: str, now_on: date, move: Move) -> int:
    """Have the client's contact asked once so much of the mandate's time had passed, and release the wording two days later."""
    mandate = db.session.scalars(sa.select(Mandate).where(Mandate.title == title)).first()
    assert mandate is not None
    assert mandate.starts_on is not None
    assert mandate.ends_on is not None
    mandate_id, passed = mandate.id, (min(now_on, mandate.ends_on) - mandate.starts_on).days
    at = move(next_working_day(add_days(mandate.starts_on, int(share * passed)), REGION), 10)
    with unit_of_work():
        mandate = db.session.get_one(Mandate, mandate_id)
        owner, contact = db.session.get_one(User, mandate.owner_id), mandate.contact
        assert contact is not None
        made = draft(mandate, contact)
        wording = written.Wording(made.situation, made.results, 5)
        reference = written.keep_draft(mandate, contact, wording, actor=owner, at=at)
        words = written_letters.draft(reference)
        held = not ledger.guard(contact.id, at.date(), is_agreed=False).may_ask
        parts, reason = written_letters.Parts(words.subject, words.text), NEVERTHELESS if held else None
        written.ask(reference, parts, benefit_id=None, override_reason=reason, actor=owner, at=at)
    send_due("demo")
    if scope is not None:
        with unit_of_work():
            signed = ", ".join(filter(None, (contact.name, contact.job_title)))
            written.release(reference, situation, results, scope, signed, at=move(add_days(at.date(), 2), 18))
        send_due("demo")
    return reference.id


def _enter(manager_id: int, number: int, person: tuple[Any, ...], owner_id: int, now_on: date, move: Move) -> int:
    _place, form, first, particle, last, relation, company, position, years, language, _rating, _said = person
    at = move(next_working_day(add_days(now_on, -21), REGION), 9, 10 * number)
    until = add_months(now_on, -12 * years)
    with unit_of_work():
        manager, owner = db.session.get_one(Manager, manager_id), db.session.get_one(User, owner_id)
        referee = referees.enter(manager, {
            "form_of_address": form, "first_name": first, "particle": particle, "last_name": last, "relation": relation,
            "company": company, "job_title": position, "together_from": add_months(until, -36), "together_until": until,
            "language": language, "country": "NL" if language == "nl" else "DE",
            "email": f"referee{number}@referee.example", "phone": f"+494055590{number}10",
        }, actor=owner, at=at)  # fmt: skip
        if number < CONSENTED:
            referees.consent(referee, at.date(), ConsentHow.PHONE, actor=owner, at=at)
    return referee.id


def _call(referee_id: int, person: tuple[Any, ...], owner_id: int, day: date, now_on: date, move: Move) -> None:
    rating, said = person[-2:]
    due_on = day if rating else next_working_day(add_days(now_on, 5), REGION)
    at = move(day, 14)
    with unit_of_work():
        referee, owner = db.session.get_one(Referee, referee_id), db.session.get_one(User, owner_id)
        talk = referees.plan_call(referee, due_on, owner=owner, actor=owner, at=at)
        if rating:
            noted = talks.Record(
                held_at=at - timedelta(minutes=30), minutes=25, channel=Channel.PHONE, answers={"overall": rating, **said}
            )
            talks.log(talk, noted, actor=owner, at=at)
