"""Talks: from due to held, with their records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import db

if TYPE_CHECKING:
    from app.clients.models import Contact
    from app.managers.models import Manager
    from app.users.models import User

_RATED = sa.text("side = 'client' AND overall IS NOT NULL")
_OF_REFEREE = sa.text("side = 'referee'")
_PROMISED = sa.text("step IS NOT NULL AND step_done_on IS NULL")


class Talk(db.Model):
    """One talk. Its due day and its appointment are two things: planning moves the one, never the other.

    Lists page by (`sort_on`, id): the day of the appointment or record where there is one, else the due day.
    """

    __tablename__ = "talk"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('due','arranged','held','declined','cancelled')",
            name="state",
        ),
        sa.CheckConstraint("(state = 'arranged') <= (appointment_at IS NOT NULL)", name="arranged_has_appointment"),
        sa.CheckConstraint("(state = 'held') <= (held_at IS NOT NULL)", name="held_has_day"),
        sa.CheckConstraint("(state = 'due') <= (due_on IS NOT NULL)", name="due_has_day"),
        sa.Index("ix_talk_state_sort_on_id", "state", "sort_on", "id"),
        sa.Index("ix_talk_owner_id_state_sort_on_id", "owner_id", "state", "sort_on", "id"),
        sa.Index("ix_talk_sort_on_id", "sort_on", "id"),
        sa.Index("ix_talk_state_appointment_at", "state", "appointment_at"),
        sa.Index("ix_talk_mandate_id", "mandate_id"),
        sa.Index("ix_talk_manager_id_sort_on", "manager_id", "sort_on"),
        sa.Index("ix_talk_contact_id_sort_on", "contact_id", "sort_on"),
        # Feedback: means of all ratings and of each giver's come from this index alone.
        sa.Index("ix_talk_rated", "contact_id", "overall", sqlite_where=_RATED, postgresql_where=_RATED),
        # The list of reference calls.
        sa.Index("ix_talk_of_referee", "sort_on", "id", sqlite_where=_OF_REFEREE, postgresql_where=_OF_REFEREE),
        # Today: what somebody promised and has not done yet.
        sa.Index("ix_talk_promise", "step_owner_id", "step_on", sqlite_where=_PROMISED, postgresql_where=_PROMISED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # rules.Kind
    side: Mapped[str] = mapped_column(sa.String(8))  # rules.Side: with whom
    state: Mapped[str] = mapped_column(sa.String(10))  # rules.State
    mandate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mandate.id"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("manager.id"))
    referee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referee.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # the colleague who holds it

    due_on: Mapped[date | None] = mapped_column()  # after moving to a working day
    planned: Mapped[bool] = mapped_column(default=False)  # belongs to a mandate's plan
    sort_on: Mapped[date] = mapped_column()

    appointment_at: Mapped[datetime | None] = mapped_column()
    appointment_zone: Mapped[str | None] = mapped_column(sa.String(60))
    minutes: Mapped[int | None] = mapped_column()
    channel: Mapped[str | None] = mapped_column(sa.String(10))  # phone, video, in_person
    place: Mapped[str | None] = mapped_column(sa.String(300))  # number, link or address
    calendar_uid: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)  # rises with each update sent
    benefit: Mapped[str | None] = mapped_column(sa.String(400))  # what is in it for the person, as the invitation says
    invited: Mapped[dict[str, Any]] = mapped_column(default=dict)  # "contact-7" → sequence last queued for them
    was_closing: Mapped[bool] = mapped_column(default=False)  # an appointment that an extension made a quality talk

    decline_reason: Mapped[str | None] = mapped_column(sa.String(24))  # rules.DeclineReason
    note: Mapped[str | None] = mapped_column(sa.Text)  # on declining or cancelling
    cancelled_by_change: Mapped[bool] = mapped_column(default=False)  # by a change of the mandate's end, no person
    owner_must_decide: Mapped[str | None] = mapped_column(sa.String(40))  # reason key: a changed end left it odd

    held_at: Mapped[datetime | None] = mapped_column()
    held_minutes: Mapped[int | None] = mapped_column()
    took_part: Mapped[str | None] = mapped_column(sa.String(300))
    written: Mapped[bool] = mapped_column(default=False)  # answered in writing, by the form
    record: Mapped[str | None] = mapped_column(sa.Text)  # notes
    overall: Mapped[int | None] = mapped_column()  # 1–5; None also where the answer is “no opinion” (`answers`)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # question key → value; keys: question_rules
    may_quote: Mapped[bool | None] = mapped_column()
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    not_reached: Mapped[int] = mapped_column(default=0)  # calls that nobody answered
    not_reached_at: Mapped[datetime | None] = mapped_column()

    step: Mapped[str | None] = mapped_column(sa.String(200))  # agreed next step, a promise
    step_on: Mapped[date | None] = mapped_column(index=True)
    step_owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    step_done_on: Mapped[date | None] = mapped_column()

    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()

    contact: Mapped[Contact | None] = relationship("Contact")
    manager: Mapped[Manager | None] = relationship("Manager")
    owner: Mapped[User | None] = relationship("User", foreign_keys=owner_id)
    mandate: Mapped[Any] = relationship("Mandate")  # higher rooms: by name
    referee: Mapped[Any] = relationship("Referee")
    participants: Mapped[list[TalkParticipant]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def person(self) -> Any:
        """The person outside the firm that the talk is with; of a talk with both sides the client's contact."""
        if self.side == "referee":
            return self.referee
        return self.contact if self.side in ("client", "both") else self.manager

    @property
    def with_whom(self) -> str:
        """The name of the person outside the firm, or of both; empty for none."""
        people = [self.contact, self.manager] if self.side == "both" else [self.person]
        return ", ".join(person.name for person in people if person is not None)

    @property
    def ends_at(self) -> datetime | None:
        """The instant at which the appointment ends."""
        if self.appointment_at is None:
            return None
        return self.appointment_at + timedelta(minutes=self.minutes or 0)

    @property
    def colleague_ids(self) -> list[int]:
        """The colleagues who may change this talk beside its owner: all on its mandate, and those who take part."""
        ids = [one.user_id for one in self.participants if one.user_id is not None]
        return ids + ([self.mandate.owner_id, *self.mandate.colleague_ids] if self.mandate is not None else [])


class TalkParticipant(db.Model):
    """Somebody who takes part in an appointment beside the person it is with and the colleague who holds it."""

    __tablename__ = "talk_participant"
    __table_args__ = (sa.CheckConstraint("(user_id IS NULL) <> (contact_id IS NULL)", name="one_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talk.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))

    user: Mapped[User | None] = relationship("User")
    contact: Mapped[Contact | None] = relationship("Contact")
