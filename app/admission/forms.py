"""Forms of the staff's pages of admission."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.admission.art14 import GROUNDS
from app.admission.state_rules import FEE_STEPS, Fee
from app.admission.vocabulary import FEES
from app.managers.vocabulary import SOURCES
from app.web.common_forms import options, options_of, text
from app.web.forms import BaseForm


class StepForm(BaseForm):
    reason = TextAreaField(_l("Reason"), [Length(max=500)])
    version = HiddenField()


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
