"""Commands: `bin/flask …`. They print for people, and JSON with --json; 0 done, 1 refused, 2 wrong usage."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate.cli import db as migrate_group

from app.core.errors import RuleViolation
from app.db import acting_as
from app.db.commands import upgrade

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
)
NOT_YET = ("backup", "restore", "export")


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
