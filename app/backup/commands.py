"""`bin/flask backup DIR`, `backup --verify DIR`, `restore DIR`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.backup import actions, restoring, running
from app.cli import refusing
from app.core.errors import RuleViolation
from app.db.commands import misfit

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _say(as_json: bool) -> Any:
    return actions.quiet if as_json else click.echo


@click.command("backup")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Restore the backup in DIR into a scratch place and check all of it.")
@_JSON
@with_appcontext
@refusing
def backup(folder: Path, verify: bool, as_json: bool) -> None:
    """Back up database and files into DIR, which is new or empty, while people work."""
    if verify:
        _verify(folder, as_json)
        return
    if reason := misfit():
        raise RuleViolation(reason)
    manifest = running.make_and_note(folder, "command", say=_say(as_json))
    if as_json:
        click.echo(json.dumps(manifest.without_lists() | {"folder": str(folder)}))
    else:
        click.echo(f"The backup is in {folder}: {sum(manifest.rows.values()):,} rows, {len(manifest.files):,} files.")
    if manifest.missing:
        click.echo(running.lacking(manifest), err=True)


def _verify(folder: Path, as_json: bool) -> None:
    found = actions.verify(folder, say=_say(as_json))
    if as_json:
        values = {"ok": not found.problems, "problems": found.problems, **found.manifest.without_lists()}
        click.echo(json.dumps(values))
    elif not found.problems:
        rows = sum(found.manifest.rows.values())
        click.echo(f"The backup of {found.manifest.taken_at} is whole: {rows:,} rows, {len(found.manifest.files):,} files.")
        if found.manifest.missing:
            click.echo(running.lacking(found.manifest))
    else:
        for problem in found.problems:
            click.echo(f"- {problem}")
    if found.problems:
        click.echo(f"{folder} is no good backup: {found.problems[0]}.", err=True)
        sys.exit(1)


@click.command("restore")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--erasures",
    "journals",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A further folder with a journal of erasures, or a later backup.",
)
@_JSON
@with_appcontext
@refusing
def restore(folder: Path, journals: tuple[Path, ...], as_json: bool) -> None:
    """Restore the backup in DIR into an empty database and an empty place for files."""
    done = restoring.restore(folder, journals=journals, say=_say(as_json))
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    for line in running.told(done):
        click.echo(line)
