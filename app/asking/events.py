"""What is told on the timelines about invitations."""

from __future__ import annotations

from app.core.errors import N_
from app.timeline import register
from app.web.icons import icon_name

register("asking.invited", N_("Asked for a talk by mail on %(asked_on)s"), icon_name("envelope"))
register("asking.invited_again", N_("Other times proposed by mail"), icon_name("envelope"))
register("asking.reminded", N_("Reminded of the invitation"), icon_name("envelope"))
register("asking.other_time", N_("Another time was proposed"), icon_name("calendar3"))
register("asking.withdrawn", N_("Invitation taken back"), icon_name("x-lg"))
register("asking.not_sent", N_("Not asked after all: the letter was kept back"), icon_name("pause-circle"))
register("asking.other_contact", N_("%(contact)s is asked in place of %(was)s"), icon_name("person-lines-fill"))
