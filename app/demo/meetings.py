"""The interviews of the demo firm: held with recommendations and a letter, arranged, and one that is due."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.admission import appreciation_actions, appreciation_rules
from app.admission.models import AppreciationRequest
from app.core.dates import next_working_day
from app.db import db, unit_of_work
from app.interviews import actions, letters
from app.interviews.models import Interview
from app.interviews.rules import Ability, Recommendation, Used
from app.links.models import PersonalLink
from app.mail.ticks import send_due
from app.managers.models import Manager
from app.talks import actions as talks
from app.talks.models import Talk
from app.talks.state_rules import Channel
from app.users.models import User

ZONE = "Europe/Berlin"
ADVICE = {
    "de": (
        "Projektliste mit Ergebnissen je Mandat ergänzen", "Kurzprofil auf eine Seite bringen", "Zwei frühere Auftraggeber um eine Referenz bitten",
        "Branche und Größe der Unternehmen nennen", "Lücke zwischen 2021 und 2023 erklären",
    ),
    "nl": (
        "Projectenlijst met resultaten per opdracht aanvullen", "Kort profiel tot één pagina inkorten", "Twee eerdere opdrachtgevers om een referentie vragen",
        "Branche en omvang van de bedrijven noemen",
    ),
    "en": (
        "Add a project list with results for each assignment", "Bring the short profile down to one page", "Ask two former clients for a reference",
        "Name the industry and size of each company",
    ),
}  # fmt: skip
CAREER = {
    "de": "Zwölf Jahre Linie, seit sechs Jahren Interim. Drei Werke saniert, zuletzt 400 Beschäftigte.",
    "nl": "Twaalf jaar in de lijn, zes jaar interim. Drie bedrijven weer gezond gemaakt.",
    "en": "Twelve years in the line, six as an interim manager. Turned three plants around.",
}
TIP = {
    "de": "Gern vorher sagen, welche Fragen kommen.",
    "nl": "Graag vooraf vertellen welke vragen er komen.",
    "en": "Please say beforehand what will be asked.",
}
HELD = (0, 2, 4, 7, 11, 14, 18)  # places of managers, all of them released
ARRANGED, DUE = 22, 24


def hold_all(chance: random.Random, managers: list[int], owners: list[int], now_on: date, move: Any) -> None:
    """Hold, arrange and plan the interviews; `move(day, hour)` moves the clock and returns the instant."""
    quarter = appreciation_rules.quarter_of(now_on).back(1)  # all in one that is over: its score can be shown
    first = date(quarter.year, 3 * quarter.number - 2, 1)
    for number, place in enumerate(HELD):
        day = next_working_day(first + timedelta(days=4 + 7 * number), "DE-HH")
        hold(chance, managers[place], owners[number % len(owners)], day, move)
    arranged = _plan(managers[ARRANGED], owners[0], now_on - timedelta(days=6), now_on + timedelta(days=2), move)
    _arrange(arranged, next_working_day(now_on + timedelta(days=2), "DE-HH"), 14, move(now_on - timedelta(days=5), 10))
    send_due("demo")
    _plan(managers[DUE], owners[0], now_on - timedelta(days=8), now_on - timedelta(days=1), move)


def _plan(manager_id: int, owner_id: int, on: date, due_on: date, move: Any) -> int:
    at = move(on, 9)
    with unit_of_work():
        owner = db.session.get_one(User, owner_id)
        talk = actions.plan(
            db.session.get_one(Manager, manager_id), next_working_day(due_on, "DE-HH"), owner=owner, actor=owner, at=at, today=on
        )
        return talk.id


def _arrange(talk_id: int, day: date, hour: int, at: datetime) -> None:
    with unit_of_work():
        talk = db.session.get_one(Talk, talk_id)
        starts_at = datetime.combine(day, time(hour), ZoneInfo(ZONE))
        terms = talks.Terms(starts_at, ZONE, 60, Channel.VIDEO, "https://video.example/hafenkontor")
        talks.arrange(talk, terms, actor=db.session.get_one(User, talk.owner_id), at=at)


def hold(chance: random.Random, manager_id: int, owner_id: int, day: date, move: Any) -> None:
    """Plan, arrange and hold the interview on that day, with its letter; later ask what came of the recommendations."""
    talk_id = _plan(manager_id, owner_id, day - timedelta(days=9), day, move)
    _arrange(talk_id, day, 10, move(day - timedelta(days=8), 11))
    send_due("demo")
    at = move(day, 12)
    with unit_of_work():
        talk, owner = db.session.get_one(Talk, talk_id), db.session.get_one(User, owner_id)
        interview = actions.begin(talk, at=at)
        db.session.flush()
        language = interview.manager.language
        advice = chance.sample(ADVICE[language], 3)
        answers = actions.Answers(
            career=CAREER[language],
            abilities={ability: chance.choice((3, 4, 4, 5)) for ability in Ability},
            recommendations=[Recommendation(text, day + timedelta(days=21 + 14 * place)) for place, text in enumerate(advice)],
        )
        held = talks.Record(held_at=talk.appointment_at or at, minutes=55)
        actions.complete(interview, answers, held, actor=owner, at=at, today=day)
        db.session.flush()
        actions.send_letter(interview, letters.draft(interview, day, owner), actor=owner, at=at)
        interview_id = interview.id
    send_due("demo")
    _answer(chance, interview_id, language, next_working_day(day + timedelta(days=1), "DE-HH"), move)
    _ask(chance, interview_id, owner_id, day + timedelta(days=40), move)


def _answer(chance: random.Random, interview_id: int, language: str, day: date, move: Any) -> None:
    """Ask the manager about the interview the morning after, and have the answer come at noon."""
    at = move(day, 8)
    with unit_of_work():
        appreciation_actions.ask(interview_id, at=at)
    send_due("demo")
    at = move(day, 12)
    with unit_of_work():
        asked = db.session.get_one(AppreciationRequest, interview_id)
        link = db.session.get_one(PersonalLink, asked.link_id)
        tip = chance.choice((TIP[language], None))
        appreciation_actions.answer(link, chance.choice((4, 5, 5)), chance.choice((3, 4, 4, 5)), tip, at=at)


def _ask(chance: random.Random, interview_id: int, owner_id: int, day: date, move: Any) -> None:
    at = move(day, 15)
    with unit_of_work():
        interview, owner = db.session.get_one(Interview, interview_id), db.session.get_one(User, owner_id)
        for one in interview.recommendations[: chance.randint(1, 3)]:
            actions.note_used(
                interview, one.id, chance.choice((Used.YES, Used.YES, Used.PARTLY, Used.NO)), actor=owner, at=at, today=at.date()
            )
