"""Event -> the days that it takes in a calendar: one occurrence for a period, several for a recurrence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr

from calfeed.dates import shown_days
from calfeed.feeds.when import is_exact
from calfeed.model import Event, Period, Precision

MAX_OCCURRENCES = 500
MAX_YEARS = 10
# A month: what is longer is a bar across every page of a month view (rule 27).
LONG = timedelta(days=31)
# Longer than a century, a period would be a bar in every month anyone looks at: it is always shown by its first day.
ENDLESS = timedelta(days=36525)

# What of RFC 5545 3.3.10 makes sense for whole days, and what dateutil surely finds an end of: by frequency, its parts.
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"}
_RULES = {
    "DAILY": _PARTS,
    "WEEKLY": _PARTS,
    "MONTHLY": _PARTS | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _PARTS | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
_RULE_LIMIT = 200  # characters
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T.*)?")
_UNITS = {
    Precision.WEEK: relativedelta(weeks=1),
    Precision.MONTH: relativedelta(months=1),
    Precision.QUARTER: relativedelta(months=3),
    Precision.SEASON: relativedelta(months=3),
    Precision.HALF: relativedelta(months=6),
    Precision.YEAR: relativedelta(years=1),
}


class Occurrence(NamedTuple):
    """Days that an event takes: `first` to `last`, both included, in words the days of `period`.

    `suffix` stands behind the event's uid: "" for a period, "-20140301" for one of a recurrence."""

    suffix: str
    first: date
    last: date
    period: Period

    @property
    def long(self) -> bool:
        return self.last - self.first >= LONG

    @property
    def endless(self) -> bool:
        # DTEND is the day after the last (rule 10), which the last day of the year 9999 does not have.
        return self.last - self.first >= ENDLESS or self.last == date.max


def occurrences(event: Event) -> tuple[Occurrence, ...]:
    """The days of `event`, in order; none where it has no date.

    A recurrence gives at most 500 occurrences within 10 years; one that is no rule for whole days (FREQ=SECONDLY)
    counts as its period."""
    if event.period is None:
        return ()
    return _occurrences(event.period)


def exact(event: Event) -> bool:
    """Whether the exact days of `event` are known, of a recurrence those of each time."""
    return event.period is not None and _exact(event.period)


@lru_cache(maxsize=8192)
def _exact(period: Period) -> bool:
    days = _occurrences(period)
    return bool(days) and all(is_exact(one.period) for one in days)


@lru_cache(maxsize=8192)
def _occurrences(period: Period) -> tuple[Occurrence, ...]:
    if period.rrule is not None and period.start is not None:
        recurring = tuple(_recurring(period, period.start))
        if recurring:
            return recurring
    if period.start is None and period.end is None:
        return ()
    first, last = shown_days(period)
    return (Occurrence("", first, last, period),)


def _recurring(period: Period, start: date) -> list[Occurrence]:
    text = (period.rrule or "").upper().removeprefix("RRULE:")
    if not _is_day_rule(text):
        return []
    end = min(period.end or date.max, _years_later(start, MAX_YEARS))
    try:
        expander = rrulestr(text, dtstart=datetime.combine(start, time()))
        if not isinstance(expander, rrule):
            return []
        # dateutil keeps UNTIL to itself.
        until = min(filter(None, (getattr(expander, "_until", None), datetime.combine(end, time()))))
        days = [found.date() for found in islice(expander.replace(until=until), MAX_OCCURRENCES)]
    except (ValueError, TypeError, OverflowError, AttributeError):
        return []
    made = []
    for day in days:
        last = _last_day(day, period)
        one = Period(start=day, end=last, precision=period.precision, qualifier=period.qualifier, times=period.times)
        made.append(Occurrence(f"-{day:%Y%m%d}", day, last, one))
    return made


def _is_day_rule(rule: str) -> bool:
    """Whether `rule` repeats whole days, in a way whose occurrences are found in bounded time."""
    if len(rule) > _RULE_LIMIT:
        return False
    parts = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    allowed = _RULES.get(parts.get("FREQ", ""), set())
    if not parts.keys() <= allowed:
        return False
    # A daily rule that filters every n-th day may match none until the year 9999.
    return not (parts["FREQ"] == "DAILY" and "INTERVAL" in parts and parts.keys() & {"BYDAY", "BYMONTH"})


def _last_day(first: date, period: Period) -> date:
    """The last day of an occurrence: of its duration, or of the unit that the text names."""
    found = _DURATION.fullmatch(period.duration or "")
    days = (int(found[1] or 0) * 7 + int(found[2] or 0)) if found else 0
    if days:
        return first + timedelta(days=days - 1)
    unit = _UNITS.get(period.precision)
    if unit is None or (period.duration and found):
        return first
    return first + unit - timedelta(days=1)


def _years_later(day: date, years: int) -> date:
    return day + relativedelta(years=years) if day.year + years <= date.max.year else date.max
