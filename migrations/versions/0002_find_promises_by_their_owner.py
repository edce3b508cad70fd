"""Find open promises by who gave them: Today read every talk of the firm for them.

Safe while the previous release is still running (it only gets quicker).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = "step IS NOT NULL AND step_done_on IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_talk_promise",
        "talk",
        ["step_owner_id", "step_on"],
        unique=False,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
