"""Behind a personal link: confirming, "that was not me", checking one's name, one's own state, withdrawing.

Opening a link changes nothing; each answer is a form of its own that posts, and posting it twice is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Request, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import links
from app.admission import letters, queries
from app.admission import registration_actions as actions
from app.admission import state_rules as rules
from app.admission.models import AdmissionCase
from app.admission.registration_forms import AnswerForm, NameForm
from app.admission.registration_views import sender
from app.admission.vocabulary import PUBLIC_STATES
from app.admission.wording import words_of
from app.core.clock import clock
from app.core.dates import local_day
from app.core.errors import N_, RuleViolation, StaleRecord
from app.db import db, unit_of_work
from app.links.models import PersonalLink
from app.managers.models import Manager
from app.managers.rules import State
from app.privacy import actions as privacy
from app.privacy.ticks import finish as finish_erasures
from app.settings.queries import firm
from app.web.pages import page

NAME_PARTS = ("form_of_address", "title", "first_name", "particle", "last_name")


def show_confirmation(link: PersonalLink) -> Any:
    manager = person_behind(link)
    if manager.state == State.REGISTERED:
        return page("admission/confirm.html", AnswerForm.for_request(), **facts_of(manager))
    return _after(manager, NameForm.for_request(obj=manager))


def confirm(link: PersonalLink, _request: Request) -> Any:
    manager = person_behind(link)
    answer = request.form.get("answer")
    if answer == "disown":
        return _disown(link)
    if answer == "name":
        return _check_name(link)
    if answer == "erase":
        return erase_at_once(link, State.WITHDRAWN, show_confirmation)
    if answer == "withdraw":
        return withdraw(link, _request)
    form = AnswerForm.for_request()
    if not form.submitted():
        return show_confirmation(link)
    shown = render_template("admission/confirm.html", form=AnswerForm(formdata=None), **facts_of(manager))
    try:
        with unit_of_work() as work:
            actions.confirm(person_behind(link), link, sender(), page_text=words_of(shown), at=clock().now())
            work.leads_to(request.full_path.rstrip("?"))
    except StaleRecord:  # pressed twice in the same moment: the page says how it stands
        return redirect(request.full_path.rstrip("?"), 303)
    return work.redirect()


def _disown(link: PersonalLink) -> Any:
    """ "I did not register": everything is erased, without a word to an address that may be a stranger's."""
    if person_behind(link).state != State.REGISTERED:
        flash(_("This registration was confirmed already."), "error")
        return redirect(request.full_path.rstrip("?"), 303)
    return erase_at_once(link, State.REGISTERED, show_confirmation)


def erase_at_once(
    link: PersonalLink, state: State, otherwise: Callable[[PersonalLink], Any], *, has_expired: bool = False
) -> Any:
    """Erase the person behind the link where the state is still this one; also by an expired link where that is allowed."""
    form = AnswerForm.for_request()
    if not form.submitted() or person_behind(link).state != state:
        return otherwise(link)
    with unit_of_work():
        if not has_expired:
            links.use(link, at=clock().now())
        manager = person_behind(link)
        if manager.state == state:
            privacy.erase(manager, actor=None, at=clock().now(), is_theirs=state is State.WITHDRAWN)
    finish_erasures(clock().now())
    return page("admission/deleted.html", was_withdrawn=state is State.WITHDRAWN)


def _check_name(link: PersonalLink) -> Any:
    manager = person_behind(link)
    form = NameForm.for_request()
    if manager.state in (State.REGISTERED, State.WITHDRAWN, State.ERASED):
        return show_confirmation(link)
    if form.submitted():
        values = {name: form[name].data for name in NAME_PARTS}
        try:
            with unit_of_work() as work:
                links.use(link, at=clock().now())
                actions.check_name(person_behind(link), values, at=clock().now())
                work.leads_to(request.full_path.rstrip("?"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Thank you, your name is kept like this."))
            return work.redirect()
    return _after(manager, form)


def _after(manager: Manager, form: NameForm) -> Any:
    if manager.state == State.WITHDRAWN:
        return page("admission/withdrawn.html", **facts_of(manager))
    return page("admission/confirmed.html", form, **facts_of(manager))


def expired(link: PersonalLink) -> Any:
    """The link to confirm has expired: it can be asked for again, and "I did not register" holds while the registration lives."""
    manager = db.session.get(Manager, link.subject_id)
    waits = manager is not None and manager.state == State.REGISTERED
    if waits and request.method == "POST" and request.form.get("answer") == "disown":
        return erase_at_once(link, State.REGISTERED, _expired_page, has_expired=True)
    return _expired_page(link, may_disown=waits)


def _expired_page(_link: PersonalLink, *, may_disown: bool = True) -> str:
    return render_template("admission/expired.html", may_disown=may_disown)


def show_state(link: PersonalLink) -> Any:
    manager = person_behind(link)
    if manager.state == State.WITHDRAWN:
        return page("admission/withdrawn.html", **facts_of(manager))
    return page("admission/state.html", **facts_of(manager))


def answer_state(link: PersonalLink, _request: Request) -> Any:
    """The one answer on the page of one's own state: to be erased at once, after a withdrawal."""
    return erase_at_once(link, State.WITHDRAWN, show_state) if request.form.get("answer") == "erase" else show_state(link)


def show_withdrawal(link: PersonalLink) -> Any:
    manager = person_behind(link)
    if manager.state == State.WITHDRAWN:
        return page("admission/withdrawn.html", **facts_of(manager))
    return page("admission/withdraw.html", AnswerForm.for_request(), **facts_of(manager))


def withdraw(link: PersonalLink, _request: Request) -> Any:
    if request.form.get("answer") == "erase":
        return erase_at_once(link, State.WITHDRAWN, show_withdrawal)
    form = AnswerForm.for_request()
    if not form.submitted() or not facts_of(person_behind(link))["may_withdraw"]:
        return show_withdrawal(link) if link.purpose == letters.WELCOME else show_confirmation(link)
    with unit_of_work() as work:
        links.use(link, at=clock().now())
        manager = person_behind(link)
        actions.withdraw(manager, actor=None, at=clock().now())
        # The link to confirm ends with the registration; the page it leads to is still shown once.
        work.leads_to(request.full_path.rstrip("?"))
    if link.purpose == letters.WELCOME:
        return work.redirect()
    return page("admission/withdrawn.html", **facts_of(manager))


def person_behind(link: PersonalLink) -> Manager:
    manager = db.session.get(Manager, link.subject_id)
    if manager is None or manager.state == State.ERASED:
        raise RuleViolation(N_("This person's data were erased; nothing can be done any more."))
    return manager


def facts_of(manager: Manager) -> dict[str, Any]:
    """What the pages show of the person; the fee as it stood on the page of the registration."""
    case = db.session.get(AdmissionCase, manager.id)
    proof = queries.proof_of(manager.id)
    today = clock().today(firm().zone)
    confirmed_at = proof.confirmed_at if proof is not None else None
    may_withdraw = (
        manager.state not in (State.WITHDRAWN, State.ERASED, State.REGISTERED)
        and confirmed_at is not None
        and rules.may_withdraw(local_day(confirmed_at, firm().zone), today, firm().withdrawal_days)
    )
    return {
        "manager": manager,
        "case": case,
        "proof": proof,
        "fee": case.fee_amount if case is not None else None,
        "fee_then": _fee_after_withdrawal(manager, case),
        "may_withdraw": may_withdraw,
        "state_words": PUBLIC_STATES[State(manager.state)],
        "days": firm().review_working_days,
        "kept_days": firm().withdrawn_kept_days,
    }


def _fee_after_withdrawal(manager: Manager, case: AdmissionCase | None) -> str | None:
    if case is None:
        return None
    return rules.fee_after_withdrawal(case.fee, State(manager.state), case.review_began_at is not None)


links.register(letters.CONFIRMATION, show=show_confirmation, act=confirm, expired=expired)
links.register(letters.KNOWN, show=show_state, act=answer_state)
links.register(letters.RECEIPT, show=show_state, act=answer_state)
links.register(letters.WELCOME, show=show_withdrawal, act=withdraw)
