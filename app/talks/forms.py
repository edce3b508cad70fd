"""Forms of talks: the list's filters, an appointment with its letter, a "no", and a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
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
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.talks import labels
from app.talks.question_rules import BOUNDS, LONGEST_TEXT, NO_OPINION, AnswerType, Question
from app.talks.rules import DeclineReason
from app.talks.state_rules import LONGEST, SHORTEST, Channel
from app.web.forms import BaseForm, NotBlank, strip

ZONES = (
    *("Europe/Berlin", "Europe/Amsterdam", "Europe/Brussels", "Europe/Vienna", "Europe/Zurich", "Europe/London"),
    *("Europe/Paris", "Europe/Warsaw", "Europe/Stockholm", "Europe/Madrid", "America/New_York", "Asia/Dubai", "Asia/Singapore"),
)
PERCENT_STEPS = (0, 20, 40, 60, 80, 100)


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return select choices of pairs of value and words."""
    return [SelectChoice(value, str(words)) for value, words in pairs]


def zone_choices(*used: str | None) -> list[SelectChoice]:
    """Return the zones to choose from: those in use first."""
    names = dict.fromkeys([*(zone for zone in used if zone), *ZONES])
    return [SelectChoice(name, name.replace("_", " ")) for name in names]


class AppointmentForm(BaseForm):
    """Day, time, place and people of an appointment, and the letter that goes with it."""

    version = HiddenField()
    day = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    time = TimeField(_l("Time"), [InputRequired(_l("Please choose a time."))])
    minutes = IntegerField(
        _l("Minutes"), [InputRequired(_l("Please give the length in minutes.")), NumberRange(SHORTEST, LONGEST)]
    )
    zone = SelectField(_l("Time zone"), validate_choice=False)
    channel = RadioField(_l("How"), choices=[], validate_choice=True)
    place = StringField(_l("Number, link or address"), [Length(max=300)], filters=[strip])
    participants = SelectMultipleField(_l("Also taking part"), validate_choice=True)
    reason = StringField(_l("Why it moves"), [Length(max=200)], filters=[strip])
    override_reason = StringField(_l("Why ask nevertheless"), [Length(max=300)], filters=[strip])
    tell = BooleanField(_l("Send the letter"), default=True)
    benefit = TextAreaField(_l("What is in it for the person?"), [Length(max=400)], filters=[strip])
    subject = StringField(_l("Subject"), [Length(max=200)], filters=[strip])
    message = TextAreaField(_l("Message"), [Length(max=5_000)], filters=[strip])

    def prepare(self, zones: Sequence[str | None], people: Iterable[tuple[str, str]]) -> None:
        """Set what can be chosen: zones, channels, and the people who can take part."""
        self.zone.choices = zone_choices(*zones)
        self.channel.choices = choices((channel, labels.channel(channel)) for channel in Channel)
        self.participants.choices = choices(people)

    def validate_zone(self, field: SelectField) -> None:
        if field.data not in available_timezones():
            raise ValidationError(_l("Please choose a time zone from the list."))

    def validate_subject(self, field: StringField) -> None:
        if self.tell.data and not field.data:
            raise ValidationError(_l("Please give the letter a subject."))

    def validate_message(self, field: TextAreaField) -> None:
        if self.tell.data and not field.data:
            raise ValidationError(_l("Please write the letter, or take the tick off “Send the letter”."))


class DueForm(BaseForm):
    """Another day on which a talk is due."""

    version = HiddenField()
    due_on = DateField(_l("Due on"), [InputRequired(_l("Please choose a day."))])
    reason = StringField(_l("Reason"), [Length(max=200), Optional()], filters=[strip])


class DeclinationForm(BaseForm):
    """The person's "no"."""

    version = HiddenField()
    decline_reason = RadioField(_l("Reason"), choices=[], validators=[InputRequired(_l("Please choose a reason."))])
    note = TextAreaField(_l("In their own words"), [Length(max=2_000), Optional()], filters=[strip])

    def prepare(self) -> None:
        self.decline_reason.choices = choices((reason, labels.decline_reason(reason)) for reason in DeclineReason)


class CancellationForm(BaseForm):
    """Our own calling off."""

    version = HiddenField()
    note = StringField(_l("Reason"), [NotBlank(), Length(max=300)])


class ClosingCancellationForm(CancellationForm):
    """Of a closing talk: it is due again, or the mandate keeps why there is none."""

    no_closing_reason = StringField(
        _l("Why no closing talk is held at all"),
        [Length(max=300), Optional()],
        filters=[strip],
        description=_l("Only where there is to be none: it stays visible on the mandate. Left empty, a new closing talk is due"),
    )


class RecordForm(BaseForm):
    """The record of a talk; `record_form` adds the questions of its kind."""

    version = HiddenField()
    mandate = SelectField(_l("Mandate"), validate_choice=True)
    counts_as = RadioField(_l("Counts as"), choices=[], validate_choice=True)
    channel = RadioField(_l("How"), choices=[], validators=[Optional()])
    held_on = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    held_time = TimeField(_l("Time"), [InputRequired(_l("Please choose a time."))])
    minutes = IntegerField(_l("Minutes"), [Optional(), NumberRange(1, LONGEST)])
    took_part = StringField(_l("Who took part"), [Length(max=300), Optional()], filters=[strip])
    notes = TextAreaField(
        _l("Notes"), [Length(max=LONGEST_TEXT), Optional()], filters=[strip], render_kw={"aria-keyshortcuts": "n n"}
    )
    step = StringField(_l("Agreed next step"), [Length(max=200), Optional()], filters=[strip])
    by = RadioField(_l("By when"), choices=[], validators=[Optional()])
    step_on = DateField(_l("Other date"), [Optional()])
    step_owner = SelectField(_l("Owner"), validate_choice=True)

    questions: tuple[Question, ...] = ()

    def prepare(self, *, owners: Iterable[tuple[str, str]], by: Iterable[tuple[date, str]]) -> None:
        """Set what can be chosen in every record."""
        self.channel.choices = choices((channel, labels.channel(channel)) for channel in Channel)
        self.step_owner.choices = choices(owners)
        self.by.choices = choices((day.isoformat(), words) for day, words in by)

    def answers(self) -> dict[str, str | None]:
        """Return what was answered, by question key."""
        return {question.key: self._fields[question.key].data or None for question in self.questions}

    @property
    def step_day(self) -> date | None:
        """The day typed, else the one chosen."""
        if self.step_on.data:
            return self.step_on.data
        return date.fromisoformat(self.by.data) if self.by.data else None


def record_form(asked: tuple[Question, ...]) -> type[RecordForm]:
    """Return a form with a field for each question, named by its key."""
    fields: dict[str, Any] = {question.key: _field(question) for question in asked}
    return type("RecordFormWithQuestions", (RecordForm,), {**fields, "questions": asked})


def _field(question: Question) -> Any:
    # Lazily: a form's class is made once for all languages.
    words = _lazy(labels.question, question.key)
    if question.type is AnswerType.TEXT:
        return TextAreaField(words, [Length(max=LONGEST_TEXT), Optional()], filters=[strip])
    if question.type is AnswerType.CHOICE:
        values: list[str] = list(question.choices)
    elif question.type is AnswerType.PERCENT:
        values = [str(step) for step in PERCENT_STEPS]
    else:
        least, most = BOUNDS[question.type]
        values = [str(number) for number in range(least, most + 1)]
    offered = [SelectChoice(value, _lazy(_answer, question.key, value)) for value in [*values, NO_OPINION]]
    # The business says what is missing, at the field; "validate_choice" only what no page offers.
    return RadioField(words, [Optional()], choices=offered, validate_choice=False)


def _answer(key: str, value: str) -> str:
    return labels.answer(key, int(value) if value.isdigit() and key == "progress" else value)


def _lazy(function: Any, *args: Any) -> Any:
    return LazyString(function, *args)
