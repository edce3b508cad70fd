"""Words of admission: what staff can do, and how the fee stands."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.admission.letter_rules import Kind
from app.admission.state_rules import Fee, Verb
from app.core.errors import N_
from app.core.vocabulary import Words
from app.managers.rules import State

# The same as `managers.vocabulary.STATES`, as message ids: what the timeline keeps is said in its reader's language.
STATE_IDS = {
    State.REGISTERED: N_("Registered"),
    State.CONFIRMED: N_("Confirmed"),
    State.IN_REVIEW: N_("In review"),
    State.FOLLOW_UP_1: N_("Follow-up 1"),
    State.FOLLOW_UP_2: N_("Follow-up 2"),
    State.FOLLOW_UP_3: N_("Follow-up 3"),
    State.INTERVIEW: N_("Interview owed"),
    State.RELEASED: N_("Released"),
    State.PAUSED: N_("Paused"),
    State.OUT: N_("Out"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.ERASED: N_("Erased"),
}

FEE_IDS = {
    Fee.OWED: N_("owed"),
    Fee.INVOICED: N_("invoiced"),
    Fee.PAID: N_("paid"),
    Fee.WAIVED: N_("waived"),
    Fee.REFUNDED: N_("refunded"),
}
FEES: Words = {
    Fee.OWED: _l("owed"),
    Fee.INVOICED: _l("invoiced"),
    Fee.PAID: _l("paid"),
    Fee.WAIVED: _l("waived"),
    Fee.REFUNDED: _l("refunded"),
}

# What staff do from the page, in the order of its buttons.
STAFF_VERBS: Words = {
    Verb.TAKE: _l("Take into review"),
    Verb.SKIP: _l("Skip to the next stage"),
    Verb.WAIVE: _l("Waive the interview and release"),
    Verb.BRING_BACK: _l("Bring back into review"),
    Verb.HALT: _l("Stop the clock"),
    Verb.GO_ON: _l("Let the clock go on"),
    Verb.WITHDRAW: _l("Withdraw for this person"),
}

# The criteria of the rubric, in its order, and what a reviewer says of each.
CRITERIA_IDS = {
    "contact": N_("Contact details"),
    "company_facts": N_("Company facts"),
    "tasks": N_("Tasks and results"),
    "plain_language": N_("Plain language"),
    "project_list": N_("Project list"),
    "currency": N_("Up to date"),
}
CRITERIA: Words = {key: _l(words) for key, words in CRITERIA_IDS.items()}
SHORTFALLS: Words = {
    "no_paper": _l("No CV"),
    "unreadable": _l("CV cannot be read"),
    "no_cv": _l("Paper is no CV"),
    **CRITERIA,
}
VERDICTS: Words = {"ok": _l("ok"), "weak": _l("weak"), "missing": _l("missing")}
VERDICT_TONES = {"ok": "ok", "weak": "warn", "missing": "bad"}
DECISIONS: Words = {
    Verb.FALL_SHORT: _l("Falls short: write the letter"),
    Verb.REPEAT: _l("Falls short: the same stage once more"),
    Verb.PASS: _l("Meets the standard: invite to the interview"),
    Verb.REFUSE: _l("Refuse"),
}
DECIDED: Words = {
    Verb.FALL_SHORT: _l("fell short"),
    Verb.REPEAT: _l("fell short, stage repeated"),
    Verb.PASS: _l("met the standard"),
    Verb.REFUSE: _l("refused"),
}

# What managers answer.
REACTION_IDS = {
    "always_worked": N_("“It has always worked so far”"),
    "convince_in_talk": N_("“I convince in the talk”"),
    "delete_data": N_("“Delete my data”"),
    "other": N_("Something else"),
}
REACTIONS: Words = {key: _l(words) for key, words in REACTION_IDS.items()}

# What sending a letter does, as its button says it.
LETTER_STEPS: Words = {
    Kind.STAGE_1: _l("Send the letter, start follow-up 1"),
    Kind.STAGE_2: _l("Send the letter, start follow-up 2"),
    Kind.STAGE_3: _l("Send the letter, start follow-up 3"),
    Kind.CLOSING: _l("Send the letter, close the admission"),
    Kind.REFUSAL: _l("Send the letter, refuse"),
    Kind.INVITATION: _l("Send the invitation"),
    Kind.ADMISSION: _l("Send the letter, release"),
}

# What a colleague does next in the admission, as the manager's own page says it.
NEXT_STEPS: Words = {
    State.CONFIRMED: _l("Review the papers"),
    State.IN_REVIEW: _l("Review the papers"),
    State.FOLLOW_UP_1: _l("Wait for new papers"),
    State.FOLLOW_UP_2: _l("Wait for new papers"),
    State.FOLLOW_UP_3: _l("Wait for new papers"),
    State.INTERVIEW: _l("Plan the interview and hold it"),
}

# How the state is said to the person.
PUBLIC_STATES: Words = {
    State.REGISTERED: _l("Your registration waits for your confirmation."),
    State.CONFIRMED: _l("Your registration is confirmed; we are about to review your papers."),
    State.IN_REVIEW: _l("We are reviewing your papers."),
    State.FOLLOW_UP_1: _l("We have written to you what is missing in your papers, and wait for better ones."),
    State.FOLLOW_UP_2: _l("We have written to you what is missing in your papers, and wait for better ones."),
    State.FOLLOW_UP_3: _l("We have written to you what is missing in your papers, and wait for better ones."),
    State.INTERVIEW: _l("Your papers are fine; next we would like to talk with you."),
    State.RELEASED: _l("You are admitted: we can propose you to clients."),
    State.PAUSED: _l("You are admitted; at present we do not propose you to clients."),
    State.OUT: _l("You are not admitted at present. With new papers the review begins anew."),
    State.WITHDRAWN: _l("Your registration is withdrawn."),
    State.ERASED: _l("Your data were erased."),
}
