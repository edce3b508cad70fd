"""The form of a short report, for the manager behind a link and for a colleague at the phone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.mandates.forms import Amount
from app.mandates.report_actions import Written
from app.web.forms import BaseForm, NotBlank, Within, strip

LONGEST = 4000


class ReportForm(BaseForm):
    version = HiddenField()
    days = DecimalField(
        _l("Days worked"),
        [InputRequired(), Within(0, 31, _l("Please enter a number from 0 to 31.")), Amount(places=1)],
        places=None,
        description=_l("Whole and half days"),
    )
    tasks = TextAreaField(_l("What was worked on"), [NotBlank(), Length(max=LONGEST)])
    obstacles = TextAreaField(_l("What stood in the way"), [Optional(), Length(max=LONGEST)], filters=[strip])

    def written(self) -> Written:
        assert self.days.data is not None
        return Written(self.days.data, self.tasks.data or "", self.obstacles.data)
