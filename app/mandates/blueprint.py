"""What all pages of mandates share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, url_for
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import N_, RuleViolation
from app.managers.models import Manager
from app.mandates import queries
from app.mandates.forms import select_choices
from app.mandates.models import Mandate
from app.settings.queries import firm
from app.web.rights import require

bp = Blueprint("mandates", __name__, url_prefix="/mandates")


def firm_today() -> date:
    return clock().today(firm().zone)


def opened(mandate_id: int) -> Mandate:
    """Return the mandate with all that belongs to it; 404 for none."""
    return queries.with_everything(mandate_id) or abort(404)


def changed(mandate_id: int) -> Mandate:
    """Return the mandate for somebody who may change it; 404 for none, 403 for others."""
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    return mandate


def may_write(mandate: Mandate) -> bool:
    """Whether pages offer to change what belongs to the mandate: not once it is lost or closed."""
    return mandate.is_live and current_user.may("mandates.write") and bool(current_user.may_change(mandate))


def shown(mandate_id: int) -> str:
    """Return the address of the mandate's page."""
    return url_for("mandates.show", mandate_id=mandate_id)


def contact_choices(client_id: int, present: Any, blank: Any) -> list[Any]:
    """Return the client's contacts as choices; `present`, the one chosen now, is there even after leaving."""
    contacts = list(queries.contacts_of(client_id, firm_today()))
    if present is not None and present not in contacts:
        contacts.append(present)
    return select_choices([(contact.id, contact.name) for contact in contacts], blank)


def only_contact_of(client_id: int) -> int | None:
    """Return the client's contact where there is just one, so that nobody has to choose; one statement."""
    contacts = queries.contacts_of(client_id, firm_today())
    return contacts[0].id if len(contacts) == 1 else None


def chosen_manager(form: Any) -> Manager | None:
    """Return the manager that the form names; None where it refused: nobody fits, or several do and one is to be chosen."""
    found = queries.managers_like(form.manager_name.data or "")
    picked = [manager for manager in found if str(manager.id) == form.manager_id.data]
    if len(found) == 1 or picked:
        return picked[0] if picked else found[0]
    if not found:
        form.refuse(RuleViolation(N_("No manager has this name or number."), field="manager_name"))
        return None
    form.manager_id.choices = select_choices([(one.id, manager_words(one)) for one in found])
    form.refuse(RuleViolation(N_("Several managers fit. Please choose one."), field="manager_id"))
    return None


def manager_words(manager: Manager | None) -> str:
    """Return "Dr. Anneke van der Berg (ID 9999)", as the field for a manager understands it."""
    return f"{manager.name} (ID {manager.id})" if manager is not None else ""


def may_override() -> bool:
    return bool(current_user.may("records.override"))
