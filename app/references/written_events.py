"""What is told on the timelines about written references."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("references.drafted", N_("Written reference drafted"), icon_name("pencil-square"))
register("references.discarded", N_("Draft of a reference discarded"), icon_name("x-lg"))
register("references.asked", N_("Asked for a written reference"), icon_name("envelope"))
register("references.reminded", N_("Reminded of the request for a reference"), icon_name("envelope"))
register("references.taken_back", N_("Request for a reference taken back"), icon_name("x-lg"))
register("references.released", N_("The client released a written reference"), icon_name("chat-quote"))
register("references.declined", N_("The client would rather give no reference"), icon_name("x-lg"))
register("references.revoked", N_("Written reference revoked"), icon_name("x-lg"))
register("references.link_sent", N_("New link to a released reference sent"), icon_name("envelope"))
register("references.thanked", N_("Told that the feedback helped"), icon_name("envelope"))
