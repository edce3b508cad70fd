"""People at work while everything is killed: each posts forms, presses again after an error, and keeps what was acknowledged.

load = Load(plant)
load.begin(people=4, posts=200)
…
load.finish()
load.check()
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from random import Random

import sqlalchemy as sa

from app.clients.models import Client
from app.db import db
from tests.factories import make_user
from tests.journeys.doors import Answer, Typed, Visitor, form_in
from tests.office import sign_in
from tests.reliability.plant import Plant

PAUSE = 0.1  # seconds until somebody presses again


@dataclass(frozen=True)
class Acknowledged:
    """A client that the application said it had saved: its name, where it led, and when the answer came (UTC)."""

    name: str
    location: str
    at: datetime


@dataclass
class Load:
    """So many people who enter clients at the plant's web processes."""

    plant: Plant
    acknowledged: list[Acknowledged] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)  # posted once without an answer, and never again
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def begin(self, *, people: int, posts: int) -> None:
        """Let `people` share `posts` forms; those signed in are consultants made for it."""
        for number in range(people):
            client = self.plant.app.test_client()
            sign_in(client, make_user(digest=False))  # the only letters are those of the test
            cookie = client.get_cookie("lotse")
            assert cookie is not None
            visitors = [Visitor(url, f"lotse={cookie.value}") for url in self.plant.urls]
            share = posts // people + (number < posts % people)
            person = threading.Thread(target=self._work, args=(number, visitors, share), daemon=True)
            self._threads.append(person)
            person.start()

    @property
    def is_done(self) -> bool:
        return not any(person.is_alive() for person in self._threads)

    def stop(self) -> None:
        """Have everybody stop, after the form in hand at the latest: one that was posted may be neither acknowledged nor given up."""
        self._stopping.set()

    def finish(self, seconds: float = 120.0) -> None:
        """Wait until everybody is through."""
        until = time.monotonic() + seconds
        for person in self._threads:
            person.join(max(0.1, until - time.monotonic()))
        self._stopping.set()
        assert self.is_done and not self.errors, (self.errors, self.statuses, self.plant.logs()[-4000:])

    def check(self) -> None:
        """Each acknowledged one is there once, where it led; of those given up at most one; nothing else, and no error page 500."""
        db.session.rollback()
        found = db.session.execute(sa.select(Client.id, Client.name)).all()
        by_name = Counter(name for _number, name in found)
        paths = {f"/clients/{number}": name for number, name in found}
        assert [one.name for one in self.acknowledged if by_name[one.name] != 1] == []
        assert [one for one in self.acknowledged if paths.get(one.location.partition("?")[0]) != one.name] == []
        assert [name for name in self.given_up if by_name[name] > 1] == []
        assert set(by_name) <= {one.name for one in self.acknowledged} | set(self.given_up)
        assert self.statuses[500] == 0, self.plant.logs()[-4000:]

    def _work(self, number: int, visitors: Sequence[Visitor], share: int) -> None:
        chance = Random(number)
        try:
            for one in range(share):
                name = f"Fährkontor {number}-{one} GmbH"
                self._enter(visitors, name, patient=chance.random() < 0.8)
        except Exception as problem:
            self.errors.append(repr(problem))
            raise

    def _enter(self, visitors: Sequence[Visitor], name: str, *, patient: bool) -> None:
        typed, at = None, 0
        while typed is None and not self._stopping.is_set():
            at += 1
            page = self._try(visitors[at % len(visitors)], "/clients/new")
            if page is not None and page.status == 200:
                for visitor in visitors:  # one browser, whichever process it reaches
                    visitor.cookie = page.cookie or visitor.cookie
                typed = form_in(page.text, "/clients/new", name=name, region="DE-BY")
        while typed is not None and not self._stopping.is_set():
            at += 1
            answer = self._try(visitors[at % len(visitors)], typed)
            if answer is not None and answer.status == 303:
                self.acknowledged.append(Acknowledged(name, answer.location, datetime.now(UTC)))
                return
            if answer is not None and answer.status < 500:
                raise AssertionError(f"{answer.status} {answer.location} {answer.text[:2000]}")
            if not patient:
                self.given_up.append(name)
                return

    def _try(self, visitor: Visitor, what: str | Typed) -> Answer | None:
        try:
            answer = visitor.ask(what) if isinstance(what, str) else visitor.post(what)
        except (OSError, HTTPException):
            time.sleep(PAUSE)
            return None
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            time.sleep(PAUSE)
        return answer
