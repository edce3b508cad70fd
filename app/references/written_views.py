"""Written references of a mandate: the window, drafts, the letter that asks, what was released."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.asking import benefit_queries
from app.clients import queries as clients
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.ledger import labels as ledger_labels
from app.ledger import queries as ledger
from app.ledger.actions import check as check_guard
from app.ledger.guard_rules import Decision
from app.ledger.queries import Person
from app.ledger.rules import Purpose
from app.mandates import queries as mandates
from app.mandates.models import Mandate
from app.references import call_queries, window_queries, written_document, written_labels, written_letters, written_queries
from app.references import written_actions as actions
from app.references.blueprint import bp
from app.references.models import WrittenReference
from app.references.written_draft import draft
from app.references.written_forms import AskForm, DraftForm, LetterForm, RevokeForm
from app.references.written_letters import ASK, LINK, Parts
from app.references.written_rules import State, Verb, may
from app.settings.queries import firm
from app.users.queries import stands_in_for
from app.users.rules import Role
from app.web import pdf
from app.web.formats import day as in_words
from app.web.forms import ActionForm
from app.web.language import LANGUAGES
from app.web.pages import page
from app.web.rights import allow, require
from app.web.values import record_number

CHANGE = "change"  # back from the letter to the form


def _day() -> date:
    return clock().today(firm().zone)


def may_ask(mandate: Mandate) -> bool:
    """Whether the person signed in may draft, ask and revoke for this mandate: as with its talks."""
    if not current_user.may("talks.arrange"):
        return False
    if current_user.role == Role.ASSISTANT or current_user.may_change(mandate):
        return True
    return mandate.owner_id in stands_in_for(current_user.id, _day())


def _opened(mandate_id: int) -> Mandate:
    return mandates.with_everything(mandate_id) or abort(404)


def _changed(mandate_id: int) -> Mandate:
    mandate = _opened(mandate_id)
    require(may_ask(mandate))
    return mandate


def _reference(mandate_id: int, reference_id: int, verb: Verb | None = None) -> WrittenReference:
    """Return a reference of a mandate that this person may change; 404 for one that does not take the verb."""
    _changed(mandate_id)
    found = written_queries.find(mandate_id, reference_id) or abort(404)
    if verb is not None and not may(found.state, verb):
        abort(404)
    return found


def _shown(mandate_id: int) -> str:
    return url_for("references.written", mandate_id=mandate_id)


@bp.get("/mandates/<int:mandate_id>/reference")
@allow("talks.read")
def written(mandate_id: int) -> Any:
    mandate = _opened(mandate_id)
    case = window_queries.case_of(mandate_id, _day())
    found = written_queries.of_mandate(mandate_id)
    in_making = any(one.state in written_queries.OPEN and one.manager_id == mandate.manager_id for one in found)
    return page(
        "references/written.html",
        mandate=mandate,
        case=case,
        reasons=written_labels.reasons(case, _day()) if case is not None else (),
        found=found,
        known={number: call_queries.known_of(number) for number in {one.manager_id for one in found if one.released_at}},
        reminder=_reminder(found),
        may_ask=may_ask(mandate),
        may_draft=may_ask(mandate) and not in_making and case is not None and mandate.lost_on is None,
        labels=written_labels,
        ledger_labels=ledger_labels,
        languages=_languages(),
    )


def _reminder(found: Sequence[WrittenReference]) -> str | None:
    """Return when the one reminder of what is with the client went, or will go."""
    with_client = next((one for one in found if one.state == State.SENT), None)
    entry = written_queries.ask_of(with_client) if with_client is not None else None
    if entry is None or entry.answer is not None:
        return None
    if entry.reminded_on is not None:
        return _("Reminded on %(day)s; there is no second reminder.", day=in_words(entry.reminded_on))
    return _("Without an answer one reminder goes out on %(day)s.", day=in_words(actions.reminder_on(entry)))


def _languages() -> list[tuple[str, str]]:
    return [("de", _("German")), ("nl", _("Dutch")), ("en", _("English"))]


@bp.route("/mandates/<int:mandate_id>/reference/new", methods=["GET", "POST"])
@allow("talks.arrange")
def new_written(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    if mandate.manager is None or mandate.signed_on is None:
        abort(404)
    people = ledger.people_at(mandate.client_id, _day())
    wanted = record_number(request.args.get("contact")) or mandate.contact_id
    person = next((one for one in people if one.id == wanted), None) or (people[0] if people else None) or abort(404)
    contact = clients.contact_of(mandate.client_id, person.id)
    proposed: dict[str, Any] = {}
    if request.method == "GET":
        made = draft(mandate, contact)
        proposed = {"situation": made.situation, "results": made.results, "rating": str(made.rating or "")}
    form = DraftForm.for_request(**proposed)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_ask(mandate))
                made_one = actions.keep_draft(mandate, contact, form.wording(), actor=current_user, at=clock().now())
                work.leads_to(lambda: url_for("references.letter", mandate_id=mandate_id, reference_id=made_one.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return _draft_page(form, mandate, contact, person, people)


def _draft_page(form: Any, mandate: Mandate, contact: Any, person: Person | None, people: Any) -> Any:
    decision = person.decide(_day(), is_agreed=False) if person is not None else Decision()
    return page(
        "references/draft.html",
        form,
        mandate=mandate,
        contact=contact,
        person=person,
        decision=decision,
        others=[one for one in people if one.id != contact.id and one.has_mail][:6],
        ledger_labels=ledger_labels,
    )


@bp.route("/mandates/<int:mandate_id>/reference/<int:reference_id>", methods=["GET", "POST"])
@allow("talks.arrange")
def change_written(mandate_id: int, reference_id: int) -> Any:
    reference = _reference(mandate_id, reference_id, Verb.CHANGE)
    form = DraftForm.for_request(obj=reference, rating=str(reference.rating or ""))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_ask(reference.mandate))
                check_version(reference, form)
                actions.change(reference, form.wording())
                work.leads_to(url_for("references.letter", mandate_id=mandate_id, reference_id=reference_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return _draft_page(form, reference.mandate, reference.contact, ledger.person(reference.contact_id, _day()), ())


class Asking(NamedTuple):
    """What the letter page knows of whom it asks."""

    people: Any
    person: Person
    decision: Decision
    is_reminder: bool


def _asking(reference: WrittenReference) -> Asking:
    people = ledger.people_at(reference.contact.client_id, _day())
    person = next((one for one in people if one.id == reference.contact_id), None) or abort(404)
    again = written_queries.can_remind(written_queries.ask_of(reference), _day())
    return Asking(people, person, Decision() if again else person.decide(_day(), is_agreed=False), again)


@bp.route("/mandates/<int:mandate_id>/reference/<int:reference_id>/letter", methods=["GET", "POST"])
@allow("talks.arrange")
def letter(mandate_id: int, reference_id: int) -> Any:
    reference = _reference(mandate_id, reference_id, Verb.SEND)
    asking = _asking(reference)
    words = written_letters.draft(reference)
    form = AskForm.for_request(version=reference.version, subject=words.subject, message=words.text)
    offers = benefit_queries.offered(Purpose.REFERENCE, asking.person.role, benefit_queries.library(), has_brief=False)
    form.prepare([(str(one.benefit.id), one.benefit.title(reference.language)) for one in offers], _("nothing beside our thanks"))
    if form.submitted() and form.seen.data != CHANGE:
        chosen = next((one.benefit for one in offers if str(one.benefit.id) == form.benefit.data), None)
        benefit = chosen.text(reference.language) if chosen is not None else ""
        parts = Parts(form.subject.data or "", form.message.data or "", benefit)
        try:
            bodies = written_letters.compose_letter(reference, parts, ASK, current_user)
            digest = hashlib.sha256(f"{parts.subject}\n{bodies.text}".encode()).hexdigest()
            if form.seen.data == digest:
                return _send(reference, form, parts, chosen)
            actions.check_contact(reference, clock().now())
            check_guard(asking.decision, form.override_reason.data)
            shown = {"reference": reference, "parts": parts, "written": bodies, "digest": digest}
            return page("references/letter_preview.html", form, **shown)
        except RuleViolation as violation:
            form.refuse(violation)
    return page(
        "references/letter.html",
        form,
        reference=reference,
        mandate=reference.mandate,
        asking=asking,
        ledger_labels=ledger_labels,
        asks=ledger.asks_of(reference.contact_id),
        counted=ledger_labels.counted(asking.person.counted(_day())),
        others=ledger.others_to_ask(asking.people, asking.person.id, _day(), is_agreed=False),
    )


def _send(reference: WrittenReference, form: AskForm, parts: Parts, benefit: Any) -> Any:
    with unit_of_work() as work:
        require(may_ask(reference.mandate))
        check_version(reference, form)
        actions.ask(
            reference, parts, benefit_id=benefit.id if benefit is not None else None,
            override_reason=form.override_reason.data, actor=current_user, at=clock().now(),
        )  # fmt: skip
        work.leads_to(_shown(reference.mandate_id))
    flash(_("The letter is on its way."))
    return work.redirect()


@bp.post("/mandates/<int:mandate_id>/reference/<int:reference_id>/discard")
@allow("talks.arrange")
def discard_written(mandate_id: int, reference_id: int) -> Any:
    return _act(mandate_id, reference_id, actions.discard, _("Discarded."))


@bp.post("/mandates/<int:mandate_id>/reference/<int:reference_id>/take-back")
@allow("talks.arrange")
def take_back_written(mandate_id: int, reference_id: int) -> Any:
    return _act(
        mandate_id, reference_id, actions.take_back, _("Taken back. It is a draft again, and its link is no longer valid.")
    )


def _act(mandate_id: int, reference_id: int, verb: Any, said: str) -> Any:
    reference = _reference(mandate_id, reference_id)
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    try:
        with unit_of_work() as work:
            require(may_ask(reference.mandate))
            check_version(reference, form)
            verb(reference, actor=current_user, at=clock().now())
            work.leads_to(_shown(mandate_id))
    except RuleViolation as violation:
        flash(_(violation.message, **violation.values))
        return redirect(_shown(mandate_id), 303)
    flash(said)
    return work.redirect()


@bp.route("/mandates/<int:mandate_id>/reference/<int:reference_id>/revocation", methods=["GET", "POST"])
@allow("talks.arrange")
def revoke_written(mandate_id: int, reference_id: int) -> Any:
    reference = _reference(mandate_id, reference_id, Verb.REVOKE)
    form = RevokeForm.for_request(version=reference.version)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_ask(reference.mandate))
                check_version(reference, form)
                actions.revoke(reference, form.reason.data, actor=current_user, at=clock().now())
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The reference is revoked."))
            return work.redirect()
    return page("references/revocation.html", form, reference=reference, mandate=reference.mandate)


@bp.route("/mandates/<int:mandate_id>/reference/<int:reference_id>/link", methods=["GET", "POST"])
@allow("talks.arrange")
def link_of_written(mandate_id: int, reference_id: int) -> Any:
    reference = _reference(mandate_id, reference_id, Verb.SEND_LINK)
    words = written_letters.draft_link(reference)
    form = LetterForm.for_request(version=reference.version, subject=words.subject, message=words.text)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_ask(reference.mandate))
                check_version(reference, form)
                parts = Parts(form.subject.data or "", form.message.data or "")
                actions.send_link(reference, parts, actor=current_user, at=clock().now())
                work.leads_to(_shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The letter is on its way."))
            return work.redirect()
    return page("references/link_letter.html", form, reference=reference, mandate=reference.mandate,
                button_words=written_letters.BUTTONS[LINK])  # fmt: skip


@bp.get("/mandates/<int:mandate_id>/reference/<int:reference_id>.pdf")
@allow("talks.read")
def written_pdf(mandate_id: int, reference_id: int) -> Any:
    reference = written_queries.find(mandate_id, reference_id)
    if reference is None or reference.state != State.RELEASED:
        abort(404)
    wanted = request.args.get("language", reference.language)
    language = wanted if wanted in LANGUAGES else reference.language
    return pdf.answer(written_document.as_pdf(reference, language), written_document.file_name(reference))
