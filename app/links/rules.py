"""Tokens, and whether a link may be used."""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import re
from datetime import datetime

TOKEN_BYTES = 24
_LABEL = b"lotse personal links 1"
_IN_PATH = re.compile(r"(/(?:p|feeds)/)[^\s/?#\"'<>]+")


class State(enum.StrEnum):
    """How a token stands."""

    FOUND = "found"
    EXPIRED = "expired"
    USED = "used"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


def derive_key(secret_key: str) -> bytes:
    """Return the key that tokens are made with: HKDF-SHA-256 (RFC 5869) of SECRET_KEY under a label of its own."""
    extracted = hmac.digest(b"\0" * 32, secret_key.encode(), "sha256")
    return hmac.digest(extracted, _LABEL + b"\x01", "sha256")


def token_of(key: bytes, link_id: int, version: int) -> str:
    """Return the token of a link: 192 bits of HMAC-SHA-256, 32 characters that are safe in an address.

    The same link and version always give the same token. Source: docs/decisions, "Personal links".
    """
    digest = hmac.digest(key, f"{link_id}.{version}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """Return what the database keeps of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def state_of(
    *,
    expires_at: datetime | None,
    max_uses: int | None,
    uses: int,
    revoked_at: datetime | None,
    at: datetime,
) -> State:
    """Say how a known link stands at the instant `at`; it is valid up to, but not at, `expires_at`."""
    if revoked_at is not None:
        return State.REVOKED
    if max_uses is not None and uses >= max_uses:
        return State.USED
    if expires_at is not None and at >= expires_at:
        return State.EXPIRED
    return State.FOUND


def redact(text: str) -> str:
    """Return `text` with the tokens of personal links and feeds taken out, for logs."""
    return _IN_PATH.sub(r"\1…", text)
