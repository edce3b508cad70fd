"""The words of written references: how they stand, what for they may be used, and why one asks now."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import N_
from app.references.window_queries import Case
from app.references.window_rules import CLOSES_DAYS_BEFORE_END, Why, Window, passed_share
from app.references.written_rules import Scope, Silent, State
from app.web.formats import day, full_date, percent

_STATES = {
    State.DRAFT: (N_("Draft"), None),
    State.SENT: (N_("with the client"), "info"),
    State.RELEASED: (N_("released"), "ok"),
    State.DECLINED: (N_("declined by the client"), "warn"),
    State.REVOKED: (N_("revoked"), "bad"),
}
_SCOPES = {
    Scope.INTERNAL: N_("internal"),
    Scope.ON_REQUEST: N_("on request"),
    Scope.PUBLIC: N_("public"),
}


def pill(state: str) -> tuple[str, str | None]:
    """Return "released" and its tone."""
    words, tone = _STATES[State(state)]
    return _(words), tone


def scope(key: str) -> str:
    """Return "on request"."""
    return _(_SCOPES[Scope(key)])


def scope_sentence(key: str) -> str:
    """Return what the scope means, as it stands in the document."""
    return {
        Scope.INTERNAL: _("Internal: for our own use only, not for handing out."),
        Scope.ON_REQUEST: _("On request: to be shown to clients who ask about this person."),
        Scope.PUBLIC: _("Public: may be shown and published."),
    }[Scope(key)]


def heading(case: Case) -> str:
    """Return the heading of the window on the mandate's page."""
    if case.suggestion.is_made:
        best = case.suggestion.view.window is Window.BEST
        return _("Reference: best time now, because …") if best else _("Reference: a good time now, because …")
    return _("Reference")


def reasons(case: Case, today: object) -> list[str]:
    """Return why the window stands as it does, a sentence each, and why nothing is proposed all the same."""
    seen = case.suggestion
    if seen.silent is Silent.ASKED:
        return []
    found = [_why(one, case, today) for one in seen.view.why]
    if seen.is_made and seen.view.closes_on is not None:
        found.append(_("The window is open until %(day)s.", day=day(seen.view.closes_on)))
    if seen.silent is not None and seen.view.is_open:
        found.append(_silent(seen.silent))
    return found


def _why(why: Why, case: Case, today: object) -> str:
    term, opens_on = case.term, case.suggestion.view.opens_on
    match why:
        case Why.SHARE:
            return _("%(share)s of the term have passed.", share=percent(float(passed_share(term, today))))  # type: ignore[arg-type]
        case Why.TOO_EARLY:
            return _("The window opens on %(day)s, after 30 percent of the term.", day=day(opens_on))
        case Why.GOOD_RATING:
            return _("The client gave %(rating)d of 5 in the latest quality talk, on %(day)s.", rating=term.rating,
                     day=day(term.rated_on))  # fmt: skip
        case Why.NO_RATING:
            return _("No quality talk with the client has a rating yet.")
        case Why.LOW_RATING:
            return _("The latest rating of the client is %(rating)d of 5; from 4 on we ask.", rating=term.rating)
        case Why.JUST_SIGNED:
            return _("An extension was signed on %(day)s.", day=day(term.signed_on))
        case Why.NEAR_END:
            return ngettext(
                "Less than %(num)d day is left until the end on %(day)s.",
                "Less than %(num)d days are left until the end on %(day)s.",
                CLOSES_DAYS_BEFORE_END,
                day=full_date(term.ends_on),
            )
        case Why.SHORT_TERM:
            return _("The term is too short for it; the signing of an extension opens the window.")


def _silent(silent: Silent) -> str:
    return {
        Silent.CONFLICT: _("Not proposed: a talk was declined for a conflict, or the latest rating is low."),
        Silent.HELD: _("Not proposed: this person is not to be asked at present."),
        Silent.NOBODY: _("Not proposed: there is no contact with a mail address."),
        Silent.ASKED: "",
    }[silent]
