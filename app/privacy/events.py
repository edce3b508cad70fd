"""What a timeline tells of erasures: only that somebody who was erased was entered again. See app.timeline.kinds."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("privacy.entered_again", N_("Entered again after an erasure"), icon_name("person-check"))
