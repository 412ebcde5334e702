"""Tables without a grid of lines: text that stands side by side, row after row, in the same columns.

In: segments of a page in the file's order. Out: grids, as if lines had been drawn. Producers write a table row by row,
and a cell's lines before the next cell; so what follows to the right of a block, at its height, is the next cell, and
what follows below is the next row. Columns of prose are written one after the other, which tells them from a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from calfeed.documents.pdf_lines import Segment, segment_of
from calfeed.documents.pdf_tables import Grid, GridCell
from calfeed.documents.pdf_words import Word

_MARKER = re.compile(r"[•◦▪▫■□●○‣⁃∙·➢➤✓➔→*–—\-§]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
# Parts of a line of prose are longer than this many characters on average.
_PROSE = 42
# Lines of a block are nearer to each other than this share of their size, rows of a table than so many sizes.
_TIGHT = 0.75
_APART = 4.0


class Part(NamedTuple):
    """Segments that stand below each other: what one cell of a table may hold. Where rows run from right to left
    (`side` -1), `left` and `right` are mirrored, so that columns count from the side where reading begins."""

    segments: tuple[Segment, ...]
    left: float
    top: float
    right: float
    bottom: float


Row = list[Part]
Column = tuple[float, float]


class Table(NamedTuple):
    """A table found in a flow: it takes the place of segments `start` to `end` (excluded)."""

    start: int
    end: int
    grid: Grid
    cells: tuple[tuple[Segment, ...], ...]


def tables(segments: Sequence[Segment]) -> list[Table]:
    """The tables among segments that follow each other; columns count from the side where their rows begin."""
    found = _tables(segments, 1)
    if any(segment.rtl for segment in segments):
        found = max(found, _tables(segments, -1), key=lambda some: sum(len(table.cells) for table in some))
    return found


def _tables(segments: Sequence[Segment], side: int) -> list[Table]:
    if not segments:
        return []
    rows = _rows(_parts(segments, side))
    counts = [sum(len(part.segments) for part in row) for row in rows]
    size = median(segment.size for segment in segments)
    found: list[Table] = []
    start = taken = 0
    while start < len(rows):
        end = _table_end(rows, start, size)
        if end > start and _convinces(rows[start:end]):
            first = (
                start - 1 if start > taken and _is_head_line(rows[start - 1], rows[start:end], size, side) else start
            )
            grid, cells = _table(rows[first:end], size, side)
            found.append(Table(sum(counts[:first]), sum(counts[:end]), grid, cells))
            start = taken = end
        else:
            start += 1
    return found


def _parts(segments: Sequence[Segment], side: int) -> list[Part]:
    parts: list[Part] = []
    for segment in segments:
        part = part_of((segment,), side)
        last = parts[-1] if parts else None
        if last and _goes_on(last, part):
            parts[-1] = part_of((*last.segments, segment), side)
        else:
            parts.append(part)
    return parts


def part_of(segments: tuple[Segment, ...], side: int) -> Part:
    """Segments as a part, where rows run to a side: 1 to the right, -1 to the left."""
    left, right = min(s.left for s in segments), max(s.right for s in segments)
    if side < 0:
        left, right = -right, -left
    return Part(segments, left, min(s.top for s in segments), right, max(s.bottom for s in segments))


def _goes_on(above: Part, part: Part) -> bool:
    size = above.segments[-1].size
    gap = part.top - above.bottom
    overlaps = min(above.right, part.right) - max(above.left, part.left) > 0
    return overlaps and -0.4 * size < gap < _TIGHT * size and abs(part.segments[0].size - size) < 0.08 * size


def _rows(parts: Iterable[Part]) -> list[Row]:
    """Parts side by side: each behind the one before it, at the height of the row's first ones."""
    rows: list[Row] = []
    for part in parts:
        row = rows[-1] if rows else None
        if row and part.left >= row[-1].right - 1 and _level(row, part):
            row.append(part)
        else:
            rows.append([part])
    return rows


def _level(row: Row, part: Part) -> bool:
    top, bottom = min(p.top for p in row), max(p.bottom for p in row)
    return min(bottom, part.bottom) - max(top, part.top) > 0.5 * min(bottom - top, part.bottom - part.top)


def _is_head_line(row: Row, rows: Sequence[Row], size: float, side: int) -> bool:
    """Whether a line over a table is its head, whose names stand too near to each other to be apart by themselves."""
    columns = columns_of(rows)
    if len(row) > 1 or len(row[0].segments) > 1 or not _follows(row, rows[0], size):
        return False
    words = _split(row[0], columns, side)
    return len(words) > 2 and len(words) >= 0.6 * len(columns)


def _split(part: Part, columns: Sequence[Column], side: int) -> list[Part]:
    """A part of one line cut at the columns' edges, if no word stands across one; else the part whole."""
    edges = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    pieces: dict[int, list[Word]] = {}
    for word in part.segments[0].words:
        left, right = (word.left, word.right) if side > 0 else (-word.right, -word.left)
        if any(left < edge < right for edge in edges):
            return [part]
        pieces.setdefault(sum(edge < left for edge in edges), []).append(word)
    return [part_of((segment_of(words),), side) for words in pieces.values()]


def columns_of(rows: Iterable[Row]) -> list[Column]:
    """The columns that rows of several parts stand in; what spans several columns makes none."""
    columns: list[tuple[float, float, int]] = []
    parts = sorted((part for row in rows if len(row) > 1 for part in row), key=lambda part: part.right - part.left)
    for part in parts:
        under = [column for column in columns if _shared(part, column) > 0.2 * min(_width(part), column[1] - column[0])]
        if len(under) > 1 and all(count > 1 for *_, count in under):
            continue
        columns = [column for column in columns if column not in under]
        edges = [(part.left, part.right, 1), *under]
        columns.append((min(e[0] for e in edges), max(e[1] for e in edges), sum(e[2] for e in edges)))
    return sorted((left, right) for left, right, _ in columns)


def _width(part: Part) -> float:
    return part.right - part.left


def _shared(part: Part, column: Sequence[float]) -> float:
    return min(part.right, column[1]) - max(part.left, column[0])


def span_of(part: Part, columns: Sequence[Column]) -> tuple[int, int]:
    """The first column that a part stands in, and how many."""
    under = [
        n for n, column in enumerate(columns) if _shared(part, column) > 0.2 * min(_width(part), column[1] - column[0])
    ]
    if not under:
        under = [max(range(len(columns)), key=lambda n: _shared(part, columns[n]))]
    return under[0], under[-1] - under[0] + 1


def _fits(rows: Sequence[Row]) -> bool:
    """Whether each part of each row of several has a column for itself."""
    columns = columns_of(rows)
    if len(columns) < 2:
        return False
    for row in rows:
        if len(row) > 1:
            spans = [span_of(part, columns) for part in row]
            if any(first + count > following for (first, count), (following, _) in pairwise(spans)):
                return False
    return True


def _table_end(rows: Sequence[Row], start: int, size: float) -> int:
    """Where the table that begins with a row ends; `start` where none does."""
    if len(rows[start]) < 2:
        return start
    end = start + 1
    at = end
    while at < len(rows) and _follows(rows[at - 1], rows[at], size):
        if len(rows[at]) > 1:
            if not _fits([*rows[start:end], *rows[end : at + 1]]):
                break
            end = at + 1
        elif at - end >= 2 or not _inside(rows[start:end], rows[at][0]):
            break
        at += 1
    return end if _fits(rows[start:end]) else start


def _follows(above: Row, row: Row, size: float) -> bool:
    top, bottom = min(part.top for part in row), max(part.bottom for part in above)
    return -size < top - bottom < _APART * size and min(part.top for part in above) < top


def _inside(rows: Sequence[Row], part: Part) -> bool:
    parts = [p for row in rows for p in row]
    return part.left >= min(p.left for p in parts) - 3 and part.right <= max(p.right for p in parts) + 3


def _convinces(rows: Sequence[Row]) -> bool:
    """Whether rows are a table, and neither a list with its markers nor columns of prose."""
    several = [row for row in rows if len(row) > 1]
    width = max(map(len, several))
    if len(several) < (3 if width == 2 else 2):
        return False
    if width == 2 and sum(bool(_MARKER.fullmatch(row[0].segments[0].text)) for row in several) > 0.7 * len(several):
        return False
    lines = [len(segment.text) for row in several for part in row for segment in part.segments]
    return width > 2 or len(several) > 3 or sum(lines) / len(lines) < _PROSE


def _table(rows: Sequence[Row], size: float, side: int) -> tuple[Grid, tuple[tuple[Segment, ...], ...]]:
    columns = columns_of(rows)
    rows = [[piece for part in row for piece in _apart(part, columns, side)] for row in _rejoined(rows, size)]
    xs = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    xs.insert(0, min(columns[0][0], *(part.left for row in rows for part in row)))
    xs.append(max(columns[-1][1], *(part.right for row in rows for part in row)))
    ys = [*(min(part.top for part in row) for row in rows), max(part.bottom for part in rows[-1])]
    cells: dict[tuple[int, int], tuple[GridCell, tuple[Segment, ...]]] = {}
    for number, row in enumerate(rows):
        for part in row:
            first, count = span_of(part, columns)
            held = cells[number, first][1] if (number, first) in cells else ()
            across = sorted(side * edge for edge in (xs[first], xs[first + count]))
            box = (across[0], ys[number], across[1], ys[number + 1])
            cells[number, first] = GridCell(number, first, 1, count, box), (*held, *part.segments)
    ordered = [cells[key] for key in sorted(cells)]
    grid = Grid(tuple(sorted(side * x for x in xs)), tuple(ys), tuple(cell for cell, _ in ordered))
    return grid, tuple(held for _, held in ordered)


def _apart(part: Part, columns: Sequence[Column], side: int) -> list[Part]:
    """A part of one line that spans columns, cut at their edges where it can be."""
    if len(part.segments) > 1 or span_of(part, columns)[1] < 2:
        return [part]
    return _split(part, columns, side)


def _rejoined(rows: Sequence[Row], size: float) -> list[Row]:
    """Rows that only go on with the one above, where other rows stand farther apart, made one with it."""
    steps = [min(p.top for p in b) - min(p.top for p in a) for a, b in pairwise(rows)]
    tight = 1.45 * size
    if not any(step > 1.25 * tight for step in steps) or not any(step <= tight for step in steps):
        return list(rows)
    done = [list(rows[0])]
    for step, row in zip(steps, rows[1:], strict=True):
        if step <= tight:
            done[-1] += row
        else:
            done.append(list(row))
    return done
