"""Partial dates -> days: what each field and each step covers in the calendar.

Conventions are those of docs/reading.md: early 2014 is January to April, the first week of June the one that holds its
first Thursday (as ISO 8601-1, 4.3.2 has it for years). Days are inclusive.
"""

from __future__ import annotations

from calendar import month_name, monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from calfeed.dates.partial import DayError, Partial, Step
from calfeed.model import Period, Precision, Qualifier
from calfeed.settings import Dates

FIRST_YEAR, LAST_YEAR = 1000, 2499
ONE_DAY = timedelta(days=1)
COARSENESS = {precision: rank for rank, precision in enumerate(Precision)}
_DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}
MONTHS_IN = {"month": 1, "quarter": 3, "trimester": 3, "half": 6, "year": 12, "decade": 120}
_UNITS_IN_YEAR = {"quarter": 4, "half": 2, "month": 12, "third": 3}


class Days(NamedTuple):
    """First and last day, and the unit that they are told in."""

    first: date
    last: date
    precision: Precision


@lru_cache(maxsize=4096)
def month_days(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """First and last day of `months` months from a month, which may lie beyond December or before January."""
    index = year * 12 + month - 1
    end = index + months - 1
    last_year, last_month = end // 12, end % 12 + 1
    return date(index // 12, index % 12 + 1, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])


def week_days(day: date) -> tuple[date, date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def later(day: date, number: int, unit: str) -> date:
    """The day so many units after a day: the same day of a later month, or its last where it has no such day."""
    if unit in _DAYS_IN:
        return day + timedelta(days=number * _DAYS_IN[unit])
    first, last = month_days(day.year, day.month + number * MONTHS_IN[unit])
    return min(first + timedelta(days=day.day - 1), last)


def days_of(partial: Partial, settings: Dates) -> Days:
    """The days that a partial date covers once nothing is missing. Raises DayError where no calendar has them."""
    found = _base(partial)
    for step in partial.steps:
        found = STEPS[step.unit](found, step, settings)
    return found


def _base(partial: Partial) -> Days:
    year, month, day = partial.year, partial.month, partial.day
    if year is None:
        raise DayError("The year is missing.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayError(f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    if month is None:
        return Days(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    if not 1 <= month <= 12:
        raise DayError(f"There is no month {month}.")
    if day is None:
        return Days(*month_days(year, month), Precision.MONTH)
    if not 1 <= day <= monthrange(year, month)[1]:
        raise DayError(f"{month_name[month]} {year} has no day {day}.")
    only = date(year, month, day)
    return Days(only, only, Precision.DAY)


def _months(days: Days) -> int:
    return (days.last.year - days.first.year) * 12 + days.last.month - days.first.month + 1


def _is_year(days: Days) -> bool:
    return days.precision is Precision.YEAR and days.first.month == 1 and _months(days) == 12


def _is_month(days: Days) -> bool:
    return days.precision is Precision.MONTH and _months(days) == 1


# Units that divide a year or lie within some days.


def _division(days: Days, step: Step, _settings: Dates) -> Days:
    """A quarter, half, month or third of a year; of other days, so many of their months."""
    unit = {"trimester": "quarter"}.get(step.unit, step.unit)
    if _is_month(days) and unit == "half":
        return _half_month(days, step)
    if _is_year(days) and step.count == 1 and unit in _UNITS_IN_YEAR:
        number = step.number if step.number > 0 else _UNITS_IN_YEAR[unit] + 1 + step.number
        if not 1 <= number <= _UNITS_IN_YEAR[unit]:
            raise DayError(f"A year has {_UNITS_IN_YEAR[unit]} {unit}s, and no number {number}.")
        size = 12 // _UNITS_IN_YEAR[unit]
        precision = {"quarter": Precision.QUARTER, "half": Precision.HALF}.get(unit, Precision.MONTH)
        return Days(*month_days(days.first.year, size * (number - 1) + 1, size), precision)
    if _is_month(days) and unit == "third":
        return _tens(days, step)
    months = _months(days)
    size = {"half": max(1, months // 2), "third": max(1, months // 3)}.get(unit) or MONTHS_IN[unit]
    back = months - size * step.count + size * (step.number + 1)
    offset = size * (step.number - 1) if step.number > 0 else back
    if offset < 0 or offset + size * step.count > months:
        raise DayError(f"There are not so many {unit}s.")
    span = month_days(days.first.year, days.first.month + offset, size * step.count)
    return Days(*span, Precision.MONTH)


def _half_month(days: Days, step: Step, _settings: Dates | None = None) -> Days:
    """The first or second half, or fortnight, of a month: days 1 to 15, or 16 to the last."""
    if step.number in (1, -2):
        return Days(days.first, days.first + timedelta(days=14), Precision.MONTH)
    if step.number in (2, -1):
        return Days(days.first + timedelta(days=15), days.last, Precision.MONTH)
    raise DayError("A month has two halves.")


def _fortnight(days: Days, step: Step, _settings: Dates) -> Days:
    if not _is_month(days) or step.count > 1:
        raise DayError("There is no such fortnight.")
    return _half_month(days, step)


def _season(days: Days, step: Step, settings: Dates) -> Days:
    """Three months from the month `number`; of a southern year half a year later."""
    month = (step.number + 5) % 12 + 1 if settings.hemisphere == "south" else step.number
    return Days(*month_days(days.first.year, month, 3), Precision.SEASON)


def _week(days: Days, step: Step, _settings: Dates) -> Days:
    """An ISO week of a year; in other days, those whose Thursday lies within."""
    if _is_year(days) and step.number > 0 and step.count == 1:
        try:
            monday = date.fromisocalendar(days.first.year, step.number, 1)
        except ValueError:
            raise DayError(f"The year {days.first.year} has no week {step.number}.") from None
        return Days(monday, monday + timedelta(days=6), Precision.WEEK)
    if step.number > 0:
        thursday = days.first + timedelta(days=(3 - days.first.weekday()) % 7 + 7 * (step.number - 1))
    else:
        back = (days.last.weekday() - 3) % 7 + 7 * (step.count - step.number - 2)
        thursday = days.last - timedelta(days=back)
    _inside(days, thursday, thursday)
    last = thursday + timedelta(days=3 + 7 * (step.count - 1))
    return Days(thursday - timedelta(days=3), last, Precision.WEEK if step.count == 1 else Precision.MONTH)


def _day(days: Days, step: Step, _settings: Dates) -> Days:
    if step.number > 0:
        first = days.first + timedelta(days=step.number - 1)
    else:
        first = days.last - timedelta(days=step.count - 2 - step.number)
    last = first + timedelta(days=step.count - 1)
    _inside(days, first, last)
    return Days(first, last, Precision.DAY)


def _tens(days: Days, step: Step, _settings: Dates | None = None) -> Days:
    """Days 1 to 10, 11 to 20, 21 to the last of a month."""
    number = step.number if step.number > 0 else 4 + step.number
    if not 1 <= number <= 3:
        raise DayError("A month has three times ten days.")
    first = days.first + timedelta(days=10 * (number - 1))
    return Days(first, days.last if number == 3 else first + timedelta(days=9), Precision.MONTH)


def _weekday(days: Days, step: Step, _settings: Dates) -> Days:
    """The n-th such weekday within; `count` is the weekday, 0 for Monday."""
    if step.number > 0:
        day = days.first + timedelta(days=(step.count - days.first.weekday()) % 7 + 7 * (step.number - 1))
    else:
        day = days.last - timedelta(days=(days.last.weekday() - step.count) % 7 + 7 * (-step.number - 1))
    _inside(days, day, day)
    return Days(day, day, Precision.DAY)


def _weekend(days: Days, step: Step, settings: Dates) -> Days:
    saturday = _weekday(days, Step("weekday", step.number, 5), settings).first
    return Days(saturday, saturday + ONE_DAY, Precision.DAY)


def _inside(days: Days, first: date, last: date) -> None:
    if first < days.first or last > days.last:
        raise DayError(f"{days.first} to {days.last} does not have so many.")


# What lies around a day.


def _week_of(days: Days, _step: Step, _settings: Dates) -> Days:
    return Days(*week_days(days.first), Precision.WEEK)


def _week_ending(days: Days, _step: Step, _settings: Dates) -> Days:
    return Days(days.first - timedelta(days=6), days.first, Precision.WEEK)


def _weekend_of(days: Days, _step: Step, _settings: Dates) -> Days:
    day = days.first
    saturday = day - ONE_DAY if day.weekday() == 6 else day + timedelta(days=(5 - day.weekday()) % 7)
    return Days(saturday, saturday + ONE_DAY, Precision.DAY)


# Longer than a year, or a year of another kind.


def _years(days: Days, step: Step, _settings: Dates) -> Days:
    return Days(days.first, date(days.first.year + step.count - 1, 12, 31), Precision.YEAR)


def _decade(days: Days, _step: Step, _settings: Dates) -> Days:
    return Days(days.first, date(days.first.year + 9, 12, 31), Precision.DECADE)


def _century(days: Days, _step: Step, _settings: Dates) -> Days:
    return Days(days.first, date(days.first.year + 99, 12, 31), Precision.CENTURY)


def _bookkeeping(days: Days, step: Step, settings: Dates) -> Days:
    """A fiscal or academic year: named by one year, it is the one that lies mostly in that year."""
    begins = settings.fiscal_year if step.unit == "fiscal" else settings.academic_year
    if not begins:
        return days
    month, day = int(begins[:2]), int(begins[3:])
    year = days.first.year - (days.last.year == days.first.year and month > 6)
    first = date(year, month, day)
    return Days(first, first.replace(year=year + 1) - ONE_DAY, Precision.YEAR)


def _from_month(days: Days, step: Step, _settings: Dates) -> Days:
    return Days(*month_days(days.first.year, step.number, 12), Precision.YEAR)


# Parts: "early", "mid", "late", "beginning", "end".

_YEAR_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "beginning": (1, 3), "end": (10, 12)}
_MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "beginning": (1, 10), "end": (21, 31)}
_THIRDS = {"early": 0, "beginning": 0, "mid": 1, "late": 2, "end": 2}
_DECADE_PARTS = ((0, 3), (4, 6), (7, 9))


def _part(days: Days, step: Step, _settings: Dates) -> Days:
    """A year and a month as the conventions have them; anything else in thirds, of months where it has three."""
    one = _part_days(step.name, days)
    other = _part_days(step.last, days) if step.last else one
    return Days(min(one[0], other[0]), max(one[1], other[1]), days.precision)


def _part_days(part: str, days: Days) -> tuple[date, date]:
    first, last = days.first, days.last
    if _is_year(days):
        begin, end = _YEAR_PARTS[part]
        return month_days(first.year, begin, end - begin + 1)
    if _is_month(days) and (last - first).days > 20:
        begin, end = _MONTH_PARTS[part]
        return first.replace(day=begin), first.replace(day=min(end, last.day))
    third, months = _THIRDS[part], _months(days)
    if days.precision in (Precision.DECADE, Precision.CENTURY):
        size = 10 if days.precision is Precision.CENTURY else 1
        begin, end = _DECADE_PARTS[third]
        return date(first.year + begin * size, 1, 1), date(first.year + (end + 1) * size - 1, 12, 31)
    if months >= 3:
        size = months // 3
        return month_days(first.year, first.month + third * size, size if third < 2 else months - 2 * size)
    size = max(1, ((last - first).days + 1) // 3)
    start = first + timedelta(days=third * size)
    return start, last if third == 2 else start + timedelta(days=size - 1)


def _last_month(days: Days, _step: Step, _settings: Dates) -> Days:
    """December of a year, told in years: another "end of 2013"."""
    return Days(*month_days(days.first.year, 12), Precision.YEAR)


# Days counted from others.


def _easter(days: Days, step: Step, _settings: Dates) -> Days:
    sunday = easter(days.first.year, EASTER_WESTERN if step.unit == "easter" else EASTER_ORTHODOX)
    day = sunday + timedelta(days=step.number)
    return Days(day, day, Precision.DAY)


def _shift(days: Days, step: Step, _settings: Dates) -> Days:
    first, last = (_shifted(day, step.number, step.name, step.count) for day in (days.first, days.last))
    return Days(first, last, days.precision)


def _shifted(day: date, number: int, unit: str, weekday: int) -> date:
    """The day so many units after a day: days, weeks, months, or such weekdays."""
    if unit != "weekday":
        return later(day, number, unit)
    step = 1 if number > 0 else -1
    first = (step * (weekday - day.weekday()) - 1) % 7 + 1
    return day + timedelta(days=step * (first + 7 * (abs(number) - 1)))


def _lasting(days: Days, step: Step, _settings: Dates) -> Days:
    """So many units from the first day on."""
    last = later(days.first, step.number, step.name) - ONE_DAY
    names = {"day": Precision.DAY, "week": Precision.WEEK, "fortnight": Precision.WEEK, "year": Precision.YEAR}
    return Days(days.first, last, names.get(step.name, Precision.MONTH))


STEPS: dict[str, Callable[[Days, Step, Dates], Days]] = {
    "quarter": _division, "trimester": _division, "half": _division, "month": _division, "third": _division,
    "year": _division, "season": _season, "week": _week, "day": _day, "ten": _tens, "fortnight": _fortnight,
    "weekday": _weekday, "weekend": _weekend, "week of": _week_of, "week ending": _week_ending,
    "weekend of": _weekend_of, "years": _years, "decade": _decade, "century": _century, "fiscal": _bookkeeping,
    "academic": _bookkeeping, "from month": _from_month, "part": _part, "last month": _last_month,
    "easter": _easter, "orthodox": _easter, "shift": _shift, "lasting": _lasting,
}  # fmt: skip


def unit_around(day: date, precision: Precision) -> tuple[date, date]:
    """First and last day of the calendar unit that a day lies in; seasons begin in March, June, September, December."""
    if precision is Precision.DAY:
        return day, day
    if precision is Precision.WEEK:
        return week_days(day)
    size = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.SEASON: 3, Precision.HALF: 6}.get(precision)
    if size:
        shift = 1 if precision is Precision.SEASON else 0
        index = (day.year * 12 + day.month - 1 + shift) // size * size - shift
        return month_days(index // 12, index % 12 + 1, size)
    years = {Precision.YEAR: 1, Precision.DECADE: 10, Precision.CENTURY: 100}[precision]
    first = (day.year - 1) // 100 * 100 + 1 if years == 100 else day.year // years * years
    return date(first, 1, 1), date(first + years - 1, 12, 31)


def shown_days(period: Period) -> tuple[date, date]:
    """The days that a feed shows for a period, both included.

    Of an open start: the unit of its precision that the start lies in. Of "until" without a start: the unit that the
    end lies in. Of a deadline: its day, or the last day of the unit that it names. A period with nothing but a
    recurrence has no days: ValueError.
    """
    if period.start is not None and period.end is not None:
        return period.start, period.end
    if period.start is not None:
        return period.start, max(period.start, unit_around(period.start, period.precision)[1])
    if period.end is None:
        raise ValueError("a recurrence without days has none to show")
    if period.qualifier is Qualifier.BY:
        return period.end, period.end
    return min(period.end, unit_around(period.end, period.precision)[0]), period.end
