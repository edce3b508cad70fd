"""Passwords: what is good enough, hashing, and comparing in the same time whether or not there is an account."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise

from flask import current_app
from flask_security import hash_password, verify_password

from app.core.errors import N_, RuleViolation
from app.core.names import fold
from app.users.models import User

SHORTEST = 12
LONGEST = 128
# Long enough and yet among the first that are tried. Compared folded, digits at the end aside.
COMMON = frozenset(
    "password passwort wachtwoord passwordpassword passwortpasswort wachtwoordwachtwoord qwertyuiop qwertzuiop "
    "qwertyuiopasdf qwertzuiopasdf iloveyou letmein welcome willkommen welkom administrator changeme geheim geheimnis "
    "hallohallo sonnenschein schatzi fussball voetbal interim interimmanager lotse abcdefghijkl abcdefghijklm qazwsxedc".split()
)


def normalised(password: str) -> str:
    """Return the password as it is hashed: the same characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, email: str = "", name: str = "", field: str = "password") -> str:
    """Return the normalised password; raise RuleViolation at `field` for one that is too easy to guess.

    At least 12 characters, no other rule of composition (OWASP ASVS 5.0, 6.2).
    """
    text = normalised(password)
    if len(text) < SHORTEST:
        raise RuleViolation(N_("Please choose a password of at least %(least)s characters."), field=field, least=SHORTEST)
    if len(text) > LONGEST:
        raise RuleViolation(N_("Please choose a password of at most %(most)s characters."), field=field, most=LONGEST)
    if "\0" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise RuleViolation(N_("This contains a character that cannot be stored."), field=field)
    if _is_easy(text, email, name):
        raise RuleViolation(
            N_("This password is easy to guess. Four words that do not belong together make a good one."), field=field
        )
    return text


def _is_easy(text: str, email: str, name: str) -> bool:
    folded = fold(text).replace(" ", "")
    bare = folded.strip("0123456789")
    own = {fold(part) for part in (email, email.partition("@")[0], *name.split())}
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return (
        len(set(text)) < 5
        or len(steps) == 1
        or folded.isdigit()
        or bare in COMMON
        or any(len(part) > 3 and len(folded.replace(part.replace(" ", ""), "")) < 6 for part in own)
    )


def new_hash(user: User, password: str) -> str:
    """Return the hash of a new password for the user; raise RuleViolation at "password" for one that is easy to guess."""
    return hashed(check(password, email=user.email, name=user.name))


def hashed(password: str) -> str:
    """Return the Argon2 hash of a password that `check` let through."""
    return hash_password(password)


@cache
def _nobodys(_options: str) -> str:
    return hash_password("there is no such account")


def matches(user: User | None, password: str) -> bool:
    """Say whether the password is the user's. Takes about as long where there is no user, or one without a password."""
    text = normalised(password)[: 4 * LONGEST]
    nobodys = _nobodys(str(current_app.config.get("SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS")))
    if user is None or not user.password:
        verify_password(text, nobodys)
        return False
    return verify_password(text, user.password)
