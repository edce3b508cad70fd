"""What the field macros need to know about a WTForms field, whatever its class is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask
from wtforms import Field, Form
from wtforms.fields import FieldList, FormField, SelectFieldBase
from wtforms.widgets import TextArea

from app.web.formats import plain_value

MOST_IN_A_ROW = 6


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
        return "checks" if getattr(field.widget, "multiple", False) else "select"
    if isinstance(field.widget, TextArea):
        return "area"
    by_type = {"hidden": "hidden", "checkbox": "box", "file": "file"}
    return by_type.get(getattr(field.widget, "input_type", "text"), "input")


def is_short_choice(field: SelectFieldBase) -> bool:
    """Say whether the options fit side by side: at most six, and not sentences."""
    labels = [str(choice[1]) for choice in field.iter_choices()]
    return len(labels) <= MOST_IN_A_ROW and sum(map(len, labels)) <= 60


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
        values = value if isinstance(value, list | tuple | set) else [value]
        return plain_value([labels.get(str(item), plain_value(item)) for item in values if item is not None])
    return plain_value(value)


def init_app(app: Flask) -> None:
    for function in (field_kind, is_short_choice, error_links, kept_value):
        app.add_template_global(function)
