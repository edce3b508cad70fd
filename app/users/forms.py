"""Forms of sign-in, users, teams and absences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import BaseForm, NotBlank


class SignInForm(BaseForm):
    email = StringField(_l("E-mail"), [NotBlank(), Length(max=254)], render_kw={"type": "email", "autocomplete": "username"})
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"})
