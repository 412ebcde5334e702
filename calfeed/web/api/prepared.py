"""What the API and the embeds need to know of a generation, computed once for it."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from calfeed.feeds.feed import members
from calfeed.feeds.occurrences import occurrences
from calfeed.feeds.selection import vocabulary
from calfeed.model import Event
from calfeed.web.site import Site


class Prepared:
    """`events` are in the order of answers: by first day, then UID, the undated last."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.events: tuple[Event, ...] = tuple(sorted(site.catalogue.events, key=_by_date))
        self.vocabulary: dict[str, tuple[str, ...]] = vocabulary(self.events, site.settings)

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of events in each feed, by slug."""
        found = members(self.site.catalogue, self.site.settings, self.site.feeds)
        return {slug: len(events) for slug, events in found.items()}


_newest: list[Prepared] = []


def prepared(site: Site) -> Prepared:
    """The prepared generation of `site`: one is kept, the newest that was asked for."""
    if not _newest or _newest[-1].site is not site:
        _newest[:] = [Prepared(site)]
    return _newest[-1]


def _by_date(event: Event) -> tuple[date, str]:
    days = occurrences(event)
    return (days[0].first if days else date.max, event.uid)
