"""`import managers FILE.csv [--papers FOLDER] [--dry-run]`: bringing people along from a table."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from app.admission.art14 import GROUNDS, INTEREST
from app.cli import refusing
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.exchange import actions, sheets
from app.exchange.actions import Manner, Report
from app.exchange.rules import Outcome
from app.privacy.queries import was_erased

KINDS = ("managers", "clients", "contacts", "mandates")


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--papers", "folder", type=click.Path(path_type=Path), help="Folder with papers, found by number, mail or name.")
@click.option("--ground", default=INTEREST, type=click.Choice(sorted(GROUNDS)), show_default=True, help="Ground of keeping.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@refusing
def import_command(kind: str, file: Path, folder: Path | None, ground: str, dry: bool, as_json: bool) -> None:
    """Enter people from a CSV file. Nobody is written to before a lead starts the import on its page.

    Who is released in the table is offered to clients once a lead has started the import. A row that is refused changes nothing, the others go in. Exit: 0, 1 where the file or a row was refused.
    """
    if kind != "managers":
        click.echo(f"import {kind}: not there yet", err=True)
        sys.exit(2)
    papers = _papers(folder) if folder is not None else {}
    table = actions.read(_content(file), file.name, sorted(papers), sheets.MOST_ROWS)
    manner = Manner(actor=None, at=clock().now(), ground=ground, may_release=True, was_erased=was_erased, dry=dry)
    report = actions.bring_along(table, manner, lambda name: _content(papers[name]), unit_of_work)
    click.echo(json.dumps(_as_json(report), ensure_ascii=False) if as_json else _as_text(report, dry))
    refused = report.count(Outcome.REFUSED)
    if refused:
        click.echo(f"{refused} of {len(report.lines)} rows were refused.", err=True)
        sys.exit(1)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(sheets.LARGEST + 1)  # what is larger is refused, not read
    except OSError as error:
        raise RuleViolation("%(name)s cannot be opened: %(why)s.", name=path.name, why=error.strerror or "") from None


def _papers(folder: Path) -> dict[str, Path]:
    """Return the files below the folder by their path in it; links are not followed."""
    if not folder.is_dir():
        raise RuleViolation("%(name)s is no folder.", name=folder.name)
    return {
        (Path(where) / name).relative_to(folder).as_posix(): Path(where) / name
        for where, _folders, names in os.walk(folder)
        for name in names
        if not (Path(where) / name).is_symlink() and (Path(where) / name).is_file()  # nothing that never ends, such as a pipe
    }


def _reason(reason: str | None, values: object) -> str | None:
    return reason % values if reason and values else reason


def _as_json(report: Report) -> dict[str, object]:
    return {
        "batch": report.batch_id,
        **{str(outcome): report.count(outcome) for outcome in Outcome},
        "unknown_columns": list(report.unknown),
        "unmatched_papers": report.unmatched,
        "rows": [
            {
                "row": line.row,
                "name": line.name,
                "outcome": str(line.outcome),
                "reason": _reason(line.reason, line.values),
                "manager": line.manager_id,
                "papers": line.papers,
            }
            for line in report.lines
        ],
    }


def _what_next(report: Report, dry: bool) -> str:
    if dry:
        return "Nothing was changed."
    if report.batch_id is None:
        return "Nobody came in, so there is nothing to start."
    return f"Import {report.batch_id}; a lead starts it on its page."


def _as_text(report: Report, dry: bool) -> str:
    told = [
        f"row {line.row}: {line.name or '-'}: {line.outcome}"
        + (f" as ID {line.manager_id}" if line.manager_id else "")
        + (f" ({_reason(line.reason, line.values)})" if line.reason else "")
        for line in report.lines
    ]
    if report.unknown:
        told.append("Columns that nobody knows: " + ", ".join(report.unknown))
    if report.unmatched:
        told.append("Papers that belong to nobody: " + ", ".join(report.unmatched))
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome)
    told.append(f"{counts}. " + _what_next(report, dry))
    return "\n".join(told)
