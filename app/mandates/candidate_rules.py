"""The states of a manager on the short list of a mandate, and what an anonymous profile must not show.

Source: docs/domain.md, "Mandates" (stage 1).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import date

from app.core.dates import add_months
from app.core.errors import N_, RuleViolation
from app.core.names import PARTICLES, fold, shorten_umlauts


class State(enum.StrEnum):
    PROPOSED = "proposed"
    PRESENTED = "presented"
    CLIENT_INTERVIEW = "client_interview"
    CHOSEN = "chosen"
    DECLINED = "declined"  # by the client, with a reason
    WITHDREW = "withdrew"  # the manager, with a reason


ENDS = frozenset({State.DECLINED, State.WITHDREW})
NEXT: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.PRESENTED, State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.PRESENTED: (State.CLIENT_INTERVIEW, State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.CLIENT_INTERVIEW: (State.CHOSEN, State.DECLINED, State.WITHDREW),
    State.CHOSEN: (State.DECLINED, State.WITHDREW),
    State.DECLINED: (State.PROPOSED,),
    State.WITHDREW: (State.PROPOSED,),
}


def check_change(state: State, to: State, reason: str, on: date, today: date) -> None:
    """Raise RuleViolation unless `state` may become `to` on the day `on` (today at the latest); an end needs a reason."""
    if to not in NEXT[state]:
        raise RuleViolation(N_("This step is not possible here. Whoever is off the list can be proposed again."), field="state")
    if to in ENDS and not reason.strip():
        raise RuleViolation(N_("Please write the reason."), field="reason")
    if on > today and to is not State.CLIENT_INTERVIEW:
        raise RuleViolation(N_("This day lies ahead. Please choose today or an earlier day."), field="on")


def before_choice(presented_on: date | None, interview_on: date | None) -> State:
    """Return where somebody stands again who was chosen and is not any more: as far as he or she had come."""
    if interview_on is not None:
        return State.CLIENT_INTERVIEW
    return State.PRESENTED if presented_on is not None else State.PROPOSED


def protected_until(presented_on: date, months: int) -> date:
    """Return the last day (inclusive) on which the client owes us a fee for the manager presented on that day."""
    return add_months(presented_on, months)


def check_protection(until: date, presented_on: date | None) -> None:
    """Raise RuleViolation at "until" for a protection that ends before the manager was presented."""
    if presented_on is not None and until < presented_on:
        raise RuleViolation(N_("The protection cannot end before the presentation on %(day)s."), field="until", day=presented_on)


_MAIL = re.compile(r"@|[(\[{]\s*(?:at|ät|bei)\s*[)\]}]", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https?:|www\.|\blinked-?in\b|\bxing\b|\w\.(?:com|de|nl|net|org|eu|ch|at|be|lu|info|io|biz)\b", re.IGNORECASE
)
# A number that begins as one is dialled, in whatever groups: "2012–2018" and "12.500.000 EUR" are none.
_PHONE = re.compile(r"(?:\+|\b00|\b0|\(0)[\d\s()/.\-–]{5,}\d")
_COMPANY = re.compile(
    r"\w\W{1,3}(?:GmbH|mbH|gGmbH|AG|SE|KGaA|KG|OHG|eG|B\.?V\.?|N\.?V\.?|S\.?A\.?|S\.?[Àà]\.?r\.?l\.?|Ltd|LLC|Inc|PLC|plc)(?!\w)"
)
_LEAST_DIGITS, _LONG_WORD = 6, 4


def gives_away(line: str, names: Iterable[str | None], numbers: Iterable[str | None]) -> bool:
    """Say whether a line of an anonymous profile tells who it is about.

    That is a piece of one of the `names` (in any spelling of its umlauts, in the genitive too), a mail address, the address
    of a page or profile, a phone number in any notation, one of the `numbers`, or a company with its legal form.
    """
    if any(pattern.search(line) for pattern in (_MAIL, _ADDRESS, _PHONE, _COMPANY)):
        return True
    digits = "".join(character for character in line if character.isdecimal())
    own = ("".join(character for character in number or "" if character.isdecimal()) for number in numbers)
    if any(len(number) >= _LEAST_DIGITS and number[-_LEAST_DIGITS:] in digits for number in own):
        return True
    words = _words(line)
    pieces = {piece for name in names for piece in _words(name or "") if len(piece) > 1 and piece not in PARTICLES}
    return any(word == piece or (len(piece) >= _LONG_WORD and word.startswith(piece)) for piece in pieces for word in words)


def _words(text: str) -> set[str]:
    folded = fold(text)
    return {*folded.split(), *shorten_umlauts(folded).split()}
