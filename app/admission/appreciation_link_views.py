"""Behind the link after the interview: three questions, a minute on a phone. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Request, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app import links
from app.admission import appreciation_actions as actions
from app.admission.appreciation_queries import request_of
from app.admission.appreciation_rules import HIGHEST, LOWEST
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.links.models import PersonalLink
from app.web.forms import BaseForm
from app.web.pages import page

_RATINGS = [(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1)]
LONGEST_TIP = 1000


class QuestionsForm(BaseForm):
    respect = RadioField(_l("Were you treated with respect?"), [InputRequired(_l("Please choose 1 to 5."))], choices=_RATINGS)
    substance = RadioField(_l("Did the talk have substance?"), [InputRequired(_l("Please choose 1 to 5."))], choices=_RATINGS)
    tip = TextAreaField(_l("One tip that we will use"), [Optional(), Length(max=LONGEST_TIP)])


def show(link: PersonalLink) -> Any:
    asked = request_of(link.id)
    if asked is None or asked.answered:
        return page("admission/appreciation_thanks.html", known=asked is not None)
    return page("admission/appreciation_ask.html", QuestionsForm(formdata=None))


def act(link: PersonalLink, _request: Request) -> Any:
    form = QuestionsForm.for_request()
    if not form.submitted():
        asked = request_of(link.id)
        return show(link) if asked is None or asked.answered else page("admission/appreciation_ask.html", form)
    try:
        with unit_of_work() as work:
            links.use(link, at=clock().now())
            actions.answer(link, int(form.respect.data), int(form.substance.data), form.tip.data, at=clock().now())
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        form.refuse(violation)
        return page("admission/appreciation_ask.html", form)
    return redirect(work.location, 303)


links.register(actions.PURPOSE, show=show, act=act)
