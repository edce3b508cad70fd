"""Managers in admission with papers, as the tests of reviews and letters need them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from app.admission import actions, paper_actions, review_actions, review_queries
from app.admission.models import AdmissionCase
from app.admission.state_rules import Verb
from app.core.clock import clock
from app.db import acting_as, db, unit_of_work
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail.models import Letter
from app.managers.document_actions import add_document
from app.managers.models import Manager, ManagerDocument
from tests.admission.cv.build import FOLDER, built
from tests.factories import make_manager

SHORT_CV = "\n".join(
    ["Lebenslauf", "Wiebke Feldhusen", "", "Berufserfahrung", "2019 - heute Interim Managerin, diverse Kunden",
     "2015 - 2019 Einkaufsleiterin, Maaßdorf AG", "2010 - 2015 Einkäuferin, Velbrink GmbH", "", "Ausbildung", "2009 Diplom-Kauffrau"]
)  # fmt: skip


def in_admission(state: str = "confirmed", paper: str | bytes | None = SHORT_CV, **given: Any) -> Manager:
    """Return a manager with a case in this state, and a CV that was read."""
    given = {"first_name": "Wiebke", "last_name": "Feldhusen", "language": "de", "email": "wiebke@post.example", **given}
    manager = make_manager(state=state, **given)
    with unit_of_work():
        case = actions.case_of(db.session.get_one(Manager, manager.id), at=clock().now())
        if state.startswith("follow_up"):
            case.stages_used = int(state[-1])
        case.entered_state_at = clock().now()
    if paper is not None:
        add_paper(manager, paper)
    return manager


def add_paper(manager: Manager, paper: str | bytes, kind: str = "cv", name: str = "Lebenslauf.txt") -> ManagerDocument:
    content = paper.encode() if isinstance(paper, str) else paper
    with unit_of_work():
        document = add_document(
            db.session.get_one(Manager, manager.id), kind, content, name=name, made_on=None, received_on=date(2026, 3, 1),
            actor=None, at=clock().now(),
        )  # fmt: skip
    seen = paper_actions.look_at(review_queries.file_of(document), kind, date(2026, 3, 17))
    with unit_of_work():
        paper_actions.keep(db.session.get_one(ManagerDocument, document.id), seen, at=clock().now())
    return document


def invented_pdf() -> tuple[str, bytes]:
    """Return name and content of an invented CV that is a PDF."""
    name = next(path.stem for path in sorted(FOLDER.glob("*.cv")) if path.read_text(encoding="utf-8").startswith("pdf"))
    return built(name)


def fallen_short(manager: Manager, by: Any, **verdicts: str) -> AdmissionCase:
    """Decide a review: what is named falls short, all else is ok; no letter."""
    judged = {name: {"verdict": "ok", "note": ""} for name in ("contact", "company_facts", "tasks", "plain_language")}
    judged |= {name: {"verdict": "ok", "note": ""} for name in ("project_list", "currency")}
    judged |= {name: {"verdict": verdict, "note": ""} for name, verdict in verdicts.items()}
    with acting_as("command"), unit_of_work():
        case = actions.case_of(db.session.get_one(Manager, manager.id), at=clock().now())
        document = review_queries.latest_paper(manager.id)
        review = review_actions.open_review(case, document, actor=by, at=clock().now())
        review_actions.save_verdicts(review, document, judged)
        return review_actions.decide(review, Verb.FALL_SHORT, reason=None, actor=by, at=clock().now())


def case(manager: Manager) -> AdmissionCase:
    number = manager.id
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(AdmissionCase, number)


def letters(purpose: str | None = None) -> list[Letter]:
    db.session.rollback()
    found = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    return [one for one in found if purpose in (None, one.purpose)]


def path_in(letter: Letter) -> str:
    return links.url_of(db.session.get_one(PersonalLink, letter.link_id)).removeprefix("http://localhost")
