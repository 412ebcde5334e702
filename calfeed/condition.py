"""What is wrong with a site at this moment, for whoever asks: `calfeed status`, /healthz, /readyz, the status page, and
those who are told by webhook and mail.

In: settings, the instant; read from the status, the published folder and the disk. Out: `Trouble`s. Must not know: who
is told, and how.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from calfeed import publish, store
from calfeed.errors import CalfeedError
from calfeed.publish.targets import read_targets
from calfeed.settings import Settings
from calfeed.status import Status, is_damaged, read_status

# A publish writes the feeds anew before it removes the old ones.
_ROOM = 2
_LEAST_ROOM = 2 * 2**20
_LEAST_INODES = 64


class Trouble(Struct, frozen=True, kw_only=True):
    """Something that is wrong. `code` is for programs, `message` for people, `since` where that is known."""

    code: str
    message: str
    source: str | None = None
    since: datetime | None = None

    @property
    def key(self) -> str:
        """What stays the same while the trouble lasts."""
        return f"{self.code}/{self.source or ''}"


def troubles(settings: Settings, *, now: datetime, thorough: bool = False) -> tuple[Trouble, ...]:
    """All that is wrong, the sources' first. With `thorough` the catalogue and the published feeds are read whole; a
    request does without, since that takes a second for 10,000 events."""
    status = read_status(settings.state_path)
    found = [
        *_of_sources(status, settings, now),
        *_of_refreshes(status, settings, now),
        *_of_disk(settings),
        *_of_targets(settings),
    ]
    if thorough:
        found += _of_files(settings)
    known: dict[str, Trouble] = {}
    for trouble in found:
        known.setdefault(trouble.key, trouble)
    return tuple(known.values())


def _of_sources(status: Status, settings: Settings, now: datetime) -> Iterator[Trouble]:
    for source in settings.sources:
        known = status.sources.get(source.id)
        if known is None:
            continue
        if known.wrong:
            message = known.message or "it could not be read."
            yield Trouble(code=known.state, message=message, source=source.id, since=known.failing_since)
        old = timedelta(hours=settings.alerts.old)
        if known.succeeded is not None and now - known.succeeded > old:
            message = f"it was last read well on {known.succeeded:%d %B %Y at %H:%M} UTC."
            yield Trouble(code="old", message=message, source=source.id, since=known.succeeded + old)


def _of_refreshes(status: Status, settings: Settings, now: datetime) -> Iterator[Trouble]:
    schedule = settings.schedule
    if is_damaged(settings.state_path):
        yield Trouble(
            code="status", message=f"{settings.paths.state}/status.json is damaged: the next refresh mends it."
        )
    if status.message:
        yield Trouble(code="refresh", message=status.message)
    overdue = 2 * timedelta(minutes=schedule.every) + timedelta(seconds=schedule.jitter)
    if status.running is not None and now - status.running > timedelta(minutes=schedule.longest):
        message = f"the refresh that began on {status.running:%d %B %Y at %H:%M} UTC has not ended."
        yield Trouble(code="overrun", message=message, since=status.running)
    elif status.refreshed is not None and now - status.refreshed > overdue:
        message = f"the last refresh ended on {status.refreshed:%d %B %Y at %H:%M} UTC; none came since."
        yield Trouble(code="overdue", message=message, since=status.refreshed + overdue)


def _of_disk(settings: Settings) -> Iterator[Trouble]:
    for name, folder in ((settings.paths.feeds, settings.feeds_path), (settings.paths.state, settings.state_path)):
        place = _existing(folder.absolute().parent if folder == settings.feeds_path else folder.absolute())
        try:
            disk = os.statvfs(place)
        except OSError as error:
            yield Trouble(code="disk", message=f"the disk of {name}/ cannot be asked: {error.strerror}.")
            continue
        if disk.f_flag & os.ST_RDONLY or not os.access(place, os.W_OK | os.X_OK):
            yield Trouble(code="read-only", message=f"nothing can be written where {name}/ is: no refresh is possible.")
        elif disk.f_bavail * disk.f_frsize < max(_LEAST_ROOM, _ROOM * _size(settings.feeds_path)):
            left = disk.f_bavail * disk.f_frsize // 1024
            yield Trouble(code="disk-full", message=f"the disk of {name}/ is full ({left:,} KiB are left): free space.")
        elif disk.f_files and disk.f_favail < _LEAST_INODES:
            yield Trouble(code="disk-full", message=f"the disk of {name}/ can hold no more files: remove some.")


def _of_targets(settings: Settings) -> Iterator[Trouble]:
    for name, target in (read_targets(settings.state_path) if settings.targets else {}).items():
        if target.message:
            yield Trouble(code=f"target-{name}", message=f"target {name}: {target.message}")


def _of_files(settings: Settings) -> Iterator[Trouble]:
    try:
        stored = store.load(settings.catalogue_path)
        for fault in stored.faults:
            yield Trouble(code=f"event-{fault.spot.line if fault.spot else 0}", message=str(fault))
    except CalfeedError as error:
        yield Trouble(code="catalogue", message=str(error))
    try:
        if settings.feeds_path.exists():
            publish.load(settings.feeds_path)
    except CalfeedError as error:
        yield Trouble(code="feeds", message=str(error))


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _size(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(entry.stat().st_size for entry in entries)
    except OSError:
        return 0
