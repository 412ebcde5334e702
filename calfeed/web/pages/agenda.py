"""The list: what is known to the month under its month, what lasts longer once, under the whole of its days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from calfeed.web.pages.index import Item
from calfeed.web.pages.shapes import MONTH

# More of a whole year than this begin folded.
MOST_OF_A_YEAR = 9


@dataclass(frozen=True, slots=True)
class Section:
    """Events under one heading. `moment` is the machine's form of it ("2013-09"), None where HTML knows none.

    `told`: the heading says all that is known of their dates. `folded`: so many of a whole year that they would hide
    what is known better."""

    heading: str
    moment: str | None
    items: tuple[Item, ...]
    told: bool
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """The sections of the events that begin in one year."""

    year: int
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        return sum(len(section.items) for section in self.sections)


def agenda(
    items: Iterable[Item],
    *,
    month: Callable[[date], str],
    span: Callable[[Item], str],
    year: Callable[[int], str],
) -> tuple[Year, ...]:
    """The dated `items` by year and section.

    `month` names a month by its first day, `span` the days of an item that reach over several months, `year` heads what
    is told of a whole year ("In the course of 2014")."""
    dated = sorted((item for item in items if item.spans), key=_key)
    years = []
    for number, of_year in groupby(dated, key=lambda item: item.spans[0][0].year):
        sections = []
        for key, group in groupby(of_year, key=_key):
            members = tuple(group)
            first, last = key[2], key[3]
            if key[1] == 0 and _one_month(first, last):
                told = all(item.shape == MONTH and _is_plain(item) for item in members)
                sections.append(Section(month(first), f"{first:%Y-%m}", members, told))
            elif (first, last) == (date(number, 1, 1), date(number, 12, 31)):
                told = all(_is_plain(item) for item in members)
                folded = len(members) > MOST_OF_A_YEAR
                sections.append(Section(year(number), f"{number:04}", members, told, folded))
            else:
                told = len({span(item) for item in members}) == 1
                sections.append(Section(span(members[0]), None, members, told))
        years.append(Year(number, tuple(sections)))
    return tuple(years)


def _key(item: Item) -> tuple[int, int, date, date]:
    """Year, then what has its place within it before what takes all of it, then the days of the section."""
    first, last = item.spans[0]
    if len(item.spans) > 1:
        last = item.spans[-1][1]
    if _one_month(first, last):
        begin = first.replace(day=1)
        return first.year, 0, begin, begin
    long = (last - first).days >= 364
    return first.year, int(long), first, last


def _is_plain(item: Item) -> bool:
    """Whether the text says no more of the date than the unit itself."""
    return item.event.period is not None and item.event.period.qualifier is None and len(item.spans) == 1


def _one_month(first: date, last: date) -> bool:
    return (first.year, first.month) == (last.year, last.month)
