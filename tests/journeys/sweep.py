"""What is typed into forms and addresses by mistake or in bad faith, and whether anything was changed by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.db import db
from tests.office import _Forms

BIG, BIGGER = str(2**63), str(2**64)
ODD_IDS = ("987654321", BIG, BIGGER, "-1", "-9223372036854775809", "abc", "1.5", "1%00", "%00", "%C0%80", "1'--", "٣", "0")
NUL = "Etwas\0mehr"
LONG, TOO_LONG = "x" * 200, "x" * 200_001
ODD_NUMBERS = (BIG, "-1", "1e400", "NaN", "zwei")
ODD_DATES = ("2027-02-29", "99999-01-01", "0001-01-01", "9999-12-31", "gestern")
ODD_TIMES = ("25:00", "mittags")
ODD_CHOICES = ("gibt-es-nicht", BIG)
# No one's records: tries, when a session was last used, the version of the firm's settings (made when first asked for).
NOT_RECORDS = {"throttle_hit", "user_session", "firm_revision"}


@dataclass(frozen=True)
class Field:
    """A field of a rendered form: what kind of control, what it holds, what it offers."""

    name: str
    kind: str  # text, area, number, date, time, choice, box, hidden, file
    values: tuple[str, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A rendered form that posts."""

    page: str
    action: str
    fields: tuple[Field, ...]

    @property
    def shape(self) -> tuple[str, frozenset[str]]:
        """What forms have in common that are treated alike."""
        action = "".join("#" if c.isdigit() else c for c in self.action.split("?")[0])
        return action, frozenset(field.name for field in self.fields)

    def filled(self) -> dict[str, Any]:
        """Return the form as somebody would fill it who types something everywhere."""
        return {field.name: usual(field) for field in self.fields if field.kind != "file"}


USUAL = {
    "email": "neu@example.org",
    "website": "www.example.org",
    "postcode": "80331",
    "zone": "Europe/Berlin",
    "phone": "+49 89 1234560",
    "mobile": "+49 171 1234560",
    "minutes": "45",
    "new_end_on": "2026-10-30",
    "signed_on": "2026-03-16",
    "starts_on": "2026-04-01",
    "ends_on": "2026-09-30",
    "effective_on": "2026-07-13",
    "left_on": "2026-03-16",
    "lost_on": "2026-03-16",
    "made_on": "2026-01-05",
    "held_on": "2026-03-17",
    "held_time": "08:00",
    "manager_name": "Aldenhoff",
    "password": "Leuchtfeuer-Priel-30",
    "again": "Leuchtfeuer-Priel-30",
}
KINDS = {
    "number": "number",
    "date": "date",
    "time": "time",
    "hidden": "hidden",
    "file": "file",
    "checkbox": "box",
    "radio": "choice",
}


def usual(field: Field) -> Any:
    """Return what stands in the field, else something that fits."""
    if field.kind == "hidden" or (field.values and any(field.values)):
        return list(field.values)
    if field.kind in ("choice", "box"):
        return next((value for value in field.offered if value), "")
    by_kind = {"number": "3", "date": "2026-04-14", "time": "10:00"}
    return USUAL.get(field.name) or by_kind.get(field.kind, "Etwas")


def odd_values(field: Field) -> Iterator[tuple[Any, bool]]:
    """Yield what is typed into the field instead, and whether it has to be refused."""
    if field.name in ("csrf_token", "form_key"):
        return
    if field.name == "version":
        is_of_a_record = any(field.values)  # else it is a new one, or a button
        yield from ((odd, is_of_a_record) for odd in ("", NUL, BIGGER, None))
        return
    yield NUL, field.kind != "box"
    if field.kind in ("text", "area", "hidden"):
        yield from ((LONG, False), (TOO_LONG, True))
    elif field.kind == "number":
        yield from ((odd, odd != "-1") for odd in ODD_NUMBERS)
    elif field.kind == "date":
        yield from ((odd, True) for odd in ODD_DATES)
    elif field.kind == "time":
        yield from ((odd, True) for odd in ODD_TIMES)
    elif field.kind == "choice":
        yield from ((odd, True) for odd in ODD_CHOICES)


class _Reader(_Forms):
    """Reads forms with the kinds of their controls."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        if not self.forms:
            return
        form = self.forms[-1]
        kinds, offered = form.setdefault("kinds", {}), form.setdefault("offered", {})
        name = given.get("name")
        if tag == "input" and name:
            kinds[name] = KINDS.get(given.get("type") or "text", "text")
            if kinds[name] in ("choice", "box"):
                offered.setdefault(name, []).append(given.get("value") or "y")
        elif tag in ("select", "textarea") and name:
            kinds[name] = "choice" if tag == "select" else "area"
        elif tag == "option" and self._select:
            offered.setdefault(self._select, []).append(given.get("value") or "")


def forms_of(html: str, page: str) -> list[Form]:
    """Return the forms of a page that post; a button outside its form belongs to none."""
    found = []
    for form in _Reader(html).forms:
        if form["method"] != "post":
            continue
        fields = tuple(
            Field(name, kind, tuple(form["fields"].get(name, ())), tuple(form["offered"].get(name, ())))
            for name, kind in form.get("kinds", {}).items()
        )
        found.append(Form(page, form["action"] or page, fields))
    return found


class Books:
    """The database as it was: `changed()` says whether it still is, `restore()` makes it so again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.before = self.count()
        self._restore = _sqlite(app) if db.engine.dialect.name == "sqlite" else _postgresql()

    def count(self) -> dict[str, Any]:
        """Return rows per table, and the newest entry of the audit trail."""
        with self.app.app_context(), db.engine.connect() as connection:
            tables = [table for name, table in db.metadata.tables.items() if name not in NOT_RECORDS]
            counts = sa.select(
                *(sa.select(sa.func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables)
            )
            return dict(connection.execute(counts).one()._mapping)

    def changed(self) -> dict[str, Any]:
        """Return the tables whose number of rows is another one; a changed row shows in the audit trail."""
        now = self.count()
        return {name: (self.before[name], now[name]) for name in now if now[name] != self.before[name]}

    def restore(self) -> None:
        db.session.remove()
        self._restore()


def _sqlite(app: Flask) -> Any:
    live = Path(str(db.engine.url.database))
    kept = sqlite3.connect(":memory:")
    source = sqlite3.connect(live)
    source.backup(kept)
    source.close()

    def restore() -> None:
        target = sqlite3.connect(live)
        kept.backup(target)
        target.close()

    return restore


# Copying the whole database takes a second, the rows of its tables some milliseconds.
_KEEP = """
DO $$ DECLARE one record; BEGIN
  DROP SCHEMA IF EXISTS kept CASCADE;  -- of an earlier test that had this database
  CREATE SCHEMA kept;
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', one.name, one.name);
  END LOOP;
  CREATE TABLE kept."of sequences" AS SELECT sequencename, last_value, start_value FROM pg_sequences WHERE schemaname = 'public';
END $$"""
_PUT_BACK = """
DO $$ DECLARE one record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', one.name);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', one.name, one.name);
  END LOOP;
  FOR one IN SELECT format('%I', sequencename) AS name, last_value, start_value FROM kept."of sequences" LOOP
    PERFORM setval(one.name::regclass, coalesce(one.last_value, one.start_value), one.last_value IS NOT NULL);
  END LOOP;
END $$"""


def _postgresql() -> Any:
    """Keep the rows beside their tables, and put them back past triggers and foreign keys; connections stay."""
    db.session.remove()

    def run(block: str) -> None:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(block.replace("%", "%%"))

    run(_KEEP)
    return lambda: run(_PUT_BACK)
