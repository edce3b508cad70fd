"""The exit of a mandate: the countdown, the successor, and the months in which the manager phases out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask import flash
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DecimalField, HiddenField, StringField
from wtforms.validators import Length, Optional

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mandates import exit_actions, exit_panel, exit_rules, gate_queries
from app.mandates.blueprint import bp, changed, firm_today, may_write, opened
from app.mandates.course_models import PhasingMonth
from app.mandates.forms import LINE
from app.mandates.models import Mandate
from app.web.forms import BaseForm, strip
from app.web.pages import page
from app.web.rights import allow, require


class ExitForm(BaseForm):
    """`exit_form` adds a field for each month."""

    version = HiddenField()
    months: tuple[date, ...] = ()
    successor = StringField(_l("Successor"), [Optional(), Length(max=LINE)], filters=[strip])

    def days(self) -> dict[date, Decimal | None]:
        return {month: self._fields[exit_actions.field_of(month)].data for month in self.months}

    def rows(self) -> list[Any]:
        return [self._fields[exit_actions.field_of(month)] for month in self.months]


class Month(NamedTuple):
    """A month of phasing out for the page: days per week planned and agreed; `is_above` is what is warned of."""

    name: str
    planned: Decimal | None
    agreed: Decimal | None
    is_above: bool


def exit_form(months: Collection[date]) -> type[ExitForm]:
    """Return a form that asks for the days per week of each month."""
    fields: dict[str, Any] = {"months": tuple(months)}
    for month in months:
        fields[exit_actions.field_of(month)] = DecimalField(_name(month), [Optional()], places=None)
    return type("ExitFormOfMonths", (ExitForm,), fields)


def _name(month: date) -> str:
    return str(format_date(month, "LLLL yyyy"))


def _months(mandate: Mandate, planned: Sequence[PhasingMonth]) -> list[date]:
    """Return the months of the last quarter of the term, and those that are planned beside them."""
    if mandate.starts_on is None or mandate.ends_on is None:
        return []
    return sorted({*exit_rules.phasing_months(mandate.starts_on, mandate.ends_on), *(row.month for row in planned)})


def _rows(mandate: Mandate, planned: Sequence[PhasingMonth]) -> list[Month]:
    days = {row.month: row.days_per_week for row in planned}
    months = _months(mandate, planned)
    agreed = {month: mandate.terms_on(max(month, mandate.starts_on or month)).days_per_week for month in months}
    above = exit_rules.above(days, agreed)
    return [Month(_name(month), days.get(month), agreed[month], month in above) for month in months]


@bp.get("/<int:mandate_id>/exit")
@allow("mandates.read")
def exit_shown(mandate_id: int) -> Any:
    mandate, today = opened(mandate_id), firm_today()
    rows = _rows(mandate, exit_actions.phasing_of(mandate.id))
    return page(
        "mandates/exit.html",
        mandate=mandate,
        exit=exit_panel.panel(mandate, gate_queries.read(mandate, today), today),
        months=rows,
        is_planned=any(row.planned is not None for row in rows),
        is_above=any(row.is_above for row in rows),
        may_write=may_write(mandate),
    )


@bp.route("/<int:mandate_id>/exit/edit", methods=["GET", "POST"])
@allow("mandates.write")
def exit_edit(mandate_id: int) -> Any:
    mandate = changed(mandate_id)
    planned = exit_actions.phasing_of(mandate.id)
    present = {exit_actions.field_of(row.month): row.days_per_week.normalize() for row in planned}
    form = exit_form(_months(mandate, planned)).for_request(version=mandate.version, successor=mandate.successor, **present)
    if form.submitted():
        now = {"actor": current_user, "at": clock().now()}
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                exit_actions.name_successor(mandate, form.successor.data, **now)
                if form.months:
                    exit_actions.plan_phasing(mandate, form.days(), **now)
                work.leads_to(f"/mandates/{mandate_id}/exit")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved."))
            return work.redirect()
    return page("mandates/exit_edit.html", form, mandate=mandate, agreed=mandate.terms_on(firm_today()).days_per_week)
