"""A table as a grid: which cell covers which place, which rows are heads, what a column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part
from calfeed.extract.fields import label_kind

_NUMBER = re.compile(r"\(?\d{1,4}[.)]?")


class Row(Struct, eq=False, kw_only=True):
    """A row: `cells` by column, a spanning cell in each that it covers; `starts` each cell once, with its first
    column."""

    part: Part
    head: bool
    cells: dict[int, Part] = {}
    starts: list[tuple[int, Part]] = []

    @property
    def filled(self) -> list[Part]:
        return [cell for _, cell in self.starts if cell.text.strip() or cell.children]


class Grid:
    """The rows of a table part, with cells that span rows in each that they cover."""

    def __init__(self, table: Part) -> None:
        self.table = table
        self.rows: list[Row] = []
        over: dict[int, tuple[Part, int]] = {}
        for part in (child for child in table.children if child.kind is NodeKind.ROW):
            row = Row(part=part, head=part.node.head, cells={}, starts=[])
            for column, (cell, left) in list(over.items()):
                row.cells[column] = cell
                over[column] = (cell, left - 1)
                if left <= 1:
                    del over[column]
            column = 0
            for cell in (child for child in part.children if child.kind is NodeKind.CELL):
                column = max(cell.node.column, _free(row.cells, column))
                row.starts.append((column, cell))
                for each in range(column, column + max(1, cell.node.columns)):
                    row.cells[each] = cell
                    if cell.node.rows > 1:
                        over[each] = (cell, cell.node.rows - 1)
                column += max(1, cell.node.columns)
            if row.starts and all(cell.node.head for _, cell in row.starts):
                row.head = True
            self.rows.append(row)
        width = 1 + max((column for row in self.rows for column in row.cells), default=-1)
        heads = [row for row in self.rows if row.head]
        self.heads: tuple[str, ...] = tuple(_head(heads, column) for column in range(width))
        self.body: list[Row] = [row for row in self.rows if not row.head]

    @property
    def width(self) -> int:
        return len(self.heads)

    def column(self, at: int) -> list[Part]:
        """The filled cells of the body in a column."""
        found = [row.cells[at] for row in self.body if at in row.cells]
        return [cell for cell in dict.fromkeys(found) if cell.text.strip() or cell.children]


def _free(cells: dict[int, Part], column: int) -> int:
    while column in cells:
        column += 1
    return column


def _head(heads: Sequence[Row], column: int) -> str:
    """The words of a column's heads, from above."""
    texts = [row.cells[column].text.strip() for row in heads if column in row.cells]
    return " ".join(dict.fromkeys(filter(None, texts)))


def head_kind(head: str, lang: str | None) -> str | None:
    """What a column's head announces, as `label_kind`; names of database fields ("start_date") are words too."""
    return label_kind(head.replace("_", " "), lang) if head else None


def numbering(grid: Grid) -> frozenset[int]:
    """The columns that number the rows: their head says so, or they count."""
    found = set()
    for at in range(grid.width):
        cells = [cell.text.strip() for cell in grid.column(at)]
        head = head_kind(grid.heads[at], None)
        if not cells or head in ("date", "start", "end") or not all(map(_NUMBER.fullmatch, cells)):
            continue
        numbers = [int(re.sub(r"\D", "", cell)) for cell in cells]
        counts = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1
        if head == "number" or counts:
            found.add(at)
    return frozenset(found)
