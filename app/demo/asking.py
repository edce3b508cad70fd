"""Asking in the demo firm: letters that wait, that nobody answered yet, and that were answered in each way there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.asking import benefit_queries, form_actions
from app.asking import invitation_actions as asking
from app.asking.invitation_drafts import draft
from app.asking.invitation_letters import Parts
from app.asking.invitation_queries import busy
from app.asking.invitation_rules import proposed_times
from app.clients.models import Contact
from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import db, unit_of_work
from app.demo.courses import courses
from app.demo.stages import Move
from app.ledger import queries as ledger
from app.ledger.models import Ask
from app.mail.ticks import send_due
from app.mandates.models import Mandate
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.rules import DeclineReason, Kind, Side, State, usual_minutes
from app.talks.state_rules import Channel
from app.users.models import User

HOME = "DE-HH"
SOONEST = timedelta(days=2)


@dataclass(frozen=True)
class Story:
    """How somebody is asked for the next talk of a mandate, and what comes of it; `ago` are days before today."""

    mandate: str  # key of its course
    answer: str  # open, yes, other, later, form, begun, no, waits
    ago: int
    kinds: tuple[Kind, ...] = (Kind.QUALITY, Kind.CLOSING)
    said: Any = None


STORIES = (
    Story("cfo", "open", 2),
    Story("hafen", "yes", 6),
    Story("einkauf", "other", 3, said="Montag oder Dienstag ab 16 Uhr, gern am Telefon."),
    Story("distributie", "later", 5, said=4),
    Story("logistiek", "form", 6, said={"overall": 4, "progress": 75, "change_next": "Meer tijd voor de ploegleiders, minder overleg."}),
    Story("verkoop", "begun", 1, said={"overall": "4", "progress": "50"}),
    Story("plant", "no", 8, said=DeclineReason.NO_TIME),
    # The client has extended, and declines: after that "no" the letter for the extension talk waits for its day.
    Story("werk", "declined", 2, said="Wir haben verlängert, das sagt doch alles."),
    Story("werk", "waits", 1, kinds=(Kind.EXTENSION,)),
)  # fmt: skip


class Asking:
    """Asks the clients' contacts; `move(day, hour)` moves the clock and returns the instant."""

    def __init__(self, now_on: date, move: Move) -> None:
        self.now_on, self.move = now_on, move

    def tell(self) -> None:
        """Tell all stories, the oldest first."""
        for story in sorted(STORIES, key=lambda one: -one.ago):
            number = self._next_talk(story)
            if number is None:
                continue
            day = last_working_day_on_or_before(self.now_on - timedelta(days=story.ago), HOME)
            if story.answer == "declined":
                self._decline(number, day, DeclineReason.EXTENSION_SAYS_IT_ALL, story.said)
                continue
            entry_id = self._ask(number, day)
            send_due("demo")
            if entry_id is not None and story.answer not in ("open", "waits"):
                self._answer(entry_id, story, next_working_day(day + timedelta(days=1), HOME))
                send_due("demo")

    def _next_talk(self, story: Story) -> int | None:
        title = courses()[story.mandate].title
        talk = (
            sa.select(Talk.id)
            .join(Mandate, Mandate.id == Talk.mandate_id)
            .join(Contact, Contact.id == Talk.contact_id)
            .where(
                Mandate.title == title, Talk.state == State.DUE, Talk.side == Side.CLIENT, Talk.kind.in_(story.kinds),
                Contact.email.is_not(None),
            )
            .order_by(Talk.due_on, Talk.id)
            .limit(1)
        )  # fmt: skip
        return db.session.scalar(talk)

    def _ask(self, number: int, day: date) -> int | None:
        """Send the letter on `day`, or have it wait where the guard holds it back; None where nobody may be asked at all."""
        at = self.move(day, 10, 20)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            contact, owner = talk.contact, db.session.get_one(User, talk.owner_id)
            assert contact is not None
            decision = ledger.guard(contact.id, day, is_agreed=ledger.talk_is_agreed(talk))
            if not decision.may_ask and decision.until is None:
                return None
            minutes = usual_minutes(Kind(talk.kind))
            place = asking.Appointment(minutes, Channel.PHONE, contact.phone)
            offers = benefit_queries.offered(talk.kind, contact.role, benefit_queries.library(), has_brief=False)
            benefit = offers[number % len(offers)].benefit
            times = self._times(talk, decision.until or day, minutes, at)
            words = draft(talk)
            parts = Parts(
                words.subject, benefit.text(contact.language), words.text, tuple(times), contact.zone or "Europe/Berlin"
            )
            entry = asking.invite(talk, parts, place, benefit=benefit, on=decision.until, actor=owner, at=at)
            return entry.id

    def _times(self, talk: Talk, goes_on: date, minutes: int, at: datetime) -> Sequence[datetime]:
        assert talk.contact is not None
        first = max(talk.due_on or goes_on, goes_on + SOONEST, self.now_on + SOONEST)
        taken = busy(talk.owner_id, at, at + timedelta(days=200), but=talk.id)
        zone, region = talk.contact.zone or "Europe/Berlin", talk.contact.client.region
        return proposed_times(first, zone=zone, region=region, free_days=(), minutes=minutes, busy=taken)

    def _answer(self, entry_id: int, story: Story, day: date) -> None:
        """Answer behind the link; a "no" comes by phone."""
        at = self.move(min(day, self.now_on), 8, 35)
        with unit_of_work():
            entry = db.session.get_one(Ask, entry_id)
            talk = db.session.get_one(Talk, entry.talk_id)
            match story.answer:
                case "yes":
                    asking.choose(entry, talk, asking.times_left(entry, talk, at)[0], at=at)
                case "other":
                    asking.propose_other(entry, talk, story.said, at=at)
                case "later":
                    asking.not_now(entry, talk, story.said, at=at)
                case "form":
                    form_actions.send_in(entry, talk, story.said, may_quote=True, at=at)
                case "begun":
                    form_actions.keep(entry, talk, story.said, at=at)
                case _:
                    talks.decline(talk, story.said, None, actor=db.session.get_one(User, talk.owner_id), at=at)

    def _decline(self, number: int, day: date, reason: DeclineReason, said: str) -> None:
        at = self.move(day, 15)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            talks.decline(talk, reason, said, actor=db.session.get_one(User, talk.owner_id), at=at)
