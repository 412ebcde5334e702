"""Tables as grids: rows from cells with their places, and which of the first rows are the head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec.structs import replace

from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:\d\d|(?:19|20)\d\d))?")
# A cell of more letters than this is no column's name.
_LONGEST_HEAD = 80
# Rows below a head that are looked at to tell it from them.
_ROWS_COMPARED = 12
# A head of a table has no more rows than this.
_MOST_HEADS = 4


def table(cells: Iterable[Node], *, where: Where | None = None, label: str = "", heads: int | None = None) -> Node:
    """A table of `cells`, each with its place in the grid. `heads` first rows are its head; None: told by their
    look.
    """
    rows: dict[int, list[Node]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    ordered = [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]
    count = head_rows(ordered) if heads is None else heads
    return Node(
        kind=NodeKind.TABLE,
        where=where or union(cell.where for row in ordered for cell in row),
        label=label,
        children=tuple(_row(row, number, number < count) for number, row in enumerate(ordered)),
    )


def _row(cells: Sequence[Node], number: int, head: bool) -> Node:
    children = tuple(replace(cell, head=True) if head and not cell.head else cell for cell in cells)
    return Node(kind=NodeKind.ROW, row=cells[0].row, head=head, where=union(c.where for c in cells), children=children)


def head_rows(rows: Sequence[Sequence[Node]]) -> int:
    """How many of the first rows name the columns, by how they differ from the rows below.

    Evidence: names are short and have no day in them, where cells below have digits; they are bold, where those below
    are not. A row whose cells span several columns is named further by the row below it.
    """
    count = 0
    while count < min(_MOST_HEADS, len(rows) - 1) and _is_head(rows[count], rows[count + 1 :], first=count == 0):
        spans = any(cell.columns > 1 for cell in rows[count])
        count += 1
        if not spans and not (count == 1 and _lone(rows[0])):
            break
    return 0 if count and all(_lone(row) for row in rows[:count]) else count


def _lone(row: Sequence[Node]) -> bool:
    return sum(bool(cell.text) for cell in row) == 1


def _is_head(row: Sequence[Node], below: Sequence[Sequence[Node]], *, first: bool) -> bool:
    named = [cell for cell in row if cell.text]
    if not named or any(len(cell.text) > _LONGEST_HEAD or cell.moment for cell in named):
        return False
    if len(named) == 1:
        # A title over all columns belongs to the head where a head follows.
        return first and len(below) > 1 and _is_head(below[0], below[1:], first=False)
    body = [cell for other in islice(below, _ROWS_COMPARED) for cell in other if cell.text]
    if not body:
        return False
    counted = [cell for cell in named if _DIGIT.search(cell.text) and not _YEAR.fullmatch(cell.text)]
    bold = all(cell.style.bold for cell in named) and sum(cell.style.bold for cell in body) < len(body) / 2
    if counted:
        return bold and len(counted) <= len(named) / 2
    return bold or _told_by_digits(named, below) or _told_by_length(named, body)


def _told_by_digits(named: Sequence[Node], below: Sequence[Sequence[Node]]) -> bool:
    """Whether most cells of a column under a name have digits."""
    under: dict[int, list[bool]] = {}
    for row in islice(below, _ROWS_COMPARED):
        for cell in row:
            if cell.text:
                under.setdefault(cell.column, []).append(bool(_DIGIT.search(cell.text)))
    return any(sum(found) * 2 > len(found) for cell in named if (found := under.get(cell.column)))


def _told_by_length(named: Sequence[Node], body: Sequence[Node]) -> bool:
    mean = sum(len(cell.text) for cell in body) / len(body)
    return len({cell.text for cell in named}) == len(named) and all(len(cell.text) * 2 < mean for cell in named)


def union(places: Iterable[Where]) -> Where:
    """The place that holds all of `places`: lines and pages from the first to the last, boxes of the first page."""
    known = [place for place in places if place != Where()]
    if not known:
        return Where()
    lines = [place.lines for place in known if place.lines]
    pages = [place.pages for place in known if place.pages]
    page = min(pages)[0] if pages else None
    boxes = [place.box for place in known if place.box and place.pages and place.pages[0] == page]
    cells = [part for place in known if place.cell for part in place.cell.split(":")]
    return Where(
        lines=(min(first for first, _ in lines), max(last for _, last in lines)) if lines else None,
        pages=(min(pages)[0], max(last for _, last in pages)) if pages else None,
        box=_hull(boxes) if boxes else None,
        sheet=known[0].sheet,
        cell=(cells[0] if cells[0] == cells[-1] else f"{cells[0]}:{cells[-1]}") if cells else None,
    )


def _hull(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
