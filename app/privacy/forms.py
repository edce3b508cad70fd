"""The form that an erasure asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from app.web.forms import BaseForm, NotBlank


class ErasureForm(BaseForm):
    confirmation = StringField(_l("ID of the manager"), [NotBlank()], render_kw={"autocomplete": "off", "inputmode": "numeric"})
    version = HiddenField()
