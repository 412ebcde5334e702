"""Days that are told together: a stretch from one anchor to another, and the days that the rows of a planner count.

A planner has the weekdays at its left and the weeks of a year as columns under their months: a number further down in
a column means the day that the column has under that number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from calfeed.extract.anchors import Anchor, Part
from calfeed.extract.grid import Row
from calfeed.model import Interpretation, Period, Precision, Reading

# The days of each column of a planner, by their number.
Planner = Mapping[int, Mapping[int, date]]

_NUMBERS = re.compile(r"\d{1,2}+(?:\s*+(?:(?:[^\W\d]{1,3}|[-–,/])\s*+)?\d{1,2}+)*")
_LEAST = 4
_MONTHS = 12


def planner(rows: Sequence[Row], months: Mapping[int, Anchor]) -> Planner:
    """The days that some rows count under the months of their columns; nothing where they are no planner."""
    if len(rows) < _LEAST:
        return {}
    found: dict[int, dict[int, date]] = {}
    for column, anchor in months.items():
        first = anchor.day
        days: dict[int, date] = {}
        year, month, last = (first.year, first.month, 0) if first else (0, 0, 0)
        for row in rows:
            number = _number(row, column)
            if not number.isdigit() or not first:
                continue
            if int(number) < last:
                year, month = year + month // _MONTHS, month % _MONTHS + 1
            last = int(number)
            if (day := _day(year, month, last)) is not None:
                days[last] = day
        found[column] = days
    return found if any(found.values()) else {}


def _number(row: Row, column: int) -> str:
    """The number in a column of a row; a cell over several columns may hold one for each."""
    cell = row.cells.get(column)
    words = cell.text.split() if cell is not None else []
    at = next((column - start for start, each in row.starts if each is cell), 0)
    return words[at] if cell is not None and len(words) == cell.node.columns else ""


def planned_days(cell: Part, column: int, days: Planner, month: Anchor) -> Anchor | None:
    """The days that a cell of a planner names by their numbers: one, or the first to the last; all of its weeks where
    it names none, None where it names others."""
    text = " ".join(cell.text.split())
    if not cell.dated and not any(map(str.isdigit, text.split())):
        weeks = [day for at in range(column, column + cell.node.columns) for day in days.get(at, {}).values()]
        week = Period(start=min(weeks), end=max(weeks), precision=Precision.DAY) if weeks else None
        return _with(month, week, "days of a column") if week else None
    if not _NUMBERS.fullmatch(text) or "/" in text:
        return None
    # A number may belong to the week after the cell's.
    near = [days.get(at, {}) for at in range(column, column + cell.node.columns + 1)]
    told: list[date] = []
    for number in map(int, re.findall(r"\d+", text)):
        day = next((week[number] for week in near if number in week and (not told or week[number] > told[-1])), None)
        if day is None:
            return None
        told.append(day)
    period = Period(start=told[0], end=told[-1], precision=Precision.DAY)
    return _with(month, period, "days of a column")


def spanning(anchors: Sequence[Anchor]) -> Anchor:
    """One period from the first of some anchors to the last; the first where they are not in order."""
    first, last = anchors[0].periods[0], anchors[-1].periods[-1]
    start, end = first.start or first.end, last.end or last.start
    if start is None or end is None or end < start:
        return anchors[0]
    period = Period(start=start, end=end, precision=first.precision, times=first.times, zone=first.zone)
    return _with(anchors[0], period, "range")


def _with(anchor: Anchor, period: Period, rule: str) -> Anchor:
    """An anchor with another period, by a rule."""
    found = anchor.found
    reading = Reading(rule=rule, periods=(period,), inferred=found.readings[0].inferred)
    one = Interpretation(
        text=found.text, lang=found.lang, readings=(reading,), review=found.review, reasons=found.reasons
    )
    return Anchor(start=0, end=0, found=one, has=anchor.has, lacks=anchor.lacks, lent=anchor.lent)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
