"""What an embed shows, as a value: the iframe's template and the custom element draw the same `Board`.

In: events already selected, words in the reader's language, the day. Out: groups in order, places on a time axis, the
weeks of a month. Days are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

import msgspec
from msgspec import Struct

from calfeed.dates.words import is_exact, words
from calfeed.feeds.text import clean_line, clean_title
from calfeed.feeds.wording import cancelled
from calfeed.model import Event, Period, Precision, Qualifier
from calfeed.occurrences import local, occurrences
from calfeed.settings import Settings
from calfeed.web.colours import Hue, Palette, hue
from calfeed.web.embed.axis import Axis, lay_axis
from calfeed.web.embed.item import Item, Row
from calfeed.web.embed.labels import Labels, day_words
from calfeed.web.embed.month import Month, lay_month, month_of, touching
from calfeed.web.embed.options import Options, View
from calfeed.web.freshness import EditionDay
from calfeed.web.pages.language import is_rtl, month_words

_WIDE = {Precision.YEAR, Precision.DECADE, Precision.CENTURY}


class Group(Struct, frozen=True):
    """Items under one heading."""

    heading: str
    items: tuple[Item, ...]


class Source(Struct, frozen=True, kw_only=True):
    """What a board tells of its sources: their editions, and when they were last looked at."""

    generation: str
    editions: tuple[EditionDay, ...]
    checked: datetime | None


class Board(Struct, frozen=True, kw_only=True):
    """Everything that one embed shows; of `groups`, `axis` and `month` the one that its view needs.

    `earlier` is the day from which on it would also show what is over, None where nothing was left out for that;
    `more` counts the events beyond the limit, `limit` is the one that shows the next of them. `height` (pixels) is the
    most to take of the page. `page` and `subscribe` are addresses on the site. `hues` are counted from 1 by the items.
    """

    title: str
    lang: str
    dir: str
    view: View
    theme: str
    labels: Labels
    accent: Hue
    hues: tuple[Hue, ...]
    groups: tuple[Group, ...]
    axis: Axis | None
    month: Month | None
    undated: tuple[Item, ...]
    earlier: date | None
    more: int
    limit: int | None
    height: int | None
    page: str
    subscribe: str
    generation: str
    source: str


def make_board(
    events: Iterable[Event],
    *,
    title: str,
    options: Options,
    lang: str,
    labels: Labels,
    settings: Settings,
    source: Source,
    bounds: tuple[date | None, date | None],
    today: date,
    page: str,
    subscribe: str,
) -> Board:
    """The board of `events` for a reader of `lang` on the day `today`.

    `bounds` are the first and last day that the selection names. Where it names none, the list begins at today if
    anything is still to come; the last events where nothing is.
    """
    rows, undated = _rows(events, bounds, settings, whole=options.view is View.TIMELINE)
    opened = month_of(options.month, rows, today) if options.view is View.MONTH else None
    listed = rows
    if opened:
        listed = touching(rows, opened)
    elif options.view is View.LIST and bounds == (None, None):
        listed = [row for row in rows if row.last >= today] or rows[-options.most :]
    kept = listed if opened else listed[: options.most]
    shelf = [] if opened else undated[: options.most - len(kept)]
    palette = Palette(settings)
    items = [_item(row.event, row, lang, labels, settings, palette) for row in kept]
    unknown = [_item(event, None, lang, labels, settings, palette) for event in shelf]
    if options.accent and len(palette.hues) == 1:
        # One colour for all: the partner's own.
        palette.hues.clear()
        items = [msgspec.structs.replace(item, hue=0) for item in items]
        unknown = [msgspec.structs.replace(item, hue=0) for item in unknown]
    return Board(
        title=title,
        lang=lang,
        dir="rtl" if is_rtl(lang) else "ltr",
        view=options.view,
        theme=options.theme.value,
        labels=labels,
        accent=hue("#" + options.accent.removeprefix("#") if options.accent else settings.site.colour),
        hues=tuple(palette.hues),
        groups=_groups(items, lang) if options.view is View.LIST else (),
        axis=lay_axis(items, lang, today) if options.view is View.TIMELINE else None,
        month=lay_month(items, opened, lang, span=(rows[0].first, max(row.last for row in rows)) if rows else None)
        if opened
        else None,
        undated=tuple(unknown),
        earlier=rows[0].first if not opened and len(listed) < len(rows) else None,
        more=0 if opened else len(listed) - len(kept) + len(undated) - len(shelf),
        limit=options.more,
        height=options.height,
        page=page,
        subscribe=subscribe,
        generation=source.generation,
        source=_told(source, labels, lang),
    )


def _rows(
    events: Iterable[Event], bounds: tuple[date | None, date | None], settings: Settings, *, whole: bool
) -> tuple[list[Row], list[Event]]:
    """The occurrences within `bounds` by date, or with `whole` each event as one row; and the events without a date."""
    first, last = bounds[0] or date.min, bounds[1] or date.max
    rows, undated = [], []
    for event in events:
        days = [one for one in occurrences(event) if not one.removed]
        if not days:
            undated.append(event)
        elif whole:
            spans = tuple((one.first, one.first if one.endless else one.last) for one in days)
            period = event.period or days[0].period
            only = local(days[0], settings) if len(days) == 1 else None
            rows.append(Row(spans[0][0], max(stop for _, stop in spans), event, period, spans, only))
        else:
            rows += [
                Row(one.first, one.first if one.endless else one.last, event, one.period, (), local(one, settings))
                for one in days
                if not one.removed and one.first <= last and first <= one.last
            ]
    rows.sort(key=lambda row: (row.first, row.last, row.event.title, row.event.uid))
    return rows, undated


def _item(event: Event, row: Row | None, lang: str, labels: Labels, settings: Settings, palette: Palette) -> Item:
    period = row.period if row else None
    return Item(
        uid=event.uid,
        title=clean_title(event.title),
        lang=event.lang,
        when=clean_line(words(period, lang)) if period else labels.undated,
        first=row.first if row else None,
        last=row.last if row else None,
        begin=row.hours[0] if row and row.hours else None,
        end=row.hours[1] if row and row.hours else None,
        spans=row.spans if row else (),
        shape=_shape(period),
        wide=period is not None and period.precision in _WIDE,
        cancelled=cancelled(event),
        about=_heading(event),
        place=clean_line(event.place) if event.place else None,
        page=f"{settings.site.url}/events/{event.uid}",
        hue=palette.number(event),
    )


def _heading(event: Event) -> str | None:
    """The innermost heading above the event's section; None where that says no more than its title."""
    outline = event.provenance.outline if event.provenance else ()
    told = clean_line(outline[-2]) if len(outline) > 1 else ""
    return told if told and not event.title.casefold().startswith(told.casefold()) else None


def _shape(period: Period | None) -> str:
    """The classes that draw how much is known: loose or exact, the unit, the open sides."""
    if period is None:
        return "undated"
    told = ["exact" if is_exact(period) else "loose", f"by-{period.precision.value}"]
    if period.rrule is None and period.end is None:
        told.append("open-end")
    if period.rrule is None and period.start is None and period.qualifier is not Qualifier.BY:
        told.append("open-start")
    return " ".join(told)


def _groups(items: list[Item], lang: str) -> tuple[Group, ...]:
    """A group a month, by the month in which an item begins; what is told in years stands under its first year."""

    def key(item: Item) -> tuple[int, int]:
        assert item.first
        return item.first.year, 0 if item.wide and item.first.month == 1 else item.first.month

    # What is told in years stands before the months of its first year; the rest keeps its order.
    ordered = sorted(items, key=key)
    return tuple(
        Group(month_words(date(year, month, 1), lang) if month else str(year), tuple(members))
        for (year, month), members in groupby(ordered, key)
    )


def _told(source: Source, labels: Labels, lang: str) -> str:
    editions = [
        (labels.edition if edition.published else labels.read).format(
            title=edition.title, date=day_words(edition.day, lang)
        )
        for edition in source.editions
    ]
    checked = [labels.checked.format(date=day_words(source.checked.date(), lang))] if source.checked else []
    return "; ".join([*editions, *checked])
