"""Say who has been on signed mandates: the manager of each one that has one, from its first day.

Changes rows only. Safe while the previous release is still running (it does not know the table).
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO manager_spell (mandate_id, manager_id, starts_on) "
        "SELECT id, manager_id, starts_on FROM mandate "
        "WHERE signed_on IS NOT NULL AND starts_on IS NOT NULL AND manager_id IS NOT NULL"
    )
