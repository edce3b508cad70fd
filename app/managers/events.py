"""What is told on a manager's timeline."""

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("managers.entered", N_("Entered, confirmed by us"), icon_name("person-plus"))
register("managers.entered_released", N_("Entered and released at once"), icon_name("person-plus"), tone="ok", text="reason")
register("managers.changed", N_("Changed: %(what_words)s"), icon_name("pencil-square"))
register("managers.released", N_("Released without review or interview"), icon_name("person-check"), tone="ok", text="reason")
register("managers.available", N_("Available from %(from_on)s, confirmed"), icon_name("calendar-check"))
register("managers.available_unknown", N_("Availability not known any more"), icon_name("calendar-x"))
register(
    "managers.document_added", N_("%(kind_words)s received, version %(number)s"), icon_name("file-earmark-text"), text="file_name"
)
