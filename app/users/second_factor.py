"""Authenticator codes and recovery codes of one user."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage

from app.users.models import User
from app.users.rules import NEEDS_SECOND_FACTOR
from app.users.security import authenticator, security

AUTHENTICATOR = "authenticator"


def is_required(role: str, setting: str) -> bool:
    """Say whether somebody with this role cannot work without a second factor; `setting` is REQUIRE_MFA."""
    return setting == "auto" and role in NEEDS_SECOND_FACTOR


def propose(user: User) -> None:
    """Draw a new secret for the user's app; it counts once `confirm` saw a code of it."""
    user.tf_totp_secret = authenticator().generate_totp_secret()
    user.tf_last_counter = None


def typed_key(user: User) -> str:
    """Return the proposed secret for typing by hand, in groups of four."""
    return str(authenticator().get_totp_pretty_key(user.tf_totp_secret or "")).replace("-", " ")


def qr_code(user: User) -> bytes:
    """Return the proposed secret as an SVG picture, dark on white whatever the page's colours."""
    uri = authenticator().get_totp_uri(user.email, user.tf_totp_secret or "")
    file = BytesIO()
    qrcode.make(uri, image_factory=SvgPathFillImage, box_size=12, border=3).save(file)
    return file.getvalue()


def confirm(user: User, code: str, at: datetime) -> bool:
    """Switch the second factor on if `code` is one of the proposed secret."""
    if user.has_second_factor or not takes_code(user, code, at):
        return False
    user.tf_primary_method = AUTHENTICATOR
    return True


def takes_code(user: User, code: str, at: datetime) -> bool:
    """Say whether the authenticator's code is right at `at`; the same code is not taken twice."""
    if not user.tf_totp_secret:
        return False
    digits = "".join(code.split())
    counter = authenticator().matching(digits, user.tf_totp_secret, user.tf_last_counter, at)
    if counter is None:
        return False
    user.tf_last_counter = counter
    return True


def new_recovery_codes(user: User) -> list[str]:
    """Draw ten codes, each good once, in place of the old ones; kept encrypted."""
    codes: list[str] = security().mf_recovery_codes_util.create_recovery_codes(user)
    return codes


def takes_recovery_code(user: User, code: str) -> bool:
    """Say whether the recovery code is right, and use it up."""
    kept = security().mf_recovery_codes_util.get_recovery_codes(user)
    typed = "".join(c for c in code.lower() if c.isalnum())
    for place, known in enumerate(kept):
        if known.replace("-", "") == typed and typed:
            user.mf_recovery_codes = [code for at, code in enumerate(user.mf_recovery_codes or ()) if at != place]
            return True
    return False


def switch_off(user: User) -> None:
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None
