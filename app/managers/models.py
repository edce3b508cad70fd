"""Interim managers: one number for everything ("ID 9999")."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db
from app.db.people import Person
from app.managers import rules

SOME = "some"  # the level of a language that does not carry a mandate


class Manager(Person, db.Model):
    """An interim manager. "On mandate" is no state: it is worked out from the mandates."""

    __tablename__ = "manager"
    __table_args__ = (
        sa.Index("ix_manager_sort_name_id", "sort_name", "id"),
        sa.Index("ix_manager_state_sort_name_id", "state", "sort_name", "id"),
        sa.Index("ix_manager_owner_id_sort_name_id", "owner_id", "sort_name", "id"),
        sa.CheckConstraint("rate >= 0", name="rate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(12))  # docs/domain.md, "Admission"; keys in rules.State
    headline: Mapped[str | None] = mapped_column(sa.String(160))  # "Finance and plant management, machinery"
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(32), index=True)  # E.164
    mobile: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    street: Mapped[str | None] = mapped_column(sa.String(160))
    postcode: Mapped[str | None] = mapped_column(sa.String(16))
    city: Mapped[str | None] = mapped_column(sa.String(80))
    is_newcomer: Mapped[bool | None] = mapped_column()  # None: not known
    available_from: Mapped[date | None] = mapped_column()
    availability_confirmed_on: Mapped[date | None] = mapped_column()
    days_per_week: Mapped[int | None] = mapped_column()
    rate: Mapped[Decimal | None] = mapped_column()  # asked for, net of VAT, per `rate_unit`, in `rate_currency`
    rate_unit: Mapped[str] = mapped_column(sa.String(4), default="day")  # day, hour
    rate_currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    source: Mapped[str | None] = mapped_column(sa.String(20))  # where the data came from: key of rules.SOURCES
    source_note: Mapped[str | None] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    released_on: Mapped[date | None] = mapped_column()
    next_step: Mapped[str | None] = mapped_column(sa.String(200))
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime | None] = mapped_column()  # so that a change of tags alone makes a new version too
    version: Mapped[int] = mapped_column()

    tags: Mapped[list[ManagerTag]] = relationship(cascade="all, delete-orphan", order_by="ManagerTag.value")
    documents: Mapped[list[ManagerDocument]] = relationship(cascade="all, delete-orphan", order_by="ManagerDocument.id.desc()")
    __mapper_args__ = {"version_id_col": version}

    def tagged(self, kind: str) -> list[str]:
        """Return the keys of one kind of tag: function, industry, language or region."""
        return [tag.value for tag in self.tags if tag.kind == kind]

    @property
    def waits_for_start(self) -> bool:
        """Whether an import says *released* and no lead has said so yet by starting it."""
        return rules.waits_for_start(self.state, self.source, self.released_on)

    # As the form names them.
    @property
    def functions(self) -> list[str]:
        return self.tagged("function")

    @property
    def industries(self) -> list[str]:
        return self.tagged("industry")

    @property
    def regions(self) -> list[str]:
        return self.tagged("region")

    @property
    def languages(self) -> list[str]:
        """The languages this manager works in."""
        return [tag.value for tag in self.tags if tag.kind == "language" and tag.level != SOME]

    @property
    def languages_some(self) -> list[str]:
        return [tag.value for tag in self.tags if tag.kind == "language" and tag.level == SOME]


class ManagerTag(db.Model):
    """A function, industry, language or region of a manager, as a key of the vocabulary."""

    __tablename__ = "manager_tag"
    __table_args__ = (sa.Index("ix_manager_tag_kind_value_manager_id", "kind", "value", "manager_id"),)

    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)  # function, industry, language, region
    value: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    level: Mapped[str | None] = mapped_column(sa.String(10))  # languages: native, fluent, some


class ManagerDocument(db.Model):
    """One version of a document that a manager gave us."""

    __tablename__ = "manager_document"
    __table_args__ = (sa.UniqueConstraint("manager_id", "kind", "number", name="uq_manager_document_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # cv, project_list, short_profile, certificate, other
    number: Mapped[int] = mapped_column()  # version of this kind, from 1
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    made_on: Mapped[date | None] = mapped_column()  # the day the document says it was made
    received_on: Mapped[date] = mapped_column()
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
