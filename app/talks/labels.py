"""The words for what is stored as keys: kinds, states, channels, reasons, questions and answers.

All in the reader's language, or in that of the letter being written.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import N_
from app.talks.end_rules import Action, Change, Reason
from app.talks.question_rules import NO_OPINION
from app.talks.rules import DeclineReason, Kind, Side, State
from app.talks.state_rules import Channel
from app.web.formats import day
from app.web.icons import icon_name

_KINDS = {
    Kind.INTERVIEW: N_("Interview"),
    Kind.QUALITY: N_("Quality talk"),
    Kind.EXTENSION: N_("Extension talk"),
    Kind.CLOSING: N_("Closing talk"),
    Kind.EVALUATION: N_("Evaluation talk"),
    Kind.REFERENCE: N_("Reference call"),
    Kind.AFTERCARE: N_("Aftercare talk"),
    Kind.OTHER: N_("Other talk"),
}
_SHORT_KINDS = {
    Kind.INTERVIEW: N_("Interview"),
    Kind.QUALITY: N_("Quality"),
    Kind.EXTENSION: N_("Extension"),
    Kind.CLOSING: N_("Closing"),
    Kind.EVALUATION: N_("Evaluation"),
    Kind.REFERENCE: N_("Reference"),
    Kind.AFTERCARE: N_("Aftercare"),
    Kind.OTHER: N_("Other"),
}
_SIDES = {
    Side.CLIENT: N_("Client"),
    Side.MANAGER: N_("Manager"),
    Side.BOTH: N_("Client and manager"),
    Side.REFEREE: N_("Referee"),
}
_STATES = {
    State.DUE: N_("Due"),
    State.ARRANGED: N_("Arranged"),
    State.HELD: N_("Held"),
    State.DECLINED: N_("Declined"),
    State.CANCELLED: N_("Cancelled"),
}
_CHANNELS = {Channel.PHONE: N_("Phone"), Channel.VIDEO: N_("Video"), Channel.IN_PERSON: N_("In person")}
_DECLINE = {
    DeclineReason.EXTENSION_SAYS_IT_ALL: N_("The extension says it all"),
    DeclineReason.NO_TIME: N_("No time"),
    DeclineReason.NO_NEED: N_("No need"),
    DeclineReason.FEARS_SALES_TALK: N_("Fears a sales talk"),
    DeclineReason.CONFLICT: N_("Conflict"),
    DeclineReason.CONTACT_LEFT: N_("Has left the company"),
    DeclineReason.OTHER: N_("Other reason"),
}
CHANNEL_ICONS = {
    Channel.PHONE: icon_name("telephone"),
    Channel.VIDEO: icon_name("camera-video"),
    Channel.IN_PERSON: icon_name("geo-alt"),
}
STATE_TONES = {State.DUE: "", State.ARRANGED: "info", State.HELD: "ok", State.DECLINED: "bad", State.CANCELLED: ""}


def kind(key: str) -> str:
    """Return "Quality talk"."""
    return _(_KINDS[Kind(key)])


def kind_short(key: str) -> str:
    """Return "Quality", for a row of choices."""
    return _(_SHORT_KINDS[Kind(key)])


def kind_words(key: str) -> str:
    """Return "Quality talk" untranslated, for the facts of the timeline."""
    return _KINDS[Kind(key)]


def decline_words(key: str) -> str:
    """Return "No time" untranslated, for the facts of the timeline."""
    return _DECLINE[DeclineReason(key)]


def side(key: str) -> str:
    return _(_SIDES[Side(key)])


def state(key: str) -> str:
    return _(_STATES[State(key)])


def channel(key: str | None) -> str:
    """Return "Phone"; empty where it is not known."""
    return _(_CHANNELS[Channel(key)]) if key else ""


def decline_reason(key: str | None) -> str:
    return _(_DECLINE[DeclineReason(key)]) if key else ""


_ACTIONS = {
    Action.STAYS: N_("stays"),
    Action.MOVES: N_("moves"),
    Action.ADDED: N_("new"),
    Action.CANCELLED: N_("is left out"),
    Action.BECOMES_QUALITY: N_("becomes a quality talk"),
}

_REASONS = {
    Reason.END_UNCHANGED: N_("The end does not change."),
    Reason.NOT_OF_THE_PLAN: N_("This kind of talk does not belong to the plan."),
    Reason.HAPPENED: N_("What was held or declined stays as it is."),
    Reason.CANCELLED_BY_PERSON: N_("Somebody cancelled it; it stays cancelled."),
    Reason.ARRANGED: N_("An agreed appointment is kept."),
    Reason.TAKES_PLACE: N_("The agreed appointment takes the place of the talk planned for %(day)s."),
    Reason.SAME_DATE: N_("The new plan has the same date."),
    Reason.FOLLOWS_PLAN: N_("The new plan has this talk on another day."),
    Reason.FOLLOWS_END: N_("It follows the end of the mandate."),
    Reason.AFTER_SIGNING: N_("The date in the plan is over by the signing, so it is due on the next working day."),
    Reason.IN_NEW_PLAN: N_("The longer term has room for it."),
    Reason.EXTENDED: N_("After an extension is signed we ask why it was extended."),
    Reason.NOT_IN_NEW_PLAN: N_("The new plan has no such talk any more."),
    Reason.CLOSING_TOO_EARLY: N_(
        "The mandate goes on: the agreed appointment stays as a quality talk, and a new closing talk is due."
    ),
    Reason.CLOSING_AFTER_END: N_("The agreed appointment lies after the new end. Please decide: keep it, move it or cancel it."),
    Reason.QUALITY_AFTER_CLOSING: N_(
        "The agreed appointment lies after the closing talk. Please decide: keep it, move it or cancel it."
    ),
    Reason.BEFORE_CHANGE: N_("It is held before another manager takes over."),
    Reason.EVALUATION_AFTER_END: N_(
        "This evaluation moment lies after the new end. Please decide: keep it, move it or drop it, also in the plan."
    ),
    Reason.MOMENT_DROPPED: N_(
        "The handbook that the client has accepted no longer names this evaluation moment. Please decide: keep it, move it or cancel it."
    ),
}
_ADDED_CLOSING = N_("Each mandate ends with a closing talk.")
_ADDED_AFTERCARE = N_("Some time after the end we ask how things stand.")
_ADDED_QUALITY = N_("The new plan has a quality talk on this day.")


def action(key: str) -> str:
    """Return what becomes of a talk, for a table: "moves", "new"."""
    return _(_ACTIONS[Action(key)])


def reason(change: Change) -> str:
    """Return the sentence that says why, for the preview of a changed end."""
    if change.reason is Reason.IN_NEW_PLAN:
        own = {Kind.CLOSING: _ADDED_CLOSING, Kind.AFTERCARE: _ADDED_AFTERCARE, Kind.QUALITY: _ADDED_QUALITY}
        return _(own.get(change.kind, _REASONS[change.reason]))
    if change.takes_place_of is not None and change.reason in (Reason.TAKES_PLACE, Reason.ARRANGED):
        return _("The agreed appointment takes the place of the talk planned for %(day)s.", day=day(change.takes_place_of))
    return _(_REASONS[change.reason])


def owner_must_decide(key: str) -> str:
    """Return what the owner is asked where a changed end left an appointment odd; `key` is a Reason's."""
    return _(_REASONS[Reason(key)])


_QUESTIONS = {
    "overall": N_("Overall"),
    "progress": N_("Progress to the next milestone"),
    "acceptance": N_("Accepted in the team"),
    "change_next": N_("What to change in the next four weeks?"),
    "same_assignment": N_("Still the same assignment?"),
    "handover_on_track": N_("Successor and handover on track?"),
    "authority_as_agreed": N_("Authority and means as agreed?"),
    "sponsor_reachable": N_("Sponsor reachable?"),
    "scope_drift": N_("Drift of scope?"),
    "self_employed_risk": N_("Risk to self-employed status?"),
    "signs_of_extension": N_("Signs of an extension?"),
    "what_can_we_do": N_("What can we do for you?"),
    "why_extended": N_("Why did you extend?"),
    "change_new_term": N_("What should be different in the new term?"),
    "goals_reached": N_("Each goal reached?"),
    "what_remains": N_("What remains?"),
    "brief_differently": N_("What to brief differently?"),
    "manager_again": N_("This manager again?"),
    "us_again": N_("Us again? (0 to 10)"),
    "may_name_us": N_("May we name you?"),
    "benefit_handed_over": N_("Benefit handed over?"),
    "results_last": N_("Does what was achieved still last?"),
    "relation_and_overlap": N_("Relation and time worked together"),
    "task_and_size": N_("Task and size"),
    "results_with_figures": N_("Results, with figures"),
    "leadership_under_pressure": N_("Leadership under pressure"),
    "conflict": N_("A conflict, and how it ended"),
    "weakness_that_mattered": N_("A weakness that mattered"),
    "appoint_again": N_("Would you appoint again?"),
    "what_not_for": N_("And what not for?"),
    "may_quote": N_("May we quote you?"),
}
_ANSWERS = {
    NO_OPINION: N_("no opinion"),
    "yes": N_("yes"),
    "no": N_("no"),
    "partly": N_("partly"),
    "drifting": N_("drifting"),
    "none": N_("not at all"),
    "some": N_("a little"),
    "strong": N_("strongly"),
    "perhaps": N_("perhaps"),
    "on_request": N_("on request"),
}


_AT_RISK = N_("at risk")


def question(key: str) -> str:
    return _(_QUESTIONS[key])


def is_question(key: str) -> bool:
    return key in _QUESTIONS


def answer(key: str, value: int | str) -> str:
    """Return an answer as people read it; texts come back as they were written."""
    if key == "handover_on_track" and value == "drifting":
        return _(_AT_RISK)
    if key == "progress" and isinstance(value, int):
        return _("%(number)s %%", number=value)
    return _(_ANSWERS[value]) if isinstance(value, str) and value in _ANSWERS else str(value)


def days(number: int) -> str:
    """Return "14 days"."""
    return ngettext("%(num)d day", "%(num)d days", number)


def after_days(number: int) -> str:
    """Return "after 14 days", as a part of a sentence with several numbers."""
    return ngettext("after %(num)d day", "after %(num)d days", number)


def every_days(number: int) -> str:
    """Return "every 6 weeks", in days where they make no whole weeks."""
    if number % 7 == 0:
        return ngettext("every week", "every %(num)d weeks", number // 7)
    return ngettext("every day", "every %(num)d days", number)


def days_before_end(number: int) -> str:
    """Return "14 days before the end"."""
    return ngettext("%(num)d day before the end", "%(num)d days before the end", number)
