"""A small firm with one of everything, so that every page and every form there is can be opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app import links, mail
from app.core.clock import clock
from app.db import acting_as, unit_of_work
from app.managers.document_actions import add_document
from app.mandates import end_actions
from app.mandates.rules import Terms
from app.references.models import OutsideCall
from app.talks import actions as talk_actions
from app.talks.state_rules import Channel
from app.users import team_actions
from app.users.models import User
from tests import factories
from tests.files.samples import PDF
from tests.office import Office
from tests.talks.mandates import bavarian_mandate

TODAY = date(2026, 3, 17)
Ids = dict[str, list[Any]]


@dataclass
class SmallFirm:
    """People who work there, and the numbers of its records by the name that addresses give them."""

    people: dict[str, Office]
    ids: Ids = field(default_factory=dict)
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)

    def addresses(self, rule: Rule) -> list[str]:
        """Return the addresses of a rule for records that there are."""
        names = sorted(rule.arguments)
        if tuple(names) in self.pairs:
            values: list[tuple[Any, ...]] = list(self.pairs[tuple(names)])  # type: ignore[index]
        else:
            values = list(product(*(self.ids.get(name, [1]) for name in names)))
        return [path_of(rule, dict(zip(names, given, strict=True))) for given in values]


def path_of(rule: Rule, values: dict[str, Any]) -> str:
    """Return the address of a rule as typed: whatever the values are, without asking whether they fit."""
    path = rule.rule
    for name, value in values.items():
        for kind in ("int:", "path:", "string:", ""):
            path = path.replace(f"<{kind}{name}>", str(value))
    return path


def small_firm(app: Flask) -> SmallFirm:
    """Make the firm; its consultant owns the records."""
    people = {
        role: Office(app, factories.make_user(role=role))
        for role in ("administrator", "lead", "consultant", "assistant", "auditor")
    }
    me: User = people["consultant"].user  # type: ignore[assignment]
    firm = SmallFirm(people)
    signed, scoping, open_change = bavarian_mandate(me), factories.make_mandate(signed=False, owner=me), bavarian_mandate(me)
    document, change, absence, letter = _dated(me, people["lead"].user, signed, open_change)
    talks = _talks(me, signed)
    interview = factories.make_interview(signed.manager, owner=me)
    planned = factories.make_talk("interview", "manager", manager=signed.manager, owner=me)
    called = OutsideCall(
        manager_id=signed.manager_id, caller="Frau Reiter", called_on=TODAY, rating=2, noted_by_id=me.id, noted_at=clock().now()
    )
    referees = [factories.make_referee(signed.manager), factories.make_referee(signed.manager, consent_on=None, consent_how=None)]
    firm.ids = {
        "client_id": [signed.client_id],
        "contact_id": [signed.contact_id],
        "manager_id": [signed.manager_id, factories.make_manager(state="confirmed", owner=me).id],
        "mandate_id": [signed.id, scoping.id, open_change.id],
        "talk_id": [*talks, interview.id, planned.id],
        "user_id": [me.id, people["assistant"].user.id],  # type: ignore[union-attr]
        "team_id": [me.team_id, factories.make_team("Nord").id],
        "letter_id": [letter.id],
        "referee_id": [one.id for one in referees],
        "call_id": [factories.save(called).id],
        "file_id": [document.file_id],
        "absence_id": [absence.id],
    }
    firm.pairs = {
        ("client_id", "contact_id"): [(signed.client_id, signed.contact_id)],
        ("document_id", "manager_id"): [(document.id, signed.manager_id)],
        ("extension_id", "mandate_id"): [(change.id, open_change.id)],
        ("recommendation_id", "talk_id"): [(1, interview.id)],
        ("absence_id", "user_id"): [(absence.id, absence.user_id)],
    }
    return firm


def _talks(me: User, mandate: Any) -> list[int]:
    """Return the numbers of talks in all states: due, arranged, over without a record, held, declined, cancelled."""
    at = clock().now()
    made = [
        factories.make_talk(mandate=mandate),
        factories.make_talk("closing", mandate=mandate, due_on=date(2026, 6, 26)),
        factories.make_talk(side="manager", mandate=mandate),
        factories.make_talk(
            "quality",
            mandate=mandate,
            state="held",
            held_at=at - timedelta(days=3),
            recorded_by_id=me.id,
            step="Zusage einholen",
            step_on=TODAY,
            step_owner_id=me.id,
            overall=4,
        ),
        factories.make_talk("other", contact=mandate.contact, owner=me, state="declined", decline_reason="no_time"),
        factories.make_talk("other", contact=mandate.contact, owner=me, state="cancelled", note="Doppelt"),
    ]
    terms = talk_actions.Terms(
        starts_at=datetime(2026, 6, 26, 8, 0, tzinfo=UTC),
        zone="Europe/Berlin",
        minutes=60,
        channel=Channel.PHONE,
        place="+49 89 1234",
        participants=(),
    )
    with acting_as("command"), unit_of_work():
        talk_actions.arrange(made[1], terms, actor=me, at=at)
    return [talk.id for talk in made]


def _dated(me: User, lead: Any, mandate: Any, other: Any) -> tuple[Any, Any, Any, Any]:
    """Return a document, a change of the end that is not signed yet, an absence and a letter."""
    at = clock().now()
    with acting_as("command"), unit_of_work():
        document = add_document(
            mandate.manager, "cv", PDF, name="Lebenslauf.pdf", made_on=None, received_on=TODAY, actor=me, at=at
        )
        wanted = end_actions.Proposal(date(2026, 10, 30), "Nachfolge offen", None, False, Terms(None, None, None), None)
        change = end_actions.propose(other, wanted, actor=me, at=at, today=TODAY)
        absence = team_actions.note_absence(me, TODAY + timedelta(days=20), TODAY + timedelta(days=30), lead)
        letter = mail.queue(
            key="journey/1", to=mail.Recipient("r.osterkamp@example.org", "Dr. Rainer Osterkamp", "de"), subject="Guten Tag",
            text="Guten Tag", html="<p>Guten Tag</p>", purpose="talks.invitation", at=at, about=mandate.contact,
        )  # fmt: skip
    return document, change, absence, letter


def personal_links(user: User) -> dict[str, str]:
    """Return one address behind a personal link for each state that a link can be in."""
    at = clock().now()
    with acting_as("command"), unit_of_work():
        made = {
            name: links.issue("users.invitation", user, language="en", at=at, expires_at=at + timedelta(days=7), max_uses=1)
            for name in ("good", "used", "revoked")
        }
        made["expired"] = links.issue(
            "users.invitation", user, language="en", at=at, expires_at=at + timedelta(seconds=1), max_uses=1
        )
    with acting_as("command"), unit_of_work():
        links.use(made["used"], at=at)
        links.revoke(made["revoked"], at=at)
    return {name: links.url_of(link).removeprefix("http://localhost") for name, link in made.items()}
