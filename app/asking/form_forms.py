"""The one-minute form as it is filled in behind a link."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.asking.form_rules import QUARTERS, asked
from app.talks import labels
from app.talks.question_rules import BOUNDS, LONGEST_TEXT, AnswerType, Question
from app.web.forms import BaseForm, strip


class WrittenForm(BaseForm):
    """The questions of one kind of talk (`written_form`), and the consent to quote."""

    answer = HiddenField(default="form")
    may_quote = BooleanField(_l("You may quote me, after I have seen the wording."))
    questions: tuple[Question, ...] = ()

    def answers(self) -> dict[str, Any]:
        """Return what was answered, by question key."""
        return {question.key: self[question.key].data or None for question in self.questions}


@cache
def written_form(kind: str) -> type[WrittenForm]:
    """Return the form for a kind of talk."""
    fields = {question.key: _field(question) for question in asked(kind)}
    return type("WrittenFormOfKind", (WrittenForm,), {**fields, "questions": asked(kind)})


def _field(question: Question) -> Any:
    words = LazyString(labels.question, question.key)
    if question.type is AnswerType.TEXT:
        return TextAreaField(words, [Optional(), Length(max=LONGEST_TEXT)], filters=[strip])
    if question.type is AnswerType.CHOICE:
        values = list(question.choices)
    elif question.type is AnswerType.PERCENT:
        values = [str(number) for number in QUARTERS]
    else:
        least, most = BOUNDS[question.type]
        values = [str(number) for number in range(least, most + 1)]
    choices = [SelectChoice(value, LazyString(_answer, question, value)) for value in values]
    needed = [InputRequired(_l("Please choose one."))] if question.is_required else [Optional()]
    return RadioField(words, needed, choices=choices)


def _answer(question: Question, value: str) -> str:
    return labels.answer(question.key, int(value) if question.type is AnswerType.PERCENT else value)
