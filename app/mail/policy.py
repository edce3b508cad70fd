"""The strict rules that letters are written by, made quick: the standard library parses and folds each header anew.

Two thirds of a letter's headers are the same in every letter ("Content-Type: text/html …"), so those are remembered.
"""

from __future__ import annotations

from email.header import Header
from email.headerregistry import HeaderRegistry
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

# Headers that hold nothing personal and few different values.
REPEATED = frozenset({"mime-version", "content-type", "content-transfer-encoding", "content-language", "auto-submitted"})


class _Registry(HeaderRegistry):
    """Makes the class of each header once."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        key = name.lower()
        if key not in self._made:
            self._made[key] = super().__getitem__(name)
        return self._made[key]


class LetterPolicy(EmailPolicy):
    """EmailPolicy with a memory for repeated headers."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() in REPEATED and type(value) is str:
            return _parsed(name, value)
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in REPEATED:
            return _folded(name, str(value))
        if name.lower() == "subject" and not str(value).isascii():
            return _encoded(name, str(value))
        return super().fold_binary(name, value)


def _encoded(name: str, text: str) -> bytes:
    """Return the header encoded as a whole: between two encoded words the standard library's folding loses a blank."""
    words = Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {words}\r\n".encode("ascii")


POLICY = LetterPolicy(linesep="\r\n", raise_on_defect=True, cte_type="7bit", header_factory=_Registry())


@lru_cache(maxsize=256)
def _parsed(name: str, value: str) -> tuple[str, Any]:
    return EmailPolicy.header_store_parse(POLICY, name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> bytes:
    _name, header = _parsed(name, value)
    return EmailPolicy.fold_binary(POLICY, name, header)
