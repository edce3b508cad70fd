"""The floor of the mandates' pages: the board with the same cards, and a mandate's page with the lines of every panel.

Statements as few as there can be: the cards and the counts; a mandate's own row with what is counted beside it, all small
things in one union, the timeline.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Flask

_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>floor</title>'
_BOARD = (
    _PAGE
    + """{% for stage, cards in columns %}<section><h2>{{ stage }}</h2><b>{{ counts[stage] }}</b><ul>
{% for card in cards %}<li><a href="/mandates/{{ card.id }}">{{ card.title }}</a>{% if card.place == "beside" %} consultancy{% endif %}<span>{{ card.client }} · {{ card.number }}</span><span>{{ card.manager or "" }}</span>{% if card.ends_on %}<span>until {{ card.ends_on }} · {% if card.starts_on > today %}begins {{ card.starts_on }}{% else %}{{ card.left }} days{% endif %}</span>{% endif %}<span>{% if card.next_step %}{{ card.next_step }} {{ card.next_step_on }}{% else %}none{% endif %}</span></li>
{% endfor %}</ul></section>{% endfor %}"""
)
_MANDATE = (
    _PAGE
    + """<h1>{{ facts.client }}, {{ facts.title }}</h1>
<dl>{% for name, value in facts.items() %}<dt>{{ name }}</dt><dd>{{ "not known" if value is none else value }}</dd>{% endfor %}</dl>
{% for part, rows in parts %}<section><h2>{{ part }}</h2><ul>{% for row in rows %}<li>{% if row.id %}<a href="/{{ part }}/{{ row.id }}">{{ row.a }}</a>{% else %}<b>{{ row.a }}</b>{% endif %}{% for cell in row[3:] %}{% if cell is not none %} <span>{{ cell }}</span>{% endif %}{% endfor %}</li>{% endfor %}</ul></section>
{% endfor %}<ol>{% for event in events %}<li>{{ event.at }} {{ event.kind }} {{ names[event.actor_id] }} {{ event.facts }}</li>{% endfor %}</ol>"""
)

_CARDS = """SELECT id FROM (SELECT id FROM mandate WHERE stage = {0} AND lost_on IS NULL AND closed_on IS NULL
  ORDER BY ends_on, id LIMIT 25)"""
CARDS = f"""
SELECT mandate.id, mandate.title, mandate.year || '-' || mandate.running AS number, mandate.stage, mandate.place, client.name AS client,
  manager.first_name || ' ' || manager.last_name AS manager, mandate.starts_on, mandate.ends_on,
  julianday(mandate.ends_on) - julianday(:today) AS left, mandate.next_step, mandate.next_step_on
FROM mandate JOIN client ON client.id = mandate.client_id LEFT JOIN manager ON manager.id = mandate.manager_id
WHERE mandate.id IN ({" UNION ALL ".join(_CARDS.format(stage) for stage in (1, 2, 3, 4))})
ORDER BY mandate.stage, mandate.ends_on, mandate.id"""
COUNTS = "SELECT stage, count(*) FROM mandate WHERE lost_on IS NULL AND closed_on IS NULL GROUP BY stage"

MANDATE = """
SELECT m.title, client.name AS client, m.year || '-' || m.running AS number, m.stage, m.place, m.signed_on, m.starts_on, m.ends_on,
  m.first_end_on, m.goal, m.reports_to, m.days_per_week, m.exit_plan, m.handed_over, m.exit_on, m.successor, m.clause, m.client_rate,
  m.manager_rate, m.currency, m.next_step, m.next_step_on, m.manager_override_reason, m.no_closing_reason,
  contact.first_name || ' ' || contact.last_name AS contact, manager.first_name || ' ' || manager.last_name AS manager,
  (SELECT last_name FROM user_account WHERE id = m.owner_id) AS owner,
  (SELECT group_concat(u.last_name, ', ') FROM mandate_colleague c JOIN user_account u ON u.id = c.user_id WHERE c.mandate_id = m.id) AS team,
  (SELECT max(month) FROM manager_report WHERE mandate_id = m.id AND sent_in_at IS NOT NULL) AS reported,
  (SELECT count(*) FROM manager_report WHERE mandate_id = m.id AND asked_at IS NOT NULL AND sent_in_at IS NULL) AS reports_missing,
  (SELECT count(*) FROM handover_item WHERE mandate_id = m.id) AS items,
  (SELECT count(*) FROM handover_item WHERE mandate_id = m.id AND done_on IS NULL AND waived_reason IS NULL) AS items_open,
  (SELECT count(*) FROM milestone WHERE mandate_id = m.id AND state = 'planned' AND due_on < :today) AS late,
  (SELECT count(*) FROM milestone WHERE mandate_id = m.id AND state = 'reached') AS reached,
  (SELECT min(accepted_on) FROM handbook_version WHERE mandate_id = m.id) AS accepted_on
FROM mandate m JOIN client ON client.id = m.client_id LEFT JOIN contact ON contact.id = m.contact_id
LEFT JOIN manager ON manager.id = m.manager_id WHERE m.id = :id"""
PARTS = """
SELECT 'talks' AS part, talk.id, talk.kind || ' ' || talk.side AS a, talk.state AS b, coalesce(talk.appointment_at, talk.sort_on) AS c,
  talk.due_on AS d, coalesce(contact.first_name || ' ' || contact.last_name, '') || coalesce(manager.first_name || ' ' || manager.last_name, '') AS e,
  coalesce(talk.channel || ' ' || talk.minutes, talk.decline_reason) AS f
FROM talk LEFT JOIN contact ON contact.id = talk.contact_id LEFT JOIN manager ON manager.id = talk.manager_id
WHERE talk.mandate_id = :id AND NOT talk.cancelled_by_change
UNION ALL SELECT 'milestones', NULL, title, state, coalesce(reached_on, due_on), state = 'planned' AND due_on < :today, NULL, NULL
FROM milestone WHERE mandate_id = :id AND state != 'dropped'
UNION ALL SELECT * FROM (SELECT 'handbook', number, 'Version ' || number, CASE WHEN accepted_on IS NOT NULL THEN 'accepted' ELSE 'waits' END,
  summary, presented_on, accepted_on, NULL FROM handbook_version WHERE mandate_id = :id ORDER BY number DESC LIMIT 3)
UNION ALL SELECT 'goals', NULL, g.title, max(CASE WHEN v.side = 'client' THEN v.percent END),
  max(CASE WHEN v.side = 'manager' THEN v.percent END), max(CASE WHEN v.side = 'provider' THEN v.percent END), max(v.percent) - min(v.percent), NULL
FROM mandate_goal g LEFT JOIN goal_view v ON v.goal_id = g.id WHERE g.mandate_id = :id GROUP BY g.id
UNION ALL SELECT * FROM (SELECT 'checks', id, done_on, occasion, answers, NULL, NULL, NULL FROM status_check
  WHERE mandate_id = :id AND done_on IS NOT NULL ORDER BY done_on DESC LIMIT 1)
UNION ALL SELECT * FROM (SELECT 'checks', id, due_on, occasion, NULL, NULL, NULL, NULL FROM status_check
  WHERE mandate_id = :id AND done_on IS NULL ORDER BY due_on LIMIT 1)
UNION ALL SELECT 'extensions', id, kind, new_end_on, old_end_on, signed_on, reason, NULL FROM extension WHERE mandate_id = :id
UNION ALL SELECT 'rates', NULL, effective_on, client_rate, manager_rate, days_per_week, NULL, NULL FROM rate_change WHERE mandate_id = :id
UNION ALL SELECT 'managers', manager.id, manager.first_name || ' ' || manager.last_name, s.starts_on, s.ends_on, s.reason, NULL, NULL
FROM manager_spell s JOIN manager ON manager.id = s.manager_id WHERE s.mandate_id = :id
UNION ALL SELECT 'gates', NULL, from_stage, changed_on, override_reason, missing, NULL, NULL
FROM stage_change WHERE mandate_id = :id AND override_reason IS NOT NULL"""
EVENTS = """
SELECT e.at, e.kind, e.actor_id, e.facts FROM event_subject s JOIN event e ON e.id = s.event_id
WHERE s.about_type = 'mandate' AND s.about_id = :id ORDER BY s.at DESC, s.event_id DESC LIMIT 21"""


def add(app: Flask, engine: sa.Engine, today: str) -> None:
    """Add the two pages to the bare application."""
    board, page = app.jinja_env.from_string(_BOARD), app.jinja_env.from_string(_MANDATE)
    cards, counts, facts, parts, events = map(sa.text, (CARDS, COUNTS, MANDATE, PARTS, EVENTS))

    @app.get("/mandates/board")
    def mandate_board() -> str:
        with engine.connect() as connection:
            rows = connection.execute(cards, {"today": today}).all()
            numbers: dict[int, int] = dict(connection.execute(counts).all())  # type: ignore[arg-type]
        columns = [(stage, list(of_stage)) for stage, of_stage in groupby(rows, lambda row: row.stage)]
        return board.render(columns=columns, counts=numbers, today=today)

    @app.get("/mandates/<int:number>")
    def mandate(number: int) -> str:
        given: dict[str, Any] = {"id": number, "today": today}
        with engine.connect() as connection:
            own = connection.execute(facts, given).mappings().one()
            rows = connection.execute(parts, given).all()
            told = connection.execute(events, {"id": number}).all()
            names: dict[int, str] = dict(connection.execute(sa.text("SELECT id, last_name FROM user_account")).all())  # type: ignore[arg-type]
        by_part = [(part, list(of_part)) for part, of_part in groupby(rows, lambda row: row.part)]
        return page.render(facts=own, parts=by_part, events=told[:20], names=names)
