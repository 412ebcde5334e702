"""Tables of plain text whose columns are kept apart by spaces alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_GAP = re.compile(r" {2,}")
_PARTED = re.compile(r"(\s*\S.*?\S)(\s*(?:\.{4,}|…{2,}|(?:\. ){3,}\.?)\s*|\s{4,})(\S(?:.*\S)?)\s*$")
_SHORT = 30
_MARKER = re.compile(r"\s*(?:[^\w\s(\"'“‘]|o|\(?\w{1,3}[.)])\s")
# A table has at least so many rows; two lines may look alike by chance, unless their columns stand far apart.
_MIN_ROWS = 3
_MIN_WIDE_ROWS = 2
_WIDE = 4
_SLACK = 1
# No table is wider, in characters.
_MAX_LINE = 1_000


def aligned_cells(numbered: Sequence[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """The cells of each line that stands in such a table, by line number.

    A table is a run of lines whose words start in the columns of its first line, at least _MIN_ROWS of them with two
    cells or more; a blank line may stand before a row that has several. A line that fills only later columns, or lacks
    some and begins small, goes on from the row above: its cells are added there, and its own are empty.
    """
    found = _in_two(numbered)
    run: list[tuple[int, dict[int, str]]] = []
    blank = False
    for number, line in [*numbered, (0, "")]:
        cells = _by_column(line) if number not in found else {}
        if run:
            cells = _narrow_joined(cells, run[0][1])
        if run and number and not cells and not blank:
            blank = True
            continue
        if run and cells and _fits(cells, run[0][1]) and (len(cells) >= 2 or not blank):
            run.append((number, _onto(cells, run[0][1])))
        else:
            found |= _rows(run)
            run = [(number, cells)] if len(cells) >= 2 and not _MARKER.match(line) else []
        blank = False
    return found


def _in_two(numbered: Sequence[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """The cells of lines with a short text at their right edge, after leaders ("......") or a wide gap: two lines
    and more on end, of which one has leaders or all end in the same column."""
    found: dict[int, tuple[str, ...]] = {}
    run: list[tuple[int, str, re.Match[str]]] = []
    for number, line in [*numbered, (0, "")]:
        parted = (
            _PARTED.match(line) if ("  " in line or "..." in line or "…" in line) and len(line) <= _MAX_LINE else None
        )
        if parted and len(parted[3]) <= _SHORT and not _GAP.search(parted[1].strip()):
            run.append((number, line, parted))
            continue
        leaders = any(not match[2].isspace() for _, _, match in run)
        flush = len({len(line) for _, line, _ in run}) == 1 and len({match.start(3) for _, _, match in run}) > 1
        if len(run) >= _MIN_WIDE_ROWS and (leaders or flush):
            found |= {n: (match[1].strip(), match[3].strip()) for n, _, match in run}
        run = []
    return found


def _by_column(line: str) -> dict[int, str]:
    """The parts of a line between gaps, by the column in which each starts."""
    cells: dict[int, str] = {}
    at = len(line) - len(line.lstrip())
    if "  " not in line[at:]:
        return {at: line.strip()} if line.strip() else {}
    if len(line) > _MAX_LINE:
        return {}
    for gap in [*_GAP.finditer(line, at), None]:
        end = gap.start() if gap else len(line)
        if line[at:end].strip():
            cells[at] = line[at:end].strip()
        at = gap.end() if gap else at
    return cells


def _narrow_joined(cells: dict[int, str], first: dict[int, str]) -> dict[int, str]:
    """The cells, with what stands two spaces after another and in no column of the first row added to it."""
    joined: dict[int, str] = {}
    last = end = 0
    for at, text in cells.items():
        if joined and at - end <= 2 and not _fits({at: text}, first):
            joined[last] += f" {text}"
        else:
            joined[at] = text
            last = at
        end = at + len(text)
    return joined


def _fits(cells: dict[int, str], first: dict[int, str]) -> bool:
    return all(any(abs(column - other) <= _SLACK for other in first) for column in cells)


def _onto(cells: dict[int, str], first: dict[int, str]) -> dict[int, str]:
    """The cells under the columns of the first row."""
    return {next(other for other in first if abs(column - other) <= _SLACK): text for column, text in cells.items()}


def _rows(run: Sequence[tuple[int, dict[int, str]]]) -> dict[int, tuple[str, ...]]:
    several = sum(len(cells) >= 2 for _, cells in run)
    if several < (_MIN_WIDE_ROWS if _is_wide(run) else _MIN_ROWS):
        return {}
    columns = sorted(run[0][1])
    found: dict[int, list[str]] = {}
    above = 0
    for number, cells in run:
        ragged = len(cells) < len(columns) and cells.get(columns[0], "")[:1].islower()
        if not above or (columns[0] in cells and not ragged):
            found[number] = [cells.get(column, "") for column in columns]
            above = number
        else:
            found[above] = [f"{old} {cells.get(c, '')}".strip() for old, c in zip(found[above], columns, strict=True)]
            found[number] = [""] * len(columns)
    return {number: tuple(cells) for number, cells in found.items()}


def _is_wide(run: Sequence[tuple[int, dict[int, str]]]) -> bool:
    """Whether wide gaps part the cells of every row."""
    for _, cells in run:
        starts = sorted(cells)
        if any(after - at - len(cells[at]) < _WIDE for at, after in pairwise(starts)):
            return False
    return True
