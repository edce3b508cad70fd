"""What the mail tests share: queueing a letter, sending what is due."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

from flask import Flask

from app.core.clock import clock
from app.db import db, unit_of_work
from app.mail import Recipient, queue
from app.mail.models import Letter
from app.mail.ticks import Round, send_due

_numbers = count(1)


def put(**given: Any) -> Letter:
    """Queue one letter in a unit of work of its own."""
    values: dict[str, Any] = {
        "key": f"tests/{next(_numbers)}",
        "to": Recipient("a.roelofs@example.org", "Anneke Roelofs", "nl"),
        "subject": "A letter",
        "text": "Hello\n",
        "purpose": "mail.test",
        "at": clock().now(),
        **given,
    }
    with unit_of_work():
        return queue(**values)


def send() -> Round:
    db.session.remove()
    return send_due("tester")


def send_four_at_once(app: Flask) -> int:
    """Send what is due as four processes do at the same moment; return how many letters went."""
    sent: list[int] = []

    def work(number: int) -> None:
        with app.app_context():
            sent.append(send_due(f"worker-{number}").sent)
            db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sent)


def again(letter: Letter) -> Letter:
    """Return the letter as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Letter, letter.id, populate_existing=True)
