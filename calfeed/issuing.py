"""The catalogue and what is published -> the next generation, and the revisions that its changes demand.

A subscriber knows an event by the bytes of its VEVENT: where these change, for whatever reason (an edit, a name in the
settings, new rules of a time zone, another calfeed, a restored backup), SEQUENCE and LAST-MODIFIED must have grown
(rules 4 and 5 of docs/feeds.md). So what is to be published is compared with what stands in the published feeds.

In: a catalogue, settings, the instant. Out: the catalogue as it is to be stored, and feeds/ on disk. Must not know:
sources, documents, the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from calfeed import store
from calfeed.errors import PublishError, Spot
from calfeed.feeds import Generation, RenderCache, build
from calfeed.feeds.generation import Progress
from calfeed.feeds.ics import Vevent
from calfeed.feeds.names import Named, former_feeds
from calfeed.feeds.render import Book
from calfeed.model import Catalogue, Event
from calfeed.publish import publish
from calfeed.publish.targets import publish_to_targets
from calfeed.reconcile import Kind
from calfeed.reconcile.life import revise, stamp
from calfeed.settings import Settings, Site

# What the history says where nothing about the event changed but the way it is shown.
SHOWN_ANEW = "shown anew"

_FILES = re.compile(r"all(-\d{4}(-\d\d)?(-\d+)?)?\.ics")
_VEVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID = re.compile(rb"^UID:([^\r]*(?:\r\n [^\r]*)*)", re.MULTILINE)
_STAMPS = re.compile(rb"^(SEQUENCE|DTSTAMP|LAST-MODIFIED|CREATED):([^\r]*)\r\n", re.MULTILINE)


class Published(NamedTuple):
    """A VEVENT that stands in the published feeds: its octets without its stamps, and those."""

    octets: bytes
    sequence: int
    created: datetime
    modified: datetime


def published_vevents(folder: Path) -> dict[str, Published]:
    """The VEVENTs of the published feed of everything, by UID; none where nothing is published."""
    found: dict[str, Published] = {}
    if not folder.is_dir():
        return found
    for path in sorted(folder.iterdir()):
        if _FILES.fullmatch(path.name):
            found |= {uid: vevent for octets in _VEVENT.findall(path.read_bytes()) for uid, vevent in _read(octets)}
    return found


def published_feeds(folder: Path) -> tuple[Named, ...]:
    """The feeds that stand in the published index; none where nothing is published."""
    try:
        entries = msgspec.json.decode((folder / "index.json").read_bytes())["feeds"]
        return tuple(named for entry in entries if (named := Named.of(entry)) is not None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def prepared(catalogue: Catalogue, settings: Settings, *, now: datetime, cache: RenderCache) -> Catalogue:
    """The catalogue as it may be published: each event whose VEVENTs differ from those that stand there has a later
    revision; one that differs in its revision alone (a restored backup) gets back the one that was published. The
    names of feeds that another name or nothing has replaced are noted.

    Raises PublishError where every UID would be another, and OSError where the feeds cannot be read."""
    known = published_vevents(settings.feeds_path)
    _check_host(known, settings)
    book = Book.of(settings, catalogue.editions, cache, now.date())
    events = tuple(_revised(event, book.rendered(event).vevents, known, now) for event in catalogue.events)
    revised = replace(catalogue, events=events)
    before = store.published(settings.feeds_path, settings.state_path) or catalogue
    former = former_feeds(published_feeds(settings.feeds_path), before, revised, settings, now.replace(microsecond=0))
    return replace(revised, former=former)


def issue(
    catalogue: Catalogue,
    settings: Settings,
    *,
    now: datetime,
    cache: RenderCache | None = None,
    progress: Progress | None = None,
) -> tuple[Generation, bool]:
    """Build and publish, to feeds/ and then to the targets, whose faults stand in var/targets.json; the generation, and
    whether it is another one. Raises FeedError and PublishError."""
    generation = build(catalogue, settings, today=now.date(), cache=cache, progress=progress)
    changed = publish(generation, settings.feeds_path)
    store.keep(catalogue, generation.id, settings.state_path)
    publish_to_targets(settings, catalogue, now=now)
    return generation, changed


def _revised(event: Event, vevents: tuple[Vevent, ...], known: dict[str, Published], now: datetime) -> Event:
    pairs = [(vevent, known[vevent.uid]) for vevent in vevents if vevent.uid in known]
    if not pairs:
        return event
    revision = event.revision
    sequence = max(old.sequence for _, old in pairs)
    modified = max(old.modified for _, old in pairs)
    same = all(_STAMPS.sub(b"", vevent.plain()) == old.octets for vevent, old in pairs)
    if same and (revision.sequence, revision.modified) == (sequence, modified):
        return event
    if same and revision.sequence <= sequence:
        created = min(old.created for _, old in pairs)
        return stamp(replace(event, revision=replace(revision, sequence=sequence, modified=modified, created=created)))
    if revision.sequence > sequence and revision.modified > modified:
        return event
    floor = replace(revision, sequence=max(revision.sequence, sequence), modified=max(revision.modified, modified))
    before = replace(event, revision=floor)
    return revise(before, before, kind=Kind.CHANGED, now=now, what=SHOWN_ANEW, fields={}, anyway=True)[0]


def _read(octets: bytes) -> Iterator[tuple[str, Published]]:
    uid = _UID.search(octets)
    stamps = {name: value.decode("ascii", "replace") for name, value in _STAMPS.findall(octets)}
    try:
        instants = [
            datetime.strptime(stamps[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            for name in (b"CREATED", b"LAST-MODIFIED")
        ]
        sequence = int(stamps[b"SEQUENCE"])
    except (KeyError, ValueError):
        return
    if uid is not None:
        name = uid[1].replace(b"\r\n ", b"").decode("utf-8", "replace")
        yield name, Published(_STAMPS.sub(b"", octets), sequence, *instants)


def _check_host(known: dict[str, Published], settings: Settings) -> None:
    """Refuse another site.host: every subscriber would have each event a second time. Leaving the stand-in is free."""
    hosts = {uid.rpartition("@")[2] for uid in known} - {settings.site.host, _STAND_IN}
    if hosts and not any(uid.endswith(f"@{settings.site.host}") for uid in known):
        raise PublishError(
            f"site.host is {settings.site.host!r}, and the published events are of {min(hosts)!r}: each subscriber"
            " would get every event a second time.",
            spot=Spot("calfeed.toml", field="site.host"),
            mend=f"Nothing was published. Write `host = {min(hosts)!r}` below [site]; to start anew, remove the folder"
            f" {settings.paths.feeds}/ first.".replace("'", '"'),
        )


_STAND_IN = Site(name="").host
