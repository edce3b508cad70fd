"""The benefit library: what may be in it for somebody who is asked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash
from flask_babel import gettext as _
from flask_login import current_user

from app.asking import labels
from app.asking.benefit_forms import BenefitForm
from app.asking.benefit_queries import library
from app.asking.blueprint import bp
from app.asking.models import Benefit
from app.clients.vocabulary import CONTACT_ROLES
from app.db import check_version, db, unit_of_work
from app.web.pages import page
from app.web.rights import allow

NAMES = (
    *(f"{what}_{language}" for language in ("de", "nl", "en") for what in ("title", "text")),
    *("purposes", "roles", "has_brief", "is_active"),
)


@bp.get("/asking/benefits")
@allow("talks.read")
def benefits() -> Any:
    return page(
        "asking/benefits.html",
        rows=library(),
        labels=labels,
        role_words=CONTACT_ROLES,
        may_change=current_user.may("settings.firm"),
    )


@bp.route("/asking/benefits/new", methods=["GET", "POST"])
@allow("settings.firm")
def new_benefit() -> Any:
    form = BenefitForm.for_request()
    if form.submitted():
        with unit_of_work() as work:
            last = db.session.scalar(sa.select(sa.func.max(Benefit.position))) or 0
            benefit = Benefit(position=last + 1)
            form.fill(benefit, *NAMES)
            db.session.add(benefit)
            work.leads_to("/asking/benefits")
        flash(_("Saved."))
        return work.redirect()
    return page("asking/benefit.html", form, benefit=None)


@bp.route("/asking/benefits/<int:benefit_id>", methods=["GET", "POST"])
@allow("settings.firm")
def benefit(benefit_id: int) -> Any:
    found = db.get_or_404(Benefit, benefit_id)
    form = BenefitForm.for_request(obj=found)
    if form.submitted():
        with unit_of_work() as work:
            check_version(found, form)
            form.fill(found, *NAMES)
            work.leads_to("/asking/benefits")
        flash(_("Saved."))
        return work.redirect()
    return page("asking/benefit.html", form, benefit=found)
