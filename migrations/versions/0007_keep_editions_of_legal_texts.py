"""Keep editions of the terms and the privacy notice: drafts, and what an administrator put in force.

A new table: safe while the previous release is still running (it does not know it).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("de", sa.Text(), nullable=False),
        sa.Column("nl", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('terms','privacy')", name=op.f("ck_legal_edition_kind")),
        sa.ForeignKeyConstraint(["put_by_id"], ["user_account.id"], name=op.f("fk_legal_edition_put_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_edition")),
    )
    op.create_index(
        "uq_legal_edition_draft",
        "legal_edition",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("in_force_at IS NULL"),
        postgresql_where=sa.text("in_force_at IS NULL"),
    )
