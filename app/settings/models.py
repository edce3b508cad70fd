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


class FirmRevision(db.Model):
    """The one row that two administrators at work on the settings meet at; each change counts one up."""

    __tablename__ = "firm_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    changes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
