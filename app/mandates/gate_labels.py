"""The words for what is missing, each sentence clear on its own, and where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _l

from app.mandates.gate_queries import Reading
from app.mandates.gate_rules import Missing
from app.mandates.models import Mandate
from app.mandates.rules import Stage

_SENTENCES = {
    Missing.GOAL: _l("The goal is not written yet."),
    Missing.EXIT_PLAN: _l("The exit plan names neither a successor nor an event that ends the mandate."),
    Missing.HANDED_OVER: _l("The exit plan does not say what is handed over."),
    Missing.EXIT_DAY: _l("The exit plan does not say by when it is handed over."),
    Missing.MANAGER: _l("No manager is chosen."),
    Missing.CONTRACT: _l("The contract with its first and last day is not signed."),
    Missing.HANDBOOK: _l("The client has not accepted any version of the handbook yet."),
    Missing.MOMENTS: _l("No evaluation moments are agreed."),
    Missing.CHANGES_WAITING: _l("The handbook as it is now has not been accepted by the client yet."),
    Missing.LATE_MILESTONES: _l("At least one milestone is overdue: please write down whether it was reached, moved or dropped."),
    Missing.AFTER_END: _l("At least one milestone or evaluation moment lies after the end of the mandate: move it or drop it."),
    Missing.TOO_EARLY: _l("The exit countdown before the end has not begun yet."),
    Missing.LAST_DAY: _l("The last day of the mandate has not come yet."),
    Missing.HANDOVER_ITEMS: _l("Nothing to hand over is listed yet."),
    Missing.OPEN_HANDOVER: _l("Something is still to be handed over: neither done, nor waived with a reason."),
    Missing.SUCCESSOR: _l("The successor is not named."),
    Missing.CLOSING_TALK: _l("The closing talk was neither held nor declined."),
    Missing.EVALUATION_TALK: _l("No evaluation talk with client and manager was held."),
    Missing.LISTED_GOALS: _l("No goals are listed that could be judged one by one."),
    Missing.CLIENT_VIEW: _l("The client has not judged each goal yet."),
    Missing.MANAGER_VIEW: _l("The manager has not judged each goal yet."),
    Missing.PROVIDER_VIEW: _l("We have not judged each goal ourselves yet."),
    Missing.GAP_TALK: _l("The views of a goal lie far apart, and no evaluation talk was held since."),
}
_PLACES = {
    **dict.fromkeys((Missing.GOAL, Missing.EXIT_PLAN, Missing.HANDED_OVER, Missing.EXIT_DAY), "edit"),
    Missing.MANAGER: "manager",
    Missing.CONTRACT: "contract",
    Missing.HANDBOOK: "handbook",
    Missing.CHANGES_WAITING: "handbook",
    Missing.MOMENTS: "plan",
    Missing.LATE_MILESTONES: "plan",
    Missing.AFTER_END: "plan",
    Missing.HANDOVER_ITEMS: "handover",
    Missing.OPEN_HANDOVER: "handover",
    Missing.SUCCESSOR: "exit",
    **dict.fromkeys(
        (
            Missing.EVALUATION_TALK,
            Missing.LISTED_GOALS,
            Missing.CLIENT_VIEW,
            Missing.MANAGER_VIEW,
            Missing.PROVIDER_VIEW,
            Missing.GAP_TALK,
        ),
        "evaluation",
    ),
}
_AIMS = {
    Stage.SCOPING: _l("Still missing for analysis and action plan"),
    Stage.ANALYSIS: _l("Still missing for execution"),
    Stage.EXECUTION: _l("Still missing for evaluation and handover"),
    Stage.HANDOVER: _l("Still missing to close the mandate"),
}
_VERBS = {
    Stage.SCOPING: _l("Go on to analysis and action plan"),
    Stage.ANALYSIS: _l("Go on to execution"),
    Stage.EXECUTION: _l("Go on to evaluation and handover"),
    Stage.HANDOVER: _l("Close the mandate"),
}


class Lack(NamedTuple):
    """One thing missing as a page shows it; `url` is None where no page mends it but time, which does so `on` that day."""

    key: str
    words: str
    url: str | None
    on: date | None = None


def sentence(key: str) -> str:
    """Return the sentence of one key; the key itself for one that is no longer known."""
    return str(_SENTENCES[Missing(key)]) if key in set(Missing) else key


def lacks(mandate: Mandate, keys: Iterable[Missing], reading: Reading) -> tuple[Lack, ...]:
    """Return sentences, links and days of what is missing."""
    days = {Missing.TOO_EARLY: reading.countdown_from, Missing.LAST_DAY: mandate.ends_on}
    return tuple(Lack(key.value, sentence(key), _place(mandate.id, key, reading), days.get(key)) for key in keys)


def _place(mandate_id: int, key: Missing, reading: Reading) -> str | None:
    base = f"/mandates/{mandate_id}"
    if key is Missing.CLOSING_TALK:
        return f"/talks/{reading.closing_talk_id}" if reading.closing_talk_id else f"{base}#talks"
    place = _PLACES.get(key)
    if place is None or not current_app.url_map.bind("").test(f"{base}/{place}", "GET"):
        return None
    return f"{base}/{place}"


def aim(stage: int) -> str:
    """Return "Still missing for execution"."""
    return str(_AIMS[Stage(stage)])


def verb(stage: int) -> str:
    """Return "Go on to execution", or "Close the mandate"."""
    return str(_VERBS[Stage(stage)])
