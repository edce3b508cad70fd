"""The page for somebody whose form came too late: both versions side by side, with a choice for each field."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import InvalidRequestError

from app.db import db
from app.db.audit import AuditChange, plain
from app.timeline.queries import rows_about, told
from app.users.queries import names
from app.web.forms import new_key
from app.web.versions import TO_CHOOSE, Change, as_shown_now, opened_at, rows_of

MOST_TOLD = 5


def page_of_both(form: Any, record: Any) -> tuple[str, int] | None:
    """Return the page (409); None where the record is gone."""
    opened = opened_at(request.form.get("form_key"))
    try:
        db.session.refresh(record)
    except InvalidRequestError:
        return None
    shown = as_shown_now(form, record)
    changes, last = _changes(record, opened)
    rows = rows_of(form, shown, record, changes, plain)
    # Not the version of this moment: what is shown was read before it, and somebody may have saved since.
    form.version.data = shown.version.data or record.version
    form.form_key.data = new_key()
    facts = {
        "events": _events(record, opened),
        "last": last,
        "to_choose": TO_CHOOSE,
        "back": _back(),
        "beside": _beside(form),
        "unchosen": getattr(request, "unchosen", False),
    }
    return render_template("errors/409.html", form=form, rows=rows, record=record, **facts), 409


def _changes(record: Any, opened: datetime | None) -> tuple[dict[str, Change | None], Change | None]:
    """Return for each column whether it changed since the record was opened, and who changed it last; and the last change of all."""
    if opened is None:
        return {}, None
    about = sa.inspect(record)
    number = "-".join(map(str, about.identity))
    rows = db.session.scalars(
        sa.select(AuditChange)
        .where(AuditChange.table_name == about.mapper.local_table.name, AuditChange.row_id == number, AuditChange.at >= opened)
        .order_by(AuditChange.id)
    ).all()
    known, found = names(), dict[str, Change | None].fromkeys(about.mapper.column_attrs.keys())
    for row in rows:
        for name, was in row.old.items() if row.change == "changed" else ():
            first = found.get(name)
            found[name] = Change(_who(row, known), row.at, was if first is None else first.was)
    return found, Change(_who(rows[-1], known), rows[-1].at, None) if rows else None


def _who(row: AuditChange, known: dict[int, str]) -> str | None:
    if row.actor_kind == "public link":
        return _("by personal link")
    return known.get(row.actor_id or 0)


def _events(record: Any, opened: datetime | None) -> list[Any]:
    """Return what the record's timeline tells of the time since it was opened, newest first."""
    number = getattr(record, "id", None)
    if opened is None or number is None:
        return []
    events = told(rows_about(type(record).__tablename__, number, MOST_TOLD), names()).rows
    return [event for event in events if event.at >= opened]


def _beside(form: Any) -> list[tuple[str, str]]:
    """Return what was posted beside the form's fields, as by a button with a name."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in form._fields]


def _back() -> str:
    """Return where who wants to save nothing goes: the form's own page, else the page with the button."""
    rule = request.url_rule
    if rule is not None and "GET" in (rule.methods or ()):
        return request.path
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host and before.path.startswith("/") else "/today"
