"""Behind the link of the notice to a referee: "no call, please", and having one's data erased.

Opening it changes nothing; each answer is a form of its own that posts, and posting it twice is harmless.
"""

from __future__ import annotations

from typing import Any

from flask import Request, redirect, request

from app import links
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.links.models import PersonalLink
from app.privacy import referees as privacy
from app.references import referee_actions as actions
from app.references.models import Referee
from app.references.referee_letters import NOTICE
from app.web.forms import ActionForm
from app.web.pages import page

OBJECT, ERASE = "object", "erase"


def show(link: PersonalLink) -> Any:
    referee = db.session.get(Referee, link.subject_id)
    if referee is None:
        return page("references/referee_erased.html")
    return page("references/referee_link.html", ActionForm.for_request(), referee=referee)


def act(link: PersonalLink, _request: Request) -> Any:
    answer = request.form.get("answer")
    if not ActionForm.for_request().submitted() or answer not in (OBJECT, ERASE):
        return show(link)
    return _erase(link) if answer == ERASE else _object(link)


def _object(link: PersonalLink) -> Any:
    try:
        with unit_of_work() as work:
            at = clock().now()
            links.use(link, at=at)
            referee = db.session.get(Referee, link.subject_id)
            if referee is not None:
                actions.object_to(referee, actor=None, at=at)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation:  # taken back in this very moment: the page says so
        return redirect(request.full_path.rstrip("?"), 303)
    return work.redirect()


def _erase(link: PersonalLink) -> Any:
    """Erase at once; the link goes too, so the page that says it is done is the answer itself."""
    number = link.subject_id
    with unit_of_work():
        referee = db.session.get(Referee, number)
        if referee is not None:
            privacy.erase(referee, actor=None, at=clock().now())
    privacy.overwrite()
    return page("references/referee_erased.html")


links.register(NOTICE, show=show, act=act)
