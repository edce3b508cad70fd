"""A mandate's page: stages and what is missing, talks, plan and handbook, course, term and rates, timeline.

Each request reads what the page says, in few statements; where all of it is as it was, the page is sent as it was written.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.dates import add_days
from app.mandates import drawing, labels, panels, record_queries, rules
from app.mandates.access import may_change_term
from app.mandates.blueprint import bp, firm_today
from app.mandates.course_queries import Course, course_of
from app.mandates.models import Mandate
from app.mandates.record_queries import Seen
from app.mandates.talk_lines import lines_of
from app.references import window_queries, written_panel
from app.settings.queries import firm
from app.timeline.queries import rows_about, told
from app.users.ownership import may_change_part
from app.users.queries import names
from app.web.formats import day_short
from app.web.kept import kept_page
from app.web.paging import Content
from app.web.rights import allow

FIRST_TALKS = 8  # shown at once on a mandate's page; later ones open on demand


def _reference(window: Any, mandate: Mandate, rights: dict[str, bool], today: date) -> Any:
    return written_panel.panel(window, mandate, rights["arrange"], today)


@bp.get("/<int:mandate_id>")
@allow("mandates.read")
def show(mandate_id: int) -> Any:
    found, today = record_queries.row_of(mandate_id), firm_today()
    if not found.raw:
        abort(404)
    course, events, known = course_of(mandate_id), rows_about("mandate", mandate_id), names()
    rights = _rights(record_queries.seen(found.rows[0], course), today)
    window = window_queries.case_for_page(mandate_id, today, (found.raw, events.raw[:1]))
    return kept_page(
        "mandates/show.html",
        constant={"labels": labels},
        late=lambda: (
            _in_words(record_queries.as_mandate(found.rows[0], course), course, today)
            | {"events": told(events, known), "rights": rights}
            | {"reference": _reference(window, record_queries.as_mandate(found.rows[0], course), rights, today)}
        ),
        mandate_as_of=found,
        course=course.answer,
        window=window,
        told=(Content(events.raw), events.next_url, events.first_url),
        names=tuple(known.items()),
        may=tuple(rights.items()),
        today_=today,
        settings=firm(),
    )


def _in_words(mandate: Mandate, course: Course, today: date) -> dict[str, Any]:
    """Return what the page says of the mandate and what hangs on it."""
    found, standing = panels.panels_of(mandate, course, today), mandate.standing_on(today)
    plan = found["handbook"]
    return {
        "mandate": mandate,
        "pill": labels.pill(mandate.stage, standing),
        "remaining": labels.remaining(rules.remaining_days(today, mandate.ends_on))
        if mandate.ends_on and standing is rules.Standing.RUNNING
        else "",
        "stages": _stages(mandate, plan),
        "chart": drawing.plan_of(mandate, course.talks, today, plan.steps if plan else ()),
        **_talks(mandate, course, today),
        "mandate_days": mandate.terms_on(max(today, mandate.starts_on or today)).days_per_week,
        "clause_rule": labels.clause(firm()),
        "exit_is_late": standing is rules.Standing.RUNNING and rules.exit_is_overdue(mandate.exit_on, today),
        "changes": sorted(mandate.extensions, key=lambda change: change.id, reverse=True),
        "money": _money(mandate, today) if current_user.sees_money_of(mandate) else None,
        "team": [name for number in mandate.colleague_ids if (name := names().get(number))],
        "owner": names().get(mandate.owner_id),
        "panels": found,
    }


def _talks(mandate: Mandate, course: Course, today: date) -> dict[str, Any]:
    """Return the lines of talks ahead, those at once and later ones, and of those behind, the last one first."""
    lines = lines_of(mandate, course.talks, today)
    ahead = [line for line in lines if line.is_open]
    shown_at_once = FIRST_TALKS if len(ahead) > FIRST_TALKS + 2 else len(ahead)
    return {
        "open_lines": ahead[:shown_at_once],
        "later_lines": ahead[shown_at_once:],
        "past_lines": [line for line in reversed(lines) if not line.is_open],
    }


def _stages(mandate: Mandate, plan: Any) -> list[dict[str, Any]]:
    """Return the four stages with what stands under each."""
    weeks, notes = firm().exit_countdown_weeks, dict.fromkeys(rules.Stage, "")
    if mandate.signed_on is not None:
        notes[rules.Stage.SCOPING] = _("Contract %(day)s", day=day_short(mandate.signed_on))
    elif mandate.stage == rules.Stage.SCOPING:
        notes[rules.Stage.SCOPING] = _("no contract yet")
    if mandate.starts_on is not None and mandate.ends_on is not None:
        if mandate.stage <= rules.Stage.ANALYSIS:
            expected = min(add_days(mandate.starts_on, firm().handbook_expected_days), mandate.ends_on)
            notes[rules.Stage.ANALYSIS] = _("plan expected by %(day)s", day=day_short(expected))
        elif plan is not None and plan.accepted_on is not None:
            notes[rules.Stage.ANALYSIS] = _("accepted %(day)s", day=day_short(plan.accepted_on))
        if plan is not None and plan.of and mandate.stage >= rules.Stage.EXECUTION:
            notes[rules.Stage.EXECUTION] = _("%(reached)d of %(of)d milestones reached", reached=plan.reached, of=plan.of)
        begins = max(rules.end_dates(mandate.ends_on, weeks, ()).countdown_from, mandate.starts_on)
        notes[rules.Stage.HANDOVER] = ngettext(
            "from %(day)s · %(num)d week before the end",
            "from %(day)s · %(num)d weeks before the end",
            weeks,
            day=day_short(begins),
        )
    if mandate.closed_on is not None:
        notes[rules.Stage.HANDOVER] = _("closed %(day)s", day=day_short(mandate.closed_on))
    now = mandate.stage if mandate.closed_on is None else rules.Stage.HANDOVER + 1
    return [
        {"words": labels.stage(stage), "note": notes[stage], "done": stage < now, "now": stage == now} for stage in rules.Stage
    ]


def _money(mandate: Mandate, today: date) -> dict[str, Any]:
    """Return rates, margin and their history, for those who may see them."""
    on = max(today, mandate.starts_on) if mandate.starts_on else today
    terms = mandate.terms_on(on)
    return {
        "terms": terms,
        "margin": rules.margin_of(terms, mandate.client_rate_unit, mandate.manager_rate_unit, firm().hours_a_day),
        "changes": sorted(mandate.dated_terms, key=lambda change: (change.effective_on, change.order), reverse=True),
        "known": terms.client_rate is not None or terms.manager_rate is not None,
        "hours": firm().hours_a_day,
    }


def _rights(mandate: Seen, today: date) -> dict[str, bool]:
    """Return what the person signed in may do to this mandate, for buttons; the views ask again."""
    is_live = mandate.is_live
    write = current_user.may_change(mandate) and current_user.may("mandates.write")
    return {
        "write": write,
        "sign": write and is_live and mandate.signed_on is None,
        "extend": is_live and mandate.signed_on is not None and may_change_term(current_user, mandate, today),
        "step": is_live and may_change_part(current_user, mandate, "next_steps.write"),
        "note": current_user.may("notes.write"),
        "arrange": current_user.may("talks.arrange"),
    }
