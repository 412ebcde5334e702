"""CSV and TSV: a table, its dialect told by evidence.

The delimiter is the one that gives most rows the same number of cells, two or more. Lines above the header with fewer
cells are titles; a row that fills one cell only stays a row, for it may be a heading within the table.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from calfeed.documents.build import MAX_COLUMNS, MAX_NODES, outline, span, table, too_large
from calfeed.documents.language import guess
from calfeed.documents.tree import Node, NodeKind, Progress, Tree
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_MIN_ROWS = 3
_SHARE = 0.8
_MAX_CELL = 100_000


def delimiter_of(text: str, *, named: bool = False) -> str | None:
    """The delimiter of a text that is a table, None where it is none. `named`: it was called one, so less will do.

    Text that nobody called a table is one where at least four fifths of three rows and more have as many cells,
    three or more (two, of a tab), and no cell is a long sentence.
    """
    best: tuple[float, int, str] | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        try:
            rows = [row for row in islice(_rows(text, delimiter), _SAMPLE_ROWS) if any(cell.strip() for cell in row)]
        except csv.Error:
            continue
        counts = Counter(len(row) for row in rows)
        width, times = max(counts.items(), key=lambda count: (count[1], count[0]), default=(0, 0))
        share = times / len(rows) if rows else 0.0
        if width < 2:
            continue
        if not named:
            long = sum(len(cell) > 120 or cell[:1].isspace() for row in rows for cell in row)
            cells = sum(len(row) for row in rows)
            least = 2 if delimiter == "\t" else 3
            if len(rows) < _MIN_ROWS or width < least or share < _SHARE or long * 5 > cells or delimiter == "|":
                continue
        if best is None or (share, width) > best[:2]:
            best = (share, width, delimiter)
    return best[2] if best else None


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t")


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a CSV or TSV text: one table, with the lines above its header as paragraphs.

    Raises DocumentError for a table too large, or with a cell that never closes.
    """
    delimiter = delimiter_of(text, named=True) or ","
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t")
    rows: list[tuple[Where, list[str]]] = []
    total = cells = 0
    first = 1
    try:
        for row in reader:
            where = Where(lines=(first, max(first, reader.line_num)))
            first = reader.line_num + 1
            total += len(row)
            if any(cell.strip() for cell in row):
                cells = max(cells, len(row))
                rows.append((where, row))
            if total > MAX_NODES or len(row) > MAX_COLUMNS:
                raise too_large(source, f"a table with more than {MAX_NODES:,} cells or {MAX_COLUMNS} columns")
            if progress and reader.line_num % 1000 == 0:
                progress(reader.line_num, text.count("\n") + 1)
    except csv.Error as error:
        raise DocumentError(
            f"the table cannot be read: {error}.",
            spot=Spot(source, line=first),
            mend="Close the quotation mark that opens there.",
        ) from error
    titles, body = _apart(rows)
    nodes = [_title(where, row) for where, row in titles]
    if body:
        nodes.append(_table(body))
    title = titles[0][1][0].strip() if titles else None
    return Tree(
        source=source,
        media_type="text/csv" if delimiter != "\t" else "text/tab-separated-values",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=outline(nodes), where=span(nodes)),
        lang=lang or guess(text),
        title=title,
    )


def _apart(
    rows: list[tuple[Where, list[str]]],
) -> tuple[list[tuple[Where, list[str]]], list[tuple[Where, list[str]]]]:
    """The lines above the table, which fill one cell only, and its rows."""
    filled = [sum(bool(cell.strip()) for cell in row) for _, row in rows]
    start = next((at for at, count in enumerate(filled) if count > 1), 0)
    if start > 6 or max(filled, default=0) < 2:
        start = 0
    return rows[:start], rows[start:]


def _title(where: Where, row: list[str]) -> Node:
    text = " ".join(" ".join(row).split())
    return Node(kind=NodeKind.PARAGRAPH, text=text, where=where)


def _table(rows: list[tuple[Where, list[str]]]) -> Node:
    placed = [
        [
            Node(
                kind=NodeKind.CELL,
                text="\n".join(filter(None, (" ".join(line.split()) for line in cell.split("\n")))),
                where=where,
                row=number,
                column=column,
            )
            for column, cell in enumerate(row)
        ]
        for number, (where, row) in enumerate(rows)
    ]
    placed[0] = [replace(cell, head=True) for cell in placed[0]] if _is_header(rows) else placed[0]
    return table(placed, Where(lines=(rows[0][0].lines or (1, 1))[:1] + (rows[-1][0].lines or (1, 1))[1:]))


def _is_header(rows: list[tuple[Where, list[str]]]) -> bool:
    """Whether the first row of a file names its columns: distinct short names without digits at their beginning."""
    names = [cell.strip() for cell in rows[0][1]]
    filled = [name for name in names if name]
    if len(rows) < 2 or len(filled) < 2 or len(set(filled)) < len(filled):
        return False
    return all(len(name) <= 60 and not name[0].isdigit() for name in filled)
