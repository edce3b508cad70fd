"""The letter that takes the recommendations to the manager: in his or her language, appreciative first, then concrete.

It is composed once and then edited by a person; what is sent is what the page showed.
Source: docs/domain.md, "The interview"; wording: docs/design.md, "Wording".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core.phones import shown_phone
from app.interviews import rules
from app.interviews.models import Interview
from app.interviews.rules import Ability
from app.mail.compose import Composed, compose, speaking
from app.mail.typed import Words, typed_blocks
from app.settings.queries import firm
from app.web.formats import full_date


def draft(interview: Interview, held_on: date, writer: Any) -> Words:
    """Return the letter as proposed; `writer` is the colleague in whose name it goes."""
    manager = interview.manager
    with speaking(manager.language):
        parts = [
            f"{manager.salutation()},",
            _thanks(held_on, rules.strengths(interview.abilities)),
            *([_honest_word()] if interview.wants_employment else []),
            _lead_in(),
            "\n".join(f"- {_with_day(one.text, one.by_on)}" for one in interview.recommendations),
            _how_to_reach(writer),
            "\n".join(filter(None, (_("Kind regards"), writer.name, firm().name))),
        ]
        return Words(_("Our interview on %(day)s: what we recommend to you", day=full_date(held_on)), "\n\n".join(parts))


def written(words: Words, language: str) -> Composed:
    """Return both bodies of the letter."""
    return compose(language, typed_blocks(words.text))


def _thanks(held_on: date, strong: Sequence[Ability]) -> str:
    thanks = _("Thank you for our open conversation on %(day)s and for the time you took for it.", day=full_date(held_on))
    praise = [_praise()[ability] for ability in strong]
    if not praise:
        return " ".join([thanks, _("What you told us of your work has stayed with us.")])
    return " ".join([thanks, _("What has stayed with us:"), *praise])


def _praise() -> dict[Ability, str]:
    return {
        Ability.PROBLEM: _("You see quickly what a problem really is."),
        Ability.STRATEGY: _("You develop a strategy that others can follow."),
        Ability.EXECUTION: _("You carry out what you have begun."),
        Ability.LEADERSHIP: _("You lead, and you take responsibility."),
        Ability.SPEED: _("You deliver results in a short time."),
        Ability.HANDOVER: _("You hand your knowledge over, so that it stays when you leave."),
    }


def _honest_word() -> str:
    return _(
        "You told us that you would rather have a permanent post. Here we owe you an honest word: interim management "
        "seldom leads there, and clients notice when somebody is looking for something else. Should you find the post "
        "that suits you, we are glad with you; should you decide for interim management, these steps help you."
    )


def _lead_in() -> str:
    return _("So that a client sees at first glance what you can do, we recommend to you:")


def _with_day(text: str, by_on: date | None) -> str:
    what = text.strip().rstrip(".;,")
    return _("%(what)s, by %(day)s", what=what, day=full_date(by_on)) if by_on else what


def _how_to_reach(writer: Any) -> str:
    if writer.phone:
        return _(
            "When we next speak I will ask what you have been able to use. Until then you reach me by mail at %(email)s "
            "or by phone on %(phone)s; simply answering this letter is enough.",
            email=writer.email,
            phone=shown_phone(writer.phone),
        )
    return _(
        "When we next speak I will ask what you have been able to use. Until then you reach me by mail at %(email)s; "
        "simply answering this letter is enough.",
        email=writer.email,
    )
