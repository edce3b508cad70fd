"""How the paragraphs of a German letter begin: small after "Sehr geehrte Frau Roelofs,", as the sentence goes on, else large.

A sentence may stand first in one letter and after the benefit in another, and a colleague's own words may too; so the letter
sees to it, by the words that are written small inside a sentence. Nouns, names and "Sie" stay large wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_SMALL = frozenset(
    """
    ab aber alle allerdings als also am an auch auf aufgrund aus außerdem bald bei beim bevor bis bisher bitte da dabei dafür
    damit danach danke dann daran darum das dass dazu dem den denn der des deshalb die dies diese diesem diesen dieser dieses
    doch drei durch ein eine einem einen einer eines einige es falls für gemeinsam genau gern gerne gestern hat heute hiermit
    hier hinter ich im immer in inzwischen ist jetzt jede jeder jedes kein keine können kurz leider mein meine mich mir mit morgen möchten
    nach nachdem natürlich neben nicht noch nun nur ob oder ohne passt schon sechs seit seitdem selbst sind so sobald sofern
    solange trotz über um und uns unser unsere unserem unseren unserer unter viele vielen vom von vor vorab während wann war
    warum was wegen weil welche welchen welcher welches wenn wer werden wie wieder wir wird wo wollen wozu würden zu zudem
    zuerst zum zunächst zur zurzeit zwei zwischen
    """.split()
)
_FIRST_WORD = re.compile(r"[^\W\d_]+")


def german(blocks: Sequence[Any]) -> list[Any]:
    """Return the blocks of a letter with the first letter of each paragraph as it is written there.

    Without a first line that ends in a comma there is no sentence to go on with, and nothing changes.
    """
    if not blocks or not isinstance(blocks[0], str) or not blocks[0].endswith(","):
        return list(blocks)
    return [blocks[0], *(_begun(block, place == 0) for place, block in enumerate(blocks[1:]))]


def _begun(block: Any, goes_on: bool) -> Any:
    word = _FIRST_WORD.match(block) if isinstance(block, str) else None
    if word is None or word.group()[0].lower() + word.group()[1:] not in _SMALL:
        return block
    first = block[0].lower() if goes_on else block[0].upper()
    return first + block[1:]
