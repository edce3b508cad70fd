"""What the firm has set differently from the defaults."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db


class FirmSetting(db.Model):
    """One setting that differs from its default in `rules.Firm`."""

    __tablename__ = "firm_setting"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
