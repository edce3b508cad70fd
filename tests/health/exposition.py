"""Reads the text that Prometheus reads, as strictly as Prometheus does."""

from __future__ import annotations

import re

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LINE = re.compile(rf"({_NAME})(?:\{{((?:{_NAME}=\"(?:[^\"\\\n]|\\[\\\"n])*\",?)*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)")
_LABEL = re.compile(rf"({_NAME})=\"((?:[^\"\\\n]|\\[\\\"n])*)\"")
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Samples:
    """Return every sample; an AssertionError says what Prometheus would refuse."""
    found: Samples = {}
    kinds: dict[str, str] = {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            continue
        if line.startswith("# TYPE "):
            _hash, _type, name, kind = line.split(" ")
            assert kind in ("counter", "gauge", "histogram") and name not in kinds, line
            kinds[name] = kind
            continue
        match = _LINE.fullmatch(line)
        assert match, f"no sample: {line!r}"
        key = (match[1], tuple(sorted(_LABEL.findall(match[2] or ""))))
        assert key not in found, f"twice: {line!r}"
        assert re.sub("_(bucket|sum|count)$", "", match[1]) in kinds or match[1] in kinds, f"of no kind: {line!r}"
        found[key] = float(match[3])
    _check_steps(found, kinds)
    return found


def _check_steps(found: Samples, kinds: dict[str, str]) -> None:
    for (name, labels), value in found.items():
        if kinds.get(name.removesuffix("_count")) != "histogram" or not name.endswith("_count"):
            continue
        family = name.removesuffix("_count")
        steps = sorted(
            (float(dict(rest)["le"]), below)
            for (other, rest), below in found.items()
            if other == f"{family}_bucket" and tuple(pair for pair in rest if pair[0] != "le") == labels
        )
        assert [below for _step, below in steps] == sorted(below for _step, below in steps)
        assert steps[-1] == (float("inf"), value)


def of(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, tuple(sorted(labels.items()))))
