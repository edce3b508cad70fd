"""Forms of written references: the draft, its letter, and what the client does behind the link."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.references.written_actions import Refusal, Wording
from app.references.written_rules import Scope
from app.web.forms import BaseForm, NotBlank, strip

LONGEST_BLOCK = 5_000
_RATINGS = [SelectChoice(str(number), str(number)) for number in range(1, 6)]


class DraftForm(BaseForm):
    """The two blocks in the client's voice."""

    version = HiddenField()
    situation = TextAreaField(_l("Situation and task"), [NotBlank(), Length(max=LONGEST_BLOCK)])
    results = TextAreaField(_l("Results"), [NotBlank(), Length(max=LONGEST_BLOCK)])
    rating = RadioField(_l("Rating"), choices=[*_RATINGS, SelectChoice("", _l("none"))], validators=[Optional()], default="")

    def wording(self) -> Wording:
        return Wording(self.situation.data or "", self.results.data or "", int(self.rating.data) if self.rating.data else None)


class AskForm(BaseForm):
    """The letter that asks; `seen` is the letter as it was shown last."""

    version = HiddenField()
    seen = HiddenField()
    benefit = SelectField(_l("What is in it for the person?"), choices=[], validators=[Optional()])
    subject = StringField(_l("Subject"), [NotBlank(_l("Please give the letter a subject.")), Length(max=200)])
    message = TextAreaField(_l("Message"), [NotBlank(_l("Please write the letter.")), Length(max=5_000)])
    override_reason = StringField(_l("Why ask nevertheless"), [Optional(), Length(max=300)], filters=[strip])

    def prepare(self, benefits: Iterable[tuple[str, str]], blank: str) -> None:
        self.benefit.choices = [SelectChoice("", blank), *(SelectChoice(value, words) for value, words in benefits)]

    def carried(self) -> list[tuple[str, str]]:
        """Return name and value of all that was typed, for the page that shows the letter before it goes."""
        names = ("benefit", "subject", "message", "override_reason")
        return [(name, self[name].data) for name in names if self[name].data]


class LetterForm(BaseForm):
    """A letter as it goes, but for salutation, button and signature."""

    version = HiddenField()
    subject = StringField(_l("Subject"), [NotBlank(_l("Please give the letter a subject.")), Length(max=200)])
    message = TextAreaField(_l("Message"), [NotBlank(_l("Please write the letter.")), Length(max=5_000)])


class RevokeForm(BaseForm):
    """We take a reference back, on request."""

    version = HiddenField()
    reason = StringField(_l("Who asked for it, and why"), [NotBlank(), Length(max=300)], filters=[strip])


class ReleaseForm(BaseForm):
    """Behind the link: the wording, what for, and the signature."""

    answer = HiddenField(default="release")
    situation = TextAreaField(_l("Situation and task"), [NotBlank(), Length(max=LONGEST_BLOCK)])
    results = TextAreaField(_l("Results"), [NotBlank(), Length(max=LONGEST_BLOCK)])
    scope = RadioField(
        _l("Who may read it?"),
        choices=[
            SelectChoice(Scope.ON_REQUEST.value, _l("on request: clients who ask about this person")),
            SelectChoice(Scope.PUBLIC.value, _l("public: it may be shown and published")),
            SelectChoice(Scope.INTERNAL.value, _l("internal: only the people at the provider")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
    name = StringField(_l("Your name"), [NotBlank(), Length(max=110)], filters=[strip])
    position = StringField(_l("Your position"), [NotBlank(), Length(max=85)], filters=[strip])


class DeclineForm(BaseForm):
    """Behind the link: rather not."""

    answer = HiddenField(default="decline")
    how = RadioField(
        _l("What suits you?"),
        choices=[
            SelectChoice(Refusal.NOT_NOW.value, _l("not now")),
            SelectChoice(Refusal.NO.value, _l("rather not at all")),
            SelectChoice(Refusal.NEVER.value, _l("please do not ask me for anything any more")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
    said = StringField(_l("A word on it"), [Optional(), Length(max=300)], filters=[strip])


class ClientRevokeForm(BaseForm):
    """Behind the link: take it back."""

    answer = HiddenField(default="revoke")
    reason = StringField(_l("A word on it"), [Optional(), Length(max=300)], filters=[strip])
