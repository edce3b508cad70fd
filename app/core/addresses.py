"""Mail addresses, checked by their form only: nothing is looked up on the network."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from app.core.errors import N_, RuleViolation

LONGEST_EMAIL = 254


def checked_email(text: str, field: str | None = "email") -> str:
    """Return the address in small letters; raise RuleViolation at `field` for one that cannot be.

    Names under .test are taken, so that an installation can be tried out.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise RuleViolation(N_("This is not a mail address, such as k.ostendorff@example.org."), field=field) from None
    address = found.normalized.lower()
    if len(address) > LONGEST_EMAIL:
        raise RuleViolation(N_("This is not a mail address, such as k.ostendorff@example.org."), field=field)
    return address
