"""Timing in interleaved rounds: each round asks every page once, application and floor by turns.

Two clocks: the wall's, which the promise is about, and the processor's, which a busy machine disturbs less.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Taken:
    """What one request took, in seconds."""

    wall: float
    processor: float


@dataclass
class Case:
    """One page: how to ask the application and the floor for it, and how many times the floor it may take."""

    name: str
    app: Callable[[], int]  # returns the status
    floor: Callable[[], int] | None
    limit: float | None
    of_app: list[Taken] = field(default_factory=list)
    of_floor: list[Taken] = field(default_factory=list)
    statements: int = 0

    @property
    def app_ms(self) -> float:
        return statistics.median(one.wall for one in self.of_app) * 1000

    @property
    def floor_ms(self) -> float | None:
        return statistics.median(one.wall for one in self.of_floor) * 1000 if self.of_floor else None

    @property
    def ratio(self) -> float | None:
        """Median of the rounds' own ratios by the wall clock: a slow second of the machine hits both sides of its round."""
        if not self.of_floor:
            return None
        return statistics.median(a.wall / f.wall for a, f in zip(self.of_app, self.of_floor, strict=True))

    @property
    def processor_ratio(self) -> float | None:
        """The same by processor time; says nothing of waiting for the disk."""
        if not self.of_floor:
            return None
        return statistics.median(a.processor / f.processor for a, f in zip(self.of_app, self.of_floor, strict=True))


def run(cases: list[Case], rounds: int, warm_up: int = 3) -> None:
    """Ask every case `warm_up` times unmeasured, then in `rounds` interleaved rounds; raises on any bad status."""
    for number in range(warm_up + rounds):
        for case in cases:
            gc.collect(0)
            app = _timed(case.app, case.name)
            floor = _timed(case.floor, case.name) if case.floor else None
            if number >= warm_up:
                case.of_app.append(app)
                if floor is not None:
                    case.of_floor.append(floor)


def _timed(ask: Callable[[], int], name: str) -> Taken:
    wall, processor = time.perf_counter(), time.process_time()
    status = ask()
    taken = Taken(time.perf_counter() - wall, time.process_time() - processor)
    if status not in (200, 302, 303):
        raise RuntimeError(f"{name}: answered {status}")
    return taken
