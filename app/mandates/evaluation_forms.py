"""Forms of the evaluation: a share of each goal, a word on it, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.mandates.evaluation_actions import Given
from app.mandates.forms import LINE
from app.mandates.gate_queries import Goal
from app.web.forms import BaseForm, NotBlank, Within, strip

LONGEST_NOTE = 500


class ViewsForm(BaseForm):
    """`views_form` adds two fields for each goal."""

    version = HiddenField()
    goal_ids: tuple[int, ...] = ()

    def given(self) -> dict[int, Given]:
        """Return the answers by goal."""
        return {
            number: Given(int(self._fields[f"percent_{number}"].data), self._fields[f"note_{number}"].data or None)
            for number in self.goal_ids
        }

    def rows(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each goal, for the page."""
        return [(self._fields[f"percent_{number}"], self._fields[f"note_{number}"]) for number in self.goal_ids]


class StaffViewsForm(ViewsForm):
    given_by = StringField(_l("Whose view this is"), [NotBlank(), Length(max=LINE)], filters=[strip])


def views_form(goals: Sequence[Goal], base: type[ViewsForm] = ViewsForm) -> type[ViewsForm]:
    """Return a form that asks for each of these goals."""
    fields: dict[str, Any] = {"goal_ids": tuple(goal.id for goal in goals)}
    for goal in goals:
        fields[f"percent_{goal.id}"] = IntegerField(
            goal.title,
            [
                InputRequired(_l("Please give a whole number from 0 to 100.")),
                Within(0, 100, _l("Please give a whole number from 0 to 100.")),
            ],
        )
        fields[f"note_{goal.id}"] = StringField(
            _("Comment on “%(goal)s”", goal=goal.title), [Optional(), Length(max=LONGEST_NOTE)], filters=[strip]
        )
    return type("ViewsFormOfGoals", (base,), fields)


def present_values(goals: Sequence[Goal], side: str) -> dict[str, Any]:
    """Return what the side has said so far, as values of the form."""
    values: dict[str, Any] = {}
    for goal in goals:
        if view := goal.views.get(side):
            values[f"percent_{goal.id}"], values[f"note_{goal.id}"] = view.percent, view.note
            values["given_by"] = view.given_by
    return values


class RequestForm(BaseForm):
    """The letter as it goes."""

    version = HiddenField()
    subject = StringField(_l("Subject"), [NotBlank(_l("Please give the letter a subject.")), Length(max=200)])
    text = TextAreaField(_l("Letter"), [NotBlank(_l("Please write the letter.")), Length(max=10_000)])


class ViewsRequestForm(RequestForm):
    """The letter that asks a client's contact, who may not want to be asked."""

    override_reason = StringField(_l("Why ask nevertheless"), [Optional(), Length(max=300)], filters=[strip])
