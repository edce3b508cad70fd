"""The written reference on a mandate's page: whether to ask now and why, or what became of it; no statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.core.dates import add_days
from app.ledger import labels as ledger_labels
from app.mandates.models import Mandate
from app.mandates.rules import Standing
from app.references import written_labels
from app.references.window_queries import Case
from app.references.written_rules import Silent, State
from app.web.formats import full_date

PROPOSED_DAYS = 60  # so long after the signing of a mandate thanks for the feedback behind it are proposed


@dataclass(frozen=True)
class Panel:
    """`is_made`: Lotse proposes to ask today. Texts are in the reader's language."""

    is_made: bool
    heading: str
    pill: tuple[str, str | None] | None
    reasons: tuple[str, ...]
    done: str
    held: str
    ask_url: str | None
    ask_words: str
    thanks: bool


def panel(case: Case | None, mandate: Mandate, may_ask: bool, today: date) -> Panel | None:
    """Return the panel; None where there is nothing to say: no contract, or a mandate over without a reference."""
    if case is None:
        return None
    is_running = mandate.standing_on(today) is Standing.RUNNING
    thanks = case.has_givers and may_ask and _was_signed_lately(mandate, today)
    if case.reference_id is None and not is_running and not thanks:
        return None
    is_made = case.suggestion.is_made and is_running
    return Panel(
        is_made=is_made,
        heading=written_labels.heading(case) if is_made else _("Reference"),
        pill=written_labels.pill(case.reference_state) if case.reference_state else None,
        reasons=tuple(written_labels.reasons(case, today)) if is_running else (),
        done=_done(case),
        held=_held(case) if is_running else "",
        ask_url=_url(case) if may_ask and (is_made or case.reference_state == State.DRAFT) else None,
        ask_words=_("Go on with the draft") if case.reference_state == State.DRAFT else _("Draft a reference"),
        thanks=thanks,
    )


def _was_signed_lately(mandate: Mandate, today: date) -> bool:
    return mandate.signed_on is not None and today < add_days(mandate.signed_on, PROPOSED_DAYS)


def _url(case: Case) -> str:
    base = f"/mandates/{case.mandate_id}/reference"
    return f"{base}/{case.reference_id}" if case.reference_state == State.DRAFT else f"{base}/new"


def _done(case: Case) -> str:
    on = full_date(case.reference_on)
    match case.reference_state:
        case State.SENT:
            return _("With the client since %(day)s.", day=on)
        case State.RELEASED:
            return _("Released on %(day)s: %(scope)s.", day=on, scope=written_labels.scope(case.reference_scope or "internal"))
        case State.DECLINED:
            return _("Declined on %(day)s.", day=on)
        case State.REVOKED:
            return _("Revoked on %(day)s.", day=on)
        case _:
            return ""


def _held(case: Case) -> str:
    """Return until when the guard holds back what the window would let through."""
    if case.suggestion.silent is not Silent.HELD or case.decision is None or not case.suggestion.view.is_open:
        return ""
    reasons = [ledger_labels.why(one, case.last_asked_on) for one in case.decision.reasons]
    return " ".join([f"{ledger_labels.held_until(case.decision)}.", *reasons])
