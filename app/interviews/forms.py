"""The guide of an interview, its letter, and planning one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.dates import local_instant
from app.core.errors import N_, RuleViolation
from app.core.money import CURRENCIES
from app.interviews import labels
from app.interviews.actions import Answers
from app.interviews.rules import HIGHEST, LOWEST, MOST_RECOMMENDATIONS, Ability, Recommendation
from app.managers.forms import checks
from app.managers.vocabulary import LANGUAGES, REGIONS
from app.talks import labels as talk_labels
from app.talks.actions import Record
from app.talks.state_rules import LONGEST, Channel
from app.web.common_forms import options, options_of, text
from app.web.forms import BaseForm, NotBlank, strip

LONGEST_TEXT = 20_000
FEWEST_ROWS = 4
WANTS = {"": _l("Not asked yet"), "no": _l("No, interim management"), "yes": _l("Yes, really employment")}
NOTED = (
    "held_on", "held_time", "minutes", "channel", "took_part", "regions", "languages", "available_from",
    "days_per_week", "rate", "rate_unit", "rate_currency", "step", "step_on",
)  # fmt: skip


def _area(label: Any, **kwargs: Any) -> TextAreaField:
    return TextAreaField(label, [Optional(), Length(max=LONGEST_TEXT)], filters=[strip], **kwargs)


class Guide(BaseForm):
    """The guide in the order of the talk. `interview_form` adds the abilities and the recommendations."""

    version = HiddenField()
    career = _area(_l("Which task, which means, and what came of it, in figures"))
    motive = _area(_l("Why interim management, since when, and what happens in a lean year"))
    wants_employment = RadioField(_l("Really wants employment?"), [Optional()], choices=options(WANTS))
    regions = checks(_l("Regions"), REGIONS)
    languages = checks(_l("Works in"), LANGUAGES)
    available_from = DateField(_l("Available from"), [Optional()])
    days_per_week = IntegerField(_l("Days a week"), [Optional(), NumberRange(1, 7, _l("A week has one to seven days."))])
    rate = DecimalField(
        _l("Rate asked for"), [Optional(), NumberRange(0, None, _l("A rate cannot be below zero."))], places=2, use_locale=False
    )
    rate_unit = SelectField(_l("Per"), choices=options({"day": _l("day"), "hour": _l("hour")}))
    rate_currency = SelectField(_l("Currency"), choices=[SelectChoice(currency, currency) for currency in CURRENCIES])
    impression = _area(_l("Impression"), description=_l("For colleagues only; it is the record of the talk."))
    step = text(_l("Agreed next step"), 200)
    step_on = DateField(_l("By which day"), [Optional()])
    channel = RadioField(
        _l("How"),
        [Optional()],
        choices=[SelectChoice(channel.value, LazyString(talk_labels.channel, channel.value)) for channel in Channel],
    )
    held_on = DateField(_l("Day"), [Optional()])
    held_time = TimeField(_l("Time"), [Optional()])
    minutes = IntegerField(_l("Minutes"), [Optional(), NumberRange(1, LONGEST)])
    took_part = text(_l("Who took part"), 300)

    def ability_fields(self) -> list[tuple[str, Any, Any]]:
        """Return (key, rating, note) of the six abilities."""
        return [(ability.value, self[ability.value], self[f"{ability.value}_note"]) for ability in Ability]

    def rows(self, all_of_them: bool = False) -> list[tuple[Any, Any]]:
        """Return text and day of each recommendation to show: those filled, one more, and four at least."""
        every = [(self[f"recommendation-{number}"], self[f"by-{number}"]) for number in range(MOST_RECOMMENDATIONS)]
        filled = max((number for number, pair in enumerate(every, 1) if pair[0].data or pair[1].data), default=0)
        return every if all_of_them else every[: max(FEWEST_ROWS, filled + 1)]

    def refuse(self, violation: RuleViolation) -> None:
        """Show what the recommendations as a whole lack at the first line that is still empty."""
        if violation.field == "recommendations":
            free = next((row for row, _by in self.rows(all_of_them=True) if not row.data), self["recommendation-0"])
            violation = RuleViolation(violation.message, field=free.name, **violation.values)
        super().refuse(violation)

    def recommendations(self) -> list[Recommendation]:
        return [Recommendation(row.data or "", by.data) for row, by in self.rows(all_of_them=True)]

    def ratings(self) -> dict[str, int | None]:
        return {key: int(rating.data) if rating.data else None for key, rating, _note in self.ability_fields()}

    def answers(self) -> Answers:
        """Return what was typed, for the actions."""
        return Answers(
            career=self.career.data,
            motive=self.motive.data,
            wants_employment={"yes": True, "no": False}.get(self.wants_employment.data or ""),
            impression=self.impression.data,
            abilities=self.ratings(),
            ability_notes={key: note.data for key, _rating, note in self.ability_fields()},
            recommendations=self.recommendations(),
            noted={name: self._fields[name].data for name in NOTED},
        )

    def held(self, zone: str, owner_id: int) -> Record:
        """Return the record of the talk; raise RuleViolation where day or time is missing."""
        if self.held_on.data is None:
            raise RuleViolation(N_("Please choose a day."), field="held_on")
        if self.held_time.data is None:
            raise RuleViolation(N_("Please choose a time."), field="held_time")
        return Record(
            held_at=local_instant(self.held_on.data, self.held_time.data, zone),
            minutes=self.minutes.data,
            channel=Channel(self.channel.data) if self.channel.data else None,
            took_part=self.took_part.data,
            notes=self.impression.data,
            step=self.step.data,
            step_on=self.step_on.data,
            step_owner_id=owner_id,
        )


def _with_numbered_fields() -> type[Guide]:
    fields: dict[str, Any] = {}
    scale = [SelectChoice(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1)]
    for ability in Ability:
        words = LazyString(labels.ability, ability.value)
        fields[ability.value] = RadioField(words, [Optional()], choices=scale)
        note = LazyString(labels.ability_note, ability.value)
        fields[f"{ability.value}_note"] = text(note, 500)
    for number in range(MOST_RECOMMENDATIONS):
        fields[f"recommendation-{number}"] = text(LazyString(labels.recommendation, number + 1), 500)
        fields[f"by-{number}"] = DateField(LazyString(labels.recommendation_day, number + 1), [Optional()])
    return type("InterviewForm", (Guide,), fields)


InterviewForm = _with_numbered_fields()


class PlanForm(BaseForm):
    due_on = DateField(_l("Due on"), [InputRequired(_l("Please choose a day."))])
    owner_id = SelectField(_l("Who holds it"), validate_choice=True)

    def offer(self, colleagues: list[tuple[str, str]]) -> PlanForm:
        self.owner_id.choices = options_of(colleagues)
        return self


class LetterForm(BaseForm):
    version = HiddenField()
    subject = StringField(_l("Subject"), [NotBlank(_l("Please give the letter a subject.")), Length(max=200)])
    text = TextAreaField(_l("Letter"), [NotBlank(_l("Please write the letter.")), Length(max=LONGEST_TEXT)])


class UsedForm(BaseForm):
    """One button for each answer; `back` says on which page it was pressed."""

    used = HiddenField()
    back = HiddenField()


def held_values(held_at: datetime) -> dict[str, date | time]:
    """Return day and time of an instant in its zone, as the form shows them."""
    return {"held_on": held_at.date(), "held_time": held_at.time().replace(second=0, microsecond=0)}
