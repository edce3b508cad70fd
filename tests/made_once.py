"""What is made once per process, not once per test: each test builds an application of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.db import Base, db


class InMemory(BytecodeCache):
    """Bytecode by the template's key; Jinja checks that it was compiled from the same source."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Statements(LRUCache[Any, Any]):
    """Compiled statements by the database's name in place of the engine's dialect, of which each test has one of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_for_all_engines(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_for_all_engines(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_for_all_engines(key), value)


def _for_all_engines(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, *rest)


_CACHE = InMemory()
_STATEMENTS = Statements(3000)


def compile_once(app: Flask) -> Flask:
    """Let this application share what others of the process have compiled: templates and statements."""
    app.jinja_env.bytecode_cache = _CACHE
    with app.app_context():
        db.engine._compiled_cache = _STATEMENTS
    for mapper in Base.registry.mappers:
        vars(mapper)["_compiled_cache"] = _STATEMENTS
    return app


_builders: dict[Any, Any] = {}
_compile_builder = Rule._compile_builder


def _kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def compile_routes_once() -> None:
    """Keep the functions that Werkzeug compiles for each address: they follow from it, and take most of `create_app`."""
    Rule._compile_builder = _kept_builder  # type: ignore[method-assign]
