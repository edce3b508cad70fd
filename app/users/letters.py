"""Letters about accounts: invitation, new password, what was changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.core.errors import N_
from app.db import db
from app.links import actions as links
from app.links.models import PersonalLink
from app.links.rules import State
from app.mail import actions as mail
from app.mail import guards, purposes
from app.mail.compose import LINK_PLACE, compose, speaking
from app.mail.models import Letter
from app.mail.rules import Priority
from app.users.models import User

INVITATION, RESET, NOTICE = "users.invitation", "users.reset", "users.notice"
INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=2)

purposes.register(INVITATION, N_("Invitation to work with Lotse"))
purposes.register(RESET, N_("Link for a new password"))
purposes.register(NOTICE, N_("Notice about an account"))


def invitation(user: User, *, inviter: str, at: datetime) -> Letter:
    """Queue the letter whose link sets the first password; it takes the place of an earlier invitation."""
    links.revoke_all(user, at=at, purpose=INVITATION)
    link = links.issue(INVITATION, user, language=user.language, at=at, expires_at=at + INVITATION_LASTS, max_uses=1)
    with speaking(user.language):
        subject = _("Your access to Lotse")
        body = [
            user_salutation(user),
            _(
                "%(inviter)s has opened an account for you in Lotse, our office software. You sign in with the address this mail went to.",
                inviter=inviter,
            )
            if inviter
            else _(
                "An account in Lotse, our office software, has been opened for you. You sign in with the address this mail went to."
            ),
            _("Please choose a password. The link holds for 7 days and works once."),
        ]
        written = compose(user.language, body, button=(_("Choose a password"), LINK_PLACE))
    return _queue(user, INVITATION, subject, written, at, link)


def reset(user: User, *, at: datetime) -> Letter:
    """Queue the letter whose link sets a new password; it takes the place of an earlier one."""
    links.revoke_all(user, at=at, purpose=RESET)
    link = links.issue(RESET, user, language=user.language, at=at, expires_at=at + RESET_LASTS, max_uses=1)
    with speaking(user.language):
        subject = _("A new password for Lotse")
        body = [
            user_salutation(user),
            _(
                "Somebody, most likely you, asked for a new password for your account in Lotse. The link holds for 2 hours and works once."
            ),
        ]
        closing = [_("If it was not you, there is nothing to do: your password stays as it is.")]
        written = compose(user.language, body, button=(_("Choose a new password"), LINK_PLACE), closing=closing)
    return _queue(user, RESET, subject, written, at, link)


def password_changed(user: User, *, at: datetime) -> Letter:
    with speaking(user.language):
        subject = _("Your password for Lotse was changed")
        body = [
            user_salutation(user),
            _("Your password for Lotse was changed just now. All other browsers were signed out."),
            _("If it was not you, please set a new password from the sign-in page at once and tell your administrator."),
        ]
        written = compose(user.language, body)
    return _queue(user, NOTICE, subject, written, at)


def second_factor_changed(user: User, *, is_on: bool, at: datetime) -> Letter:
    with speaking(user.language):
        if is_on:
            subject = _("Your second factor for Lotse is switched on")
            told = _("From now on, signing in to Lotse asks for a code from your authenticator app.")
        else:
            subject = _("Your second factor for Lotse is switched off")
            told = _("Signing in to Lotse no longer asks for a code from your authenticator app.")
        body = [user_salutation(user), told, _("If this surprises you, please tell your administrator at once.")]
        written = compose(user.language, body)
    return _queue(user, NOTICE, subject, written, at)


def user_salutation(user: User) -> str:
    """Return the first line of a letter to a colleague, with its comma."""
    return f"{user.salutation()},"


def _queue(user: User, purpose: str, subject: str, written: Any, at: datetime, link: PersonalLink | None = None) -> Letter:
    key = f"{purpose}/{user.id}/link-{link.id}" if link else f"{purpose}/{user.id}/{at.isoformat()}/{subject}"
    return mail.queue(
        key=key[:200],
        to=mail.Recipient(user.email, user.name, user.language),
        subject=subject,
        text=written.text,
        html=written.html,
        purpose=purpose,
        at=at,
        about=user,
        link_id=link.id if link else None,
        guard="users.link" if link else None,
        priority=Priority.SECURITY,
    )


def _still_wanted(letter: Letter, at: datetime) -> guards.Decision:
    link = db.session.get(PersonalLink, letter.link_id) if letter.link_id else None
    if link is None or link.state(at) is not State.FOUND:
        return guards.Skip(N_("Its link is no longer valid."))
    user = db.session.get(User, link.subject_id)
    if user is None or not user.active:
        return guards.Skip(N_("The account is disabled."))
    return guards.SEND


guards.register("users.link", _still_wanted)
