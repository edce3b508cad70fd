"""Sending the letters of the admission, each in the transaction of the step that it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app import links
from app.admission import actions, review_actions, review_queries, review_rules, stage_letters
from app.admission.letter_rules import STAGE_LETTERS, WITH_ANALYSIS, WITH_UPLOAD, Kind, state_of
from app.admission.models import AdmissionCase, CvReview
from app.admission.state_rules import next_date
from app.core.dates import local_day, local_instant
from app.core.errors import N_, RuleViolation
from app.db import db
from app.links.models import PersonalLink
from app.mail import guards, purposes
from app.mail.actions import Recipient, Sender, queue
from app.mail.compose import LINK_PLACE, Composed, compose, speaking
from app.mail.models import Letter
from app.mail.typed import Words, typed_blocks
from app.managers.models import Manager
from app.settings.queries import firm
from app.timeline import record as tell

PAPERS = "admission.papers"  # the link to upload new papers
GUARD = "admission.letter"
LINK_LASTS = timedelta(days=180)  # beyond the last day: who comes late is welcome too

purposes.register(PAPERS, N_("Upload of papers"))
purposes.register("admission.stage_1", N_("What the papers lack, first letter"))
purposes.register("admission.stage_2", N_("What the papers lack, second letter"))
purposes.register("admission.stage_3", N_("What the papers lack, last letter"))
purposes.register("admission.closing", N_("Closing letter of the admission"))
purposes.register("admission.refusal", N_("Refusal"))
purposes.register("admission.invitation", N_("Invitation to the interview"))
purposes.register("admission.admission", N_("Admission"))

_MIDNIGHT = datetime.min.time()
KIND_IDS = {
    Kind.STAGE_1: N_("first letter on the papers"),
    Kind.STAGE_2: N_("second letter on the papers"),
    Kind.STAGE_3: N_("last letter on the papers"),
    Kind.CLOSING: N_("closing letter"),
    Kind.REFUSAL: N_("refusal"),
    Kind.INVITATION: N_("invitation to the interview"),
    Kind.ADMISSION: N_("admission"),
}


def words_of(kind: Kind) -> str:
    """Return what the letter is, in the reader's language."""
    return _(KIND_IDS[kind])


def purpose_of(kind: Kind) -> str:
    return f"admission.{kind.value}"


def matter_of(
    manager: Manager, case: AdmissionCase | None, kind: Kind, *, writer: Any, today: date, review: CvReview | None = None
) -> stage_letters.Matter:
    """Return what the letter is made of: the open review's verdicts, else what the last one left on the case."""
    notes = {}
    falls_short = tuple((case.falls_short if case is not None else "").split())
    last = review or (review_queries.latest_decided(manager.id) if kind is Kind.STAGE_1 else None)
    if last is not None:
        notes = {name: one["note"] for name, one in last.verdicts.items() if one.get("note")}
    if review is not None:
        document = review_queries.paper(review.document_id)
        falls_short = review_rules.shortfalls(review.verdicts, review_actions.obstacle(document))
    return stage_letters.Matter(
        manager=manager,
        writer=writer,
        falls_short=falls_short,
        notes=notes,
        analysis=review_queries.analysis_of(manager.id) if kind in WITH_ANALYSIS else None,
        until=_last_day(kind, today) if kind in STAGE_LETTERS else None,
    )


def _last_day(kind: Kind, today: date) -> date | None:
    """Return the last day for new papers: on the day after it the clock goes on."""
    next_on = next_date(state_of(kind), today, actions.terms())
    return next_on - timedelta(days=1) if next_on is not None else None


def upload_links(managers: Sequence[Manager], *, at: datetime) -> list[PersonalLink]:
    """Make the links to upload that letters carry, in the order of `managers`; part of the caller's transaction."""
    until = local_instant(local_day(at, firm().zone), _MIDNIGHT, firm().zone) + LINK_LASTS
    for_whom = [(manager, manager.language, f"ID {manager.id}") for manager in managers]
    return links.issue_all(PAPERS, for_whom, at=at, expires_at=until)


def send(
    manager: Manager,
    kind: Kind,
    words: Words,
    *,
    writer: Any,
    actor: Any,
    at: datetime,
    automatic: bool = False,
    link: PersonalLink | None = None,
) -> Letter | None:
    """Queue the letter, with the link to upload where it has one; part of the step's own transaction, after the step.

    `link` is one made before, for letters by the hundred. Who has no mail address gets none: that a letter went by post stands on the timeline, and None is returned.
    Raises RuleViolation at `text` for a letter without words.
    """
    if not words.text.strip():
        raise RuleViolation(N_("Please write the letter."), field="text")
    if manager.email is None:
        tell("admission.letter_by_post", manager, actor=actor, at=at, purpose_words=KIND_IDS[kind], text=words.text)
        return None
    if kind in WITH_UPLOAD and link is None:
        [link] = upload_links([manager], at=at)
    written = preview(manager, kind, words)
    letter = queue(
        key=f"{purpose_of(kind)}/{manager.id}/{at.isoformat()}",
        to=Recipient(manager.email, manager.name, manager.language),
        subject=words.subject,
        text=written.text,
        html=written.html,
        purpose=purpose_of(kind),
        at=at,
        about=manager,
        sender=Sender(writer.name, writer.email) if writer is not None else Sender(),
        link_id=link.id if link is not None else None,
        guard=GUARD,
        guard_args={"state": state_of(kind).value},
        automatic=automatic,
        is_new=True,  # the step that it tells of is taken once
    )
    tell("admission.letter", manager, actor=actor, at=at, purpose_words=KIND_IDS[kind])
    return letter


def preview(manager: Manager, kind: Kind, words: Words) -> Composed:
    """Return both bodies as they go."""
    with speaking(manager.language):
        button = (stage_letters.button(), LINK_PLACE) if kind in WITH_UPLOAD else None
        return compose(manager.language, typed_blocks(words.text), button=button)


def _holds(letter: Letter, _at: datetime) -> guards.Decision:
    """A letter goes only while the person is where it says: new papers, a withdrawal or an erasure meanwhile end it."""
    manager = db.session.get(Manager, letter.about_id, populate_existing=True) if letter.about_id else None
    if manager is None or manager.state != letter.guard_args.get("state"):
        return guards.Skip(actions.OVERTAKEN)
    return guards.SEND


guards.register(GUARD, _holds)
