"""`talks plan`: the plan of talks on the command line, without a database.

Source: docs/domain.md, "Talks"; by the default numbers and without the firm's own free days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from app.core.dates import parse_day
from app.core.errors import RuleViolation
from app.talks.end_rules import PresentTalk, follow_new_end
from app.talks.plan_rules import PlannedTalk, in_order, plan
from app.talks.rules import State

OPTIONS = ("start", "end", "region", "new_end", "signed_on")
NEEDED = ("start", "end", "region")


@click.group()
def talks() -> None:
    """Talks of a mandate."""


@talks.command("plan")
@click.option("--start", metavar="DAY", help="First day of the mandate, YYYY-MM-DD.")
@click.option("--end", metavar="DAY", help="Last day of the mandate, inclusive.")
@click.option("--region", help="Region for public holidays: DE-BY, AT-9, CH-ZH, NL, BE …")
@click.option("--new-end", metavar="DAY", help="Last day after an extension, a shortening or an early end.")
@click.option("--signed-on", metavar="DAY", help="Day on which the new end was signed.")
@click.option(
    "--cases",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A file with one JSON object of these options a line; prints one JSON list a line.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan_command(cases: Path | None, as_json: bool, **options: str | None) -> None:
    """Print the talks of a term: kind, with whom, due on.

    With --new-end the plan after that change of the end: talks due on or before --signed-on count as held and are
    listed, cancelled ones are not.
    """
    if cases is not None:
        if any(value is not None for value in options.values()):
            raise click.UsageError("--cases takes the place of the other options.")
        for line in _answer_all(cases):
            click.echo(line)
        return
    _check_usage(options)
    try:
        found = _plan_case(options)
    except RuleViolation as violation:
        raise _refusal(str(violation)) from None
    if as_json:
        click.echo(_as_json(found))
        return
    for talk in found:
        click.echo(f"{talk.due_on.isoformat()}  {talk.side:<7}  {talk.kind}")


def _check_usage(options: Mapping[str, str | None]) -> None:
    for name in NEEDED:
        if options[name] is None:
            raise click.UsageError(f"Missing option '--{name}'.")
    if (options["new_end"] is None) != (options["signed_on"] is None):
        raise click.UsageError("--new-end and --signed-on go together.")


def _answer_all(cases: Path) -> list[str]:
    """Return one JSON list for each case, in the order of the file; nothing if one of them is refused."""
    try:
        with click.open_file(str(cases), encoding="utf-8-sig") as file:
            lines = file.read().split("\n")
    except UnicodeDecodeError:
        raise _refusal("The file is not written in UTF-8.") from None
    answers = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answers.append(_as_json(_plan_case(_read_case(line))))
        except RuleViolation as violation:
            raise _refusal(f"Line {number}: {violation}") from None
    return answers


def _read_case(line: str) -> dict[str, str | None]:
    """Return the options of a case; keys that are none are the caller's own and left aside."""
    try:
        case: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise RuleViolation("This is no JSON.") from None
    if not isinstance(case, dict):
        raise RuleViolation("A case is a JSON object.")
    options = {name: case.get(name) for name in OPTIONS}
    for name, value in options.items():
        if value is None and name in NEEDED:
            raise RuleViolation("“%(name)s” is missing.", name=name)
        if value is not None and not isinstance(value, str):
            raise RuleViolation("“%(name)s” must be a text.", name=name)
    if (options["new_end"] is None) != (options["signed_on"] is None):
        raise RuleViolation("“new_end” and “signed_on” go together.")
    return options


def _plan_case(options: Mapping[str, str | None]) -> list[PlannedTalk]:
    start, end = parse_day(options["start"] or "", "start"), parse_day(options["end"] or "", "end")
    region = options["region"] or ""
    planned = plan(start, end, region)
    if options["new_end"] is None or options["signed_on"] is None:
        return planned
    signed_on = parse_day(options["signed_on"], "signed_on")
    present = [
        PresentTalk(key, one.kind, one.side, State.HELD if one.due_on <= signed_on else State.DUE, one.due_on)
        for key, one in enumerate(planned, start=1)
    ]
    changes = follow_new_end(
        present,
        start=start,
        old_end=end,
        new_end=parse_day(options["new_end"], "new_end"),
        signed_on=signed_on,
        region=region,
    )
    after = [
        PlannedTalk(change.kind, change.side, change.due_after)
        for change in changes
        if change.due_after is not None  # cancelled ones have none
    ]
    return sorted(after, key=in_order)


def _as_json(found: list[PlannedTalk]) -> str:
    return json.dumps([{"kind": one.kind, "with": one.side, "due_on": one.due_on.isoformat()} for one in found])


def _refusal(sentence: str) -> click.ClickException:
    """Return an exit with 1 and `sentence` as the one line on stderr, whatever text it quotes."""
    return click.ClickException(" ".join(sentence.split())[:500])
