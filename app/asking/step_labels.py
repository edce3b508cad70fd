"""The words of what to do when a talk of the contract does not come about, and where it is done."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from app.asking.step_queries import Stuck
from app.asking.step_rules import Step
from app.web.formats import day


def words(one: Stuck) -> str:
    """Return the step proposed as a sentence."""
    match one.step:
        case Step.OTHER_CONTACT:
            return _("Ask somebody else at the client")
        case Step.FORM:
            return _("Ask in writing: three questions, one minute")
        case Step.MANAGER_REPORT:
            return _("Take the manager's own report")
        case None if one.waits_until is not None:
            return _(
                "Another way was tried; on %(day)s the next one is proposed, if nobody has answered", day=day(one.waits_until)
            )
        case None:
            return _("All ways were tried. Please talk it over with the lead.")


def url(one: Stuck) -> str | None:
    """Return where the step is taken."""
    match one.step:
        case Step.OTHER_CONTACT:
            return f"/talks/{one.talk_id}/other-contact"
        case Step.FORM:
            return f"/talks/{one.talk_id}/invitation?way=form"
        case Step.MANAGER_REPORT:
            return f"/mandates/{one.mandate_id}/reports"
        case None:
            return None


def why(one: Stuck) -> str:
    """Return why the talk is stuck."""
    return pgettext("talk", "declined") if one.is_declined else _("overdue")
