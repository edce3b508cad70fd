"""A disk of some megabytes that can be filled up and made empty again, without any right that a CI container lacks.

A file system in memory of its own where we may mount one, else one in a user namespace of a child, reached through /proc,
else /dev/shm where that is small, as it is in containers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path

from tests.servers import die_with_parent

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
        elif (inside := _in_a_namespace(place, options)) is not None:
            process, folder = inside
            try:
                yield SmallDisk(folder, "a user namespace")
            finally:
                process.kill()
                process.wait()
        elif shutil.disk_usage("/dev/shm").total <= SMALL:
            with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="lotse-disk-") as name:
                Path(name).chmod(0o755)
                yield SmallDisk(Path(name), "/dev/shm")
        else:
            raise RuntimeError("no small disk: nothing may be mounted here, and /dev/shm is too large to be filled up")
    finally:
        with suppress(OSError):
            place.rmdir()


def _in_a_namespace(place: Path, options: str) -> tuple[subprocess.Popen[bytes], Path] | None:
    """Mount it in a namespace of a child that lives until it is killed; None where the system does not let us."""
    mount = f"mount -t tmpfs -o {options} lotse-small '{place}' && echo ready && exec sleep 3600"
    try:
        child = subprocess.Popen(
            ["unshare", "-Urm", "sh", "-c", mount], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent
        )
    except OSError:
        return None
    assert child.stdout
    if child.stdout.readline() == b"ready\n":
        folder = Path(f"/proc/{child.pid}/root{place}")
        with suppress(OSError):
            (folder / "trial").write_bytes(b"")
            os.unlink(folder / "trial")
            return child, folder
    child.kill()
    child.wait()
    return None
