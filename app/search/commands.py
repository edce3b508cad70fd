"""`flask search TEXT`: what the search page finds."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.search.queries import find


@click.command("search")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def search(text: str, as_json: bool) -> None:
    """Find records by name or phone number, as an administrator would."""
    found = find(text.replace("\0", ""))
    hits = [hit for group in found for hit in group.hits]
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False))
        return
    for hit in hits:
        click.echo(f"{hit.kind:8} {hit.id:>8}  {hit.name}  ({hit.note})" if hit.note else f"{hit.kind:8} {hit.id:>8}  {hit.name}")
