"""What is handed over: the list, each item on its own, and the button that ticks it off."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.clock import clock
from app.mandates import handover_actions as actions
from app.mandates import handover_rules as rules
from app.mandates.blueprint import bp, changed, firm_today, may_write, opened
from app.mandates.course_models import HandoverItem
from app.mandates.handover_forms import KINDS, ItemForm, ItemStateForm
from app.mandates.line_views import button, line_form, line_of
from app.web.pages import page
from app.web.rights import allow

FORM = "mandates/handover_item.html"


def _shown(mandate_id: int) -> str:
    return f"/mandates/{mandate_id}/handover"


@bp.get("/<int:mandate_id>/handover")
@allow("mandates.read")
def handover(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    items = actions.items_of(mandate.id)
    return page(
        "mandates/handover.html",
        mandate=mandate,
        rows=[(item, rules.state_of(item.done_on, item.waived_reason).value, KINDS[item.kind]) for item in items],
        proposals=rules.proposals(mandate.handed_over, [item.text for item in items]),
        may_write=may_write(mandate),
    )


@bp.route("/<int:mandate_id>/handover/new", methods=["GET", "POST"])
@allow("mandates.write")
def handover_new(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    form = ItemForm.for_request(version=mandate.version, receiver=mandate.successor, due_on=mandate.exit_on)

    def save() -> None:
        actions.add(mandate, form.item(), actor=current_user, at=clock().now())

    return line_form(
        FORM, mandate, form, mandate, save, _shown(mandate_id), title=_("New item to hand over"), item=None, is_new=True
    )


@bp.route("/<int:mandate_id>/handover/<int:item_id>", methods=["GET", "POST"])
@allow("mandates.write")
def handover_item(mandate_id: int, item_id: int) -> Any:
    mandate = changed(mandate_id)
    item = line_of(mandate, HandoverItem, item_id)
    form = ItemStateForm.for_request(obj=item, state=rules.state_of(item.done_on, item.waived_reason).value)

    def save() -> None:
        now = {"actor": current_user, "at": clock().now(), "today": firm_today()}
        actions.change(mandate, item, form.item(), at=clock().now())
        actions.settle(
            mandate, item, rules.State(form.state.data), done_on=form.done_on.data, reason=form.waived_reason.data, **now
        )

    return line_form(FORM, mandate, form, item, save, _shown(mandate_id), title=_("Change what is handed over"), item=item)


@bp.post("/<int:mandate_id>/handover/proposals")
@allow("mandates.write")
def handover_proposals(mandate_id: int) -> Any:
    mandate = changed(mandate_id)

    def save() -> None:
        added = actions.add_proposals(mandate, actor=current_user, at=clock().now())
        flash(ngettext("One item added.", "%(num)d items added.", added))

    return button(mandate, mandate, save, _shown(mandate_id))


@bp.post("/<int:mandate_id>/handover/<int:item_id>/completion")
@allow("mandates.write")
def handover_done(mandate_id: int, item_id: int) -> Any:
    mandate = changed(mandate_id)
    item = line_of(mandate, HandoverItem, item_id)

    def save() -> None:
        now = {"actor": current_user, "at": clock().now(), "today": firm_today()}
        actions.settle(mandate, item, rules.State.DONE, done_on=firm_today(), **now)

    return button(mandate, item, save, _shown(mandate_id))


@bp.post("/<int:mandate_id>/handover/<int:item_id>/removal")
@allow("mandates.write")
def handover_removal(mandate_id: int, item_id: int) -> Any:
    mandate = changed(mandate_id)
    item = line_of(mandate, HandoverItem, item_id)
    return button(mandate, item, lambda: actions.remove(mandate, item, at=clock().now()), _shown(mandate_id))
