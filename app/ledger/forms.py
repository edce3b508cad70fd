"""The form in which a colleague notes what a contact wishes about being asked."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.errors import N_, RuleViolation
from app.web.forms import BaseForm, strip

USUAL, LATER, NEVER = "usual", "later", "never"


class WishForm(BaseForm):
    """As usual, not before a day, or never."""

    version = HiddenField()
    wish = RadioField(
        _l("This person may be asked"),
        choices=[
            SelectChoice(USUAL, _l("as usual")),
            SelectChoice(LATER, _l("not before a day")),
            SelectChoice(NEVER, _l("never again")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
    not_before = DateField(_l("Not before"), [Optional()])
    note = StringField(_l("In their own words"), [Optional(), Length(max=300)], filters=[strip])

    def day(self) -> date | None:
        """Return the day before which nobody asks; RuleViolation where one is wanted and none was given."""
        if self.wish.data != LATER:
            return None
        if self.not_before.data is None:
            raise RuleViolation(N_("Please choose a day."), field="not_before")
        return self.not_before.data
