"""Keep cases of admission, the texts people agree to, and the proof that they did.

New tables only: safe while the previous release is still running (it ignores them). Managers who are there already get
their case when the first thing is done to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_case",
        sa.Column("manager_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entered_state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("stages_used", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("halted_on", sa.Date(), nullable=True),
        sa.Column("halt_reason", sa.String(length=500), nullable=True),
        sa.Column("review_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("fee", sa.String(length=8), nullable=True),
        sa.Column("fee_amount", sa.Integer(), nullable=True),
        sa.Column("fee_number", sa.String(length=40), nullable=True),
        sa.Column("last_mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(fee IS NULL) = (fee_amount IS NULL)", name=op.f("ck_admission_case_fee_amount")),
        sa.CheckConstraint("(halted_on IS NULL) = (halt_reason IS NULL)", name=op.f("ck_admission_case_halted")),
        sa.CheckConstraint("fee IN ('owed','invoiced','paid','waived','refunded')", name=op.f("ck_admission_case_fee")),
        sa.CheckConstraint("stages_used BETWEEN 0 AND 3", name=op.f("ck_admission_case_stages_used")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_admission_case_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_admission_case_reviewer_id_user_account")),
        sa.PrimaryKeyConstraint("manager_id", name=op.f("pk_admission_case")),
    )
    op.create_index(op.f("ix_admission_case_next_on"), "admission_case", ["next_on"], unique=False)
    op.create_index(op.f("ix_admission_case_reviewer_id"), "admission_case", ["reviewer_id"], unique=False)
    op.create_table(
        "legal_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('terms','privacy')", name=op.f("ck_legal_text_kind")),
        sa.CheckConstraint("language IN ('de','nl','en')", name=op.f("ck_legal_text_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_text")),
        sa.UniqueConstraint("kind", "language", "number", name="uq_legal_text_number"),
    )
    op.create_table(
        "registration_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("privacy_id", sa.Integer(), nullable=False),
        sa.Column("page_text", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_ip", sa.String(length=45), nullable=False),
        sa.Column("registered_agent", sa.String(length=400), nullable=False),
        sa.Column("mail_subject", sa.String(length=300), nullable=False),
        sa.Column("mail_text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("mailed_to", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_ip", sa.String(length=45), nullable=True),
        sa.Column("confirmed_agent", sa.String(length=400), nullable=True),
        sa.Column("confirm_page_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_registration_proof_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["privacy_id"], ["legal_text.id"], name=op.f("fk_registration_proof_privacy_id_legal_text")),
        sa.ForeignKeyConstraint(["terms_id"], ["legal_text.id"], name=op.f("fk_registration_proof_terms_id_legal_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_proof")),
        sa.UniqueConstraint("manager_id", name=op.f("uq_registration_proof_manager_id")),
    )
