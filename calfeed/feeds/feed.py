"""Catalogue -> the feeds that are published of it: everything, each value of a facet, and the events without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from calfeed.feeds.selection import Selection
from calfeed.feeds.text import clean_line, clean_name, hyphened
from calfeed.feeds.vocabulary import words
from calfeed.feeds.wording import value_name
from calfeed.model import Catalogue, Event
from calfeed.settings import Facet, Settings

Item = TypeVar("Item")

ALL = "all"
# Names with a meaning of their own under /feeds/.
_RESERVED = re.compile(r"(all|custom|index|generation|events)|.*-(exact|starts|rich|\d{4}(-\d\d)?(-\d+)?)")


@dataclass(frozen=True)
class Feed:
    """A selection with a name. `colour` is #rrggbb, `language` a BCP 47 tag, `facet` and `value` are what it was made
    of (None: of everything); `ended`: nothing makes it any more, and it has only a notice."""

    slug: str
    name: str
    description: str
    selection: Selection
    colour: str
    language: str
    facet: str | None = None
    value: str | None = None
    ended: bool = False


def feeds_of(catalogue: Catalogue, settings: Settings) -> tuple[Feed, ...]:
    """All feeds, in order: everything, then facet by facet in the settings' order, the feed of no value last."""
    lang = settings.site.language
    description = clean_line(settings.site.description)
    none = {facet.name: facet.none for facet in settings.facets if facet.none}
    site_name = clean_name(settings.site.name)
    feeds = [Feed(ALL, site_name, description, Selection(), settings.site.colour, lang)]
    # A name that a feed had once is given to no other.
    taken = {ALL, *(record.slug for record in catalogue.former)}
    for facet in settings.facets:
        if not facet.feeds:
            continue
        for value, name, colour in _values(facet, catalogue.events, lang):
            slug = _free(hyphened(value), facet.name, taken)
            selection = Selection(facets={facet.name: (value,)}, none=none)
            feeds.append(
                Feed(slug, name, description, selection, colour or settings.site.colour, lang, facet.name, value)
            )
        if facet.none:
            slug = _free(facet.none, facet.name, taken)
            selection = Selection(facets={facet.name: (facet.none,)}, none=none)
            name = words(lang)["general"]
            feeds.append(Feed(slug, name, description, selection, settings.site.colour, lang, facet.name, facet.none))
    return tuple(feeds)


def members(catalogue: Catalogue, settings: Settings, feeds: Sequence[Feed]) -> dict[str, tuple[Event, ...]]:
    """The events of each feed, by slug, in the catalogue's order."""
    found = distribute(catalogue.events, lambda event: event, Membership(settings, feeds))
    return {slug: tuple(events) for slug, events in found.items()}


class Membership:
    """In which feeds an event stands: what `select` says of each feed, found in one pass."""

    def __init__(self, settings: Settings, feeds: Sequence[Feed]) -> None:
        self.slugs = [feed.slug for feed in feeds]
        self._whole = [feed.slug for feed in feeds if feed.facet is None or feed.value is None]
        by_facet: dict[str, dict[str, str]] = {}
        for feed in feeds:
            if feed.facet is not None and feed.value is not None:
                by_facet.setdefault(feed.facet, {})[feed.value] = feed.slug
        none = {facet.name: facet.none for facet in settings.facets}
        # The feeds of a facet by value, and those that an event without a value of it stands in.
        self._by_facet = [
            (facet, slugs, [*slugs.values()] if none[facet] is not None else []) for facet, slugs in by_facet.items()
        ]

    def of(self, event: Event) -> list[str]:
        """The slugs of an event's feeds, each once."""
        found = self._whole.copy()
        facets = event.facets
        for facet, slugs, without in self._by_facet:
            values = facets.get(facet)
            if not values:
                found += without
            elif len(values) == 1:
                found.append(slugs[values[0]])
            else:
                # A value that stands twice in an event is one value.
                found += dict.fromkeys([slugs[value] for value in values])
        return found


def distribute(
    items: Iterable[Item], event_of: Callable[[Item], Event], membership: Membership
) -> dict[str, list[Item]]:
    """What stands in each feed, by slug and in the order given."""
    found: dict[str, list[Item]] = {slug: [] for slug in membership.slugs}
    for item in items:
        for slug in membership.of(event_of(item)):
            found[slug].append(item)
    return found


def _values(facet: Facet, events: Iterable[Event], lang: str) -> list[tuple[str, str, str | None]]:
    """Id, name and colour of each value that has a feed: the settings' terms, then those that only events have."""
    values = {term.id: (term.id, value_name(term.id, facet, None, lang), term.colour) for term in facet.values}
    others: dict[str, str] = {}
    for event in events:
        for value in event.facets.get(facet.name, ()):
            if value not in values:
                name = value_name(value, facet, event, lang)
                # Two spellings of a heading make one name, whatever the order of events.
                others[value] = min(name, others.get(value, name))
    return [*values.values(), *((value, others[value], None) for value in sorted(others))]


def _free(slug: str, facet: str, taken: set[str]) -> str:
    """`slug`, or with the facet's name behind it where it would mean something else or is taken."""
    free = f"{slug}-{facet}" if _RESERVED.fullmatch(slug) or slug in taken else slug
    number = 2
    while free in taken:
        free = f"{slug}-{facet}-x{number}"
        number += 1
    taken.add(free)
    return free
