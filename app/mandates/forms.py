"""Forms of mandates: scoping, contract, a new end, rates."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.money import CURRENCIES
from app.managers.vocabulary import FUNCTIONS
from app.mandates.rules import Terms
from app.web.common_forms import choice
from app.web.forms import BaseForm, NotBlank, strip

TITLE, LINE, REASON = 120, 160, 300
REASON_OF_END = 500


def select_choices(pairs: Iterable[tuple[Any, str]], any_label: Any = None) -> list[SelectChoice]:
    """Return (value, words) pairs as choices, after an empty one where `any_label` is given."""
    first = [SelectChoice("", any_label)] if any_label is not None else []
    return first + [SelectChoice(str(value), words) for value, words in pairs]


class Amount:
    """A finite amount of 0 or more with at most `places` places, and at most `most` where that is given."""

    def __init__(self, places: int, most: Decimal | None = None) -> None:
        self.places, self.most = places, most

    def __call__(self, form: Any, field: Field) -> None:
        value = field.data
        if value is None or not value.is_finite():
            return  # the form's own bounds refuse what is no number
        if value < 0:
            raise ValidationError(_("Please enter a number that is not negative."))
        if self.most is not None and not 0 < value <= self.most:
            raise ValidationError(_("Please enter a number up to %(most)s.", most=self.most))
        if value.normalize().as_tuple().exponent < -self.places:
            raise ValidationError(_("Please use at most %(places)d places after the point.", places=self.places))


def amount_field(label: Any) -> DecimalField:
    return DecimalField(label, [Optional(), Amount(places=2)], places=None)


def days_field() -> DecimalField:
    return DecimalField(_l("Days per week"), [Optional(), Amount(places=1, most=Decimal(7))], places=None)


class FactsForm(BaseForm):
    """What scoping writes down."""

    version = HiddenField()
    title = StringField(
        _l("Task"), [NotBlank(), Length(max=TITLE)], filters=[strip], description=_l("As on a door: interim plant management")
    )
    function = choice(
        _l("Function"),
        FUNCTIONS,
        _l("Not known yet"),
        description=_l("Mandates of the same function are compared in market briefs"),
    )
    contact_id = SelectField(_l("Contact"), [Optional()])
    owner_id = SelectField(_l("Looked after by"), [InputRequired()])
    colleague_ids = SelectMultipleField(_l("Colleagues on the team"), [Optional()])
    goal = TextAreaField(
        _l("Goal"), [Optional()], filters=[strip], description=_l("What will be different at the end, and how you can measure it")
    )
    reports_to = StringField(_l("Reports to"), [Optional(), Length(max=LINE)], filters=[strip])
    exit_plan = TextAreaField(
        _l("Exit plan"), [Optional()], filters=[strip], description=_l("The successor, or the event that ends the mandate")
    )
    handed_over = TextAreaField(_l("What is handed over"), [Optional()], filters=[strip])
    exit_on = DateField(_l("Handed over until"), [Optional()])


class NewForm(FactsForm):
    next_step = StringField(_l("Next step"), [Optional(), Length(max=200)], filters=[strip])
    next_step_on = DateField(_l("Next step by"), [Optional()])


class EditForm(FactsForm):
    clause = StringField(
        _l("Quality clause"),
        [Optional(), Length(max=500)],
        filters=[strip],
        description=_l("Its wording in the contract; each invitation cites it"),
    )


class ManagerField:
    """Mixed into forms that choose a manager by name or number; where several fit, `manager_id` asks which one."""

    manager_name = StringField(_l("Manager"), [NotBlank(), Length(max=120)], description=_l("Name or ID"))
    manager_id = RadioField(_l("Which one?"), [Optional()], validate_choice=False)
    override_reason = StringField(
        _l("Reason to put on somebody who is not released"), [Optional(), Length(max=REASON)], filters=[strip]
    )


class RatesFields:
    client_rate = amount_field(_l("Client rate"))
    manager_rate = amount_field(_l("Manager rate"))
    days_per_week = days_field()


def terms_of(form: Any) -> Terms:
    """Return what the form says of rates and days; rates that it does not ask for stay as they are."""
    client_rate, manager_rate = (form[name].data if name in form else None for name in ("client_rate", "manager_rate"))
    return Terms(client_rate, manager_rate, form.days_per_week.data)


UNITS = [SelectChoice("day", _l("per day")), SelectChoice("hour", _l("per hour"))]


class ContractForm(ManagerField, RatesFields, BaseForm):
    version = HiddenField()
    contact_id = SelectField(_l("Contact"), [InputRequired(message=_l("The talks are held with a contact: please choose one."))])
    signed_on = DateField(_l("Signed on"), [InputRequired()])
    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(_l("Last day"), [InputRequired()])
    has_quality_clause = BooleanField(_l("The contract has a quality clause"), default=True)
    clause = StringField(
        _l("Its wording"), [Optional(), Length(max=500)], filters=[strip], description=_l("Each invitation cites it")
    )
    client_rate_unit = SelectField(_l("Client rate is"), choices=UNITS, default="day")
    manager_rate_unit = SelectField(_l("Manager rate is"), choices=UNITS, default="day")
    currency = SelectField(_l("Currency"), choices=[SelectChoice(code, code) for code in CURRENCIES], default="EUR")


class ManagerForm(ManagerField, BaseForm):
    version = HiddenField()
    first_on = DateField(_l("First day of the new manager"), [Optional()])
    reason = StringField(_l("Why another manager takes over"), [Optional(), Length(max=REASON)], filters=[strip])


class ExtensionForm(RatesFields, BaseForm):
    """First step of a new end; the preview carries the same values."""

    version = HiddenField()
    new_end_on = DateField(_l("New last day"), [InputRequired()])
    signed_on = DateField(
        _l("Signed on"),
        [Optional()],
        description=_l("Leave this empty as long as it is not signed: then it shows, and moves nothing yet"),
    )
    reason = StringField(_l("Reason"), [NotBlank(), Length(max=REASON_OF_END)])
    is_early_end = BooleanField(_l("It is an early end, not agreed from the start"))
    effective_on = DateField(_l("New rates hold from"), [Optional()], description=_l("Empty: from the day after the present end"))

    def leave_out_rates(self) -> None:
        """For a person who sees no money: what is posted of rates all the same is not read."""
        del self.client_rate, self.manager_rate


class SignForm(BaseForm):
    """Signing an open change."""

    version = HiddenField()
    signed_on = DateField(_l("Signed on"), [InputRequired()])
    effective_on = DateField(_l("New rates hold from"), [Optional()])


class RatesForm(RatesFields, BaseForm):
    version = HiddenField()
    effective_on = DateField(_l("They hold from"), [InputRequired()])
    reason = StringField(_l("Reason"), [NotBlank(), Length(max=REASON_OF_END)])


class LostForm(BaseForm):
    version = HiddenField()
    lost_on = DateField(_l("Lost on"), [InputRequired()])
    lost_reason = StringField(_l("Reason"), [NotBlank(), Length(max=REASON)])
