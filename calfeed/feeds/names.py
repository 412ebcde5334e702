"""The names under which feeds were published: a feed's name is for life (rule 53 of docs/feeds.md).

A heading or a value of a facet that is renamed makes a feed of another name. Its events tell that it is the same feed,
which goes on answering under the old name. A feed that nothing makes any more has a notice for a while, then is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from calfeed.feeds.feed import Feed, feeds_of
from calfeed.feeds.selection import Selection
from calfeed.model import Catalogue, Event, FormerFeed
from calfeed.settings import Facet, Settings

# How long a feed that is gone has its notice; then it answers with 410.
NOTICE = timedelta(days=90)


class Named(NamedTuple):
    """A feed that is published: its slug, what it is made of, what it is called."""

    slug: str
    facet: str
    value: str
    name: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Named | None:
        """From an entry of index.json; None for the feed of everything, whose name never changes."""
        slug, facet, value = entry.get("slug"), entry.get("facet"), entry.get("value")
        if not (isinstance(slug, str) and isinstance(facet, str) and isinstance(value, str)):
            return None
        return cls(slug, facet, value, str(entry.get("name", "")))


def former_feeds(
    published: Iterable[Named], before: Catalogue, after: Catalogue, settings: Settings, now: datetime
) -> tuple[FormerFeed, ...]:
    """The former names once `after` takes the place of `before`, whose feeds are `published`."""
    bare = {(feed.facet, feed.value) for feed in feeds_of(replace(after, former=()), settings)}
    known = [*after.former, *(_record(named, now) for named in published)]
    heirs = _Heirs(before, after, settings, bare)
    kept: dict[str, FormerFeed] = {}
    for record in known:
        value = record.now or record.value
        if (record.facet, value) not in bare:
            heir = heirs.of(record.facet, value)
            since = record.since if record.now is None and record in after.former and heir is None else now
            record = replace(record, now=heir, since=since)
        elif record.now is None:
            # What it was made of is there again, or still.
            record = replace(record, now=value)
        kept.setdefault(record.slug, record)
    own = {feed.slug: (feed.facet, feed.value) for feed in feeds_of(_with(after, kept.values(), bare), settings)}
    return tuple(record for record in kept.values() if own.get(record.slug) != (record.facet, record.now))


def aliases(catalogue: Catalogue, feeds: Iterable[Feed]) -> dict[str, Feed]:
    """Former slug -> the feed that answers under it now."""
    by_value = {(feed.facet, feed.value): feed for feed in feeds}
    found = {record.slug: by_value.get((record.facet, record.now)) for record in catalogue.former if record.now}
    return {slug: feed for slug, feed in found.items() if feed is not None}


def ended(catalogue: Catalogue, settings: Settings, today: date) -> tuple[tuple[Feed, datetime], ...]:
    """The feeds that are gone and still have a notice, and since when."""
    return tuple(
        (
            Feed(record.slug, record.name, "", Selection(), settings.site.colour, settings.site.language, ended=True),
            record.since,
        )
        for record in catalogue.former
        if record.now is None and record.since.date() + NOTICE > today
    )


def _record(named: Named, now: datetime) -> FormerFeed:
    return FormerFeed(
        slug=named.slug, facet=named.facet, value=named.value, name=named.name, now=named.value, since=now
    )


def _with(catalogue: Catalogue, records: Iterable[FormerFeed], active: set[tuple[str | None, str | None]]) -> Catalogue:
    """The catalogue with the records of names that are not those of their own feed."""
    held = tuple(
        record for record in records if (record.facet, record.value) not in active or record.now != record.value
    )
    return replace(catalogue, former=held)


class _Heirs:
    """What the feeds of values that are gone have become: the value that most of their events have instead."""

    def __init__(
        self, before: Catalogue, after: Catalogue, settings: Settings, active: set[tuple[str | None, str | None]]
    ) -> None:
        self.settings = settings
        self.active = active
        self.after = {event.uid: event for event in after.events if event.removed is None}
        self.before: dict[tuple[str, str], list[Event]] = {}
        for event in before.events:
            for facet, values in event.facets.items():
                for value in values if event.uid in self.after else ():
                    self.before.setdefault((facet, value), []).append(event)

    def of(self, facet: str, value: str) -> str | None:
        """The heir of a value, None where there is none."""
        events = self.before.get((facet, value), [])
        counted: Counter[str] = Counter()
        for event in events:
            had = event.facets.get(facet, ())
            counted.update(new for new in self.after[event.uid].facets.get(facet, ()) if new not in had)
        best = min(counted, key=lambda new: (-counted[new], new), default=None)
        if best is not None and 2 * counted[best] > len(events) and (facet, best) in self.active:
            return best
        known = self.settings.facet(facet)
        # The feed of no value has no events of its own to be known by.
        return known.none if known and not events and known.none and value not in _values(known) else None


def _values(facet: Facet) -> set[str]:
    return {term.id for term in facet.values}
