"""What WTForms says by itself, in the words of our catalogue first: its own German and Dutch have gaps.

A test walks all of its messages in each language.
"""

from __future__ import annotations

from flask_babel import get_translations
from flask_wtf.i18n import translations as of_wtforms

from app.core.errors import N_
from app.web.quick import by_language

# Those that WTForms lacks in German or Dutch, and one in better words.
GAPS = (
    N_("This field is required."),
    N_("Not a valid time value."),
    N_("Not a valid week value."),
    N_("Date must be at least %(min)s."),
    N_("Date must be at most %(max)s."),
    N_("Date must be between %(min)s and %(max)s."),
    N_("This field cannot be edited."),
    N_("This field is disabled and cannot have a value."),
    N_("Choices cannot be None."),
)


def N_n(singular: str, plural: str) -> tuple[str, str]:
    """Mark an English message and its plural for the catalogues."""
    return singular, plural


PLURAL_GAPS = (
    N_n("Field must be exactly %(max)d character long.", "Field must be exactly %(max)d characters long."),
    N_n("'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field."),
)


class FormTexts:
    """Translations as WTForms asks for them: our catalogue, then WTForms' own."""

    def gettext(self, text: str) -> str:
        return _said(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return _counted(singular, plural, n)


@by_language  # Flask-WTF reads its catalogue from the disk for every form
def _said(text: str) -> str:
    ours: str = get_translations().ugettext(text)
    return ours if ours != text else str(of_wtforms.gettext(text))


@by_language
def _counted(singular: str, plural: str, n: int) -> str:
    ours: str = get_translations().ungettext(singular, plural, n)
    return ours if ours not in (singular, plural) else str(of_wtforms.ngettext(singular, plural, n))


FORM_TEXTS = FormTexts()
