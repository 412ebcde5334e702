"""`var/status.json`: what the service remembers of its sources and of its last refresh.

In: the state folder. Out: a `Status`. Also when a source is asked again that did not answer (faults 1, 4, 5, 6): that
is a value of the past, not a timer, so it outlives any process.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from calfeed.fetch import Validators
from calfeed.settings import Source
from calfeed.store.disk import replace_file

STATUS_FILE = "status.json"
# From so many failures in a row on a source is asked once a period only, until it answers (fault 6).
BREAKER = 5
LONGEST_WAIT = timedelta(hours=24)
# A source that is gone (410) is asked again only now and then: it may have been a mistake of its server.
PAUSE = timedelta(days=31)


class SourceStatus(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a source fares. `state` is fresh (nothing new), read, held, failed or paused; `message` says what is wrong.

    `validators` belong to the copy whose SHA-256 is `digest`: they are sent only where that is the one that the
    catalogue was made from, else a 304 would hide an edition that was refused, held, or never written. `failures`
    counts those in a row; until `next_try` it is left alone. `refused` is the digest of bytes that could not be read,
    and `address` that of the address that all this was learnt at. `assistant`
    says what a language model was asked about the last edition, and what it cost."""

    state: str
    checked: datetime
    succeeded: datetime | None = None
    failing_since: datetime | None = None
    message: str | None = None
    validators: Validators = Validators()
    digest: str | None = None
    failures: int = 0
    next_try: datetime | None = None
    refused: str | None = None
    address: str | None = None
    assistant: str | None = None

    @property
    def wrong(self) -> bool:
        """Whether somebody has to look at the source."""
        return self.state in ("failed", "held", "paused")


class Status(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the last refresh ran, how the sources fare, and what kept the feeds from being made. `running` is when the
    refresh began that has not ended."""

    refreshed: datetime | None = None
    running: datetime | None = None
    sources: dict[str, SourceStatus] = {}
    message: str | None = None


def read_status(folder: Path) -> Status:
    """The status in a state folder; an empty one where there is none, or where it was damaged."""
    try:
        return msgspec.json.decode((folder / STATUS_FILE).read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return Status()


def is_damaged(folder: Path) -> bool:
    """Whether there is a status that cannot be read."""
    try:
        msgspec.json.decode((folder / STATUS_FILE).read_bytes(), type=Status)
    except FileNotFoundError:
        return False
    except (OSError, msgspec.DecodeError):
        return True
    return False


def write_status(status: Status, folder: Path) -> None:
    """Write the status, whole. Raises OSError."""
    octets = msgspec.json.format(msgspec.json.encode(status, order="deterministic"), indent=2) + b"\n"
    replace_file(folder / STATUS_FILE, octets)


def take_up(source: str, folder: Path) -> None:
    """Let a source be asked at the next refresh, however long it was to be left alone."""
    status = read_status(folder)
    known = status.sources.get(source)
    if known is None or known.next_try is None:
        return
    with suppress(OSError):
        write_status(replace(status, sources=status.sources | {source: replace(known, next_try=None)}), folder)


def address_of(source: Source) -> str:
    """What tells one address of a source from another, without telling the address."""
    return sha256((source.url or source.path or "").encode()).hexdigest()[:16]


def next_try(
    failures: int, every: timedelta, *, now: datetime, chance: float, asked: float | None = None, gone: bool = False
) -> datetime:
    """When a source is asked again that has failed `failures` times in a row.

    The wait is drawn anew each time from nothing to a bound that doubles ("full jitter": Brooker, Exponential Backoff
    and Jitter, 2015), so that many sites do not come back at once; `chance` is from 0 to 1. From BREAKER failures on it
    is one probe a period. `asked` are the seconds that the server asked for (Retry-After); `gone` is a 410."""
    if gone:
        return now + PAUSE
    bound = min(every * 2 ** min(failures - 1, BREAKER), LONGEST_WAIT)
    drawn = bound / 2 + bound * chance / 2 if failures >= BREAKER else bound * chance
    wait = max(drawn, timedelta(seconds=asked or 0))
    return now + timedelta(seconds=round(wait.total_seconds()))
