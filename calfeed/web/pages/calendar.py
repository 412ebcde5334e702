"""The calendar page's three views: overview (timeline and list), month, and a year to print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calfeed.locales import locale_of
from calfeed.web.pages import filters, timeline
from calfeed.web.pages.agenda import agenda
from calfeed.web.pages.index import NO_ACCENT, Item
from calfeed.web.pages.language import day_names, month_names, month_words
from calfeed.web.pages.language import gettext as _
from calfeed.web.pages.page import Page
from calfeed.web.pages.shapes import SHAPES

OVERVIEW, MONTH, YEAR = "overview", "month", "year"
# A page of a list: more would take longer to read than to narrow down.
MOST_LISTED = 120
MOST_UNDATED = 60
MOST_ON_SHEET = 200
MOST_IN_MONTH = 150
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def view_of(asked: str | None) -> str:
    return asked if asked in (MONTH, YEAR) else OVERVIEW


def shown(page: Page, view: str, query: Mapping[str, str]) -> dict[str, Any]:
    """What the template of a view shows."""
    selection = page.address.selection
    bits = page.index.select(selection)
    common = {
        "view": view,
        "count": bits.bit_count(),
        "undated_count": (bits & ~page.index.dated).bit_count(),
        "filters": _filters(page),
        "chips": _chips(page),
        "tabs": [
            (name, title, page.address.showing(view=None if name == OVERVIEW else name, page=None).path(), name == view)
            for name, title in ((OVERVIEW, _("Overview")), (MONTH, _("Month")), (YEAR, _("Year")))
        ],
    }
    if view == MONTH:
        classes: dict[str, dict[str, str]] = {}
        for (facet, value), name in page.index.accents.items():
            classes.setdefault(facet, {})[value] = name
        month = _month(page, bits, query.get("month"))
        return common | {"month": month, "accents": classes, "neutral": NO_ACCENT}
    if view == YEAR:
        return common | _year(page, bits, query.get("year"))
    return common | _overview(page, bits, query.get("page"))


def _filters(page: Page) -> list[filters.Filter]:
    address = page.address.showing(page=None)
    found = filters.facet_filters(page.index, address, page.names, page.index.accents)
    return [*found, filters.year_filter(page.index, address, _("Time"))]


def _chips(page: Page) -> list[filters.Chip]:
    selection = page.address.selection
    first, last = selection.from_, selection.to
    if first and last and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        told = str(first.year)
    elif first and last:
        told = _("%(first)s to %(last)s", first=page.day(first), last=page.day(last))
    elif first:
        told = _("from %(day)s", day=page.day(first))
    else:
        told = _("until %(day)s", day=page.day(last)) if last else ""
    return filters.chips(page.index, page.address, page.names, search=_("Search"), time=_("Time"), time_words=told)


def _overview(page: Page, bits: int, asked_page: str | None) -> dict[str, Any]:
    index = page.index
    dated = bits & index.dated
    coming = dated & index.touching(page.today, date.max)
    narrowed = bool(page.address.selection.from_ or page.address.selection.to)
    listed = coming if coming and not narrowed else dated
    number = min(int(asked_page), 10_000) if asked_page and asked_page.isdecimal() and int(asked_page) else 1
    start = (number - 1) * MOST_LISTED
    years = _years_drawn(page, dated)
    drawn = (
        timeline.draw(
            dated,
            index,
            years=years,
            today=page.today,
            rtl=page.rtl,
            months=month_names(page.lang),
            words=page.when,
            other=_("Other events"),
        )
        if years
        else None
    )
    return {
        "timeline": drawn,
        "legend": [shape for shape in SHAPES if drawn and shape in drawn.shapes],
        "years": agenda(
            index.members(listed, start, MOST_LISTED),
            month=lambda first: month_words(first, page.lang),
            span=page.full_when,
            year=lambda year: _("In the course of %(year)s", year=year),
        ),
        "earlier": (dated & ~listed).bit_count(),
        "earlier_href": page.address.within(date(years[0], 1, 1), None).path() if years else "",
        "before": page.address.showing(page=str(number - 1) if number > 2 else None).path() if number > 1 else None,
        "after": page.address.showing(page=str(number + 1)).path()
        if listed.bit_count() > start + MOST_LISTED
        else None,
        "undated": index.members(bits & ~index.dated, most=MOST_UNDATED) if number == 1 else [],
        "over": bool(dated) and not coming and not narrowed,
    }


def _years_drawn(page: Page, dated: int) -> tuple[int, int] | None:
    """First and last year of the timeline: the selection's own, within those that its events touch."""
    touched = page.index.years_of(dated)
    if not touched:
        return None
    selection = page.address.selection
    first = max(touched[0], selection.from_.year if selection.from_ else touched[0])
    return first, max(first, min(touched[-1], selection.to.year if selection.to else touched[-1]))


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month's table; `inside` is false for the neighbouring months' days."""

    day: date
    inside: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a table: exact days in its `weeks`; above it what is only known to be in this month, `loose`, and what
    takes longer than a month, `longer`."""

    name: str
    key: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    loose: tuple[Item, ...]
    longer: tuple[Item, ...]
    before: str | None
    after: str | None
    first_weekday: int


def _month(page: Page, bits: int, asked: str | None) -> Month:
    index = page.index
    first = _month_asked(asked) or _month_to_open(page, bits & index.dated)
    last = _next_month(first) - timedelta(days=1)
    within = index.members(bits & index.touching(first, last), most=MOST_IN_MONTH)
    in_cells = [item for item in within if _fits_cells(item)]
    start_of_week = locale_of(page.lang).first_week_day
    day = first - timedelta(days=(first.weekday() - start_of_week) % 7)
    weeks = []
    while day <= last:
        weeks.append(tuple(_cell(day + timedelta(days=step), first, last, in_cells) for step in range(7)))
        day += timedelta(days=7)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return Month(
        name=month_words(first, page.lang),
        key=f"{first:%Y-%m}",
        weekdays=tuple(zip(day_names(page.lang, "abbreviated"), day_names(page.lang, "wide"), strict=True)),
        weeks=tuple(weeks),
        loose=tuple(item for item in within if not _fits_cells(item) and not _is_longer(item)),
        longer=tuple(item for item in within if not _fits_cells(item) and _is_longer(item)),
        before=page.address.showing(month=f"{before:%Y-%m}").path() if index.touching(date.min, before) else None,
        after=page.address.showing(month=f"{after:%Y-%m}").path() if index.touching(after, date.max) else None,
        first_weekday=(start_of_week + 1) % 7,
    )


def _cell(day: date, first: date, last: date, items: list[Item]) -> Cell:
    there = tuple(item for item in items if any(start <= day <= end for start, end in item.spans))
    return Cell(day, first <= day <= last, there)


def _fits_cells(item: Item) -> bool:
    return item.exact and all((last - first).days < 15 for first, last in item.spans)


def _is_longer(item: Item) -> bool:
    return all((last - first).days > 31 for first, last in item.spans)


def _month_asked(asked: str | None) -> date | None:
    found = _MONTH.fullmatch(asked or "")
    if not found or not (1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 9000):
        return None
    return date(int(found[1]), int(found[2]), 1)


def _month_to_open(page: Page, dated: int) -> date:
    """This month while anything is to come, else the first month that an event is known to be in."""
    this = page.today.replace(day=1)
    if not dated or dated & page.index.touching(this, date.max):
        return this
    [item] = page.index.members(dated & ~page.index.long, most=1) or page.index.members(dated, most=1)
    return item.spans[0][0].replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month on the year's sheet."""

    name: str
    items: tuple[Item, ...]


def _year(page: Page, bits: int, asked: str | None) -> dict[str, Any]:
    """Twelve months on one page, then what takes longer than a month of that year."""
    touched = page.index.years
    year = int(asked) if asked and asked.isdecimal() and len(asked) <= 4 and int(asked) in touched else None
    if year is None:
        year = page.today.year if page.today.year in touched else min(touched, default=page.today.year)
    if page.address.selection.from_ and asked is None and page.address.selection.from_.year in touched:
        year = page.address.selection.from_.year
    within = page.index.members(bits & touched.get(year, 0), most=MOST_ON_SHEET)
    months: dict[int, list[Item]] = {month: [] for month in range(1, 13)}
    longer = []
    for item in within:
        one = [start.month for start, end in item.spans if start.year == year and (end - start).days <= 31]
        for month in dict.fromkeys(one):
            months[month].append(item)
        if not one:
            longer.append(item)
    return {
        "year": year,
        "year_tabs": [(str(other), page.address.showing(year=str(other)).path(), other == year) for other in touched],
        "sheets": [Sheet(month_names(page.lang, "wide")[month - 1], tuple(months[month])) for month in months],
        "longer": longer,
        "undated": page.index.members(bits & ~page.index.dated, most=MOST_UNDATED),
    }
