"""A machine whose clocks a test can set while real processes run on it: wall clock, sleep, boot, name.

    machine = Machine(folder, "bureau")
    plant.settings.update(machine.settings)
    machine.set_clock(2 * DAY)

And the clock of a PostgreSQL server (`ServerClock`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

HERE = Path(__file__).parent / "on_machine"


@dataclass
class Machine:
    """Its processes look at its folder: see on_machine/sitecustomize.py."""

    folder: Path
    host: str
    wall: timedelta = field(default_factory=timedelta)
    boots: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self._say("host", self.host)
        self.boot()

    @property
    def settings(self) -> dict[str, str]:
        return {"PYTHONPATH": str(HERE), "LOTSE_TEST_MACHINE": str(self.folder)}

    def set_clock(self, by: timedelta) -> None:
        """Set the wall clock; what has passed stays as it was."""
        self.wall += by
        self._say("wall", str(self.wall.total_seconds()))

    def sleep(self, span: timedelta) -> None:
        """Let time pass in which nothing ran: both clocks go on."""
        self.set_clock(span)
        before = float((self.folder / "asleep").read_text()) if (self.folder / "asleep").exists() else 0.0
        self._say("asleep", str(before + span.total_seconds()))

    def boot(self) -> None:
        self.boots += 1
        self._say("boot", f"{self.host}-{self.boots}")

    def _say(self, name: str, what: str) -> None:
        new = self.folder / f"{name}.new"
        new.write_text(what)
        os.replace(new, self.folder / name)


class ServerClock:
    """The clock of a PostgreSQL server, for connections made from now on: a function of the same name is found first."""

    MADE = (
        "CREATE SCHEMA moved",
        "CREATE TABLE moved.by (seconds double precision)",
        "INSERT INTO moved.by VALUES (0)",
        "CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        "'SELECT pg_catalog.clock_timestamp() + make_interval(secs => (SELECT seconds FROM moved.by))'",
    )

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with self.engine.connect() as connection:
            for statement in self.MADE:
                connection.exec_driver_sql(statement)
            name = connection.scalar(sa.text("SELECT current_database()"))
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET search_path = moved, pg_catalog, public')

    def set(self, by: timedelta) -> None:
        with self.engine.connect() as connection:
            connection.execute(sa.text("UPDATE moved.by SET seconds = :by"), {"by": by.total_seconds()})
