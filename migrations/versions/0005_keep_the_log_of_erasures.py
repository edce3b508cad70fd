"""Keep the log of erasures, the keyed hashes of erased addresses, and the files still to delete.

Safe while the previous release is still running (it does not know the new tables).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=op.get_bind().dialect.name != "sqlite")


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "erasure",
        sa.Column("id", big, nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("erased_at", _instant(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("overwritten_at", _instant(), nullable=True),
        sa.Column("letter_overwritten_at", _instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("manager_id", name="uq_erasure_manager_id"),
    )
    op.create_table(
        "erased_address",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erased_address"),
    )
    op.create_table(
        "file_to_delete",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("since", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_file_to_delete"),
    )
