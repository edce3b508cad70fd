"""Contents in a bucket of S3-compatible storage, for several web machines. Source: docs/decisions, "Files".

Where the storage is and who we are there, the library reads from the environment as Amazon's own tools do
(AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID …, docs/operations.md); `config.py` has looked at these values before.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import obstore
import structlog
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from app.core.clock import machine_now
from app.core.errors import StoreAway
from app.files.store import HASH, WrongPlace, checked

log = structlog.get_logger()
# One who waits for a page waits no longer for a storage that is away.
_PATIENCE: dict[str, Any] = {"connect_timeout": "3s", "timeout": "30s"}
_TRIES: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=6)}
_YOUNG = timedelta(hours=12)  # an older content is written anew when it comes again, so that no sweep takes it
_NO_BUCKET = "nosuchbucket"
_FULL = ("insufficientstorage", "storagefull", "quotaexceeded", "507 ")


class BucketStore:
    """Contents in a bucket, as `files/ab/abcdef…`; notes as `erasures/…`. One object is there as a whole or not at all."""

    def __init__(self, bucket: S3Store, named: str) -> None:
        self._bucket = bucket
        self._named = named

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        with _told():
            if not self._is_there(sha256, len(content)):
                obstore.put(self._bucket, _path(sha256), content, use_multipart=False)
        return sha256

    def get(self, sha256: str) -> bytes:
        with _told(may_lack=True):
            return obstore.get(self._bucket, _path(sha256)).bytes().to_bytes()

    def delete(self, sha256: str) -> None:
        with _told():
            obstore.delete(self._bucket, _path(sha256))

    def hashes(self) -> Iterator[str]:
        yield from (name for name, _seconds in self._contents())

    def older_than(self, seconds: float, now: float) -> Iterator[str]:
        yield from (name for name, stored_at in self._contents() if stored_at < now - seconds)

    def write_note(self, name: str, text: str) -> None:
        with _told():
            obstore.put(self._bucket, checked(name), text.encode(), use_multipart=False)

    def notes(self, kind: str) -> Iterator[tuple[str, str]]:
        with _told():
            for group in obstore.list(self._bucket, prefix=kind, chunk_size=1000):
                for item in group:
                    yield item["path"], obstore.get(self._bucket, item["path"]).bytes().to_bytes().decode()

    def remove_note(self, name: str) -> None:
        with _told():
            obstore.delete(self._bucket, checked(name))

    def check(self) -> None:
        try:
            next(iter(obstore.list(self._bucket, prefix="files", chunk_size=1)), None)
        except (PermissionDeniedError, UnauthenticatedError):
            raise WrongPlace(
                f"FILES_URL: the storage does not let us into {self._named}; look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            ) from None
        except (BaseError, FileNotFoundError) as error:
            if _NO_BUCKET in str(error).lower():
                raise WrongPlace(f"FILES_URL: there is no bucket {self._named}.") from None
            raise StoreAway(errno.EHOSTUNREACH, "the storage for files cannot be reached") from None

    def _contents(self) -> Iterator[tuple[str, float]]:
        with _told():
            for group in obstore.list(self._bucket, prefix="files", chunk_size=1000):
                for item in group:
                    name = item["path"].rsplit("/", 1)[-1]
                    if HASH.fullmatch(name):
                        yield name, item["last_modified"].timestamp()

    def _is_there(self, sha256: str, size: int) -> bool:
        try:
            found = obstore.head(self._bucket, _path(sha256))
        except FileNotFoundError:
            return False
        return found["size"] == size and machine_now() - found["last_modified"] < _YOUNG


@contextmanager
def _told(*, may_lack: bool = False) -> Iterator[None]:
    """Turn what the library raises into what a folder would raise, without addresses and keys."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        said = str(error).lower()
        if may_lack and isinstance(error, FileNotFoundError) and _NO_BUCKET not in said:
            raise FileNotFoundError(errno.ENOENT, "no such content") from None
        log.warning("storage", problem=type(error).__name__)
        if any(word in said for word in _FULL):
            raise OSError(errno.ENOSPC, "the storage for files is full") from None
        raise StoreAway(errno.EHOSTUNREACH, "the storage for files cannot be reached") from None


def _path(sha256: str) -> str:
    if not HASH.fullmatch(sha256):
        raise ValueError("not a hash")
    return f"files/{sha256[:2]}/{sha256}"


def bucket_for(url: str) -> BucketStore:
    """Return the store for s3://bucket or s3://bucket/folder."""
    return _bucket(url, os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "", os.getpid())


@cache
def _bucket(url: str, endpoint: str, _process: int) -> BucketStore:
    name, _slash, prefix = url.removeprefix("s3://").partition("/")
    options: Any = {**_PATIENCE, "allow_http": endpoint.startswith("http://")}
    tries: Any = _TRIES
    store = S3Store(name, prefix=prefix.strip("/") or None, client_options=options, retry_config=tries, disable_bulk_delete=True)
    return BucketStore(store, name)
