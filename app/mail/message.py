"""One letter as the bytes that SMTP carries (RFC 5322): strict, so that no text can become a header."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Any

import idna

from app.mail.models import Letter
from app.mail.policy import POLICY
from app.mail.rules import LINK_PLACE, one_line


class CannotBeWritten(Exception):
    """The letter lacks something that it cannot go without; the text says what, without personal data."""


@dataclass(frozen=True)
class Envelope:
    """What the mail server is told: from, to, and the bytes between."""

    key: str
    message_id: str
    sender: str
    recipient: str
    content: bytes


def write(letter: Letter, *, firm_address: str, firm_name: str, link_url: str | None, at: datetime) -> Envelope:
    """Return the letter ready to send at the instant `at`, with the personal link's address in its place.

    Raises CannotBeWritten where the link is missing, ValueError where a header would be malformed.
    """
    sender, recipient = ascii_address(firm_address), ascii_address(letter.to_address)
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(one_line(letter.from_name or firm_name), addr_spec=sender)
    message["To"] = Address(one_line(letter.to_name), addr_spec=recipient)
    if letter.reply_to:
        message["Reply-To"] = Address(one_line(letter.from_name), addr_spec=ascii_address(letter.reply_to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["X-Lotse-Key"] = letter.key
    message["Content-Language"] = letter.language
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
    _fill(message, letter, link_url)
    _set_boundaries(message, letter.message_id)
    return Envelope(letter.key, letter.message_id, sender, recipient, message.as_bytes())


def ascii_address(address: str) -> str:
    """Return the address with its domain as DNS knows it ("maaßdorf.example" → "xn--…").

    Raises CannotBeWritten for a local part that is not ASCII: few mail servers take those.
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise CannotBeWritten("the part before the @ holds letters that mail servers refuse")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise CannotBeWritten("the domain is not a domain name") from None


def _fill(message: EmailMessage, letter: Letter, link_url: str | None) -> None:
    calendars = [part for part in letter.attachments if part["type"] == "text/calendar"]
    message.set_content(_with_link(letter.text, link_url), cte="quoted-printable")
    if letter.html:
        message.add_alternative(_with_link(letter.html, link_url and escape(link_url)), subtype="html", cte="quoted-printable")
    for part in calendars:
        # As an alternative, so that mail programs offer to answer; as a file, for those that do not.
        message.add_alternative(part["text"], subtype="calendar", cte="base64", params={"method": part["method"]})
    for part in letter.attachments:
        _attach(message, part)


def _set_boundaries(message: EmailMessage, message_id: str) -> None:
    """Name the boundaries by the letter: no encoded part can hold "=_", and the same letter is the same bytes."""
    name = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{name}_{number}")


def _attach(message: EmailMessage, part: dict[str, Any]) -> None:
    main, _, sub = part["type"].partition("/")
    name = one_line(part["name"])
    if part["type"] == "text/calendar":
        message.add_attachment(part["text"].encode(), maintype="application", subtype="ics", filename=name)
    elif "base64" in part:
        message.add_attachment(b64decode(part["base64"]), maintype=main, subtype=sub, filename=name)
    else:
        message.add_attachment(part["text"].encode(), maintype=main, subtype=sub, filename=name)


def _with_link(text: str, url: str | None) -> str:
    if LINK_PLACE not in text:
        return text
    if not url:
        raise CannotBeWritten("its personal link is missing")
    return text.replace(LINK_PLACE, url)
