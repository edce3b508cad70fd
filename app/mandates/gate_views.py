"""Passing on to the next stage, closing, and a lead's way past what is missing."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.mandates import gate_actions, gate_labels, gate_queries, gate_rules, labels, rules
from app.mandates.access import may_change_term
from app.mandates.blueprint import bp, firm_today, may_override, opened, shown
from app.mandates.forms import REASON
from app.mandates.models import Mandate
from app.mandates.talk_lines import title
from app.talks.plan_queries import open_talks
from app.web.forms import BaseForm, strip
from app.web.pages import page
from app.web.rights import allow, require


class GateForm(BaseForm):
    """`seen`: the keys of what was missing when the page was made."""

    version = HiddenField()
    seen = HiddenField()
    override_reason = StringField(
        _l("Reason to pass nevertheless"),
        [Optional(), Length(max=REASON)],
        filters=[strip],
        description=_l("It stays visible on the mandate, with what was missing"),
    )
    talks_reason = StringField(_l("Reason kept with these talks"), [Optional(), Length(max=REASON)], filters=[strip])
    back_reason = StringField(_l("Reason to return to execution"), [Optional(), Length(max=REASON)], filters=[strip])


@bp.route("/<int:mandate_id>/stage-changes/new", methods=["GET", "POST"])
@allow("mandates.write")
def new_stage_change(mandate_id: int) -> Any:
    mandate = opened(mandate_id)
    require(current_user.may_change(mandate))
    reading = gate_queries.read_for_gate(mandate, firm_today())
    lacking = gate_rules.missing(mandate.stage, reading.facts)
    form = GateForm.for_request(version=mandate.version, seen=" ".join(lacking), talks_reason=_("The mandate is closed."))
    if form.submitted():
        try:
            with unit_of_work() as work:
                require(current_user.may_change(mandate))
                check_version(mandate, form)
                said = _act(mandate, form)
                work.leads_to(shown(mandate_id))
        except RuleViolation as violation:
            form.refuse(violation)
            form.seen.data = " ".join(lacking)  # what this answer shows, so that a second try can pass
        else:
            flash(said)
            return work.redirect()
    return page("mandates/stage_change.html", form, **_seen(mandate, lacking, reading))


def _act(mandate: Mandate, form: Any) -> str:
    if "back" in request.form:
        gate_actions.go_back(mandate, form.back_reason.data or "", actor=current_user, at=clock().now())
        return _("Back to execution.")
    is_close = mandate.stage == rules.Stage.HANDOVER
    gate_actions.go_on(
        mandate,
        seen=(form.seen.data or "").split(),
        override_reason=form.override_reason.data,
        talks_reason=form.talks_reason.data or _("The mandate is closed."),
        actor=current_user,
        at=clock().now(),
        today=firm_today(),
    )
    return _("The mandate is closed.") if is_close else _("Now: %(stage)s.", stage=labels.stage(mandate.stage))


def _seen(mandate: Mandate, lacking: tuple[gate_rules.Missing, ...], reading: gate_queries.Reading) -> dict[str, Any]:
    is_close = mandate.stage == rules.Stage.HANDOVER
    refusal = gate_rules.refusal_for_all(lacking)
    left = [talk for talk in open_talks(mandate.id) if talk.kind not in gate_actions.STAYS_OPEN] if is_close else []
    return {
        "mandate": mandate,
        "is_over": not mandate.is_live,
        "aim": gate_labels.aim(mandate.stage),
        "verb": gate_labels.verb(mandate.stage),
        "lacks": gate_labels.lacks(mandate, lacking, reading),
        "may_override": may_override(),
        "refusal": _(refusal) if refusal else None,
        "goes_by_itself": mandate.stage in gate_actions.BY_ITSELF,
        "may_extend": is_close and may_change_term(current_user, mandate, firm_today()),
        "may_go_back": is_close and may_override(),
        "talks_left": [(talk.id, title(mandate, talk), talk.sort_on) for talk in left],
    }
