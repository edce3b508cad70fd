"""The triggers that keep `search_name`, and SQLite's trigram table over it.

Written out once more in the migration that makes them: a migration imports nothing from here.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.search.models import SearchName

_NUMBER = {
    "sqlite": "'m ' || NEW.year || ' ' || printf('%03d', NEW.running)",
    "postgresql": "'m ' || NEW.year || ' ' || lpad(NEW.running::text, greatest(3, length(NEW.running::text)), '0')",
}
_CLIENT = "(SELECT sort_name FROM client WHERE id = NEW.client_id)"


def sources(dialect: str) -> dict[str, tuple[str, str]]:
    """Return for each kind what its row is found by and sorted by, as SQL over NEW."""
    mandate = f"NEW.folded_title || ' ' || {_CLIENT} || ' ' || {_NUMBER[dialect]}"
    return {
        "manager": ("NEW.folded_name", "NEW.sort_name"),
        "contact": ("NEW.folded_name", "NEW.sort_name"),
        "client": ("NEW.sort_name", "NEW.sort_name"),
        "mandate": (mandate, f"substr({_CLIENT} || ' ' || NEW.folded_title, 1, 240)"),
        "referee": ("NEW.folded_name", "NEW.sort_name"),
    }


COLUMNS = {
    "manager": "folded_name, sort_name",
    "contact": "folded_name, sort_name",
    "client": "sort_name",
    "mandate": "folded_title, client_id, year, running",
    "referee": "folded_name, sort_name",
}


def sqlite_statements() -> list[str]:
    """Return the statements that make triggers and trigram table on SQLite, after all tables are there."""
    made = [
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_name_fts USING fts5(folded, content='search_name', content_rowid='id', tokenize='trigram')",
        "CREATE TRIGGER IF NOT EXISTS search_name_ai AFTER INSERT ON search_name BEGIN "
        "INSERT INTO search_name_fts(rowid, folded) VALUES (NEW.id, NEW.folded); END",
        "CREATE TRIGGER IF NOT EXISTS search_name_ad AFTER DELETE ON search_name BEGIN "
        "INSERT INTO search_name_fts(search_name_fts, rowid, folded) VALUES ('delete', OLD.id, OLD.folded); END",
        "CREATE TRIGGER IF NOT EXISTS search_name_au AFTER UPDATE OF folded ON search_name BEGIN "
        "INSERT INTO search_name_fts(search_name_fts, rowid, folded) VALUES ('delete', OLD.id, OLD.folded); "
        "INSERT INTO search_name_fts(rowid, folded) VALUES (NEW.id, NEW.folded); END",
    ]
    for kind, (found_by, sorted_by) in sources("sqlite").items():
        put = f"INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('{kind}', NEW.id, {found_by}, {sorted_by}); "
        change = (
            f"UPDATE search_name SET folded = {found_by}, sort_name = {sorted_by} WHERE kind = '{kind}' AND record_id = NEW.id; "
        )
        made += [
            f"CREATE TRIGGER IF NOT EXISTS search_{kind}_ai AFTER INSERT ON {kind} BEGIN {put}END",
            f"CREATE TRIGGER IF NOT EXISTS search_{kind}_au AFTER UPDATE OF {COLUMNS[kind]} ON {kind} BEGIN {change}END",
            f"CREATE TRIGGER IF NOT EXISTS search_{kind}_ad AFTER DELETE ON {kind} BEGIN "
            f"DELETE FROM search_name WHERE kind = '{kind}' AND record_id = OLD.id; END",
        ]
    made.append(
        "CREATE TRIGGER IF NOT EXISTS search_client_mandates AFTER UPDATE OF sort_name ON client BEGIN "
        "UPDATE mandate SET folded_title = folded_title WHERE client_id = NEW.id; END"
    )
    return made


def postgresql_statements() -> list[str]:
    """Return the statements that make the triggers on PostgreSQL, after all tables are there."""
    made = []
    for kind, (found_by, sorted_by) in sources("postgresql").items():
        made += [
            f"CREATE OR REPLACE FUNCTION search_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = '{kind}' AND record_id = OLD.id; RETURN OLD; END IF; "
            f"INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('{kind}', NEW.id, {found_by}, {sorted_by}) "
            "ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; "
            "RETURN NEW; END $$",
            f"CREATE OR REPLACE TRIGGER search_{kind} AFTER INSERT OR DELETE OR UPDATE OF {COLUMNS[kind]} ON {kind} "
            f"FOR EACH ROW EXECUTE FUNCTION search_{kind}()",
        ]
    made += [
        "CREATE OR REPLACE FUNCTION search_client_mandates() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE mandate SET folded_title = folded_title WHERE client_id = NEW.id; RETURN NEW; END $$",
        "CREATE OR REPLACE TRIGGER search_client_mandates AFTER UPDATE OF sort_name ON client "
        "FOR EACH ROW EXECUTE FUNCTION search_client_mandates()",
    ]
    return made


def _extension(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def _triggers(_metadata: sa.MetaData, connection: sa.Connection, **_: object) -> None:
    statements = sqlite_statements() if connection.dialect.name == "sqlite" else postgresql_statements()
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)


sa.event.listen(SearchName.__table__, "before_create", _extension)
sa.event.listen(SearchName.metadata, "after_create", _triggers)
