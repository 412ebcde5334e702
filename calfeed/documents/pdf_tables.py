"""Tables of a PDF's page: grids that its ruled lines make, with merged cells where a line is missing.

In: lines from `pdf_drawing.drawing_of`. Out: grids, as boxes with their place and span; what stands in them is put in
by `pdf_layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from calfeed.documents.pdf_drawing import Rule
from calfeed.documents.pdf_words import Box

# Lines nearer to each other than this are one, and lines that miss each other by less than this meet (points).
_NEAR = 3.0
_SHORTEST = 4.0
# No column or row is narrower than this: borders of cells are drawn twice, with a gap between them.
_NARROWEST = 6.0
_MOST_RULES = 20_000


class GridCell(NamedTuple):
    """A cell of a grid: its place and span, counted from 0, and its box."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


class Grid(NamedTuple):
    """A table's lines: where its columns and rows begin and end, and its cells, row by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def held(self) -> dict[tuple[int, int], int]:
        """The number of the cell that covers each square of the grid, by row and column."""
        return {
            (row, column): number
            for number, cell in enumerate(self.cells)
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }


def ruled(rules: Sequence[Rule], *, shades: bool) -> list[Grid]:
    """The grids of two cells or more that `rules` make, from the top of the page down: lines, or edges of `shades`.

    Shades are set line by line within the cells of a table, so that their edges count only where no lines are drawn.
    """
    used = [rule for rule in rules if rule.shade == shades]
    return (
        sorted(_outermost(_grids(used)), key=lambda grid: (grid.box[1], grid.box[0]))
        if used[_MOST_RULES:] == []
        else []
    )


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _grids(rules: Sequence[Rule]) -> list[Grid]:
    across = merged([(r.top, r.left, r.right) for r in rules if r.top == r.bottom])
    down = merged([(r.left, r.top, r.bottom) for r in rules if r.top != r.bottom])
    return [grid for h, v in _connected(across, down) if (grid := _grid(h, v)) and len(grid.cells) > 1]


def _outermost(found: list[Grid]) -> Iterator[Grid]:
    for grid in found:
        if not any(other is not grid and _within(grid.box, other.box) for other in found):
            yield grid


def _within(inner: Box, outer: Box) -> bool:
    left, top, right, bottom = outer
    return inner[0] >= left - 1 and inner[1] >= top - 1 and inner[2] <= right + 1 and inner[3] <= bottom + 1


class Line(NamedTuple):
    """A line at `at` of one axis, from `start` to `end` of the other."""

    at: float
    start: float
    end: float


def merged(lines: Iterable[tuple[float, float, float]]) -> list[Line]:
    """Lines on one axis, those that are near to each other and overlap or touch made one."""
    done: list[Line] = []
    group: list[Line] = []
    for line in sorted(Line(*line) for line in lines):
        if group and line.at - group[0].at > _NEAR:
            done += _spliced(group)
            group = []
        group.append(line)
    return [line for line in done + _spliced(group) if line.end - line.start >= _SHORTEST]


def _spliced(group: Sequence[Line]) -> list[Line]:
    if not group:
        return []
    at = sum(line.at for line in group) / len(group)
    done: list[Line] = []
    for line in sorted(group, key=lambda line: line.start):
        if done and line.start <= done[-1].end + _NEAR:
            done[-1] = Line(at, done[-1].start, max(done[-1].end, line.end))
        else:
            done.append(Line(at, line.start, line.end))
    return done


def _connected(across: list[Line], down: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Lines that meet, in groups."""
    parent = list(range(len(across) + len(down)))
    root = _finder(parent)
    for i, h in enumerate(across):
        for j, v in enumerate(down):
            if h.start - _NEAR <= v.at <= h.end + _NEAR and v.start - _NEAR <= h.at <= v.end + _NEAR:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for i, h in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(v)
    yield from groups.values()


def _finder(parent: list[int]) -> Callable[[int], int]:
    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    return root


def _grid(across: list[Line], down: list[Line]) -> Grid | None:
    """The grid of lines that meet; an outer edge that is not drawn lies where the lines towards it end."""
    if not across or not down:
        return None
    xs = _edges([v.at for v in down], [end for h in across for end in (h.start, h.end)])
    ys = _edges([h.at for h in across], [end for v in down for end in (v.start, v.end)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows < 2:
        return None
    parent = list(range(columns * rows))
    root = _finder(parent)
    walls, floors = _drawn(down, xs, ys), _drawn(across, ys, xs)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and (column + 1, row) not in walls:
                parent[root(here + 1)] = root(here)
            if row + 1 < rows and (row + 1, column) not in floors:
                parent[root(here + columns)] = root(here)
    members: dict[int, list[tuple[int, int]]] = {}
    for here in range(columns * rows):
        members.setdefault(root(here), []).append(divmod(here, columns))
    cells = []
    for places in members.values():
        top, bottom = min(r for r, _ in places), max(r for r, _ in places)
        left, right = min(c for _, c in places), max(c for _, c in places)
        cells.append(
            GridCell(top, left, bottom - top + 1, right - left + 1, (xs[left], ys[top], xs[right + 1], ys[bottom + 1]))
        )
    return Grid(tuple(xs), tuple(ys), tuple(sorted(cells)))


def _edges(drawn: Iterable[float], ends: Sequence[float]) -> list[float]:
    """Where columns (or rows) begin and end, in order."""
    edges: list[float] = []
    for at in sorted(drawn):
        if not edges or at - edges[-1] > _NARROWEST:
            edges.append(at)
    if min(ends) < edges[0] - _NARROWEST:
        edges.insert(0, min(ends))
    if max(ends) > edges[-1] + _NARROWEST:
        edges.append(max(ends))
    return edges


def _drawn(lines: Iterable[Line], edges: Sequence[float], others: Sequence[float]) -> set[tuple[int, int]]:
    """Which pieces of the edges are drawn: (number of the edge, number of the stretch between two of `others`)."""
    found: set[tuple[int, int]] = set()
    middles = [(start + end) / 2 for start, end in pairwise(others)]
    for line in lines:
        edge = min(range(len(edges)), key=lambda number: abs(edges[number] - line.at))
        if abs(edges[edge] - line.at) <= _NARROWEST:
            found |= {(edge, number) for number, at in enumerate(middles) if line.start <= at <= line.end}
    return found
