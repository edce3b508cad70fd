"""Tables that are drawn with rules or with boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .places import Box

if TYPE_CHECKING:
    from .pdf import Sheet


@dataclass(frozen=True)
class Grid:
    """A table drawn with rules: its edges from left to right and from top to bottom."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]


def grids(rules: list[Box], areas: list[Box], sheet: Sheet) -> list[Grid]:
    """Find tables: rules that touch one another, with at least two columns and two rows."""
    edges = [box for box in rules if max(box.width, box.height) > 8]
    for area in areas:
        if area.width < 0.95 * sheet.width and area.height < 0.6 * sheet.height and area.height > 6 and len(edges) < 2000:
            edges += [
                Box(area.left, area.top, area.right, area.top),
                Box(area.left, area.bottom, area.right, area.bottom),
                Box(area.left, area.top, area.left, area.bottom),
                Box(area.right, area.top, area.right, area.bottom),
            ]
    across = [edge for edge in edges if edge.width >= edge.height]
    down = [edge for edge in edges if edge.height > edge.width]
    if len(across) < 3 or len(down) < 3 or len(across) * len(down) > 400_000:
        return []
    found = []
    for group in _touching(across, down):
        flat = [edge for edge in group if edge.width >= edge.height]
        high = [edge for edge in group if edge.height > edge.width]
        ys, xs = _merged([edge.top for edge in flat]), _merged([edge.left for edge in high])
        if len(xs) < 3 or len(ys) < 3:
            continue
        box = Box(xs[0] - 2, ys[0] - 2, xs[-1] + 2, ys[-1] + 2)
        found.append(Grid(box, tuple(xs[1:-1]), tuple(ys[1:-1])))
    return found


def _touching(across: list[Box], down: list[Box]) -> list[list[Box]]:
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    by_id = {id(edge): edge for edge in (*across, *down)}
    for one in across:
        for two in down:
            if one.left - 3 <= two.left <= one.right + 3 and two.top - 3 <= one.top <= two.bottom + 3:
                parent[root(id(one))] = root(id(two))
    groups: dict[int, list[Box]] = {}
    for key, edge in by_id.items():
        groups.setdefault(root(key), []).append(edge)
    return [group for group in groups.values() if len(group) > 4]


def _merged(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 4:
            found.append(value)
    return found
