"""The form of scoping: everything that is agreed before the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.mandates.forms import LINE
from app.mandates.plan_models import MandateGoal
from app.web.forms import BaseForm, strip

LONGEST_MEASURE = 300
GOAL_LINES = 5
LONG = 20_000

PLACES = {
    "line": _l("In the line: reports to the level above"),
    "beside": _l("Beside the line: a consultant"),
}


def _text(label: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(label, [Optional(), Length(max=LONG)], filters=[strip], description=description)


class ScopingForm(BaseForm):
    """`scoping_form` adds two fields for each line of goals."""

    version = HiddenField()
    goal_lines: tuple[int, ...] = ()
    reach = _text(_l("Reach"), _l("What the task covers, and what it does not"))
    expectations = _text(_l("Expectations"), _l("What the client expects, in the client's own words"))
    means = _text(_l("Means"), _l("Budget, people and authority"))
    culture = _text(_l("Culture"), _l("How people work and decide there"))
    place = SelectField(_l("Place in the hierarchy"), [Optional()])
    reports_to = StringField(_l("Reports to"), [Optional(), Length(max=LINE)], filters=[strip])
    goal = _text(_l("Goal"), _l("What will be different at the end, and how you can measure it"))
    exit_plan = _text(_l("Exit plan"), _l("The successor, or the event that ends the mandate"))
    handed_over = _text(_l("What is handed over"))
    exit_on = DateField(_l("Handed over until"), [Optional()])

    def goals(self) -> list[tuple[str, str]]:
        """Return title and measure of each line, empty ones too."""
        return [(title.data or "", measure.data or "") for title, measure in self.rows()]

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self._fields[f"goal_{number}"], self._fields[f"measure_{number}"]) for number in self.goal_lines]


def scoping_form(goals: Sequence[MandateGoal]) -> type[ScopingForm]:
    """Return the form with lines for the goals there are, five at least."""
    lines = range(1, max(GOAL_LINES, len(goals)) + 1)
    fields: dict[str, Any] = {"goal_lines": tuple(lines)}
    for number in lines:
        fields[f"goal_{number}"] = StringField(
            _("Goal %(number)d", number=number), [Optional(), Length(max=LINE)], filters=[strip]
        )
        fields[f"measure_{number}"] = StringField(
            _("How it is measured, goal %(number)d", number=number),
            [Optional(), Length(max=LONGEST_MEASURE)],
            filters=[strip],
        )
    return type("ScopingFormOfMandate", (ScopingForm,), fields)


def place_choices() -> list[SelectChoice]:
    return [SelectChoice("", _("Not known yet")), *(SelectChoice(key, words) for key, words in PLACES.items())]


def present_values(goals: Sequence[MandateGoal]) -> dict[str, Any]:
    """Return the goals there are as values of the form."""
    values: dict[str, Any] = {}
    for number, goal in enumerate(goals, 1):
        values[f"goal_{number}"], values[f"measure_{number}"] = goal.title, goal.measure
    return values
