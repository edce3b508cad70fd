"""`users add`, `users list`, `users first-link`."""

from __future__ import annotations

import json

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.cli import refusing
from app.core.clock import clock
from app.core.names import split_name
from app.db import db, unit_of_work
from app.settings.queries import firm
from app.users import actions, first, queries
from app.users.models import Team, User
from app.users.rules import Role
from app.web.language import LANGUAGES

users = AppGroup("users", help="Accounts of colleagues.")


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", required=True, help="First and last name, with title and particle where there are any.")
@click.option("--password", required=True, help="At least 12 characters.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="Default: the firm's.")
@click.option("--team", default=None, help="The team's name; default: the first one.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def add(email: str, role: str, name: str, password: str, language: str | None, team: str | None, as_json: bool) -> None:
    """Open an account for EMAIL."""
    if not name.strip():
        raise click.BadParameter("a name is needed", param_hint="--name")
    title, first_name, particle, last_name = split_name(name)
    with unit_of_work():
        user = actions.add(
            email=email,
            role=role,
            title=title,
            first_name=first_name,
            particle=particle,
            last_name=last_name,
            password=password,
            language=language or firm().language,
            team=_team(team),
            at=clock().now(),
        )
        db.session.flush()
        said = {"id": user.id, "email": user.email, "role": user.role, "name": user.name}
    click.echo(
        json.dumps(said, ensure_ascii=False) if as_json else f"{said['name']} <{said['email']}> can sign in as {said['role']}."
    )


def _team(name: str | None) -> Team | None:
    if name is None:
        return None
    found = db.session.scalar(sa.select(Team).where(Team.name == name))
    if found is None:
        raise click.BadParameter(f"there is no team “{name}”", param_hint="--team")
    return found


@users.command("list")
@click.option("--json", "as_json", is_flag=True)
@refusing
def show(as_json: bool) -> None:
    """List all accounts."""
    rows = [
        {"id": row.id, "email": row.email, "role": row.role, "team": row.team, "active": row.active}
        for row in db.session.execute(queries.everyone().order_by(User.id))
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['role']:<14} {row['email']}{'' if row['active'] else '  (disabled)'}")


@users.command("first-link")
@refusing
def first_link() -> None:
    """Print a one-time link that opens the first administrator's account; nothing where there is one."""
    with unit_of_work():
        url = first.link(clock().now(), firm().language)
    if url:
        click.echo(f"Open this once to create the first administrator: {url}")
