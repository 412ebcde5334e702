"""Filled clauses -> periods: bounds, qualifiers, durations, recurrences, times of day."""

from __future__ import annotations

import re
from copy import copy
from datetime import date, timedelta

from calfeed.dates.atoms import ONE_DAY, Atom, DayError, days, later, month_days
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.lexer import Lexeme
from calfeed.model import Period, Precision, Qualifier
from calfeed.settings import Dates

COARSENESS = {precision: rank for rank, precision in enumerate(Precision)}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DURATION_UNITS = {
    "day": ("D", 1),
    "week": ("W", 1),
    "fortnight": ("W", 2),
    "month": ("M", 1),
    "quarter": ("M", 3),
    "half": ("M", 6),
    "year": ("Y", 1),
    "decade": ("Y", 10),
}
_PARTS = {
    "early": Qualifier.EARLY,
    "mid": Qualifier.MID,
    "late": Qualifier.LATE,
    "beginning": Qualifier.BEGINNING,
    "end": Qualifier.END,
}


def atom_days(atom: Atom, settings: Dates) -> tuple[date, date]:
    """First and last day of a filled atom, by the settings. Raises DayError."""
    return days(
        atom, south=settings.hemisphere == "south", fiscal=settings.fiscal_year, academic=settings.academic_year
    )


def coarsest(atoms: list[Atom]) -> Precision:
    """The precision of a range: that of its coarser end."""
    if len(atoms) == 1:
        return atoms[0].precision
    return max((atom.precision for atom in atoms), key=COARSENESS.__getitem__)


def periods_of(clause: Clause, lexemes: list[Lexeme], context: Context) -> tuple[Period, ...]:
    """The period that a filled clause gives; none where it has neither days nor a recurrence."""
    settings = context.settings
    if not clause.atoms:
        rrule = plain_rule(clause.frequency)
        return (Period(precision=_frequency_precision(rrule), rrule=rrule),) if rrule else ()
    first, last, precision = bounds(clause, settings)
    qualifier = _qualifier(clause)
    start: date | None = first
    end: date | None = last
    length = duration(clause.length) if clause.length else None
    lasting = clause.anchored and clause.length is not None
    if clause.bound == "starting" and not (clause.joined and not clause.length) and not lasting:
        end = None
    elif clause.bound in ("until", "by"):
        start = None
    elif clause.bound == "before":
        start, end = None, last if any(atom.part in ("end", "late") for atom in clause.atoms) else first - ONE_DAY
    elif clause.bound == "after":
        start, end = last + ONE_DAY, None
    if lasting and clause.length is not None and clause.bound in (None, "starting"):
        start, end = _lasting(first, last, precision, clause.length, clause.bound)
    rrule = plain_rule(clause.frequency)
    if rrule and start and "BYDAY" in rrule and clause.bound == "starting":
        start = _first_matching(rrule, start)
    return (
        Period(
            start=start,
            end=end,
            precision=precision,
            qualifier=qualifier,
            rrule=rrule,
            duration=length,
            times=times_of(clause, lexemes),
        ),
    )


def bounds(clause: Clause, settings: Dates) -> tuple[date, date, Precision]:
    """First and last day of what a clause names, and the unit that it is told in. Raises DayError."""
    spans = [atom_days(atom, settings) for atom in clause.atoms]
    first, last = spans[0][0], spans[-1][1]
    if clause.joined == "window":
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    if clause.until_year is not None:
        end = copy(clause.atoms[-1])
        end.year = clause.until_year
        last = atom_days(end, settings)[1]
    if clause.offset:
        first, last = (_shifted(day, *clause.offset) for day in (first, last))
    if last < first:
        raise DayError(f"The range ends ({last}) before it starts ({first}).")
    return first, last, coarsest(clause.atoms)


def _shifted(day: date, number: int, unit: str) -> date:
    """The day so many units after a day: days, weeks, months, or Tuesdays ("weekday 1")."""
    name, _, weekday = unit.partition(" ")
    if name != "weekday":
        return later(day, number, unit)
    step = 1 if number > 0 else -1
    first = (step * (int(weekday) - day.weekday()) - 1) % 7 + 1
    return day + timedelta(days=step * (first + 7 * (abs(number) - 1)))


_BOUNDS = {
    "starting": Qualifier.STARTING,
    "after": Qualifier.STARTING,
    "until": Qualifier.UNTIL,
    "before": Qualifier.UNTIL,
    "by": Qualifier.BY,
}


def _qualifier(clause: Clause) -> Qualifier | None:
    bound = _BOUNDS.get(clause.bound or "")
    if bound is not None and not (
        bound is Qualifier.STARTING and (clause.joined or (clause.length and clause.anchored))
    ):
        return bound
    if len(clause.atoms) == 1 and clause.atoms[0].part and not clause.atoms[0].part_to:
        return _PARTS[clause.atoms[0].part]
    if clause.atoms[0].note in _PARTS:
        return _PARTS[clause.atoms[0].note]
    if clause.qualifier:
        return Qualifier(clause.qualifier)
    return Qualifier.ONGOING if clause.ongoing else None


def duration(length: tuple[int, str]) -> str:
    """A duration as ISO 8601 has it: (3, "day") is "P3D"."""
    number, unit = length
    letter, size = _DURATION_UNITS[unit if unit in _DURATION_UNITS else "month"]
    return f"P{number * size}{letter}"


def _lasting(
    first: date, last: date, precision: Precision, length: tuple[int, str], bound: str | None
) -> tuple[date, date]:
    """The days of "two weeks from 3 March" and of "June 2014 (3 days)", where the days lie within the month."""
    number, unit = length
    try:
        if precision is Precision.DAY:
            return first, later(first, number, unit) - ONE_DAY if first == last else last
        end = later(first, number, unit) - ONE_DAY
        if bound == "starting" or end > last:
            if unit in ("day", "week", "fortnight"):
                # It begins on an unknown day of the unit, and lasts that long.
                end = later(last, number, unit) - ONE_DAY
            return first, max(end, last)
        return first, last
    except (ValueError, OverflowError):
        raise DayError(f"A duration of {number} {unit}s is too long.") from None


def times_of(clause: Clause, lexemes: list[Lexeme]) -> str | None:
    """ "09:00/17:00", from the text's own times of day."""
    if not clause.times and not any(atom.note for atom in clause.atoms):
        return None
    texts = [lexemes[index].text for index in clause.times[:2]]
    told = [_clock(text) for text in texts]
    if (
        len(texts) == 2
        and "p" in texts[1]
        and not {"a", "p"} & set(texts[0])
        and int(told[0][:2]) + 12 <= int(told[1][:2])
    ):
        told[0] = _clock(f"{texts[0]} pm")
    told += [atom.note[5:] for atom in clause.atoms if atom.note.startswith("time ")]
    return "/".join(told[:2]) or None


_TIME = re.compile(r"(\d{1,2})(?:[:.h]|\s?h\s?)?(\d\d)?")


def _clock(text: str) -> str:
    found = _TIME.match(text)
    assert found is not None
    hour, minute = int(found[1]), found[2] or "00"
    if "p" in text and hour < 12:
        hour += 12
    elif "a" in text and hour == 12:
        hour = 0
    return f"{hour:02}:{minute}"


# Recurrences.


def plain_rule(frequency: str | None) -> str | None:
    """The RRULE without the marks that say it is doubtful; None where it is no rule."""
    if frequency is None or frequency == "IRREGULAR":
        return None
    return frequency.removesuffix(";FLAG")


def _frequency_precision(rrule: str) -> Precision:
    if "BYDAY" in rrule or "DAILY" in rrule:
        return Precision.DAY
    if "WEEKLY" in rrule:
        return Precision.WEEK
    return Precision.YEAR if rrule.startswith("FREQ=YEARLY") and "BYMONTH" not in rrule else Precision.MONTH


def _first_matching(rrule: str, start: date) -> date:
    """The first day from `start` on that a rule's weekdays allow."""
    named = re.search(r"BYDAY=([^;]+)", rrule)
    if named is None or re.search(r"\d", named[1]):
        return start
    wanted = {WEEKDAYS.index(name) for name in named[1].split(",")}
    return next(day for day in (start + timedelta(days=step) for step in range(7)) if day.weekday() in wanted)


def frame_years(context: Context) -> tuple[int, int] | None:
    """The years that an annual event happens in, as far as they are known."""
    return context.span


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


def unit_around(day: date, precision: Precision) -> tuple[date, date]:
    """First and last day of the calendar unit that a day lies in; seasons begin in March, June, September, December."""
    if precision is Precision.DAY:
        return day, day
    if precision is Precision.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if precision is Precision.MONTH:
        return month_days(day.year, day.month)
    if precision is Precision.QUARTER:
        return month_days(day.year, (day.month - 1) // 3 * 3 + 1, 3)
    if precision is Precision.SEASON:
        shift = day.month % 12
        return month_days(day.year - (day.month < 3), {0: 12, 1: 3, 2: 6, 3: 9}[shift // 3], 3)
    if precision is Precision.HALF:
        return month_days(day.year, 1 if day.month < 7 else 7, 6)
    size = {Precision.YEAR: 1, Precision.DECADE: 10, Precision.CENTURY: 100}[precision]
    first = (day.year - 1) // 100 * 100 + 1 if size == 100 else day.year // size * size
    return date(first, 1, 1), date(first + size - 1, 12, 31)
