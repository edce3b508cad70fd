"""What is told on a manager's timeline about admission."""

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("admission.registered", N_("Registered on the public page; not confirmed yet"), icon_name("inbox"))
register("admission.confirmed", N_("Confirmed the registration"), icon_name("check2-circle"), tone="ok")
register("admission.moved", N_("Admission: from “%(was_words)s” to “%(now_words)s”"), icon_name("signpost"), text="reason")
register("admission.halted", N_("The clock stands still"), icon_name("pause-circle"), text="reason")
register("admission.goes_on", N_("The clock goes on, next date %(next_on)s"), icon_name("play-circle"), text="reason")
register("admission.goes_on_undated", N_("The clock goes on"), icon_name("play-circle"), text="reason")
register("admission.fee", N_("Fee: %(fee_words)s"), icon_name("receipt"), text="reason")
register("admission.withdrawn", N_("Withdrew the registration"), icon_name("x-circle"), tone="bad", text="reason")
register("admission.reviewer", N_("%(reviewer)s reviews the papers from this moment on"), icon_name("person-check"))
register("admission.name_checked", N_("Checked the parts of the name"), icon_name("pencil-square"))
register("admission.art14_told", N_("Notice of Art. 14: where the data came from, by mail"), icon_name("envelope"))
register("admission.art14_by_hand", N_("Notice of Art. 14 given by hand on %(given_on)s"), icon_name("envelope"))
register("admission.objected", N_("Objected to our keeping the data"), icon_name("x-circle"), tone="bad")
register(
    "admission.released_by_start",
    N_("Released as the import says, by starting it"),
    icon_name("person-check"),
    tone="ok",
    text="text",
)
register("admission.letter", N_("Letter: %(purpose_words)s"), icon_name("envelope"))
register("admission.letter_by_post", N_("By post: %(purpose_words)s"), icon_name("envelope"), text="text")
register("admission.reaction", N_("Reaction: %(code_words)s"), icon_name("chat-text"), text="text")
