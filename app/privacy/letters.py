"""The last letter to somebody: their data were erased. Its row holds an address and nothing else."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.core.errors import N_
from app.mail import actions as mail
from app.mail import guards, purposes
from app.mail.compose import compose, speaking
from app.mail.models import Letter
from app.settings.queries import firm

ERASED = "privacy.erased"
GUARD = "privacy.erased"
purposes.register(ERASED, N_("Notice of an erasure"), forgotten=True)


def queue_notice(manager_id: int, address: str, language: str, at: datetime) -> Letter:
    """Queue the letter; its words are made when it goes, so its row holds none."""
    return mail.queue(
        key=f"{ERASED}/{manager_id}/{at.isoformat()}",
        to=mail.Recipient(address, "", language),
        subject="",
        text="",
        purpose=ERASED,
        at=at,
        guard=GUARD,
    )


def _words(letter: Letter, _at: datetime) -> guards.Decision:
    with speaking(letter.language):
        subject = _("Your data were erased.")
        body = [
            _("Good day,"),
            _("Your data were erased."),
            _(
                "Your profile, your documents, notes, talks and letters are gone from our systems. Of mandates that were signed we "
                "keep what the law demands, without your name."
            ),
            _("This letter needs no answer. Your mail address is deleted as soon as it has gone."),
            firm().name,
        ]
        written = compose(letter.language, body)
    return guards.Fresh(subject=subject, text=written.text, html=written.html)


guards.register(GUARD, _words)
