"""Atoms: partial dates as a text names them, and the days that they cover once nothing is missing."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from msgspec import Struct

from calfeed.model import Precision

FIRST_YEAR, LAST_YEAR = 1500, 2499

ONE_DAY = timedelta(days=1)
SEASON_MONTHS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


class DayError(ValueError):
    """An atom names days that no calendar has; the message is a sentence for the editor."""


class Atom(Struct, gc=False):
    """A partial date. `first` and `last` are its lexemes, `last` not included; the others as the text has them.

    `division`: quarter, half or season and which of them. `nth`: (number, count, unit), "first two weeks of" the rest;
    the number is negative when counted from the end. `part`, `part_to`: "mid" and "late" in "mid to late 2014".
    `year_to`: the second year of "2013/14", `slashed` if a slash joins them. `spell`: "fiscal" or "academic".
    `fixed`: days that need nothing else. `other`: another way to read the same characters.
    `month_first`, `year_first`: the text has the month before the day, the year before both.
    `week_of`: the week that holds the day.
    """

    first: int
    last: int
    year: int | None = None
    year_to: int | None = None
    division: tuple[str, int] | None = None
    month: int | None = None
    week: int | None = None
    day: int | None = None
    weekday: int | None = None
    weekday_to: int | None = None
    nth: tuple[int, int, str] | None = None
    part: str | None = None
    part_to: str | None = None
    spell: str | None = None
    slashed: bool = False
    decade: bool = False
    fixed: tuple[date, date, Precision] | None = None
    other: Atom | None = None
    other_rule: str = ""
    month_first: bool = False
    year_first: bool = False
    week_of: bool = False
    week_ending: bool = False
    weekend: bool = False
    ordinal: bool = False
    note: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be borrowed."""
        return self.fixed is not None or (self.year is not None and (self.day is None or self.month is not None))

    @property
    def lacks_year(self) -> bool:
        """Whether the year has to be borrowed."""
        return self.year is None and self.fixed is None

    @property
    def precision(self) -> Precision:
        """The unit that the text names."""
        if self.fixed:
            return self.fixed[2]
        if self.nth:
            _, count, unit = self.nth
            if unit in ("day", "weekday", "weekend", "easter", "orthodox"):
                return Precision.DAY
            if unit == "month":
                return Precision.MONTH
            return (
                Precision.WEEK if unit in ("week", "fortnight") and count == 1 and unit == "week" else Precision.MONTH
            )
        if self.week_of or self.week_ending or self.week is not None:
            return Precision.DAY if self.weekday is not None and self.week is not None else Precision.WEEK
        if self.weekend or self.day is not None:
            return Precision.DAY
        if self.month is not None:
            return Precision.MONTH
        if self.division:
            return Precision(self.division[0])
        return Precision.DECADE if self.decade else Precision.YEAR


@lru_cache(maxsize=4096)
def month_days(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """First and last day of `months` months from a month, which may lie beyond December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = month + months - 1
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, month, 1), date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    first, last = month_days(day.year, day.month + months)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), last)


def week_days(day: date) -> tuple[date, date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def iso_week(year: int, week: int) -> tuple[date, date]:
    """Monday and Sunday of a week of ISO 8601. Raises DayError where the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)
    except ValueError:
        raise DayError(f"The year {year} has no week {week}.") from None


def days(
    atom: Atom, *, south: bool = False, fiscal: str | None = None, academic: str | None = None
) -> tuple[date, date]:
    """First and last day that a complete atom covers. Raises DayError where no calendar has them."""
    if atom.fixed:
        first, last = atom.fixed[:2]
    else:
        first, last = _base(atom, south, fiscal, academic)
    if atom.nth:
        first, last = nth_days(atom.nth, first, last, atom.weekday)
    if atom.part:
        early = part_days(atom.part, first, last, atom)
        late = part_days(atom.part_to, first, last, atom) if atom.part_to else early
        first, last = min(early[0], late[0]), max(early[1], late[1])
    return first, last


def _base(atom: Atom, south: bool, fiscal: str | None, academic: str | None) -> tuple[date, date]:
    year = atom.year
    if year is None:
        raise DayError("The year is missing.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayError(f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    if atom.week is not None:
        monday, sunday = iso_week(year, atom.week)
        if atom.weekday is not None:
            monday = sunday = monday + timedelta(days=atom.weekday)
        return monday, sunday
    if atom.day is not None and atom.month is not None:
        if not 1 <= atom.month <= 12:
            raise DayError(f"There is no month {atom.month}.")
        if not 1 <= atom.day <= calendar.monthrange(year, atom.month)[1]:
            raise DayError(f"{calendar.month_name[atom.month]} {year} has no day {atom.day}.")
        day = date(year, atom.month, atom.day)
        if atom.week_of:
            return week_days(day)
        if atom.week_ending:
            return day - timedelta(days=6), day
        if atom.weekend:
            saturday = day - timedelta(days=1) if day.weekday() == 6 else day + timedelta(days=(5 - day.weekday()) % 7)
            return saturday, saturday + ONE_DAY
        return day, day
    if atom.month is not None:
        if not 1 <= atom.month <= 12:
            raise DayError(f"There is no month {atom.month}.")
        return month_days(year, atom.month)
    if atom.division:
        unit, number = atom.division
        if unit == "quarter":
            _within(number, 4, "quarters")
            return month_days(year, 3 * number - 2, 3)
        if unit == "half":
            _within(number, 2, "halves")
            return month_days(year, 6 * number - 5, 6)
        return month_days(year, (number + 5) % 12 + 1 if south else number, 3)
    if atom.decade:
        return date(year, 1, 1), date(year + 9, 12, 31)
    if atom.spell:
        begins = fiscal if atom.spell == "fiscal" else academic
        if begins:
            return _bookkeeping_year(year, atom.year_to, begins)
    return date(year, 1, 1), date(atom.year_to or year, 12, 31)


def _within(number: int, most: int, units: str) -> None:
    if not 1 <= number <= most:
        raise DayError(f"A year has {most} {units}, and no number {number}.")


def _bookkeeping_year(year: int, year_to: int | None, begins: str) -> tuple[date, date]:
    """A year that begins on a set day ("07-01"). Named by one year, it is the one that lies mostly in that year."""
    month, day = int(begins[:2]), int(begins[3:])
    if year_to is None and month > 6:
        year -= 1
    first = date(year, month, day)
    return first, first.replace(year=year + 1) - ONE_DAY


# Which share of a unit a part covers: first and last of its months; of a month, days.
_YEAR_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "beginning": (1, 3), "end": (10, 12)}
_MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "beginning": (1, 10), "end": (21, 31)}


def part_days(part: str, first: date, last: date, atom: Atom) -> tuple[date, date]:
    """The days that "early", "mid", "late", "beginning" or "end" of some days covers.

    A year and a month as the conventions have them; anything else in thirds, of months where it has at least three.
    """
    part = {"yearend": "end"}.get(part, part)
    precision = atom.precision
    if precision is Precision.YEAR and atom.year_to is None and first.month == 1:
        begin, end = _YEAR_PARTS[part]
        return month_days(first.year, begin, end - begin + 1)
    if precision is Precision.MONTH and (last - first).days < 31:
        begin, end = _MONTH_PARTS[part]
        return first.replace(day=begin), first.replace(day=min(end, last.day))
    third = {"early": 0, "beginning": 0, "mid": 1, "late": 2, "end": 2}[part]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if precision is Precision.DECADE:
        begin, end = ((0, 3), (4, 6), (7, 9))[third]
        return date(first.year + begin, 1, 1), date(first.year + end, 12, 31)
    if months >= 3:
        size = months // 3
        return month_days(first.year, first.month + third * size, size if third < 2 else months - 2 * size)
    size = max(1, ((last - first).days + 1) // 3)
    start = first + timedelta(days=third * size)
    return start, last if third == 2 else start + timedelta(days=size - 1)


def nth_days(nth: tuple[int, int, str], first: date, last: date, weekday: int | None) -> tuple[date, date]:
    """The `count` units from the `number`-th on (or up to the `-number`-th from the end) within some days."""
    number, count, unit = nth
    if unit in ("day", "ten"):
        size = count * (10 if unit == "ten" else 1)
        if unit == "ten":
            begin = last.replace(day=21) if number in (3, -1) else first + timedelta(days=10 * (number - 1))
            return begin, last if number in (3, -1) else begin + timedelta(days=9)
        begin = first + timedelta(days=(number - 1)) if number > 0 else last - timedelta(days=size - 1 - (number + 1))
        return _inside(begin, begin + timedelta(days=size - 1), first, last)
    if unit == "weekday":
        assert weekday is not None
        if number > 0:
            day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
        else:
            day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-number - 1))
        return _inside(day, day, first, last)
    if unit in ("easter", "orthodox"):
        sunday = easter(first.year, EASTER_WESTERN if unit == "easter" else EASTER_ORTHODOX)
        return (sunday + timedelta(days=number),) * 2
    if unit == "weekend":
        saturday, _ = nth_days((number, 1, "weekday"), first, last, 5)
        return saturday, saturday + ONE_DAY
    if unit == "week":
        # The week of a month is the one that its Thursday falls in, as ISO 8601 has it for years.
        if number > 0:
            thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 7 * (number - 1))
        else:
            thursday = last - timedelta(days=(last.weekday() - 3) % 7 + 7 * (-number + count - 2))
        _inside(thursday, thursday, first, last)
        return thursday - timedelta(days=3), thursday + timedelta(days=3 + 7 * (count - 1))
    if unit in ("half", "fortnight") and (last - first).days < 31:
        if number in (1, -2):
            return first, first + timedelta(days=14)
        if number in (2, -1):
            return first + timedelta(days=15), last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    size = {"month": 1, "quarter": 3, "half": max(1, months // 2), "year": 12}.get(unit, 0) * count
    step = size // max(count, 1)
    if not size:
        raise DayError(f"There is no such {unit}.")
    offset = (number - 1) * step if number > 0 else months - size + (number + 1) * step
    if offset < 0 or offset + size > months:
        raise DayError(f"There are not so many {unit}s.")
    return month_days(first.year, first.month + offset, size)


def _inside(begin: date, end: date, first: date, last: date) -> tuple[date, date]:
    if begin < first or end > last:
        raise DayError(f"{first} to {last} does not have so many.")
    return begin, end


def later(day: date, number: int, unit: str) -> date:
    """The day `number` units after a day."""
    if unit in ("day", "week", "fortnight"):
        return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])
    months = {"month": 1, "quarter": 3, "trimester": 3, "half": 6, "year": 12, "decade": 120}[unit]
    return add_months(day, number * months)
