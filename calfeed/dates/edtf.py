"""EDTF, the Extended Date/Time Format of ISO 8601-2:2019 (levels 0 to 2), as far as a period can say it.

https://www.loc.gov/standards/datetime/ has the table that the tests follow. `write` uses the unit that the period
names where it fits (a quarter is 2014-35, early 2014 the quadrimester 2014-37) and an interval of months or days
where it does not. "~" stands for about, "?" for whatever the text itself does not vouch for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from calfeed.errors import DateTextError
from calfeed.model import Period, Precision, Qualifier

# Codes behind the year: first month and number of months (ISO 8601-2, 4.8). Seasons 21-24 leave the hemisphere open,
# 25-28 are northern, 29-32 southern; 33-36 are quarters, 37-39 quadrimesters, 40-41 halves.
CODES: dict[int, tuple[int, int, Precision]] = {
    **{21 + n: (3 * n + 3, 3, Precision.SEASON) for n in range(4)},
    **{25 + n: (3 * n + 3, 3, Precision.SEASON) for n in range(4)},
    **{29 + n: ((3 * n + 8) % 12 + 1, 3, Precision.SEASON) for n in range(4)},
    **{33 + n: (3 * n + 1, 3, Precision.QUARTER) for n in range(4)},
    **{37 + n: (4 * n + 1, 4, Precision.YEAR) for n in range(3)},
    **{40 + n: (6 * n + 1, 6, Precision.HALF) for n in range(2)},
}
_THIRDS = {37: Qualifier.EARLY, 38: Qualifier.MID, 39: Qualifier.LATE}
_WRITTEN = {
    Precision.SEASON: (21, 22, 23, 24),
    Precision.QUARTER: (33, 34, 35, 36),
    Precision.HALF: (40, 41),
    Precision.YEAR: (37, 38, 39),
}

_MONTHS_IN = {
    Precision.QUARTER: 3,
    Precision.SEASON: 3,
    Precision.HALF: 6,
    Precision.YEAR: 12,
    Precision.DECADE: 12,
    Precision.CENTURY: 12,
}
_MARKS = {
    Qualifier.ABOUT: "~",
    Qualifier.UNCERTAIN: "?",
    Qualifier.TENTATIVE: "?",
    Qualifier.EXPECTED: "?",
    Qualifier.PLANNED: "?",
}
_DATE = re.compile(
    r"(?P<a>[~?%])?(?P<year>\d{2}XX|\d{3}X|\d{4})(?P<b>[~?%])?"
    r"(?:-(?P<c>[~?%])?(?P<month>\d\d|XX)(?P<d>[~?%])?(?:-(?P<e>[~?%])?(?P<day>\d\d|XX))?)?"
    r"(?:T(?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?:Z|[+-]\d\d(?::?\d\d)?)?)?(?P<f>[~?%])?"
)
_LONGEST = 200
_ONE_DAY = timedelta(days=1)


def write(period: Period) -> str:
    """The EDTF form of a period: "2013-07/2013-09", "2013-06/..", "2014-06~".

    A recurrence without days has both sides open: "../..".
    """
    mark = _MARKS.get(period.qualifier, "") if period.qualifier else ""
    start, end, unit = period.start, period.end, period.precision
    if start and end:
        whole = _unit(start, end, unit)
        if whole:
            return whole + mark
        first, last = _opening(start, end, unit)
        return f"{first}{mark}/{last}{mark}"
    if start:
        return f"{_first_unit(start, unit)}{mark}/.."
    if end:
        return f"../{_last_unit(end, unit)}{mark}"
    return "../.."


def _unit(start: date, end: date, precision: Precision) -> str | None:
    """The one expression for exactly these days, at the grain that the text names."""
    year = f"{start.year:04d}"
    if start == end:
        return start.isoformat()
    months = _months(start, end)
    if months is None or precision in (Precision.DAY, Precision.WEEK):
        return None
    if months == 1:
        return f"{year}-{start.month:02d}"
    for code in _WRITTEN.get(precision, ()):
        if CODES[code][:2] == (start.month, months):
            return f"{year}-{code}"
    if start.month == 1 and months == 12:
        return year
    if start.month == 1 and precision is Precision.DECADE and months == 120 and start.year % 10 == 0:
        return f"{start.year // 10:03d}X"
    if start.month == 1 and precision is Precision.CENTURY and months == 1200 and start.year % 100 == 0:
        return f"{start.year // 100:02d}XX"
    return None


def _opening(start: date, end: date, precision: Precision) -> tuple[str, str]:
    """Both ends of an interval, each in the coarsest unit of the precision that begins and ends there."""
    months = _months(start, end)
    if months is None or precision in (Precision.DAY, Precision.WEEK):
        return start.isoformat(), end.isoformat()
    size = _MONTHS_IN.get(precision, 1)
    if size > 1 and months % size == 0:
        first = _unit(start, _last_day(start, size), precision)
        last_start = _plus_months(start, months - size)
        last = _unit(last_start, end, precision)
        if first and last:
            return first, last
    return f"{start.year:04d}-{start.month:02d}", f"{end.year:04d}-{end.month:02d}"


def _first_unit(day: date, precision: Precision) -> str:
    if precision in (Precision.DAY, Precision.WEEK) or day.day != 1:
        return day.isoformat()
    if day.year < date.max.year or day.month == 1:
        whole = _unit(day, _last_day(day, _MONTHS_IN.get(precision, 1)), precision)
        if whole:
            return whole
    return f"{day.year:04d}-{day.month:02d}"


def _last_unit(day: date, precision: Precision) -> str:
    after = day + _ONE_DAY if day < date.max else day
    if precision in (Precision.DAY, Precision.WEEK) or (after.day != 1 and day != date.max):
        return day.isoformat()
    if precision is Precision.YEAR and day.month == 12:
        return f"{day.year:04d}"
    return f"{day.year:04d}-{day.month:02d}"


def _months(start: date, end: date) -> int | None:
    """How many whole months the days are, None where they are not."""
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        return None
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _last_day(first: date, months: int) -> date:
    """Last day of the `months` months that begin with `first`."""
    end = first.month + months - 2
    year, month = first.year + end // 12, end % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _plus_months(day: date, months: int) -> date:
    index = day.month - 1 + months
    return date(day.year + index // 12, index % 12 + 1, 1)


def read(text: str) -> tuple[Period, ...]:
    """The periods that an EDTF string names; a set gives one for each member.

    Raises DateTextError for what is no EDTF, and for what a period cannot hold (years beyond 1-9999, significant
    digits, unspecified digits in the middle, exponents).
    """
    given = text.strip()
    if not given or len(given) > _LONGEST:
        raise _refused(text)
    if given[0] in "[{":
        if given[-1] != {"[": "]", "{": "}"}[given[0]]:
            raise _refused(text)
        return tuple(_member(part.strip(), text) for part in given[1:-1].split(","))
    return (_interval(given, text),)


def _member(part: str, text: str) -> Period:
    if ".." not in part:
        return _interval(part, text)
    first, _, last = part.partition("..")
    return _interval(f"{first or '..'}/{last or '..'}", text)


def _interval(given: str, text: str) -> Period:
    first, slash, last = given.partition("/")
    if not slash:
        return _date(given, text)
    opens, closes = first in ("", ".."), last in ("", "..")
    if opens and closes:
        raise _refused(text)
    if opens:
        end = _date(last, text)
        return Period(end=end.end, precision=end.precision, qualifier=Qualifier.UNTIL)
    start = _date(first, text)
    if closes:
        return Period(start=start.start, precision=start.precision, qualifier=Qualifier.STARTING)
    end = _date(last, text)
    assert start.start is not None
    assert end.end is not None
    if end.end < start.start:
        raise DateTextError(f"The interval {text!r} ends before it starts.")
    order = list(Precision)
    precision = min(start.precision, end.precision, key=order.index)
    doubt = next((q for q in (start.qualifier, end.qualifier) if q in _MARKS), None)
    return Period(start=start.start, end=end.end, precision=precision, qualifier=doubt)


def _date(given: str, text: str) -> Period:
    found = _DATE.fullmatch(given)
    if not found:
        raise _refused(text)
    marks = {found[name] for name in "abcdef"} - {None}
    doubt = Qualifier.ABOUT if marks & {"~", "%"} else Qualifier.UNCERTAIN if marks else None
    year, month, day = found["year"], found["month"], found["day"]
    if found["time"] and (day is None or day == "XX"):
        raise _refused(text)
    try:
        if year.endswith("X"):
            if month and month != "XX":
                raise _refused(text)
            digits = year.rstrip("X")
            size = 100 if len(digits) == 2 else 10
            first = int(digits) * size
            unit = Precision.CENTURY if size == 100 else Precision.DECADE
            return _whole(date(first, 1, 1), date(first + size - 1, 12, 31), unit, doubt)
        number = int(year)
        if month is None or month == "XX":
            if day not in (None, "XX"):
                raise _refused(text)
            return _whole(date(number, 1, 1), date(number, 12, 31), Precision.YEAR, doubt)
        code = int(month)
        if code > 12:
            if day is not None:
                raise _refused(text)
            begin, count, unit = CODES[code]
            start = date(number, begin, 1)
            return _whole(start, _last_day(start, count), unit, _THIRDS.get(code, doubt))
        if day is None or day == "XX":
            start = date(number, code, 1)
            return _whole(start, date(number, code, monthrange(number, code)[1]), Precision.MONTH, doubt)
        only = date(number, code, int(day))
        return _whole(only, only, Precision.DAY, doubt, found["time"])
    except (ValueError, KeyError, OverflowError) as error:
        raise _refused(text) from error


def _whole(start: date, end: date, precision: Precision, doubt: Qualifier | None, times: str | None = None) -> Period:
    return Period(start=start, end=end, precision=precision, qualifier=doubt, times=times)


def _refused(text: str) -> DateTextError:
    shown = text if len(text) <= 40 else text[:40] + "..."
    return DateTextError(
        f"{shown!r} is no EDTF date that names days.", mend="Write it as 2013, 2013-07 or 2013-07/2013-09."
    )
