"""The floor: bare Flask pages that show the same rows from the same database, with nothing around them.

What stays: Flask's own routing and request, SQLAlchemy's pool with statements written by hand, one plain table of the same
rows and the same columns with a link to each record, from a template compiled once. The statements do what the application's
do: whether somebody is on a mandate, how old the papers are, the regions, the next talk. What is taken away is what Lotse
adds: session and sign-in, rights, languages, formats of days and money, filters, views, the page around the table, headers,
compression, forms, duplicates and every rule. Creating writes the same rows (manager, event and its subject, audit trail, key
of the form) in one transaction through the same durable SQLite settings, without deciding anything.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from jinja2 import Template

from benchmarks import floor_mandates
from benchmarks import floor_sql as sql

_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>floor</title>'
_LIST = (
    _PAGE
    + """<table><tr>{% for column in columns %}<th>{{ column }}</th>{% endfor %}</tr>
{% for row in rows %}<tr><td><a href="{{ prefix }}{{ row[0] }}">{{ row[1] }}</a></td>{% for cell in row[2:] %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""
)
_DETAIL = (
    _PAGE
    + """<h1>{{ facts.first_name }} {{ facts.last_name }}</h1>
<dl>{% for name, value in facts.items() %}<dt>{{ name }}</dt><dd>{{ "not known" if value is none else value }}</dd>{% endfor %}</dl>
{% for rows in tables %}<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>{% endfor %}</table>
{% endfor %}<ol>{% for event in events %}<li>{{ event.at }} {{ event.kind }} {{ names[event.actor_id] }} {{ event.facts }}</li>{% endfor %}</ol>"""
)


def create_floor(database_url: str, today: str) -> Flask:
    """Build the bare application on the same SQLite file; `today` is the day the application's clock stands at, in ISO."""
    app = Flask(__name__)
    engine = _engine(database_url)
    lists, detail = app.jinja_env.from_string(_LIST), app.jinja_env.from_string(_DETAIL)

    def listing(path: str, statement: str, columns: str, prefix: str) -> None:
        query = sa.text(statement)
        heads = columns.split()

        def view() -> str:
            given = {"today": today, **sql.FIRST_KEYS, **request.args.to_dict()}
            return _listed(lists, engine, query, {name: given[name] for name in query._bindparams}, heads, prefix)

        app.add_url_rule(path, path, view)

    listing(
        "/managers",
        sql.MANAGERS,
        "name headline state available confirmed regions papers mandate rate step step_on talk talk_on",
        "/managers/",
    )
    listing("/clients", sql.CLIENTS, "name industry seat region phone contacts running owner step step_on", "/clients/")
    for path, statement in (("", sql.MANDATES), ("/by-end", sql.MANDATES_BY_END), ("/running", sql.MANDATES_RUNNING)):
        columns = "mandate number client manager stage ends_on talk talk_on step step_on"
        listing(f"/mandates{path}", statement, columns, "/mandates/")
    floor_mandates.add(app, engine, today)
    listing("/talks", sql.TALKS, "talk person company when state mandate owner not_reached", "/talks/")

    @app.get("/admission")
    def admission() -> str:
        with engine.connect() as connection:
            tables = [connection.execute(sa.text(sql.QUEUE)).all()[:50]]
            tables += [
                connection.execute(query, dict.fromkeys(query._bindparams, today)).all()
                for query in map(sa.text, sql.QUEUE_FIGURES)
            ]
        return detail.render(facts={}, tables=tables, events=())

    @app.get("/today")
    def day() -> str:
        until = {
            "owner": request.args["owner"],
            "today": today,
            "until": _later(today, 7),
            "furthest": _later(today, 67),
            "silent": _later(today, -42),
        }
        with engine.connect() as connection:
            tables = [
                connection.execute(query, {name: until[name] for name in query._bindparams}).all()
                for query in map(sa.text, sql.DAY)
            ]
        return detail.render(facts={}, tables=tables, events=())

    @app.get("/managers/<int:number>")
    def manager(number: int) -> str:
        with engine.connect() as connection:
            facts = connection.execute(sa.text(sql.MANAGER), {"id": number}).mappings().one()
            tables = [connection.execute(sa.text(query), {"id": number}).all() for query in sql.OF_MANAGER]
            events = connection.execute(sa.text(sql.EVENTS), {"id": number}).all()
            names: dict[int, str] = dict(connection.execute(sa.text("SELECT id, last_name FROM user_account")).all())
        return detail.render(facts=facts, tables=tables, events=events, names=names)

    @app.get("/search")
    def search() -> str:
        text = request.args["q"]
        with engine.connect() as connection:
            if len(text) < 3:
                rows = connection.execute(sa.text(sql.PREFIX), {"a": text, "b": text + "\x7f"}).all()
            else:
                rows = connection.execute(sa.text(sql.SEARCH), {"match": f'"{text}"'}).all()
        return lists.render(rows=rows, columns=("name", "kind", "note"), prefix="/")

    @app.post("/managers")
    def create() -> str:
        with engine.begin() as connection:
            given = _person(request.form)
            given["id"] = connection.execute(sa.text(sql.CREATE), given).lastrowid
            given["event"] = connection.execute(sa.text(sql.CREATE_EVENT), given).lastrowid
            for statement in sql.CREATE_BESIDE:
                connection.execute(sa.text(statement), given)
        return "done"

    return app


def _engine(database_url: str) -> sa.Engine:
    engine = sa.create_engine(database_url, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _listed(template: Template, engine: sa.Engine, query: Any, given: dict[str, Any], columns: list[str], prefix: str) -> str:
    with engine.connect() as connection:
        rows = connection.execute(query, given).all()
    return template.render(rows=rows[:50], columns=columns, prefix=prefix)


def _later(day: str, days: int) -> str:
    return (datetime.fromisoformat(day) + timedelta(days=days)).date().isoformat()


def _person(form: Any) -> dict[str, Any]:
    last, facts = form["last_name"], json.dumps(form.to_dict())
    return {
        "first": form["first_name"],
        "last": last,
        "sort": last.lower(),
        "facts": facts,
        "at": datetime.now(UTC).isoformat(" "),
    }
