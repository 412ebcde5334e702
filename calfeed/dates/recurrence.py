"""Recurrences: "every second Tuesday", "15th of each month", "every two weeks" -> RRULE (RFC 5545, section 3.3.10)."""

from __future__ import annotations

from copy import copy
from itertools import pairwise
from typing import NamedTuple

from calfeed.dates.atoms import Atom
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.lexemes import Lexemes

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "half": ("MONTHLY", 6),
    "year": ("YEARLY", 1),
    "decade": ("YEARLY", 10),
}


class Recurrence(NamedTuple):
    """A rule, the lexeme after it, and the rule of another sensible reading."""

    rrule: str
    last: int
    other: str | None = None


def every(number: int, unit: str) -> str | None:
    """The rule of "every 3 months"."""
    if unit not in _FREQUENCIES or not 1 <= number <= 99:
        return None
    frequency, size = _FREQUENCIES[unit]
    return f"FREQ={frequency}" + (f";INTERVAL={number * size}" if number * size > 1 else "")


def times_a(number: int, unit: str) -> str | None:
    """The rule of "twice a year"; IRREGULAR where no whole number of units lies between."""
    if unit == "year" and number > 1 and 12 % number == 0:
        return every(12 // number, "month")
    return every(1, unit) if number == 1 else "IRREGULAR"


def read_recurrence(t: Lexemes, i: int) -> Recurrence | None:
    """The recurrence that begins at lexeme `i`."""
    k = t.k
    j = i
    while k[j] == "the" and j - i < 2:
        j += 1
    if k[j] == "weekdays":
        days, last = read_weekdays(t, j)
        return Recurrence(f"FREQ=WEEKLY;BYDAY={days}", last)
    if k[j] == "each":
        return read_each(t, j + 1)
    if k[j] in ("ordinal", "number"):
        return read_nth_of_each_month(t, j)
    return None


def read_weekdays(t: Lexemes, j: int) -> tuple[str, int]:
    """The days of "Monday, Wednesday and Friday" as BYDAY has them, and the lexeme after them."""
    names = [WEEKDAYS[int(t.x[j].value)]]
    j += 1
    while t.k[j] in ("and", "comma", "slash") and t.k[j + 1] in ("weekday", "weekdays"):
        names.append(WEEKDAYS[int(t.x[j + 1].value)])
        j += 2
    return ",".join(names), j


def read_each(t: Lexemes, j: int) -> Recurrence | None:
    """What follows "every": weekdays, months, a unit, a number of units."""
    x, k = t.x, t.k
    if k[j] == "word" and x[j].text == "other" and k[j + 1] in ("weekday", "unit"):
        return read_every_other(t, j + 1)
    if k[j] == "weekday":
        days, last = read_weekdays(t, j)
        return Recurrence(f"FREQ=WEEKLY;BYDAY={days}", last)
    if k[j] == "month" and not t.is_year(j + 1):
        months = [int(x[j].value)]
        day = None
        if k[j + 1] == "number" and x[j + 1].digits <= 2 and 1 <= int(x[j + 1].value) <= 31:
            day = int(x[j + 1].value)
            return Recurrence(f"FREQ=YEARLY;BYMONTH={months[0]};BYMONTHDAY={day}", j + 2)
        while k[j + 1] in ("and", "comma", "slash") and k[j + 2] == "month":
            months.append(int(x[j + 2].value))
            j += 2
        return Recurrence(f"FREQ=YEARLY;BYMONTH={','.join(map(str, sorted(set(months))))}", j + 1)
    if k[j] in ("number", "ordinal") and k[j + 1] in ("unit", "week_of"):
        unit = str(x[j + 1].value) if k[j + 1] == "unit" else "week"
        rule = every(int(x[j].value), unit) if int(x[j].value) > 0 else None
        return Recurrence(rule, j + 2) if rule else None
    if k[j] == "ordinal" and k[j + 1] == "weekday":
        monthly = read_nth_of_each_month(t, j)
        if monthly:
            return monthly
        number, weekday = int(x[j].value), WEEKDAYS[int(x[j + 1].value)]
        if number < 1:
            return Recurrence(f"FREQ=MONTHLY;BYDAY={number}{weekday}", j + 2)
        other = f"FREQ=MONTHLY;BYDAY={number}{weekday}" if number <= 4 else None
        return Recurrence(f"FREQ=WEEKLY;INTERVAL={number};BYDAY={weekday}", j + 2, other)
    if k[j] == "unit":
        rule = every(1, str(x[j].value))
        return Recurrence(rule, j + 1) if rule else None
    if k[j] == "season":
        return Recurrence("FREQ=YEARLY", j + 1)
    if k[j] == "number" and k[j + 1] == "month":
        return Recurrence(f"FREQ=YEARLY;BYMONTH={x[j + 1].value};BYMONTHDAY={x[j].value}", j + 2)
    return None


def read_every_other(t: Lexemes, j: int) -> Recurrence | None:
    """What follows "every other": a weekday or a unit."""
    if t.k[j] == "unit":
        rule = every(2, str(t.x[j].value))
        return Recurrence(rule, j + 1) if rule else None
    days, last = read_weekdays(t, j)
    return Recurrence(f"FREQ=WEEKLY;INTERVAL=2;BYDAY={days}", last)


def read_nth_of_each_month(t: Lexemes, j: int) -> Recurrence | None:
    """ "first and third Monday of each month", "15th of every month"."""
    x, k = t.x, t.k
    numbers = [int(x[j].value)]
    j += 1
    while k[j] in ("and", "comma", "slash") and k[j + 1] == "ordinal" and len(numbers) < 5:
        numbers.append(int(x[j + 1].value))
        j += 2
    day = None
    if k[j] == "weekday":
        day = WEEKDAYS[int(x[j].value)]
        j += 1
    elif k[j] == "unit" and x[j].value == "day":
        j += 1
    elif not (k[j - 1] == "ordinal" or x[j - 1].ordinal):
        return None
    each = False
    start = j
    while k[j] in ("of", "in", "the", "each") and j - start < 4:
        each = each or k[j] == "each"
        j += 1
    if k[j] == "frequency" and t.x[j].value == "FREQ=MONTHLY":
        each = True
    elif not (k[j] == "unit" and x[j].value == "month" and (each or day)) or j == start:
        return None
    if day:
        if any(not -5 <= number <= 5 for number in numbers):
            return None
        return Recurrence(f"FREQ=MONTHLY;BYDAY={','.join(f'{number}{day}' for number in numbers)}", j + 1)
    if not each or any(not -1 <= number <= 31 for number in numbers):
        return None
    return Recurrence(f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, numbers))}", j + 1)


def yearly_rule(atom: Atom) -> str:
    """The rule of "annually in March", "every year on 5 June"."""
    if atom.month is not None and not atom.nth and not atom.part:
        return f"FREQ=YEARLY;BYMONTH={atom.month}" + (f";BYMONTHDAY={atom.day}" if atom.day else "")
    return "FREQ=YEARLY"


def in_frame(atoms: list[Atom], context: Context) -> list[list[Atom]]:
    """The atoms in each year of the document; none where its years are not known."""
    if context.span is None or context.span[1] - context.span[0] > 50:
        return []
    framed = []
    for year in range(context.span[0], context.span[1] + 1):
        copies = [copy(atom) for atom in atoms]
        for one in copies:
            one.year = year
        framed.append(copies)
    return framed


def settle_recurrences(clauses: list[Clause], context: Context) -> list[Clause]:
    """Give each "monthly" or "each year" to the dates that it is said of, and each annual date its years."""
    settled: list[Clause] = []
    first = clauses[0]
    if first.frequency and not first.atoms and any(clause.atoms for clause in clauses):
        clauses = clauses[1:]
        for clause in clauses:
            clause.frequency = clause.frequency or first.frequency
    for before, clause in pairwise(clauses):
        repeated = before.frequency == "FREQ=YEARLY" and before.atoms and clause.atoms and not clause.frequency
        if repeated and all(atom.lacks_year for atom in (*before.atoms, *clause.atoms)):
            clause.frequency = before.frequency
    for clause in clauses:
        if clause.frequency and not clause.atoms and settled and any(one.atoms for one in settled):
            yearly = clause.frequency.startswith("FREQ=YEARLY")
            dated = [one for one in settled if one.atoms and not one.frequency]
            without = [one for one in dated if all(atom.lacks_year for atom in one.atoms)]
            for one in without if yearly and without else dated:
                one.frequency, one.other_rule = clause.frequency, clause.other_rule
            if dated:
                continue
        settled.append(clause)
    framed: list[Clause] = []
    for clause in settled:
        framed += _framed(clause, context)
    return framed


def _framed(clause: Clause, context: Context) -> list[Clause]:
    yearly = clause.frequency is not None and clause.frequency.startswith("FREQ=YEARLY")
    if yearly and clause.atoms and all(atom.lacks_year for atom in clause.atoms):
        frames = in_frame(clause.atoms, context)
        rule = yearly_rule(clause.atoms[0]) if len(clause.atoms) == 1 else "FREQ=YEARLY"
        changed = copy(clause)
        changed.atoms, changed.frequency = [], rule
        return [_dated(clause, atoms) for atoms in frames] or [changed]
    return [clause]


def _dated(clause: Clause, atoms: list[Atom]) -> Clause:
    dated = copy(clause)
    dated.atoms, dated.frequency, dated.years_given = atoms, None, (True, True)
    return dated
