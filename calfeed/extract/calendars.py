"""The sheets of a wall calendar: grids of day numbers under a month, whose cells hold events or nothing.

In: a `Grid` whose cells have the month that stands over them (`scopes`). Out: which rows count days, which columns a
month takes, and the records of the cells that say more than their number. A day number alone is no event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from calfeed.dates import Field
from calfeed.extract.anchors import Anchor, Part, Reader
from calfeed.extract.columns import denies
from calfeed.extract.grid import Grid, Row, weekday_names, weekday_run
from calfeed.extract.records import Record

Headings = tuple[str, ...]
_WEEK = 7
_DAY = re.compile(r"\(?(\d{1,2})\b\)?(?![./:-]\d|\s*[-–]\s*\d)\.?\s*")
_DAYS = 31


class Sheet(Struct, kw_only=True):
    """A month's grid: its seven columns, and the rows under its weekdays."""

    columns: tuple[int, ...]
    rows: list[Row]


class Month(Struct, kw_only=True):
    """What a table of wall calendars holds: records, and the cells beside the grids, which stand for themselves."""

    records: list[Record]
    beside: list[Part]


def months(grid: Grid, headings: Headings, reader: Reader) -> Month | None:
    """The records of a table that is a wall calendar; None where it is none."""
    sheets = _sheets(grid, reader)
    if not sheets:
        return None
    inside: set[int] = set()
    made: list[Record] = []
    for sheet in sheets:
        days: dict[int, tuple[Part, Anchor]] = {}
        for row in sheet.rows:
            for at in sheet.columns:
                cell = row.cells.get(at)
                if cell is None or id(cell) in inside or not cell.text.strip():
                    continue
                inside.add(id(cell))
                made += _cell(cell, at, days, row, headings, reader)
    for record in made:
        record.peers = record.dated_peers = len(made)
    beside = [
        cell
        for row in grid.rows
        for _, cell in row.starts
        if id(cell) not in inside and not row.head and cell.outcome != "scope" and (cell.text.strip() or cell.children)
    ]
    return Month(records=made, beside=[cell for cell in beside if not _is_head(cell, reader)])


def _is_head(cell: Part, reader: Reader) -> bool:
    return bool(weekday_run([cell.text], weekday_names(reader.lang), 1)) or _names_a_month(cell)


def _names_a_month(cell: Part) -> bool:
    return len(cell.dated) == 1 and Field.DAY not in cell.dated[0].has and cell.node.columns > 1


def _sheets(grid: Grid, reader: Reader) -> list[Sheet]:
    """The grids of a table: seven columns under the names of the weekdays, with rows that count days."""
    names = weekday_names(reader.lang)
    open_: list[Sheet] = []
    done: list[Sheet] = []
    for row in grid.rows:
        texts = [row.cells[at].text if at in row.cells else "" for at in range(grid.width)]
        starts = _runs(texts, names)
        if starts:
            done += open_
            open_ = [Sheet(columns=tuple(range(at, at + _WEEK)), rows=[]) for at in starts]
            continue
        if any(_names_a_month(cell) for cell in row.filled):
            done += open_
            open_ = []
        for sheet in open_:
            sheet.rows.append(row)
    return [sheet for sheet in (*done, *open_) if _numbered(sheet)]


def _runs(texts: Sequence[str], names: Sequence[str]) -> list[int]:
    """Where seven weekdays stand beside each other, each time they do."""
    found, at = [], 0
    while at + _WEEK <= len(texts):
        if len(weekday_run(texts[at : at + _WEEK], names, _WEEK)) == _WEEK:
            found.append(at)
            at += _WEEK
        else:
            at += 1
    return found


def _numbered(sheet: Sheet) -> bool:
    """Whether most weeks of a sheet count days in a row."""
    weeks = 0
    for row in sheet.rows:
        texts = [row.cells[at].text.strip() for at in sheet.columns if at in row.cells]
        numbers = [int(match[1]) for text in texts if (match := _DAY.match(text))]
        weeks += len(numbers) > 1 and all(b - a == 1 or b == 1 for a, b in pairwise(numbers))
    return weeks >= 3


def _cell(
    cell: Part, at: int, days: dict[int, tuple[Part, Anchor]], row: Row, headings: Headings, reader: Reader
) -> list[Record]:
    """The record of a day's cell, where it says more than its number; a cell without a number belongs to the day over
    it."""
    number = _DAY.match(cell.text.strip())
    text = cell.text.strip()
    if number is not None:
        first = next((one for one in cell.dated if one.start <= 1), None)
        text = text[number.end() :].strip()
        if first is None or int(number[1]) > _DAYS:
            return []
        days[at] = (cell, first)
    cell.outcome = "a day of a calendar"
    if at not in days or not any(map(str.isalpha, text)) or denies(text, reader.lang):
        return []
    times = next((one.times for one in cell.anchors if one.times), None)
    anchor = days[at][1]
    return [
        Record(
            parts=[cell],
            text=" ".join(text.split()),
            shape="grid",
            look="cell",
            anchors=(anchor,),
            when=anchor.found.text,
            title=text.partition("\n")[0].strip() if not times else None,
            times=times,
            headings=headings,
        )
    ]
