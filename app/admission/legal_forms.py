"""Forms of the terms and the privacy notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.admission.legal_rules import LONGEST
from app.web.forms import BaseForm


class DraftForm(BaseForm):
    de = TextAreaField(_l("German"), [Length(max=LONGEST)])
    nl = TextAreaField(_l("Dutch"), [Length(max=LONGEST)])
    en = TextAreaField(_l("English"), [Length(max=LONGEST)])
    version = HiddenField()
