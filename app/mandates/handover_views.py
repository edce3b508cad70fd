"""What is handed over: the list, each item on its own, and the button that ticks it off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, db, unit_of_work
from app.mandates import handover_actions as actions
from app.mandates import handover_rules as rules
from app.mandates.blueprint import bp, firm_today, opened
from app.mandates.course_models import HandoverItem
from app.mandates.handover_forms import KINDS, ItemForm, ItemStateForm
from app.mandates.models import Mandate
from app.web.forms import ActionForm
from app.web.pages import page
from app.web.rights import allow, require


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/handover"


def _changed(mandate_id: int) -> Mandate:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    return mandate


def _of(mandate: Mandate, item_id: int) -> HandoverItem:
    """Return the item of this mandate; 404 for another's."""
    item = db.session.get(HandoverItem, item_id)
    if item is None or item.mandate_id != mandate.id:
        abort(404)
    return item


@bp.get("/<int:mandate_id>/handover")
@allow("mandates.read")
def handover(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    items = actions.items_of(mandate.id)
    is_live = mandate.closed_on is None and mandate.lost_on is None
    return page(
        "mandates/handover.html",
        mandate=mandate,
        rows=[(item, rules.state_of(item.done_on, item.waived_reason).value, KINDS[item.kind]) for item in items],
        proposals=rules.proposals(mandate.handed_over, [item.text for item in items]),
        may_write=is_live and current_user.may("mandates.write") and current_user.may_change(mandate),
    )


def _one_form(mandate: Mandate, form: Any, record: Any, title: str, save: Callable[[], Any], item: HandoverItem | None) -> Any:
    """Show or take the form of one item; `save` does it inside the unit of work."""
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(record, form)
                save()
                work.leads_to(_shown(mandate.id))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/handover_item.html", form, mandate=mandate, title=title, item=item)


@bp.route("/<int:mandate_id>/handover/new", methods=["GET", "POST"])
@allow("mandates.write")
def handover_new(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)
    form = ItemForm.for_request(version=mandate.version, receiver=mandate.successor, due_on=mandate.exit_on)

    def save() -> None:
        actions.add(mandate, form.item(), actor=current_user, at=clock().now())

    return _one_form(mandate, form, mandate, _("New item to hand over"), save, None)


@bp.route("/<int:mandate_id>/handover/<int:item_id>", methods=["GET", "POST"])
@allow("mandates.write")
def handover_item(mandate_id: int, item_id: int) -> Any:
    mandate = _changed(mandate_id)
    item = _of(mandate, item_id)
    form = ItemStateForm.for_request(obj=item, state=rules.state_of(item.done_on, item.waived_reason).value)

    def save() -> None:
        now = {"actor": current_user, "at": clock().now(), "today": firm_today()}
        actions.change(mandate, item, form.item(), at=clock().now())
        actions.settle(
            mandate, item, rules.State(form.state.data), done_on=form.done_on.data, reason=form.waived_reason.data, **now
        )

    return _one_form(mandate, form, item, _("Change what is handed over"), save, item)


def _act(mandate: Mandate, record: Any, do: Callable[[], Any]) -> Any:
    """Do what a button asks for, and show the list again."""
    form = ActionForm.for_request()
    if not form.submitted():
        abort(400)
    with unit_of_work() as work:
        require(current_user.may_change(mandate))
        check_version(record, form)
        do()
        work.leads_to(_shown(mandate.id))
    return work.redirect()


@bp.post("/<int:mandate_id>/handover/proposals")
@allow("mandates.write")
def handover_proposals(mandate_id: int) -> Any:
    mandate = _changed(mandate_id)

    def save() -> None:
        added = actions.add_proposals(mandate, actor=current_user, at=clock().now())
        flash(ngettext("One item added.", "%(num)d items added.", added))

    return _act(mandate, mandate, save)


@bp.post("/<int:mandate_id>/handover/<int:item_id>/completion")
@allow("mandates.write")
def handover_done(mandate_id: int, item_id: int) -> Any:
    mandate = _changed(mandate_id)
    item = _of(mandate, item_id)

    def save() -> None:
        now = {"actor": current_user, "at": clock().now(), "today": firm_today()}
        actions.settle(mandate, item, rules.State.DONE, done_on=firm_today(), **now)

    return _act(mandate, item, save)


@bp.post("/<int:mandate_id>/handover/<int:item_id>/removal")
@allow("mandates.write")
def handover_removal(mandate_id: int, item_id: int) -> Any:
    mandate = _changed(mandate_id)
    item = _of(mandate, item_id)
    return _act(mandate, item, lambda: actions.remove(mandate, item, at=clock().now()))
