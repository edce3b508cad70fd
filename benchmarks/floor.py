"""The floor: bare Flask pages that show the same rows from the same database, with nothing around them.

No sign-in, no rights, no translations, no shell: what is left when everything that Lotse adds is taken away.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template_string, request

_LIST = """<!doctype html><title>floor</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""
_DETAIL = """<!doctype html><title>floor</title><dl>{% for name, value in facts.items() %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<table>{% for talk in talks %}<tr>{% for cell in talk %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>
<ol>{% for event in events %}<li>{{ event.at }} {{ event.kind }} {{ event.facts }}</li>{% endfor %}</ol>"""

MANAGERS = """
SELECT id, title, first_name, particle, last_name, headline, state, available_from, rate, rate_unit, rate_currency, next_step, next_step_on,
  (SELECT group_concat(value) FROM manager_tag WHERE manager_id = manager.id AND kind = 'region') AS regions
FROM manager WHERE (sort_name, id) > (:name, :id) ORDER BY sort_name, id LIMIT 50"""
TALKS = """
SELECT talk.id, talk.kind, talk.state, talk.sort_on, talk.overall, contact.last_name, manager.last_name AS m, mandate.title
FROM talk LEFT JOIN contact ON contact.id = talk.contact_id LEFT JOIN manager ON manager.id = talk.manager_id
LEFT JOIN mandate ON mandate.id = talk.mandate_id WHERE talk.owner_id = :owner AND talk.state = 'due'
ORDER BY talk.sort_on, talk.id LIMIT 50"""
SEARCH = """
SELECT kind, record_id, sort_name FROM search_name WHERE kind = 'manager' AND id IN
  (SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :match) ORDER BY sort_name LIMIT 10"""
PREFIX = """SELECT kind, record_id, sort_name FROM search_name WHERE kind = 'manager' AND sort_name >= :a AND sort_name < :b ORDER BY sort_name LIMIT 10"""


def create_floor(database_url: str) -> Flask:
    """Build the bare application on the same SQLite file, with the same pragmas for writing."""
    app = Flask(__name__)
    engine = sa.create_engine(database_url, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @app.get("/managers")
    def managers() -> str:
        with engine.connect() as connection:
            rows = connection.execute(sa.text(MANAGERS), {"name": request.args.get("name", ""), "id": request.args.get("id", 0)}).all()
        return render_template_string(_LIST, rows=rows)

    @app.get("/talks")
    def talks() -> str:
        with engine.connect() as connection:
            rows = connection.execute(sa.text(TALKS), {"owner": request.args["owner"]}).all()
        return render_template_string(_LIST, rows=rows)

    @app.get("/managers/<int:number>")
    def manager(number: int) -> str:
        with engine.connect() as connection:
            facts = connection.execute(sa.text("SELECT * FROM manager WHERE id = :id"), {"id": number}).mappings().one()
            talks = connection.execute(sa.text("SELECT id, kind, state, due_on FROM talk WHERE manager_id = :id ORDER BY sort_on LIMIT 20"), {"id": number}).all()
            events = connection.execute(
                sa.text("SELECT e.at, e.kind, e.facts FROM event_subject s JOIN event e ON e.id = s.event_id WHERE s.about_type = 'manager' AND s.about_id = :id ORDER BY s.at DESC LIMIT 20"),
                {"id": number},
            ).all()
        return render_template_string(_DETAIL, facts=facts, talks=talks, events=events)

    @app.get("/search")
    def search() -> str:
        text = request.args["q"]
        with engine.connect() as connection:
            if len(text) < 3:
                rows = connection.execute(sa.text(PREFIX), {"a": text, "b": text + "\x7f"}).all()
            else:
                rows = connection.execute(sa.text(SEARCH), {"match": f'"{text}"'}).all()
        return render_template_string(_LIST, rows=rows)

    @app.post("/managers")
    def create() -> str:
        with engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO manager (state, first_name, last_name, language, sort_name, folded_name, rate_unit, rate_currency, created_at, version) "
                    "VALUES ('confirmed', :first, :last, 'de', :sort, :sort, 'day', 'EUR', :at, 1)"
                ),
                {"first": request.form["first_name"], "last": request.form["last_name"], "sort": request.form["last_name"].lower(), "at": datetime.now(UTC).isoformat(" ")},
            )
        return "done"

    return app
