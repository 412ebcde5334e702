"""A programme on one axis of time: whole years, or the months of a single year. Places are per cent of its length."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from calfeed.web.embed.item import Item
from calfeed.web.pages.language import month_names

# Narrower than this (per cent), a bar is drawn as a dot.
DOT = 0.8


class Tick(Struct, frozen=True):
    """A unit of the axis and where it begins."""

    name: str
    x: float


class Bar(Struct, frozen=True):
    """Some days on the axis; with `dot` they are too few to have a length."""

    x: float
    width: float
    dot: bool


class Lane(Struct, frozen=True):
    """An item with its bars; `tail` and `lead` are where an open end or start goes on to, None where it is closed."""

    item: Item
    bars: tuple[Bar, ...]
    lead: float | None
    tail: float | None


class Axis(Struct, frozen=True, kw_only=True):
    """`now` is today's place, None where it is off the axis."""

    ticks: tuple[Tick, ...]
    now: float | None
    lanes: tuple[Lane, ...]


def lay_axis(items: list[Item], lang: str, today: date) -> Axis:
    """The axis of `items` that have days, in their order."""
    days = [(item, item.first, item.last) for item in items if item.first and item.last]
    if not days:
        return Axis(ticks=(), now=None, lanes=())
    years = range(min(first.year for _, first, _ in days), max(last.year for _, _, last in days) + 1)
    begin, end = date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal() + 1

    def place(day: int) -> float:
        return round((day - begin) / (end - begin) * 100, 2)

    def lane(item: Item, first: date, last: date) -> Lane:
        bars = []
        for start, stop in item.spans or ((first, last),):
            x = place(start.toordinal())
            width = round(min(100.0, place(stop.toordinal() + 1)) - x, 2)
            bars.append(Bar(x, width, width < DOT))
        opens = item.shape.split()
        tail = round(bars[-1].x + bars[-1].width, 2) if "open-end" in opens else None
        return Lane(item, tuple(bars), bars[0].x if "open-start" in opens else None, tail)

    if len(years) == 1:
        ticks = [
            Tick(name, place(date(years[0], 1 + at, 1).toordinal()))
            for at, name in enumerate(month_names(lang, "narrow"))
        ]
    else:
        step = -(-len(years) // 12)
        ticks = [Tick(str(year), place(date(year, 1, 1).toordinal())) for year in years[::step]]
    now = place(today.toordinal()) if begin <= today.toordinal() < end else None
    return Axis(ticks=tuple(ticks), now=now, lanes=tuple(lane(*one) for one in days))
