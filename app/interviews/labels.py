"""The words for what interviews store as keys, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import N_
from app.interviews.rules import Ability, Missing, Used
from app.web.icons import icon_name

_ABILITIES = {
    Ability.PROBLEM: N_("Defines the problem"),
    Ability.STRATEGY: N_("Develops a strategy"),
    Ability.EXECUTION: N_("Carries it out"),
    Ability.LEADERSHIP: N_("Leads and takes responsibility"),
    Ability.SPEED: N_("Delivers in a short time"),
    Ability.HANDOVER: N_("Hands knowledge over"),
}
# What to ask, so that the rating rests on something that was done.
_QUESTIONS = {
    Ability.PROBLEM: N_("What did the client say was wrong, and what was it really?"),
    Ability.STRATEGY: N_("Which ways were there, and why this one?"),
    Ability.EXECUTION: N_("What was done by whom, and what stood in the way?"),
    Ability.LEADERSHIP: N_("Which decision was hard, and who bore its consequences?"),
    Ability.SPEED: N_("What could be measured after 100 days?"),
    Ability.HANDOVER: N_("What still works there today, and who does it?"),
}
_USED = {Used.YES: N_("used"), Used.PARTLY: N_("partly used"), Used.NO: N_("not used")}
_ANSWERS = {Used.YES: N_("yes"), Used.PARTLY: N_("partly"), Used.NO: N_("no")}
USED_TONES = {Used.YES: "ok", Used.PARTLY: "warn", Used.NO: ""}
USED_ICONS = {Used.YES: icon_name("check2"), Used.PARTLY: icon_name("dash"), Used.NO: icon_name("x-lg")}


def ability(key: str) -> str:
    """Return "Defines the problem"."""
    return _(_ABILITIES[Ability(key)])


def ability_question(key: str) -> str:
    """Return what to ask for judging the ability."""
    return _(_QUESTIONS[Ability(key)])


def ability_note(key: str) -> str:
    """Return the label of the note beside an ability's rating."""
    return _("Note: %(ability)s", ability=ability(key))


def recommendation(number: int) -> str:
    return _("Recommendation %(number)d", number=number)


def recommendation_day(number: int) -> str:
    return _("Recommendation %(number)d, by which day", number=number)


def used(key: str) -> str:
    """Return "partly used"."""
    return _(_USED[Used(key)])


def used_words(key: str) -> str:
    """Return "partly used" untranslated, for the facts of the timeline."""
    return _USED[Used(key)]


def answers() -> list[tuple[str, str]]:
    """Return the answers to "was it used?" with their words, for buttons."""
    return [(key.value, _(words)) for key, words in _ANSWERS.items()]


def missing(key: str, least: int) -> str:
    """Return what an interview lacks, as a line of a list."""
    if key == Missing.HELD:
        return _("The appointment lies ahead.")
    if key == Missing.ABILITIES:
        return _("Each of the six abilities rated from 1 to 5.")
    return ngettext("%(num)d concrete recommendation, with a date.", "%(num)d concrete recommendations, each with a date.", least)
