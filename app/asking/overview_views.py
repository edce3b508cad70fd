"""How asking goes: talks that do not come about, silent mandates, who is asked too much, and what other numbers would do."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import IntegerField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.asking import overview_queries, step_actions, step_labels, step_queries
from app.asking.blueprint import bp
from app.clients.models import Contact
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.ledger import labels as ledger_labels
from app.ledger import queries as ledger
from app.ledger.guard_rules import Numbers
from app.settings.queries import firm
from app.settings.rules import bounds_of
from app.settings.texts import GROUPS
from app.talks import access
from app.talks import labels as talk_labels
from app.talks import queries as talks
from app.talks.record_views import today
from app.talks.rules import Side
from app.today.queries import silent_mandates
from app.web.forms import BaseForm
from app.web.pages import page
from app.web.rights import allow, require

MOST_SILENT = 100
NUMBERS = ("ask_rest_days", "asks_a_year", "ask_pause_after_no_days")


class OtherContactForm(BaseForm):
    """Who is asked instead."""

    contact = RadioField(choices=[], coerce=int, validators=[InputRequired()])


@bp.get("/asking")
@allow("talks.read")
def overview() -> Any:
    day = clock().today(firm().zone)
    is_mine = request.args.get("owner") == "mine"
    owners = {current_user.id} if is_mine else None
    return page(
        "asking/overview.html",
        stuck=step_queries.stuck(current_user.id if is_mine else None, day),
        silent=silent_mandates(owners, day, firm().zone, firm().silent_weeks, most=MOST_SILENT),
        bothered=overview_queries.bothered(day),
        declined=overview_queries.declined(day),
        step_labels=step_labels,
        talk_labels=talk_labels,
        choices=[(_("All"), "/asking", not is_mine), (_("Mine"), "/asking?owner=mine", is_mine)],
    )


@bp.route("/talks/<int:talk_id>/other-contact", methods=["GET", "POST"])
@allow("talks.arrange")
def other_contact(talk_id: int) -> Any:
    talk = talks.find(talk_id) or abort(404)
    if talk.side != Side.CLIENT or talk.contact is None or talk.state not in ("due", "declined"):
        abort(404)
    require(access.may_change(current_user, talk, today()))
    day = clock().today(firm().zone)
    people = [one for one in ledger.people_at(talk.contact.client_id, day) if one.id != talk.contact_id]
    agreed = ledger.talk_is_agreed(talk)
    form = OtherContactForm.for_request()
    form.contact.choices = [SelectChoice(one.id, one.name) for one in people]
    if request.method == "GET":  # who was proposed, or the only one there is
        form.contact.data = request.args.get("contact", type=int) or (people[0].id if len(people) == 1 else None)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(access.may_change(current_user, talk, today()))
                contact = db.get_or_404(Contact, form.contact.data)
                found = step_actions.ask_other(talk, contact, actor=current_user, at=clock().now())
                work.leads_to(lambda: url_for(".invitation" if contact.email else "talks.show", talk_id=found.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page(
        "asking/other_contact.html",
        form,
        talk=talk,
        people=[(one, one.decide(day, is_agreed=agreed)) for one in people],
        ledger_labels=ledger_labels,
        talk_labels=talk_labels,
    )


def _number(name: str) -> IntegerField:
    words = next(texts[name] for _heading, _note, texts in GROUPS if name in texts)
    least, most = bounds_of(name)
    return IntegerField(words[0], [InputRequired(), NumberRange(least, most)], description=words[1])


class NumbersForm(BaseForm):
    """The numbers of the guard, to try them before they are kept."""

    ask_rest_days = _number("ask_rest_days")
    asks_a_year = _number("asks_a_year")
    ask_pause_after_no_days = _number("ask_pause_after_no_days")


@bp.route("/asking/numbers", methods=["GET", "POST"])
@allow("settings.firm")
def numbers() -> Any:
    """Show what other numbers would have held back within 12 months; they are kept in the firm's settings."""
    present = Numbers.of(firm())
    form = NumbersForm.for_request(**{name: getattr(present, name) for name in NUMBERS})
    tried = present
    if form.submitted():
        tried = Numbers(**{name: form[name].data for name in NUMBERS})
    before, after = overview_queries.effect([present, tried], clock().today(firm().zone))
    return page("asking/numbers.html", form, before=before, after=after, is_tried=tried != present)
