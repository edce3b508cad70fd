"""What this process counts of itself, as Prometheus reads it: a few counters, and times in steps.

Written by ourselves in some lines: a library would bring its own registry, collectors and server for the same text.
Labels are routes, states and names of jobs: never anything about a person.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
Labels = tuple[str, ...]


@dataclass
class Counter:
    """Counts by labels; only ever grows."""

    name: str
    help: str
    labels: Labels
    _counts: dict[Labels, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, values: Labels, more: float = 1) -> None:
        with self._lock:
            self._counts[values] = self._counts.get(values, 0) + more

    def lines(self) -> list[str]:
        with self._lock:
            counts = sorted(self._counts.items())
        return head(self.name, self.help, "counter") + [sample(self.name, self.labels, *one) for one in counts]


@dataclass
class Times:
    """How long something took, by labels, counted in STEPS."""

    name: str
    help: str
    labels: Labels
    _counts: dict[Labels, list[int]] = field(default_factory=dict)
    _sums: dict[Labels, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observe(self, values: Labels, seconds: float) -> None:
        with self._lock:
            counts = self._counts.setdefault(values, [0] * (len(STEPS) + 1))
            counts[bisect_left(STEPS, seconds)] += 1
            self._sums[values] = self._sums.get(values, 0.0) + seconds

    def lines(self) -> list[str]:
        with self._lock:
            kept = sorted((values, list(counts), self._sums[values]) for values, counts in self._counts.items())
        written = head(self.name, self.help, "histogram")
        for values, counts, total in kept:
            below = 0
            for step, count in zip([*map(str, STEPS), "+Inf"], counts, strict=True):
                below += count
                written.append(sample(f"{self.name}_bucket", (*self.labels, "le"), (*values, step), below))
            written.append(sample(f"{self.name}_sum", self.labels, values, total))
            written.append(sample(f"{self.name}_count", self.labels, values, below))
        return written


def gauge(name: str, help_text: str, values: Mapping[Labels, float | None], labels: Labels = ()) -> list[str]:
    """Return the lines of values that are asked for when they are read; what is not known is left out."""
    known = [(key, value) for key, value in sorted(values.items()) if value is not None]
    return head(name, help_text, "gauge") + [sample(name, labels, key, value) for key, value in known]


def head(name: str, help_text: str, kind: str) -> list[str]:
    return [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]


def sample(name: str, labels: Iterable[str], values: Iterable[str], number: float) -> str:
    said = ",".join(f'{label}="{_escaped(value)}"' for label, value in zip(labels, values, strict=True))
    return f"{name}{{{said}}} {number:.10g}" if said else f"{name} {number:.10g}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


REQUESTS = Times("lotse_request_seconds", "How long requests took.", ("method", "route", "status"))
JOBS = Counter("lotse_job_runs_total", "Runs of the scheduler's jobs.", ("job", "result"))
ATTEMPTS = Counter("lotse_letter_attempts_total", "Attempts to send a letter.", ("outcome",))
KEPT = (REQUESTS, JOBS, ATTEMPTS)
