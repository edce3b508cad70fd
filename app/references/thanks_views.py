"""Proposed once a mandate is signed: to tell those whose feedback stood behind it that it helped. Never by itself."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients import queries as clients
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.mail.typed import Words
from app.mandates import queries as mandates
from app.mandates.models import Mandate
from app.references import thanks_letters, thanks_queries
from app.references.blueprint import bp
from app.references.written_forms import LetterForm
from app.references.written_views import may_ask
from app.web.pages import page
from app.web.rights import allow, require


def _opened(mandate_id: int) -> Mandate:
    mandate = mandates.with_everything(mandate_id) or abort(404)
    if mandate.manager is None or mandate.signed_on is None:
        abort(404)
    return mandate


@bp.get("/mandates/<int:mandate_id>/thanks")
@allow("talks.read")
def thanks(mandate_id: int) -> Any:
    mandate = _opened(mandate_id)
    givers = thanks_queries.givers_of(mandate)
    return page("references/thanks.html", mandate=mandate, givers=givers, may_ask=may_ask(mandate))


@bp.route("/mandates/<int:mandate_id>/thanks/<int:contact_id>", methods=["GET", "POST"])
@allow("talks.arrange")
def thanks_letter(mandate_id: int, contact_id: int) -> Any:
    mandate = _opened(mandate_id)
    require(may_ask(mandate))
    assert mandate.manager is not None
    giver = next((one for one in thanks_queries.givers_of(mandate) if one.contact_id == contact_id), None) or abort(404)
    contact = clients.contact_of(giver.client_id, contact_id)
    words = thanks_letters.draft(mandate.manager, contact)
    form = LetterForm.for_request(version=mandate.version, subject=words.subject, message=words.text)
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_ask(mandate))
                written = Words(form.subject.data or "", form.message.data or "")
                thanks_letters.thank(mandate, giver, contact, written, actor=current_user, at=clock().now())
                work.leads_to(url_for("references.thanks", mandate_id=mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("The letter is on its way."))
            return work.redirect()
    return page("references/thanks_letter.html", form, mandate=mandate, giver=giver, contact=contact)
