"""Keep where the data of managers came from who did not register, on what ground, and the notice of Art. 14.

A new table: safe while the previous release is still running (it does not know it).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_origin",
        sa.Column("manager_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_hand_on", sa.Date(), nullable=True),
        sa.Column("by_hand_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ground IN ('interest','consent','request')", name=op.f("ck_data_origin_ground")),
        sa.CheckConstraint("(by_hand_on IS NULL) = (by_hand_by_id IS NULL)", name=op.f("ck_data_origin_by_hand")),
        sa.CheckConstraint(
            "source IS NOT NULL OR (told_at IS NULL AND by_hand_on IS NULL)", name=op.f("ck_data_origin_told_source")
        ),
        sa.ForeignKeyConstraint(["by_hand_by_id"], ["user_account.id"], name=op.f("fk_data_origin_by_hand_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_data_origin_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager_id", name=op.f("pk_data_origin")),
    )
