"""Forms about managers: shape only; what the business allows is asked in the actions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from app.admission.art14 import GROUNDS
from app.core.money import CURRENCIES
from app.managers.actions import CONTACT_FIELDS, FIELDS, TAGS
from app.managers.vocabulary import DOCUMENT_KINDS, FUNCTIONS, INDUSTRIES, LANGUAGES, REGIONS, SOURCES
from app.web.common_forms import (
    AddressFields,
    ManyOf,
    NoteForm,
    OneOf,
    OwnerField,
    OwnerForm,
    PersonFields,
    StepForm,
    choice,
    options,
    text,
)
from app.web.forms import BaseForm

__all__ = ["NoteForm", "OwnerForm", "StepForm"]

PHONE = {"type": "tel", "autocomplete": "off"}
NEWCOMER = {"": _l("Not known"), "no": _l("No, has held mandates before"), "yes": _l("Yes, looks for the first mandate")}


def checks(label: Any, vocabulary: dict[str, Any], **kwargs: Any) -> ManyOf:
    """Return a field for several keys of a list, drawn as boxes to tick."""
    return ManyOf(label, [Optional()], choices=options(vocabulary), **kwargs)


class NewcomerField(OneOf):
    """Yes, no, or not known; the value is True, False or None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=options(NEWCOMER), **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = {True: "yes", False: "no"}.get(value, "")

    @property
    def answer(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.data)


class ContactDataForm(PersonFields, AddressFields, BaseForm):
    """What assistants may change too."""

    email = text(_l("E-mail"), 254, render_kw={"type": "email", "autocomplete": "off"})
    phone = text(_l("Phone"), 80, render_kw=PHONE)
    mobile = text(_l("Mobile phone"), 80, render_kw=PHONE)
    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return what was typed, for the action."""
        return {name: self._fields[name].data for name in CONTACT_FIELDS}


class ManagerForm(ContactDataForm):
    headline = text(_l("In one line"), 160, description=_l("Such as: Finance and plant management, mechanical engineering."))
    functions = checks(_l("Functions"), FUNCTIONS)
    industries = checks(_l("Industries"), INDUSTRIES)
    regions = checks(_l("Regions"), REGIONS, description=_l("A country stands for all of its regions."))
    languages = checks(_l("Works in"), LANGUAGES)
    languages_some = checks(_l("Has some"), LANGUAGES)
    is_newcomer = NewcomerField(_l("Newcomer to interim management"))
    days_per_week = IntegerField(_l("Days a week"), [Optional(), NumberRange(1, 7, _l("A week has one to seven days."))])
    rate = DecimalField(
        _l("Rate asked for"), [Optional(), NumberRange(0, None, _l("A rate cannot be below zero."))], places=2, use_locale=False
    )
    rate_unit = OneOf(_l("Per"), choices=options({"day": _l("day"), "hour": _l("hour")}))
    rate_currency = OneOf(_l("Currency"), choices=[SelectChoice(currency, currency) for currency in CURRENCIES])
    source = choice(_l("Where the data came from"), SOURCES, _l("Not known"))
    source_note = text(_l("More on that"), 200, description=_l("Who recommended, which event. It stays with us."))
    note = TextAreaField(
        _l("Standing note"),
        [Optional(), Length(max=20_000)],
        description=_l("What always holds. What happened goes to the timeline."),
    )

    def values(self) -> dict[str, Any]:
        values = {name: self._fields[name].data for name in (*FIELDS, *TAGS)}
        values["is_newcomer"] = self.is_newcomer.answer
        return values


class NewManagerForm(ManagerForm):
    available_from = DateField(_l("Available from"), [Optional()])
    owner_id = OwnerField(_l("Owner"), [Optional()])
    ground = SelectField(
        _l("On what ground we keep the data"),
        [Optional()],
        choices=options(GROUNDS),
        description=_l("The person gets a notice of source and ground by mail, with a link to object (Art. 14 GDPR)."),
    )


class NewReleasedManagerForm(NewManagerForm):
    """As leads see it."""

    release = BooleanField(_l("Release at once, without review or interview"))
    reason = StringField(_l("Reason for releasing at once"), [Optional(), Length(max=300)])
    again_reason = text(_l("Reason for entering somebody who was erased"), 300)


class AvailabilityForm(BaseForm):
    available_from = DateField(
        _l("Available from"), [Optional()], description=_l("Leave it empty where the day is not known any more.")
    )
    version = HiddenField()


class ReleaseForm(BaseForm):
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])
    version = HiddenField()


class DocumentForm(BaseForm):
    kind = SelectField(_l("Kind"), choices=options(DOCUMENT_KINDS))
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    made_on = DateField(
        _l("Made on"), [Optional()], description=_l("The day the document says it was made. Without it, today counts.")
    )
