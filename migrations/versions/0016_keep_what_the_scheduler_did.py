"""Keep what each job of the scheduler found, who wants one to run now, and clocks that jumped.

New tables, and columns with a default: safe while the previous release is still running (it ignores them).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("job_run") as table:
        table.add_column(sa.Column("due", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("skipped", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE job_run SET due = done + failed")
    op.create_index("ix_job_run_job_id", "job_run", ["job", "id"])
    _partial("ix_job_run_worked", "job_run", ["job", "id"], "due > 0 OR problem IS NOT NULL")
    with op.batch_alter_table("heartbeat") as table:
        table.add_column(sa.Column("kind", sa.String(length=10), server_default="process", nullable=False))
        table.add_column(sa.Column("host", sa.String(length=60), server_default="", nullable=False))
        for name in ("trusted_at", "clock_at", "server_at", "refuses_since"):
            table.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    _requests()
    _jumps()


def _requests() -> None:
    op.create_table(
        "job_request",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("run_id", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_job_request_asked_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_request")),
    )
    op.create_index(op.f("ix_job_request_asked_at"), "job_request", ["asked_at"])
    op.create_index("ix_job_request_job", "job_request", ["job", "id"])
    _partial("ix_job_request_waiting", "job_request", ["id"], "run_id IS NULL")


def _jumps() -> None:
    op.create_table(
        "clock_jump",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("host", sa.String(length=60), nullable=False),
        sa.Column("boot_id", sa.String(length=40), nullable=True),
        sa.Column("booted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("against", sa.String(length=10), nullable=False),
        sa.Column("ahead_seconds", _BIG, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("against IN ('boot', 'server', 'scheduler')", name=op.f("ck_clock_jump_against")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_clock_jump_confirmed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_jump")),
    )
    _partial("uq_clock_jump_open", "clock_jump", ["host"], "over_at IS NULL", unique=True)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
