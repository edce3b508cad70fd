"""Timing in interleaved rounds: each round asks every page once, application and floor by turns."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Case:
    """One page: how to ask the application and the floor for it, and how many times the floor it may take."""

    name: str
    app: Callable[[], int]  # returns the status
    floor: Callable[[], int] | None
    limit: float | None
    app_seconds: list[float] = field(default_factory=list)
    floor_seconds: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def app_ms(self) -> float:
        return statistics.median(self.app_seconds) * 1000

    @property
    def floor_ms(self) -> float | None:
        return statistics.median(self.floor_seconds) * 1000 if self.floor_seconds else None

    @property
    def ratio(self) -> float | None:
        """Median of the rounds' own ratios: a slow second of the machine hits both sides of its round."""
        if not self.floor_seconds:
            return None
        return statistics.median(a / f for a, f in zip(self.app_seconds, self.floor_seconds, strict=True))


def run(cases: list[Case], rounds: int, warm_up: int = 3) -> None:
    """Ask every case `warm_up` times unmeasured, then in `rounds` interleaved rounds; raises on any bad status."""
    for number in range(warm_up + rounds):
        for case in cases:
            gc.collect(0)
            app = _timed(case.app, case.name)
            floor = _timed(case.floor, case.name) if case.floor else None
            if number >= warm_up:
                case.app_seconds.append(app)
                if floor is not None:
                    case.floor_seconds.append(floor)


def _timed(ask: Callable[[], int], name: str) -> float:
    begun = time.perf_counter()
    status = ask()
    taken = time.perf_counter() - begun
    if status not in (200, 302, 303):
        raise RuntimeError(f"{name}: answered {status}")
    return taken
