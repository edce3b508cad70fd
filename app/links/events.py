"""What is told on the timelines about personal links."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("links.revoked", N_("Link of %(recipient)s taken back: %(purpose_words)s"), icon_name("x-lg"))
