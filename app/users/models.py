"""Accounts, teams and absences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_security.core import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import names
from app.db import db
from app.users import rules


class Team(db.Model):
    """Colleagues who work together; one "Firm" to begin with."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)


class User(db.Model, UserMixin):
    """A colleague with a login."""

    __tablename__ = "user_account"
    __table_args__ = (
        sa.CheckConstraint("role IN ('administrator','lead','consultant','assistant','auditor')", name="role"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255), info={"secret": True})
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, info={"secret": True})
    confirmed_at: Mapped[datetime | None] = mapped_column()

    role: Mapped[str] = mapped_column(sa.String(20))
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"), index=True)
    is_reviewer: Mapped[bool] = mapped_column(default=False)

    form_of_address: Mapped[str | None] = mapped_column(sa.String(10))  # frau, herr, neither; None: not known
    title: Mapped[str | None] = mapped_column(sa.String(40))
    first_name: Mapped[str | None] = mapped_column(sa.String(80))
    particle: Mapped[str | None] = mapped_column(sa.String(40))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    sort_name: Mapped[str] = mapped_column(sa.String(200), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(32))  # E.164

    language: Mapped[str] = mapped_column(sa.String(2), default="de")
    zone: Mapped[str | None] = mapped_column(sa.String(60))  # None: the firm's
    region: Mapped[str | None] = mapped_column(sa.String(10))  # None: the firm's
    theme: Mapped[str | None] = mapped_column(sa.String(5))  # light, dark; None: the system's
    single_keys: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[bool] = mapped_column(default=True)
    talk_mails: Mapped[bool] = mapped_column(default=True)  # a mail two hours before each talk
    notices_in_digest: Mapped[bool] = mapped_column(default=False)  # of confirmed registrations, for reviewers

    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))  # "authenticator" once confirmed
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(600), info={"secret": True})
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)  # a code counts once
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(sa.JSON, info={"secret": True})

    version: Mapped[int] = mapped_column()

    team: Mapped[Team] = relationship()
    __mapper_args__ = {"version_id_col": version}

    # Flask-Security's own roles are not used: one role per person, in `role`.
    @property
    def roles(self) -> list[Any]:
        return []

    @roles.setter
    def roles(self, _value: Any) -> None:
        return

    @property
    def name(self) -> str:
        return names.full_name(self.title, self.first_name, self.particle, self.last_name)

    @property
    def short_name(self) -> str:
        """“K. Ostendorff”, as on lists and in "for K. Ostendorff"."""
        initial = f"{self.first_name[0]}." if self.first_name else None
        return names.full_name(None, initial, self.particle, self.last_name)

    def salutation(self) -> str:
        """Return the first line of a letter to this colleague, in their language, without the comma."""
        return names.salutation(self.language, self.form_of_address, self.title, self.first_name, self.particle, self.last_name)

    @property
    def hears_at_once(self) -> bool:
        """Say whether the notice of a confirmed registration goes to this reviewer by a mail of its own."""
        return not (self.digest and self.notices_in_digest)

    @property
    def has_second_factor(self) -> bool:
        return self.tf_primary_method is not None

    def may(self, permission: str) -> bool:
        return rules.may(self.role, permission)

    def may_change(self, record: Any) -> bool:
        """Say whether this person may change the record (its `owner_id`, and `colleague_ids` where it has them)."""
        return rules.may_change(self.role, self.id, record.owner_id, frozenset(getattr(record, "colleague_ids", ())))

    def sees_money_of(self, mandate: Any) -> bool:
        return rules.sees_money(self.role, self.id, mandate.owner_id, frozenset(mandate.colleague_ids))

    @property
    def is_lead(self) -> bool:
        return self.role in rules.CHANGES_ALL_RECORDS


class UserSession(db.Model):
    """One browser somebody is signed in with.

    The cookie holds a random key, this row its hash. `passed_at` is when the last factor asked for was given; without
    it the session opens nothing but the page that asks for the second factor.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True, info={"secret": True})
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    last_seen_at: Mapped[datetime] = mapped_column()  # written every five minutes at most
    passed_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    browser: Mapped[str] = mapped_column(sa.String(80), default="")  # "Firefox, Linux", so that people know theirs

    user: Mapped[User] = relationship()


class Absence(db.Model):
    """Days a colleague is away, both inclusive, and who stands in."""

    __tablename__ = "absence"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column(index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)
    deputy: Mapped[User | None] = relationship(foreign_keys=deputy_id)

    @classmethod
    def covers(cls, day: Any) -> sa.ColumnElement[bool]:
        """Return the condition that the colleague is away on `day`, a day or the place of one."""
        return sa.and_(cls.starts_on <= day, day <= cls.ends_on)
