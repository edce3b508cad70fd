"""The notice of Art. 14 GDPR to a referee: where the data came from, what for, how long, and how to object or be erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app import links
from app.core.environment import environment
from app.core.errors import N_
from app.db import db
from app.links.models import PersonalLink
from app.links.rules import State as LinkState
from app.mail import guards, purposes
from app.mail.actions import Recipient, cancel_unsent, queue
from app.mail.compose import LINK_PLACE, Block, Facts, compose, speaking
from app.mail.models import Letter
from app.references.models import Referee
from app.settings.queries import firm
from app.timeline import record as tell

NOTICE = "references.referee"
purposes.register(NOTICE, N_("Notice of Art. 14 to a referee"))


def inform(referee: Referee, *, at: datetime) -> Letter | None:
    """Queue the notice once the manager has agreed to a call; None where it was given, cannot go by mail or may not go yet."""
    db.session.flush()  # a new referee gets the number
    if referee.told_at is not None or not referee.may_be_called or not referee.email:
        return None
    until = at + timedelta(days=firm().objection_link_days)
    link = links.issue(NOTICE, referee, language=referee.language, at=at, expires_at=until, recipient=referee.name)
    with speaking(referee.language):
        subject = _("Where your data with us came from")
        after: list[Block] = [_("You need do nothing if this is all right for you.")]
        button = (_("Object, or have my data erased"), LINK_PLACE)
        written = compose(referee.language, blocks(referee), button=button, closing=after)
    referee.told_at = at
    tell("references.told", referee, at=at)
    return queue(
        key=f"{NOTICE}/{referee.id}/{link.id}",
        to=Recipient(referee.email, referee.name, referee.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=NOTICE,
        at=at,
        about=referee,
        link_id=link.id,
        guard=NOTICE,
    )


def take_back(referee: Referee, *, at: datetime) -> None:
    """Take back a notice that has not gone yet: the referee was not told then."""
    if cancel_unsent(N_("The manager has taken the consent back."), about=referee, purpose=NOTICE):
        referee.told_at = None
        links.revoke_all(referee, at=at, purpose=NOTICE)


def blocks(referee: Referee) -> list[Block]:
    """Return the notice in the language spoken at the moment, without its link."""
    manager = referee.manager.name
    return [
        f"{referee.salutation()},",
        _(
            "%(manager)s has named you to us as somebody who can judge the work done together, and has agreed to our calling you. "
            "You did not give us your data yourself, so we tell you what we keep and where it came from (Art. 14 GDPR).",
            manager=manager,
        ),
        Facts(_answers(manager)),
        _(
            "You can object at any time, without giving a reason: then nobody calls you, and your number is hidden. You can have your "
            "data erased; then they are gone at once. A word to us is enough."
        ),
        _(
            "You can also ask us what we keep of you, and have it corrected or restricted. If you think that we do not handle your "
            "data rightly, you can complain to the data protection authority, for example where you live or work."
        ),
    ]


def _answers(manager: str) -> list[tuple[str, str]]:
    """Return what Art. 14 asks for, as pairs of question and answer; rights and complaint follow in sentences."""
    house = firm()
    return [
        (_("Who keeps them"), f"{house.name}, {house.mailbox or environment().mail_from}"),
        (_("Where they came from"), _("From %(manager)s", manager=manager)),
        (_("What for"), _("A talk in which we ask what it was like to work together; nothing else.")),
        (_("On what ground"), _("Legitimate interest: ours, and that of the companies we find executives for, in knowing how "
                                "somebody works before that person is put in charge (Art. 6(1)(f) GDPR)")),
        (_("What we keep"), _("Name, company, position, ways to reach you, when and how you worked with %(manager)s, and what you "
                              "tell us.", manager=manager)),
        (_("Who gets them"), _("Our own people, and whoever runs our computers and mail on our behalf, bound by contract. We quote "
                               "you to others only where you agree to it.")),
        (_("How long"), _("As long as we keep the data of %(manager)s, unless you have yours erased before.", manager=manager)),
    ]  # fmt: skip


def in_firms_language(message: str) -> str:
    """Return a message in the language of the firm: for what is kept as text."""
    with speaking(firm().language):
        return str(_(message))


def _still_holds(letter: Letter, at: datetime) -> Any:
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link.state(at) is not LinkState.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    referee = db.session.get(Referee, link.subject_id, populate_existing=True)
    return guards.SEND if referee is not None else guards.Skip(N_("This person was erased."))


guards.register(NOTICE, _still_holds)
