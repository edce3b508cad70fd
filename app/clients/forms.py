"""Forms about clients and contacts: shape only; what the business allows is asked in the actions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.clients.actions import ADDRESS_FIELDS, CONTACT_FIELDS, FIELDS
from app.clients.vocabulary import CONTACT_ROLES
from app.core.money import CURRENCIES
from app.core.vocabulary import CHANNELS, INDUSTRIES, REGIONS
from app.web.common_forms import AddressFields, NoteForm, OwnerField, OwnerForm, PersonFields, StepForm, choice, options, text
from app.web.forms import BaseForm, NotBlank, strip

__all__ = ["NoteForm", "OwnerForm", "StepForm"]

PHONE = {"type": "tel", "autocomplete": "off"}
NOT_NEGATIVE = NumberRange(0, None, _l("This number cannot be below zero."))
# Where the people sit who work with firms of these countries; a contact's other zone is offered to it alone.
ZONES = (
    *(f"Europe/{city}" for city in (
        "Amsterdam", "Athens", "Berlin", "Brussels", "Budapest", "Copenhagen", "Dublin", "Helsinki", "Istanbul", "Lisbon",
        "London", "Luxembourg", "Madrid", "Oslo", "Paris", "Prague", "Rome", "Stockholm", "Vienna", "Warsaw", "Zurich",
    )),
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo",
    "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo",
)  # fmt: skip


class ClientAddressForm(AddressFields, BaseForm):
    """What assistants may change too."""

    website = text(_l("Web address"), 200, render_kw={"inputmode": "url"})
    phone = text(_l("Phone"), 80, render_kw=PHONE)
    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return what was typed, for the action."""
        return {name: self._fields[name].data for name in ADDRESS_FIELDS}


class ClientForm(ClientAddressForm):
    name = StringField(
        _l("Name"), [NotBlank(), Length(max=160)], filters=[strip], description=_l("With the legal form, such as GmbH or B.V.")
    )
    industry = choice(_l("Industry"), INDUSTRIES, _l("Not known"))
    headcount = IntegerField(_l("Headcount"), [Optional(), NOT_NEGATIVE])
    turnover_millions = IntegerField(_l("Turnover in millions"), [Optional(), NOT_NEGATIVE], description=_l("In a year."))
    turnover_currency = SelectField(_l("Currency"), choices=[SelectChoice(currency, currency) for currency in CURRENCIES])
    region = SelectField(
        _l("Country or region of the seat"),
        [InputRequired(_l("Please choose the region."))],
        choices=options(REGIONS, _l("Please choose")),
        description=_l("Talks are planned by its public holidays."),
    )
    note = TextAreaField(
        _l("Standing note"),
        [Optional(), Length(max=20_000)],
        description=_l("What always holds. What happened goes to the timeline."),
    )

    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in FIELDS}


class NewClientForm(ClientForm):
    owner_id = OwnerField(_l("Owner"), [Optional()])


class ContactForm(PersonFields, BaseForm):
    role = choice(_l("Role"), CONTACT_ROLES, _l("Not known"))
    job_title = text(_l("Position"), 120, description=_l("As on the business card."))
    email = text(_l("E-mail"), 254, render_kw={"type": "email", "autocomplete": "off"})
    phone = text(_l("Phone"), 80, render_kw=PHONE)
    mobile = text(_l("Mobile phone"), 80, render_kw=PHONE)
    channel = choice(_l("Prefers"), CHANNELS, _l("Not known"))
    zone = SelectField(
        _l("Time zone"), [Optional()], choices=options(dict(zip(ZONES, ZONES, strict=True)), _l("That of our firm")),
        filters=[lambda value: value or ""],
    )  # fmt: skip
    note = TextAreaField(_l("Standing note"), [Optional(), Length(max=20_000)])
    version = HiddenField()

    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in CONTACT_FIELDS}

    def offer_zone(self, zone: str | None) -> None:
        """Offer the zone that the contact has now, whatever it is."""
        if zone and zone not in ZONES:
            self.zone.choices = [*self.zone.choices, SelectChoice(zone, zone)]


class DepartureForm(BaseForm):
    left_on = DateField(
        _l("First day no longer there"),
        [InputRequired(_l("Please choose the first day on which this person is no longer there."))],
    )
    version = HiddenField()
