"""Cases of admission, the texts people agree to, and the proof that they did."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.admission.state_rules import Standing
from app.db import db
from app.managers.rules import State

if TYPE_CHECKING:
    from app.managers.models import Manager
    from app.users.models import User


class AdmissionCase(db.Model):
    """What belongs to a manager's admission; the state itself is the manager's."""

    __tablename__ = "admission_case"
    __table_args__ = (
        sa.CheckConstraint("stages_used BETWEEN 0 AND 3", name="stages_used"),
        sa.CheckConstraint("(halted_on IS NULL) = (halt_reason IS NULL)", name="halted"),
        sa.CheckConstraint("fee IN ('owed','invoiced','paid','waived','refunded')", name="fee"),
        sa.CheckConstraint("(fee IS NULL) = (fee_amount IS NULL)", name="fee_amount"),
    )

    manager_id: Mapped[int] = mapped_column(
        sa.ForeignKey("manager.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    entered_state_at: Mapped[datetime] = mapped_column()
    next_on: Mapped[date | None] = mapped_column(index=True)  # as if the clock were going: see halted_on
    stages_used: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[bool] = mapped_column(default=False)
    halted_on: Mapped[date | None] = mapped_column()
    halt_reason: Mapped[str | None] = mapped_column(sa.String(500))
    review_began_at: Mapped[datetime | None] = mapped_column()  # of the first review
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    fee: Mapped[str | None] = mapped_column(sa.String(8))  # state_rules.Fee; None: no fee was agreed
    fee_amount: Mapped[int | None] = mapped_column()  # whole euros, net of VAT
    fee_number: Mapped[str | None] = mapped_column(sa.String(40))  # of the invoice
    last_mail_at: Mapped[datetime | None] = mapped_column()  # with the link to confirm
    falls_short: Mapped[str] = mapped_column(sa.String(120), default="")  # criteria of the last review not met, by blanks
    last_letter_on: Mapped[date | None] = mapped_column()  # on which the clock last wrote to the person
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admission_batch.id"), index=True)  # came in by an import
    version: Mapped[int] = mapped_column()

    manager: Mapped[Manager] = relationship("Manager")
    reviewer: Mapped[User | None] = relationship("User")
    batch: Mapped[AdmissionBatch | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def standing(self) -> Standing:
        return Standing(State(self.manager.state), self.stages_used, self.repeated, self.halted_on is not None)


class AdmissionMove(db.Model):
    """Somebody came into the queue of those not yet admitted, or left it, on that day of the firm. It names nobody."""

    __tablename__ = "admission_move"
    __audit__ = False  # the change of state is in the audit trail

    id: Mapped[int] = mapped_column(primary_key=True)
    moved_on: Mapped[date] = mapped_column(index=True)
    came: Mapped[bool] = mapped_column()


class LegalText(db.Model):
    """One version of the terms or the privacy notice in one language. A row that somebody agreed to never changes."""

    __tablename__ = "legal_text"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('terms','privacy')", name="kind"),
        sa.CheckConstraint("language IN ('de','nl','en')", name="language"),
        sa.UniqueConstraint("kind", "language", "number", name="uq_legal_text_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    language: Mapped[str] = mapped_column(sa.String(2))
    number: Mapped[int] = mapped_column()  # version, from 1
    text: Mapped[str] = mapped_column(sa.Text)
    since: Mapped[datetime] = mapped_column()


class LegalEdition(db.Model):
    """A wording of the terms or the privacy notice in all three languages, with places for the firm's settings.

    A draft until `in_force_at`; in force it never changes again, and the newest one counts. One draft of a kind at a time.
    """

    __tablename__ = "legal_edition"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('terms','privacy')", name="kind"),
        sa.Index(
            "uq_legal_edition_draft",
            "kind",
            unique=True,
            sqlite_where=sa.text("in_force_at IS NULL"),
            postgresql_where=sa.text("in_force_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    de: Mapped[str] = mapped_column(sa.Text)
    nl: Mapped[str] = mapped_column(sa.Text)
    en: Mapped[str] = mapped_column(sa.Text)
    in_force_at: Mapped[datetime | None] = mapped_column()
    put_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class RegistrationProof(db.Model):
    """What proves a registration: all that was shown and sent, both instants, from where. Times are shown in `zone`."""

    __tablename__ = "registration_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), unique=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    zone: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(160), info={"secret": True})  # as typed
    terms_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_text.id"))
    privacy_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_text.id"))
    page_text: Mapped[str] = mapped_column(sa.Text)
    registered_at: Mapped[datetime] = mapped_column()
    registered_ip: Mapped[str] = mapped_column(sa.String(45), info={"secret": True})
    registered_agent: Mapped[str] = mapped_column(sa.String(400), info={"secret": True})
    mail_subject: Mapped[str] = mapped_column(sa.String(300), default="")
    mail_text: Mapped[str] = mapped_column(sa.Text, default="", info={"secret": True})
    message_id: Mapped[str] = mapped_column(sa.String(200), default="")
    mailed_to: Mapped[str] = mapped_column(sa.String(254), default="", info={"secret": True})
    confirmed_at: Mapped[datetime | None] = mapped_column()
    confirmed_ip: Mapped[str | None] = mapped_column(sa.String(45), info={"secret": True})
    confirmed_agent: Mapped[str | None] = mapped_column(sa.String(400), info={"secret": True})
    confirm_page_text: Mapped[str | None] = mapped_column(sa.Text)

    manager: Mapped[Manager] = relationship("Manager")
    terms: Mapped[LegalText] = relationship(foreign_keys=[terms_id])
    privacy: Mapped[LegalText] = relationship(foreign_keys=[privacy_id])


class AdmissionBatch(db.Model):
    """People who came in by one import. Nobody of it is written to by the clock before a lead has started it."""

    __tablename__ = "admission_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))  # of the file, made harmless
    imported_at: Mapped[datetime] = mapped_column()
    imported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))  # None: on the command line
    started_at: Mapped[datetime | None] = mapped_column()
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class DataOrigin(db.Model):
    """Where the data of somebody came from who did not register, on what ground they are kept, and the notice of it.

    The notice (Art. 14 GDPR) goes once: by letter (`told_at`) or by hand (`by_hand_on`).
    """

    __tablename__ = "data_origin"
    __table_args__ = (
        sa.CheckConstraint("ground IN ('interest','consent','request')", name="ground"),
        sa.CheckConstraint("(by_hand_on IS NULL) = (by_hand_by_id IS NULL)", name="by_hand"),
        sa.CheckConstraint("source IS NOT NULL OR (told_at IS NULL AND by_hand_on IS NULL)", name="told_source"),
    )

    manager_id: Mapped[int] = mapped_column(
        sa.ForeignKey("manager.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    source: Mapped[str | None] = mapped_column(sa.String(20))  # managers.rules.SOURCES; None: nobody said yet
    ground: Mapped[str] = mapped_column(sa.String(10))  # art14.GROUNDS
    noted_at: Mapped[datetime] = mapped_column()
    told_at: Mapped[datetime | None] = mapped_column()  # when its letter was queued
    by_hand_on: Mapped[date | None] = mapped_column()
    by_hand_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    @property
    def is_told(self) -> bool:
        return self.told_at is not None or self.by_hand_on is not None


class PaperReading(db.Model):
    """What a document of a manager says: its text page by page, and for a CV what the analyser found.

    `problem` is a key of app.files.reading.REASONS where it could not be read. `analysis` is what paper_actions makes of
    Analysis.to_json(), None where nothing was analysed. `page_count` is how many pages can be shown as pictures.
    """

    __tablename__ = "paper_reading"

    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey("manager_document.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), index=True)
    read_at: Mapped[datetime] = mapped_column()
    problem: Mapped[str | None] = mapped_column(sa.String(20))
    page_count: Mapped[int] = mapped_column(default=0)
    pages: Mapped[list[str]] = mapped_column(info={"secret": True})
    analysis: Mapped[dict[str, Any] | None] = mapped_column(info={"secret": True})


class CvReview(db.Model):
    """One review of a manager's papers by a person, over the whole admission the first to the last.

    `verdicts` maps each criterion of the rubric to {"verdict": ok, weak or missing, "note": text}. `decision` is the verb
    that ended the review (pass, fall_short, repeat, refuse); None while it is open.
    """

    __tablename__ = "cv_review"
    __table_args__ = (
        sa.CheckConstraint("decision IN ('pass','fall_short','repeat','refuse')", name="decision"),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("manager_document.id", ondelete="SET NULL"), index=True)
    verdicts: Mapped[dict[str, Any]] = mapped_column(info={"secret": True})
    began_at: Mapped[datetime] = mapped_column()
    began_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    decision: Mapped[str | None] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.String(2000), info={"secret": True})
    decided_at: Mapped[datetime | None] = mapped_column()
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class FreshnessRound(db.Model):
    """One round of asking a released manager for newer papers or a day: a letter and up to two reminders.

    `outcome` is "answered" (nothing is open any more, whoever said so) or "paused" (silence); None while it is open.
    """

    __tablename__ = "freshness_round"
    __table_args__ = (
        sa.UniqueConstraint("manager_id", "number", name="uq_freshness_round_number"),
        sa.CheckConstraint("asks_papers OR asks_availability", name="asks"),
        sa.CheckConstraint("letters BETWEEN 1 AND 3", name="letters"),
        sa.CheckConstraint("outcome IN ('answered','paused')", name="outcome"),
        sa.CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name="ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()  # of the manager's rounds, from 1
    asks_papers: Mapped[bool] = mapped_column()  # as its first letter did; for a pause: what had stayed open
    asks_availability: Mapped[bool] = mapped_column()
    letters: Mapped[int] = mapped_column()
    began_on: Mapped[date] = mapped_column()
    last_sent_on: Mapped[date] = mapped_column()
    link_id: Mapped[int | None] = mapped_column()  # the link in its letters; no foreign key: links are deleted on their own
    ended_on: Mapped[date | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(sa.String(8))


class AdmissionReaction(db.Model):
    """What a manager answered to what we wrote. `code` is a key of app.admission.vocabulary.REACTIONS."""

    __tablename__ = "admission_reaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str | None] = mapped_column(sa.Text, info={"secret": True})
    said_on: Mapped[date] = mapped_column()
    kept_at: Mapped[datetime] = mapped_column()
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class AppreciationRequest(db.Model):
    """That a manager was asked about an interview, once. What was answered stands elsewhere and leads back to nothing."""

    __tablename__ = "appreciation_request"
    __audit__ = False  # the instant of an answer would lead from one table to the other

    interview_id: Mapped[int] = mapped_column(
        sa.ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    manager_id: Mapped[int] = mapped_column(sa.ForeignKey("manager.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))  # the interviewer's when it was asked
    asked_on: Mapped[date] = mapped_column()
    link_id: Mapped[int | None] = mapped_column(unique=True)  # no foreign key: links are deleted on their own
    answered: Mapped[bool] = mapped_column(default=False)


class Appreciation(db.Model):
    """One answer: no manager, interview, interviewer or instant, and a number by chance, so that it leads to nobody."""

    __tablename__ = "appreciation"
    __audit__ = False
    __table_args__ = (
        sa.CheckConstraint("respect BETWEEN 1 AND 5", name="respect"),
        sa.CheckConstraint("substance BETWEEN 1 AND 5", name="substance"),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        sa.Index("ix_appreciation_quarter", "year", "quarter", "team_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))
    year: Mapped[int] = mapped_column()
    quarter: Mapped[int] = mapped_column()  # 1 to 4, in which it was answered
    respect: Mapped[int] = mapped_column()  # 1 to 5
    substance: Mapped[int] = mapped_column()  # 1 to 5
    tip: Mapped[str | None] = mapped_column(sa.Text)
