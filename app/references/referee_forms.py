"""Forms about referees and calls: shape only; what the business allows is asked in the actions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.references.labels import ASKED_HOW, RELATIONS
from app.references.referee_actions import FIELDS
from app.web.common_forms import PersonFields, options, text
from app.web.forms import BaseForm, NotBlank, strip


class RefereeForm(PersonFields, BaseForm):
    """A referee; `number_hidden` says that a number is kept that may not be shown."""

    relation = RadioField(_l("Relation"), [InputRequired(_l("Please choose the relation."))], choices=options(RELATIONS))
    company = text(_l("Company"), 160, description=_l("Where they worked together."))
    job_title = text(_l("Position"), 120, description=_l("At that time."))
    together_from = DateField(_l("Worked together from"), [Optional()])
    together_until = DateField(
        _l("Worked together until"), [Optional()], description=_l("Empty where not known, or where they still do.")
    )
    email = text(_l("E-mail"), 254, render_kw={"type": "email", "autocomplete": "off"})
    phone = text(_l("Phone"), 80, render_kw={"type": "tel", "autocomplete": "off"})
    drop_phone = BooleanField(_l("Delete the number that is kept"))
    note = TextAreaField(_l("Standing note"), [Optional(), Length(max=20_000)])
    version = HiddenField()

    def values(self, *, number_hidden: bool = False) -> dict[str, Any]:
        """Return what was typed; a hidden number that nobody typed anew stays as it is."""
        given = {name: self._fields[name].data for name in FIELDS}
        if number_hidden and not given["phone"] and not self.drop_phone.data:
            del given["phone"]
        return given


class ConsentForm(BaseForm):
    consent_on = DateField(_l("Agreed on"), [InputRequired(_l("Please choose a day."))])
    consent_how = RadioField(_l("How"), [InputRequired(_l("Please choose one."))], choices=options(ASKED_HOW))
    version = HiddenField()


class RefereeByHandForm(BaseForm):
    given_on = DateField(_l("Given on"), [InputRequired(_l("Please choose a day."))])
    version = HiddenField()


class CallForm(BaseForm):
    due_on = DateField(_l("To be held by"), [InputRequired(_l("Please choose a day."))])
    version = HiddenField()


class OutsideCallForm(BaseForm):
    """What somebody outside asked a client about the manager."""

    caller = StringField(
        _l("Who called"), [NotBlank(), Length(max=200)], filters=[strip], description=_l("Name and company of the caller.")
    )
    called_on = DateField(_l("Called on"), [InputRequired(_l("Please choose a day."))])
    reference = SelectField(_l("Written reference at hand"), [Optional()], validate_choice=True)
    rating = RadioField(
        _l("Rating given"),
        [Optional()],
        choices=[SelectChoice("", _l("none")), *(SelectChoice(str(number), str(number)) for number in range(1, 6))],
    )
    said = TextAreaField(_l("What was said"), [Optional(), Length(max=10_000)], filters=[strip])
    version = HiddenField()


class JudgementForm(BaseForm):
    judgement = TextAreaField(_l("Judgement"), [NotBlank(), Length(max=300)], filters=[strip])
    version = HiddenField()
