"""Mandates and their extensions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core.names import fold
from app.db import db
from app.db.base import folded
from app.mandates import candidate_models, course_models, plan_models, rules  # noqa: F401

if TYPE_CHECKING:
    from app.clients.models import Client, Contact
    from app.managers.models import Manager

MONEY: dict[str, Any] = {"money": True}  # whoever shows the audit trail leaves these values out where they are nobody's
_LIVE = sa.text("lost_on IS NULL AND closed_on IS NULL")


class Mandate(db.Model):
    """One client, an interim manager, one unbroken term. Days are inclusive.

    Number, shown to people: "M-2026-017", from `year` and `running`.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        sa.UniqueConstraint("year", "running", name="uq_mandate_number"),
        sa.CheckConstraint("starts_on <= first_end_on", name="period"),
        sa.CheckConstraint("stage BETWEEN 1 AND 4", name="stage"),
        sa.CheckConstraint("days_per_week IS NULL OR (days_per_week > 0 AND days_per_week <= 7)", name="days_per_week"),
        sa.Index("ix_mandate_ends_on_id", "ends_on", "id"),
        sa.Index("ix_mandate_stage_ends_on_id", "stage", "ends_on", "id"),
        # Of live mandates, a few among all: the board, the list by end date, what is asked of a colleague.
        sa.Index("ix_mandate_live", "stage", "ends_on", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_mandate_live_end", "ends_on", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_mandate_live_owner", "owner_id", "ends_on", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_mandate_owner_id_ends_on_id", "owner_id", "ends_on", "id"),
        sa.Index("ix_mandate_manager_id_ends_on", "manager_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    running: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))  # the task: "Interim-Werkleitung"
    folded_title: Mapped[str] = mapped_column(folded(160))  # what search looks in; follows `title`
    function: Mapped[str | None] = mapped_column(sa.String(40))  # of the task: a key of managers.vocabulary.FUNCTIONS
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("manager.id"))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    stage: Mapped[int] = mapped_column(default=1)  # 1 scoping … 4 evaluation and handover
    lost_on: Mapped[date | None] = mapped_column()
    lost_reason: Mapped[str | None] = mapped_column(sa.String(300))
    closed_on: Mapped[date | None] = mapped_column()

    signed_on: Mapped[date | None] = mapped_column()  # the contract
    starts_on: Mapped[date | None] = mapped_column()
    first_end_on: Mapped[date | None] = mapped_column()  # inclusive, as first agreed
    # Inclusive: the newest signed extension's, else first_end_on. Kept for the index that lists read;
    # only `actions` writes it, and a test compares it with the extensions.
    ends_on: Mapped[date | None] = mapped_column()
    has_quality_clause: Mapped[bool] = mapped_column(default=True)
    clause: Mapped[str | None] = mapped_column(sa.String(500))  # its wording, cited in each invitation

    goal: Mapped[str | None] = mapped_column(sa.Text)
    reports_to: Mapped[str | None] = mapped_column(sa.String(160))
    exit_plan: Mapped[str | None] = mapped_column(sa.Text)  # the successor or the event that ends the mandate
    handed_over: Mapped[str | None] = mapped_column(sa.Text)  # what is handed over
    exit_on: Mapped[date | None] = mapped_column()  # until when it is handed over
    successor: Mapped[str | None] = mapped_column(sa.String(160))  # by name, once named
    # Scoping, beside the goal
    reach: Mapped[str | None] = mapped_column(sa.Text)  # what the task covers, and what it does not
    expectations: Mapped[str | None] = mapped_column(sa.Text)
    means: Mapped[str | None] = mapped_column(sa.Text)  # budget, people, authority
    culture: Mapped[str | None] = mapped_column(sa.Text)
    place: Mapped[str | None] = mapped_column(sa.String(6))  # in the hierarchy: "line", or "beside" it (consultancy)
    # A closing talk that a person called off is asked for again, unless this says why not.
    no_closing_reason: Mapped[str | None] = mapped_column(sa.String(300))

    # The manager was not released: a lead's reason, which stays visible.
    manager_override_reason: Mapped[str | None] = mapped_column(sa.String(300))

    # As first agreed, net of VAT, per rate unit, in `currency`; what holds on a day: `rules.in_force`.
    client_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    client_rate_unit: Mapped[str] = mapped_column(sa.String(4), default="day")
    manager_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    manager_rate_unit: Mapped[str] = mapped_column(sa.String(4), default="day")
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    days_per_week: Mapped[Decimal | None] = mapped_column(sa.Numeric(2, 1))

    next_step: Mapped[str | None] = mapped_column(sa.String(200))
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime | None] = mapped_column()  # so that a change of colleagues alone makes a new version too
    version: Mapped[int] = mapped_column()

    client: Mapped[Client] = relationship("Client")
    contact: Mapped[Contact | None] = relationship("Contact")
    manager: Mapped[Manager | None] = relationship("Manager")
    extensions: Mapped[list[Extension]] = relationship(back_populates="mandate", order_by="Extension.id")
    rate_changes: Mapped[list[RateChange]] = relationship(back_populates="mandate", order_by="RateChange.id")
    spells: Mapped[list[candidate_models.ManagerSpell]] = relationship(order_by="ManagerSpell.id")
    colleagues: Mapped[list[MandateColleague]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        return rules.number(self.year, self.running)

    @validates("title")
    def _keep_folded(self, _name: str, title: str) -> str:
        self.folded_title = fold(title or "")[:160]
        return title

    @property
    def colleague_ids(self) -> list[int]:
        return [colleague.user_id for colleague in self.colleagues]

    @property
    def region(self) -> str:
        """The region whose public holidays move this mandate's talks."""
        return self.client.region

    @property
    def manager_since(self) -> date | None:
        """The first day of a manager who took over from another; None for the one who was on it from the beginning."""
        days = [spell.starts_on for spell in self.spells if spell.ends_on is None]
        since = max(days, default=None)
        return since if since is not None and self.starts_on is not None and since > self.starts_on else None

    @property
    def takes_over(self) -> candidate_models.ManagerSpell | None:
        """The spell of another manager who takes over on a day that has not come; until then `manager` is the present one."""
        last = next((spell for spell in reversed(self.spells) if spell.ends_on is None), None)
        return last if last is not None and last.manager_id != self.manager_id else None

    @property
    def on_it_at_the_end(self) -> tuple[int | None, date | None]:
        """Number and first day of the manager who is on it at its end: the present one, or who takes over from that one."""
        last = next((spell for spell in reversed(self.spells) if spell.ends_on is None), None)
        return (last.manager_id, last.starts_on) if last is not None else (self.manager_id, self.starts_on)

    def manager_on(self, day: date) -> Manager | None:
        """The manager who is on it now, or from the day on on which another one takes over that one."""
        planned = self.takes_over
        return planned.manager if planned is not None and day >= planned.starts_on else self.manager

    def runs_on(self, day: date) -> bool:
        return (
            self.starts_on is not None
            and self.ends_on is not None
            and self.lost_on is None
            and self.starts_on <= day <= self.ends_on
        )

    def standing_on(self, day: date) -> rules.Standing:
        return rules.standing(
            day,
            signed_on=self.signed_on,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            lost_on=self.lost_on,
            closed_on=self.closed_on,
        )

    @property
    def is_live(self) -> bool:
        """Neither lost nor closed."""
        return self.lost_on is None and self.closed_on is None

    @property
    def signed_extensions(self) -> list[Extension]:
        return [change for change in self.extensions if change.signed_on is not None]

    @property
    def open_extensions(self) -> list[Extension]:
        return [change for change in self.extensions if change.signed_on is None]

    @property
    def last_signed_on(self) -> date | None:
        """The day of the newest signature: of the contract or of a change of its end."""
        days = [change.signed_on for change in self.extensions if change.signed_on is not None]
        return max(days, default=self.signed_on)

    @property
    def agreed_end_on(self) -> date | None:
        """The end as the signed changes say it; `ends_on` must be the same."""
        if self.first_end_on is None:
            return None
        return rules.current_end(self.first_end_on, [c.as_signed_end() for c in self.signed_extensions])

    @property
    def contract_terms(self) -> rules.Terms:
        return rules.Terms(self.client_rate, self.manager_rate, self.days_per_week)

    @property
    def dated_terms(self) -> list[rules.DatedTerms]:
        """Every change of rates that has been agreed, by extension or on its own."""
        changes: list[Extension | RateChange] = [*self.signed_extensions, *self.rate_changes]
        return [change.as_dated_terms() for change in changes if change.effective_on is not None]

    def terms_on(self, day: date) -> rules.Terms:
        """The rates and days per week that hold on `day`."""
        return rules.in_force(self.contract_terms, self.dated_terms, day)


class Extension(db.Model):
    """A dated change of a mandate's end: extension, shortening or early end. Unsigned, it changes nothing yet.

    Rates and days hold from `effective_on`; None leaves them as they were.
    """

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # extension, shortening, early_end
    old_end_on: Mapped[date] = mapped_column()
    new_end_on: Mapped[date] = mapped_column()
    signed_on: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(sa.String(500))
    effective_on: Mapped[date | None] = mapped_column()
    client_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    manager_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    days_per_week: Mapped[Decimal | None] = mapped_column(sa.Numeric(2, 1))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    mandate: Mapped[Mandate] = relationship(back_populates="extensions")
    __mapper_args__ = {"version_id_col": version}

    @property
    def terms(self) -> rules.Terms:
        return rules.Terms(self.client_rate, self.manager_rate, self.days_per_week)

    def as_signed_end(self) -> rules.SignedEnd:
        """For a signed one only."""
        assert self.signed_on is not None
        return rules.SignedEnd(self.signed_on, self.id or 2**62, self.new_end_on)

    def as_dated_terms(self) -> rules.DatedTerms:
        """For one that takes effect on a day only."""
        assert self.effective_on is not None
        return rules.DatedTerms(self.effective_on, _made(self.created_at, self.id), self.terms)


class RateChange(db.Model):
    """Rates and days per week that hold from `effective_on`, agreed without a change of the end."""

    __tablename__ = "rate_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    effective_on: Mapped[date] = mapped_column()
    client_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    manager_rate: Mapped[Decimal | None] = mapped_column(info=MONEY)
    days_per_week: Mapped[Decimal | None] = mapped_column(sa.Numeric(2, 1))
    reason: Mapped[str] = mapped_column(sa.String(500), info=MONEY)  # people write amounts into it
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column()

    mandate: Mapped[Mandate] = relationship(back_populates="rate_changes")

    @property
    def terms(self) -> rules.Terms:
        return rules.Terms(self.client_rate, self.manager_rate, self.days_per_week)

    def as_dated_terms(self) -> rules.DatedTerms:
        return rules.DatedTerms(self.effective_on, _made(self.created_at, self.id), self.terms)


class MandateColleague(db.Model):
    """A colleague on the mandate beside its owner."""

    __tablename__ = "mandate_colleague"

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, index=True)


class MandateNumber(db.Model):
    """The last running number given in a year; the row is what two people who create at once wait for."""

    __tablename__ = "mandate_number"
    __audit__ = False

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column()


def _made(created_at: datetime, number: int | None) -> tuple[int, int]:
    """Order of two changes that take effect on one day: the later made one counts."""
    return int(created_at.timestamp()), number or 2**62
