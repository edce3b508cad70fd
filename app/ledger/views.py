"""What a contact wishes about being asked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clients import queries as clients
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.ledger import actions, labels, queries
from app.ledger.forms import LATER, NEVER, USUAL, WishForm
from app.settings.queries import firm
from app.users.ownership import may_change_part
from app.web.pages import page
from app.web.rights import allow, require

bp = Blueprint("ledger", __name__)


@bp.route("/clients/<int:client_id>/contacts/<int:contact_id>/wishes", methods=["GET", "POST"])
@allow("clients.contact_data")
def wishes(client_id: int, contact_id: int) -> Any:
    contact = clients.contact_of(client_id, contact_id)
    require(may_change_part(current_user, contact.client, "clients.contact_data"))
    kept = queries.wish_of(contact.id)
    form = WishForm.for_request(**_shown(kept))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(may_change_part(current_user, contact.client, "clients.contact_data"))
                if kept is not None:
                    check_version(kept, form)
                actions.wish(
                    contact, not_before=form.day(), never=form.wish.data == NEVER, note=form.note.data,
                    actor=current_user, at=clock().now(),
                )  # fmt: skip
                work.leads_to(url_for("clients.show_contact", client_id=client_id, contact_id=contact_id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    asked = queries.person(contact.id, clock().today(firm().zone))
    return page("ledger/wishes.html", form, contact=contact, client=contact.client, asked=asked, labels=labels)


def _shown(kept: Any) -> dict[str, Any]:
    if kept is None:
        return {"wish": USUAL}
    wish = NEVER if kept.never else LATER if kept.not_before else USUAL
    return {"version": kept.version, "wish": wish, "not_before": kept.not_before, "note": kept.note}
