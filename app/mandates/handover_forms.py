"""Forms of what is handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.mandates.forms import LINE, REASON
from app.mandates.handover_actions import Item
from app.mandates.handover_rules import LONGEST_TEXT
from app.web.forms import BaseForm, NotBlank, strip

KINDS = {
    "knowledge": _l("Knowledge"),
    "people": _l("People coached"),
    "access": _l("Access returned"),
    "other": _l("Other"),
}
STATES = {"open": _l("open"), "done": _l("done"), "waived": _l("not needed")}


class ItemForm(BaseForm):
    version = HiddenField()
    text = StringField(_l("What is handed over"), [NotBlank(), Length(max=LONGEST_TEXT)], filters=[strip])
    kind = SelectField(_l("Kind"), [InputRequired()], choices=[SelectChoice(key, words) for key, words in KINDS.items()])
    receiver = StringField(_l("Who takes it over"), [Optional(), Length(max=LINE)], filters=[strip])
    due_on = DateField(_l("By when"), [Optional()])

    def item(self) -> Item:
        return Item(self.kind.data, self.text.data, self.receiver.data or None, self.due_on.data)


class ItemStateForm(ItemForm):
    state = SelectField(_l("State"), [InputRequired()], choices=[SelectChoice(key, words) for key, words in STATES.items()])
    done_on = DateField(_l("Done on"), [Optional()])
    waived_reason = StringField(_l("Why it is not handed over"), [Optional(), Length(max=REASON)], filters=[strip])
