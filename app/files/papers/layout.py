"""The order in which a person reads a page: columns, sidebars, tables, and lines that run on.

Fragments are pieces of one baseline. A white gutter between them parts either columns, read one after the other, or the
cells of rows, read across. Which of the two, is told by what stands there: dates, labels and lines that share their
baselines belong to rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .grids import Grid, grids
from .places import GRID, Fragment, is_datelike, runs_on

if TYPE_CHECKING:
    from .pdf import Sheet


MOST_DEPTH = 12


def running_margins(sheets: Sequence[Sheet]) -> set[tuple[str, int]]:
    """Return what stands at the same height near the edge of several pages, numbers aside: (text, height)."""
    seen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        seen.update({_margin_key(fragment) for fragment in sheet.fragments if _is_margin(fragment, sheet)})
    return {key for key, count in seen.items() if count > 1 and count > 0.5 * (len(sheets) - 1)}


def _is_margin(fragment: Fragment, sheet: Sheet) -> bool:
    return fragment.base < 0.09 * sheet.height or fragment.base > 0.91 * sheet.height


def _margin_key(fragment: Fragment) -> tuple[str, int]:
    return re.sub(r"\d+", "#", fragment.text), round(fragment.base / 4)


@dataclass(frozen=True)
class Ordered:
    """The fragments of a page in reading order; what runs through all pages stands apart."""

    top: list[Fragment]
    inner: list[Fragment]
    bottom: list[Fragment]


def in_order(sheet: Sheet, margins: set[tuple[str, int]]) -> Ordered:
    top: list[Fragment] = []
    bottom: list[Fragment] = []
    inner: list[Fragment] = []
    for fragment in sheet.fragments:
        if _is_margin(fragment, sheet) and _margin_key(fragment) in margins:
            (top if fragment.base < sheet.height / 2 else bottom).append(fragment)
        else:
            inner.append(fragment)
    return Ordered(sorted(top, key=_in_rows), _Reader(sheet).ordered(inner), sorted(bottom, key=_in_rows))


def _in_rows(fragment: Fragment) -> tuple[float, float]:
    return round(fragment.base / 3), fragment.box.left


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows = 0
        self.blocks = 0

    def ordered(self, fragments: list[Fragment]) -> list[Fragment]:
        tables = grids(self.sheet.rules, self.sheet.areas, self.sheet)
        split = self._sidebar(fragments) if not tables else None
        if split is not None:
            parts = [self.ordered_part(part) for part in split]
            wide = max((_width(part) for part in parts if len(part) > 1), default=0.0)
            inner = range(1, 3)
            return [
                replace(f, aside=True) if number in inner and _width(part) < 0.75 * wide else f
                for number, part in enumerate(parts)
                for f in part
            ]
        found: list[Fragment] = []
        rest = fragments
        for grid in sorted(tables, key=lambda grid: grid.box.top):
            inside = [f for f in rest if grid.box.holds(f.box)]
            if len(inside) < 2:
                continue
            above = [f for f in rest if f.base < grid.box.top]
            found += self.ordered_part(above)
            found += self._grid(grid, inside)
            taken = {id(f) for f in (*above, *inside)}
            rest = [f for f in rest if id(f) not in taken]
        return found + self.ordered_part(rest)

    def _sidebar(self, fragments: list[Fragment]) -> tuple[list[Fragment], ...] | None:
        """A filled area or a rule as high as half of the page parts two columns."""
        height, width = self.sheet.height, self.sheet.width
        for area in self.sheet.areas:
            if area.height < 0.45 * height or not 0.15 * width < area.width < 0.6 * width:
                continue
            if area.left > 0.14 * width and area.right < 0.86 * width:
                continue
            left = area.left <= 0.14 * width
            inside = [f for f in fragments if area.holds(f.box)]
            outside = [f for f in fragments if not area.holds(f.box)]
            if inside and outside:
                top = [f for f in outside if f.base < area.top]
                outside = [f for f in outside if f.base >= area.top]
                return (top, inside, outside) if left else (top, outside, inside)
        for rule in self.sheet.rules:
            if rule.width < 3 and rule.height > 0.4 * height and 0.15 * width < rule.left < 0.85 * width:
                beside = [f for f in fragments if rule.top - 5 < f.base < rule.bottom + 5]
                if any(f.box.left < rule.left - 2 and f.box.right > rule.left + 2 for f in beside):
                    continue
                one = [f for f in beside if f.box.right <= rule.left + 2]
                two = [f for f in beside if f.box.left >= rule.left - 2]
                if one and two and not _reads_across(one, two):
                    above = [f for f in fragments if f.base <= rule.top - 5]
                    below = [f for f in fragments if f.base >= rule.bottom + 5]
                    return above, one, two, below
        return None

    def _grid(self, grid: Grid, fragments: list[Fragment]) -> list[Fragment]:
        """Read a ruled table row by row, each cell for itself."""
        found: list[Fragment] = []
        places: dict[tuple[int, int], list[Fragment]] = {}
        for fragment in fragments:
            y, x = fragment.base - 0.3 * fragment.size, fragment.box.left + 0.5
            row = sum(1 for edge in grid.ys if edge <= y)
            cell = sum(1 for edge in grid.xs if edge <= x + 1)
            places.setdefault((row, cell), []).append(fragment)
        first = self.rows + 1
        lefts, rights = [grid.box.left + 2, *grid.xs], [*grid.xs, grid.box.right - 2]
        for (row, cell), inside in sorted(places.items()):
            self.rows = max(self.rows, first + row)
            padding = max(1.0, min(f.box.left for f in inside) - lefts[cell])
            inside = [replace(f, edge=rights[cell] - padding) for f in inside]
            found += [replace(f, row=first + row, cell=GRID + cell) for f in self.ordered_part(inside, depth=MOST_DEPTH - 3)]
        return found

    def ordered_part(self, fragments: list[Fragment], depth: int = 0) -> list[Fragment]:
        """Read one region: runs of rows that share a gutter are columns or rows of cells, the rest goes line by line."""
        if len(fragments) < 2 or depth >= MOST_DEPTH:
            return self._plain(sorted(fragments, key=_in_rows))
        found: list[Fragment] = []
        for gutter, rows in _runs(_rows_of(fragments)):
            inside = [f for row in rows for f in row]
            if gutter is None:
                found += self._plain(inside)
                continue
            left = [f for f in inside if f.box.right <= gutter]
            right = [f for f in inside if f.box.right > gutter]
            if _reads_across(left, right):
                found += self._across(left, right, depth)
            else:
                parts = [self.ordered_part(left, depth + 1), self.ordered_part(right, depth + 1)]
                narrow = min(parts, key=_width)
                if depth == 0 and _width(narrow) < 0.6 * max(_width(part) for part in parts) and len(rows) > 8:
                    parts = [[replace(f, aside=True) for f in part] if part is narrow else part for part in parts]
                found += [f for part in parts for f in part]
        return found

    def _plain(self, fragments: list[Fragment]) -> list[Fragment]:
        self.blocks += 1
        return [replace(f, block=self.blocks) for f in fragments]

    def _across(self, left: list[Fragment], right: list[Fragment], depth: int) -> list[Fragment]:
        """Read rows of two cells: a row lasts until the left cell begins anew beside a line of the right one."""
        bases = sorted([f.base for f in right])
        left_rows = _rows_of(left)
        if sum(1 for f in right if is_datelike(f.text)) * 2 > len(right):
            return self._plain([f for row in _rows_of(left + right) for f in row])
        starts = []
        for index, row in enumerate(left_rows):
            base = row[0].base
            beside = any(abs(base - other) < 0.35 * row[0].size for other in bases)
            above = left_rows[index - 1][0] if index else None
            goes_on = above is not None and base - above.base < 1.7 * row[0].size and runs_on(above.text, row[0].text)
            if above is None or (beside and not goes_on) or base - above.base > 2.6 * row[0].size:
                starts.append(base)
        found: list[Fragment] = []
        edges = [*starts, float("inf")]
        before_l = [f for f in left if f.base < edges[0] - 2]
        before_r = [f for f in right if f.base < edges[0] - 2]
        found += self.ordered_part(before_l, depth + 1) + self.ordered_part(before_r, depth + 1)
        for start, end in itertools.pairwise(edges):
            self.rows += 1
            mine = self.rows
            one = [f for f in left if start - 2 <= f.base < end - 2]
            two = [f for f in right if start - 2 <= f.base < end - 2]
            found += [replace(f, row=mine, cell=0) if not f.row else f for f in self.ordered_part(one, depth + 1)]
            found += [replace(f, row=mine, cell=1) if not f.row else f for f in self.ordered_part(two, depth + 1)]
        return found


def _width(fragments: list[Fragment]) -> float:
    return max((f.box.right for f in fragments), default=0.0) - min((f.box.left for f in fragments), default=0.0)


def _rows_of(fragments: list[Fragment]) -> list[list[Fragment]]:
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda f: (f.base, f.box.left)):
        if rows and abs(rows[-1][0].base - fragment.base) < 0.35 * min(rows[-1][0].size, fragment.size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    for row in rows:
        row.sort(key=lambda f: f.box.left)
    return rows


def _runs(rows: list[list[Fragment]]) -> list[tuple[float | None, list[list[Fragment]]]]:
    """Part rows into runs, each with the x of a gutter that no fragment crosses and that has text on both sides, or None."""
    runs: list[tuple[float | None, list[list[Fragment]]]] = []
    at = 0
    while at < len(rows):
        best: tuple[int, float] | None = None
        for index in range(len(rows[at]) - 1):
            low, high = rows[at][index].box.right, rows[at][index + 1].box.left
            end = _reach(rows, at, low, high)
            if best is None or end > best[0]:
                best = (end, (low + high) / 2)
        if best is None:
            # A column may begin above its neighbour: look for a row further down whose gutter these rows leave free.
            above = _reach_up(rows, at)
            if above is not None:
                runs.append(above[1])
                at = above[0]
                continue
            if runs and runs[-1][0] is None:
                runs[-1][1].append(rows[at])
            else:
                runs.append((None, [rows[at]]))
            at += 1
            continue
        end_row, _middle = best
        gutter = _middle_of(rows[at:end_row])
        runs.append((gutter, rows[at:end_row]))
        at = end_row
    return runs


def _reach(rows: list[list[Fragment]], at: int, low: float, high: float) -> int:
    """Return the row after the last one that leaves something of the gutter from `low` to `high` free and belongs to it."""
    last = at
    for index in range(at, len(rows)):
        for fragment in rows[index]:
            box = fragment.box
            if box.right <= low + 1 or box.left >= high - 1:
                continue
            middle = (box.left + box.right) / 2
            if box.left < low and box.right > high:
                return last + 1
            if middle < (low + high) / 2:
                low = max(low, box.right)
            else:
                high = min(high, box.left)
            if high - low < 0.6 * fragment.size:
                return last + 1
        last = index
    return last + 1


def _reach_up(rows: list[list[Fragment]], at: int) -> tuple[int, tuple[float | None, list[list[Fragment]]]] | None:
    """A run may begin with rows on one side alone, such as the taller of two columns; they must lie close above."""
    for ahead in range(at + 1, min(at + 4, len(rows))):
        if len(rows[ahead]) < 2:
            continue
        if rows[ahead][0].base - rows[at][0].base > 5 * rows[ahead][0].size:
            return None
        for index in range(len(rows[ahead]) - 1):
            low, high = rows[ahead][index].box.right, rows[ahead][index + 1].box.left
            free = all(f.box.left > high - 1 or f.box.right < low + 1 for row in rows[at:ahead] for f in row)
            one_side = all(f.box.left > high - 1 for row in rows[at:ahead] for f in row)
            if free and one_side:
                end = _reach(rows, at, low, high)
                if end > ahead + 2:
                    part = rows[at:end]
                    return end, (_middle_of(part), part)
        return None
    return None


def _middle_of(rows: list[list[Fragment]]) -> float | None:
    """Return the middle of the widest gutter that all rows leave free, None where there is none."""
    boxes = sorted((f.box.left, f.box.right) for row in rows for f in row)
    best, gutter = 0.0, None
    reach = boxes[0][1]
    for left, right in boxes[1:]:
        if left - reach > best:
            best, gutter = left - reach, (left + reach) / 2
        reach = max(reach, right)
    return gutter


def _reads_across(left: list[Fragment], right: list[Fragment]) -> bool:
    """Tell rows of cells from columns."""
    left_rows, right_rows = _rows_of(left), _rows_of(right)
    if not left_rows or not right_rows:
        return False
    shared = sum(1 for row in left_rows if any(abs(row[0].base - other[0].base) < 0.35 * row[0].size for other in right_rows))
    if len(left_rows) == 1 or len(right_rows) == 1:
        return shared > 0
    for side in (left_rows, right_rows):
        texts = [" ".join(f.text for f in row) for row in side]
        marked = sum(1 for text in texts if is_datelike(text) or text.endswith(":"))
        if marked * 2 >= len(texts) and shared * 2 >= min(len(left_rows), len(right_rows)):
            return True
    if _are_cards(left_rows, right_rows):
        return False
    fewer = min(len(left_rows), len(right_rows))
    if shared < 0.7 * fewer:
        return False
    # Both sides on one grid: dense lines on either side are columns of text, few cells beside many lines are rows.
    if fewer >= 5 and _is_dense(left_rows) and _is_dense(right_rows):
        return False
    return not (_is_dense(left_rows) and _is_dense(right_rows) and _has_heading(left_rows) and _has_heading(right_rows))


def _are_cards(left: list[list[Fragment]], right: list[list[Fragment]]) -> bool:
    """Headings side by side, twice or more, each with its own text below: cards, read one by one."""
    usual = sorted(f.size for row in (*left, *right) for f in row)[(len(left) + len(right)) // 2]
    heads = [row[0] for row in left if len(row) == 1 and row[0].size > 1.05 * usual]
    others = [row[0] for row in right if len(row) == 1 and row[0].size > 1.05 * usual]
    return sum(1 for one in heads if any(abs(one.base - two.base) < 2 for two in others)) >= 2


def _is_dense(rows: list[list[Fragment]]) -> bool:
    """Most lines follow the one above without white space."""
    close = sum(1 for a, b in itertools.pairwise(rows) if b[0].base - a[0].base < 1.75 * a[0].size)
    return close >= 0.6 * (len(rows) - 1)


def _has_heading(rows: list[list[Fragment]]) -> bool:
    return len(rows[0]) == 1 and (rows[0][0].bold or rows[0][0].size > 1.1 * rows[1][0].size)
