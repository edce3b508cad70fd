"""Behind the link of a request: choose a time, propose another, answer in writing, not now, or never again.

A link that asks for a talk shows the times first and the form on a page of its own (?way=form); one that asks in writing
shows the form first. Opening it changes nothing. Each answer is a form of its own; the first is what the letter asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Request, make_response, redirect, request
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from app import links
from app.asking import form_actions, form_queries
from app.asking import invitation_actions as actions
from app.asking import invitation_queries as queries
from app.asking.form_forms import WrittenForm, written_form
from app.asking.form_rules import has_form
from app.asking.invitation_forms import ChooseForm, NeverForm, NotNowForm, OtherTimeForm
from app.asking.invitation_letters import FORM, PURPOSE, day_and_time, when
from app.core.clock import clock
from app.core.dates import local_day
from app.core.errors import RuleViolation
from app.db import db, hold, unit_of_work
from app.ledger.models import Ask
from app.ledger.queries import wish_of
from app.ledger.rules import Channel, Reply
from app.links.models import PersonalLink
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.talks.models import Talk
from app.talks.rules import State
from app.web.formats import zone_place
from app.web.forms import BaseForm
from app.web.pages import page

KINDS: dict[str, type[BaseForm]] = {"time": ChooseForm, "other": OtherTimeForm, "later": NotNowForm, "never": NeverForm}
IN_WRITING, DRAFT = "form", "draft"


@dataclass(frozen=True)
class Asked:
    """What a link asks for, and the times that are left."""

    entry: Ask
    talk: Talk
    times: tuple[datetime, ...]

    @property
    def forms(self) -> dict[str, type[BaseForm]]:
        """The forms that can be posted, by their kind."""
        return {**KINDS, IN_WRITING: written_form(self.talk.kind)} if has_form(self.talk.kind) else KINDS


def show(link: PersonalLink) -> Any:
    found = _behind(link)
    return _page(found, _fresh(found)) if found is not None else _over()


def act(link: PersonalLink, _request: Request) -> Any:
    found = _behind(link)
    if found is None or found.entry.answer is not None:
        return show(link)
    kind = request.form.get("answer", "")
    if request.form.get(DRAFT) and kind == IN_WRITING and kind in found.forms:
        return _keep(link)
    if kind not in found.forms:
        answer = make_response(_page(found, _fresh(found)))
        answer.status_code = 422
        return answer
    form: Any = _prepared(found.forms[kind].for_request(), found)
    if not form.submitted():
        return _page(found, {**_fresh(found), kind: form}, form)
    try:
        with unit_of_work() as work:
            at = clock().now()
            hold(found.talk)  # before the link: the composer, which ends it, holds the talk first too
            links.use(link, at=at)
            again = _behind(link)
            if again is None or again.entry.answer is not None:
                return show(link)
            _take(kind, form, again, at)
            work.leads_to(request.path)
    except RuleViolation as violation:
        found = _behind(link) or found
        form = _prepared(form, found)
        form.refuse(violation)
        return _page(found, {**_fresh(found), kind: form}, form)
    return redirect(work.location, 303)


def _keep(link: PersonalLink) -> Any:
    """Keep a form as far as it is filled in; sent by the script while somebody types."""
    with unit_of_work():
        hold(link)  # of two drafts at the very same moment, and of a draft and the form itself, one waits for the other
        found = _behind(link)
        if found is not None and found.entry.answer is None:
            form_actions.keep(found.entry, found.talk, request.form, at=clock().now())
    return "", 204


def _take(kind: str, form: Any, found: Asked, at: datetime) -> None:
    match kind:
        case "time":
            actions.choose(found.entry, found.talk, datetime.fromisoformat(form.time.data), at=at)
        case "other":
            actions.propose_other(found.entry, found.talk, form.said.data, at=at)
        case "later":
            actions.not_now(found.entry, found.talk, form.weeks.data, at=at)
        case "never":
            actions.never_again(found.entry, found.talk, at=at)
        case _:
            form_actions.send_in(found.entry, found.talk, form.answers(), may_quote=form.may_quote.data, at=at)


def _behind(link: PersonalLink) -> Asked | None:
    """Return what is asked; None where the talk is dealt with otherwise, or somebody else is asked by now."""
    entry = queries.behind(link.id)
    talk = db.session.get(Talk, entry.talk_id) if entry is not None and entry.talk_id else None
    if entry is None or talk is None or entry.contact_id != link.subject_id or talk.contact_id != entry.contact_id:
        return None
    if entry.answer is None and (talk.state in (State.HELD, State.ARRANGED) or talk.cancelled_by_change):
        return None
    return Asked(entry, talk, tuple(actions.times_left(entry, talk, clock().now())) if entry.answer is None else ())


def _fresh(found: Asked) -> dict[str, Any]:
    kept = form_actions.partial_of(found.entry.id) if found.entry.answer is None else None
    given = {IN_WRITING: dict(kept.answers)} if kept is not None else {}
    return {kind: _prepared(form(formdata=None, data=given.get(kind)), found) for kind, form in found.forms.items()}


def _prepared(form: Any, found: Asked) -> Any:
    if isinstance(form, ChooseForm):
        zone = found.entry.zone or firm().zone
        form.time.choices = [SelectChoice(one.astimezone(UTC).isoformat(), day_and_time(one, zone)) for one in found.times]
    if isinstance(form, NotNowForm):
        form.prepare()
    return form


def _page(found: Asked, forms: dict[str, Any], form: BaseForm | None = None) -> Any:
    in_writing = found.entry.channel == Channel.FORM or request.args.get("way") == IN_WRITING or isinstance(form, WrittenForm)
    is_open, link = found.entry.answer is None, db.session.get(PersonalLink, found.entry.link_id)
    template = "asking/form_link.html" if is_open and in_writing and IN_WRITING in forms else "asking/invitation_link.html"
    return page(
        template,
        form,
        forms=forms,
        entry=found.entry,
        talk=found.talk,
        has_times=bool(found.times),
        can_write=IN_WRITING in forms,
        milestone=form_queries.next_milestone(found.talk.mandate_id) if is_open and in_writing else None,
        holder=_holder(found.entry, found.talk),
        place=zone_place(found.entry.zone or firm().zone),
        talk_labels=talk_labels,
        until=local_day(link.expires_at, firm().zone) if link is not None and link.expires_at else None,
        chosen=_chosen(found),
        wants_rest=found.entry.answer == Reply.NO and _wants_rest(found.entry),
        thanks=_thanks(found.entry, found.talk),
    )


def _holder(entry: Ask, talk: Talk) -> str:
    """Return who will hold the talk or read the answer: whose talk it is, else who asked, else the firm."""
    found = next((one for one in (talk.owner, entry.asked_by) if one is not None and one.active), None)
    return str(found.name) if found is not None else firm().name


def _chosen(found: Asked) -> str | None:
    """Return the appointment in words; None where there is none, or none any more."""
    talk = found.talk
    if talk.state != State.ARRANGED or talk.appointment_at is None:
        return None
    return when(talk.appointment_at, found.entry.zone or firm().zone)


def _wants_rest(entry: Ask) -> bool:
    """Whether a "no" was one to all requests, not to this talk alone."""
    wish = wish_of(entry.contact_id)
    return wish is not None and wish.never


def _thanks(entry: Ask, talk: Talk) -> str | None:
    """Return what became of the request, as its heading says it; None while it is open."""
    match entry.answer:
        case Reply.YES if talk.state == State.ARRANGED:
            return _("Thank you, until then")
        case Reply.YES if talk.state == State.HELD:
            return _("Thank you for the talk")
        case Reply.YES if talk.state == State.DUE:
            return _("Thank you for your answer")
        case Reply.YES:
            return _("This talk does not take place")
        case Reply.WRITTEN:
            return _("Thank you for your answer")
        case Reply.LATER:
            return _("Thank you, we will ask again later")
        case Reply.NO if _wants_rest(entry):
            return _("Thank you, we will not ask again")
        case Reply.NO:
            return _("Thank you for your answer")
        case Reply.LAPSED:
            return _("Thank you, nothing is asked any more")
        case _:
            return None


def _over() -> Any:
    return page("asking/over.html")


links.register(PURPOSE, show=show, act=act)
links.register(FORM, show=show, act=act)
