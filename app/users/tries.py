"""Counting tries to sign in, per account and per address, in the database.

Every try counts before the password is looked at, so that many at once gain nothing; one that was right is taken off
again. The count knows accounts that do not exist as well: the answer is the same.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from flask import request
from flask_babel import ngettext

from app.core.clock import clock
from app.settings.queries import firm
from app.web import throttle
from app.web.pages import page

QUARTER_OF_AN_HOUR = 15 * 60
HOUR = 60 * 60
LETTERS_AN_HOUR = 3  # links for a new password to one address
ACCOUNT, ADDRESS, CODE, RESET, RESET_ADDRESS = "users.account", "users.address", "users.code", "users.reset", "users.reset_from"


def sign_in(email: str) -> int:
    """Count one try to sign in; return the seconds to wait, 0 for none."""
    return _hit(ACCOUNT, _account(email)) or _hit(ADDRESS, address())


def code(user_id: int) -> int:
    """Count one try at the second factor; return the seconds to wait, 0 for none."""
    return _hit(CODE, str(user_id))


def reset(email: str) -> int:
    """Count one request for a new password; return the seconds to wait, 0 for none."""
    by_target = throttle.hit(RESET, _account(email), LETTERS_AN_HOUR, HOUR, clock().now())
    return by_target or _hit(RESET_ADDRESS, address())


def address_was_right() -> None:
    """Take the try off the address's count, which colleagues behind one address share."""
    throttle.give_back(ADDRESS, address())


def forget(email: str, user_id: int, *, address_too: bool) -> None:
    """After a sign-in: the account's tries are forgotten."""
    throttle.forget(ACCOUNT, _account(email))
    throttle.forget(CODE, str(user_id))
    if address_too:
        address_was_right()


def too_many(template: str, form: Any, to_wait: int) -> Any:
    """Answer 429 with the same words for accounts that exist and those that do not."""
    minutes = -(-to_wait // 60)
    form.form_errors.append(
        ngettext(
            "Too many tries. Please wait one minute, then try again.",
            "Too many tries. Please wait %(num)d minutes, then try again.",
            minutes,
        )
    )
    body, _status = page(template, form)
    return body, 429, {"Retry-After": str(to_wait)}


def address() -> str:
    """Return the address a request comes from; of IPv6 the network, which one customer has as a whole."""
    given = request.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(given)
    except ValueError:
        return given
    return str(ipaddress.ip_network(f"{given}/64", strict=False)) if parsed.version == 6 else given


def _hit(bucket: str, key: str) -> int:
    return throttle.hit(bucket, key, firm().sign_in_tries, QUARTER_OF_AN_HOUR, clock().now())


def _account(email: str) -> str:
    return email.strip().lower()
