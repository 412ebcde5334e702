"""A month as a table: days that are known stand in its cells, longer and looser periods above it."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from calfeed.web.embed.item import Item
from calfeed.web.embed.labels import first_weekday, weekday_words
from calfeed.web.pages.language import month_words

# A fortnight: what lasts longer would fill the table.
LONGEST_IN_CELLS = timedelta(days=14)


class Day(Struct, frozen=True):
    """A cell: `inside` is false for days of the neighbouring months; `items` are places in the month's `dated`."""

    day: date
    inside: bool
    items: tuple[int, ...]


class Weekday(Struct, frozen=True):
    short: str
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


def month_of(asked: str | None, items: list[Item], today: date) -> date:
    """The first day of the month to show: the one asked for, else the present one while anything is still to come, else
    the first that has a known day, else the first item's."""
    if asked:
        return date.fromisoformat(f"{asked}-01")
    present = today.replace(day=1)
    if not items or any(item.last and item.last >= present for item in items):
        return present
    known = [item.first for item in items if item.first and _in_cells(item)]
    return min(known or [item.first for item in items if item.first]).replace(day=1)


def lay_month(items: list[Item], first: date, lang: str) -> Month:
    """The month that begins on `first`, of `items` that have days, in weeks that begin as `lang`'s readers expect."""
    following = (first + timedelta(days=32)).replace(day=1)
    last = following - timedelta(days=1)
    here = [item for item in items if item.first and item.last and item.first <= last and item.last >= first]
    dated = tuple(item for item in here if _in_cells(item))
    begin = first - timedelta(days=(first.weekday() - first_weekday(lang)) % 7)
    count = ((last - begin).days // 7 + 1) * 7
    days = [begin + timedelta(days=offset) for offset in range(count)]
    cells = [Day(day, first <= day <= last, _on(day, dated) if first <= day <= last else ()) for day in days]
    before = any(item.first and item.first < first for item in items)
    after = any(item.last and item.last > last for item in items)
    return Month(
        name=month_words(first, lang),
        previous=f"{first - timedelta(days=1):%Y-%m}" if before else None,
        following=f"{following:%Y-%m}" if after else None,
        weekdays=tuple(Weekday(*names) for names in weekday_words(lang)),
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, count, 7)),
        dated=dated,
        during=tuple(item for item in here if not _in_cells(item)),
    )


def _in_cells(item: Item) -> bool:
    known = "exact" in item.shape.split()
    return bool(known and item.first and item.last and item.last - item.first < LONGEST_IN_CELLS)


def _on(day: date, items: tuple[Item, ...]) -> tuple[int, ...]:
    return tuple(at for at, item in enumerate(items) if item.first and item.last and item.first <= day <= item.last)
