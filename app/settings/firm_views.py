"""/settings/firm: every number and name that an administrator can change."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _

from app.core.errors import RuleViolation
from app.db import check_version, unit_of_work
from app.settings import actions, queries
from app.settings.blueprint import bp
from app.settings.forms import firm_form
from app.settings.models import FirmRevision
from app.settings.rules import NAMES
from app.settings.texts import GROUPS
from app.web.pages import page
from app.web.rights import allow


@bp.route("/firm", methods=["GET", "POST"])
@allow("settings.firm")
def firm() -> Any:
    form = firm_form(_shown(queries.fresh(), queries.revision_version()))
    if form.submitted():
        queries.make_revision()
        try:
            with unit_of_work() as work:
                check_version(_kept(actions.revision()), form)
                actions.change(form.values())
                work.leads_to(url_for(".firm"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_("Saved. What is due next goes by the new numbers."))
            return work.redirect()
    return page("settings/firm.html", form, groups=GROUPS)


def _shown(settings: Any, version: int) -> Any:
    values = {name: getattr(settings, name) for name in NAMES}
    return type("Shown", (), {**values, "version": version})()


def _kept(revision: FirmRevision) -> FirmRevision:
    """Lend the row the settings in force, for the page that shows both versions."""
    settings = queries.fresh()
    for name in NAMES:
        setattr(revision, name, getattr(settings, name))
    return revision
