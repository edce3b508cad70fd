"""The questionnaire of a status check: an answer and evidence for each question."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.mandates import status_labels as labels
from app.mandates import status_rules as rules
from app.mandates.course_models import StatusCheck
from app.web.forms import BaseForm, strip


class StatusForm(BaseForm):
    """`status_form` adds two fields for each question."""

    version = HiddenField()
    note = TextAreaField(_l("Note"), [Optional(), Length(max=rules.LONGEST_NOTE)], filters=[strip])
    keys: tuple[str, ...] = ()

    def given(self) -> dict[str, tuple[str | None, str | None]]:
        """Return answer and evidence by question."""
        return {key: (self._fields[f"answer_{key}"].data, self._fields[f"evidence_{key}"].data) for key in self.keys}

    def rows(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each question, for the page."""
        return [(self._fields[f"answer_{key}"], self._fields[f"evidence_{key}"]) for key in self.keys]


@cache
def status_form(regime: rules.Regime) -> type[StatusForm]:
    """Return the form that asks what this regime asks."""
    keys = tuple(question.key for question in rules.QUESTIONS[regime])
    fields: dict[str, Any] = {"keys": keys}
    for key in keys:
        offered = [SelectChoice(answer.value, words) for answer, words in labels.ANSWERS.items()]
        # The business says what is missing, at the field.
        fields[f"answer_{key}"] = RadioField(labels.QUESTIONS[key], [Optional()], choices=offered, validate_choice=False)
        fields[f"evidence_{key}"] = StringField(_l("Evidence"), [Optional(), Length(max=rules.LONGEST_EVIDENCE)], filters=[strip])
    return type("StatusFormOfRegime", (StatusForm,), fields)


def present_values(check: StatusCheck) -> dict[str, Any]:
    """Return what was answered so far, as values of the form."""
    values: dict[str, Any] = {"note": check.note}
    for key, given in check.answers.items():
        values[f"answer_{key}"], values[f"evidence_{key}"] = given.get("answer"), given.get("evidence")
    return values
