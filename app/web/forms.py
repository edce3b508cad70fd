"""The form that all forms are made from.

Each rendered form carries a CSRF token, an idempotency key and, where it edits a shared record, the version it was
rendered from. What is malformed is refused here with a sentence at its field; what the business forbids, the action says.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from weakref import WeakKeyDictionary

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.fields import FieldList, FileField, FormField, MultipleFileField, SelectField
from wtforms.validators import Length, NumberRange

from app.core.clock import clock
from app.core.errors import RuleViolation
from app.web.form_texts import FORM_TEXTS, FormTexts
from app.web.values import plain_value

LONGEST_LINE = 200
LONGEST_TEXT = 20_000
LARGEST_INTEGER = 2**31 - 1
LARGEST_AMOUNT = Decimal("99999999.99")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


class _Token:
    """The token of a form, made where it is shown: whoever answers a form needs none."""

    def __str__(self) -> str:
        return str(generate_csrf())

    __html__ = __str__


_BOUND: WeakKeyDictionary[Any, dict[str, Field]] = WeakKeyDictionary()
_HOLDS_OTHERS = (FieldList, FormField)


def bound(form: Any, unbound: Any, options: dict[str, Any]) -> Field:
    """Return the field of this form: a copy of how its first form made it, which takes a tenth of making it.

    Fields that hold others are made anew, and those whose name serves as their label in the language of the moment.
    """
    if issubclass(unbound.field_class, _HOLDS_OTHERS) or not (unbound.args or issubclass(unbound.field_class, HiddenField)):
        return unbound.bind(form=form, **options)
    by_name = _BOUND.setdefault(unbound, {})
    name = options["prefix"] + options["name"]
    first = by_name.get(name)
    if first is None:
        first = by_name[name] = unbound.bind(form=form, **options)
        first._form = None  # else the form would be kept, and all that was typed in it
    field: Field = object.__new__(type(first))
    field.__dict__.update(first.__dict__, _form=form, meta=form.meta, _translations=options["translations"])
    return field


class _LateTokens(FlaskForm.Meta.csrf_class):  # type: ignore[misc]
    def generate_csrf_token(self, csrf_token_field: Field) -> Any:
        return _Token()


def new_key() -> str:
    """Return a key that no other form has. It begins with when the form was rendered: what changed since can be told."""
    return f"{int(clock().now().timestamp()):x}-{secrets.token_urlsafe(18)}"


class BaseForm(FlaskForm):
    """A form with its key; add `version = HiddenField()` where two people can edit the record."""

    class Meta:
        csrf_class = _LateTokens

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            return bound(form, unbound_field, options)

        def get_translations(self, _form: Any) -> FormTexts:
            return FORM_TEXTS

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            return None if "only_showing" in g else super().wrap_formdata(form, formdata)  # type: ignore[misc]

    form_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "only_showing" in g:  # for the page that shows two versions
            g.only_showing.append(self)

    def is_submitted(self) -> bool:
        return "only_showing" not in g and bool(super().is_submitted())

    @classmethod
    def for_request(cls, obj: Any = None, **kwargs: Any) -> Self:
        """Return the form as posted, or filled from `obj` and `kwargs` for showing."""
        form = cls(obj=obj, **kwargs)
        if form.is_submitted() and "version" in form and not form["version"].raw_data:
            form["version"].data = None  # left out: it does not become the version that the record has by now
        if not form.form_key.data or not form.is_submitted():
            form.form_key.data = new_key()
        return form

    def submitted(self) -> bool:
        """Say whether this request posts the form and it is well formed."""
        if not self.is_submitted() or not self.validate():
            return False
        g.form_key = (self.form_key.data or "")[:64] or None
        return True

    def refuse(self, violation: RuleViolation) -> None:
        """Show a business "no" at its field, or above the form."""
        values = {name: value if type(value) is int else plain_value(value) for name, value in violation.values.items()}
        message = _(violation.message, **values)
        field = self._fields.get(violation.field) if violation.field else None
        if field is None or isinstance(field, HiddenField):
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]
        self.refused = True
        self.form_key.data = new_key()

    refused = False

    @property
    def has_errors(self) -> bool:
        return self.refused or bool(self.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        well_formed = super().validate(extra_validators)
        for field in self._fields.values():
            problem = _bound_problem(field) or _choice_problem(self, field)
            if problem and not field.errors:
                field.errors = [problem]
                well_formed = False
        return well_formed

    def fill(self, record: Any, *names: str) -> None:
        """Copy the named fields to the record: forms name what they change, never all that was posted."""
        for name in names:
            value = self._fields[name].data
            setattr(record, name, value if value != "" else None)


class ActionForm(BaseForm):
    """A form that is one button."""

    version = HiddenField()


_ACTION_FIELDS = Markup(
    '<input name="form_key" type="hidden" value="{}"><input name="version" type="hidden" value="{}">'
    '<input name="csrf_token" type="hidden" value="{}">'
)


# What stands in a page that is kept in place of what is new each time it is sent; drawn anew by each process, so that
# nothing anybody typed looks like it.
KEY_HOLE, TOKEN_HOLE = (f"\ue000{name}-{secrets.token_urlsafe(18)}\ue000" for name in ("key", "token"))


def action_fields(version: int | None = None) -> Markup:
    """Return the hidden fields of a fresh ActionForm, for templates: pages show many buttons, and building a form takes long."""
    key, token = (KEY_HOLE, TOKEN_HOLE) if g.get("with_holes") else (new_key(), generate_csrf())
    return _ACTION_FIELDS.format(key, "" if version is None else version, token)


def fill_holes(text: str) -> str:
    """Return a page that was written with holes with a key of its own for each form, and the reader's token."""
    first, *rest = text.split(KEY_HOLE)
    pieces = [first, *(piece for more in rest for piece in (new_key(), more))]
    return "".join(pieces).replace(TOKEN_HOLE, generate_csrf())


def _bound_problem(field: Field) -> str | None:
    value = field.data
    if isinstance(field, FileField | MultipleFileField):
        return None
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        return _("This contains a character that cannot be stored.") if any("\0" in text for text in texts) else None
    if isinstance(value, str):
        return _text_problem(field, value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return _("This number is too large.")
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value) > LARGEST_AMOUNT):
        return _("This number is too large.")
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and not EARLIEST <= value <= LATEST:
        return _("Please enter a year between %(first)d and %(last)d.", first=EARLIEST.year, last=LATEST.year)
    return None


def _choice_problem(form: BaseForm, field: Field) -> str | None:
    """Take blanks for nothing chosen: Optional() lets them pass unread, and whatever was posted beside them."""
    if not isinstance(field, SelectField) or not field.data:
        return None
    if isinstance(field.data, list):
        field.data = [one for one in field.data if str(one).strip()]
    elif not str(field.data).strip():
        field.data = ""
        return None
    try:
        field.pre_validate(form)
    except ValidationError as refusal:
        return str(refusal)
    return None


_CANNOT_BE_STORED = re.compile("[\0\ud800-\udfff]")


def _text_problem(field: Field, value: str) -> str | None:
    if _CANNOT_BE_STORED.search(value):
        return _("This contains a character that cannot be stored.")
    if len(value) <= LONGEST_LINE or any(isinstance(validator, Length) for validator in field.validators):
        return None
    longest = LONGEST_TEXT if isinstance(field, TextAreaField) else LONGEST_LINE
    if len(value) > longest and isinstance(field, StringField):
        return _("Please use at most %(most)d characters.", most=longest)
    return None


class NotBlank:
    """Refuses a text of nothing but spaces; `Optional()` fields do not need it."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not (field.data or "").strip():
            raise ValidationError(self.message or _l("Please fill this in."))
        field.data = field.data.strip()


class Within(NumberRange):
    """A range, both ends inclusive, whose words are said alone: also of what is no number at all."""

    def __init__(self, least: int, most: int, message: Any) -> None:
        super().__init__(least, most, message)

    def __call__(self, form: Any, field: Field) -> None:
        if field.process_errors:
            field.errors = []
        super().__call__(form, field)


def strip(value: str | None) -> str | None:
    """A WTForms filter: spaces around the text off, nothing typed becomes None."""
    return (value.strip() or None) if isinstance(value, str) else value


def is_posted() -> bool:
    return request.method == "POST"
