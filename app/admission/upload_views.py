"""Behind the link of a letter: new papers without a login, or taking the registration back. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Request, flash, redirect, request
from flask_babel import gettext as _

from app import links
from app.admission import letter_actions
from app.admission.arrival_actions import papers_came
from app.admission.link_views import answer_state, facts_of, person_behind
from app.admission.registration_actions import withdraw
from app.admission.registration_forms import AnswerForm, UploadForm
from app.admission.state_rules import STAGES
from app.core.clock import clock
from app.core.dates import ONE_DAY
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.files.rules import ACCEPT
from app.links.models import PersonalLink
from app.managers.document_actions import add_document
from app.managers.rules import State
from app.settings.queries import firm
from app.web.pages import page


def show(link: PersonalLink) -> Any:
    manager = person_behind(link)
    if manager.state == State.WITHDRAWN:
        return page("admission/withdrawn.html", **facts_of(manager))
    return _page(link, UploadForm.for_request() if request.method == "GET" else UploadForm(formdata=None))


def _page(link: PersonalLink, form: UploadForm) -> Any:
    manager = person_behind(link)
    facts = facts_of(manager)
    next_on = facts["case"].next_on if facts["case"] is not None else None
    until = next_on - ONE_DAY if next_on is not None and manager.state in STAGES else None
    return page("admission/upload.html", form, accept=ACCEPT, most=firm().upload_megabytes, until=until, **facts)


def act(link: PersonalLink, given: Request) -> Any:
    answer = given.form.get("answer")
    if answer == "withdraw":
        return _withdraw(link)
    if answer == "erase":
        return answer_state(link, given)
    return _upload(link)


def _upload(link: PersonalLink) -> Any:
    manager = person_behind(link)
    if manager.state == State.WITHDRAWN:
        return show(link)
    form = UploadForm.for_request()
    if not form.submitted():
        return _page(link, form)
    content = form.file.data.read()
    try:
        with unit_of_work() as work:
            at = clock().now()
            links.use(link, at=at)
            manager = person_behind(link)
            document = add_document(
                manager,
                form.kind.data,
                content,
                name=form.file.data.filename,
                made_on=None,
                received_on=clock().today(firm().zone),
                actor=None,
                at=at,
                most_megabytes=firm().upload_megabytes,
            )
            papers_came(manager, document, actor=None, at=at)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return _page(link, form)
    flash(_("Thank you, your file has arrived as version %(number)d.", number=document.number))
    return work.redirect()


def _withdraw(link: PersonalLink) -> Any:
    form = AnswerForm.for_request()
    if not form.submitted():
        return show(link)
    with unit_of_work() as work:
        links.use(link, at=clock().now())
        withdraw(person_behind(link), actor=None, at=clock().now())
        work.leads_to(request.full_path.rstrip("?"))
    return redirect(work.location, 303)


links.register(letter_actions.PAPERS, show=show, act=act)
