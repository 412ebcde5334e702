"""A table -> records.

Tables that have dates are of four kinds. Rows: a column of dates (or one of first and one of last days), the others are
fields of the row's record. Several columns of dates: each of them is a record of its own, named after the row and the
column. Matrices (`matrix`): the heads are months, weeks, days, weekdays or hours, and each filled cell is a record.
Pairs: the first column names the fields of one record. What fits none only lays out the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from calfeed.dates import Field
from calfeed.extract import calendars, matrix
from calfeed.extract.anchors import Anchor, Part, Reader, covered, words_in
from calfeed.extract.columns import Column, columns_of
from calfeed.extract.days import spanning
from calfeed.extract.fields import label_kind
from calfeed.extract.grid import Grid, Row
from calfeed.extract.records import Record, dated_clauses, expressions, lines_of

# More numbers than this beside each other are a calendar's own.
_WEEK = 7
Headings = tuple[str, ...]
# A cell of several lines with more words has notes.
_NOTES = 15


class Cut(Struct, kw_only=True):
    """What a table is cut into: records, and the cells that stand for themselves, each alone or all as one `run` of
    lines; `heads` of its columns where its rows are records."""

    heads: tuple[str, ...] = ()
    records: list[Record] = []
    cells: list[Part] = []
    run: bool = False


def cut(table: Part, headings: Headings, reader: Reader, *, day: Sequence[Anchor] = (), lead: str = "") -> Cut:
    """The records of a table; a table that only lays out the page is nothing but cells."""
    grid = Grid(table)
    if grid.width > 1 and (sheets := calendars.months(grid, headings, reader)) is not None:
        return Cut(records=sheets.records, cells=sheets.beside, run=True)
    if grid.width < 2 or _lays_out(grid):
        return Cut(cells=[cell for row in table.children for cell in row.children])
    if found := _pairs(grid, headings, reader.lang):
        return Cut(records=found)
    if found := matrix.cells_of(grid, headings, reader):
        return Cut(records=found)
    return Cut(heads=grid.heads, records=_rows(grid, columns_of(grid, reader.lang), headings, day, lead))


def _lays_out(grid: Grid) -> bool:
    """Whether most cells with dates hold several dated lines each, or blocks of their own."""
    cells = [cell for row in grid.rows for _, cell in row.starts]
    dated = [
        cell for cell in cells if cell.dated or any(each.dated for child in cell.children for each in child.walk())
    ]
    stacks = sum(1 for cell in dated if cell.children or sum(bool(line.dated) for line in lines_of(cell)) > 1)
    return bool(dated) and stacks * 2 > len(dated)


# Rows


def _rows(grid: Grid, columns: Sequence[Column], headings: Headings, day: Sequence[Anchor], lead: str) -> list[Record]:
    dates = [column for column in columns if column.role == "date"]
    loose = [column for column in columns if column.role == "scope"]
    spans = [column for column in columns if column.role in ("start", "end")]
    records: list[Record] = []
    own: list[Record] = []
    running = tuple(day)
    for row in grid.body:
        filled = row.filled
        if not filled or _numbers_days(filled):
            continue
        if len(filled) == 1 and grid.width > 1:
            cell = filled[0]
            if cell.outcome == "scope":
                continue
            if cell.dated and covered(cell.text, cell.anchors) >= 0.6 and not dates:
                running, cell.outcome = cell.dated, "scope"
                continue
        if records and (dates or spans) and _goes_on(row, [*dates, *spans]):
            _append(records[-1], _record(row, columns, "none"))
            continue
        made = _of_row(
            row, columns, dates or ([] if spans else loose[-1:]), spans, () if dates or spans or loose else running
        )
        for record in made:
            record.headings, record.lead = headings, lead
        records += made
        if made and (dates or spans):
            own += _own_days(row, columns, headings)
    titled = sum(record.title is not None for record in records)
    for record in records:
        record.bare_of = record.title is None and titled * 2 > len(records)
    looks = Counter(bool(record.anchors) for record in records)
    for record in records:
        record.peers, record.dated_peers = len(grid.body), looks[True]
    for record in own:
        record.peers = record.dated_peers = len(own)
    return [*records, *own]


def _own_days(row: Row, columns: Sequence[Column], headings: Headings) -> list[Record]:
    """The events that the cells beside a row's date name with a day of their own ("Essay due 3 May")."""
    cells = {
        id(cell): cell
        for column in columns
        if column.role not in ("date", "start", "end", "scope", "time", "number", "place")
        and (cell := row.cells.get(column.at)) is not None
    }
    return [record for cell in cells.values() if cell.dated for record in dated_clauses(cell, headings)]


def _numbers_days(cells: Sequence[Part]) -> bool:
    """Whether a row only numbers the days of a wall calendar, one beside the other."""
    return sum(cell.text.strip().isdigit() for cell in cells) > _WEEK


def _goes_on(row: Row, dates: Sequence[Column]) -> bool:
    """Whether a row only goes on with the one above: where that has its date, it has a time of day."""
    cells = [row.cells[column.at] for column in dates if column.at in row.cells]
    return any(cell.anchors for cell in cells) and not any(cell.dated for cell in row.filled)


def _append(record: Record, more: Record) -> None:
    record.text = f"{record.text} | {more.text}"
    record.parts += more.parts
    record.times = record.times or more.times
    if more.place:
        record.place = f"{record.place}, {more.place}" if record.place else more.place


def _of_row(
    row: Row, columns: Sequence[Column], dates: Sequence[Column], spans: Sequence[Column], running: tuple[Anchor, ...]
) -> list[Record]:
    made: list[Record] = []
    if spans:
        cells = [row.cells[column.at] for column in spans if column.at in row.cells]
        anchors = [cell.dated[0] for cell in cells if cell.dated]
        if anchors:
            record = _record(row, columns, "span" if len(anchors) > 1 else "cell")
            record.anchors = (spanning(anchors),) if len(anchors) > 1 else (anchors[0],)
            record.when = " – ".join(cell.text for cell in cells if cell.dated)
            made.append(record)
    exact = [cell for cell in row.filled if any(Field.DAY in one.has for one in cell.dated)]
    if not made and exact and not any(row.cells.get(column.at) in exact for column in dates):
        # The row says its days elsewhere than in the column of loose dates.
        dates = [column for column in columns if row.cells.get(column.at) is exact[0]][:1]
    for column in dates:
        cell = row.cells.get(column.at)
        if cell is None or not cell.dated or (exact and cell not in exact):
            continue
        for group in expressions(cell.text, cell.dated):
            record = _record(row, columns, "cell")
            record.anchors = tuple(group)
            record.when = cell.text[group[0].start : group[-1].end]
            if len(dates) + len(spans) > 1 and column.head:
                record.label = column.head
                record.title = record.title or column.head
            if words_in(cell.text) > words_in(record.when) + 2:
                record.body = [cell.text]
            made.append(record)
    if made:
        return made
    inside = [cell for cell in row.filled if cell.dated]
    if inside and not dates and not spans:
        cell = inside[0]
        record = _record(row, columns, "inside")
        record.anchors = tuple(expressions(cell.text, cell.dated)[0])
        record.when = cell.text[record.anchors[0].start : record.anchors[-1].end]
        return [record]
    record = _record(row, columns, "none")
    times = any(anchor.times for cell in row.filled for anchor in cell.anchors)
    if running and times:
        record.anchors, record.look = running, "under"
        return [record]
    return [record] if dates or spans else []


def _short(text: str) -> str:
    """A cell's text in a line; of one that holds notes under its first line, the first line."""
    lines = [line for line in text.split("\n") if line.strip()]
    return lines[0] if len(lines) > 2 and words_in(text) > _NOTES else text.replace("\n", " ")


def _record(row: Row, columns: Sequence[Column], look: str) -> Record:
    """The record of a row without its dates: title, place and times by the roles of its columns."""
    text = " | ".join(_short(cell.text) for cell in row.filled)
    by_role: dict[str, list[Part]] = {}
    for column in columns:
        cell = row.cells.get(column.at)
        if cell is not None and (cell.text.strip() or cell.children) and cell not in by_role.get(column.role, ()):
            by_role.setdefault(column.role, []).append(cell)
    title = " ".join(_short(cell.text) for cell in by_role.get("title", ())).strip()
    sides = [cell.text.strip() for role in ("home", "away") for cell in by_role.get(role, ())]
    if len(sides) == 2:
        title = " - ".join(sides)
    if not any(map(str.isalpha, title)):
        others = [*by_role.get("other", ()), *by_role.get("speaker", ()), *by_role.get("note", ())]
        title = next((cell.text for cell in others if any(map(str.isalpha, cell.text))), "")
    place = ", ".join(cell.text for cell in by_role.get("place", ()) if any(map(str.isalpha, cell.text)))
    times = next((one.times for cell in row.filled for one in cell.anchors if one.times), None)
    return Record(
        parts=[row.part, *row.filled],
        text=text,
        shape="row",
        look=look,
        title=title or None,
        place=place or None,
        times=times,
        columns={
            column.head: row.cells[column.at].text for column in columns if column.head and column.at in row.cells
        },
    )


# Pairs


def _pairs(grid: Grid, headings: Headings, lang: str | None) -> list[Record]:
    """A table of two columns whose first names the fields of one record."""
    if grid.width != 2 or len(grid.rows) < 2:
        return []
    kinds: dict[str, Part] = {}
    known = 0
    for row in grid.rows:
        label, value = row.cells.get(0), row.cells.get(1)
        kind = label_kind(label.text, lang, whole=True) if label is not None and not label.dated else None
        known += kind is not None
        if kind and value is not None and kind not in kinds:
            kinds[kind] = value
    date = kinds.get("date") or kinds.get("start")
    if known * 2 < len(grid.rows) or known < 2 or date is None or not date.dated:
        return []
    group = expressions(date.text, date.dated)[0]
    text = " | ".join(
        f"{row.cells[0].text}: {row.cells[1].text}" for row in grid.rows if 0 in row.cells and 1 in row.cells
    )
    return [
        Record(
            parts=[cell for row in grid.rows for cell in row.cells.values()],
            text=text,
            shape="pair",
            look="cell",
            anchors=tuple(group),
            when=date.text[group[0].start : group[-1].end],
            title=kinds["title"].text if "title" in kinds else None,
            place=kinds["place"].text if "place" in kinds else None,
            times=next((one.times for one in (kinds["time"].anchors if "time" in kinds else ()) if one.times), None),
            headings=headings,
        )
    ]
