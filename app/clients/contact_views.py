"""A client's people."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients import actions, forms, queries, rules, vocabulary
from app.clients.models import Client
from app.clients.views import bp, rights_over
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.core.vocabulary import CHANNELS, LETTER_LANGUAGES
from app.db import check_version, db, unit_of_work
from app.ledger import labels as ledger_labels
from app.ledger import queries as ledger
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.timeline import events_of, steps
from app.users.ownership import may_change_part
from app.users.queries import names
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


@bp.route("/<int:client_id>/contacts/new", methods=["GET", "POST"])
@allow("clients.contact_data")
def new_contact(client_id: int) -> Any:
    client = db.get_or_404(Client, client_id)
    require(may_change_part(current_user, client, "clients.contact_data"))
    form = forms.ContactForm.for_request(**({} if request.method == "POST" else _blank(client)))
    if form.submitted():
        try:
            form.check_name()
            with unit_of_work() as work:
                require(may_change_part(current_user, client, "clients.contact_data"))
                contact = actions.enter_contact(client, form.values(), actor=current_user, at=clock().now())
                work.leads_to(lambda: _after_entry(contact))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("%(name)s is entered.", name=contact.name))
            return work.redirect()
    return page("clients/contact_form.html", form, client=client, contact=None)


def _blank(client: Client) -> dict[str, Any]:
    language = {"NL": "nl", "BE": "nl", "DE": "de", "AT": "de", "CH": "de", "LU": "de", "LI": "de"}.get(client.country, "en")
    return {"language": language, "country": client.country}


def _after_entry(contact: Any) -> str:
    """Return to the client; to the contact's own page where somebody of that name or address is there already."""
    if queries.contact_duplicates(contact, most=1):
        return url_for(".show_contact", client_id=contact.client_id, contact_id=contact.id, entered=1)
    return url_for(".show", client_id=contact.client_id)


@bp.get("/<int:client_id>/contacts/<int:contact_id>")
@allow("clients.read")
def show_contact(client_id: int, contact_id: int) -> Any:
    contact = queries.contact_of(client_id, contact_id)
    today = clock().today(firm().zone)
    asked = ledger.person(contact.id, today)
    assert asked is not None
    return page(
        "clients/contact.html",
        contact=contact,
        client=contact.client,
        has_left=rules.has_left(contact.left_on, today),
        asks=ledger.asks_of(contact.id),
        asked=asked,
        decision=asked.decide(today, is_agreed=False),
        counted=ledger_labels.counted(asked.counted(today)),
        ledger_labels=ledger_labels,
        talks=queries.talks_of(contact),
        duplicates=queries.contact_duplicates(contact) if request.args.get("entered") else (),
        events=events_of(contact, names()),
        labels=talk_labels,
        role=vocabulary.CONTACT_ROLES.get(contact.role or ""),
        channel=CHANNELS.get(contact.channel or ""),
        language_words=LETTER_LANGUAGES[contact.language],
        rights=rights_over(contact.client),
    )


@bp.route("/<int:client_id>/contacts/<int:contact_id>/edit", methods=["GET", "POST"])
@allow("clients.contact_data")
def edit_contact(client_id: int, contact_id: int) -> Any:
    contact = queries.contact_of(client_id, contact_id)
    require(may_change_part(current_user, contact.client, "clients.contact_data"))
    form = forms.ContactForm.for_request(obj=contact, name_checked="yes")
    form.offer_zone(contact.zone)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, contact.client, "clients.contact_data"))
                check_version(contact, form)
                actions.change_contact(contact, form.values(), actor=current_user, at=clock().now())
                work.leads_to(url_for(".show_contact", client_id=client_id, contact_id=contact_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("clients/contact_form.html", form, client=contact.client, contact=contact)


@bp.route("/<int:client_id>/contacts/<int:contact_id>/departure", methods=["GET", "POST"])
@allow("clients.contact_data")
def departure(client_id: int, contact_id: int) -> Any:
    contact = queries.contact_of(client_id, contact_id)
    require(may_change_part(current_user, contact.client, "clients.contact_data"))
    today = clock().today(firm().zone)
    form = forms.DepartureForm.for_request(obj=contact)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, contact.client, "clients.contact_data"))
                check_version(contact, form)
                actions.contact_left(contact, form.left_on.data, actor=current_user, at=clock().now(), today=today)
                work.leads_to(url_for(".show_contact", client_id=client_id, contact_id=contact_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("clients/departure.html", form, client=contact.client, contact=contact)


@bp.post("/<int:client_id>/contacts/<int:contact_id>/return")
@allow("clients.contact_data")
def return_contact(client_id: int, contact_id: int) -> Any:
    contact = queries.contact_of(client_id, contact_id)
    if not (form := ActionForm.for_request()).submitted():
        abort(400)
    with unit_of_work() as work:
        require(may_change_part(current_user, contact.client, "clients.contact_data"))
        check_version(contact, form)
        actions.contact_stayed(contact, actor=current_user, at=clock().now())
        work.leads_to(url_for(".show_contact", client_id=client_id, contact_id=contact_id))
    return work.redirect()


@bp.route("/<int:client_id>/contacts/<int:contact_id>/notes/new", methods=["GET", "POST"])
@allow("notes.write")
def new_contact_note(client_id: int, contact_id: int) -> Any:
    contact = queries.contact_of(client_id, contact_id)
    form = forms.NoteForm.for_request()
    if form.submitted():
        try:
            with unit_of_work() as work:
                steps.add_note(contact, form.text.data, actor=current_user, at=clock().now(), also=[contact.client])
                work.leads_to(url_for(".show_contact", client_id=client_id, contact_id=contact_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return work.redirect()
    return page("clients/new_note.html", form, client=contact.client, contact=contact)
