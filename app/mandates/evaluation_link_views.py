"""Behind the link that asks how far the goals were reached: a number for each, a minute on a phone.

Opening it changes nothing; who answers sees the own answers only, and may change them while the link holds.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Request, redirect, request

from app import links
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, hold, unit_of_work
from app.links.models import PersonalLink
from app.mandates import evaluation_actions as actions
from app.mandates import gate_queries
from app.mandates.course_models import ViewRequest
from app.mandates.evaluation_forms import present_values, views_form
from app.mandates.evaluation_letters import PURPOSE, person_of
from app.mandates.gate_queries import Goal
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.web.pages import page


def show(link: PersonalLink) -> Any:
    found = _behind(link)
    if found is None:
        return _over()
    mandate, side, goals = found
    form = views_form(goals)(formdata=None, data=present_values(goals, side))
    return _page(form, mandate, goals, side)


def act(link: PersonalLink, _request: Request) -> Any:
    found = _behind(link)
    if found is None:
        return _over()
    mandate, side, goals = found
    form = views_form(goals).for_request()
    if not form.submitted():
        return _page(form, mandate, goals, side)
    try:
        with unit_of_work() as work:
            at = clock().now()
            hold(mandate)
            links.use(link, at=at)
            again = _behind(link)
            if again is None:
                return _over()
            actions.keep_views(
                again[0], side, form.given(), given_by=link.recipient, actor=None, at=at, today=clock().today(firm().zone)
            )
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return _page(form, mandate, goals, side)
    return redirect(work.location, 303)


def _behind(link: PersonalLink) -> tuple[Mandate, str, tuple[Goal, ...]] | None:
    """Return mandate, side and goals; None where nobody is asked any more."""
    asked = db.session.scalar(sa.select(ViewRequest).where(ViewRequest.link_id == link.id))
    mandate = db.session.get(Mandate, asked.mandate_id) if asked is not None else None
    if asked is None or mandate is None or not mandate.is_live:
        return None
    person = person_of(mandate, asked.side)
    goals = gate_queries.goals_of(mandate.id)
    if person is None or person.id != link.subject_id or not goals:
        return None
    return mandate, asked.side, goals


def _page(form: Any, mandate: Mandate, goals: tuple[Goal, ...], side: str) -> Any:
    answered_on = max((view.given_on for goal in goals if (view := goal.views.get(side))), default=None)
    return page("mandates/evaluation_link.html", form, mandate=mandate, answered_on=answered_on)


def _over() -> Any:
    return page("mandates/evaluation_over.html")


links.register(PURPOSE, show=show, act=act)
