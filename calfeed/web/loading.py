"""From disk to a `Site`: the published generation, verified, and the catalogue that it was made from.

Where there is no catalogue to make pages from, the feeds can be had alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from calfeed import publish, store
from calfeed.feeds import build, feeds_of
from calfeed.model import Catalogue
from calfeed.settings import Settings
from calfeed.web.hot import FEEDS
from calfeed.web.representations import Resource, digest_of, encode, resource
from calfeed.web.site import Site

_LAST_MODIFIED = re.compile(rb"^LAST-MODIFIED:(\d{8}T\d{6}Z)", re.MULTILINE)


def load_site(settings: Settings, previous: Site | None) -> Site:
    """The published generation and its catalogue; where nothing was ever published, what would be published.

    Raises CalfeedError where either cannot be read, and changes nothing.
    """
    now = datetime.now(UTC)
    if settings.feeds_path.exists():
        generation = publish.load(settings.feeds_path)
        catalogue = (
            store.kept(generation.id, settings.state_path)
            or store.load(settings.catalogue_path, strict=False).catalogue
        )
    else:
        catalogue = _edited(settings)
        generation = build(catalogue, settings, today=now.date())
    newest = newest_change(catalogue, otherwise=now)
    resources = make_resources(
        generation.files,
        newest,
        previous=previous.resources if previous else {},
        now=now,
        modified=generation.modified,
    )
    return Site(settings, generation, catalogue, feeds_of(catalogue, settings), resources, now)


def _edited(settings: Settings) -> Catalogue:
    return store.load(settings.catalogue_path, strict=False).catalogue


def load_feeds(settings: Settings) -> Mapping[str, Resource]:
    """The resources of the published generation, without its catalogue. Raises CalfeedError where none is whole."""
    now = datetime.now(UTC)
    generation = publish.load(settings.feeds_path)
    files = generation.files
    newest = max((found for octets in files.values() if (found := _last_modified(octets))), default=now)
    return make_resources(files, newest, previous={}, now=now, modified=generation.modified)


def make_resources(
    files: Mapping[str, bytes],
    newest: datetime,
    *,
    previous: Mapping[str, Resource],
    now: datetime,
    modified: Mapping[str, datetime] | None = None,
) -> dict[str, Resource]:
    """The resources of a generation's files, by path.

    A file that is in `previous` with the same bytes is taken from there, so that a refresh compresses only what has
    changed. `modified` says when the bytes of a file last changed, as the publisher noted; where it does not, the
    latest LAST-MODIFIED in it does, or `newest`, the last change in the catalogue. A file whose bytes changed although
    nothing in it is newer (a tombstone has gone) was changed `now`, so that If-Modified-Since never hides it.
    """
    made = {}
    for name, octets in files.items():
        path, digest = FEEDS + name, digest_of(octets)
        before = previous.get(path)
        if before and before.digest == digest:
            made[path] = before
            continue
        at = (modified or {}).get(name) or _last_modified(octets) or newest
        if before and at <= before.modified:
            at = max(now.replace(microsecond=0), before.modified + timedelta(seconds=1))
        made[path] = resource(name, encode(octets), at, digest=digest)
    return made


def newest_change(catalogue: Catalogue, *, otherwise: datetime) -> datetime:
    """The latest LAST-MODIFIED of all events, or the instant `otherwise`."""
    return max((event.revision.modified for event in catalogue.events), default=otherwise)


def _last_modified(octets: bytes) -> datetime | None:
    """The latest LAST-MODIFIED that stands in an .ics; its values sort as text (RFC 5545, section 3.3.5)."""
    found = max(_LAST_MODIFIED.findall(octets), default=None)
    return datetime.strptime(found.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None
