"""A disk of some megabytes that can be filled up and made empty again, without any right that a CI container lacks.

A file system in memory of its own where we may mount one, else /dev/shm where that is small, as it is in containers.
(One in a user namespace, reached through /proc, would not do: SQLite follows that link back to the common disk.)
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path

MEGABYTE = 1024 * 1024
SMALL = 256 * MEGABYTE  # a /dev/shm up to this can be filled up


@dataclass
class SmallDisk:
    """A folder on a disk of its own."""

    folder: Path
    how: str

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Fill it up to the last byte; `leave` bytes free."""
        with self._ballast.open("ab", buffering=0) as file:
            for block in (MEGABYTE, 4096, 1):
                with suppress_full():
                    while True:
                        file.write(b"\0" * block)
            if leave:
                file.truncate(max(0, file.tell() - leave))

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def suppress_full() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno != ENOSPC:
            raise


@contextmanager
def a_small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Yield an empty disk of that size; raise RuntimeError where none can be had."""
    place = Path(tempfile.mkdtemp(prefix="lotse-disk-"))
    place.chmod(0o755)
    options = f"size={megabytes}m,mode=0755"
    try:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "lotse-small", place], capture_output=True).returncode == 0:
            try:
                yield SmallDisk(place, "a file system of its own")
            finally:
                subprocess.run(["umount", "--lazy", place], check=True)
        elif shutil.disk_usage("/dev/shm").total <= SMALL:
            with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="lotse-disk-") as name:
                Path(name).chmod(0o755)
                yield SmallDisk(Path(name), "/dev/shm")
        else:
            raise RuntimeError("no small disk: nothing may be mounted here, and /dev/shm is too large to be filled up")
    finally:
        with suppress(OSError):
            place.rmdir()
