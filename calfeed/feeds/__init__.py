"""Catalogue and settings -> feeds: every event rendered once, joined into each feed that it stands in.

In: a `Catalogue` and `Settings`. Out: a `Generation`, the bytes of all files of feeds/ by path; or the bytes of one
selection. The rules that the bytes keep are in docs/feeds.md. Knows nothing of disks, clocks, sources or requests.
"""

from calfeed.feeds.feed import Feed, feeds_of, members
from calfeed.feeds.generation import Generation, build
from calfeed.feeds.jsonld import jsonld
from calfeed.feeds.render import FORMATS, RenderCache, event_ics, render
from calfeed.feeds.selection import (
    ASKED,
    FLAVOURS,
    UNDATED,
    Selection,
    SelectionError,
    canonical_query,
    parse_selection,
    select,
    vocabulary,
)
from calfeed.feeds.splitting import MAX_BYTES, MAX_EVENTS

__all__ = [
    "ASKED",
    "FLAVOURS",
    "FORMATS",
    "MAX_BYTES",
    "MAX_EVENTS",
    "UNDATED",
    "Feed",
    "Generation",
    "RenderCache",
    "Selection",
    "SelectionError",
    "build",
    "canonical_query",
    "event_ics",
    "feeds_of",
    "jsonld",
    "members",
    "parse_selection",
    "render",
    "select",
    "vocabulary",
]
