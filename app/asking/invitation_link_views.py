"""Behind the link of an invitation: choose a time, propose another, answer in writing, not now, or never again.

Opening it changes nothing. Each answer is a form of its own; the first is what the letter asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Request, redirect, request
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from app import links
from app.asking import invitation_actions as actions
from app.asking import invitation_queries as queries
from app.asking.invitation_forms import ChooseForm, NeverForm, NotNowForm, OtherTimeForm
from app.asking.invitation_letters import PURPOSE, when
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.ledger.models import Ask
from app.ledger.rules import Reply
from app.links.models import PersonalLink
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import State
from app.web.forms import BaseForm
from app.web.pages import page

FORMS: dict[str, type[BaseForm]] = {"time": ChooseForm, "other": OtherTimeForm, "later": NotNowForm, "never": NeverForm}


@dataclass(frozen=True)
class Asked:
    """What a link asks for, and the times that are left."""

    entry: Ask
    talk: Talk
    times: tuple[datetime, ...]


def show(link: PersonalLink) -> Any:
    found = _behind(link)
    return _page(found, _fresh(found)) if found is not None else _over()


def act(link: PersonalLink, _request: Request) -> Any:
    found = _behind(link)
    if found is None or found.entry.answer is not None:
        return show(link)
    kind = request.form.get("answer", "")
    if kind not in FORMS:
        return _page(found, _fresh(found)), 422
    forms = _fresh(found)
    form = forms[kind] = _prepared(FORMS[kind].for_request(), found)
    if not form.submitted():
        return _page(found, forms, form)
    try:
        with unit_of_work() as work:
            at = clock().now()
            links.use(link, at=at)
            again = _behind(link)
            if again is None or again.entry.answer is not None:
                return show(link)
            _take(kind, form, again, at)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        found = _behind(link) or found
        forms = _fresh(found)
        form = forms[kind] = _prepared(form, found)
        form.refuse(violation)
        return _page(found, forms, form)
    return redirect(work.location, 303)


def _take(kind: str, form: Any, found: Asked, at: datetime) -> None:
    match kind:
        case "time":
            actions.choose(found.entry, found.talk, datetime.fromisoformat(form.time.data), at=at)
        case "other":
            actions.propose_other(found.entry, found.talk, form.said.data, at=at)
        case "later":
            actions.not_now(found.entry, found.talk, form.weeks.data, at=at)
        case _:
            actions.never_again(found.entry, found.talk, at=at)


def _behind(link: PersonalLink) -> Asked | None:
    """Return what is asked; None where the talk is dealt with otherwise, or somebody else is asked by now."""
    entry = queries.behind(link.id)
    talk = db.session.get(Talk, entry.talk_id) if entry is not None and entry.talk_id else None
    if entry is None or talk is None or entry.contact_id != link.subject_id or talk.contact_id != entry.contact_id:
        return None
    if entry.answer is None and talk.state in (State.HELD, State.ARRANGED):
        return None
    return Asked(entry, talk, tuple(actions.times_left(entry, talk, clock().now())) if entry.answer is None else ())


def _fresh(found: Asked) -> dict[str, Any]:
    return {kind: _prepared(form(formdata=None), found) for kind, form in FORMS.items()}


def _prepared(form: Any, found: Asked) -> Any:
    if isinstance(form, ChooseForm):
        zone = found.entry.zone or firm().zone
        form.time.choices = [SelectChoice(one.astimezone(UTC).isoformat(), when(one, zone)) for one in found.times]
    if isinstance(form, NotNowForm):
        form.prepare()
    return form


def _page(found: Asked, forms: dict[str, Any], form: BaseForm | None = None) -> Any:
    return page(
        "asking/invitation_link.html",
        form,
        forms=forms,
        entry=found.entry,
        talk=found.talk,
        has_times=bool(found.times),
        chosen=when(found.talk.appointment_at, found.entry.zone or firm().zone) if found.talk.appointment_at else None,
        thanks=_thanks(found.entry),
    )


def _thanks(entry: Ask) -> str | None:
    """Return what became of the request, as its heading says it; None while it is open."""
    match entry.answer:
        case Reply.YES:
            return _("Thank you, until then")
        case Reply.WRITTEN:
            return _("Thank you for your answer")
        case Reply.LATER:
            return _("Thank you, we will ask again later")
        case Reply.NO:
            return _("Thank you, we will not ask again")
        case Reply.LAPSED:
            return _("Thank you, nothing is asked any more")
        case _:
            return None


def _over() -> Any:
    return page("asking/over.html")


links.register(PURPOSE, show=show, act=act)
