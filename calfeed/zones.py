"""Names of time zones -> their rules, from the IANA data that calfeed is installed with: the same on every machine.

A zone is an IANA name ("Europe/Zurich") or an offset from UTC ("+05:30").
"""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzdata

_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")
# No clock on earth is further from UTC.
_FURTHEST = timedelta(hours=14)


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The rules of a zone. Raises ValueError, which names the nearest, for what is none."""
    if offset := _OFFSET.fullmatch(name):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if ahead <= _FURTHEST:
            return timezone(-ahead if offset[1] == "-" else ahead)
    if name not in names():
        raise ValueError(f"{name[:80]!r} is no time zone{_nearest(name)}")
    with resources.files(tzdata).joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


@cache
def names() -> frozenset[str]:
    """All names of the IANA data."""
    return frozenset(resources.files(tzdata).joinpath("zones").read_text("utf-8").split())


def instant(day: date, clock: time, name: str) -> datetime:
    """When it is `clock` on `day` in a zone, in UTC.

    RFC 5545 3.3.5: a time that the clock shows twice is the first of both, one that it leaves out is told by the
    offset before the gap. Raises ValueError for a zone that is none, OverflowError beyond the years 1 to 9999."""
    return datetime.combine(day, clock, tzinfo=zone(name)).astimezone(UTC)


def offset(day: date, clock: time, name: str) -> timedelta:
    """How far a zone is ahead of UTC then. Raises ValueError for a zone that is none."""
    return datetime.combine(day, clock, tzinfo=zone(name)).utcoffset() or timedelta()


def in_words(ahead: timedelta) -> str:
    """An offset as people write it: "UTC", "UTC+1", "UTC−3:30"."""
    minutes = int(ahead.total_seconds()) // 60
    whole, part = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{whole}{f':{part:02}' if part else ''}" if minutes else "UTC"


def other_season(day: date, clock: time, told: str, name: str) -> bool:
    """Whether an offset is one that a zone has at another time of the year and not then: CET in July."""
    try:
        ahead = offset(day, clock, told)
        seasons = {offset(date(day.year, month, 1), clock, name) for month in (1, 7)}
        return ahead != offset(day, clock, name) and ahead in seasons
    except ValueError:
        return False


def _nearest(name: str) -> str:
    """ " (did you mean 'Europe/Zurich'?)": by the city's name alone, or by all letters; else what one is like."""
    cities = {known.rpartition("/")[2].casefold(): known for known in sorted(names())}
    city = cities.get(name.strip().replace(" ", "_").rpartition("/")[2].casefold())
    near = [city] if city else difflib.get_close_matches(name[:80], sorted(names()), n=1, cutoff=0.7)
    return f" (did you mean {near[0]!r}?)" if near else ', but "Europe/Zurich" or "+01:00" is'
