"""Forms of the settings: one's own, password, second factor, absence, the firm's."""

from __future__ import annotations

import re
import zoneinfo
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.vocabulary import LETTER_LANGUAGES, REGIONS
from app.settings.rules import Firm, bounds_of
from app.settings.texts import GROUPS, shown_default
from app.users.forms import LANGUAGE_CHOICES, new_password, password_again
from app.web.common_forms import PersonFields, choice, options, options_of, text
from app.web.forms import BaseForm, NotBlank, strip

THEMES = {"light": _l("Light"), "dark": _l("Dark")}
_SEPARATORS = re.compile(r"[,;\s]+")


def zones() -> list[SelectChoice]:
    """Return the zones to choose from: those of Europe."""
    return [SelectChoice(zone, zone) for zone in sorted(zoneinfo.available_timezones()) if zone.startswith("Europe/")]


class OwnForm(PersonFields, BaseForm):
    name_checked = None  # type: ignore[assignment]
    country = None  # type: ignore[assignment]
    last_name = StringField(_l("Last name"), [NotBlank(), Length(max=80)], filters=[strip])
    phone = text(_l("Phone"), 32, description=_l("It stands in invitations that go out in your name."))
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    theme = choice(_l("Light or dark"), THEMES, _l("As this device is set"))
    zone = SelectField(_l("Time zone"), [Optional()], filters=[lambda value: value or ""])
    region = choice(_l("Region of your public holidays"), REGIONS, _l("The firm's"))
    single_keys = BooleanField(_l("Single keys do something, such as / for the search"))
    digest = BooleanField(_l("One mail a day with what is due"))
    notices_in_digest = BooleanField(_l("Confirmed registrations in the daily mail, not each by a mail of its own"))
    talk_mails = BooleanField(_l("A mail two hours before each talk"))
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone.choices = [SelectChoice("", _("The firm's")), *zones()]


class PasswordForm(BaseForm):
    old_password = PasswordField(
        _l("Present password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )
    password = new_password()
    again = password_again()


class CodeForm(BaseForm):
    code = StringField(
        _l("Code that the app shows"),
        [NotBlank(), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ConfirmForm(BaseForm):
    """Asks for the present password before something that weakens or renews the second factor."""

    password = PasswordField(
        _l("Your password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )


class AbsenceForm(BaseForm):
    """`deputies` are pairs of number and name."""

    starts_on = DateField(_l("First day away"), [InputRequired(_l("Please choose a day."))])
    ends_on = DateField(_l("Last day away"), [InputRequired(_l("Please choose a day."))])
    deputy_id = SelectField(
        _l("Deputy"), [Optional()], description=_l("What falls due meanwhile goes to the deputy's list and mail too.")
    )

    def offer(self, deputies: list[tuple[str, str]]) -> AbsenceForm:
        self.deputy_id.choices = options_of(deputies, _l("Nobody"))
        return self

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, once the form is well formed."""
        if self.starts_on.data is None or self.ends_on.data is None:
            raise ValueError("asked before the form was well formed")
        return self.starts_on.data, self.ends_on.data

    @property
    def chosen_id(self) -> int | None:
        return int(self.deputy_id.data) if self.deputy_id.data else None


def _numbers(value: Any) -> Any:
    return _SEPARATORS.split(value.strip()) if isinstance(value, str) and value.strip() else []


class Listed(StringField):
    """Several short values on one line, separated by commas or spaces."""

    def _value(self) -> str:
        if isinstance(self.data, str):
            return self.data
        items: tuple[Any, ...] = tuple(self.data or ())
        return ", ".join(str(item) for item in items)

    def parts(self) -> tuple[str, ...]:
        return tuple(_numbers(self._value()))


class FirmForm(BaseForm):
    """One field for each setting of the firm; made by `firm_form`."""

    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return the settings as they are kept."""
        found: dict[str, Any] = {}
        for _label, _note, names in GROUPS:
            for name in names:
                field = self[name]
                if isinstance(field, Listed):
                    whole_numbers = isinstance(getattr(Firm(), name)[0], int)
                    found[name] = tuple(int(part) for part in field.parts()) if whole_numbers else field.parts()
                else:
                    found[name] = field.data if field.data is not None else ""
        return found


def _days(form: Any, field: Listed) -> None:
    least, most = bounds_of(field.name)
    for part in field.parts():
        if not part.isdecimal() or len(part) > 5 or not least <= int(part) <= most:
            raise ValidationError(_("“%(part)s” is no number from %(least)d to %(most)d.", part=part, least=least, most=most))


def _field_of(name: str, label: Any, default: Any) -> Any:
    least, most = bounds_of(name)
    if name == "language":
        return SelectField(label, choices=options(LETTER_LANGUAGES))
    if name == "zone":
        return SelectField(label, choices=zones())
    if name == "region":
        return SelectField(label, choices=options(REGIONS))
    if isinstance(default, tuple):
        return Listed(label, [Length(max=400), *([_days] if default and isinstance(default[0], int) else [])])
    if isinstance(default, bool):
        return BooleanField(label)
    if isinstance(default, int):
        return IntegerField(label, [InputRequired(), NumberRange(least, most)], render_kw={"min": least, "max": most})
    if name.startswith("digest_"):
        return StringField(label, [NotBlank(), Length(max=5)], filters=[strip], render_kw={"type": "time"})
    if name == "name":
        return StringField(label, [NotBlank(), Length(max=120)], filters=[strip])
    return StringField(label, [Optional(), Length(max=254)], filters=[strip])


def firm_form(obj: Any) -> FirmForm:
    """Return the form with a field for each setting, each with its default beside it."""
    fields: dict[str, Any] = {}
    defaults = Firm()
    for _label, _note, names in GROUPS:
        for name, (label, _hint) in names.items():
            fields[name] = _field_of(name, label, getattr(defaults, name))
    made: type[FirmForm] = type("ThisFirmForm", (FirmForm,), fields)
    form = made.for_request(obj=obj)
    for _label, _note, names in GROUPS:
        for name, (_words, hint) in names.items():
            form[name].description = " ".join(str(part) for part in (hint, shown_default(name)) if part)
    return form
