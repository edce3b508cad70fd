"""Templates compiled once per process, not once per test: each test builds an application of its own."""

from __future__ import annotations

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache


class InMemory(BytecodeCache):
    """Bytecode by the template's key; Jinja checks that it was compiled from the same source."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_CACHE = InMemory()


def compile_once(app: Flask) -> Flask:
    """Let this application share what others of the process have compiled."""
    app.jinja_env.bytecode_cache = _CACHE
    return app
