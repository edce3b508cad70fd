"""What is told on the timelines about talks, what their letters are for, and what a colleague who leaves hands over."""

from __future__ import annotations

from datetime import datetime

from app.core.errors import N_
from app.mail import purposes
from app.talks import actions, queries
from app.timeline import register
from app.users import belongings
from app.users.models import User
from app.web.icons import icon_name

_CHAT = icon_name("chat-text")
register("talks.planned", N_("Talks planned by the quality clause"), icon_name("calendar3"))
register("talks.followed_end", N_("The plan of talks follows the new end on %(new_end_on)s"), icon_name("calendar3"), tone="info")
register("talks.added", N_("%(kind_words)s added, due %(due_on)s"), icon_name("plus-lg"))
register(
    "talks.moved",
    N_("%(kind_words)s moved from %(was_on)s to %(due_on)s, because the end of the mandate moved"),
    icon_name("arrow-right"),
)
register("talks.left_out", N_("%(kind_words)s left out, because the end of the mandate moved"), icon_name("x-lg"))
register(
    "talks.became_quality", N_("The closing talk's appointment stays as a quality talk"), icon_name("arrow-right"), tone="info"
)
register("talks.arranged", N_("%(kind_words)s arranged for %(appointment_at)s"), icon_name("calendar-check"), tone="info")
register("talks.postponed", N_("%(kind_words)s moved from %(was_at)s to %(appointment_at)s"), icon_name("arrow-right"))
register("talks.put_off", N_("%(kind_words)s now due %(due_on)s instead of %(was_on)s"), icon_name("arrow-right"))
register("talks.declined", N_("%(kind_words)s declined: %(decline_words)s"), icon_name("x-lg"), tone="bad")
register("talks.replaced", N_("%(kind_words)s left out, because another one takes its place"), icon_name("x-lg"))
register("talks.no_closing", N_("There will be no closing talk"), icon_name("x-lg"))
register("talks.cancelled", N_("%(kind_words)s cancelled"), icon_name("x-lg"))
register("talks.held", N_("%(kind_words)s held"), _CHAT, tone="ok")
register("talks.held_rated", N_("%(kind_words)s held, rated %(overall)s of 5"), _CHAT, tone="ok")
register("talks.corrected", N_("Record of the talk corrected"), icon_name("pencil"))
register("talks.not_reached", N_("%(kind_words)s: not reached"), icon_name("telephone-x"))
register("talks.called_in_vain", N_("Called, not reached"), icon_name("telephone-x"))
register("talks.step_done", N_("Agreed step done"), icon_name("check2"), tone="ok")
register("talks.step_handed_over", N_("Agreed step handed over"), icon_name("person-lines-fill"))
register("talks.kept", N_("Appointment kept after the end of the mandate moved"), icon_name("check2"))
register("talks.contact_replaced", N_("%(kind_words)s: another contact takes it over"), icon_name("person-lines-fill"))
register("talks.manager_replaced", N_("%(kind_words)s: another manager takes it over"), icon_name("person-badge"))
register("talks.owner_replaced", N_("%(kind_words)s: another colleague holds it"), icon_name("person-lines-fill"))

purposes.register("talks.invitation", N_("Invitation to a talk"))
purposes.register("talks.update", N_("Change of an appointment"))
purposes.register("talks.cancellation", N_("Cancellation of an appointment"))


def _hand_over(from_user: User, to_user: User, actor: User | None, at: datetime) -> int:
    return actions.hand_over(queries.held_open_by(from_user.id), to_user, actor=actor, at=at)


def _hand_over_promises(from_user: User, to_user: User, actor: User | None, at: datetime) -> int:
    return actions.hand_over_promises(queries.promises_of(from_user.id), to_user, actor=actor, at=at)


belongings.register(
    "promises", N_("Agreed steps not done"), count=queries.count_promises_of, hand_over=_hand_over_promises, needs_owner=False
)
belongings.register("talks", N_("Talks due or arranged"), count=queries.open_of, hand_over=_hand_over, needs_owner=False)
