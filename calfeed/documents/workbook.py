"""Workbooks (XLSX, XLSB, XLS): a section a sheet, tables where cells stand together, dates as the sheet has them.

In: bytes. Out: a `Tree` whose cells carry their sheet and name ("B7"), and for typed dates the `moment`. Empty rows and
columns at the start are counted, so that a cell's name is the one that a person sees.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from msgspec.structs import replace

from calfeed.documents.archive import checked
from calfeed.documents.assemble import clean, tree
from calfeed.documents.grid import head_rows, table, union
from calfeed.documents.sheet_formats import Format, Sheet, sheets_of, shown
from calfeed.documents.tree import Link, Node, NodeKind, Progress, Tree
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Cells of a sheet from its first to its last, and those of them that hold something.
MAX_CELLS = 2_000_000
MAX_NODES = 400_000

Typed: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Span: TypeAlias = tuple[int, int]
Row: TypeAlias = list[Node]


def read(content: bytes, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a workbook: sheets that are not hidden, in their order, several as a section each.

    Raises DocumentError where the bytes are no workbook, one with a password, or one of too many cells.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum
    except ModuleNotFoundError as missing:
        raise DocumentError(
            "workbooks are read by an extra that is not installed.",
            spot=Spot(source),
            mend="Install calfeed[office].",
        ) from missing
    looks = sheets_of(checked(content, source=source), source=source) if content.startswith(b"PK") else {}
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [
                number
                for number, sheet in enumerate(book.sheets_metadata)
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
            ]
            nodes: list[Node] = []
            for done, number in enumerate(shown):
                sheet = book.get_sheet_by_index(number)
                if sheet.total_height * sheet.total_width > MAX_CELLS:
                    raise too_large(source, sheet.name)
                look = looks.get(sheet.name, Sheet())
                found = list(
                    _sheet(sheet.name, sheet.to_python(), sheet.start, sheet.merged_cell_ranges or (), look, source)
                )
                if found and len(shown) > 1:
                    nodes.append(Node(kind=NodeKind.HEADING, text=clean(sheet.name), level=1, where=found[0].where))
                nodes.extend(found)
                if progress:
                    progress(done + 1, len(shown))
    except PasswordError as error:
        raise DocumentError(
            "this workbook is protected by a password.", spot=Spot(source), mend="Save it without one and give that."
        ) from error
    except CalamineError as error:
        raise DocumentError(
            f"this is no workbook that can be read ({error}).", spot=Spot(source), mend="Save it as XLSX and give that."
        ) from error
    return tree(nodes, source=source, media_type=MEDIA_TYPE, lang=lang)


def too_large(source: str, sheet: str) -> DocumentError:
    """The error for a sheet of more cells than are read."""
    return DocumentError(
        f"the sheet {sheet} has more than {MAX_NODES:,} cells.",
        spot=Spot(source),
        mend="Save the part that holds the programme and give that.",
    )


def _sheet(
    name: str,
    values: Sequence[Sequence[Typed]],
    start: Span | None,
    merged: Iterable[tuple[Span, Span]],
    look: Sheet,
    source: str,
) -> Iterator[Node]:
    """The nodes of a sheet: titles as headings, lone cells as paragraphs, the rest as tables."""
    top, left = start or (0, 0)
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in merged}
    rows = [
        [
            _cell(name, value, top + r, left + c, spans, look)
            for c, value in enumerate(line)
            if value != "" and not (isinstance(value, str) and not value.strip())
        ]
        for r, line in enumerate(values)
    ]
    if sum(map(len, rows)) > MAX_NODES:
        raise too_large(source, name)
    yield from blocks(rows)


def _cell(sheet: str, value: Typed, row: int, column: int, spans: Mapping[Span, Span], look: Sheet) -> Node:
    name = cell_name(row, column)
    form = look.formats.get(name, Format())
    told = shown(value, form.code) if isinstance(value, (date, time)) else None
    text = clean(told.text if told else plain(value))
    hidden = row in look.hidden_rows or column in look.hidden_columns
    rows, columns = spans.get((row, column), (1, 1))
    last = f":{cell_name(row + rows - 1, column + columns - 1)}" if (rows, columns) != (1, 1) else ""
    return Node(
        kind=NodeKind.CELL,
        text=text,
        where=Where(sheet=sheet, cell=name + last),
        style=replace(form.style, hidden=True) if hidden else form.style,
        links=(Link(start=0, end=len(text), address=look.links[name]),) if name in look.links else (),
        row=row,
        column=column,
        rows=rows,
        columns=columns,
        moment=value if isinstance(value, date) and (told is None or told.day) else None,
    )


def plain(value: Typed) -> str:
    """A value where its format is not known: days in ISO 8601, whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if (value.hour, value.minute) != (0, 0) else value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def cell_name(row: int, column: int) -> str:
    """The name of a cell, "B7", from its row and column (from 0)."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def blocks(rows: Iterable[Row]) -> Iterator[Node]:
    """Tables, headings and paragraphs of a sheet's rows: empty rows cut it, but a table without a head goes on."""
    waiting: list[Row] = []
    groups = list(_groups(rows))
    for number, group in enumerate(groups):
        titles, body = _titles(group)
        # A cell by itself over an empty row and a table names the table as well.
        names = bool(body) or (
            len(titles) == 1 and number + 1 < len(groups) and not all(map(_lone, groups[number + 1]))
        )
        if titles and waiting:
            yield _table(waiting)
            waiting = []
        yield from (_title(cell, heads=names and at == 0) for at, cell in enumerate(titles))
        if waiting and body and not _continues(waiting, body):
            yield _table(waiting)
            waiting = []
        waiting += body
    if waiting:
        yield _table(waiting)


def _lone(row: Row) -> bool:
    return len(row) == 1


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    covered = -1
    for row in rows:
        if row:
            group.append(row)
            covered = max(covered, *(cell.row + cell.rows - 1 for cell in row))
        elif group and group[-1][0].row < covered:
            covered -= 1
        elif group:
            yield group
            group = []
    if group:
        yield group


def _titles(group: list[Row]) -> tuple[list[Node], list[Row]]:
    """The lone cells above a table, and the table; all of a group that is one column wide are lone."""
    width = len({cell.column for row in group for cell in row})
    count = 0
    while count < len(group) and len(group[count]) == 1 and (width == 1 or group[count][0].rows == 1):
        count += 1
    return [row[0] for row in group[:count]], group[count:]


def _title(cell: Node, *, heads: bool) -> Node:
    kind = NodeKind.HEADING if (heads and not cell.moment) or cell.style.bold else NodeKind.PARAGRAPH
    level = 2 if kind is NodeKind.HEADING else 0
    return Node(kind=kind, text=cell.text, level=level, where=cell.where, style=cell.style, moment=cell.moment)


def _continues(above: Sequence[Row], body: Sequence[Row]) -> bool:
    """Whether rows under an empty row go on with the table above: in its columns, and without a head of their own."""
    columns = {cell.column for row in above for cell in row}
    return not head_rows(body) and {cell.column for row in body for cell in row} <= columns


def _table(rows: Sequence[Row]) -> Node:
    cells = [cell for row in rows for cell in row]
    return table(cells, where=union((cells[0].where, cells[-1].where)))
