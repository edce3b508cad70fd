"""Counting tries, the same for every web process."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.web import throttle

pytestmark = pytest.mark.sql


def test_so_many_tries_in_a_window_and_then_the_seconds_to_wait(app: Flask, clock: FrozenClock) -> None:
    assert [throttle.hit("b", "k", 3, 60, clock.now()) for _ in range(2)] == [0, 0]
    clock.move(timedelta(seconds=20))
    assert throttle.hit("b", "k", 3, 60, clock.now()) == 0

    assert throttle.hit("b", "k", 3, 60, clock.now()) == 40
    assert throttle.seconds_to_wait("b", "k", 3, 60, clock.now()) == 40
    clock.move(timedelta(seconds=39.5))
    assert throttle.hit("b", "k", 3, 60, clock.now()) == 1
    clock.move(timedelta(seconds=0.5))
    assert throttle.hit("b", "k", 3, 60, clock.now()) == 0


def test_keys_and_buckets_count_apart_and_are_kept_as_hashes(app: Flask, clock: FrozenClock) -> None:
    throttle.hit("sign_in", "a@example.org", 1, 60, clock.now())

    assert throttle.hit("sign_in", "b@example.org", 1, 60, clock.now()) == 0
    assert throttle.hit("reset", "a@example.org", 1, 60, clock.now()) == 0
    assert throttle.hit("sign_in", "a@example.org", 1, 60, clock.now()) == 60
    assert "example.org" not in str(db.session.execute(sa.text("SELECT * FROM throttle_hit")).all())


def test_what_succeeded_is_forgotten(app: Flask, clock: FrozenClock) -> None:
    throttle.hit("b", "k", 1, 60, clock.now())
    throttle.forget("b", "k")

    assert throttle.hit("b", "k", 1, 60, clock.now()) == 0


def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_window(app: Flask, clock: FrozenClock) -> None:
    throttle.hit("b", "k", 1, 60, clock.now())
    clock.move(-timedelta(hours=3))

    assert throttle.hit("b", "k", 1, 60, clock.now()) == 60


def test_old_tries_are_deleted(app: Flask, clock: FrozenClock) -> None:
    throttle.hit("b", "k", 1, 60, clock.now())
    clock.move(timedelta(days=1, seconds=1))
    with unit_of_work():
        throttle.forget_before(clock.now())

    assert db.session.query(throttle.ThrottleHit).count() == 0


def test_many_at_once_do_not_slip_through(app: Flask, clock: FrozenClock) -> None:
    answers, ready = [], threading.Barrier(6)

    def work() -> None:
        with app.app_context():
            ready.wait()
            answers.append(throttle.hit("b", "k", 3, 60, clock.now()))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [0, 0, 0, 60, 60, 60]


def test_inside_a_unit_of_work_it_says_so_instead_of_waiting_for_itself(app: Flask, clock: FrozenClock) -> None:
    with unit_of_work(), pytest.raises(RuntimeError):
        throttle.hit("b", "k", 1, 60, clock.now())
