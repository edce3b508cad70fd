"""Forms of sign-in, passwords and accounts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from app.users.texts import ROLES
from app.web.common_forms import PersonFields, options, options_of, text
from app.web.forms import BaseForm, NotBlank, strip

# Each in its own words, so that people find theirs whatever the page speaks.
LANGUAGE_CHOICES = [SelectChoice("de", "Deutsch"), SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")]
_EMAIL = {"type": "email", "autocomplete": "email"}


def new_password(label: Any = _l("New password")) -> PasswordField:
    return PasswordField(label, [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "new-password"})


def password_again() -> PasswordField:
    same = EqualTo("password", _l("The two passwords differ."))
    return PasswordField(
        _l("The same password again"), [InputRequired(), Length(max=1000), same], render_kw={"autocomplete": "new-password"}
    )


class SignInForm(BaseForm):
    email = StringField(_l("E-mail"), [NotBlank(), Length(max=254)], render_kw={"type": "email", "autocomplete": "username"})
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"})


class ForgottenForm(BaseForm):
    email = StringField(_l("E-mail"), [NotBlank(), Length(max=254)], render_kw={"type": "email", "autocomplete": "username"})


class SecondFactorForm(BaseForm):
    code = StringField(
        _l("Code from your authenticator app"),
        [NotBlank(), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class RecoveryCodeForm(BaseForm):
    code = StringField(
        _l("Recovery code"), [NotBlank(), Length(max=40)], render_kw={"autocomplete": "off", "autocapitalize": "none"}
    )


class NewPasswordForm(BaseForm):
    password = new_password()
    again = password_again()


class FirstAdministratorForm(BaseForm):
    name = StringField(_l("Name"), [NotBlank(), Length(max=160)], render_kw={"autocomplete": "name"})
    email = StringField(_l("E-mail"), [NotBlank(), Length(max=254)], render_kw=_EMAIL)
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    password = new_password(_l("Password"))
    again = password_again()


class UserForm(PersonFields, BaseForm):
    """`offer_teams` fills in the teams."""

    name_checked = HiddenField()
    country = None  # type: ignore[assignment]
    email = StringField(
        _l("E-mail"), [NotBlank(), Length(max=254)], filters=[strip], render_kw={"type": "email", "autocomplete": "off"}
    )
    phone = text(_l("Phone"), 32)
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    role = RadioField(_l("Role"), [InputRequired(_l("Please choose a role."))], choices=options(ROLES))
    team_id = SelectField(_l("Team"), coerce=str)

    def offer_teams(self, teams: list[tuple[str, str]]) -> UserForm:
        self.team_id.choices = options_of(teams)
        return self


class ChangedUserForm(UserForm):
    last_name = StringField(_l("Last name"), [NotBlank(), Length(max=80)], filters=[strip])
    name_checked = None  # type: ignore[assignment]
    is_reviewer = BooleanField(_l("Reviews papers"), description=_l("Gets the notice when a registration is confirmed."))
    version = HiddenField()


class HandoverForm(BaseForm):
    """`offer` fills in what is open and who can take it."""

    kind = RadioField(_l("What goes over"), [InputRequired(_l("Please choose what goes over."))])
    to_id = SelectField(_l("Who takes over"), [InputRequired(_l("Please choose a colleague."))], coerce=str)

    def offer(self, kinds: list[tuple[str, str]], colleagues: list[tuple[str, str]]) -> HandoverForm:
        self.kind.choices = options_of(kinds)
        self.to_id.choices = options_of(colleagues, _l("Please choose"))
        return self


class TeamForm(BaseForm):
    name = StringField(_l("Name of the team"), [NotBlank(), Length(max=80)], filters=[strip])
