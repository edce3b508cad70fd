"""Begin: the tables of the first release, with the triggers that keep the index of names.

The statements of the index stand here as they were made; `app/search/ddl.py` has those of today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "audit_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_change")),
    )
    with op.batch_alter_table("audit_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_change_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_change_row", ["table_name", "row_id", "id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "firm_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_revision")),
    )
    op.create_table(
        "firm_setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_firm_setting")),
    )
    op.create_table(
        "form_post",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("leads_to", sa.String(length=400), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_post")),
    )
    with op.batch_alter_table("form_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_post_posted_at"), ["posted_at"], unique=False)

    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boot_id", sa.String(length=40), nullable=True),
        sa.Column("boottime_seconds", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heartbeat_at"), ["at"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "slot", name="uq_job_run_job_slot"),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_started_at", ["started_at"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "mail_queue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("reply", sa.String(length=500), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_queue")),
    )
    op.create_table(
        "mandate_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_mandate_number")),
    )
    op.create_table(
        "personal_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("language IN ('de','nl','en')", name=op.f("ck_personal_link_language")),
        sa.CheckConstraint("max_uses IS NULL OR max_uses > 0", name=op.f("ck_personal_link_max_uses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_link_token_hash")),
    )
    with op.batch_alter_table("personal_link", schema=None) as batch_op:
        batch_op.create_index("ix_personal_link_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "search_name",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(length=700), nullable=False),
        sa.Column(
            "sort_name", sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_name")),
        sa.UniqueConstraint("kind", "record_id", name="uq_search_name_record"),
    )
    with op.batch_alter_table("search_name", schema=None) as batch_op:
        batch_op.create_index("ix_search_name_sort", ["kind", "sort_name", "record_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "throttle_hit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bucket", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle_hit")),
    )
    with op.batch_alter_table("throttle_hit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_hit_at"), ["at"], unique=False)
        batch_op.create_index("ix_throttle_hit_bucket_key_hash_at", ["bucket", "key_hash", "at"], unique=False)

    op.create_table(
        "told",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("occurrence", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("rule", "subject", "occurrence", "recipient", name="uq_told_once"),
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index("ix_told_at", ["at"], unique=False)

    op.create_table(
        "event_subject",
        sa.Column("about_type", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_subject_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("about_type", "about_id", "at", "event_id", name=op.f("pk_event_subject")),
    )
    with op.batch_alter_table("event_subject", schema=None) as batch_op:
        batch_op.create_index("ix_event_subject_event_id", ["event_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=240), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("about_type", sa.String(length=40), nullable=True),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("has_link", sa.Boolean(), nullable=False),
        sa.Column("guard", sa.String(length=80), nullable=True),
        sa.Column("guard_args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("render_failures", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_letter_sent_at")),
        sa.CheckConstraint("language IN ('de','nl','en')", name=op.f("ck_letter_language")),
        sa.CheckConstraint("state IN ('queued','sent','failed','cancelled')", name=op.f("ck_letter_state")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_letter_link_id_personal_link"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_about", ["about_type", "about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_link_id"), ["link_id"], unique=False)
        batch_op.create_index("ix_letter_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "ix_letter_waiting",
            ["priority", "next_attempt_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("is_reviewer", sa.Boolean(), nullable=False),
        sa.Column("form_of_address", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("particle", sa.String(length=40), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("region", sa.String(length=10), nullable=True),
        sa.Column("theme", sa.String(length=5), nullable=True),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("talk_mails", sa.Boolean(), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=600), nullable=True),
        sa.Column("tf_last_counter", sa.BigInteger(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator','lead','consultant','assistant','auditor')", name=op.f("ck_user_account_role")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_user_account_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_sort_name"), ["sort_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_account_team_id"), ["team_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_absence_period")),
        sa.ForeignKeyConstraint(["deputy_id"], ["user_account.id"], name=op.f("fk_absence_deputy_id_user_account")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_absence_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_deputy_id"), ["deputy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_user_id"), ["user_id"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "sort_name", sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("turnover_millions", sa.Integer(), nullable=True),
        sa.Column("turnover_currency", sa.String(length=3), nullable=False),
        sa.Column("street", sa.String(length=160), nullable=True),
        sa.Column("postcode", sa.String(length=16), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_client_headcount")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_client_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_industry"), ["industry"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_next_step_on"), ["next_step_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_region"), ["region"], unique=False)
        batch_op.create_index("ix_client_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "letter_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_attempt_letter_id_letter"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_attempt")),
    )
    with op.batch_alter_table("letter_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_attempt_letter_id"), ["letter_id"], unique=False)

    op.create_table(
        "manager",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("headline", sa.String(length=160), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("mobile", sa.String(length=32), nullable=True),
        sa.Column("street", sa.String(length=160), nullable=True),
        sa.Column("postcode", sa.String(length=16), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("is_newcomer", sa.Boolean(), nullable=True),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("availability_confirmed_on", sa.Date(), nullable=True),
        sa.Column("days_per_week", sa.Integer(), nullable=True),
        sa.Column("rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("rate_unit", sa.String(length=4), nullable=False),
        sa.Column("rate_currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("source_note", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_of_address", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("particle", sa.String(length=40), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column(
            "sort_name", sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "folded_name", sa.String(length=480).with_variant(sa.String(length=480, collation="C"), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_manager_rate")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_manager_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager")),
    )
    with op.batch_alter_table("manager", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manager_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_manager_mobile"), ["mobile"], unique=False)
        batch_op.create_index(batch_op.f("ix_manager_next_step_on"), ["next_step_on"], unique=False)
        batch_op.create_index("ix_manager_owner_id_sort_name_id", ["owner_id", "sort_name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_manager_phone"), ["phone"], unique=False)
        batch_op.create_index("ix_manager_sort_name_id", ["sort_name", "id"], unique=False)
        batch_op.create_index("ix_manager_state_sort_name_id", ["state", "sort_name", "id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_type", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user_account.id"], name=op.f("fk_stored_file_uploaded_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint(
            "owner_type", "owner_id", "kind", "number", name=op.f("uq_stored_file_owner_type_owner_id_kind_number")
        ),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_user_session_key_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("job_title", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("mobile", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_of_address", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("particle", sa.String(length=40), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column(
            "sort_name", sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "folded_name", sa.String(length=480).with_variant(sa.String(length=480, collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contact_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_mobile"), ["mobile"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_phone"), ["phone"], unique=False)
        batch_op.create_index("ix_contact_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "manager_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["user_account.id"], name=op.f("fk_manager_document_added_by_id_user_account")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_manager_document_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_manager_document_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_document")),
        sa.UniqueConstraint("manager_id", "kind", "number", name="uq_manager_document_number"),
    )
    with op.batch_alter_table("manager_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manager_document_manager_id"), ["manager_id"], unique=False)

    op.create_table(
        "manager_tag",
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["manager.id"], name=op.f("fk_manager_tag_manager_id_manager"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager_id", "kind", "value", name=op.f("pk_manager_tag")),
    )
    with op.batch_alter_table("manager_tag", schema=None) as batch_op:
        batch_op.create_index("ix_manager_tag_kind_value_manager_id", ["kind", "value", "manager_id"], unique=False)

    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "folded_title", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("lost_on", sa.Date(), nullable=True),
        sa.Column("lost_reason", sa.String(length=300), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("first_end_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("has_quality_clause", sa.Boolean(), nullable=False),
        sa.Column("clause", sa.String(length=500), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("reports_to", sa.String(length=160), nullable=True),
        sa.Column("exit_plan", sa.Text(), nullable=True),
        sa.Column("handed_over", sa.Text(), nullable=True),
        sa.Column("exit_on", sa.Date(), nullable=True),
        sa.Column("manager_override_reason", sa.String(length=300), nullable=True),
        sa.Column("client_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("client_rate_unit", sa.String(length=4), nullable=False),
        sa.Column("manager_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("manager_rate_unit", sa.String(length=4), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("days_per_week", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days_per_week IS NULL OR (days_per_week > 0 AND days_per_week <= 7)", name=op.f("ck_mandate_days_per_week")
        ),
        sa.CheckConstraint("stage BETWEEN 1 AND 4", name=op.f("ck_mandate_stage")),
        sa.CheckConstraint("starts_on <= first_end_on", name=op.f("ck_mandate_period")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_mandate_client_id_client")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_mandate_contact_id_contact")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_mandate_manager_id_manager")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_mandate_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("year", "running", name="uq_mandate_number"),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandate_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index("ix_mandate_ends_on_id", ["ends_on", "id"], unique=False)
        batch_op.create_index("ix_mandate_manager_id_ends_on", ["manager_id", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_next_step_on"), ["next_step_on"], unique=False)
        batch_op.create_index("ix_mandate_owner_id_ends_on_id", ["owner_id", "ends_on", "id"], unique=False)
        batch_op.create_index("ix_mandate_stage_ends_on_id", ["stage", "ends_on", "id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("old_end_on", sa.Date(), nullable=False),
        sa.Column("new_end_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("client_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("manager_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("days_per_week", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_extension_created_by_id_user_account")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_extension_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_mandate_id"), ["mandate_id"], unique=False)

    op.create_table(
        "mandate_colleague",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_mandate_colleague_mandate_id_mandate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mandate_colleague_user_id_user_account")),
        sa.PrimaryKeyConstraint("mandate_id", "user_id", name=op.f("pk_mandate_colleague")),
    )
    with op.batch_alter_table("mandate_colleague", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandate_colleague_user_id"), ["user_id"], unique=False)

    op.create_table(
        "rate_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("client_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("manager_rate", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("days_per_week", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_rate_change_created_by_id_user_account")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_rate_change_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_change")),
    )
    with op.batch_alter_table("rate_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_change_mandate_id"), ["mandate_id"], unique=False)

    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("appointment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointment_zone", sa.String(length=60), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("calendar_uid", sa.String(length=120), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("benefit", sa.String(length=400), nullable=True),
        sa.Column("invited", sa.JSON(), nullable=False),
        sa.Column("was_closing", sa.Boolean(), nullable=False),
        sa.Column("decline_reason", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("cancelled_by_change", sa.Boolean(), nullable=False),
        sa.Column("owner_must_decide", sa.String(length=40), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_minutes", sa.Integer(), nullable=True),
        sa.Column("took_part", sa.String(length=300), nullable=True),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("overall", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("not_reached", sa.Integer(), nullable=False),
        sa.Column("not_reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("step_on", sa.Date(), nullable=True),
        sa.Column("step_owner_id", sa.Integer(), nullable=True),
        sa.Column("step_done_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'arranged') <= (appointment_at IS NOT NULL)", name=op.f("ck_talk_arranged_has_appointment")),
        sa.CheckConstraint("(state = 'due') <= (due_on IS NOT NULL)", name=op.f("ck_talk_due_has_day")),
        sa.CheckConstraint("(state = 'held') <= (held_at IS NOT NULL)", name=op.f("ck_talk_held_has_day")),
        sa.CheckConstraint("state IN ('due','arranged','held','declined','cancelled')", name=op.f("ck_talk_state")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_talk_contact_id_contact")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_talk_manager_id_manager")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_talk_mandate_id_mandate")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_talk_owner_id_user_account")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user_account.id"], name=op.f("fk_talk_recorded_by_id_user_account")),
        sa.ForeignKeyConstraint(["step_owner_id"], ["user_account.id"], name=op.f("fk_talk_step_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_talk_calendar_uid")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index("ix_talk_contact_id_sort_on", ["contact_id", "sort_on"], unique=False)
        batch_op.create_index("ix_talk_manager_id_sort_on", ["manager_id", "sort_on"], unique=False)
        batch_op.create_index("ix_talk_mandate_id", ["mandate_id"], unique=False)
        batch_op.create_index("ix_talk_owner_id_state_sort_on_id", ["owner_id", "state", "sort_on", "id"], unique=False)
        batch_op.create_index(
            "ix_talk_rated",
            ["contact_id", "overall"],
            unique=False,
            sqlite_where=sa.text("side = 'client' AND overall IS NOT NULL"),
            postgresql_where=sa.text("side = 'client' AND overall IS NOT NULL"),
        )
        batch_op.create_index("ix_talk_sort_on_id", ["sort_on", "id"], unique=False)
        batch_op.create_index("ix_talk_state_appointment_at", ["state", "appointment_at"], unique=False)
        batch_op.create_index("ix_talk_state_sort_on_id", ["state", "sort_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_step_on"), ["step_on"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("career", sa.Text(), nullable=True),
        sa.Column("motive", sa.Text(), nullable=True),
        sa.Column("wants_employment", sa.Boolean(), nullable=True),
        sa.Column("impression", sa.Text(), nullable=True),
        sa.Column("abilities", sa.JSON(), nullable=False),
        sa.Column("ability_notes", sa.JSON(), nullable=False),
        sa.Column("noted", sa.JSON(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.Integer(), nullable=True),
        sa.Column("letter_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["completed_by_id"], ["user_account.id"], name=op.f("fk_interview_completed_by_id_user_account")),
        sa.ForeignKeyConstraint(["manager_id"], ["manager.id"], name=op.f("fk_interview_manager_id_manager")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_interview_talk_id_talk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("talk_id", name=op.f("uq_interview_talk_id")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_manager_id"), ["manager_id"], unique=False)

    op.create_table(
        "talk_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_talk_participant_one_person")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_talk_participant_contact_id_contact")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_participant_talk_id_talk"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_talk_participant_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_participant")),
    )
    with op.batch_alter_table("talk_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_participant_talk_id"), ["talk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_participant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("used", sa.String(length=6), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_recommendation_asked_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_recommendation_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendation_interview_id"), ["interview_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_name_folded", "search_name", ["folded"], postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}
        )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.get_bind().exec_driver_sql(statement if op.get_bind().dialect.name == "sqlite" else statement.replace("%", "%%"))


_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_name_fts USING fts5(folded, content='search_name', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER IF NOT EXISTS search_name_ai AFTER INSERT ON search_name BEGIN INSERT INTO search_name_fts(rowid, folded) VALUES (NEW.id, NEW.folded); END",
    "CREATE TRIGGER IF NOT EXISTS search_name_ad AFTER DELETE ON search_name BEGIN INSERT INTO search_name_fts(search_name_fts, rowid, folded) VALUES ('delete', OLD.id, OLD.folded); END",
    "CREATE TRIGGER IF NOT EXISTS search_name_au AFTER UPDATE OF folded ON search_name BEGIN INSERT INTO search_name_fts(search_name_fts, rowid, folded) VALUES ('delete', OLD.id, OLD.folded); INSERT INTO search_name_fts(rowid, folded) VALUES (NEW.id, NEW.folded); END",
    "CREATE TRIGGER IF NOT EXISTS search_manager_ai AFTER INSERT ON manager BEGIN INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('manager', NEW.id, NEW.folded_name, NEW.sort_name); END",
    "CREATE TRIGGER IF NOT EXISTS search_manager_au AFTER UPDATE OF folded_name, sort_name ON manager BEGIN UPDATE search_name SET folded = NEW.folded_name, sort_name = NEW.sort_name WHERE kind = 'manager' AND record_id = NEW.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_manager_ad AFTER DELETE ON manager BEGIN DELETE FROM search_name WHERE kind = 'manager' AND record_id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_contact_ai AFTER INSERT ON contact BEGIN INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('contact', NEW.id, NEW.folded_name, NEW.sort_name); END",
    "CREATE TRIGGER IF NOT EXISTS search_contact_au AFTER UPDATE OF folded_name, sort_name ON contact BEGIN UPDATE search_name SET folded = NEW.folded_name, sort_name = NEW.sort_name WHERE kind = 'contact' AND record_id = NEW.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_contact_ad AFTER DELETE ON contact BEGIN DELETE FROM search_name WHERE kind = 'contact' AND record_id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_client_ai AFTER INSERT ON client BEGIN INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('client', NEW.id, NEW.sort_name, NEW.sort_name); END",
    "CREATE TRIGGER IF NOT EXISTS search_client_au AFTER UPDATE OF sort_name ON client BEGIN UPDATE search_name SET folded = NEW.sort_name, sort_name = NEW.sort_name WHERE kind = 'client' AND record_id = NEW.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_client_ad AFTER DELETE ON client BEGIN DELETE FROM search_name WHERE kind = 'client' AND record_id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_mandate_ai AFTER INSERT ON mandate BEGIN INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('mandate', NEW.id, NEW.folded_title || ' ' || (SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || 'm ' || NEW.year || ' ' || printf('%03d', NEW.running), substr((SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || NEW.folded_title, 1, 240)); END",
    "CREATE TRIGGER IF NOT EXISTS search_mandate_au AFTER UPDATE OF folded_title, client_id, year, running ON mandate BEGIN UPDATE search_name SET folded = NEW.folded_title || ' ' || (SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || 'm ' || NEW.year || ' ' || printf('%03d', NEW.running), sort_name = substr((SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || NEW.folded_title, 1, 240) WHERE kind = 'mandate' AND record_id = NEW.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_mandate_ad AFTER DELETE ON mandate BEGIN DELETE FROM search_name WHERE kind = 'mandate' AND record_id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS search_client_mandates AFTER UPDATE OF sort_name ON client BEGIN UPDATE mandate SET folded_title = folded_title WHERE client_id = NEW.id; END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION search_manager() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = 'manager' AND record_id = OLD.id; RETURN OLD; END IF; INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('manager', NEW.id, NEW.folded_name, NEW.sort_name) ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_manager AFTER INSERT OR DELETE OR UPDATE OF folded_name, sort_name ON manager FOR EACH ROW EXECUTE FUNCTION search_manager()",
    "CREATE OR REPLACE FUNCTION search_contact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = 'contact' AND record_id = OLD.id; RETURN OLD; END IF; INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('contact', NEW.id, NEW.folded_name, NEW.sort_name) ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_contact AFTER INSERT OR DELETE OR UPDATE OF folded_name, sort_name ON contact FOR EACH ROW EXECUTE FUNCTION search_contact()",
    "CREATE OR REPLACE FUNCTION search_client() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = 'client' AND record_id = OLD.id; RETURN OLD; END IF; INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('client', NEW.id, NEW.sort_name, NEW.sort_name) ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_client AFTER INSERT OR DELETE OR UPDATE OF sort_name ON client FOR EACH ROW EXECUTE FUNCTION search_client()",
    "CREATE OR REPLACE FUNCTION search_mandate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM search_name WHERE kind = 'mandate' AND record_id = OLD.id; RETURN OLD; END IF; INSERT INTO search_name(kind, record_id, folded, sort_name) VALUES ('mandate', NEW.id, NEW.folded_title || ' ' || (SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || 'm ' || NEW.year || ' ' || lpad(NEW.running::text, greatest(3, length(NEW.running::text)), '0'), substr((SELECT sort_name FROM client WHERE id = NEW.client_id) || ' ' || NEW.folded_title, 1, 240)) ON CONFLICT (kind, record_id) DO UPDATE SET folded = EXCLUDED.folded, sort_name = EXCLUDED.sort_name; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_mandate AFTER INSERT OR DELETE OR UPDATE OF folded_title, client_id, year, running ON mandate FOR EACH ROW EXECUTE FUNCTION search_mandate()",
    "CREATE OR REPLACE FUNCTION search_client_mandates() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE mandate SET folded_title = folded_title WHERE client_id = NEW.id; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER search_client_mandates AFTER UPDATE OF sort_name ON client FOR EACH ROW EXECUTE FUNCTION search_client_mandates()",
)
