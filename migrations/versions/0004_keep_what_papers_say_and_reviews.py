"""Keep what papers say, the reviews of them, and batches of people brought along.

New tables and columns with a default: safe while the previous release is still running (it ignores them).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["user_account.id"], name=op.f("fk_admission_batch_imported_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["user_account.id"], name=op.f("fk_admission_batch_started_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_batch")),
    )
    op.create_table(
        "cv_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decision IN ('pass','fall_short','repeat','refuse')", name=op.f("ck_cv_review_decision")),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_cv_review_decided")),
        sa.ForeignKeyConstraint(["began_by_id"], ["user_account.id"], name=op.f("fk_cv_review_began_by_id_user_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_cv_review_decided_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["manager_document.id"], name=op.f("fk_cv_review_document_id_manager_document"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_cv_review_manager_id_manager"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cv_review")),
    )
    op.create_index(op.f("ix_cv_review_document_id"), "cv_review", ["document_id"], unique=False)
    op.create_index(op.f("ix_cv_review_manager_id"), "cv_review", ["manager_id"], unique=False)

    op.create_table(
        "paper_reading",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("analysis", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["manager_document.id"],
            name=op.f("fk_paper_reading_document_id_manager_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_paper_reading_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_paper_reading")),
    )
    op.create_index(op.f("ix_paper_reading_manager_id"), "paper_reading", ["manager_id"], unique=False)

    with op.batch_alter_table("admission_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("falls_short", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("last_letter_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_admission_case_batch_id"), ["batch_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_admission_case_batch_id_admission_batch"), "admission_batch", ["batch_id"], ["id"]
        )
