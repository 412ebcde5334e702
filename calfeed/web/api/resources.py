"""What the API answers with: the model's own types and what is derived of them. openapi.py describes these types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from calfeed.dates.words import is_exact, words
from calfeed.feeds.feed import Feed
from calfeed.feeds.selection import Selection, canonical_query
from calfeed.feeds.text import clean_url, hyphened
from calfeed.feeds.when import edtf
from calfeed.feeds.wording import cancelled
from calfeed.model import Event
from calfeed.occurrences import Occurrence, exact, occurrences, span
from calfeed.web.freshness import Freshness
from calfeed.web.pages.page import known
from calfeed.web.site import Site

Moment = Annotated[str, Meta(description="A day (2027-03-12), or an instant in UTC (2027-03-12T13:00:00Z).")]


class Days(Struct, frozen=True, kw_only=True):
    """What an event takes in a calendar: first and last day, both included, where it takes place.

    `begin` and `end` are its instants in UTC, null where it takes whole days. `exact`: the days themselves are known.
    `cancelled`: this occurrence, or the event, does not take place."""

    first: date
    last: date
    begin: datetime | None
    end: datetime | None
    exact: bool
    cancelled: bool


class PublishedEvent(Event, frozen=True, kw_only=True, omit_defaults=False):
    """An event as stored, and what follows from it.

    `words` are its dates in the language asked for, `edtf` the same in EDTF (ISO 8601-2). `days` holds one stretch, or
    one for each occurrence of a recurrence; none without a date. `exact` is true where the days themselves are known.
    `page` is the event's page for people.
    """

    words: str | None
    edtf: str | None
    days: tuple[Days, ...]
    exact: bool
    page: str


class EventAnswer(Freshness, frozen=True, kw_only=True):
    """One event."""

    event: PublishedEvent


class EventsAnswer(Freshness, frozen=True, kw_only=True):
    """A page of the events that a selection contains, by date, the undated last. `next` is the next page's address."""

    total: int
    page: int
    pages: int
    next: str | None
    events: tuple[PublishedEvent, ...]


class FeedLinks(Struct, frozen=True, kw_only=True):
    """The addresses of a feed in its formats, as an embed, and in this API."""

    ics: str
    json: str
    csv: str
    atom: str
    embed: str
    events: str


class PublishedFeed(Struct, frozen=True, kw_only=True):
    """A feed: `facet` and `value` say what it was made of, null for that of everything. `events` counts them."""

    slug: str
    name: str
    facet: str | None
    value: str | None
    colour: str
    events: int
    links: FeedLinks


class FeedsAnswer(Freshness, frozen=True, kw_only=True):
    """All feeds, in the order of the site."""

    feeds: tuple[PublishedFeed, ...]


class FacetValue(Struct, frozen=True, kw_only=True):
    """A value of a facet: `value` as addresses have it, `id` as events store it. `count`: events with the value, within
    the selection asked for."""

    value: str
    id: str
    name: str
    colour: str | None
    count: int


class PublishedFacet(Struct, frozen=True, kw_only=True):
    """A dimension that events are grouped by; `none` counts the events without a value."""

    name: str
    title: str
    values: tuple[FacetValue, ...]
    none: int


class FacetsAnswer(Freshness, frozen=True, kw_only=True):
    """All facets, in the order of the settings; `total` counts the events of the selection."""

    total: int
    facets: tuple[PublishedFacet, ...]


class FullCalendarProps(Struct, frozen=True, kw_only=True):
    """What FullCalendar hands on untouched."""

    uid: str
    words: str
    exact: bool
    cancelled: bool
    place: str | None
    lang: str | None
    facets: dict[str, tuple[str, ...]]


class FullCalendarEvent(Struct, frozen=True, kw_only=True):
    """FullCalendar's event object: whole days, `end` is the day after the last; or two instants in UTC."""

    id: str
    title: str
    start: Moment
    end: Moment
    allDay: bool  # noqa: N815 (FullCalendar's name)
    url: str
    extendedProps: FullCalendarProps  # noqa: N815


def published_event(event: Event, site: Site, lang: str) -> PublishedEvent:
    event, period = event.in_public, event.period
    stored = {name: getattr(event, name) for name in Event.__struct_fields__}
    return PublishedEvent(
        **(stored | {"url": clean_url(event.url)}),
        words=words(period, lang) if period else None,
        edtf=edtf(period) if period else None,
        days=tuple(_days(one, event, site) for one in occurrences(event)),
        exact=exact(event),
        page=site.url(f"/events/{event.uid}"),
    )


def _days(one: Occurrence, event: Event, site: Site) -> Days:
    begin, end = span(one, site.settings) or (None, None)
    gone = cancelled(event) or one.removed
    return Days(first=one.first, last=one.last, begin=begin, end=end, exact=is_exact(one.period), cancelled=gone)


def published_feeds(site: Site, counts: Mapping[str, int]) -> tuple[PublishedFeed, ...]:
    """The feeds of a site; `counts` are their numbers of events, by slug."""
    return tuple(_published_feed(feed, counts[feed.slug], site) for feed in site.feeds)


def _published_feed(feed: Feed, count: int, site: Site) -> PublishedFeed:
    query = canonical_query(feed.selection)
    events = site.url(f"/api/v1/events{'?' + query if query else ''}")
    return PublishedFeed(
        slug=feed.slug,
        name=feed.name,
        facet=feed.facet,
        value=hyphened(feed.value) if feed.value else None,
        colour=feed.colour,
        events=count,
        links=FeedLinks(
            ics=site.url(f"/feeds/{feed.slug}.ics"),
            json=site.url(f"/feeds/{feed.slug}.json"),
            csv=site.url(f"/feeds/{feed.slug}.csv"),
            atom=site.url(f"/feeds/{feed.slug}.atom"),
            embed=site.url(f"/embed/{feed.slug}"),
            events=events,
        ),
    )


def published_facets(site: Site, selection: Selection, lang: str) -> tuple[int, tuple[PublishedFacet, ...]]:
    """How many events `selection` has, and the facets with the number of those that have each value."""
    shared = known(site)
    bits, names = shared.index.select(selection), shared.names(lang)
    made = []
    for facet in site.settings.facets:
        having = shared.index.having[facet.name]
        colours = {term.id: term.colour for term in facet.values}
        values = tuple(
            FacetValue(
                value=hyphened(value),
                id=value,
                name=names.name(facet, value),
                colour=colours.get(value),
                count=(bits & having.get(value, 0)).bit_count(),
            )
            for value in site.vocabulary[facet.name]
        )
        without = (bits & having[None]).bit_count()
        made.append(PublishedFacet(name=facet.name, title=facet.title, values=values, none=without))
    return bits.bit_count(), tuple(made)


def fullcalendar_event(event: Event, one: Occurrence, flavour: str, site: Site, lang: str) -> FullCalendarEvent:
    """One occurrence, on the days that it takes in the feed of the same flavour."""
    starts = flavour == "starts"
    last = one.first if one.endless or (starts and one.long) else one.last
    hours = span(one, site.settings)
    return FullCalendarEvent(
        id=f"{event.uid}{one.suffix}{'-start' if starts else ''}",
        title=event.title,
        start=_moment(hours[0] if hours else one.first),
        end=_moment(hours[1] if hours else date.fromordinal(last.toordinal() + 1)),
        allDay=hours is None,
        url=site.url(f"/events/{event.uid}"),
        extendedProps=FullCalendarProps(
            uid=event.uid,
            words=words(one.period, lang),
            exact=is_exact(one.period),
            cancelled=cancelled(event) or one.removed,
            place=event.place,
            lang=event.lang,
            facets=event.facets,
        ),
    )


def _moment(told: date) -> str:
    return told.isoformat().replace("+00:00", "Z")
