"""Keep the rounds in which released managers are asked for newer papers and the day from which they are free.

A new table: safe while the previous release is still running (it does not know it).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freshness_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asks_papers", sa.Boolean(), nullable=False),
        sa.Column("asks_availability", sa.Boolean(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("last_sent_on", sa.Date(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.CheckConstraint("asks_papers OR asks_availability", name=op.f("ck_freshness_round_asks")),
        sa.CheckConstraint("letters BETWEEN 1 AND 3", name=op.f("ck_freshness_round_letters")),
        sa.CheckConstraint("outcome IN ('answered','paused')", name=op.f("ck_freshness_round_outcome")),
        sa.CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name=op.f("ck_freshness_round_ended")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_freshness_round_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freshness_round")),
        sa.UniqueConstraint("manager_id", "number", name="uq_freshness_round_number"),
    )
