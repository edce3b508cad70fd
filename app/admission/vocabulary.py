"""Words of admission: what staff can do, and how the fee stands."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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
    State.OUT: _l("You are not admitted at present. With new papers the review begins anew: simply answer our last mail."),
    State.WITHDRAWN: _l("Your registration is withdrawn."),
    State.ERASED: _l("Your data were erased."),
}
