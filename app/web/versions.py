"""Two versions of one form: what was typed, and what the page would show by now.

A form that came too late is shown with a choice for each field. What was chosen is settled where the request is read, so
that the repeated form is a form like any other: for each name, `keep.NAME` says which version counts, and the values of
the saved one come along as `saved.NAME`. Source: docs/decisions/28-health-and-metrics.md and 01-one-committer.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, g, request
from flask.globals import request_ctx
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, NotFound
from wtforms import Field
from wtforms.fields import FileField, SelectFieldBase

from app.core.errors import Forbidden, RuleViolation, StaleRecord
from app.db import AlreadyDone, OnlyShown
from app.web.fields import field_kind, kept_value

KEEP, SAVED, TO_CHOOSE = "keep.", "saved.", "choose.fields"
MINE = "mine"
_EVERYWHERE = ("csrf_token", "form_key", "version")


def as_chosen(form: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return a posted form with the version of each field that was chosen; every other form as it is.

    Where a choice is missing the form counts as made from no version at all: it is shown again, and nothing is saved.
    """
    if TO_CHOOSE not in form:
        return form
    names = form[TO_CHOOSE].split()
    pairs = [pair for pair in form.items(multi=True) if not pair[0].startswith((KEEP, SAVED)) and pair[0] != TO_CHOOSE]
    for name in names:
        if form.get(KEEP + name) == SAVED.rstrip("."):
            pairs = [pair for pair in pairs if not _belongs(pair[0], name)]
            pairs += [(key.removeprefix(SAVED), value) for key, value in form.items(multi=True) if _belongs(key, SAVED + name)]
    if not is_chosen(form):
        pairs = [("version", "") if key == "version" else (key, value) for key, value in pairs]
    return ImmutableMultiDict(pairs)


def is_chosen(form: Mapping[str, str]) -> bool:
    """Say whether no choice is missing in a posted form."""
    return all(KEEP + name in form for name in form.get(TO_CHOOSE, "").split())


def _belongs(key: str, name: str) -> bool:
    """Say whether a posted name is the field's or one of a row of it ("goals-0-title")."""
    return key == name or key.startswith(name + "-")


@dataclass(frozen=True)
class Change:
    """Who changed a field since the form was opened, when, and what stood there before."""

    by: str | None
    at: datetime
    was: Any


@dataclass(frozen=True)
class Row:
    """One field in both versions. `keep` is the version that is proposed, None where only a person can say."""

    field: Field
    kind: str  # "same", "different"; "typed": nothing is kept of it; "new": the form has it only by now
    saved: str = ""  # in words
    mine: str = ""
    wire: tuple[str, ...] = ()  # the saved version as a browser would post it
    is_kept: bool = True  # False: a proposal that the page makes, nothing that was saved
    change: Change | None = None
    keep: str | None = None


def opened_at(key: str | None) -> datetime | None:
    """Return when the form with this key was rendered."""
    try:
        return datetime.fromtimestamp(int((key or "").partition("-")[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def as_shown_now(form: Any, record: Any) -> Any:
    """Return the form as its own page would show it at this moment, filled from what is saved.

    A form that has no page of its own is filled from the record.
    """
    made: list[Any] = []
    with _only_showing(made):
        try:
            endpoint, arguments = _page_of_form()
            current_app.view_functions[endpoint](**arguments)
        except (HTTPException, RuleViolation, Forbidden, StaleRecord, AlreadyDone, OnlyShown):
            pass  # no page, or none that can be opened any more
        from_record = type(form)(obj=record, data=getattr(record, "form_values", {}))
    # A form made for its questions has a class of its own each time: the one with the same fields is meant.
    alike = [(len(one._fields.keys() & form._fields.keys()), one) for one in made[:-1] if one._prefix == form._prefix]
    count, best = max(alike, key=lambda pair: pair[0], default=(0, None))
    if best is None or count <= len(_EVERYWHERE):
        return from_record
    for name, field in best._fields.items():
        if _is_proposal(field, from_record._fields.get(name), record):
            best._fields[name] = from_record._fields[name]
    return best


def _is_proposal(shown: Field, kept: Field | None, record: Any) -> bool:
    """Say whether a page proposes something for a column that was filled meanwhile."""
    if kept is None or shown.name in _EVERYWHERE or shown.short_name not in sa.inspect(type(record)).column_attrs:
        return False
    if kept.data in (None, "") or kept.data == shown.data or type(kept.data) is not type(shown.data or kept.data):
        return False
    return not isinstance(shown, SelectFieldBase) or str(kept.data) in {str(choice[0]) for choice in shown.iter_choices()}


def _page_of_form() -> tuple[str, dict[str, Any]]:
    """Return the view that shows the page under the address that this form posts to."""
    adapter = request_ctx.url_adapter
    if adapter is None:
        raise NotFound
    endpoint, arguments = adapter.match(request.path, method="GET")
    return str(endpoint), dict(arguments)


@contextmanager
def _only_showing(made: list[Any]) -> Any:
    g.only_showing = made
    try:
        yield
    finally:
        g.pop("only_showing")


def rows_of(form: Any, shown: Any, record: Any, changes: Mapping[str, Change | None], plain: Callable[[Any], Any]) -> list[Row]:
    """Return every field in sight in its order.

    `changes` holds each column of which it is known whether somebody changed it; `plain` writes values as the audit trail does.
    """
    kept: dict[str, Any] = getattr(record, "form_values", {})
    fields = [field for field in form if field_kind(field) != "hidden"]
    rows = [_row(field, shown._fields.get(field.name), record, kept, changes, plain) for field in fields]
    return rows + [Row(field, "new") for field in shown if field.name not in form._fields and field_kind(field) != "hidden"]


def _row(field: Field, shown: Field | None, record: Any, kept: Any, changes: Mapping[str, Change | None], plain: Any) -> Row:
    name = field.short_name
    is_kept = hasattr(record, name) or name in kept
    wire = wire_of(shown) if shown is not None else ()
    typed = tuple(request.form.getlist(field.name))
    if shown is None or isinstance(field, FileField) or not (is_kept or any(wire)):
        return Row(field, "same" if not isinstance(field, FileField) and shown is not None and not any(typed) else "typed")
    words = kept_value(field, shown.data), kept_value(field, field.data)
    if _alike(wire) == _alike(typed) or (field.data == shown.data and field.data is not None):
        return Row(field, "same", *words, wire)
    change = changes.get(name)
    proposed = _proposed(field, change, plain) if change else MINE if name in changes or not is_kept else None
    return Row(field, "different", *words, wire, is_kept, change, proposed)


def _proposed(field: Field, change: Change, plain: Callable[[Any], Any]) -> str | None:
    """Return the saved version of a field that only the other one has changed; else only a person can say."""
    untouched = str(plain(field.data) or "") == str(change.was or "")
    return SAVED.rstrip(".") if untouched else None


def wire_of(field: Field) -> tuple[str, ...]:
    """Return the values that a browser would post for the field as it was made."""
    if isinstance(field, FileField):
        return ()
    kind = field_kind(field)
    if kind == "box":
        return (str(field._value()),) if field.data else ()
    if isinstance(field, SelectFieldBase):
        chosen = field.data if kind == "checks" else [field.data]
        return tuple(str(one) for one in chosen or () if one is not None)
    return (str(field._value()),)


def _alike(values: Iterable[str]) -> list[str]:
    """Return values as people compare them: without spaces around, however lines end, in any order."""
    return sorted(filter(None, (value.replace("\r\n", "\n").strip() for value in values)))
