"""The talks of the demo firm: arranged, held or declined, with what was said."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.core.dates import last_working_day_on_or_before, next_working_day
from app.db import db, unit_of_work
from app.demo.stages import Move
from app.demo.story import WORDS
from app.mail.ticks import send_due
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.question_rules import OVERALL, AnswerType, questions
from app.talks.rules import DeclineReason, Kind, Side
from app.talks.state_rules import Channel
from app.users.models import User

ZONE = "Europe/Berlin"
EARLY, LATELY = timedelta(days=30), timedelta(days=45)  # from the start, and back from today or from the end
CONTENT_FROM = 3  # an overall rating below says that something is wrong
LEFT_OPEN = 9  # days before today in which nobody has kept the talks: something must be due
NEVERTHELESS = "Hat das Gespräch am Telefon selbst vorgeschlagen"  # where the guard would hold back


class Talking:
    """The talks while they are held; `move(day, hour)` moves the clock and returns the instant."""

    def __init__(self, chance: random.Random, now_on: date, move: Move) -> None:
        self.chance, self.now_on, self.move = chance, now_on, move
        self.said: defaultdict[int, set[str]] = defaultdict(set)  # notes, by the mandate's number

    def _pick(self, language: str, what: str) -> str:
        return self.chance.choice(WORDS[language][what])

    def keep(self, mandate_id: int, until: date, notes: Sequence[str] = ()) -> None:
        """Hold the mandate's talks that were due before `until`, or have them declined; `notes` are what is said of it."""
        due = db.session.scalars(
            sa.select(Talk.id)
            .where(Talk.mandate_id == mandate_id, Talk.state == "due", Talk.due_on < until)
            .order_by(Talk.due_on, Talk.id)
        ).all()
        for number in due:
            is_declined = self.chance.random() < 0.1
            if is_declined and db.session.get_one(Talk, number).kind != Kind.EVALUATION:
                self._decline(number)
            else:
                self._arrange_and_hold(number, notes)

    def _decline(self, number: int) -> None:
        talk = db.session.get_one(Talk, number)
        at = self.move(talk.due_on or self.now_on, 10)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            language = talk.person.language
            reason = DeclineReason.EXTENSION_SAYS_IT_ALL if talk.kind == Kind.EXTENSION else DeclineReason.NO_TIME
            note = str(WORDS[language]["declined"]) if talk.kind == Kind.EXTENSION else None
            talks.decline(talk, reason, note, actor=db.session.get_one(User, talk.owner_id), at=at)

    def _terms(self, talk: Talk, day: date, hour: int, minute: int = 0) -> talks.Terms:
        channel = self.chance.choice((Channel.PHONE, Channel.PHONE, Channel.VIDEO))
        place = (
            (talk.person.phone or talk.person.mobile or "+49405550000")
            if channel is Channel.PHONE
            else "https://video.example/hafenkontor"
        )
        starts_at = datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))
        return talks.Terms(starts_at, ZONE, 60 if talk.kind == Kind.CLOSING else 30, channel, place)

    def arrange(self, number: int, day: date, hour: int, days_before: int = 5) -> None:
        at = self.move(last_working_day_on_or_before(day - timedelta(days=days_before), "DE-HH"), 9, 20)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            owner = db.session.get_one(User, talk.owner_id)
            talks.arrange(talk, self._terms(talk, day, hour), actor=owner, at=at, override_reason=NEVERTHELESS)
        send_due("demo")

    def _arrange_and_hold(self, number: int, notes: Sequence[str]) -> None:
        talk = db.session.get_one(Talk, number)
        day = next_working_day((talk.due_on or self.now_on) + timedelta(days=self.chance.randint(0, 2)), "DE-HH")
        hour = self.chance.choice((9, 10, 11, 14, 15))
        self.arrange(number, day, hour)
        at = self.move(day, hour + 1)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            talks.log(talk, self._record(talk, notes), actor=db.session.get_one(User, talk.owner_id), at=at)

    def _record(self, talk: Talk, notes: Sequence[str]) -> talks.Record:
        language = talk.person.language
        answers = {q.key: self._answer(q, language) for q in questions(Kind(talk.kind), Side(talk.side))}
        promised = self.chance.random() < 0.15
        assert talk.appointment_at is not None
        day = talk.appointment_at.date()
        return talks.Record(
            held_at=talk.appointment_at, minutes=self.chance.randint(18, 40), answers=answers,
            notes=self._note(talk, notes, answers.get(OVERALL)),
            step=self._pick(language, "step") if promised else None,
            step_on=next_working_day(day + timedelta(days=7), "DE-HH") if promised else None,
            step_owner_id=talk.owner_id if promised else None,
        )  # fmt: skip

    def _note(self, talk: Talk, notes: Sequence[str], overall: Any) -> str | None:
        """Return what is said beside the ratings, nothing twice in a mandate: doubts where the rating is low.

        In the first weeks little is known; what the mandate itself has to say is said in its last ones.
        """
        mandate, day = talk.mandate, talk.due_on or self.now_on
        common, said = WORDS[talk.person.language], self.said[talk.mandate_id or 0]
        if isinstance(overall, int) and overall < CONTENT_FROM:
            choices = list(common["doubts"])
        elif mandate and day < mandate.starts_on + EARLY:
            choices = list(common["early"])
        elif mandate and day >= min(self.now_on, mandate.ends_on) - LATELY:
            choices = list(notes)
        else:
            choices = list(common["notes"])
        new = [one for one in choices if one not in said]
        if not new or self.chance.random() >= 0.8:
            return None
        said.add(note := self.chance.choice(new))
        return note

    def _answer(self, question: Any, language: str) -> Any:
        if question.type is AnswerType.SCALE:
            return self.chance.choices((2, 3, 4, 5), (5, 20, 50, 25))[0]
        if question.type is AnswerType.PERCENT:
            return self.chance.choice((40, 60, 80))
        if question.type is AnswerType.ZERO_TO_TEN:
            return self.chance.choice((7, 8, 9, 9, 10))
        if question.type is AnswerType.CHOICE:
            return self.chance.choices(question.choices, [6] + [1] * (len(question.choices) - 1))[0]
        return self._pick(language, question.key) if question.key in WORDS[language] else None

    def keep_promises(self) -> None:
        open_ones = db.session.scalars(
            sa.select(Talk.id).where(Talk.step_on < self.now_on - timedelta(days=3), Talk.step_done_on.is_(None))
        ).all()
        for number in open_ones:
            talk = db.session.get_one(Talk, number)
            day = talk.step_on or self.now_on
            at = self.move(day, 16)
            with unit_of_work():
                talk = db.session.get_one(Talk, number)
                talks.step_done(talk, actor=db.session.get_one(User, talk.owner_id), at=at, today=day)

    def arrange_this_week(self) -> None:
        """Arrange every third of the talks around today; of the others somebody was called in vain. Aftercare is left to whoever looks."""
        due = db.session.scalars(
            sa.select(Talk.id)
            .where(
                Talk.state == "due",
                Talk.kind != Kind.AFTERCARE,
                Talk.due_on >= self.now_on - timedelta(days=LEFT_OPEN),
                Talk.due_on <= self.now_on + timedelta(days=12),
            )
            .order_by(Talk.due_on, Talk.id)
        ).all()
        for place, number in enumerate(due):
            if place % 3 == 0:
                day = next_working_day(self.now_on + timedelta(days=1 + place // 3), "DE-HH")
                self.arrange(number, day, 10 + place % 5, days_before=(day - self.now_on).days + 1)
            elif place % 3 == 1:
                self._call_in_vain(number)

    def _call_in_vain(self, number: int) -> None:
        talk = db.session.get_one(Talk, number)
        if talk.due_on is None or talk.due_on >= self.now_on or talk.kind == Kind.INTERVIEW:
            return
        at = self.move(last_working_day_on_or_before(self.now_on - timedelta(days=1), "DE-HH"), 16, 10)
        with unit_of_work():
            talk = db.session.get_one(Talk, number)
            talks.not_reached(talk, actor=db.session.get_one(User, talk.owner_id), at=at)
