"""Today: what is mine and due, in order of urgency, each one click from done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.clock import clock
from app.reminders import labels, rules
from app.reminders.digest import greeted
from app.reminders.queries import items_for, items_of_team, office_of
from app.reminders.rules import Item, Office, Urgency
from app.settings.queries import firm
from app.today import queries
from app.web.pages import page
from app.web.rights import allow

bp = Blueprint("today", __name__)


@bp.get("/")
@allow("today.read")
def home() -> Response:
    return redirect(url_for("today.index"))


@bp.get("/today")
@allow("today.read")
def index() -> Any:
    now = clock().now()
    office = office_of(current_user, now)
    team = request.args.get("who") == "team" and current_user.may("team.read")
    items = items_of_team(current_user.team_id, current_user, now) if team else items_for(current_user, now)
    owners = None if team else {current_user.id}
    parts = {urgency: [labels.line(item, office) for item in part] for urgency, part in rules.by_urgency(items).items()}
    return page(
        "today/index.html",
        parts=[(Urgency.LATE, _("Overdue")), (Urgency.TODAY, _("Today")), (Urgency.SOON, _("Next seven days"))],
        lines=parts,
        primary=next(iter(items), None),
        team=team,
        heading=labels.day_heading(now, office.zone),
        sub=_sub(items, office, now, team),
        silent=queries.silent_mandates(owners, office.today, office.zone, firm().silent_weeks),
        without_step=queries.without_next_step(owners),
    )


def _sub(items: list[Item], office: Office, now: datetime, team: bool) -> str:
    late = sum(item.urgency is Urgency.LATE for item in items)
    today = sum(item.urgency is Urgency.TODAY for item in items) + late
    if today:
        things = ngettext("%(num)d thing is due today.", "%(num)d things are due today.", today)
    else:
        things = _("Nothing is due today.")
    overdue = ngettext("%(num)d of them is overdue.", "%(num)d of them are overdue.", late) if late else ""
    greeting = "" if team else _greeting(now, office)
    return " ".join(filter(None, (greeting, things, overdue)))


def _greeting(now: datetime, office: Office) -> str:
    hour = now.astimezone(ZoneInfo(office.zone)).hour
    name = greeted(current_user)
    if hour < 11:
        return _("Good morning, %(name)s.", name=name)
    if hour < 18:
        return _("Good day, %(name)s.", name=name)
    return _("Good evening, %(name)s.", name=name)
