"""What is told on the timelines of clients and contacts."""

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("clients.entered", N_("Client entered"), icon_name("building-add"))
register("clients.changed", N_("Changed: %(what_words)s"), icon_name("pencil-square"))
register("clients.contact_entered", N_("Contact entered: %(name)s"), icon_name("person-plus"))
register("clients.contact_changed", N_("Contact %(name)s changed: %(what_words)s"), icon_name("pencil-square"))
register("clients.contact_left", N_("%(name)s is no longer there from %(left_on)s"), icon_name("person-dash"))
register("clients.contact_stayed", N_("%(name)s is there after all"), icon_name("person-check"))
