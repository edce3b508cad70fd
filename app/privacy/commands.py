"""`privacy erase manager ID`: erase somebody at once; commands never ask back."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from app.cli import refusing
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.managers.models import Manager
from app.privacy import actions, ticks

privacy = AppGroup("privacy", help="Erasure of a person's data.")


@privacy.command("erase")
@click.argument("kind", type=click.Choice(["manager"]))
@click.argument("number", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@refusing
def erase(kind: str, number: int, as_json: bool) -> None:
    """Erase all data of the manager with this ID, now. Twice does nothing more."""
    with unit_of_work():
        manager = db.session.get(Manager, number)
        if manager is None:
            raise RuleViolation("There is no %(kind)s with the ID %(number)s.", kind=kind, number=number)
        line = actions.erase(manager, actor=None, at=clock().now())
        told = {
            "manager": number,
            "erased_at": line.erased_at.isoformat(),
            "seconds": line.seconds,
            "letter": line.letter_id is not None,
        }
    ticks.finish(clock().now())
    click.echo(json.dumps(told) if as_json else f"Manager {number} is erased ({line.seconds} s).")


@privacy.command("export", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def export() -> None:
    """Not there yet."""
    click.echo("privacy export: not there yet", err=True)
    sys.exit(2)
