"""What the field macros need to know about a WTForms field, whatever its class is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask
from markupsafe import Markup
from wtforms import Field, Form
from wtforms.fields import FieldList, FormField, SelectFieldBase
from wtforms.widgets import TextArea

from app.web.formats import plain_value

MOST_IN_A_ROW = 6
MOST_IN_SIGHT = 12


class ErrorLink(NamedTuple):
    """One line of the list above a refused form; `target` is the id of the control, None for the form as a whole."""

    target: str | None
    label: str | None
    message: str


def field_kind(field: Field) -> str:
    """Return how a field is drawn: hidden, box, radio, checks, select, area, file or input."""
    if isinstance(field, SelectFieldBase):
        if getattr(field.option_widget, "input_type", "") == "radio":
            return "radio"
        many = getattr(field.widget, "multiple", False) or getattr(field.option_widget, "input_type", "") == "checkbox"
        return "checks" if many else "select"
    if isinstance(field.widget, TextArea):
        return "area"
    by_type = {"hidden": "hidden", "checkbox": "box", "file": "file"}
    return by_type.get(getattr(field.widget, "input_type", "text"), "input")


def is_short_choice(field: SelectFieldBase) -> bool:
    """Say whether the options fit side by side: at most six, and not sentences."""
    labels = [str(choice[1]) for choice in field.iter_choices()]
    return len(labels) <= MOST_IN_A_ROW and sum(map(len, labels)) <= 60


def is_long_choice(field: SelectFieldBase) -> bool:
    """Say whether the options are so many that they are folded away until somebody wants to choose."""
    return len(list(field.iter_choices())) > MOST_IN_SIGHT


def must_have_value(field: SelectFieldBase) -> bool:
    """Say whether a select has no empty option, so that one of its values is always chosen."""
    return all(str(choice[0]) for choice in field.iter_choices())


def chosen_labels(field: SelectFieldBase) -> list[str]:
    """Return the labels of what is chosen, in the order of the options."""
    return [str(choice[1]) for choice in field.iter_choices() if choice[2]]


def error_links(form: Form) -> list[ErrorLink]:
    """Return every error of the form in its order, those of the form as a whole first."""
    whole = [ErrorLink(None, None, str(message)) for message in form.form_errors]
    return whole + [link for field in form for link in _links_of(field)]


def _links_of(field: Field) -> Iterator[ErrorLink]:
    if isinstance(field, FormField):
        yield from error_links(field.form)
        return
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _links_of(entry)
    kind = field_kind(field)
    target = f"{field.id}-0" if kind in ("radio", "checks") else field.id
    for message in field.errors:
        if isinstance(message, str) or not isinstance(message, dict | list):
            yield ErrorLink(
                None if kind == "hidden" else target, None if kind == "hidden" else str(field.label.text), str(message)
            )


def kept_value(field: Field, value: Any) -> str:
    """Return a kept value as the field would show it: the label of a choice, otherwise in the reader's words."""
    if isinstance(field, SelectFieldBase):
        labels = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        if isinstance(value, bool) and "yes" in labels:
            value = "yes" if value else "no"
        values = value if isinstance(value, list | tuple | set) else [value]
        return plain_value([labels.get(str(item), plain_value(item)) for item in values if item is not None])
    return plain_value(value)


_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}
_TABLE_TAG = re.compile(r"<(thead|tbody|tfoot|tr|th|td)\b(?![^>]*\brole=)([^>]*)>")


def table_roles(markup: Markup, roled: bool = False) -> Markup:
    """Return the inside of a table with a role on each part of it; with `roled` the rows of its body have theirs already.

    On a phone the style sheet turns rows into cards, and some browsers then forget that they were a table. The roles
    stand under an element with role="table"; the table element itself is "presentation", because HTML allows no such
    roles inside a table that is one already.
    """

    def with_role(tag: re.Match[str]) -> str:
        name, rest = tag[1], tag[2]
        role = _ROLES.get(name) or ("rowheader" if 'scope="row"' in rest else "columnheader")
        return f'<{name} role="{role}"{rest}>'

    head, body, rows = markup.partition("<tbody>") if roled else (markup, "", "")
    if body:
        return Markup(_TABLE_TAG.sub(with_role, head)) + Markup('<tbody role="rowgroup">') + rows  # noqa: S704 - the same
    return Markup(_TABLE_TAG.sub(with_role, markup))  # noqa: S704 - markup of a template, already escaped


def init_app(app: Flask) -> None:
    app.add_template_filter(table_roles)
    for function in (field_kind, is_short_choice, is_long_choice, must_have_value, chosen_labels, error_links, kept_value):
        app.add_template_global(function)
