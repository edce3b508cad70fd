"""The few icons our pages show, cut out of the package's sprite of two thousand.

Templates name an icon literally (`icon("sun")`, `icon="sun"`), Python code through `icon_name("sun")`; both are
found here. Imports no framework, so that rules and models may name icons too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_NAMED = re.compile(r"""\bicon(?:_name)?["']?\s*[(=:]\s*["']([a-z0-9-]+)["']""")
_SYMBOL = re.compile(r'<symbol\b[^>]*?\bid="([a-z0-9-]+)"[^>]*>.*?</symbol>', re.S)
_registered: set[str] = set()


def icon_name(name: str) -> str:
    """Return `name`, and put that icon into the sprite; for names that stand in Python code at module level."""
    _registered.add(name)
    return name


def package_file(path: str) -> Path:
    """Return a file of Bootstrap-Flask's static folder, such as "css/bootstrap.min.css"."""
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package Bootstrap-Flask is not installed")
    return Path(spec.origin).parent / "static" / "bootstrap5" / path


def used_icons(templates: Path) -> set[str]:
    """Return the names of all icons that a template under `templates` or our Python code names."""
    return {*_named_in(templates), *_registered}


@lru_cache(maxsize=4)
def _named_in(templates: Path) -> frozenset[str]:
    files = (file for file in templates.rglob("*.*") if file.suffix in {".html", ".svg"})
    return frozenset(name for file in files for name in _NAMED.findall(file.read_text("utf-8")))


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    text = package_file("icons/bootstrap-icons.svg").read_text("utf-8")
    return {match[1]: " ".join(match[0].split()) for match in _SYMBOL.finditer(text)}


def unknown_icons(names: Iterable[str]) -> set[str]:
    """Return those of `names` that the package's sprite does not have."""
    return set(names) - _symbols().keys()


def sprite(names: Iterable[str]) -> str:
    """Return an SVG sprite of `names` in alphabetical order; names the package does not have are left out."""
    known = _symbols()
    body = "\n".join(known[name] for name in sorted(set(names)) if name in known)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'
