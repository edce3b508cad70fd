"""Loaded by Python itself in processes of a `Machine`: its wall clock, boot and name, as its folder says, changed while they run.

The system's clock cannot be set in tests; what Python reads of it can. CLOCK_BOOTTIME goes on unless the folder says otherwise.
"""

from __future__ import annotations

import os
import pathlib
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

FOLDER = pathlib.Path(os.environ["LOTSE_TEST_MACHINE"])
BOOT_ID = pathlib.Path("/proc/sys/kernel/random/boot_id")
LOOK_EVERY_SECONDS = 0.05


def said(name: str, default: str) -> str:
    path = FOLDER / name
    return _read_text(path).strip() if path.exists() else default


def _clock_gettime(which: int) -> float:
    asleep = float(said("asleep", "0")) if which == time.CLOCK_BOOTTIME else 0.0
    return _real_clock_gettime(which) + asleep


def _read(path: pathlib.Path, *given: object, **named: object) -> str:
    return said("boot", "first boot") if path == BOOT_ID else _read_text(path, *given, **named)  # type: ignore[arg-type]


def _follow(coordinates: object, moved: float) -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        now = float(said("wall", "0") or moved)
        if now != moved:
            coordinates.shift(timedelta(seconds=now - moved))  # type: ignore[attr-defined]
            moved = now


def begin() -> None:
    import time_machine

    at = float(said("wall", "0"))
    coordinates = time_machine.travel(datetime.now(UTC) + timedelta(seconds=at), tick=True).start()

    def follow() -> None:
        threading.Thread(target=_follow, args=(coordinates, at), daemon=True).start()

    follow()
    os.register_at_fork(after_in_child=follow)
    name = said("host", "here")
    socket.gethostname = lambda: name


_read_text = pathlib.Path.read_text
begin()
_real_clock_gettime = time.clock_gettime
time.clock_gettime = _clock_gettime
pathlib.Path.read_text = _read  # type: ignore[method-assign]
