"""Behind the link of a written reference: change the wording, choose what for, release it; or rather not; later, take it back.

Opening it changes nothing. Each answer is a form of its own; the first is what the letter asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Request, redirect, request

from app import links
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, hold, unit_of_work
from app.links.models import PersonalLink
from app.managers.rules import State as ManagerState
from app.references import written_actions as actions
from app.references import written_labels, written_queries
from app.references.models import WrittenReference
from app.references.written_actions import Refusal
from app.references.written_forms import ClientRevokeForm, DeclineForm, ReleaseForm
from app.references.written_letters import ASK
from app.references.written_rules import Scope, State
from app.settings.queries import firm
from app.web.forms import BaseForm
from app.web.pages import page

OPEN: dict[str, type[BaseForm]] = {"release": ReleaseForm, "decline": DeclineForm}
RELEASED: dict[str, type[BaseForm]] = {"revoke": ClientRevokeForm}


def show(link: PersonalLink) -> Any:
    reference = _behind(link)
    return _page(reference, _fresh(reference)) if reference is not None else _over()


def act(link: PersonalLink, _request: Request) -> Any:
    reference = _behind(link)
    if reference is None:
        return _over()
    kinds, kind = _kinds(reference), request.form.get("answer", "")
    if kind not in kinds:
        shown, _status = _page(reference, _fresh(reference))
        return shown, 422
    form: Any = kinds[kind].for_request()
    if not form.submitted():
        return _page(reference, {**_fresh(reference), kind: form}, form)
    try:
        with unit_of_work() as work:
            at = clock().now()
            hold(reference)  # before the link: colleagues who end it hold the reference first too
            links.use(link, at=at)
            db.session.refresh(reference)
            _take(kind, form, reference, at)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return _page(reference, {**_fresh(reference), kind: form}, form)
    return redirect(work.location, 303)


def _take(kind: str, form: Any, reference: WrittenReference, at: datetime) -> None:
    match kind:
        case "release":
            signed = f"{form.name.data}, {form.position.data}"
            scope = Scope(form.scope.data)
            actions.release(reference, form.situation.data.strip(), form.results.data.strip(), scope, signed, at=at)
        case "decline":
            actions.decline(reference, Refusal(form.how.data), form.said.data, at=at)
        case _:
            actions.revoke(reference, form.reason.data, actor=None, at=at)


def _behind(link: PersonalLink) -> WrittenReference | None:
    """Return the reference that this link is for; None where it was taken back or is nobody's any more."""
    reference = written_queries.behind(link.id)
    if reference is None or reference.contact_id != link.subject_id or reference.state == State.DRAFT:
        return None
    return reference if reference.manager.state != ManagerState.ERASED else None


def _kinds(reference: WrittenReference) -> dict[str, type[BaseForm]]:
    return {State.SENT: OPEN, State.RELEASED: RELEASED}.get(State(reference.state), {})


def _fresh(reference: WrittenReference) -> dict[str, Any]:
    contact = reference.contact
    proposed = {
        "release": {
            "situation": reference.situation,
            "results": reference.results,
            "name": contact.name,
            "position": contact.job_title,
        }
    }
    return {kind: form(formdata=None, data=proposed.get(kind)) for kind, form in _kinds(reference).items()}


def _page(reference: WrittenReference, forms: dict[str, Any], form: BaseForm | None = None) -> Any:
    return page(
        "references/written_link.html",
        form,
        reference=reference,
        forms=forms,
        labels=written_labels,
        today_=clock().today(firm().zone),
    )


def _over() -> Any:
    return page("references/over.html")


links.register(ASK, show=show, act=act)
