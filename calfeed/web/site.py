"""What a request may know: the settings, and everything that belongs to the generation it is answered from.

A `Site` is a value. A new generation makes a new `Site`, and the holder's one assignment puts it in place, so that a
request which took its `Site` at the start never sees two generations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import current_app, g
from werkzeug.exceptions import ServiceUnavailable

from calfeed.feeds import Feed, Generation, vocabulary
from calfeed.feeds.names import aliases
from calfeed.model import Catalogue, Event
from calfeed.settings import Settings
from calfeed.web.representations import Resource

EXTENSION = "calfeed"


@dataclass(frozen=True)
class Site:
    """One generation with what it was made from.

    `catalogue` holds every event, `feeds` what is published of it, in the order of the index. `resources` are the
    generation's files by path ("/feeds/all.ics"), ready to be sent. `loaded_at` is the instant (UTC) at which this
    process took the generation.
    """

    settings: Settings
    generation: Generation
    catalogue: Catalogue
    feeds: tuple[Feed, ...]
    resources: Mapping[str, Resource]
    loaded_at: datetime

    @cached_property
    def events(self) -> dict[str, Event]:
        """The events by UID, in the catalogue's order."""
        return {event.uid: event for event in self.catalogue.events}

    @cached_property
    def feeds_by_slug(self) -> dict[str, Feed]:
        """The feeds by every name that they have or had."""
        return {feed.slug: feed for feed in self.feeds} | aliases(self.catalogue, self.feeds)

    @cached_property
    def ended(self) -> frozenset[str]:
        """The names of the feeds that nothing makes any more."""
        return frozenset(record.slug for record in self.catalogue.former if record.now is None)

    @cached_property
    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """The known values of each facet."""
        return vocabulary(self.catalogue.events, self.settings, self.catalogue.former)

    @cached_property
    def modified(self) -> datetime:
        """When the bytes of any file last changed."""
        return max((resource.modified for resource in self.resources.values()), default=self.loaded_at)

    def url(self, path: str) -> str:
        """The public address of `path` ("/feeds/all.ics"): from the settings, whatever Host a request names."""
        return self.settings.site.url + path


class SiteHolder:
    """The present `Site` of a process; None until a generation could be loaded.

    `feeds` are its resources, and stand alone where there are feeds but nothing to make pages from. `fault` is the
    sentence that says why the newest generation is not served whole, None while all is well.
    """

    def __init__(self) -> None:
        self.current: Site | None = None
        self.feeds: Mapping[str, Resource] = {}
        self.fault: str | None = None

    @property
    def serves(self) -> bool:
        """Whether there is anything to serve, be it feeds alone."""
        return self.current is not None or bool(self.feeds)

    def take(self, site: Site) -> None:
        """Serve this site from now on."""
        self.feeds = site.resources
        self.current = site
        self.fault = None


def holder() -> SiteHolder:
    """The holder of the running Flask application."""
    found: SiteHolder = current_app.extensions[EXTENSION]
    return found


def current_site() -> Site:
    """The site of this request: the same one however often it is asked. 503 where no generation is loaded."""
    if "site" not in g:
        site = holder().current
        if site is None:
            what = (
                "The pages cannot be shown for now; the feeds can be had."
                if holder().feeds
                else "Nothing is published yet."
            )
            raise ServiceUnavailable(what)
        g.site = site
    site_of_request: Site = g.site
    return site_of_request
