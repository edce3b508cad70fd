"""The sending process is killed again and again: no letter is missing, and at most the one in hand goes twice."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from random import Random

import pytest
from flask import Flask

from app import create_app
from app.core.clock import FrozenClock
from app.db import db, unit_of_work
from app.mail import Recipient, queries, queue
from app.mail.ticks import send_due
from config import Config
from tests.mail.letters import again
from tests.servers import PATIENCE, MailServer

pytestmark = [pytest.mark.sql, pytest.mark.slow]

LETTERS, KILLS = 60, 8
FORK = multiprocessing.get_context("fork")


def send_for_ever(config: Config, clock: FrozenClock, number: int) -> None:
    """Be a process of our own that sends; its clock starts where the test's stands, and runs."""
    started, at = time.monotonic(), clock.now()
    app = create_app(replace(config, mail_timeout=1), clock)
    with app.app_context():
        while True:
            clock.move_to(at + timedelta(seconds=number * 10 + time.monotonic() - started))
            send_due(f"worker-{number}")
            db.session.remove()
            time.sleep(0.02)


def start(config: Config, clock: FrozenClock, number: int) -> BaseProcess:
    process = FORK.Process(target=send_for_ever, args=(config, clock, number), daemon=True)
    process.start()
    return process


def test_killed_senders_lose_nothing_and_repeat_at_most_one_letter_a_kill(
    app: Flask, config: Config, clock: FrozenClock, server: MailServer
) -> None:
    queued_at = clock.now()
    with unit_of_work():
        letters = [
            queue(
                key=f"k/{n}", to=Recipient("a@example.org", "", "de"), subject="x", text="x\n", purpose="mail.test", at=queued_at
            )
            for n in range(LETTERS)
        ]
    server.delay = 0.03
    chance = Random(7)

    for number in range(KILLS):
        process = start(config, clock, number)
        before = len(server.deliveries)
        while len(server.deliveries) == before:  # it is at work
            time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 0.1))
        process.kill()
        process.join()
    last = start(config, clock, KILLS)
    try:
        until = time.monotonic() + PATIENCE
        while queries.counts()["queued"] and time.monotonic() < until:
            again(letters[0])
            time.sleep(0.2)
    finally:
        last.kill()
        last.join()

    arrived = Counter(message["Message-ID"] for message in server.messages)
    assert set(arrived) == {letter.message_id for letter in letters}
    assert sum(arrived.values()) - LETTERS <= KILLS
    assert queries.counts()["sent"] == LETTERS
