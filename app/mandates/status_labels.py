"""The words of the status check: questions, answers, occasions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.mandates.status_rules import Answer, Band, Occasion, Regime

QUESTIONS = {
    "de_time_place": _l("Does the client lay down when and where the manager works?"),
    "de_instructions": _l("Does the client give instructions on how the work is to be done?"),
    "de_integration": _l("Is the manager integrated into the client's organisation: rosters, approvals, an address like staff?"),
    "de_like_staff": _l("Does the manager do the same work as employees of the client?"),
    "de_leads_staff": _l("Does the manager lead staff of the client as a superior in the line?"),
    "de_benefits": _l("Does the manager get what employees get: paid holiday, pay when ill, allowances?"),
    "de_equipment": _l("Does the manager work with their own equipment?"),
    "de_risk": _l("Does the manager bear an economic risk: liability, making good without pay, own investments?"),
    "de_other_clients": _l("Does more than a sixth of the manager's income come from other clients?"),
    "de_substitute": _l("May the manager send somebody else or bring their own staff?"),
    "de_market": _l("Does the manager appear on the market as a business: own website, insurance, offers?"),
    "nl_lasting": _l("Is the work of a lasting kind, without a clear end or result?"),
    "nl_authority": _l("Does the client determine how and when the work is done: instructions, supervision, fixed hours?"),
    "nl_embedded": _l(
        "Are the work and the manager embedded in the client's organisation and daily business, as with employees?"
    ),
    "nl_personal": _l("Must the manager do the work in person, without being free to send somebody else?"),
    "nl_terms": _l("Did the client set the terms of the contract alone, without negotiation?"),
    "nl_pay_way": _l("Is the fee set and paid like a wage: a fixed amount per month, also when ill or on holiday?"),
    "nl_pay_level": _l("Is the fee no higher than what an employee in the same role would cost?"),
    "nl_risk": _l("Does the manager bear a commercial risk: liability, making good at own cost, no pay without work?"),
    "nl_entrepreneur": _l(
        "Does the manager act as an entrepreneur, also outside this mandate: reputation, acquisition, several clients, taxes?"
    ),
}
ANSWERS = {
    Answer.YES: _l("yes"),
    Answer.PARTLY: _l("partly"),
    Answer.NO: _l("no"),
    Answer.UNKNOWN: _l("not known"),
}
OCCASIONS = {
    Occasion.START: _l("at the start"),
    Occasion.QUARTER: _l("each quarter"),
    Occasion.EXTENSION: _l("extension"),
    Occasion.MANAGER: _l("new manager"),
}
BANDS = {Band.FEW: _l("few signs"), Band.SOME: _l("some signs"), Band.MANY: _l("many signs")}
TONES = {Band.FEW: "ok", Band.SOME: "warn", Band.MANY: "bad"}
REGIMES = {
    Regime.DE: _l("Signs of bogus self-employment (Germany)"),
    Regime.NL: _l("Working relationship by the Wet DBA (Netherlands)"),
}
BASES = {
    Regime.DE: _l("The signs that courts and the German pension insurance weigh, § 7 SGB IV and § 2 no. 9 SGB VI."),
    Regime.NL: _l(
        "The nine points of the Deliveroo judgment (Supreme Court, 24 March 2023), none of which outranks another (Uber judgment, "
        "21 February 2025). The tax authority has enforced the rules again since 1 January 2025; additional tax can reach back to that day."
    ),
}
