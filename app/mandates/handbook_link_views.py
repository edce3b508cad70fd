"""Behind the link to a version of the handbook: read it, take it along as a PDF, accept it. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Request, redirect, request
from wtforms import HiddenField

from app import links
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import db, hold, unit_of_work
from app.links.models import PersonalLink
from app.mandates import handbook_actions as actions
from app.mandates import handbook_document, handbook_rules
from app.mandates.handbook_letters import PURPOSE
from app.mandates.models import Mandate
from app.mandates.plan_models import HandbookVersion
from app.settings.queries import firm
from app.web import pdf
from app.web.forms import BaseForm
from app.web.pages import page


class AcceptForm(BaseForm):
    """`digest` tells what was shown: nobody accepts what was changed since."""

    digest = HiddenField()


def show(link: PersonalLink) -> Any:
    found = _behind(link)
    if found is None:
        return _over()
    mandate, version = found
    if request.args.get("format") == "pdf":
        return pdf.answer(handbook_document.as_pdf(version), f"handbook-{version.number}.pdf")
    return _page(mandate, version, _empty(version))


def act(link: PersonalLink, _request: Request) -> Any:
    found = _behind(link)
    if found is None:
        return _over()
    mandate, version = found
    form = AcceptForm.for_request()
    if version.accepted_on is not None or not form.submitted():
        return _page(mandate, version, form)
    try:
        with unit_of_work() as work:
            at = clock().now()
            today = clock().today(firm().zone)
            hold(mandate)
            if _behind(link) is None:
                return _over()
            links.use(link, at=at)
            given = actions.Acceptance(link.recipient, today, "link", form.digest.data or "")
            actions.accept(mandate, version, given, actor=None, at=at, today=today)
            work.leads_to(request.full_path.rstrip("?"))
    except RuleViolation as violation:
        if version.accepted_on is not None:  # in the same moment, in another window or by a colleague: the page says so
            return redirect(request.full_path.rstrip("?"), 303)
        fresh = _empty(version)  # what the page holds from now on is what it shows
        fresh.refuse(violation)
        return _page(mandate, version, fresh)
    return redirect(work.location, 303)


def _empty(version: HandbookVersion) -> AcceptForm:
    return AcceptForm(formdata=None, digest=handbook_rules.digest(version.content))


def _behind(link: PersonalLink) -> tuple[Mandate, HandbookVersion] | None:
    """Return mandate and version; None where it was given up, or somebody else is the contact by now."""
    version = db.session.scalar(sa.select(HandbookVersion).where(HandbookVersion.link_id == link.id))
    mandate = db.session.get(Mandate, version.mandate_id) if version is not None else None
    if version is None or mandate is None or version.dropped_on is not None:
        return None
    if version.accepted_on is None and (mandate.lost_on or mandate.closed_on or mandate.contact_id != link.subject_id):
        return None
    return mandate, version


def _page(mandate: Mandate, version: HandbookVersion, form: Any) -> Any:
    return page(
        "mandates/handbook_link.html",
        form,
        mandate=mandate,
        version=version,
        document=handbook_document.document(version),
        news=handbook_document.news_of(version),
    )


def _over() -> Any:
    return page("mandates/evaluation_over.html")


links.register(PURPOSE, show=show, act=act)
