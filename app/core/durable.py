"""Files that are there as a whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

UNFINISHED = "unfinished-"  # how the names of files and folders begin that are still being written


def write_durably(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file of this mode, less the umask, in place of one of the same name; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.parent / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
