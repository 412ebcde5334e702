"""index.json: what is published, for programs and for whoever opens the folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from calfeed.feeds.feed import Feed
from calfeed.feeds.render import FORMATS, File
from calfeed.feeds.selection import FLAVOURS
from calfeed.feeds.splitting import held
from calfeed.feeds.text import clean_line, clean_url
from calfeed.feeds.wording import cancelled
from calfeed.model import Catalogue
from calfeed.settings import Settings


def index_document(catalogue: Catalogue, settings: Settings, feeds: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """All but the generation's id, which is a digest of this too. Instants are UTC."""
    editions = []
    for edition in sorted(catalogue.editions, key=lambda edition: (edition.source, edition.read)):
        source = settings.source(edition.source)
        editions.append({
            "source": edition.source,
            "title": clean_line(edition.title or (source.title if source else edition.source)),
            "published": edition.published,
            "read": edition.read,
            "sha256": edition.digest,
            "link": clean_url(source.address) if source else None,
        })  # fmt: skip
    site = {"name": clean_line(settings.site.name), "url": settings.site.url, "language": settings.site.language}
    whole = {"site": site, "events": len(catalogue.events), "editions": editions, "feeds": list(feeds)}
    if catalogue.former:
        whole["former"] = [{"slug": record.slug, "value": record.now} for record in catalogue.former]
    return whole


def feed_entry(feed: Feed, files: Iterable[File], settings: Settings, month: date) -> dict[str, Any]:
    """One feed: its files, how many events, its first and last day (both included), when it changed last.

    `formats` maps ics, json, csv and atom to the path of the whole, or of the latest part where the feed is split;
    `flavours` does the same for the other .ics; `parts` lists the files of what is split, and `window` has the first
    and last day that the whole one reaches from `month` on."""
    listed = list(files)
    whole = next(file for file in listed if file.format == "atom")
    days = [vevent for vevent in whole.vevents if vevent.nth == 0]
    paths = {(file.format, file.flavour): str(file.path) for file in reversed(listed)}
    split = [str(file.path) for file in listed if file.parts]
    entry: dict[str, Any] = {
        "slug": feed.slug,
        "name": feed.name,
        "facet": feed.facet,
        "value": feed.value,
        "colour": feed.colour,
        "url": f"{settings.site.url}/feeds/{feed.slug}.ics",
        "formats": {format: paths[format, "all"] for format in FORMATS},
        "flavours": {flavour: paths["ics", flavour] for flavour in FLAVOURS if flavour != "all"},
        "events": len(days) + len(whole.undated),
        "undated": len(whole.undated),
        "exact": sum(map(attrgetter("exact"), days)),
        "cancelled": sum(map(attrgetter("cancelled"), days)) + sum(map(cancelled, whole.undated)),
        "first": min(map(attrgetter("first"), days), default=None),
        "last": max(map(attrgetter("last"), whole.vevents), default=None),
        "modified": whole.as_of,
    }
    if split:
        entry["parts"] = split
    for file in listed:
        if file.parts and file.path == f"{feed.slug}.ics":
            entry["window"] = held(file.vevents, month)
    return entry
