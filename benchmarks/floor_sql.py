"""The floor's statements, by hand, for SQLite: number and name first, then the other columns that the application's page shows."""

from __future__ import annotations

from typing import Any

# Before the first row, for lists in ascending and in descending order.
FIRST_KEYS: dict[str, Any] = {"name": "", "id": 0, "last": 2**62, "day": "9999-12-31", "end": ""}

# Those not yet admitted: the list by what is due next, how many are in each stage, who came and left.
QUEUE = """
SELECT manager.id, trim(coalesce(title || ' ', '') || first_name || ' ' || coalesce(particle || ' ', '') || last_name) AS name,
  headline, state, created_at, coalesce(reviewer_id, owner_id) AS who, next_on, halted_on, falls_short
FROM manager LEFT JOIN admission_case ON admission_case.manager_id = manager.id
WHERE state IN ('registered', 'confirmed', 'in_review', 'follow_up_1', 'follow_up_2', 'follow_up_3', 'interview')
ORDER BY CASE WHEN halted_on IS NOT NULL THEN '9999-12-31' ELSE coalesce(next_on, '9999-12-31') END, manager.id LIMIT 51"""
QUEUE_FIGURES = (
    """SELECT state, count(*), count(*) FILTER (WHERE halted_on IS NULL AND next_on < :today),
  count(*) FILTER (WHERE coalesce(reviewer_id, owner_id) = 1)
FROM manager LEFT JOIN admission_case ON admission_case.manager_id = manager.id
WHERE state IN ('registered', 'confirmed', 'in_review', 'follow_up_1', 'follow_up_2', 'follow_up_3', 'interview')
GROUP BY state""",
    "SELECT moved_on, came, count(*) FROM admission_move WHERE moved_on >= date(:today, '-55 days') GROUP BY moved_on, came",
)

MANAGERS = """
SELECT manager.id, trim(coalesce(title || ' ', '') || first_name || ' ' || coalesce(particle || ' ', '') || last_name) AS name,
  headline, state, available_from, availability_confirmed_on,
  (SELECT group_concat(value, ', ') FROM manager_tag WHERE manager_id = manager.id AND kind = 'region') AS regions,
  (SELECT max(coalesce(made_on, received_on)) FROM manager_document
    WHERE manager_id = manager.id AND kind IN ('cv', 'project_list', 'short_profile')) AS papers_on,
  (SELECT max(ends_on) FROM mandate
    WHERE manager_id = manager.id AND starts_on <= :today AND ends_on >= :today AND lost_on IS NULL) AS mandate_ends_on,
  rate || ' ' || rate_currency || ' ' || rate_unit AS rate, next_step, next_step_on, t.talk_kind, t.sort_on
FROM manager LEFT JOIN (SELECT id AS talk_id, kind AS talk_kind, sort_on FROM talk) t ON t.talk_id =
  (SELECT id FROM talk WHERE manager_id = manager.id AND talk.state IN ('due', 'arranged') ORDER BY sort_on, id LIMIT 1)
WHERE manager.state != 'erased' AND (sort_name, manager.id) > (:name, :id) ORDER BY sort_name, manager.id LIMIT 51"""

CLIENTS = """
SELECT client.id, name, industry, city, region, phone,
  (SELECT count(*) FROM contact WHERE client_id = client.id AND (left_on IS NULL OR left_on > :today)) AS contacts,
  (SELECT count(*) FROM mandate
    WHERE client_id = client.id AND starts_on <= :today AND ends_on >= :today AND lost_on IS NULL) AS running,
  (SELECT last_name FROM user_account WHERE id = client.owner_id) AS owner, next_step, next_step_on
FROM client WHERE (sort_name, client.id) > (:name, :id) ORDER BY sort_name, client.id LIMIT 51"""

_MANDATES = """
SELECT mandate.id, mandate.title, mandate.year || '-' || mandate.running AS number, client.name,
  manager.first_name || ' ' || manager.last_name AS manager, mandate.stage, mandate.ends_on, t.talk_kind, t.sort_on,
  mandate.next_step, mandate.next_step_on
FROM mandate JOIN client ON client.id = mandate.client_id LEFT JOIN manager ON manager.id = mandate.manager_id
LEFT JOIN (SELECT id AS talk_id, kind || ' ' || side AS talk_kind, sort_on FROM talk) t ON t.talk_id =
  (SELECT id FROM talk WHERE mandate_id = mandate.id AND talk.state IN ('due', 'arranged') ORDER BY sort_on, id LIMIT 1)
WHERE {} LIMIT 51"""
_BEHIND = "(mandate.ends_on, mandate.id) > (:end, :id) ORDER BY mandate.ends_on, mandate.id"
MANDATES = _MANDATES.format("mandate.id < :last ORDER BY mandate.id DESC")
MANDATES_BY_END = _MANDATES.format(f"ends_on IS NOT NULL AND lost_on IS NULL AND closed_on IS NULL AND {_BEHIND}")
MANDATES_RUNNING = _MANDATES.format(f"ends_on >= :today AND lost_on IS NULL AND closed_on IS NULL AND {_BEHIND}")

TALKS = """
SELECT talk.id, talk.kind, coalesce(contact.first_name || ' ' || contact.last_name, manager.first_name || ' ' || manager.last_name) AS person,
  coalesce(client.name, company.name) AS company, coalesce(talk.held_at, talk.appointment_at, talk.sort_on) AS at, talk.state,
  mandate.title, user_account.last_name AS owner, talk.not_reached
FROM talk LEFT JOIN contact ON contact.id = talk.contact_id LEFT JOIN client ON client.id = contact.client_id
LEFT JOIN manager ON manager.id = talk.manager_id LEFT JOIN mandate ON mandate.id = talk.mandate_id
LEFT JOIN client company ON company.id = mandate.client_id LEFT JOIN user_account ON user_account.id = talk.owner_id
WHERE (talk.sort_on, talk.id) < (:day, :last) ORDER BY talk.sort_on DESC, talk.id DESC LIMIT 51"""

MANAGER = """
SELECT manager.*, (SELECT last_name FROM user_account WHERE id = manager.owner_id) AS owner,
  (SELECT group_concat(kind || ' ' || value, ', ') FROM manager_tag WHERE manager_id = manager.id) AS tags
FROM manager WHERE id = :id"""
OF_MANAGER = (
    """SELECT mandate.id, mandate.title, client.name, starts_on, ends_on, lost_on FROM mandate JOIN client ON client.id = mandate.client_id
    WHERE manager_id = :id ORDER BY ends_on DESC LIMIT 8""",
    """SELECT d.id, d.kind, d.number, d.made_on, f.name, f.size FROM manager_document d JOIN stored_file f ON f.id = d.file_id
    WHERE d.manager_id = :id ORDER BY d.kind, d.number DESC""",
    """SELECT id, kind, state, sort_on FROM talk WHERE manager_id = :id AND state IN ('due', 'arranged') ORDER BY sort_on, id LIMIT 4""",
    """SELECT id, kind, state, sort_on, overall FROM talk WHERE manager_id = :id AND state IN ('held', 'declined')
    ORDER BY sort_on DESC, id DESC LIMIT 6""",
    """SELECT talk.id, talk.held_at, talk.overall, contact.last_name, client.name, mandate.title FROM talk
    JOIN mandate ON mandate.id = talk.mandate_id JOIN contact ON contact.id = talk.contact_id JOIN client ON client.id = contact.client_id
    WHERE mandate.manager_id = :id AND talk.state = 'held' AND talk.side = 'client' AND talk.overall IS NOT NULL
    ORDER BY talk.sort_on DESC LIMIT 5""",
)
EVENTS = """
SELECT e.at, e.kind, e.actor_id, e.facts FROM event_subject s JOIN event e ON e.id = s.event_id
WHERE s.about_type = 'manager' AND s.about_id = :id ORDER BY s.at DESC, s.event_id DESC LIMIT 21"""

DAY = (
    """SELECT talk.id, talk.kind, talk.state, talk.sort_on, talk.appointment_at, contact.last_name, manager.last_name AS manager,
    client.name, mandate.title FROM talk LEFT JOIN contact ON contact.id = talk.contact_id
    LEFT JOIN manager ON manager.id = talk.manager_id LEFT JOIN mandate ON mandate.id = talk.mandate_id
    LEFT JOIN client ON client.id = coalesce(mandate.client_id, contact.client_id)
    WHERE talk.owner_id = :owner AND talk.state IN ('due', 'arranged') AND talk.sort_on <= :until ORDER BY talk.sort_on, talk.id LIMIT 300""",
    """SELECT id, step, step_on FROM talk WHERE step_owner_id = :owner AND step_on <= :until AND step_done_on IS NULL LIMIT 300""",
    """SELECT 'manager', id, last_name, next_step, next_step_on FROM manager WHERE owner_id = :owner AND next_step_on <= :until
    UNION ALL SELECT 'client', id, name, next_step, next_step_on FROM client WHERE owner_id = :owner AND next_step_on <= :until
    UNION ALL SELECT 'mandate', id, title, next_step, next_step_on FROM mandate
    WHERE owner_id = :owner AND next_step_on <= :until AND closed_on IS NULL AND lost_on IS NULL LIMIT 300""",
    """SELECT mandate.id, mandate.title, mandate.ends_on, client.name FROM mandate JOIN client ON client.id = mandate.client_id
    WHERE mandate.owner_id = :owner AND mandate.lost_on IS NULL AND closed_on IS NULL AND ends_on >= :today AND ends_on <= :furthest
    AND NOT EXISTS (SELECT 1 FROM talk WHERE mandate_id = mandate.id AND kind = 'closing' AND state IN ('arranged', 'held', 'declined'))
    ORDER BY ends_on, mandate.id LIMIT 300""",
    """SELECT mandate.id, mandate.title, client.name,
    (SELECT max(held_at) FROM talk WHERE mandate_id = mandate.id AND state = 'held' AND side IN ('client', 'both')) AS with_client,
    (SELECT max(held_at) FROM talk WHERE mandate_id = mandate.id AND state = 'held' AND side IN ('manager', 'both')) AS with_manager
    FROM mandate JOIN client ON client.id = mandate.client_id
    WHERE mandate.owner_id = :owner AND starts_on <= :silent AND ends_on >= :today AND lost_on IS NULL AND closed_on IS NULL
    ORDER BY ends_on, mandate.id LIMIT 5""",
    """SELECT id, last_name, headline, state FROM manager WHERE owner_id = :owner AND next_step_on IS NULL
    AND state IN ('confirmed', 'in_review', 'interview', 'released') ORDER BY id DESC LIMIT 5""",
)

_FOUND = """
SELECT * FROM (SELECT m.id, coalesce(m.title || ' ', '') || m.first_name || ' ' || m.last_name, 'manager', m.headline FROM search_name s
  JOIN manager m ON m.id = s.record_id WHERE s.kind = 'manager' AND {0} ORDER BY s.sort_name, s.record_id LIMIT 11)
UNION ALL SELECT * FROM (SELECT c.id, c.name, 'client', c.city FROM search_name s
  JOIN client c ON c.id = s.record_id WHERE s.kind = 'client' AND {0} ORDER BY s.sort_name, s.record_id LIMIT 11)
UNION ALL SELECT * FROM (SELECT p.id, p.first_name || ' ' || p.last_name, 'contact', c.name FROM search_name s
  JOIN contact p ON p.id = s.record_id JOIN client c ON c.id = p.client_id
  WHERE s.kind = 'contact' AND {0} ORDER BY s.sort_name, s.record_id LIMIT 11)
UNION ALL SELECT * FROM (SELECT d.id, d.title, 'mandate', c.name FROM search_name s
  JOIN mandate d ON d.id = s.record_id JOIN client c ON c.id = d.client_id
  WHERE s.kind = 'mandate' AND {0} ORDER BY s.sort_name, s.record_id LIMIT 11)"""
SEARCH = _FOUND.format("s.id IN (SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :match)")
PREFIX = _FOUND.format("s.sort_name >= :a AND s.sort_name < :b")

CREATE = """
INSERT INTO manager (state, first_name, last_name, language, sort_name, folded_name, rate_unit, rate_currency, created_at, version)
VALUES ('confirmed', :first, :last, 'de', :sort, :sort, 'day', 'EUR', :at, 1)"""
CREATE_EVENT = "INSERT INTO event (kind, at, actor_kind, actor_id, facts) VALUES ('managers.entered', :at, 'user', 1, :facts)"
CREATE_BESIDE = (
    "INSERT INTO event_subject (about_type, about_id, at, event_id) VALUES ('manager', :id, :at, :event)",
    """INSERT INTO audit_change (at, actor_kind, actor_id, table_name, row_id, change, old, new)
    VALUES (:at, 'user', 1, 'manager', :id, 'created', '{}', :facts)""",
    "INSERT INTO form_post (key, leads_to, posted_at) VALUES ('floor-' || :id, '/managers/' || :id, :at)",
)
