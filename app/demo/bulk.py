"""Many records of the same shape as the demo firm's, for trying Lotse at size: rows in bulk, no mails, no letters.

In proportion to the managers: a tenth as many clients, two contacts each, a fifth as many mandates, five talks for each
manager; a twentieth of them in the queue of admission. What mandates have by stage: `bulk_mandates`. The same seed gives the same rows. Who made them stands once in the audit trail.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.admission.models import AdmissionCase, AdmissionMove, DataOrigin
from app.clients.models import Client, Contact
from app.core import names
from app.core.dates import next_working_day
from app.db import audit_bulk, db, unit_of_work
from app.demo import bulk_asks, bulk_mandates, words
from app.managers.models import Manager, ManagerTag
from app.managers.rules import SOURCES, Source
from app.managers.vocabulary import FUNCTIONS, INDUSTRIES
from app.mandates.models import Mandate
from app.talks.models import Talk
from app.timeline.models import Event, EventSubject

BATCH, MANDATES_AT_ONCE = 5_000, 2_000
TALKS_EACH = 5
STATES = (
    ("released", 850), ("paused", 60), ("out", 40),
    ("confirmed", 8), ("in_review", 6), ("follow_up_1", 14), ("follow_up_2", 10), ("follow_up_3", 6), ("interview", 6),
)  # fmt: skip  # of a thousand; the queue is 5 in a hundred
REVIEWED_DAYS, FOLLOW_UP_DAYS, INTERVIEW_DAYS, PACE_WEEKS = 2, 14, 14, 8
SHORTFALLS = (
    ("company_facts", 70), ("tasks", 45), ("project_list", 40), ("currency", 30), ("contact", 15), ("plain_language", 10),
)  # fmt: skip  # in a hundred who fall short


def load(managers: int, seed: int, owner_ids: list[int], at: datetime) -> None:
    """Add `managers` managers and all that goes with them; `owner_ids` are the colleagues who look after them."""
    maker = _Maker(random.Random(seed), owner_ids, at)
    clients, mandates = max(1, managers // 10), max(1, managers // 5)
    first = {model: _next_id(model) for model in (Manager, Client, Contact, Mandate, Talk, *bulk_mandates.NUMBERED)}
    manager_ids = range(first[Manager], first[Manager] + managers)
    client_ids = range(first[Client], first[Client] + clients)
    contact_ids = range(first[Contact], first[Contact] + 2 * clients)
    mandate_ids = range(first[Mandate], first[Mandate] + mandates)
    talk_ids = range(first[Talk], first[Talk] + managers * TALKS_EACH)

    _insert(Client, (maker.named(Client, maker.client(number)) for number in client_ids))
    _insert(Contact, (maker.named(Contact, maker.contact(number, client_ids[at // 2])) for at, number in enumerate(contact_ids)))
    states: dict[int, tuple[str, datetime]] = {}  # of those who have a case
    sources: dict[int, str] = {}  # of those who did not register
    _insert(Manager, (_noted(maker.named(Manager, maker.manager(number)), states, sources) for number in manager_ids))
    _insert(DataOrigin, (maker.origin(number, source) for number, source in sources.items()))
    _insert(AdmissionCase, (maker.case(number, *state) for number, state in states.items()))
    _insert(AdmissionMove, maker.moves(managers))
    _insert(ManagerTag, (tag for number in manager_ids for tag in maker.tags(number)))
    terms = [maker.mandate(number, at, client_ids, contact_ids, manager_ids) for at, number in enumerate(mandate_ids)]
    _insert(Mandate, [{name: value for name, value in row.items() if name != "language"} for row in terms])
    signed = [row for row in terms if row["signed_on"] is not None]
    _insert(Talk, (maker.talk(number, signed[at % len(signed)], at // len(signed)) for at, number in enumerate(talk_ids)))
    bulk_asks.write(first[Talk], at.date())
    _events(maker, first[Event], manager_ids)
    first[Event] += managers
    courses = bulk_mandates.Courses(maker.chance, at, first)
    talk_of = {row["id"]: talk_ids[place :: len(signed)][: bulk_mandates.TALKS_OF_PLAN] for place, row in enumerate(signed)}
    for begin in range(0, mandates, MANDATES_AT_ONCE):
        _courses(courses, maker, terms[begin : begin + MANDATES_AT_ONCE], manager_ids, talk_of)
    _wind_up({model: len(numbers) for model, numbers in ((Manager, manager_ids),)})


def _courses(
    courses: bulk_mandates.Courses, maker: _Maker, mandates: list[dict[str, Any]], managers: range, talk_of: dict[int, Any]
) -> None:
    rows: bulk_mandates.Rows = {model: [] for model in bulk_mandates.MODELS}
    for mandate in mandates:
        people = maker.people(mandate, managers)
        for model, made in courses.of(mandate, people, list(talk_of.get(mandate["id"], ()))).items():
            rows[model] += made
    for model, made in rows.items():
        _insert(model, made)


def _noted(row: dict[str, Any], states: dict[int, tuple[str, datetime]], sources: dict[int, str]) -> dict[str, Any]:
    if row["source"] != Source.REGISTRATION:
        sources[row["id"]] = row["source"]
    if row["state"] != "released":
        states[row["id"]] = row["state"], row["created_at"]
    return row


def _next_id(model: Any) -> int:
    return int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(model.id), 0))) or 0) + 1


def _insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting: Iterator[dict[str, Any]] = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        with unit_of_work():
            db.session.execute(sa.insert(model.__table__), batch)


def _events(maker: _Maker, first: int, manager_ids: range) -> None:
    rows = [maker.event(first + at, number) for at, number in enumerate(manager_ids)]
    _insert(Event, (event for event, _subject in rows))
    _insert(EventSubject, (subject for _event, subject in rows))


def _wind_up(counts: dict[Any, int]) -> None:
    """Note the load in the audit trail; on PostgreSQL bring the sequences behind the numbers given here."""
    with unit_of_work():
        audit_bulk("demo", {model.__tablename__: count for model, count in counts.items()})
        if db.engine.dialect.name == "postgresql":
            for model in (Manager, Client, Contact, Mandate, Talk, *bulk_mandates.NUMBERED):
                table = model.__tablename__
                newest = sa.select(sa.func.max(model.id)).scalar_subquery()
                db.session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), newest)))
    with unit_of_work():
        db.session.execute(sa.text("ANALYZE"))


class _Maker:
    """Draws rows; every draw goes through one random source, so a seed repeats them."""

    def __init__(self, chance: random.Random, owner_ids: list[int], at: datetime) -> None:
        self.chance, self.owner_ids, self.at, self.today = chance, owner_ids, at, at.date()
        self.names: dict[tuple[Any, int], str] = {}  # of whom mandates speak
        self.regions: dict[int, str] = {}  # of clients
        self._states = [state for state, _weight in STATES]
        self._weights = [weight for _state, weight in STATES]

    def _language(self) -> str:
        return self.chance.choices(("de", "nl", "en"), (70, 22, 8))[0]

    def _ranked(self, choices: list[str]) -> str:
        """Draw with the first ones frequent and the last ones rare."""
        return choices[min(int(self.chance.paretovariate(0.6)) - 1, 10**6) % len(choices)]

    def _person(self) -> dict[str, Any]:
        language = self._language()
        first, last = self.chance.choice(words.FIRST[language]), self._ranked(words.LAST[language])
        particle = (
            self.chance.choice(words.PARTICLES[language]) if words.PARTICLES[language] and self.chance.random() < 0.12 else None
        )
        return {
            "form_of_address": self.chance.choice(("frau", "herr", None)),
            "title": self.chance.choice(words.TITLES) if self.chance.random() < 0.1 else None,
            "first_name": first,
            "particle": particle,
            "last_name": last,
            "language": language,
            "country": {"de": "DE", "nl": "NL", "en": "GB"}[language],
            "sort_name": names.sort_name(first, last),
            "folded_name": names.searchable(names.full_name(None, first, particle, last)),
        }

    def _phone(self) -> str:
        return f"+49151{self.chance.randrange(10**7, 10**8)}"

    def _day(self, earliest: int, latest: int) -> date:
        return self.today + timedelta(days=self.chance.randint(earliest, latest))

    def named(self, model: Any, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row, its name kept for the handbooks."""
        if model is Client:
            self.regions[row["id"]] = row["region"]
            self.names[model, row["id"]] = row["name"]
        else:
            self.names[model, row["id"]] = names.full_name(
                *[row[part] for part in ("title", "first_name", "particle", "last_name")]
            )
        return row

    def people(self, mandate: dict[str, Any], managers: range) -> bulk_mandates.People:
        client_id, manager_id = mandate["client_id"], mandate["manager_id"] or managers[0]
        other = managers[(manager_id - managers[0] + 1) % max(1, len(managers) - 3)]
        return bulk_mandates.People(
            client=self.names[Client, client_id],
            contact=self.names[Contact, mandate["contact_id"]],
            manager=self.names[Manager, manager_id],
            region=self.regions[client_id],
            other_id=other,
        )

    def manager(self, number: int) -> dict[str, Any]:
        person = self._person()
        state = self.chance.choices(self._states, self._weights)[0]
        with_step = self.chance.random() < 0.6
        return {
            **person,
            "id": number,
            "state": state,
            "headline": self.chance.choice(words.HEADLINES[person["language"]]),
            "email": f"manager{number}@example.com",
            "phone": None,
            "mobile": self._phone(),
            "city": self.chance.choice(list(words.SEATS.values())),
            "is_newcomer": self.chance.choice((True, False, None)),
            "available_from": self._day(-60, 120),
            "availability_confirmed_on": self._day(-90, 0),
            "rate": Decimal(self.chance.randrange(900, 1900, 50)),
            "rate_unit": "day",
            "rate_currency": "EUR",
            "source": self.chance.choice([str(source) for source in SOURCES]),
            "owner_id": self.chance.choice(self.owner_ids),
            "released_on": self._day(-900, -30) if state == "released" else None,
            "next_step": self.chance.choice(words.STEPS[person["language"]]) if with_step else None,
            "next_step_on": self._day(8, 200) if with_step else None,
            "created_at": self.at - timedelta(days=self.chance.randint(1, 900)),
            "version": 1,
        }

    def origin(self, number: int, source: str) -> dict[str, Any]:
        """Where the manager came from was told by a letter."""
        told_at = self.at - timedelta(days=1)
        return {"manager_id": number, "source": source, "ground": "interest", "noted_at": told_at, "told_at": told_at}

    def case(self, number: int, state: str, created_at: datetime) -> dict[str, Any]:
        """Return a case in this state; of who waits for papers or an interview, the date lies ahead."""
        stages = {"follow_up_1": 1, "follow_up_2": 2, "follow_up_3": 3, "out": 3}.get(state, self.chance.choice((0, 0, 1)))
        began, next_on = self.today, None
        if state in ("confirmed", "in_review"):
            next_on = self._day(-3, REVIEWED_DAYS)
            began = next_on - timedelta(days=REVIEWED_DAYS)
        elif state.startswith("follow_up"):
            next_on = self._day(1, FOLLOW_UP_DAYS)
            began = next_on - timedelta(days=FOLLOW_UP_DAYS)
        elif state == "interview":
            next_on = self._day(-1, INTERVIEW_DAYS)
            began = next_on - timedelta(days=INTERVIEW_DAYS)
        falls_short = [name for name, of_a_hundred in SHORTFALLS if self.chance.random() * 100 < of_a_hundred] or ["tasks"]
        halted = state.startswith("follow_up") and self.chance.random() < 0.03
        return {
            "manager_id": number,
            "entered_state_at": min(self.at, max(created_at, datetime.combine(began, time(9), UTC))) if next_on else created_at,
            "next_on": next_on,
            "stages_used": stages,
            "repeated": False,
            "halted_on": self.today if halted else None,
            "halt_reason": self.chance.choice(words.HALTS) if halted else None,
            "review_began_at": created_at if stages or state == "interview" else None,
            "reviewer_id": self.chance.choice(self.owner_ids),
            "falls_short": " ".join(falls_short) if stages else "",
            "last_letter_on": began if state in ("follow_up_2", "follow_up_3") else None,
            "version": 1,
        }

    def moves(self, managers: int) -> Iterator[dict[str, Any]]:
        """Return who came into the queue and left it in the last weeks: a little more left than came."""
        for week in range(1, PACE_WEEKS + 1):
            for came, share in ((True, 400), (False, 300)):
                for _one in range(managers // share):
                    yield {"moved_on": self.today - timedelta(days=7 * week - self.chance.randint(0, 6)), "came": came}

    def tags(self, number: int) -> Iterator[dict[str, Any]]:
        drawn = (
            ("function", list(FUNCTIONS), 2),
            ("industry", list(INDUSTRIES), 2),
            ("language", ["de", "en", "nl"], 2),
            ("region", list(words.SEATS), 2),
        )
        for kind, choices, count in drawn:
            for value in self.chance.sample(choices, count):
                yield {"manager_id": number, "kind": kind, "value": value, "level": "fluent" if kind == "language" else None}

    def client(self, number: int) -> dict[str, Any]:
        region = self.chance.choice(list(words.SEATS))
        industry, trades = self.chance.choice(list(words.TRADE.items()))
        stem = f"{self.chance.choice(words.COMPANY)} {self.chance.choice(trades)}"
        name = f"{stem} {number} {self.chance.choice(words.LEGAL[region[:2]])}"
        return {
            "id": number,
            "name": name,
            "sort_name": names.fold_company(name),
            "industry": industry if industry in INDUSTRIES else None,
            "headcount": self.chance.randrange(40, 4000),
            "turnover_millions": self.chance.randrange(5, 900),
            "turnover_currency": "CHF" if region.startswith("CH") else "EUR",
            "city": words.SEATS[region],
            "region": region,
            "owner_id": self.chance.choice(self.owner_ids),
            "created_at": self.at - timedelta(days=self.chance.randint(200, 1500)),
            "version": 1,
        }

    def contact(self, number: int, client_id: int) -> dict[str, Any]:
        return {
            **self._person(),
            "id": number,
            "client_id": client_id,
            "role": self.chance.choice(("sponsor", "hr", "finance", "line")),
            "email": f"contact{number}@example.net",
            "phone": self._phone(),
            "channel": self.chance.choice(("phone", "video", "in_person")),
            "created_at": self.at,
            "version": 1,
        }

    def mandate(self, number: int, place: int, clients: range, contacts: range, managers: range) -> dict[str, Any]:
        starts_on = self._day(-700, 20)
        ends_on = starts_on + timedelta(days=self.chance.randint(60, 320))
        client = place % len(clients)
        language = "en" if self.chance.random() < 0.08 else "nl" if self.regions[clients[client]] in ("NL", "BE") else "de"
        title = self.chance.choice(words.TASKS[language])
        closed_on = ends_on + timedelta(days=bulk_mandates.CLOSED_AFTER)
        return {
            "id": number,
            "year": 1990,  # of no firm's numbers: those of the demo firm go on by themselves
            "running": number,
            "title": title,
            "folded_title": names.fold(title),
            "client_id": clients[client],
            "contact_id": contacts[2 * client],
            "manager_id": managers[place % len(managers)],
            "owner_id": self.chance.choice(self.owner_ids),
            "language": language,
            "stage": bulk_mandates.stage_on(starts_on, ends_on, self.today),
            "signed_on": starts_on - timedelta(days=10),
            "starts_on": starts_on,
            "first_end_on": ends_on,
            "ends_on": ends_on,
            "closed_on": closed_on if closed_on < self.today else None,
            "has_quality_clause": True,
            "clause": words.CLAUSE[language],
            "client_rate": Decimal(self.chance.randrange(1400, 2400, 50)),
            "client_rate_unit": "day",
            "manager_rate": Decimal(self.chance.randrange(900, 1500, 50)),
            "manager_rate_unit": "day",
            "currency": "EUR",
            "days_per_week": Decimal(self.chance.choice((3, 4, 5))),
            "next_step": self.chance.choice(words.STEPS[language]) if closed_on >= self.today else None,
            "next_step_on": self._day(8, 90) if closed_on >= self.today else None,
            "created_at": self.at - timedelta(days=30),
            "version": 1,
            **bulk_mandates.scope(place, language, ends_on, self.today),
        }

    def talk(self, number: int, mandate: dict[str, Any], round_: int) -> dict[str, Any]:
        span = (mandate["ends_on"] - mandate["starts_on"]).days
        due_on = next_working_day(mandate["starts_on"] + timedelta(days=self.chance.randint(10, span)), "DE-HH")
        kind, side, due_on = bulk_mandates.talk_of(mandate, round_) or (
            "quality",
            self.chance.choice(("client", "manager")),
            due_on,
        )
        held = due_on < self.today - timedelta(days=2)
        held_at = datetime.combine(due_on, time(9, 30), UTC) if held else None
        return {
            "id": number,
            "kind": kind,
            "side": side,
            "state": "held" if held else "due",
            "mandate_id": mandate["id"],
            "contact_id": mandate["contact_id"] if side != "manager" else None,
            "manager_id": mandate["manager_id"] if side != "client" else None,
            "owner_id": mandate["owner_id"],
            "due_on": due_on,
            "planned": True,
            "sort_on": due_on,
            "minutes": 30,
            "channel": "phone",
            "calendar_sequence": 0,
            "was_closing": False,
            "cancelled_by_change": False,
            "held_at": held_at,
            "held_minutes": 25 if held else None,
            "written": False,
            "overall": self.chance.choice((3, 4, 4, 5)) if held else None,
            "answers": {},
            "not_reached": 0,
            "created_at": self.at,
            "version": 1,
        }

    def event(self, number: int, manager_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
        at = self.at - timedelta(days=self.chance.randint(1, 900))
        event = {
            "id": number,
            "kind": "notes.added",
            "at": at,
            "actor_kind": "user",
            "actor_id": self.chance.choice(self.owner_ids),
            "facts": {"text": "…"},
        }
        return event, {"about_type": "manager", "about_id": manager_id, "at": at, "event_id": number}
