"""Tables whose rows are parted by lines across, but whose columns are not, or only by gaps in those.

In: what is drawn on a page of a PDF, and its words. Out: grids, as if the columns' lines had been drawn too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from calfeed.documents.pdf_columns import Column, Row, columns_of, part_of, span_of
from calfeed.documents.pdf_drawing import Rule
from calfeed.documents.pdf_lines import Segment, segments_of
from calfeed.documents.pdf_tables import Grid, GridCell, Line, merged
from calfeed.documents.pdf_words import Box, Word

# Lines across are a table's where they begin and end alike (points), and hold no more lines of text a row than this.
_ALIKE = 6.0
_MOST_LINES = 8


def bands(rules: Sequence[Rule], words: Iterable[Word], taken: Sequence[Grid]) -> list[Grid]:
    """Grids of such tables outside of those that are `taken`."""
    across = merged([(r.top, r.left, r.right) for r in rules if r.top == r.bottom and not r.shade])
    across = [line for line in across if not any(_within(line, grid.box) for grid in taken)]
    groups: list[list[Line]] = []
    for line in across:
        group = next(
            (g for g in groups if abs(g[0].start - line.start) < _ALIKE and abs(g[0].end - line.end) < _ALIKE), None
        )
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    groups = [group for group in groups if len(group) > 2]
    segments = segments_of(words) if groups else []
    return [grid for group in groups if (grid := _banded(group, segments))]


def _within(line: Line, box: Box) -> bool:
    return box[1] - 1 <= line.at <= box[3] + 1 and line.start >= box[0] - 1 and line.end <= box[2] + 1


def _banded(group: Sequence[Line], segments: Sequence[Segment]) -> Grid | None:
    left, right = min(line.start for line in group), max(line.end for line in group)
    inside = sorted((s for s in segments if left - 3 <= (s.left + s.right) / 2 <= right + 3), key=lambda s: s.left)
    ys = _edges([line.at for line in group], inside)
    rows: list[Row] = []
    for top, bottom in pairwise(ys):
        held = [s for s in inside if top < s.middle < bottom]
        if len({round(s.top / 3) for s in held}) > _MOST_LINES:
            return None
        rows.append([part_of((segment,), 1) for segment in held])
    columns = columns_of(rows)
    if len(columns) < 2 or sum(len(row) > 1 for row in rows) < 2:
        return None
    xs = [min(left, columns[0][0]), *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), max(right, columns[-1][1])]
    cells: list[GridCell] = []
    for number, row in enumerate(rows):
        cells += _cells_of(number, row, columns, xs, ys)
    return Grid(tuple(xs), tuple(ys), tuple(cells))


def _edges(ys: list[float], inside: Sequence[Segment]) -> list[float]:
    """The lines across, and edges of a row above the first or below the last of them where several parts stand
    there.
    """
    height = median([b - a for a, b in pairwise(ys)])
    above = [s for s in inside if 0 < ys[0] - s.middle < min(height, 2.5 * s.size)]
    below = [s for s in inside if 0 < s.middle - ys[-1] < min(height, 4 * s.size)]
    if _side_by_side(above):
        ys = [min(s.top for s in above) - 1, *ys]
    if _side_by_side(below):
        ys = [*ys, max(s.bottom for s in below) + 1]
    return ys


def _side_by_side(segments: Sequence[Segment]) -> bool:
    return any(a.right < b.left and min(a.bottom, b.bottom) > max(a.top, b.top) for a, b in pairwise(segments))


def _cells_of(
    number: int, row: Row, columns: Sequence[Column], xs: Sequence[float], ys: Sequence[float]
) -> list[GridCell]:
    """The cells of a band: one a column, or one over all that a part spans."""
    widest = {0: 1}
    for part in row:
        first, count = span_of(part, columns)
        widest[first] = max(widest.get(first, 1), count)
    cells: list[GridCell] = []
    column = 0
    while column < len(columns):
        count = widest.get(column, 1)
        cells.append(GridCell(number, column, 1, count, (xs[column], ys[number], xs[column + count], ys[number + 1])))
        column += count
    return cells
