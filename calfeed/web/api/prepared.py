"""The events of a selection, and their number in each feed: found through what the pages keep of a generation."""

from __future__ import annotations

from calfeed.feeds.feed import members
from calfeed.feeds.selection import Selection
from calfeed.model import Event
from calfeed.web.pages.page import known
from calfeed.web.site import Site


def selected(site: Site, selection: Selection) -> list[Event]:
    """The events that `select` would find, by their first day, the undated last."""
    index = known(site).index
    return [item.event for item in index.members(index.select(selection))]


def feed_counts(site: Site) -> dict[str, int]:
    """The number of events in each feed, by slug."""
    return {slug: len(events) for slug, events in members(site.catalogue, site.settings, site.feeds).items()}
