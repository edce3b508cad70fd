"""Forms of the staff's pages of admission."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.admission.state_rules import FEE_STEPS, Fee
from app.admission.vocabulary import FEES
from app.web.common_forms import options_of, text
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
