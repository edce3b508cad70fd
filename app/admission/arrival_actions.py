"""Papers that came, by whatever way: what follows for the admission, a round of asking and the colleagues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.admission import actions
from app.admission import freshness_actions as freshness
from app.admission.registration_actions import owe_review
from app.admission.state_rules import Verb, possible
from app.core.dates import local_day
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import PAPERS, State
from app.settings.queries import firm

STANDS = (State.RELEASED, State.PAUSED)


def papers_came(manager: Manager, document: ManagerDocument, *, actor: Any, at: datetime) -> None:
    """Take note of a document that was kept; `actor` is None for the person's own upload.

    Whoever waits for papers is in review again, and a review is owed. Who is released or paused has answered what was
    asked, and a colleague is told to look. What a colleague adds counts only where it is a paper to judge by.
    """
    is_paper, was = document.kind in PAPERS, manager.state
    freshness.answered(manager, papers_came=is_paper, actor=actor, at=at)
    if is_paper or actor is None:
        _new_papers(manager, actor=actor, at=at)
    if actor is None and was in STANDS:
        freshness.owe_look(manager, document.id, local_day(at, firm().zone), at=at)


def _new_papers(manager: Manager, *, actor: Any, at: datetime) -> None:
    """Bring back into review who waits for it; whether a pause ends follows from what was asked."""
    case = actions.case_of(manager, at=at)
    if manager.state != State.PAUSED and Verb.NEW_PAPERS in possible(case.standing):
        actions.move(case, Verb.NEW_PAPERS, actor=actor, at=at)
        owe_review(manager, case, at)
