"""/admission: everyone not yet admitted, the pace, and what is done to many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.admission import forms, queue_actions, queue_labels, queue_queries
from app.admission.queue_actions import Deed, Done
from app.admission.queue_queries import MOST_AT_ONCE, SHOWN, QueueFilters, filters_from
from app.admission.queue_rules import WAITING
from app.admission.views import bp
from app.admission.vocabulary import SHORTFALLS
from app.core.clock import clock
from app.core.errors import RuleViolation
from app.db import unit_of_work
from app.managers.vocabulary import STATES
from app.settings.queries import firm
from app.users.ownership import owner_choices
from app.users.queries import names
from app.web.kept import kept_page
from app.web.pages import page
from app.web.rights import allow


@bp.get("")
@allow("admission.read")
def index() -> Any:
    filters, today = filters_from(request.args, SHORTFALLS), clock().today(firm().zone)
    known = tuple(names().items())
    counts, moves = queue_queries.counts(current_user.id, today), queue_queries.moves(today)
    found = queue_queries.listing(filters, current_user.id, today)

    def late() -> dict[str, Any]:
        figures = queue_labels.figures(counts, moves, today)
        rows = queue_labels.rows_of(found.rows, dict(known), today)
        return {
            "figures": figures,
            "drawing": queue_labels.drawing(figures.weeks, today),
            "rows": rows,
            "views": _views(filters, figures),
            "shortfalls": list(SHORTFALLS.items()),
            "review_next": next((f"/admission/{row.id}/review" for row in rows if row.review), None),
            "all_matching": "/admission/selections?" + urlencode({**filters.given(), "all": "1"}),
        }

    return kept_page(
        "admission/index.html",
        late=late,
        pages=found,
        filters=filters,
        counts=counts,
        moves=moves,
        known=known,
        batches=queue_queries.batches(),
        settings=firm(),
        may_write=current_user.may("admission.write"),
        may_import=current_user.may("admission.import"),
    )


def _views(filters: QueueFilters, figures: queue_labels.Figures) -> list[tuple[str, str, bool, int | None]]:
    def view(words: Any, state: str, count: int | None) -> tuple[str, str, bool, int | None]:
        given = urlencode(filters.given(state=state))
        return str(words), f"/admission?{given}" if given else "/admission", filters.state == state, count

    return [
        view(_("All"), "", figures.waiting),
        *(view(STATES[state], state, figures.by_state[state]) for state in WAITING),
        *(view(STATES[state], state, None) for state in SHOWN if state not in WAITING),
    ]


@bp.route("/selections", methods=["GET", "POST"])
@allow("admission.write")
def selections() -> Any:
    """What is to be done to the ticked ones, or to all that match the filters of the list."""
    form = forms.SelectionForm.for_request(ids=",".join(map(str, _asked())))
    today = clock().today(firm().zone)
    form.owner_id.offer(lambda: owner_choices(today), "")
    chosen = _numbers(form.ids.data or "")
    is_cut = len(chosen) > MOST_AT_ONCE
    chosen = chosen[:MOST_AT_ONCE]
    if chosen and form.submitted():
        try:
            with unit_of_work() as work:
                done = queue_actions.to_many(
                    chosen,
                    Deed(form.deed.data),
                    to=form.owner_id.chosen,
                    reason=form.reason.data,
                    may_change=current_user.may_change,
                    actor=current_user,
                    at=clock().now(),
                )
                work.leads_to(url_for(".index"))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_told(done))
            return work.redirect()
    return page("admission/selection.html", form, count=len(chosen), is_cut=is_cut, most=MOST_AT_ONCE)


def _asked() -> list[int]:
    """Return the numbers that the address asks for: those ticked, or all that match; one too many says that there are more."""
    if request.method == "POST":
        return []
    if request.args.get("all"):
        filters, today = filters_from(request.args, SHORTFALLS), clock().today(firm().zone)
        return queue_queries.chosen(filters, current_user.id, today)
    return _numbers(",".join(request.args.getlist("id")))


def _numbers(text: str) -> list[int]:
    """Return the numbers in the text, each once, at most one more than may be done at once; what is none is left out."""
    found = dict.fromkeys(int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) <= 9)
    return list(found)[: MOST_AT_ONCE + 1]


def _told(done: Done) -> str:
    said = [ngettext("Done for one person.", "Done for %(num)d people.", done.done)]
    if done.left:
        said.append(ngettext("For one nothing was to be done.", "For %(num)d nothing was to be done.", done.left))
    if done.refused:
        said.append(
            ngettext("One belongs to a colleague and stays as it is.", "%(num)d belong to colleagues and stay as they are.", done.refused)
        )  # fmt: skip
    return " ".join(said)
