"""`flask demo load`: believable data on an empty database; `flask demo sign-ins`: who can sign in to it."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from app.core.clock import clock
from app.db import db
from app.demo import bulk, firm
from app.users.models import User


@click.group("demo")
def demo() -> None:
    """The demo firm."""


@demo.command("load")
@click.option("--managers", type=click.IntRange(0, 1_000_000), default=0, help="Add so many managers, with all in proportion.")
@click.option("--seed", type=int, default=1, show_default=True)
@with_appcontext
def load(managers: int, seed: int) -> None:
    """Load the demo firm into an empty database; with --managers, also as many records of the same shape."""
    if db.session.scalar(sa.select(User.id).limit(1)) is not None:
        click.echo("There are users already: the demo firm is loaded into an empty database only.", err=True)
        raise SystemExit(1)
    firm.build(seed, clock().now())
    if managers:
        owners = db.session.scalars(sa.select(User.id).where(User.role == "consultant").order_by(User.id)).all()
        bulk.load(managers, seed, list(owners), clock().now())
    click.echo("The demo firm is loaded.")


@demo.command("sign-ins")
@with_appcontext
def sign_ins() -> None:
    """Print how each role signs in to the demo firm."""
    for role, email in firm.SIGN_INS.items():
        click.echo(f"  {role:14} {email}  {firm.PASSWORD}")
