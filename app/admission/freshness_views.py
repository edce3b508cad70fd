"""Behind the link that asks who is released: still free, free from another day, newer papers, take me off.

Opening the link changes nothing; each answer is a form of its own that posts, and posting it twice is harmless.
"""

from __future__ import annotations

from typing import Any

from flask import Request, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from app import links
from app.admission import freshness_actions as actions
from app.admission import freshness_queries as queries
from app.admission import freshness_rules as rules
from app.admission.freshness_letters import FRESHNESS
from app.admission.link_views import person_behind, show_state
from app.admission.registration_actions import withdraw
from app.admission.registration_forms import AnswerForm
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.files.rules import ACCEPT
from app.links.models import PersonalLink
from app.managers.models import Manager
from app.managers.rules import PAPERS, State
from app.managers.vocabulary import DOCUMENT_KINDS
from app.settings.queries import firm
from app.web.common_forms import options
from app.web.forms import BaseForm
from app.web.pages import page


class DayForm(AnswerForm):
    day = DateField(_l("I am free from"), [InputRequired(_l("Please choose a day."))])


class PapersForm(AnswerForm):
    kind = SelectField(_l("Kind"), choices=options({key: DOCUMENT_KINDS[key] for key in PAPERS}))
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])


def show(link: PersonalLink) -> Any:
    return _page(link, None)


def act(link: PersonalLink, _request: Request) -> Any:
    answer = request.form.get("answer")
    if answer in ("still", "day"):
        return _answer(link, DayForm.for_request(), _say_day)
    if answer == "papers":
        return _answer(link, PapersForm.for_request(), _say_papers)
    if answer == "leave":
        return _answer(link, AnswerForm.for_request(), _say_leave)
    return show(link)


def _answer(link: PersonalLink, form: Any, keep: Any) -> Any:
    if not form.submitted():
        return _page(link, form)
    content = form.file.data.read() if "file" in form else b""
    try:
        with unit_of_work() as work:
            links.use(link, at=clock().now())
            words = keep(person_behind(link), form, content)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return _page(link, form)
    flash(words)
    return redirect(work.location, 303)


def _say_day(manager: Manager, form: DayForm, _content: bytes) -> str:
    day = form.day.data
    if form.answer.data == "still" and day is not None:
        day = max(day, clock().today(firm().zone))  # a page that was open over night
    actions.say_free(manager, day, at=clock().now())
    return _("Thank you, it is noted.")


def _say_papers(manager: Manager, form: PapersForm, content: bytes) -> str:
    actions.give_papers(manager, form.kind.data, content, form.file.data.filename, at=clock().now())
    return _("Thank you, your papers have arrived.")


def _say_leave(manager: Manager, _form: BaseForm, _content: bytes) -> str:
    withdraw(manager, actor=None, at=clock().now())
    return _("You are taken off our list.")


def _page(link: PersonalLink, form: BaseForm | None) -> Any:
    manager = person_behind(link)
    if manager.state not in (State.RELEASED, State.PAUSED):
        return show_state(link)
    today, terms = clock().today(firm().zone), queries.terms()
    facts = queries.facts_of(manager.id)
    day = form if isinstance(form, DayForm) else DayForm(formdata=None)
    papers = form if isinstance(form, PapersForm) else PapersForm(formdata=None)
    return page(
        "admission/freshness.html",
        form,
        manager=manager,
        facts=facts,
        needs=rules.needs(facts, today, terms),
        proposed=rules.proposed_day(facts, today),
        today=today,
        paused_for=queries.pause_reason(manager.id) if manager.state == State.PAUSED else None,
        day_form=day,
        papers_form=papers,
        accept=ACCEPT,
        kept_days=firm().withdrawn_kept_days,
    )


links.register(FRESHNESS, show=show, act=act)
