"""The composer of an invitation, and the forms behind its link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.asking.invitation_actions import LATER_WEEKS
from app.asking.invitation_rules import HOW_MANY
from app.core.dates import local_instant
from app.core.errors import N_, RuleViolation
from app.talks import labels
from app.talks.forms import choices, zone_choices
from app.talks.state_rules import LONGEST, SHORTEST, Channel
from app.web.forms import BaseForm, NotBlank, strip

LATER, NOW = "later", "now"
TALK, FORM = "talk", "form"
NUMBERS = range(1, HOW_MANY + 1)


class InvitationForm(BaseForm):
    """Benefit, letter, three times, how the talk takes place; `seen` is the letter as it was shown last."""

    version = HiddenField()
    seen = HiddenField()
    way = RadioField(
        _l("Ask for"),
        choices=[
            SelectChoice(TALK, _l("a talk, with times to choose from")),
            SelectChoice(FORM, _l("an answer in writing, in one minute")),
        ],
        default=TALK,
        validators=[Optional()],
    )
    benefit = RadioField(_l("What is in it for the person?"), choices=[], validators=[Optional()])
    subject = StringField(_l("Subject"), [NotBlank(), Length(max=200)])
    message = TextAreaField(_l("Message"), [NotBlank(), Length(max=5_000)])
    day_1 = DateField(_l("First proposal"), [Optional()])
    time_1 = TimeField(_l("Time"), [Optional()])
    day_2 = DateField(_l("Second proposal"), [Optional()])
    time_2 = TimeField(_l("Time"), [Optional()])
    day_3 = DateField(_l("Third proposal"), [Optional()])
    time_3 = TimeField(_l("Time"), [Optional()])
    zone = SelectField(_l("Time zone"), validate_choice=False)
    minutes = IntegerField(
        _l("Minutes"), [InputRequired(_l("Please give the length in minutes.")), NumberRange(SHORTEST, LONGEST)]
    )
    channel = RadioField(_l("How"), choices=[], validate_choice=True)
    place = StringField(_l("Number, link or address"), [Optional(), Length(max=300)], filters=[strip])
    bundled = SelectMultipleField(_l("Asked in the same message"), validate_choice=True)
    when = RadioField(_l("Send"), choices=[], validators=[Optional()])
    override_reason = StringField(_l("Why ask nevertheless"), [Optional(), Length(max=300)], filters=[strip])

    def prepare(
        self, *, benefits: Iterable[tuple[str, str]], zones: Sequence[str | None], bundled: Iterable[tuple[str, str]]
    ) -> None:
        """Set what can be chosen."""
        self.benefit.choices = choices(benefits)
        self.zone.choices = zone_choices(*zones)
        self.channel.choices = choices((channel, labels.channel(channel)) for channel in Channel)
        self.bundled.choices = choices(bundled)

    def validate_zone(self, field: SelectField) -> None:
        if field.data not in available_timezones():
            raise ValidationError(_l("Please choose a time zone from the list."))

    def times(self) -> tuple[datetime, ...]:
        """Return the instants proposed, in the order typed; RuleViolation for a day without time and the other way round."""
        found: list[datetime] = []
        for number in NUMBERS:
            day, hour = self[f"day_{number}"].data, self[f"time_{number}"].data
            if day is None and hour is None:
                continue
            if day is None or hour is None:
                raise RuleViolation(N_("Please give day and time, or leave both empty."), field=f"day_{number}")
            found.append(self._instant(number, day, hour))
        return tuple(dict.fromkeys(found))

    def _instant(self, number: int, day: Any, hour: time) -> datetime:
        try:
            return local_instant(day, hour, self.zone.data)
        except RuleViolation as violation:
            raise RuleViolation(violation.message, field=f"time_{number}", **violation.values) from None

    def carried(self) -> list[tuple[str, str]]:
        """Return name and value of all that was typed, for the page that shows the letter before it goes."""
        found: list[tuple[str, str]] = []
        for field in self:
            if field.name in ("csrf_token", "form_key", "seen"):
                continue
            values = field.data if isinstance(field.data, list) else [field._value() if hasattr(field, "_value") else field.data]
            found += [(field.name, str(value)) for value in values if value not in (None, "")]
        return found


def shown_times(times: Sequence[datetime], zone: str) -> dict[str, Any]:
    """Return the fields of up to three instants as the form shows them."""
    shown: dict[str, Any] = {}
    for number, instant in zip(NUMBERS, times, strict=False):
        local = instant.astimezone(ZoneInfo(zone))
        shown |= {f"day_{number}": local.date(), f"time_{number}": local.time().replace(second=0, microsecond=0)}
    return shown


class ChooseForm(BaseForm):
    """Behind the link: one of the times."""

    answer = HiddenField(default="time")
    time = RadioField(_l("Which time suits you?"), choices=[], validators=[InputRequired(_l("Please choose one."))])


class OtherTimeForm(BaseForm):
    """Behind the link: when it would suit better."""

    answer = HiddenField(default="other")
    said = TextAreaField(_l("When would it suit you?"), [NotBlank(), Length(max=1_000)])


class NotNowForm(BaseForm):
    """Behind the link: in some weeks."""

    answer = HiddenField(default="later")
    weeks = SelectField(_l("Ask me again in"), choices=[], coerce=int, validators=[InputRequired(_l("Please choose one."))])

    def prepare(self) -> NotNowForm:
        self.weeks.choices = [SelectChoice(n, ngettext("%(num)d week", "%(num)d weeks", n)) for n in LATER_WEEKS]
        return self


class NeverForm(BaseForm):
    """Behind the link: not to be asked any more."""

    answer = HiddenField(default="never")


class WithdrawForm(BaseForm):
    """Take a request back that has not gone out."""


def words_of_day(day: str) -> str:
    """Return the choice to send on the day on which the guard lets it go."""
    return _("on %(day)s at 8:00", day=day)
