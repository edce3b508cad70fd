"""Commands: `bin/flask …`. They print for people, and JSON with --json; 0 done, 1 refused, 2 wrong usage."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import click
import structlog
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate.cli import db as migrate_group
from sqlalchemy.exc import DBAPIError

from app.core.errors import RuleViolation, StoreAway
from app.db import acting_as, db
from app.db.commands import misfit, upgrade
from app.files.queries import the_store
from app.files.store import WrongPlace

log = structlog.get_logger()

# Rooms whose `commands.py` holds a click group or command named as given.
COMMANDS = (
    ("talks", "talks"),
    ("mail", "mail"),
    ("users", "users"),
    ("demo", "demo"),
    ("search", "search"),
    ("admission", "cv"),
    ("privacy", "privacy"),
    ("exchange", "import_command"),
    ("backup", "backup"),
    ("backup", "restore"),
)
# They need none, or look for themselves.
WITHOUT_CHECK = {"talks", "cv", "backup", "restore"}
NOT_YET = ("export",)


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command: a business "no" is one line on stderr and exit 1, and who acts is "command"."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            with acting_as("command"):
                return command(*args, **kwargs)
        except RuleViolation as violation:
            click.echo(str(violation), err=True)
            sys.exit(1)

    return wrapped


def refuse_to_serve(app: Flask) -> None:
    """End the process with a sentence where code and database do not fit, or the place for files is a wrong one.

    What is only away for now does not keep a web server from starting: pages say so until it is back.
    """
    with app.app_context():
        try:
            reason = misfit()
            the_store().check()
        except (DBAPIError, StoreAway) as away:
            log.warning("started without", problem=type(away).__name__)
            return
        except WrongPlace as wrong:
            reason = str(wrong)
        finally:
            db.engine.dispose()
    if reason:
        sys.exit(reason)


def check_commands(app: Flask) -> None:
    """Have the commands that need a database of this version refuse another one."""
    for name in {name for _room, name in COMMANDS} - WITHOUT_CHECK | {"scheduler"}:
        command = app.cli.commands.get(name.removesuffix("_command"))
        if command is not None:
            _check(command)


def _check(command: click.Command) -> None:
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _check(inner)
    work: Any = command.callback
    if work is None or isinstance(command, click.Group) or hasattr(work, "checks_database"):
        return

    @with_appcontext
    @functools.wraps(work)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            reason = misfit()
        except DBAPIError as away:
            reason = f"The database cannot be reached: {next(iter(str(away.orig).splitlines()), '')}"
        if reason:
            click.echo(reason, err=True)
            sys.exit(1)
        return work(*args, **kwargs)

    checked.checks_database = True  # type: ignore[attr-defined]
    command.callback = checked


def init_app(app: Flask) -> None:
    for room, name in COMMANDS:
        app.cli.add_command(getattr(importlib.import_module(f"app.{room}.commands"), name))
    migrate_group.add_command(upgrade)
    app.cli.add_command(migrate_group)
    for name in NOT_YET:
        app.cli.add_command(_not_yet(name))


def _not_yet(name: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
    @with_appcontext
    def command() -> None:
        click.echo(f"{name}: not there yet", err=True)
        sys.exit(2)

    return command
