"""A recurrence -> its instances (RFC 5545 3.8.5.3): the days that the rule gives, no others.

Where a rule names days ("every Wednesday", "the second Tuesday of each month") an instance is a day. Where it names
none ("monthly", "weekly in May") an instance is the stretch of the rule's own unit, clipped to the period.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr
from msgspec.structs import replace

from calfeed.model import Period, Precision, Qualifier

# More than that in one feed is beyond what clients show, and a rule that gives more has no natural end.
MAX_INSTANCES = 500
# What is walked through to find them; a daily rule gets through fifty years.
_WALK = 20_000
# How far ahead a rule without an end is told where nobody says until when.
AHEAD = relativedelta(months=12)
_ONE_DAY = timedelta(days=1)

# What of RFC 5545 3.3.10 makes sense for whole days, and what dateutil surely finds an end of: by frequency, its parts.
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"}
_RULES = {
    "DAILY": _PARTS,
    "WEEKLY": _PARTS,
    "MONTHLY": _PARTS | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _PARTS | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
_RULE_LIMIT = 200  # characters
# Parts that say which day an instance is.
_DAYS = {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}
# What a recurrence as a whole is, and none of its instances.
_OF_THE_WHOLE = (Qualifier.STARTING, Qualifier.UNTIL, Qualifier.ONGOING)
# The unit of an instance whose day nobody named, by months.
_UNITS = {3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}


def instances(period: Period, *, until: date | None = None) -> tuple[Period, ...]:
    """The instances of a period's recurrence in order, each a period of its own; none where it has no rule for days.

    A rule whose end is not named goes on to `until`, or for twelve months from its first day. At most 500: of more,
    those before `until` and then those after it."""
    text = (period.rrule or "").upper().removeprefix("RRULE:")
    parts = rule_parts(text)
    if period.start is None or not parts or not _is_day_rule(text, parts):
        return ()
    try:
        return tuple(_expanded(period, period.start, text, parts, until))
    except (ValueError, TypeError, OverflowError, AttributeError):
        # dateutil says in many ways that it does not take a rule.
        return ()


def rule_parts(rule: str) -> dict[str, str]:
    """FREQ=WEEKLY;BYDAY=WE -> each part's name and value."""
    return dict(part.partition("=")[::2] for part in rule.upper().removeprefix("RRULE:").split(";") if part)


def names_days(period: Period) -> bool:
    """Whether the days of a recurrence are known: its rule names them, or of a weekly one the day that it starts on."""
    parts = rule_parts(period.rrule or "")
    weekly = parts.get("FREQ") == "WEEKLY" and period.precision is Precision.DAY
    return weekly or parts.get("FREQ") == "DAILY" or bool(parts.keys() & _DAYS)


def _expanded(period: Period, start: date, text: str, parts: dict[str, str], until: date | None) -> Iterator[Period]:
    ends = period.end is not None or parts.keys() & {"COUNT", "UNTIL"}
    horizon = until or _later(start, AHEAD)
    last = period.end or (date.max if ends else max(horizon, start))
    known = names_days(period)
    # A rule that names months and no days means the months, whatever day the period begins on.
    first = start.replace(day=1) if "BYMONTH" in parts and not known else start
    expander = rrulestr(text, dtstart=datetime.combine(first, time()))
    if not isinstance(expander, rrule):
        return
    # dateutil keeps UNTIL to itself.
    stop = min(filter(None, (getattr(expander, "_until", None), datetime.combine(last, time()))))
    found = [one.date() for one in islice(expander.replace(until=stop), _WALK)]
    days = [day for day in found if day not in period.exdates]
    if len(days) > MAX_INSTANCES:
        opens = max(0, bisect_right(days, horizon) - MAX_INSTANCES)
        days = days[opens : opens + MAX_INSTANCES]
    for day in days:
        yield _instance(period, start, day, parts, period.end or date.max, known=known)


def _instance(period: Period, start: date, day: date, parts: dict[str, str], last: date, *, known: bool) -> Period:
    qualifier = (
        None if period.qualifier in (Qualifier.STARTING, Qualifier.UNTIL, Qualifier.ONGOING) else period.qualifier
    )
    single = replace(period, rrule=None, exdates=(), qualifier=qualifier)
    if known:
        return replace(single, start=day, end=day, precision=Precision.DAY)
    step, precision = _unit(parts)
    end = min(_later(day, step) - _ONE_DAY, last)
    return replace(single, start=max(day, start), end=end, precision=precision, duration=None)


def _unit(parts: dict[str, str]) -> tuple[relativedelta, Precision]:
    """How long a turn of a rule is that names no days."""
    every = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "WEEKLY":
        return relativedelta(weeks=every), Precision.WEEK
    if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        return relativedelta(years=every), Precision.YEAR
    months = every if parts["FREQ"] == "MONTHLY" and "BYMONTH" not in parts else 1
    return relativedelta(months=months), _UNITS.get(months, Precision.MONTH)


def _is_day_rule(rule: str, parts: dict[str, str]) -> bool:
    """Whether `rule` repeats whole days, in a way whose occurrences are found in bounded time."""
    if len(rule) > _RULE_LIMIT or not parts.keys() <= _RULES.get(parts.get("FREQ", ""), set()):
        return False
    # A daily rule that filters every n-th day may match none until the year 9999.
    return not (parts["FREQ"] == "DAILY" and "INTERVAL" in parts and parts.keys() & {"BYDAY", "BYMONTH"})


def _later(day: date, step: relativedelta) -> date:
    try:
        return day + step
    except (ValueError, OverflowError):
        return date.max
