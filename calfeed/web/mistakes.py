"""What readers of the public pages report as wrong: kept for the editors, for 90 days at most, without who sent it."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from calfeed.feeds.text import clean_line
from calfeed.model import Instant, Value
from calfeed.store.disk import replace_file

# Within the state folder, where the desk keeps what is its own.
FOLDER = "desk"
FILE = "mistakes.json"
DAYS = 90
# So many are kept; the oldest leave.
MOST = 500
LONGEST = 1_000


class Mistake(Value, frozen=True, kw_only=True):
    """A report about the event `uid`: what a reader wrote, on the day it came."""

    name: str
    uid: str
    text: str
    at: Instant


def mistakes(folder: Path, *, now: datetime) -> tuple[Mistake, ...]:
    """The reports of the last 90 days, the oldest first; none where the file was damaged."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=tuple[Mistake, ...])
    except (OSError, msgspec.DecodeError):
        return ()
    return tuple(one for one in found if one.at > now - timedelta(days=DAYS))


def report(folder: Path, uid: str, text: str, *, now: datetime) -> None:
    """Keep what a reader reports. What is too old leaves the disk at the same time."""
    text = "\n".join(filter(None, (clean_line(line) for line in text[:LONGEST].splitlines())))
    mistake = Mistake(name=secrets.token_hex(8), uid=uid, text=text, at=now)
    _write(folder, lambda known: (*known, mistake)[-MOST:], now)


def forget(folder: Path, name: str, *, now: datetime) -> bool:
    """Delete a report that was dealt with; whether there was one."""
    there = any(one.name == name for one in mistakes(folder, now=now))
    if there:
        _write(folder, lambda known: tuple(one for one in known if one.name != name), now)
    return there


def _write(folder: Path, change: Callable[[tuple[Mistake, ...]], tuple[Mistake, ...]], now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{FILE}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        replace_file(folder / FILE, msgspec.json.encode(change(mistakes(folder, now=now))))
