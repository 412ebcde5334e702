"""Tables of plain text whose columns are kept apart by spaces alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

_GAP = re.compile(r" {2,}")
_MARKER = re.compile(r"\s*(?:[^\w\s(\"'“‘]|o|\(?\w{1,3}[.)])\s")
# A table has at least so many rows; two lines may look alike by chance.
_MIN_ROWS = 3
_SLACK = 1


def aligned_cells(numbered: Sequence[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """The cells of each line that stands in such a table, by line number.

    A table is a run of lines whose words start in the columns of its first line, at least _MIN_ROWS of them with two
    cells or more. A line that fills only later columns goes on from the row above: its cells are added there, and its
    own are empty.
    """
    found: dict[int, tuple[str, ...]] = {}
    run: list[tuple[int, dict[int, str]]] = []
    for number, line in [*numbered, (0, "")]:
        cells = _by_column(line)
        if run and cells and _fits(cells, run[0][1]):
            run.append((number, _onto(cells, run[0][1])))
            continue
        found |= _rows(run)
        run = [(number, cells)] if len(cells) >= 2 and not _MARKER.match(line) else []
    return found


def _by_column(line: str) -> dict[int, str]:
    """The parts of a line between gaps, by the column in which each starts."""
    cells: dict[int, str] = {}
    at = len(line) - len(line.lstrip())
    for gap in [*_GAP.finditer(line, at), None]:
        end = gap.start() if gap else len(line)
        if line[at:end].strip():
            cells[at] = line[at:end].strip()
        at = gap.end() if gap else at
    return cells


def _fits(cells: dict[int, str], first: dict[int, str]) -> bool:
    return all(any(abs(column - other) <= _SLACK for other in first) for column in cells)


def _onto(cells: dict[int, str], first: dict[int, str]) -> dict[int, str]:
    """The cells under the columns of the first row."""
    return {next(other for other in first if abs(column - other) <= _SLACK): text for column, text in cells.items()}


def _rows(run: Sequence[tuple[int, dict[int, str]]]) -> dict[int, tuple[str, ...]]:
    if sum(len(cells) >= 2 for _, cells in run) < _MIN_ROWS:
        return {}
    columns = sorted(run[0][1])
    found: dict[int, list[str]] = {}
    above = 0
    for number, cells in run:
        if columns[0] in cells or not above:
            found[number] = [cells.get(column, "") for column in columns]
            above = number
        else:
            found[above] = [f"{old} {cells.get(c, '')}".strip() for old, c in zip(found[above], columns, strict=True)]
            found[number] = [""] * len(columns)
    return {number: tuple(cells) for number, cells in found.items()}
