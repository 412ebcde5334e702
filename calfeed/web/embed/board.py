"""What an embed shows, as a value: the iframe's template and the custom element draw the same `Board`.

In: events already selected, words in the reader's language, the day. Out: groups in order, places on a time axis, the
weeks of a month. Days are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from msgspec import Struct

from calfeed.dates.words import is_exact, words
from calfeed.feeds.occurrences import Occurrence, occurrences
from calfeed.feeds.text import clean_line, clean_title
from calfeed.feeds.wording import cancelled
from calfeed.model import Event, Precision, Qualifier
from calfeed.settings import Settings
from calfeed.web.embed.axis import Axis, lay_axis
from calfeed.web.embed.colours import Hue, Palette, hue
from calfeed.web.embed.item import Item
from calfeed.web.embed.labels import Labels, day_words
from calfeed.web.embed.month import Month, lay_month, month_of
from calfeed.web.embed.options import Options, View
from calfeed.web.pages.language import is_rtl, month_words

_WIDE = {Precision.YEAR, Precision.DECADE, Precision.CENTURY}


class Group(Struct, frozen=True):
    """Items under one heading."""

    heading: str
    items: tuple[Item, ...]


class Source(Struct, frozen=True, kw_only=True):
    """What a board tells of its source: `editions` are titles with the day of each edition, `checked` the last look."""

    generation: str
    editions: tuple[tuple[str, date], ...]
    checked: datetime | None


class Board(Struct, frozen=True, kw_only=True):
    """Everything that one embed shows; of `groups`, `axis` and `month` the one that its view needs.

    `earlier` is the day from which on it would also show what is over, None where nothing was left out for that;
    `more` counts the events beyond the limit. `page` and `subscribe` are addresses on the site. `hues` are counted from
    1 by the items.
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
    anything is still to come; the programme as a whole where nothing is.
    """
    palette = Palette(settings)
    first, last = bounds[0] or date.min, bounds[1] or date.max
    items, undated = [], []
    for event in events:
        days = occurrences(event)
        if not days:
            undated.append(_item(event, None, lang, labels, settings, palette))
        if days and options.view is View.TIMELINE:
            whole = Occurrence("", days[0].first, max(one.last for one in days), event.period or days[0].period)
            spans = tuple((one.first, one.last) for one in days)
            items.append(_item(event, whole, lang, labels, settings, palette, spans))
            continue
        found = [one for one in days if one.first <= last and first <= one.last]
        items += [_item(event, one, lang, labels, settings, palette) for one in found]
    items.sort(key=_order)
    listed = items
    if options.view is View.LIST and bounds == (None, None):
        listed = [item for item in items if item.last and item.last >= today] or items
    kept = listed[: options.limit]
    months = options.view is View.MONTH
    return Board(
        title=title,
        lang=lang,
        dir="rtl" if is_rtl(lang) else "ltr",
        view=options.view,
        theme=options.theme.value,
        labels=labels,
        accent=hue("#" + options.accent.removeprefix("#") if options.accent else settings.site.colour),
        hues=tuple(palette.hues),
        groups=_groups(kept, lang) if options.view is View.LIST else (),
        axis=lay_axis(kept, lang, today) if options.view is View.TIMELINE else None,
        month=lay_month(items, month_of(options.month, items, today), lang) if months else None,
        undated=() if months else tuple(undated[: options.limit]),
        earlier=items[0].first if len(listed) < len(items) else None,
        more=0 if months else max(0, len(listed) - options.limit) + max(0, len(undated) - options.limit),
        page=page,
        subscribe=subscribe,
        generation=source.generation,
        source=_told(source, labels, lang),
    )


def _item(
    event: Event,
    one: Occurrence | None,
    lang: str,
    labels: Labels,
    settings: Settings,
    palette: Palette,
    spans: tuple[tuple[date, date], ...] = (),
) -> Item:
    last = (one.first if one.endless else one.last) if one else None
    return Item(
        uid=event.uid,
        title=clean_title(event.title),
        lang=event.lang,
        when=clean_line(words(one.period, lang)) if one else labels.undated,
        first=one.first if one else None,
        last=last,
        spans=spans,
        shape=_shape(one),
        wide=one is not None and one.period.precision in _WIDE,
        cancelled=cancelled(event),
        place=clean_line(event.place) if event.place else None,
        page=f"{settings.site.url}/events/{event.uid}",
        hue=palette.number(event),
    )


def _shape(one: Occurrence | None) -> str:
    """The classes that draw how much is known: loose or exact, the unit, the open sides."""
    if one is None:
        return "undated"
    period = one.period
    told = ["exact" if is_exact(period) else "loose", f"by-{period.precision.value}"]
    if period.rrule is None and period.end is None:
        told.append("open-end")
    if period.rrule is None and period.start is None and period.qualifier is not Qualifier.BY:
        told.append("open-start")
    return " ".join(told)


def _order(item: Item) -> tuple[date, date, str, str]:
    return item.first or date.max, item.last or date.max, item.title, item.uid


def _groups(items: list[Item], lang: str) -> tuple[Group, ...]:
    """A group a month, by the month in which an item begins; what is told in years stands under its first year."""

    def key(item: Item) -> tuple[int, int]:
        assert item.first
        return item.first.year, 0 if item.wide and item.first.month == 1 else item.first.month

    ordered = sorted(items, key=lambda item: (key(item), _order(item)))
    return tuple(
        Group(month_words(date(year, month, 1), lang) if month else str(year), tuple(members))
        for (year, month), members in groupby(ordered, key)
    )


def _told(source: Source, labels: Labels, lang: str) -> str:
    editions = [labels.edition.format(title=title, date=day_words(day, lang)) for title, day in source.editions]
    checked = [labels.checked.format(date=day_words(source.checked.date(), lang))] if source.checked else []
    return "; ".join([*editions, *checked])
