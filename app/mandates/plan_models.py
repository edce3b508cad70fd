"""What a mandate is to reach and by when: goals, milestones, evaluation moments, the handbook, and how it went on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import db

PLANNED = "state = 'planned'"  # written out, as the index of these says it
_OPEN = sa.text("accepted_on IS NULL AND dropped_on IS NULL")


class MandateGoal(db.Model):
    """One measurable objective of a mandate; the mandate's own `goal` says the whole in words."""

    __tablename__ = "mandate_goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    position: Mapped[int] = mapped_column()  # from 1
    title: Mapped[str] = mapped_column(sa.String(160))
    measure: Mapped[str | None] = mapped_column(sa.String(300))  # how one sees that it is reached


class Milestone(db.Model):
    """One step of the action plan."""

    __tablename__ = "milestone"
    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'reached', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'reached') = (reached_on IS NOT NULL)", name="reached"),
        sa.Index(
            "ix_milestone_planned", "mandate_id", "due_on", sqlite_where=sa.text(PLANNED), postgresql_where=sa.text(PLANNED)
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    means: Mapped[str | None] = mapped_column(sa.String(500))
    owner: Mapped[str | None] = mapped_column(sa.String(160))  # who answers for it, in words
    due_on: Mapped[date] = mapped_column()
    state: Mapped[str] = mapped_column(sa.String(8), default="planned")
    reached_on: Mapped[date | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # why it was moved last, or dropped
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class EvaluationMoment(db.Model):
    """A day on which client and manager look at the plan together; `talk_id` once a talk stands for it."""

    __tablename__ = "evaluation_moment"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    planned_on: Mapped[date] = mapped_column()
    talk_id: Mapped[int | None] = mapped_column(sa.ForeignKey("talk.id", ondelete="SET NULL"), unique=True)


class HandbookVersion(db.Model):
    """The handbook as it was presented to the client; frozen once accepted, or given up for a newer one.

    `content` is plain data (`handbook_rules`), the PDF is made of it and of nothing else. Open while neither accepted nor
    dropped; a mandate has at most one open version, and presenting anew replaces what an open one holds.
    """

    __tablename__ = "handbook_version"
    __table_args__ = (
        sa.UniqueConstraint("mandate_id", "number", name="uq_handbook_version_number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(accepted_on IS NULL) = (accepted_how IS NULL)", name="accepted"),
        sa.CheckConstraint("accepted_how IS NULL OR accepted_how IN ('link', 'signature', 'mail', 'meeting')", name="how"),
        sa.CheckConstraint("accepted_on IS NULL OR dropped_on IS NULL", name="ended"),
        sa.Index("ix_handbook_version_open", "mandate_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"))
    number: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    summary: Mapped[str | None] = mapped_column(sa.String(300))  # what is new, in a colleague's words
    made_at: Mapped[datetime] = mapped_column()
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    presented_on: Mapped[date] = mapped_column()
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime | None] = mapped_column()  # the mail with the link to accept
    accepted_on: Mapped[date | None] = mapped_column()
    accepted_at: Mapped[datetime | None] = mapped_column()  # when it was recorded
    accepted_by: Mapped[str | None] = mapped_column(sa.String(160))  # the name of who accepted for the client
    accepted_how: Mapped[str | None] = mapped_column(sa.String(9))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: behind the link
    dropped_on: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


_FROZEN = (
    *("mandate_id", "number", "content", "summary", "made_at", "made_by_id", "presented_on", "recorded_by_id", "dropped_on"),
    *("accepted_on", "accepted_at", "accepted_by", "accepted_how"),
)


@sa.event.listens_for(HandbookVersion, "before_update")
@sa.event.listens_for(HandbookVersion, "before_delete")
def _keep_accepted(_mapper: Any, connection: sa.Connection, version: HandbookVersion) -> None:
    """What a client accepted never changes; only an erasure takes a name out of it, past the session."""
    attributes: Any = sa.inspect(version).attrs
    changes = any(attributes[name].history.has_changes() for name in _FROZEN)
    if not changes and version not in sa.inspect(version).session.deleted:
        return
    kept: Any = HandbookVersion.__table__
    if connection.scalar(sa.select(kept.c.accepted_on).where(kept.c.id == version.id)) is not None:
        raise RuntimeError("an accepted handbook never changes")


class StageChange(db.Model):
    """A gate that was passed, with what was missing and why a lead let it pass nevertheless."""

    __tablename__ = "stage_change"
    __table_args__ = (sa.CheckConstraint("from_stage BETWEEN 1 AND 4", name="from_stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    from_stage: Mapped[int] = mapped_column()  # the stage that was left; 4: the mandate was closed
    changed_on: Mapped[date] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: by itself
    missing: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # keys of `gate_rules.Missing`
    override_reason: Mapped[str | None] = mapped_column(sa.String(300))
