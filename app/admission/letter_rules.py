"""Which letter goes when. Source: docs/domain.md, "Admission of managers"."""

from __future__ import annotations

import enum
from datetime import date, timedelta

from app.admission.state_rules import MOST_STAGES, STAGES, Standing, Verb
from app.managers.rules import State


class Kind(enum.StrEnum):
    """A letter to the person about the admission."""

    STAGE_1 = "stage_1"  # the list of what is missing, with tips
    STAGE_2 = "stage_2"  # an example, and an offer of help
    STAGE_3 = "stage_3"  # the last word, with a date
    CLOSING = "closing"  # after the third stage
    REFUSAL = "refusal"  # by a person, with a reason
    INVITATION = "invitation"  # to the interview
    ADMISSION = "admission"


STAGE_LETTERS = (Kind.STAGE_1, Kind.STAGE_2, Kind.STAGE_3)
WITH_UPLOAD = frozenset({*STAGE_LETTERS, Kind.CLOSING})
"""Letters with the link to upload new papers."""

WITH_ANALYSIS = frozenset({Kind.STAGE_1, Kind.STAGE_2})
"""Letters that quote the papers."""

_PLAIN = {Verb.PASS: Kind.INVITATION, Verb.REFUSE: Kind.REFUSAL, Verb.ADMIT: Kind.ADMISSION, Verb.WAIVE: Kind.ADMISSION}


def kind_for(verb: Verb, standing: Standing) -> Kind:
    """Return the letter that goes with this step from here; raises KeyError for a step without one."""
    if verb is Verb.REPEAT:
        return STAGE_LETTERS[standing.stages_used - 1]
    if verb in (Verb.FALL_SHORT, Verb.DEADLINE, Verb.SKIP):
        return STAGE_LETTERS[standing.stages_used] if standing.stages_used < MOST_STAGES else Kind.CLOSING
    return _PLAIN[verb]


def state_of(kind: Kind) -> State:
    """Return the state in which this letter still makes sense: in any other it is not sent."""
    if kind in STAGE_LETTERS:
        return STAGES[STAGE_LETTERS.index(kind)]
    return {Kind.INVITATION: State.INTERVIEW, Kind.ADMISSION: State.RELEASED}.get(kind, State.OUT)


def written_until(today: date, gap_days: int) -> date:
    """Return the last day of an earlier letter of the clock with which it may write again today: one in so many days."""
    return today - timedelta(days=gap_days)
