"""Event -> the days and instants that it takes in a calendar: one occurrence for a period, several for a recurrence.

Days are the event's own, where it takes place; instants are UTC. Feeds, pages and the API all ask here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.dates import shown_days
from calfeed.dates.instances import instances
from calfeed.dates.words import is_exact
from calfeed.model import Event, Instance, Period, Precision, Qualifier
from calfeed.settings import Settings
from calfeed.zones import instant, zone

# A month: what is longer is a bar across every page of a month view (rule 27).
LONG = timedelta(days=31)
# Longer than a century, a period would be a bar in every month anyone looks at: it is always shown by its first day.
ENDLESS = timedelta(days=36525)
_ONE_DAY = timedelta(days=1)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_HOURS = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,3})M)?")


class Hours(NamedTuple):
    """From when to when, in UTC; None where the text names no end, or of a deadline no beginning."""

    begin: datetime | None
    end: datetime | None

    def lasting(self, length: timedelta) -> tuple[datetime, datetime]:
        """Both ends: what is not named is `length` from the other."""
        begin = self.begin if self.begin is not None else self.end and self.end - length
        assert begin is not None
        return begin, self.end or begin + length


class Occurrence(NamedTuple):
    """Days that an event takes: `first` to `last`, both included, in words the days of `period`.

    `suffix` stands behind the event's uid, "" for a period; `hours` are None where it takes whole days. `removed` says
    that the recurrence no longer gives it."""

    suffix: str
    first: date
    last: date
    period: Period
    hours: Hours | None = None
    removed: bool = False

    @property
    def long(self) -> bool:
        return self.last - self.first >= LONG

    @property
    def endless(self) -> bool:
        # DTEND is the day after the last (rule 10), which the last day of the year 9999 does not have.
        return self.last - self.first >= ENDLESS or self.last == date.max


def occurrences(event: Event) -> tuple[Occurrence, ...]:
    """What `event` takes in a calendar, in order; none where it has no date.

    Of a recurrence, its instances: those that the catalogue keeps, else what its rule gives. Tombstones of instances
    are among them."""
    if event.instances:
        return _kept(event.period, event.instances)
    days = of_period(event.period) if event.period is not None else ()
    # As `advanced` would keep them: the first has the event's own UID.
    return (days[0]._replace(suffix=""), *days[1:]) if days and days[0].suffix else days


def span(one: Occurrence, settings: Settings) -> tuple[datetime, datetime] | None:
    """Beginning and end in UTC, None for whole days: an end that is not named comes after the settings' minutes."""
    return one.hours.lasting(timedelta(minutes=settings.dates.default_minutes)) if one.hours else None


def local(one: Occurrence, settings: Settings) -> tuple[datetime, datetime] | None:
    """The same by the clock of the place, with its offset."""
    found = span(one, settings)
    if found is None:
        return None
    rules = zone(one.period.zone or "UTC")
    return found[0].astimezone(rules), found[1].astimezone(rules)


def exact(event: Event) -> bool:
    """Whether the exact days of `event` are known, of a recurrence those of each instance."""
    days = [one for one in occurrences(event) if not one.removed]
    return bool(days) and all(is_exact(one.period) for one in days)


@lru_cache(maxsize=8192)
def of_period(period: Period, until: date | None = None) -> tuple[Occurrence, ...]:
    """The occurrences of a period, in order; a recurrence without an end goes on to `until` (twelve months)."""
    found = instances(period, until=until) if period.rrule is not None else ()
    if found:
        return tuple(_occurrence(f"-{one.start:%Y%m%d}", one) for one in found)
    if (period.start is None and period.end is None) or period.exdates:
        return ()
    return (_occurrence("", period),)


@lru_cache(maxsize=2048)
def _kept(period: Period | None, known: tuple[Instance, ...]) -> tuple[Occurrence, ...]:
    """The occurrences that the catalogue keeps: of each living instance what the period gives on its day, and the
    tombstones as they were."""
    living = {one.day: one for one in known if one.removed is None}
    made = [_occurrence(one.suffix, one.period)._replace(removed=True) for one in known if one.removed and one.period]
    given = of_period(period, max(living, default=None)) if period is not None else ()
    if period is not None and period.rrule is None:
        suffix = next((one.suffix for one in living.values()), "")
        made += [one._replace(suffix=suffix) for one in given]
    else:
        made += [one._replace(suffix=living[one.first].suffix) for one in given if one.first in living]
    return tuple(sorted(made, key=lambda one: (one.first, one.suffix)))


def _occurrence(suffix: str, period: Period) -> Occurrence:
    first, last = shown_days(period)
    return Occurrence(suffix, first, last, period, hours(period))


@lru_cache(maxsize=8192)
def hours(period: Period) -> Hours | None:
    """From when to when a period lasts; None where it takes whole days.

    It has hours where its day is known, its times and their zone: one day, or several that are one stretch. Hours of
    each of several days stay words."""
    if period.zone is None or period.times is None or period.precision is not Precision.DAY:
        return None
    if period.qualifier not in _ON_ITS_DAY or period.rrule is not None or (period.start or period.end) is None:
        return None
    first, last = period.start or period.end, period.end or period.start
    assert first is not None
    assert last is not None
    if first != last and not period.continuous:
        return None
    try:
        return _hours(period, first, last, period.zone)
    except (ValueError, OverflowError):
        return None


# What leaves the day as it is; "about 5 May, 14:00" does not.
_ON_ITS_DAY = {None, Qualifier.BY, Qualifier.TENTATIVE, Qualifier.PLANNED, Qualifier.EXPECTED, Qualifier.UNCERTAIN}


def _hours(period: Period, first: date, last: date, name: str) -> Hours | None:
    opens, _, closes = (period.times or "").partition("/")
    if period.qualifier is Qualifier.BY:
        return Hours(None, _moment(last, closes or opens, name))
    begin = _moment(first, opens, name)
    if not closes:
        lasts = _HOURS.fullmatch(period.duration or "")
        if lasts and (lasts[1] or lasts[2]):
            return Hours(begin, begin + timedelta(hours=int(lasts[1] or 0), minutes=int(lasts[2] or 0)))
        return Hours(begin, None) if first == last else None
    # "22:00-02:00" ends on the next day, and so does 24:00.
    after = last + _ONE_DAY if first == last and closes <= opens else last
    end = _moment(after, closes, name)
    return Hours(begin, end) if end > begin else Hours(begin, None)


def _moment(day: date, clock: str, name: str) -> datetime:
    if clock == "24:00":
        return instant(day + _ONE_DAY, time(), name)
    told = _CLOCK.fullmatch(clock)
    if told is None:
        raise ValueError(f"{clock!r} is no time of day")
    return instant(day, time(int(told[1]), int(told[2])), name)


def advanced(event: Event, *, until: date, now: datetime, life: timedelta) -> Event:
    """The event with the instances that it should have now: what its recurrence gives, up to `until` where it names no
    end, each under the mark that it was first published with, and a tombstone for what it no longer gives.

    The first that an event ever has takes the event's own UID, so that a single date may become a recurrence, and
    back. Tombstones leave after `life`."""
    given = of_period(event.period, until) if event.period is not None else ()
    recurs = event.period is not None and event.period.rrule is not None and bool(given)
    if not recurs and not event.instances:
        return event
    known = event.instances
    live = tuple(_recurring(given, known) if recurs else _single(given, known))
    marks = {one.suffix for one in live}
    before = {one.first: one.period for one in of_period(event.recurred, until)} if event.recurred else {}
    stones = []
    for one in known:
        if one.suffix in marks or (one.removed is not None and one.removed + life <= now):
            continue
        day = Period(start=one.day, end=one.day, precision=Precision.DAY)
        fallen = replace(one, removed=now, period=before.get(one.day, day))
        stones.append(one if one.removed is not None else fallen)
    made = tuple(sorted((*live, *stones), key=lambda one: (one.day, one.suffix)))
    if not recurs and marks == {""} and not stones:
        return replace(event, instances=(), recurred=None)
    return replace(event, instances=made, recurred=event.period)


def _recurring(given: Iterable[Occurrence], known: Sequence[Instance]) -> Iterator[Instance]:
    """The instances of these occurrences: a day that was published before keeps its mark."""
    by_day = {one.day: one for one in sorted(known, key=lambda one: one.removed is None)}
    used = {one.suffix for one in known}
    for at, one in enumerate(given):
        if one.first in by_day:
            yield Instance(day=one.first, mark=by_day[one.first].mark)
        elif not at and not known:
            yield Instance(day=one.first, mark="")
        else:
            mark = f"-{one.first:%Y%m%d}"
            while mark in used:
                mark += "b"
            yield Instance(day=one.first, mark=None if mark == one.suffix else mark)


def _single(given: Iterable[Occurrence], known: Sequence[Instance]) -> Iterator[Instance]:
    """The one instance that a recurrence has become: that of the same day, else the first that still took place."""
    for one in given:
        chosen = min(known, key=lambda old: (old.removed is not None, old.day != one.first, old.day))
        yield Instance(day=one.first, mark=chosen.suffix)
