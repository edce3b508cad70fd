"""Forms of the pages that bring people along."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from app.admission.art14 import GROUNDS
from app.web.common_forms import options
from app.web.forms import BaseForm


class ImportForm(BaseForm):
    file = FileField(_l("Table (CSV)"), [FileRequired(_l("Please choose a file."))])
    papers = MultipleFileField(_l("Papers"))
    ground = SelectField(_l("On what ground we keep the data"), [InputRequired()], choices=options(GROUNDS))
    dry = BooleanField(_l("Only say what would happen, change nothing"))


class StartForm(BaseForm):
    sure = BooleanField(
        _l("Yes, write to these people from now on"), [InputRequired(_l("Please tick the box: letters cannot be called back."))]
    )
