"""Forms and fields that several rooms use: a person's name, an address, a note, a next step, an owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.dates import next_working_day
from app.core.errors import N_, RuleViolation
from app.core.names import split_name
from app.core.vocabulary import COUNTRIES, FORMS_OF_ADDRESS, LETTER_LANGUAGES, Words
from app.web.forms import BaseForm, NotBlank, strip
from app.web.quick import locale_tag


def options(vocabulary: Words, blank: Any = None) -> list[SelectChoice]:
    """Return the choices of a vocabulary, with an empty one named `blank` before them."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(str(key), words) for key, words in vocabulary.items()]


def options_of(pairs: Iterable[tuple[str, str]], blank: Any = None) -> list[SelectChoice]:
    """Return the choices of pairs of value and words."""
    return options(dict(pairs), blank)


def text(label: Any, longest: int, **kwargs: Any) -> StringField:
    """Return a field of one line for at most `longest` characters, spaces around them taken off."""
    return StringField(label, [Optional(), Length(max=longest)], filters=[strip], **kwargs)


class OneOf(SelectField):
    """A select field that looks its answer up, where WTForms describes every choice anew to find the chosen one."""

    def pre_validate(self, form: Any) -> None:
        if not self.process_errors and all(self.coerce(offered.value) != self.data for offered in self.choices or ()):
            super().pre_validate(form)


class ManyOf(SelectMultipleField):
    """A field for several keys of a list, which are looked at only where something was chosen."""

    def pre_validate(self, form: Any) -> None:
        if self.data:
            super().pre_validate(form)


def choice(label: Any, vocabulary: Words, blank: Any = None, **kwargs: Any) -> OneOf:
    """Return a select field; nothing chosen is the empty text."""
    return OneOf(label, [Optional()], choices=options(vocabulary, blank), filters=[_blank], **kwargs)


def _blank(value: Any) -> Any:
    """Not known is the empty choice."""
    return value or ""


class PersonFields:
    """The parts of a name, how to address the person, and in which language.

    A whole name typed into the field of the last name is split and shown to be checked: `check_name`.
    """

    form_of_address = RadioField(
        _l("Form of address"), [Optional()], choices=options(FORMS_OF_ADDRESS, _l("Not known")), filters=[_blank]
    )
    title = text(_l("Title"), 60, description=_l("Academic, such as Dr. or Prof. Dr."))
    first_name = text(_l("First name"), 80)
    particle = text(_l("Particle"), 40, description=_l("Such as von or van der. Names are sorted without it."))
    last_name = StringField(
        _l("Last name"),
        [NotBlank(), Length(max=80)],
        filters=[strip],
        description=_l("Or the whole name, such as Dr. Jan van der Berg: it is split for you to check."),
    )
    name_checked = HiddenField()
    language = SelectField(_l("Language of letters"), choices=options(LETTER_LANGUAGES))
    country = choice(_l("Country"), COUNTRIES, _l("Not known"))

    def check_name(self) -> None:
        """Split a whole name typed as last name into the fields, and raise RuleViolation once so that they are checked."""
        if self._proposes_name():
            raise RuleViolation(
                N_("This was split into the parts of a name. Please check them and save again."), field="last_name"
            )

    def _proposes_name(self) -> bool:
        fields: Any = self
        typed = fields.last_name.data or ""
        if fields.name_checked.data or fields.first_name.data or fields.particle.data or " " not in typed:
            return False
        title, first, particle, last = split_name(typed)
        fields.name_checked.data = "yes"
        if (title, first, particle) == (None, None, None):
            return False
        fields.title.data = fields.title.data or title
        fields.first_name.data, fields.particle.data, fields.last_name.data = first, particle, last
        return True


class AddressFields:
    street = text(_l("Street and number"), 160)
    postcode = text(_l("Postcode"), 16)
    city = text(_l("City"), 80)


def quick_days(today: date, firm: Any) -> list[tuple[str, date]]:
    """Return days to choose with one click: words and the working day of the firm they stand for."""
    days = [(_("Tomorrow"), 1), (_("In a week"), 7), (_("In two weeks"), 14), (_("In four weeks"), 28)]
    return [(words, next_working_day(today + timedelta(days=n), firm.region, firm.free_month_days)) for words, n in days]


_options_written: dict[tuple[int, str], tuple[Words, Markup]] = {}


def option_tags(vocabulary: Words, value: str | None) -> Markup:
    """Return the options of a filter with `value` selected.

    They are written once for each language and kept, so `vocabulary` must be a constant of its module.
    """
    key = (id(vocabulary), locale_tag())
    if key not in _options_written:
        option = Markup('<option value="{}">{}</option>')
        _options_written[key] = (vocabulary, Markup("").join(option.format(k, str(words)) for k, words in vocabulary.items()))
    tags = _options_written[key][1]
    if not value:
        return tags
    mark = Markup('<option value="{}"').format(value)
    return Markup(str(tags).replace(str(mark), f"{mark} selected", 1))  # noqa: S704  (both are our own)


class NoteForm(BaseForm):
    text = TextAreaField(_l("Note"), [NotBlank(_l("Please write the note.")), Length(max=20_000)])


class StepForm(BaseForm):
    next_step = StringField(
        _l("What is to be done"), [NotBlank(_l("Please say what is to be done.")), Length(max=200)], filters=[strip]
    )
    next_step_on = DateField(_l("By which day"), [InputRequired(_l("Please choose a day: without one nobody is reminded."))])
    version = HiddenField()


class OwnerField(SelectField):
    """Who is to look after a new record. Who could is asked for only where the page shows it, or where somebody else
    than the reader was chosen: whether the reader can is the action's question anyway.
    """

    def offer(self, colleagues: Callable[[], Iterable[tuple[str, str]]], reader: str) -> None:
        """Take what gives the numbers and names of those who can, and the reader's own number."""
        self.choices, self._reader = lambda: options_of(colleagues(), _l("Nobody")), reader

    def pre_validate(self, form: Any) -> None:
        if self.data not in ("", None, self._reader):
            super().pre_validate(form)

    @property
    def chosen(self) -> int | None:
        return int(self.data) if self.data else None


class OwnerForm(BaseForm):
    """`choices` are pairs of number and name of the colleagues who may own."""

    owner_id = SelectField(_l("Owner"), [Optional()], coerce=str)
    version = HiddenField()

    def offer(self, choices: Iterable[tuple[str, str]]) -> OwnerForm:
        self.owner_id.choices = options_of(choices, _l("Nobody"))
        return self

    @property
    def chosen_id(self) -> int | None:
        return int(self.owner_id.data) if self.owner_id.data else None
