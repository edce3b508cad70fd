"""Words of the ledger: what for, how, and what was answered. All values are stored and never translated.

Source: docs/domain.md, "Asking so that people say yes".
"""

from __future__ import annotations

import enum


class Purpose(enum.StrEnum):
    """What a contact is asked for."""

    QUALITY = "quality"
    EXTENSION = "extension"
    CLOSING = "closing"
    AFTERCARE = "aftercare"
    EVALUATION = "evaluation"
    VIEWS = "views"  # how far the goals were reached, in writing
    REFERENCE = "reference"  # a written reference
    OTHER = "other"


class Channel(enum.StrEnum):
    """How somebody was asked."""

    MAIL = "mail"
    FORM = "form"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Reply(enum.StrEnum):
    """What became of a request. `WRITTEN`: answered in writing; `LATER`: not now; `LAPSED`: no answer ever came."""

    YES = "yes"
    WRITTEN = "written"
    LATER = "later"
    NO = "no"
    LAPSED = "lapsed"


SAID_YES = frozenset({Reply.YES, Reply.WRITTEN})
ENDED = frozenset({Reply.LATER, Reply.NO, Reply.LAPSED})
"""After these, asking for the same talk is a new request."""
WANTS_BENEFIT = frozenset({Purpose.QUALITY, Purpose.EXTENSION, Purpose.CLOSING})
"""No invitation to these leaves without a benefit."""

_BY_CONTRACT = frozenset({Purpose.QUALITY, Purpose.CLOSING})
_OF_TALKS = frozenset({Purpose.QUALITY, Purpose.EXTENSION, Purpose.CLOSING, Purpose.AFTERCARE, Purpose.EVALUATION})


def purpose_of(kind: str) -> Purpose | None:
    """Return what a talk of this kind asks a contact for; None for kinds that ask nothing of one, such as other calls."""
    return Purpose(kind) if kind in _OF_TALKS else None


def is_agreed(kind: str, *, is_planned: bool, has_quality_clause: bool) -> bool:
    """Whether the contract agrees on a talk: quality and closing talks of the plan of a mandate with a quality clause.

    Evaluation talks are agreed in the handbook that the client accepted, so they count as agreed too.
    """
    if kind == Purpose.EVALUATION:
        return True
    return is_planned and has_quality_clause and kind in _BY_CONTRACT
