"""Interviews with managers: the guide's answers, six abilities, recommendations."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db

if TYPE_CHECKING:
    from app.managers.models import Manager
    from app.talks.models import Talk


class Interview(db.Model):
    """What an interview found out. When and how it takes place is the talk's; this is its record, a draft until completed."""

    __tablename__ = "interview"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talk.id"), unique=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    career: Mapped[str | None] = mapped_column(sa.Text)  # career and results
    motive: Mapped[str | None] = mapped_column(sa.Text)  # motive and staying power
    wants_employment: Mapped[bool | None] = mapped_column()  # a newcomer who really wants a post gets honest advice
    impression: Mapped[str | None] = mapped_column(sa.Text)
    abilities: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rules.Ability → 1–5
    ability_notes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rules.Ability → text
    # When it was held, what was said of regions, languages, availability and rate, the step agreed: by field of the
    # form, as JSON. Kept here while it is a draft; completing takes it over to the talk and to the manager.
    noted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    completed_at: Mapped[datetime | None] = mapped_column()
    completed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    letter_sent_at: Mapped[datetime | None] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()  # so that a change of recommendations alone makes a new version
    version: Mapped[int] = mapped_column()

    talk: Mapped[Talk] = relationship("Talk")
    manager: Mapped[Manager] = relationship("Manager")
    recommendations: Mapped[list[Recommendation]] = relationship(cascade="all, delete-orphan", order_by="Recommendation.position")
    __mapper_args__ = {"version_id_col": version}

    @property
    def form_values(self) -> dict[str, Any]:
        """What is saved, by field of the form; for showing it again, and beside what somebody else typed."""
        values: dict[str, Any] = {
            "career": self.career,
            "motive": self.motive,
            "impression": self.impression,
            "wants_employment": {True: "yes", False: "no", None: ""}[self.wants_employment],
            **{ability: str(rating) for ability, rating in self.abilities.items() if rating is not None},
            **{f"{ability}_note": note for ability, note in self.ability_notes.items()},
            **{name: _read(name, value) for name, value in self.noted.items()},
        }
        for number, one in enumerate(self.recommendations):
            values |= {f"recommendation-{number}": one.text, f"by-{number}": one.by_on}
        return values


def _read(name: str, value: Any) -> Any:
    """Return a noted value as its field wants it; JSON has neither days nor amounts."""
    if value is None or not isinstance(value, str):
        return value
    if name in ("held_on", "available_from", "step_on"):
        return date.fromisoformat(value)
    if name == "held_time":
        return time.fromisoformat(value)
    return Decimal(value) if name == "rate" else value


class Recommendation(db.Model):
    """One thing that the manager is advised to do, by a day; later, whether it was used."""

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(sa.String(500))
    by_on: Mapped[date | None] = mapped_column()  # a draft may lack it
    used: Mapped[str | None] = mapped_column(sa.String(6))  # rules.Used; None: not asked yet
    asked_on: Mapped[date | None] = mapped_column()
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
