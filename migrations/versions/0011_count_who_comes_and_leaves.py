"""Keep on which day somebody came into the queue of admission or left it, without a name.

A new table: safe while the previous release is still running (it does not know it).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_move")),
    )
    op.create_index(op.f("ix_admission_move_moved_on"), "admission_move", ["moved_on"], unique=False)
