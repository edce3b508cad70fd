"""Let reviewers hear of confirmed registrations in the daily mail.

Safe while the previous release is still running (the column has a default).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("notices_in_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
