"""`cv check`: the analyser on files, without a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.admission.cv import analyse
from app.core.clock import clock
from app.core.dates import parse_day
from app.core.errors import RuleViolation
from app.files import reading


@click.group()
def cv() -> None:
    """CVs of managers."""


@cv.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DAY", help="Day of judging, YYYY-MM-DD; today where it is left out.")
@click.option("--json", "as_json", is_flag=True, help="JSON, as without it: there is nothing else to print.")
@with_appcontext
def check_command(files: tuple[Path, ...], as_of: str | None, as_json: bool) -> None:
    """Print what the papers say and how they stand against the six criteria: one entry per file, as JSON.

    A file that cannot be read is an entry with the reason. Exit: 0, 2 for a day that is none.
    """
    try:
        day = parse_day(as_of, "as_of") if as_of is not None else clock().today(_zone())
    except RuleViolation as violation:
        raise click.BadParameter(str(violation), param_hint="--as-of") from None
    try:
        # One entry after the other, so that many files take no more memory than one.
        for number, file in enumerate(files):
            click.echo(("[\n" if number == 0 else ",\n") + json.dumps(_entry(file, day), ensure_ascii=False, indent=1), nl=False)
        click.echo("\n]")
    finally:
        reading.READERS.close()


def _zone() -> str:
    """The firm's zone stands in a database that need not be there; the default is near enough for a day of judging."""
    from app.settings.rules import Firm

    return Firm().zone


def _entry(file: Path, day: date) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file": str(file),
        "readable": False,
        "is_cv": False,
        "language": None,
        "facts": None,
        "criteria": None,
    }
    try:
        _kind, document = reading.read_file(file)
    except reading.Unreadable as unreadable:
        return entry | {"reason": reading.REASONS[unreadable.reason]}
    except RuleViolation as violation:
        return entry | {"reason": str(violation)}
    except OSError as error:
        return entry | {"reason": error.strerror or "The file cannot be opened."}
    try:
        return entry | {"readable": True, **analyse(document, day).to_json()}
    except Exception:  # one paper that a rule stumbles over must not take the others with it
        current_app.logger.exception("cv.stumbled")
        return entry | {"reason": "The analyser stumbled over this file."}
