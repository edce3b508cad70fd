"""Forms of the staff's pages of admission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.admission.art14 import GROUNDS
from app.admission.review_rules import CRITERIA, LONGEST_NOTE, offered
from app.admission.state_rules import FEE_STEPS, Fee
from app.admission.vocabulary import CRITERIA as CRITERIA_WORDS
from app.admission.vocabulary import FEES, REACTIONS, VERDICTS
from app.managers.vocabulary import SOURCES
from app.web.common_forms import OwnerField, options, options_of, text
from app.web.forms import LONGEST_TEXT, BaseForm, NotBlank, strip


class StepForm(BaseForm):
    reason = TextAreaField(_l("Reason"), [Length(max=500)])
    version = HiddenField()


class ReactionForm(BaseForm):
    code = RadioField(_l("What was answered"), [InputRequired(_l("Please choose one."))], choices=options(REACTIONS))
    note = TextAreaField(_l("In their words"), [Optional(), Length(max=20_000)])
    said_on = DateField(_l("On which day"), [InputRequired(_l("Please choose a day."))])


class LetterForm(BaseForm):
    version = HiddenField()
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=500)])
    subject = StringField(_l("Subject"), [NotBlank(_l("Please give the letter a subject.")), Length(max=200)])
    text = TextAreaField(_l("Letter"), [NotBlank(_l("Please write the letter.")), Length(max=LONGEST_TEXT)])


class FeeForm(BaseForm):
    fee = SelectField(_l("The fee is now"), [InputRequired()])
    number = text(_l("Number of the invoice"), 40)
    reason = TextAreaField(_l("Reason"), [Length(max=500)])
    version = HiddenField()

    def offer(self, now: Fee) -> FeeForm:
        """Offer what can follow the present standing."""
        self.fee.choices = options_of([(step.value, str(FEES[step])) for step in Fee if step in FEE_STEPS[now]])
        return self


class NoticeForm(BaseForm):
    source = SelectField(
        _l("Where the data came from"),
        [InputRequired(_l("Please choose: the notice must say it."))],
        choices=options(SOURCES, _l("Please choose")),
    )
    ground = SelectField(_l("On what ground we keep the data"), [InputRequired()], choices=options(GROUNDS))
    version = HiddenField()


class ByHandForm(BaseForm):
    given_on = DateField(_l("Given on"), [InputRequired()])
    version = HiddenField()


class ReviewForm(BaseForm):
    """Six verdicts with their notes; `document` is the version that they were judged by."""

    document = HiddenField()
    version = HiddenField()

    def verdicts(self) -> dict[str, dict[str, str | None]]:
        """Return what was chosen and typed, by criterion."""
        return {name: {"verdict": self[f"verdict_{name}"].data, "note": self[f"note_{name}"].data} for name in CRITERIA}

    @staticmethod
    def shown(verdicts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Return what the fields show of kept or proposed verdicts."""
        fields = {f"verdict_{name}": verdicts[name]["verdict"] for name in CRITERIA}
        return fields | {f"note_{name}": verdicts[name]["note"] for name in CRITERIA}


for _name in CRITERIA:
    _offered = options_of([(key, VERDICTS[key]) for key in offered(_name)])
    setattr(ReviewForm, f"verdict_{_name}", RadioField(CRITERIA_WORDS[_name], [Optional()], choices=_offered))
    setattr(ReviewForm, f"note_{_name}", StringField(_l("Note"), [Optional(), Length(max=LONGEST_NOTE)], filters=[strip]))


class SelectionForm(BaseForm):
    """What is to be done to many; `ids` are their numbers, by commas."""

    ids = HiddenField(validators=[Length(max=10_000)])
    deed = RadioField(
        _l("What is to be done"),
        [InputRequired(_l("Please choose what is to be done."))],
        choices=options(
            {
                "hand_over": _l("Hand over to a colleague"),
                "halt": _l("Stop the clock"),
                "go_on": _l("Let the clock go on"),
            }
        ),
    )
    owner_id = OwnerField(_l("Colleague"))
    reason = TextAreaField(_l("Reason"), [Length(max=500)])
