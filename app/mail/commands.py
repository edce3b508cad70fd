"""`bin/flask mail …`"""

from __future__ import annotations

import json
import uuid

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.cli import refusing
from app.core.clock import clock
from app.db import unit_of_work
from app.mail.actions import Recipient, queue, resume
from app.mail.compose import compose, speaking
from app.settings.queries import firm


@click.group("mail")
def mail() -> None:
    """Letters that Lotse sends."""


@mail.command("test")
@click.argument("address")
@click.option("--count", default=1, type=click.IntRange(1, 100_000), help="How many letters.")
@click.option("--json", "as_json", is_flag=True, help="Print the keys as a JSON list.")
@with_appcontext
@refusing
def test(address: str, count: int, as_json: bool) -> None:
    """Queue test letters to ADDRESS and print their keys; the scheduler sends them."""
    run, at, language = uuid.uuid4().hex[:12], clock().now(), firm().language
    keys = []
    with unit_of_work(), speaking(language):
        for number in range(1, count + 1):
            subject = _("Test letter %(number)d of %(count)d", number=number, count=count)
            body = _("This letter shows that Lotse can send mail. There is nothing to do.")
            written = compose(language, [body], title=subject)
            letter = queue(
                key=f"mail.test/{run}/{number}",
                to=Recipient(address, "", language),
                subject=subject,
                text=written.text,
                html=written.html,
                purpose="mail.test",
                at=at,
            )
            keys.append(letter.key)
    click.echo(json.dumps(keys) if as_json else "\n".join(keys))


@mail.command("resume")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
@refusing
def resume_command(as_json: bool) -> None:
    """Let letters go out again that wait since a backup was restored."""
    with unit_of_work():
        waiting = resume(at=clock().now())
    click.echo(json.dumps({"waiting": waiting}) if as_json else f"Letters go out again; {waiting} wait.")
