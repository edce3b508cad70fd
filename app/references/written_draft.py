"""The draft of a written reference: what we know from scoping, milestones, goals and talks, in the contact's language.

Two blocks in the client's voice, for a colleague to go over and for the client to change. Of talks only what this contact
said, or what another one allowed us to quote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.db import db
from app.mail.compose import speaking
from app.mandates.gate_queries import goals_of
from app.mandates.models import Mandate
from app.mandates.plan_models import Milestone
from app.talks.models import Talk
from app.talks.rules import Kind, Side, State
from app.web.formats import full_date, percent

WELL_ACCEPTED = 4  # of 5
MOST_LINES = 8  # milestones or goals


@dataclass(frozen=True)
class Draft:
    """Both blocks, and the rating of the latest talk that has one."""

    situation: str
    results: str
    rating: int | None


def draft(mandate: Mandate, contact: Any) -> Draft:
    """Return what may stand in the reference about the manager who is on the mandate; three statements."""
    talks = _talks(mandate)
    rated = next((one.overall for one in talks if one.kind in (Kind.QUALITY, Kind.CLOSING) and one.overall), None)
    quotable = [one for one in talks if one.contact_id == contact.id or one.may_quote]
    with speaking(contact.language):
        return Draft(_situation(mandate), _results(mandate, quotable), rated)


def _talks(mandate: Mandate) -> list[Talk]:
    """Return the talks held with the client about the manager, the latest first."""
    since = mandate.manager_since or mandate.starts_on or date.min
    held = (Talk.mandate_id == mandate.id, Talk.side == Side.CLIENT, Talk.state == State.HELD, Talk.sort_on >= since)
    return list(db.session.scalars(sa.select(Talk).where(*held).order_by(Talk.sort_on.desc(), Talk.id.desc())))


def _situation(mandate: Mandate) -> str:
    assert mandate.manager is not None
    since = mandate.manager_since or mandate.starts_on
    lines = [
        _("%(manager)s took on the task “%(task)s” at %(client)s on %(day)s.", manager=mandate.manager.name, task=mandate.title,
          client=mandate.client.name, day=full_date(since))
    ]  # fmt: skip
    parts = [
        (mandate.goal, _("The goal: %(words)s")),
        (mandate.reach, _("The task covered: %(words)s")),
        (mandate.expectations, _("What we expected: %(words)s")),
    ]
    lines += [words % {"words": text.strip()} for text, words in parts if text and text.strip()]
    return "\n\n".join(lines)


def _results(mandate: Mandate, talks: list[Talk]) -> str:
    assert mandate.manager is not None
    paragraphs = [
        _list(_("Reached so far:"), _milestones(mandate)),
        _list(_("How far the goals are reached, as we see it:"), _goals(mandate.id)),
    ]
    reached, extended = _said(talks, Kind.CLOSING, "goals_reached"), _said(talks, Kind.EXTENSION, "why_extended")
    paragraphs += [_("On the goals: %(words)s", words=reached) if reached else ""]
    paragraphs += [_("Why we extended: %(words)s", words=extended) if extended else ""]
    accepted = next((one.answers["acceptance"] for one in talks if isinstance(one.answers.get("acceptance"), int)), 0)
    if accepted >= WELL_ACCEPTED:
        paragraphs.append(_("The team has accepted %(manager)s well.", manager=mandate.manager.name))
    return "\n\n".join(filter(None, paragraphs))


def _list(heading: str, lines: Iterable[str]) -> str:
    rows = [f"- {line}" for line in lines]
    return "\n".join([heading, *rows]) if rows else ""


def _milestones(mandate: Mandate) -> list[str]:
    """Return what was reached since the manager took over: what came before was somebody else's."""
    since = mandate.manager_since or date.min
    reached = sa.select(Milestone).where(
        Milestone.mandate_id == mandate.id, Milestone.state == "reached", Milestone.reached_on >= since
    )
    rows = db.session.scalars(reached.order_by(Milestone.reached_on, Milestone.id).limit(MOST_LINES))
    return [_("%(what)s (%(day)s)", what=one.title, day=full_date(one.reached_on)) for one in rows]


def _goals(mandate_id: int) -> list[str]:
    found = [(goal.title, goal.views["client"]) for goal in goals_of(mandate_id) if "client" in goal.views]
    return [f"{title}: {percent(view.percent / 100)}" for title, view in found[:MOST_LINES]]


def _said(talks: list[Talk], kind: Kind, question: str) -> str:
    """Return the latest answer to a question, as it was written down."""
    answers = (one.answers.get(question) for one in talks if one.kind == kind)
    return next((text.strip() for text in answers if isinstance(text, str) and text.strip()), "")
