"""A month as a table: days that are known stand in its cells, longer and looser periods above it."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from calfeed.dates.words import is_exact
from calfeed.web.embed.item import Item, Row
from calfeed.web.embed.labels import first_weekday, weekday_words
from calfeed.web.pages.language import month_words

# A fortnight: what lasts longer would fill the table.
LONGEST_IN_CELLS = timedelta(days=14)
ONE_DAY = timedelta(days=1)


class Day(Struct, frozen=True):
    """A cell: `inside` is false for days of the neighbouring months; `items` are places in the month's `dated`."""

    day: date
    inside: bool
    items: tuple[int, ...]


class Weekday(Struct, frozen=True):
    """A day's names: in a wide table, in a narrow one, and in full."""

    short: str
    slim: str
    long: str


class Month(Struct, frozen=True, kw_only=True):
    """One month: `dated` stand in the cells of `weeks`, `during` lasts longer or is not known to the day.

    `previous` and `following` are the neighbouring months (YYYY-MM), None beyond the first and the last event.
    """

    name: str
    previous: str | None
    following: str | None
    weekdays: tuple[Weekday, ...]
    weeks: tuple[tuple[Day, ...], ...]
    dated: tuple[Item, ...]
    during: tuple[Item, ...]


def month_of(asked: str | None, rows: list[Row], today: date) -> date:
    """The first day of the month to show: the one asked for, else the present one while anything is still to come, else
    the first that has a known day, else the first row's. `rows` are in order."""
    if asked:
        return date.fromisoformat(f"{asked}-01")
    present = today.replace(day=1)
    if not rows or any(row.last >= present for row in rows):
        return present
    known = next((row for row in rows if _in_cells(row.first, row.last, known=is_exact(row.period))), rows[0])
    return known.first.replace(day=1)


def touching(rows: list[Row], first: date) -> list[Row]:
    """The rows with a day in the month that begins on `first`."""
    last = _last(first)
    return [row for row in rows if row.first <= last and row.last >= first]


def lay_month(items: list[Item], first: date, lang: str, *, span: tuple[date, date] | None) -> Month:
    """The month that begins on `first` with the items that touch it, in weeks that begin as `lang`'s readers expect.

    `span` is the first and the last day of all there is, in any month."""
    last = _last(first)
    dated = tuple(item for item in items if _cells(item))
    begin = first - timedelta(days=(first.weekday() - first_weekday(lang)) % 7)
    count = ((last - begin).days // 7 + 1) * 7
    days = [begin + timedelta(days=offset) for offset in range(count)]
    cells = [Day(day, first <= day <= last, _on(day, dated) if first <= day <= last else ()) for day in days]
    return Month(
        name=month_words(first, lang),
        previous=f"{first - ONE_DAY:%Y-%m}" if span and span[0] < first else None,
        following=f"{last + ONE_DAY:%Y-%m}" if span and span[1] > last else None,
        weekdays=tuple(Weekday(*names) for names in weekday_words(lang)),
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, count, 7)),
        dated=dated,
        during=tuple(item for item in items if not _cells(item)),
    )


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def _cells(item: Item) -> bool:
    known = "exact" in item.shape.split()
    return item.first is not None and item.last is not None and _in_cells(item.first, item.last, known=known)


def _in_cells(first: date, last: date, *, known: bool) -> bool:
    return known and last - first < LONGEST_IN_CELLS


def _on(day: date, items: tuple[Item, ...]) -> tuple[int, ...]:
    return tuple(at for at, item in enumerate(items) if item.first and item.last and item.first <= day <= item.last)
