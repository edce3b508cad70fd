"""Ask managers about the interview, and keep what they say without saying who said it.

Two new tables: safe while the previous release is still running (it does not know them).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appreciation_request",
        sa.Column("interview_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_appreciation_request_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_appreciation_request_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_appreciation_request_team_id_team")),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_appreciation_request")),
        sa.UniqueConstraint("link_id", name=op.f("uq_appreciation_request_link_id")),
    )
    op.create_index(op.f("ix_appreciation_request_manager_id"), "appreciation_request", ["manager_id"], unique=False)
    op.create_table(
        "appreciation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("respect", sa.Integer(), nullable=False),
        sa.Column("substance", sa.Integer(), nullable=False),
        sa.Column("tip", sa.Text(), nullable=True),
        sa.CheckConstraint("respect BETWEEN 1 AND 5", name=op.f("ck_appreciation_respect")),
        sa.CheckConstraint("substance BETWEEN 1 AND 5", name=op.f("ck_appreciation_substance")),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_appreciation_quarter")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_appreciation_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appreciation")),
    )
    op.create_index("ix_appreciation_quarter", "appreciation", ["year", "quarter", "team_id"], unique=False)
