"""The database's own files: what was deleted or overwritten in a row is to be gone from them too."""

from __future__ import annotations

from collections.abc import Sequence

from app.db.base import db


def overwrite_deleted(tables: Sequence[str]) -> bool:
    """Have the bytes of deleted and changed rows gone from the files; False where a reader is in the way for now.

    SQLite overwrites them in its pages itself (`secure_delete`); the journal keeps them until it is written back and cut
    off. PostgreSQL keeps old rows until VACUUM. Outside any transaction.
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.close()
        finally:
            connection.close()
        return not busy
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        for name in tables:
            server.exec_driver_sql(f'VACUUM "{name}"')
    return True
