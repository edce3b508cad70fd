"""What is told on the timelines about asking."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("ledger.overridden", N_("Asked although the guard held back"), icon_name("exclamation-triangle"))
register("ledger.never", N_("Does not want to be asked any more"), icon_name("x-lg"))
register("ledger.not_before", N_("Does not want to be asked before %(until_on)s"), icon_name("calendar3"))
register("ledger.as_usual", N_("May be asked as usual again"), icon_name("check2"))
