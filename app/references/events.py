"""What is told on the timelines about referees and calls of third parties."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

_PERSON = icon_name("person-lines-fill")
register("references.referee_entered", N_("Referee entered: %(name)s"), _PERSON)
register("references.referee_changed", N_("Changed: %(what_words)s"), icon_name("pencil"))
register("references.consent", N_("Agrees to a call of the referee %(name)s (%(consent_on)s)"), icon_name("check2"), tone="ok")
register(
    "references.consent_withdrawn", N_("Does not agree to a call of the referee %(name)s any more"), icon_name("x-lg"), tone="bad"
)
register("references.objected", N_("The referee %(name)s wants no call"), icon_name("x-lg"), tone="bad")
register("references.agreed_after_all", N_("The referee %(name)s agrees to a call after all"), icon_name("check2"))
register("references.told", N_("Notice of Art. 14 sent, with a link to object"), icon_name("envelope"))
register("references.told_by_hand", N_("Notice of Art. 14 given by hand on %(given_on)s"), icon_name("envelope"))
register("references.call_planned", N_("Reference call with %(name)s planned until %(due_on)s"), icon_name("telephone"))
register("references.outside_call", N_("%(caller)s called a client about this manager"), icon_name("telephone"))
register("references.outside_call_changed", N_("Note on the call of %(caller)s changed"), icon_name("pencil"))
register(
    "references.contradiction",
    N_("The call of %(caller)s contradicts the written reference"),
    icon_name("exclamation-triangle"),
    tone="bad",
)
register("references.judged", N_("Contradiction judged"), icon_name("check2"))
register("references.referee_removed", N_("A referee was removed with all data"), icon_name("trash"))
