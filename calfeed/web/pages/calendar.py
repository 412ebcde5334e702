"""The calendar page's three views: overview (timeline and list), month, and a year to print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from calfeed.web.pages import filters, timeline
from calfeed.web.pages.agenda import agenda
from calfeed.web.pages.index import Item
from calfeed.web.pages.language import day_names, locale_of, month_names, month_words
from calfeed.web.pages.page import Page
from calfeed.web.pages.shapes import SHAPES

OVERVIEW, MONTH, YEAR = "overview", "month", "year"
# A page of a list: more would take longer to read than to narrow down.
MOST_LISTED = 120
MOST_UNDATED = 60
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def view_of(asked: str | None) -> str:
    return asked if asked in (MONTH, YEAR) else OVERVIEW


def shown(page: Page, view: str, query: Mapping[str, str]) -> dict[str, Any]:
    """What the template of a view shows."""
    selection = page.address.selection
    bits = page.index.select(selection)
    items = page.index.members(bits)
    undated = [item for item in items if not item.spans]
    common = {
        "view": view,
        "count": len(items),
        "dated_count": len(items) - len(undated),
        "undated_count": len(undated),
        "filters": _filters(page),
        "chips": _chips(page),
        "tabs": [
            (name, title, page.address.showing(view=None if name == OVERVIEW else name, page=None).path(), name == view)
            for name, title in ((OVERVIEW, _("Overview")), (MONTH, _("Month")), (YEAR, _("Year")))
        ],
    }
    if view == MONTH:
        return common | {"month": _month(page, items, query.get("month"))}
    if view == YEAR:
        return common | _year(page, items, query.get("year"))
    return common | _overview(page, items, undated, query.get("page"))


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


def _overview(page: Page, items: list[Item], undated: list[Item], asked_page: str | None) -> dict[str, Any]:
    dated = [item for item in items if item.spans]
    selection = page.address.selection
    coming = [item for item in dated if item.last and item.last >= page.today]
    narrowed = bool(selection.from_ or selection.to)
    listed = coming if coming and not narrowed else dated
    number = min(int(asked_page), 10_000) if asked_page and asked_page.isdecimal() and int(asked_page) else 1
    start = (number - 1) * MOST_LISTED
    part = listed[start : start + MOST_LISTED]
    bounds = _bounds(page, dated)
    drawn = (
        timeline.draw(
            dated,
            page.index,
            bounds=bounds,
            today=page.today,
            rtl=page.rtl,
            months=month_names(page.lang),
            words=page.when,
            other=_("Other events"),
        )
        if bounds
        else None
    )
    return {
        "timeline": drawn,
        "legend": [shape for shape in SHAPES if drawn and shape in drawn.shapes],
        "years": agenda(
            part,
            month=lambda first: month_words(first, page.lang),
            span=page.when,
            year=lambda year: _("In the course of %(year)s", year=year),
        ),
        "earlier": len(dated) - len(listed),
        "earlier_href": page.address.within(dated[0].first, None).path() if dated else "",
        "before": page.address.showing(page=str(number - 1) if number > 2 else None).path() if number > 1 else None,
        "after": page.address.showing(page=str(number + 1)).path() if len(listed) > start + MOST_LISTED else None,
        "undated": undated[:MOST_UNDATED] if number == 1 else [],
        "over": bool(dated) and not coming and not narrowed,
    }


def _bounds(page: Page, dated: list[Item]) -> tuple[date, date] | None:
    """The days that the timeline covers: the selection's own, within what the events take."""
    if not dated:
        return None
    first = min(item.spans[0][0] for item in dated)
    last = max(item.last for item in dated if item.last)
    selection = page.address.selection
    return max(first, selection.from_ or first), min(last, selection.to or last)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month's table; `inside` is false for the neighbouring months' days."""

    day: date
    inside: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a table: exact days in its `weeks`, what is looser or longer than two weeks above, as `during`."""

    name: str
    key: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    during: tuple[Item, ...]
    before: str | None
    after: str | None
    first_weekday: int


def _month(page: Page, items: list[Item], asked: str | None) -> Month:
    dated = [item for item in items if item.spans]
    first = _month_asked(asked) or _month_to_open(page, dated)
    last = _next_month(first) - timedelta(days=1)
    within = [item for item in dated if any(start <= last and end >= first for start, end in item.spans)]
    in_cells = [item for item in within if _fits_cells(item)]
    start_of_week = locale_of(page.lang).first_week_day
    day = first - timedelta(days=(first.weekday() - start_of_week) % 7)
    weeks = []
    while day <= last:
        weeks.append(tuple(_cell(day + timedelta(days=step), first, last, in_cells) for step in range(7)))
        day += timedelta(days=7)
    span = page.index.span
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return Month(
        name=month_words(first, page.lang),
        key=f"{first:%Y-%m}",
        weekdays=tuple(zip(day_names(page.lang, "abbreviated"), day_names(page.lang, "wide"), strict=True)),
        weeks=tuple(weeks),
        during=tuple(item for item in within if not _fits_cells(item)),
        before=page.address.showing(month=f"{before:%Y-%m}").path() if span and span[0] <= before else None,
        after=page.address.showing(month=f"{after:%Y-%m}").path() if span and span[1] >= after else None,
        first_weekday=(start_of_week + 1) % 7,
    )


def _cell(day: date, first: date, last: date, items: list[Item]) -> Cell:
    there = tuple(item for item in items if any(start <= day <= end for start, end in item.spans))
    return Cell(day, first <= day <= last, there)


def _fits_cells(item: Item) -> bool:
    return item.exact and all((last - first).days < 15 for first, last in item.spans)


def _month_asked(asked: str | None) -> date | None:
    found = _MONTH.fullmatch(asked or "")
    if not found or not (1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 9000):
        return None
    return date(int(found[1]), int(found[2]), 1)


def _month_to_open(page: Page, dated: list[Item]) -> date:
    """This month while anything is to come, else the first month that an event is known to be in."""
    if not dated or any(item.last and item.last >= page.today.replace(day=1) for item in dated):
        return page.today.replace(day=1)
    told = [item.spans[0][0] for item in dated if (item.spans[0][1] - item.spans[0][0]).days <= 31]
    return min(told or [dated[0].spans[0][0]]).replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month on the year's sheet."""

    name: str
    items: tuple[Item, ...]


def _year(page: Page, items: list[Item], asked: str | None) -> dict[str, Any]:
    """Twelve months on one page, then what takes longer than a month of that year."""
    touched = page.index.years
    year = int(asked) if asked and asked.isdecimal() and len(asked) <= 4 and int(asked) in touched else None
    if year is None:
        year = page.today.year if page.today.year in touched else min(touched, default=page.today.year)
    if page.address.selection.from_ and asked is None and page.address.selection.from_.year in touched:
        year = page.address.selection.from_.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = [item for item in items if any(start <= last and end >= first for start, end in item.spans)]
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
        "undated": [item for item in items if not item.spans],
    }
