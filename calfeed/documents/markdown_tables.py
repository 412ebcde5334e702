"""Tables of Pandoc's Markdown, which CommonMark takes for rules and paragraphs: grids, and columns under dashes.

docutils reads the grids (they are those of reStructuredText); columns are cut where the line of dashes has its gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from docutils.parsers.rst.tableparser import GridTableParser, TableMarkupError
from docutils.statemachine import StringList

from calfeed.documents.lines import rejoin

_BORDER = re.compile(r" {0,3}\+(?:[-=:]{2,}\+)+\s*$")
_DASHES = re.compile(r" {0,3}-{2,}(?: +-{2,})+\s*$")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_RULE = re.compile(r" {0,3}-{5,}\s*$")
_MAX_LINES = 5_000

# A table cut out: its first and its line after the last, heads, rows; a cell is its text, line, rows and columns.
Cell = tuple[str, int, int, int]
Cut = tuple[int, int, list[list[Cell]], list[list[Cell]]]


def tables_in(lines: Sequence[str]) -> list[Cut]:
    """The tables of some lines; numbers count from 0."""
    found: list[Cut] = []
    at = 0
    fence = ""
    while at < len(lines):
        made = None
        if mark := _FENCE.match(lines[at]):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if fence:
            at += 1
            continue
        if _BORDER.match(lines[at]):
            made = _grid(lines, at)
        elif _DASHES.match(lines[at]):
            made = _columns(lines, at, found[-1][1] if found else 0)
        if made:
            found.append(made)
            at = made[1]
        else:
            at += 1
    return found


def _grid(lines: Sequence[str], start: int) -> Cut | None:
    end = start
    while end < len(lines) and end - start < _MAX_LINES and lines[end].lstrip()[:1] in ("+", "|"):
        end += 1
    block = [line.strip() for line in lines[start:end]]
    # A colon in a border sets a column's alignment.
    block = [line.replace(":", "=" if "=" in line else "-") if _BORDER.match(line) else line for line in block]
    width = max(map(len, block))
    try:
        _, heads, body = GridTableParser().parse(StringList([line.ljust(width) for line in block], "table"))
    except (TableMarkupError, IndexError, ValueError, AssertionError):
        return None
    return start, end, [_grid_row(row, start) for row in heads], [_grid_row(row, start) for row in body]


def _grid_row(row: Sequence[tuple[int, int, int, list[str]] | None], start: int) -> list[Cell]:
    return [(_text(cell[3]), start + cell[2], cell[0] + 1, cell[1] + 1) for cell in row if cell is not None]


def _text(lines: Iterable[str]) -> str:
    """The paragraphs of a cell, each on a line: within one the margin is the column's."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "  \n".join(rejoin(part) for part in paragraphs if part)


def _columns(lines: Sequence[str], at: int, floor: int) -> Cut | None:
    """A simple table (a row a line) or one whose rows blank lines part, around its line of dashes at `at`."""
    spans = [(dash.start(), dash.end()) for dash in re.finditer(r"-+", lines[at])]
    top = at
    while (
        top > floor and lines[top - 1].strip() and not _RULE.match(lines[top - 1]) and not _DASHES.match(lines[top - 1])
    ):
        top -= 1
    ruled = top > floor and _RULE.match(lines[top - 1]) is not None
    head = [(number, lines[number]) for number in range(top, at)]
    end = at + 1
    while end < len(lines) and end - at < _MAX_LINES:
        line = lines[end]
        if _is_rule(line) or (not ruled and not line.strip()):
            break
        end += 1
    closed = end < len(lines) and _is_rule(lines[end])
    if not (ruled and closed) and (ruled or len(head) != 1) and not (closed and not head):
        return None
    groups: list[list[tuple[int, str]]] = [[]]
    for number in range(at + 1, end):
        if not lines[number].strip():
            groups.append([])
        else:
            groups[-1].append((number, lines[number]))
            if not ruled:
                groups.append([])
    body = [_cells(group, spans) for group in groups if group]
    if not body:
        return None
    return (top - 1 if ruled else top), end + closed, [_cells(head, spans)] if head else [], body


def _is_rule(line: str) -> bool:
    return bool(_RULE.match(line) or _DASHES.match(line))


def _cells(group: Sequence[tuple[int, str]], spans: Sequence[tuple[int, int]]) -> list[Cell]:
    """A row's cells: what stands from where each column begins to where the next does."""
    edges = [start for start, _ in spans] + [10_000]
    row: list[Cell] = []
    for column, (start, after) in enumerate(pairwise(edges)):
        begin = 0 if column == 0 else start
        row.append((rejoin([line[begin:after] for _, line in group]).strip(), group[0][0], 1, 1))
    return row
