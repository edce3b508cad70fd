"""The form of a benefit: its words in three languages, and when it is offered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.asking.labels import OCCASIONS
from app.clients.vocabulary import CONTACT_ROLES
from app.web.common_forms import ManyOf, options
from app.web.forms import BaseForm, NotBlank


def _title(label: object) -> StringField:
    return StringField(label, [NotBlank(), Length(max=120)])


def _text(label: object) -> TextAreaField:
    return TextAreaField(label, [NotBlank(), Length(max=400)])


class BenefitForm(BaseForm):
    """All three languages, so that no letter lacks its first sentence."""

    version = HiddenField()
    title_de = _title(_l("Name in German"))
    text_de = _text(_l("First sentences of the letter in German"))
    title_nl = _title(_l("Name in Dutch"))
    text_nl = _text(_l("First sentences of the letter in Dutch"))
    title_en = _title(_l("Name in English"))
    text_en = _text(_l("First sentences of the letter in English"))
    purposes = ManyOf(_l("Offered for"), choices=options(OCCASIONS))
    roles = ManyOf(_l("Offered to"), choices=options(CONTACT_ROLES))
    has_brief = BooleanField(_l("The market brief is attached"))
    is_active = BooleanField(_l("Offered"), default=True)
