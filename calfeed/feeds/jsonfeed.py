"""Events -> JSON Feed 1.1 (jsonfeed.org), with all that calfeed knows of an event under `_calfeed`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec

from calfeed.feeds.citation import as_cited
from calfeed.feeds.feed import Feed
from calfeed.feeds.ics import status, uid_of
from calfeed.feeds.text import clean_url, is_clean, scrubbed
from calfeed.feeds.when import edtf, in_words, is_exact
from calfeed.feeds.wording import description, event_address, summary, value_names
from calfeed.model import Edition, Event
from calfeed.occurrences import Occurrence, exact, occurrences, span
from calfeed.settings import Settings

VERSION = "https://jsonfeed.org/version/1.1"


def item(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> bytes:
    """One event. `start` and `end` under `_calfeed` are the days shown, both included, of a recurrence from its first
    occurrence to its last; `occurrences` has each. `event` is the stored form."""
    days = occurrences(event)
    told: dict[str, Any] = {
        "id": uid_of(event, settings),
        "url": event_address(event, settings),
        "title": summary(event, lang),
        "content_text": description(event, settings, editions, lang),
        "date_published": event.revision.created,
        "date_modified": event.revision.modified,
        "tags": [name for facet in settings.facets for name in value_names(event, facet, lang)],
        "_calfeed": {
            "start": days[0].first if days else None,
            "end": days[-1].last if days else None,
            "exact": exact(event),
            "edtf": edtf(event.period) if event.period else None,
            "status": status(event),
            "words": in_words(event.period, lang) if event.period else None,
            "occurrences": [_occurrence(event, one, settings) for one in days],
            "event": as_cited(event).in_public,
        },
    }
    external = clean_url(event.url)
    if external:
        told["external_url"] = external
    return _encoded(told)


def _occurrence(event: Event, one: Occurrence, settings: Settings) -> dict[str, Any]:
    """Days as in the .ics of the same feed, both included, with its instants where it has some."""
    told: dict[str, Any] = {
        "start": one.first,
        "end": one.last,
        "exact": is_exact(one.period),
        "status": status(event, one),
    }
    if hours := span(one, settings):
        told["begin_instant"], told["end_instant"] = hours
    return told


def _encoded(told: dict[str, Any]) -> bytes:
    """JSON without what is stripped from text; nearly always there is nothing to strip."""
    with suppress(UnicodeEncodeError):
        octets = msgspec.json.encode(told)
        if b"\\u" not in octets and is_clean(octets.decode()):
            return octets
    return msgspec.json.encode(scrubbed(msgspec.to_builtins(told)))


def document(feed: Feed, items: Iterable[bytes], settings: Settings, path: str | None, parts: Iterable[str]) -> bytes:
    """A feed of `items`. `path` is the file's below /feeds/; `parts` are those of a split feed."""
    head: dict[str, Any] = {
        "version": VERSION,
        "title": feed.name,
        "home_page_url": f"{settings.site.url}/",
        "language": feed.language,
    }
    if path:
        head["feed_url"] = f"{settings.site.url}/feeds/{path}"
    if feed.description:
        head["description"] = feed.description
    addresses = [f"{settings.site.url}/feeds/{part}" for part in parts]
    if addresses:
        head["_calfeed"] = {"parts": addresses}
    opening = msgspec.json.encode(head)[:-1]
    return opening + b',"items":[\n' + b",\n".join(items) + b"\n]}\n"
