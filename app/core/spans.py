"""Spans of real time, for answers that must take as long whatever they found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.clock import sleep, stopwatch


@contextmanager
def takes_at_least(seconds: float) -> Iterator[None]:
    """Have what is inside take `seconds` or longer, also where it raises."""
    began = stopwatch()
    try:
        yield
    finally:
        sleep(max(0.0, seconds - (stopwatch() - began)))
