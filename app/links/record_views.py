"""The open personal links of a record: who got them, what for, until when, and a button that takes one back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients.models import Client, Contact
from app.core.clock import clock
from app.db import db, unit_of_work
from app.links import actions, queries
from app.links.models import PersonalLink
from app.links.rules import State
from app.mail.purposes import label_of
from app.managers.models import Manager
from app.mandates.models import Mandate
from app.references.models import Referee
from app.talks import access as talk_access
from app.talks.models import Talk
from app.talks.record_views import today
from app.timeline import record
from app.users.ownership import may_change_part
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require

records = Blueprint("record_links", __name__)

KINDS: dict[str, type[Any]] = {
    "client": Client, "contact": Contact, "manager": Manager, "mandate": Mandate, "referee": Referee, "talk": Talk,
}  # fmt: skip


@records.get("/links/<kind>/<int:record_id>")
@allow("mail.read")
def of_record(kind: str, record_id: int) -> Any:
    subject = _record(kind, record_id)
    may_change = _may_change(kind, subject)
    rows = [(link, _(label_of(link.purpose))) for link in queries.open_links(subject, clock().now())]
    return page("links/record.html", rows=rows, kind=kind, record=subject, name=_name(kind, subject), url=_url(kind, subject),
                may_change=may_change)  # fmt: skip


@records.post("/links/<kind>/<int:record_id>/<int:link_id>/revocation")
@allow("mail.send")
def revoke(kind: str, record_id: int, link_id: int) -> Any:
    subject = _record(kind, record_id)
    require(_may_change(kind, subject))
    if not ActionForm.for_request().submitted():
        abort(400)
    if link_id not in {link.id for link in queries.open_links(subject, clock().now())}:
        flash(_("This link is no longer open."))
    else:
        with unit_of_work() as work:
            require(_may_change(kind, subject))
            link = db.session.get_one(PersonalLink, link_id, with_for_update=True)
            if link.state(clock().now()) is State.FOUND:
                actions.revoke(link, at=clock().now())
                record("links.revoked", subject, actor=current_user, at=clock().now(), recipient=link.recipient,
                       purpose_words=label_of(link.purpose))  # fmt: skip
            work.leads_to(url_for(".of_record", kind=kind, record_id=record_id))
        flash(_("The link is no longer valid."))
        return work.redirect()
    return page("links/record.html", rows=[], kind=kind, record=subject, name=_name(kind, subject), url=_url(kind, subject),
                may_change=True)  # fmt: skip


def _record(kind: str, record_id: int) -> Any:
    if kind not in KINDS:
        abort(404)
    return db.get_or_404(KINDS[kind], record_id)


def _may_change(kind: str, subject: Any) -> bool:
    if not current_user.may("mail.send"):
        return False
    if kind == "talk":
        return talk_access.may_change(current_user, subject, today())
    if kind == "referee":
        return may_change_part(current_user, subject.manager, "managers.contact_data")
    if kind in ("client", "contact"):
        return may_change_part(current_user, subject if kind == "client" else subject.client, "clients.contact_data")
    return bool(current_user.may_change(subject))


def _name(kind: str, subject: Any) -> str:
    if kind == "mandate":
        return f"{subject.number} {subject.title}"
    return subject.person.name if kind == "talk" and subject.person is not None else getattr(subject, "name", "")


def _url(kind: str, subject: Any) -> str:
    if kind == "contact":
        return f"/clients/{subject.client_id}/contacts/{subject.id}"
    return f"/references/referees/{subject.id}" if kind == "referee" else f"/{kind}s/{subject.id}"
