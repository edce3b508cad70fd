"""Written references of clients, referees of managers, and calls of third parties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.names import searchable
from app.db import db
from app.db.people import Person


class WrittenReference(db.Model):
    """What a client says of a manager in writing: drafted by us, worded and released by the client behind a link.

    Two blocks: situation and task; results. A later extension of the mandate changes nothing in it.
    """

    __tablename__ = "written_reference"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft','sent','released','declined','revoked')", name="state"),
        sa.CheckConstraint("scope IS NULL OR scope IN ('internal','on_request','public')", name="scope"),
        sa.CheckConstraint("(state IN ('released','revoked')) <= (released_at IS NOT NULL)", name="released"),
        sa.CheckConstraint("(state = 'declined') <= (declined_at IS NOT NULL)", name="declined"),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        sa.Index("ix_written_reference_manager_id", "manager_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    situation: Mapped[str] = mapped_column(sa.Text)
    results: Mapped[str] = mapped_column(sa.Text)
    rating: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(sa.String(8), default="draft")  # written_rules.State
    scope: Mapped[str | None] = mapped_column(sa.String(10))  # written_rules.Scope, as the client released it
    made_at: Mapped[datetime] = mapped_column()
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[datetime | None] = mapped_column()
    released_at: Mapped[datetime | None] = mapped_column()
    released_by: Mapped[str | None] = mapped_column(sa.String(200))  # name and position, as the client signs
    declined_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # of declining or revoking
    version: Mapped[int] = mapped_column()

    mandate: Mapped[Any] = relationship("Mandate")
    manager: Mapped[Any] = relationship("Manager")
    contact: Mapped[Any] = relationship("Contact")
    __mapper_args__ = {"version_id_col": version}


class Referee(Person, db.Model):
    """A former boss, owner, client, colleague or report who can speak about a manager.

    Without the manager's consent the number stays hidden and no call can be planned.
    """

    __tablename__ = "referee"
    __table_args__ = (
        sa.CheckConstraint("relation IN ('boss','owner','client','peer','report')", name="relation"),
        sa.CheckConstraint("(consent_on IS NULL) = (consent_how IS NULL)", name="consent"),
        sa.Index("ix_referee_sort_name_id", "sort_name", "id"),
        sa.Index("ix_referee_phone", "phone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    company: Mapped[str | None] = mapped_column(sa.String(160))
    job_title: Mapped[str | None] = mapped_column(sa.String(120))
    relation: Mapped[str] = mapped_column(sa.String(6))  # call_rules.Relation
    together_from: Mapped[date | None] = mapped_column()
    together_until: Mapped[date | None] = mapped_column()  # inclusive
    email: Mapped[str | None] = mapped_column(sa.String(254))
    # E.164; the audit trail says only that it changed. What is shown is `phone`.
    number_kept: Mapped[str | None] = mapped_column("phone", sa.String(32), info={"secret": True})
    consent_on: Mapped[date | None] = mapped_column()  # the manager's
    consent_how: Mapped[str | None] = mapped_column(sa.String(10))  # link, mail, phone, in_person, papers
    told_at: Mapped[datetime | None] = mapped_column()  # the notice of Art. 14 GDPR
    objected_on: Mapped[date | None] = mapped_column()  # wants no call
    judgement: Mapped[str | None] = mapped_column(sa.String(300))  # of a person, on a rating that contradicts a written reference
    judged_on: Mapped[date | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    manager: Mapped[Any] = relationship("Manager")
    __mapper_args__ = {"version_id_col": version}
    mobile = None  # other people have a second number

    def name_changed(self) -> None:
        """Keep what lists sort by and searches look in: a referee is found by the company too."""
        super().name_changed()
        if self.company:
            self.folded_name = f"{self.folded_name} {searchable(self.company)}"[:480]

    @property
    def may_be_called(self) -> bool:
        """Whether the manager agreed and the referee has not objected: only then a number shows and a call can be planned."""
        return self.consent_on is not None and self.objected_on is None

    @classmethod
    def is_callable(cls) -> sa.ColumnElement[bool]:
        """Return `may_be_called` as a condition."""
        return sa.and_(cls.consent_on.is_not(None), cls.objected_on.is_(None))

    @property
    def phone(self) -> str | None:
        """The number as anybody may see it: None unless `may_be_called`."""
        return self.number_kept if self.may_be_called else None


class OutsideCall(db.Model):
    """A third party that called a client about a manager, or will: with the released wording at hand, and what was said."""

    __tablename__ = "outside_call"
    __table_args__ = (sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id"), index=True)
    reference_id: Mapped[int | None] = mapped_column(sa.ForeignKey("written_reference.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    caller: Mapped[str] = mapped_column(sa.String(200))  # name and company of who calls
    called_on: Mapped[date] = mapped_column()
    rating: Mapped[int | None] = mapped_column()
    said: Mapped[str | None] = mapped_column(sa.Text)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    noted_at: Mapped[datetime] = mapped_column()
    judgement: Mapped[str | None] = mapped_column(sa.String(300))  # of a person, on a contradiction
    judged_on: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column()

    contact: Mapped[Any] = relationship("Contact")
    reference: Mapped[WrittenReference | None] = relationship("WrittenReference")
    __mapper_args__ = {"version_id_col": version}
