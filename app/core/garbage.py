"""Python's search for garbage, set for a server that keeps a large program in memory."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 20
"""How many new objects, rounds of these and rounds of those call for a search; Python's own 700, 10, 10 suit scripts."""


def settle() -> None:
    """Leave all that is there now, the program itself, out of every later search, and search less often.

    Searching through the program took four milliseconds in the middle of every tenth page. What requests leave behind
    in circles is still found; nothing else waits for a search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
