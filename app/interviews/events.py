"""What is told on the timelines about interviews, what their letter is for, and whether it still goes."""

from __future__ import annotations

from datetime import datetime

from app.core.errors import N_
from app.db import db
from app.interviews.actions import GUARD, PURPOSE
from app.mail import guards, purposes
from app.mail.guards import SEND, Decision, Skip
from app.mail.models import Letter
from app.managers.models import Manager
from app.managers.rules import State
from app.timeline import register
from app.web.icons import icon_name

register("interviews.planned", N_("Interview planned, due %(due_on)s"), icon_name("calendar3"))
register("interviews.corrected", N_("Record of the interview corrected"), icon_name("pencil"))
register("interviews.letter", N_("%(number)s recommendations sent after the interview"), icon_name("lightbulb"), tone="info")
register("interviews.used", N_("Recommendation %(used_words)s"), icon_name("lightbulb"))

purposes.register(PURPOSE, N_("Recommendations after the interview"))


def still_wanted(letter: Letter, at: datetime) -> Decision:
    """Whoever has withdrawn meanwhile gets no letter any more."""
    state = db.session.query(Manager.state).filter(Manager.id == letter.guard_args["manager_id"]).scalar()
    if state in (None, State.WITHDRAWN, State.ERASED):
        return Skip(N_("The manager has withdrawn."))
    return SEND


guards.register(GUARD, still_wanted)
