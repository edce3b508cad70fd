"""Keep what the four stages of a mandate need: goals, plan, handbook, short list, reports, handover, checks, views.

New tables, and columns that may stay empty: safe while the previous release is still running (it ignores them).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handbook_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("presented_on", sa.Date(), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String(length=160), nullable=True),
        sa.Column("accepted_how", sa.String(length=9), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted_how IS NULL OR accepted_how IN ('link', 'signature', 'mail', 'meeting')",
            name=op.f("ck_handbook_version_how"),
        ),
        sa.CheckConstraint("(accepted_on IS NULL) = (accepted_how IS NULL)", name=op.f("ck_handbook_version_accepted")),
        sa.CheckConstraint("accepted_on IS NULL OR dropped_on IS NULL", name=op.f("ck_handbook_version_ended")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_handbook_version_number")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_handbook_version_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_handbook_version_made_by_id_user_account")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_handbook_version_mandate_id_mandate")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_handbook_version_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_version")),
        sa.UniqueConstraint("mandate_id", "number", name="uq_handbook_version_number"),
    )
    _index("ix_handbook_version_open", "handbook_version", ["mandate_id"], "accepted_on IS NULL AND dropped_on IS NULL")

    op.create_table(
        "handover_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("receiver", sa.String(length=160), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("waived_reason", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('knowledge', 'people', 'access', 'other')", name=op.f("ck_handover_item_kind")),
        sa.CheckConstraint("done_on IS NULL OR waived_reason IS NULL", name=op.f("ck_handover_item_settled")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_handover_item_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_item")),
    )
    _index("ix_handover_item_open", "handover_item", ["mandate_id", "due_on"], "done_on IS NULL AND waived_reason IS NULL")
    op.create_index(op.f("ix_handover_item_mandate_id"), "handover_item", ["mandate_id"], unique=False)

    op.create_table(
        "manager_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("days", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column("tasks", sa.Text(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("sent_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("days IS NULL OR (days >= 0 AND days <= 31)", name=op.f("ck_manager_report_days")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_manager_report_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_manager_report_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_manager_report_mandate_id_mandate")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_manager_report_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_report")),
        sa.UniqueConstraint("mandate_id", "manager_id", "month", name=op.f("uq_manager_report_mandate_id_manager_id_month")),
    )
    _index("ix_manager_report_missing", "manager_report", ["mandate_id"], "sent_in_at IS NULL")
    op.create_index(op.f("ix_manager_report_manager_id"), "manager_report", ["manager_id"], unique=False)

    op.create_table(
        "manager_spell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("override_reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_manager_spell_period")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_manager_spell_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_manager_spell_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_spell")),
    )
    op.create_index(op.f("ix_manager_spell_manager_id"), "manager_spell", ["manager_id"], unique=False)
    op.create_index(op.f("ix_manager_spell_mandate_id"), "manager_spell", ["mandate_id"], unique=False)

    op.create_table(
        "mandate_candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("presented_on", sa.Date(), nullable=True),
        sa.Column("interview_on", sa.Date(), nullable=True),
        sa.Column("non_circumvention_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'presented', 'client_interview', 'chosen', 'declined', 'withdrew')",
            name=op.f("ck_mandate_candidate_state"),
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["user_account.id"], name=op.f("fk_mandate_candidate_added_by_id_user_account")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_mandate_candidate_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_mandate_candidate_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_candidate")),
        sa.UniqueConstraint("mandate_id", "manager_id", name=op.f("uq_mandate_candidate_mandate_id_manager_id")),
    )
    op.create_index(op.f("ix_mandate_candidate_manager_id"), "mandate_candidate", ["manager_id"], unique=False)

    op.create_table(
        "mandate_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("measure", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_mandate_goal_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_goal")),
    )
    op.create_index(op.f("ix_mandate_goal_mandate_id"), "mandate_goal", ["mandate_id"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("means", sa.String(length=500), nullable=True),
        sa.Column("owner", sa.String(length=160), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'reached') = (reached_on IS NOT NULL)", name=op.f("ck_milestone_reached")),
        sa.CheckConstraint("state IN ('planned', 'reached', 'dropped')", name=op.f("ck_milestone_state")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_milestone_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_mandate_id"), "milestone", ["mandate_id"], unique=False)
    _index("ix_milestone_planned", "milestone", ["mandate_id", "due_on"], "state = 'planned'")

    op.create_table(
        "phasing_month",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("days_per_week", sa.Numeric(precision=2, scale=1), nullable=False),
        sa.CheckConstraint("days_per_week >= 0 AND days_per_week <= 7", name=op.f("ck_phasing_month_days_per_week")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_phasing_month_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("mandate_id", "month", name=op.f("pk_phasing_month")),
    )
    op.create_table(
        "stage_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("from_stage", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("override_reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("from_stage BETWEEN 1 AND 4", name=op.f("ck_stage_change_from_stage")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user_account.id"], name=op.f("fk_stage_change_changed_by_id_user_account")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_stage_change_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
    )
    op.create_index(op.f("ix_stage_change_mandate_id"), "stage_change", ["mandate_id"], unique=False)

    op.create_table(
        "status_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=2), nullable=False),
        sa.Column("occasion", sa.String(length=9), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("occasion IN ('start', 'quarter', 'extension', 'manager')", name=op.f("ck_status_check_occasion")),
        sa.CheckConstraint("regime IN ('de', 'nl')", name=op.f("ck_status_check_regime")),
        sa.ForeignKeyConstraint(["done_by_id"], ["user_account.id"], name=op.f("fk_status_check_done_by_id_user_account")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_status_check_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_status_check_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_check")),
        sa.UniqueConstraint("mandate_id", "occasion", "due_on", name=op.f("uq_status_check_mandate_id_occasion_due_on")),
    )
    _index("ix_status_check_open", "status_check", ["mandate_id", "due_on"], "done_on IS NULL")
    op.create_index(op.f("ix_status_check_manager_id"), "status_check", ["manager_id"], unique=False)

    op.create_table(
        "view_request",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('client', 'manager')", name=op.f("ck_view_request_side")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_view_request_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_view_request_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("mandate_id", "side", name=op.f("pk_view_request")),
    )
    op.create_table(
        "evaluation_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_evaluation_moment_mandate_id_mandate")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_evaluation_moment_talk_id_talk"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_moment")),
        sa.UniqueConstraint("talk_id", name=op.f("uq_evaluation_moment_talk_id")),
    )
    op.create_index(op.f("ix_evaluation_moment_mandate_id"), "evaluation_moment", ["mandate_id"], unique=False)

    op.create_table(
        "goal_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(length=160), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("side IN ('client', 'manager', 'provider')", name=op.f("ck_goal_view_side")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_goal_view_percent")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["mandate_goal.id"], name=op.f("fk_goal_view_goal_id_mandate_goal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_goal_view_mandate_id_mandate")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user_account.id"], name=op.f("fk_goal_view_recorded_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_view")),
        sa.UniqueConstraint("goal_id", "side", name=op.f("uq_goal_view_goal_id_side")),
    )
    op.create_index(op.f("ix_goal_view_mandate_id"), "goal_view", ["mandate_id"], unique=False)

    with op.batch_alter_table("mandate") as mandate:
        mandate.add_column(sa.Column("successor", sa.String(length=160), nullable=True))
        mandate.add_column(sa.Column("reach", sa.Text(), nullable=True))
        mandate.add_column(sa.Column("expectations", sa.Text(), nullable=True))
        mandate.add_column(sa.Column("means", sa.Text(), nullable=True))
        mandate.add_column(sa.Column("culture", sa.Text(), nullable=True))
        mandate.add_column(sa.Column("place", sa.String(length=6), nullable=True))
        mandate.add_column(sa.Column("no_closing_reason", sa.String(length=300), nullable=True))
    live = "lost_on IS NULL AND closed_on IS NULL"
    _index("ix_mandate_live", "mandate", ["stage", "ends_on", "id"], live)
    _index("ix_mandate_live_end", "mandate", ["ends_on", "id"], live)
    _index("ix_mandate_live_owner", "mandate", ["owner_id", "ends_on", "id"], live)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    """Make an index of the few rows that lists and reminders ask for."""
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
