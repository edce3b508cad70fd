"""Forms of the plan and of the handbook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.mandates.forms import LINE, REASON
from app.web.forms import BaseForm, NotBlank, strip

STATES = [
    SelectChoice("planned", _l("planned")),
    SelectChoice("reached", _l("reached")),
    SelectChoice("dropped", _l("dropped")),
]
HOWS = [
    SelectChoice("signature", _l("by signature")),
    SelectChoice("mail", _l("by mail")),
    SelectChoice("meeting", _l("in a meeting")),
]


class GoalForm(BaseForm):
    version = HiddenField()
    title = StringField(_l("Goal"), [NotBlank(), Length(max=LINE)], filters=[strip])
    measure = StringField(_l("How you can tell that it is reached"), [Optional(), Length(max=REASON)], filters=[strip])


class GoalPlaceForm(GoalForm):
    place = IntegerField(_l("Place on the list"), [InputRequired(), NumberRange(1, 99)])


class MilestoneForm(BaseForm):
    version = HiddenField()
    title = StringField(_l("Milestone"), [NotBlank(), Length(max=200)], filters=[strip])
    due_on = DateField(_l("By when"), [InputRequired()])
    owner = StringField(_l("Who is responsible"), [Optional(), Length(max=LINE)], filters=[strip])
    means = StringField(_l("Means"), [Optional(), Length(max=500)], filters=[strip])


class MilestoneStateForm(MilestoneForm):
    state = SelectField(_l("State"), [InputRequired()], choices=STATES)
    reached_on = DateField(_l("Reached on"), [Optional()])
    reason = StringField(_l("Why it is moved or dropped"), [Optional(), Length(max=REASON)], filters=[strip])


class MomentForm(BaseForm):
    version = HiddenField()
    planned_on = DateField(_l("Day"), [InputRequired()])


class PresentForm(BaseForm):
    version = HiddenField()
    summary = StringField(_l("What is new, in a sentence"), [Optional(), Length(max=REASON)], filters=[strip])


class AcceptanceForm(BaseForm):
    version = HiddenField()
    accepted_by = StringField(_l("Who accepted it"), [NotBlank(), Length(max=LINE)], filters=[strip])
    accepted_on = DateField(_l("Accepted on"), [InputRequired()])
    accepted_how = SelectField(_l("How"), [InputRequired()], choices=HOWS)
