"""A table whose heads are dates, weekdays or hours -> records: each filled cell is an event.

Heads are in the first rows, flagged by the format or told by what they hold; a later row of dates opens the next block
("week 2"). A cell's day is its own, else its column's; where the column is only a weekday or an hour, the day is that
of its row. Rows that only count days or weeks hold no event. A mark ("x") stands for the row's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from msgspec import Struct

from calfeed.dates import Field
from calfeed.extract.anchors import Anchor, Part, Reader, covered
from calfeed.extract.columns import denies
from calfeed.extract.days import Planner, planned_days, planner, spanning
from calfeed.extract.grid import Grid, Row, counting, weekday_names, weekday_run
from calfeed.extract.records import Record, dated_clauses, expressions
from calfeed.model import Interpretation, Period, Precision, Reading

_WEEK = 7
# A cell says when where its dates cover so much of it.
_WHOLE = 0.5
_MOSTLY = 0.6

Headings = tuple[str, ...]


class Heads(Struct, kw_only=True):
    """What the columns of a block say: a date, a weekday (0 is Monday) or hours; the days that rows under them
    count."""

    dates: dict[int, Anchor] = {}
    weekdays: dict[int, int] = {}
    hours: dict[int, str] = {}
    planner: Planner = {}

    @property
    def columns(self) -> set[int]:
        return {*self.dates, *self.weekdays, *self.hours}


def cells_of(grid: Grid, headings: Headings, reader: Reader) -> list[Record]:
    """The records of a grid whose heads say when; none where it is no such grid."""
    blocks = _blocks(grid, reader)
    made: list[Record] = []
    for heads, rows in blocks:
        for row in rows:
            made += _row(row, grid, heads, headings, reader)
    for record in made:
        record.peers = record.dated_peers = len(made)
    return made


def _blocks(grid: Grid, reader: Reader) -> list[tuple[Heads, list[Row]]]:
    """The rows under each row of heads."""
    counted = counting(grid)
    body = [row for row in grid.body if id(row) not in counted]
    heads = _head_rows(grid, body)
    if heads:
        blocks: list[tuple[Heads, list[Row]]] = []
        for at, row in enumerate(grid.rows):
            if id(row) in heads:
                for cell in row.filled:
                    cell.outcome = cell.outcome or "scope"
                dates = heads[id(row)]
                under = takewhile(lambda each: id(each) in counted, grid.rows[at + 1 :])
                days = planner(tuple(under), dates)
                blocks.append((Heads(dates=dates, planner=days), []))
            elif blocks and row in body:
                blocks[-1][1].append(row)
        return blocks
    weekdays = _weekdays(grid, reader)
    if len(weekdays) > 1:
        return [(Heads(weekdays=weekdays), body)]
    hours = _hours(grid)
    return [(Heads(hours=hours), body)] if len(hours) > 1 else []


def _head_rows(grid: Grid, body: Sequence[Row]) -> dict[int, dict[int, Anchor]]:
    """The rows that hold the dates of the columns under them, by their identity: flagged as heads, or rows of dates
    among others that have none in these columns."""
    told = {id(row): dates for row in grid.rows if row.head and (dates := _dates(row, grid))}
    if told:
        merged: dict[int, Anchor] = {}
        for dates in told.values():
            merged |= dates
        last = next(row for row in reversed(grid.rows) if id(row) in told)
        return {id(last): merged}
    found = {id(row): dates for row in body if (dates := _dates(row, grid))}
    filled = [row for row in body if len(row.filled) > 1]
    loose = {key: dates for key, dates in found.items() if not any(Field.DAY in one.has for one in dates.values())}
    if any(id(row) in loose for row in filled[:3]):
        # Under months the cells hold days.
        return loose if len(loose) * 2 < len(filled) else {}
    if not found or len(found) * 2 > len(filled) or not any(id(row) in found for row in filled[:3]):
        return {}
    columns = set().union(*found.values())
    under = [cell for row in filled if id(row) not in found for at, cell in row.starts if at in columns]
    under = [cell for cell in under if cell.text.strip()]
    dated = [cell for cell in under if _says_when(cell)]
    return found if under and len(dated) * 4 < len(under) else {}


def _dates(row: Row, grid: Grid) -> dict[int, Anchor]:
    """The dates of a row's cells, where most of them are dates, each another one."""
    cells = [(at, cell) for at, cell in row.starts if cell.text.strip()]
    dated = {at: cell for at, cell in cells if _says_when(cell)}
    others = [at for at, _ in cells if at not in dated and at]
    days = {(one.periods[0].start, one.periods[-1].end) for cell in dated.values() for one in cell.dated[:1]}
    if len(dated) < 2 or len(days) < len(dated) or len(dated) < _MOSTLY * (len(dated) + len(others)):
        return {}
    found: dict[int, Anchor] = {}
    for at, cell in dated.items():
        for each in range(at, at + cell.node.columns):
            found[each] = cell.dated[0]
    return found


def _says_when(cell: Part) -> bool:
    return bool(cell.dated) and covered(cell.text, cell.dated) >= _WHOLE


def _hours(grid: Grid) -> dict[int, str]:
    """The hours that each column's head names, where the rows have the days."""
    found: dict[int, str] = {}
    for row in grid.rows:
        if row.head:
            for at, cell in row.starts:
                times = [one.times for one in cell.anchors if one.times]
                if times and not cell.dated and covered(cell.text, cell.anchors) >= _WHOLE:
                    found[at] = str(times[0])
    return found


def _weekdays(grid: Grid, reader: Reader) -> dict[int, int]:
    """The weekday that each column's head names."""
    names = weekday_names(reader.lang)
    if found := weekday_run(grid.heads, names):
        return found
    whole = {at: names.index(head.casefold()) for at, head in enumerate(grid.heads) if head.casefold() in names}
    return whole if len(whole) > 1 else {}


# Rows


def _row(row: Row, grid: Grid, heads: Heads, headings: Headings, reader: Reader) -> list[Record]:
    names = [cell for column, cell in row.starts if column not in heads.columns and cell.text.strip()]
    over = [cell for column, cell in row.cells.items() if column not in heads.columns and cell not in names]
    week = next((cell for cell in (*over, *names) if _says_when(cell)), None)
    days = week.dated if week is not None else ()
    # What stands beside the days with a day of its own is an event of its own.
    wide = {id(row.cells[at]) for at in heads.columns if at in row.cells}
    beside = [cell for cell in names if cell.dated and cell is not week and id(cell) not in wide]
    made = [record for cell in beside for record in dated_clauses(cell, headings)]
    names = [cell for cell in names if cell not in beside]
    times = next((one.times for cell in names for one in cell.anchors if one.times), None)
    named = [cell.text for cell in names if not cell.anchors and any(map(str.isalpha, cell.text))]
    name = " ".join(named).replace("\n", " ").strip()
    for column, cell in row.starts:
        if column not in heads.columns or not cell.text.strip() or denies(cell.text, reader.lang):
            continue
        anchors = _days(cell, column, heads, days, timed=times is not None)
        text = cell.text.replace("\n", " ")
        own = cell.dated
        said = any(map(str.isalpha, text)) and len(text) > 1 and covered(text, own) < 0.75
        marked = not said and len(text) == 1
        if not anchors or (not said and not name):
            continue
        before = made[-1] if made else None
        if marked and not own and before is not None and _goes_on(before, row, column, cell):
            before.anchors = (spanning([before.anchors[0], *anchors]),)
            before.parts.append(cell)
            continue
        record = Record(parts=[row.part, cell], text=f"{name} | {text}" if name else text, shape="grid", look="cell")
        record.title = (None if own else text) if said else name
        record.anchors, record.headings = tuple(anchors), headings
        record.when = _words(cell, column, grid, heads)
        if own:
            offset = len(record.text) - len(text)
            record.spans = tuple((one.start + offset, one.end + offset) for one in own)
        hours = heads.hours.get(column)
        record.times = next((one.times for one in cell.anchors if one.times), None) or times or hours
        made.append(record)
    return made


def _goes_on(before: Record, row: Row, column: int, cell: Part) -> bool:
    """Whether a mark stands beside the one before it: both together are one time."""
    left = row.cells.get(column - 1)
    return left is before.parts[-1] and left is not None and left.text == cell.text


def _words(cell: Part, column: int, grid: Grid, heads: Heads) -> str:
    if cell.dated:
        return cell.text[cell.dated[0].start : cell.dated[-1].end]
    return heads.dates[column].found.text if column in heads.dates else grid.heads[column]


def _days(cell: Part, column: int, heads: Heads, days: Sequence[Anchor], *, timed: bool) -> list[Anchor]:
    """The days of a cell: its own, those of its columns, or of its row's week."""
    if heads.planner and (planned := planned_days(cell, column, heads.planner, heads.dates[column])):
        return [planned]
    if cell.dated:
        return expressions(cell.text, cell.dated)[0]
    if column in heads.dates:
        covers = range(column, column + cell.node.columns)
        found = [heads.dates[at] for at in covers if at in heads.dates]
        found = [one for at, one in enumerate(found) if one not in found[:at]]
        # At an hour of several days it is on each of them.
        return found if timed or len(found) < 2 else [spanning(found)]
    if column in heads.weekdays and days:
        return _weekday_of(days, heads.weekdays[column])
    return list(days[:1]) if column in heads.hours else []


def _weekday_of(days: Sequence[Anchor], weekday: int) -> list[Anchor]:
    """The day with a weekday: of those that are told one by one, else of the week that begins with the first."""
    periods = [period for one in days for period in one.periods]
    told = [period.start for period in periods if period.start and period.start == period.end]
    start = periods[0].start
    if start is None:
        return []
    week = days[0]
    if len(told) > 1:
        day = next((each for each in told if each.weekday() == weekday), None)
        if day is None:
            return []
    else:
        day = start + timedelta(days=(weekday - start.weekday()) % _WEEK)
    period = Period(start=day, end=day, precision=Precision.DAY)
    reading = Reading(rule="weekday", periods=(period,), inferred=week.found.readings[0].inferred)
    found = Interpretation(text=week.found.text, lang=week.found.lang, readings=(reading,))
    return [Anchor(start=0, end=0, found=found, has=frozenset(Field), lacks=week.lacks, lent=week.lent)]
