"""A letter as somebody typed it, turned into blocks: paragraphs, and lines that begin with a dash as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.mail.compose import Block, Bullets

_PARAGRAPH = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"^\s*[-–•*]\s+")


@dataclass(frozen=True)
class Words:
    """Subject and whole text of a letter, from the salutation to the name, as a person edits them."""

    subject: str
    text: str


def typed_blocks(text: str) -> list[Block]:
    """Return the blocks of a typed text; line breaks inside a paragraph stay."""
    blocks: list[Block] = []
    for part in _PARAGRAPH.split(text.replace("\r\n", "\n").strip()):
        blocks += _blocks(part.strip("\n").split("\n"))
    return blocks


def _blocks(lines: Sequence[str]) -> list[Block]:
    """Return the blocks of one paragraph; a list may follow its lead-in without an empty line."""
    found: list[Block] = []
    for line in lines:
        item = _BULLET.match(line)
        last = found[-1] if found else None
        if item and isinstance(last, Bullets):
            found[-1] = Bullets([*last.items, line[item.end() :]])
        elif item:
            found.append(Bullets([line[item.end() :]]))
        elif isinstance(last, str):
            found[-1] = f"{last}\n{line}"
        elif line.strip():
            found.append(line)
    return found
