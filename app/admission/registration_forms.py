"""The public forms: registering, asking for the mail again, checking one's name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.vocabulary import FORMS_OF_ADDRESS
from app.managers.vocabulary import DOCUMENT_KINDS
from app.web.common_forms import options, text
from app.web.forms import BaseForm, NotBlank, strip


class RegistrationForm(BaseForm):
    name = StringField(
        _l("First and last name"), [NotBlank(), Length(max=80)], filters=[strip], render_kw={"autocomplete": "name"}
    )
    email = StringField(
        _l("E-mail"), [NotBlank(), Length(max=254)], filters=[strip], render_kw={"type": "email", "autocomplete": "email"}
    )
    phone = StringField(
        _l("Mobile number"), [NotBlank(), Length(max=80)], filters=[strip], render_kw={"type": "tel", "autocomplete": "tel"}
    )
    cv = FileField(_l("CV"))
    terms = BooleanField(
        _l("Terms and privacy notice"), [InputRequired(_l("Please tick this box: without it no registration comes about."))]
    )
    shown = HiddenField()  # the mark of the wording beside the form, so that nobody agrees to another one
    website = StringField(_l("Please leave this empty"), [Length(max=400)], render_kw={"tabindex": "-1", "autocomplete": "off"})


class AgainForm(BaseForm):
    email = StringField(
        _l("E-mail"), [NotBlank(), Length(max=254)], filters=[strip], render_kw={"type": "email", "autocomplete": "email"}
    )


class AnswerForm(BaseForm):
    """A form that is one button behind a link; `answer` says which."""

    answer = HiddenField()


SENT_BY_LINK = ("cv", "project_list", "certificate", "other")


# As one says it of oneself, in one's own language alone.
OWN_FORMS_OF_ADDRESS = {"frau": _l("Ms"), "herr": _l("Mr"), "neither": FORMS_OF_ADDRESS["neither"]}


class UploadForm(AnswerForm):
    kind = SelectField(_l("What you send"), choices=options({kind: DOCUMENT_KINDS[kind] for kind in SENT_BY_LINK}), default="cv")
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])


class NameForm(AnswerForm):
    form_of_address = RadioField(
        _l("Form of address"),
        [Optional()],
        choices=options(OWN_FORMS_OF_ADDRESS, _l("Not stated")),
        filters=[lambda value: value or ""],
    )
    title = text(_l("Title"), 60)
    first_name = text(_l("First name"), 80)
    particle = text(_l("Particle, such as von or van der"), 40)
    last_name = StringField(_l("Last name"), [NotBlank(), Length(max=80)], filters=[strip])
