"""Missing fields are filled once, here: from a sibling, a heading, the document's years, or the day of reading.

A sibling is another atom of the same expression: first the other end of the same range, then to the right, then to
the left. What was filled, and from where, is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from datetime import date, timedelta

from calfeed.dates.atoms import FIRST_YEAR, LAST_YEAR, Atom, DayError, days
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.partial import Field
from calfeed.dates.tongue import lexemes_of
from calfeed.model import Inferred, Precision

_YEAR = re.compile(r"(?<![\w/-])(?:1[5-9]|2[0-4])\d\d(?![\w/-])")


class Filled:
    """Clauses whose atoms lack nothing, with what was filled in and what is doubtful about it."""

    def __init__(self, clauses: list[Clause]) -> None:
        self.clauses = clauses
        self.inferred: list[Inferred] = []
        self.reasons: list[str] = []

    def note(self, name: str, value: int, origin: str) -> None:
        """Record that a field was filled, and from where."""
        entry = Inferred(field=name, value=str(value), origin=origin)
        if entry not in self.inferred:
            self.inferred.append(entry)


def fill(clauses: list[Clause], context: Context) -> Filled:
    """Copies of the clauses with every field filled. Raises DayError where a day has no month."""
    if len(clauses) == 1 and all(atom.is_complete for atom in clauses[0].atoms):
        return Filled(clauses)
    filled = Filled(_under_year_headings([_copy(clause) for clause in clauses]))
    atoms = [atom for clause in filled.clauses for atom in clause.atoms]
    owner = [index for index, clause in enumerate(filled.clauses) for _ in clause.atoms]
    _fill_units(atoms, owner)
    _fill_months(atoms, owner, filled, context)
    _fill_years(atoms, owner, filled, context)
    for clause in filled.clauses:
        _wrap(clause, filled, context)
    _turn(filled)
    return filled


def _turn(filled: Filled) -> None:
    """ "November, December and January 2014" runs over the turn of the year: it begins in the year before."""
    following: Atom | None = None
    for clause in reversed(filled.clauses):
        if clause.joined or len(clause.atoms) != 1 or clause.atoms[0].month is None:
            return
        atom = clause.atoms[0]
        if following is not None and not clause.years_given[0] and atom.note != "same year":
            _turn_one(atom, following)
        following = atom


def _turn_one(atom: Atom, following: Atom) -> None:
    month, next_month = atom.month or 0, following.month or 0
    turned = month >= 10 and next_month <= 3 and atom.year == following.year
    if atom.year is not None and (turned or (following.note == "turned" and month < next_month)):
        atom.year, atom.note = atom.year - 1, "turned"


def _copy(clause: Clause) -> Clause:
    copied = copy(clause)
    copied.atoms = [copy(atom) for atom in clause.atoms]
    return copied


def _under_year_headings(clauses: list[Clause]) -> list[Clause]:
    """ "2013: June, September; 2014: May" and "2014, June and September": a year over what follows it."""
    if not any(clause.separator == "colon" for clause in clauses):
        first = clauses[0]
        heads = (
            len(clauses) > 1
            and is_bare_year(first)
            and first.qualifier is None
            and first.bound is None
            and all(clause.separator in ("comma", "and", "semicolon") for clause in clauses[1:])
            and all(
                clause.atoms and all(atom.lacks_year and not atom.nth for atom in clause.atoms)
                for clause in clauses[1:]
            )
        )
        if not heads:
            return clauses
        return _take_year(clauses[1:], first.atoms[0].year)
    kept: list[Clause] = []
    year: int | None = None
    for index, clause in enumerate(clauses):
        following = clauses[index + 1] if index + 1 < len(clauses) else None
        if following is not None and following.separator == "colon" and is_bare_year(clause):
            year = clause.atoms[0].year
            continue
        if not is_bare_year(clause):
            _take_year([clause], year)
        kept.append(clause)
    return kept


def _take_year(clauses: list[Clause], year: int | None) -> list[Clause]:
    for clause in clauses:
        for atom in clause.atoms:
            if atom.lacks_year:
                atom.year = year
    return clauses


def is_bare_year(clause: Clause) -> bool:
    """Whether a clause is one year and nothing more."""
    if len(clause.atoms) != 1:
        return False
    atom = clause.atoms[0]
    return (
        atom.precision is Precision.YEAR
        and atom.year_to is None
        and atom.part is None
        and atom.spell is None
        and not atom.fixed
        and not atom.nth
    )


def _fill_units(atoms: list[Atom], owner: list[int]) -> None:
    """A number takes its neighbour's unit: "1st and 3rd quarters", "weeks 20-22", "Q1-2".

    Not so the day at the other end of whose range a month stands: "Q1, 4-5 June"."""
    of_month = {owner[index] for index, atom in enumerate(atoms) if atom.month is not None and atom.day is not None}
    for step, indexes in ((1, range(len(atoms) - 2, -1, -1)), (-1, range(1, len(atoms)))):
        for index in indexes:
            atom, beside = atoms[index], atoms[index + step]
            if atom.day is None or atom.month is not None or atom.fixed or beside.day is not None:
                continue
            if (step == 1 and not atom.ordinal) or owner[index] in of_month:
                continue
            number = atom.day
            if beside.nth and beside.nth[2] != "weekday":
                atom.nth, atom.month, atom.year, atom.division, atom.note = (
                    (number, 1, beside.nth[2]),
                    beside.month,
                    beside.year,
                    beside.division,
                    beside.note,
                )
            elif beside.division and beside.division[0] != "season" and number <= 4:
                atom.division = (beside.division[0], number)
            elif beside.week is not None:
                atom.week = number
            elif beside.precision is Precision.CENTURY and 16 <= number <= 24:
                atom.fixed = (date(number * 100 - 99, 1, 1), date(number * 100, 12, 31), Precision.CENTURY)
            else:
                continue
            atom.day = None


def _fill_months(atoms: list[Atom], owner: list[int], filled: Filled, context: Context) -> None:
    right: list[Atom | None] = [None] * len(atoms)
    nearest: Atom | None = None
    for index in range(len(atoms) - 1, -1, -1):
        right[index] = nearest
        if atoms[index].month is not None:
            nearest = atoms[index]
    left: Atom | None = None
    for index, atom in enumerate(atoms):
        if atom.month is None and atom.day is not None and not atom.fixed:
            source = left if left is not None and left.month_first else right[index] or left
            if source is not None and source.month is not None:
                atom.month = source.month
                atom.month_first = source.month_first
                if source is left and atom.year is None and source.year is not None:
                    atom.year = source.year
                filled.note("month", source.month, "sibling")
            else:
                _month_from_context(atom, filled, context)
        if atom.month is not None:
            left = atom


def _month_from_context(atom: Atom, filled: Filled, context: Context) -> None:
    if lent := next((one for one in context.lent if one.field is Field.MONTH), None):
        atom.month = lent.value
        filled.note("month", lent.value, lent.origin)
        return
    found = heading_month(context)
    if found is None and atom.weekday is not None and (day := _next_fitting(context.reference, atom)):
        atom.month, atom.year = day.month, day.year
        filled.note("month", day.month, "reference")
        filled.note("year", day.year, "reference")
        filled.reasons.append("The month is not in the text: it is the next in which that day is such a weekday.")
        return
    if found is None:
        raise DayError("The text names a day and no month.")
    atom.month, year = found
    filled.note("month", atom.month, "heading")
    if year is not None and atom.year is None:
        atom.year = year
        filled.note("year", year, "heading")


def _next_fitting(reference: date, atom: Atom) -> date | None:
    """The first day from the day of reading on that is such a weekday of the month: "Thursday 15th"."""
    days = (reference + timedelta(days=ahead) for ahead in range(430))
    return next((day for day in days if day.day == atom.day and day.weekday() == atom.weekday), None)


def heading_month(context: Context) -> tuple[int, int | None] | None:
    """The month that the nearest heading with one names, and its year; None where no heading names one."""
    for heading in context.headings:
        lexemes, _ = lexemes_of(heading[:200], context.lang)
        months = [index for index, lexeme in enumerate(lexemes) if lexeme.kind == "month"]
        if len(months) == 1:
            years = [int(lexeme.value) for lexeme in lexemes if lexeme.kind == "number" and lexeme.digits == 4]
            return int(lexemes[months[0]].value), years[0] if len(years) == 1 else None
    return None


def _fill_years(atoms: list[Atom], owner: list[int], filled: Filled, context: Context) -> None:
    size = len(atoms)
    given = [atom.year is not None for atom in atoms]
    right: list[Atom | None] = [None] * size
    for index in range(size - 2, -1, -1):
        right[index] = atoms[index + 1] if given[index + 1] else right[index + 1]
    left: Atom | None = None
    for index, atom in enumerate(atoms):
        if atom.year is None and not atom.fixed:
            same = [
                atoms[other]
                for other in (index + 1, index - 1)
                if 0 <= other < size and owner[other] == owner[index] and given[other]
            ]
            source = same[0] if same else _lender(atom, left, right[index], filled)
            if source is not None and source.year is not None:
                atom.year = source.year
                filled.note("year", atom.year, "sibling")
            else:
                atom.year = _year_from_context(filled, context, atom)
        if given[index]:
            left = atom


def _lender(atom: Atom, left: Atom | None, right: Atom | None, filled: Filled) -> Atom | None:
    """The sibling that lends its year: the right one, unless only the left one keeps the list in order."""
    if left is None or right is None or left.year == right.year:
        return right or left
    if left.year_first:
        return left
    month = atom.month or 0
    after_left = left.month is not None and month >= left.month
    before_right = right.month is not None and month <= right.month
    if after_left and not before_right:
        return left
    if after_left or not before_right:
        filled.reasons.append(f"The year could be {left.year} or {right.year}.")
    return right


def _year_from_context(filled: Filled, context: Context, atom: Atom) -> int:
    if lent := next((one for one in context.lent if one.field is Field.YEAR), None):
        fitting = _years_of_weekday(atom, range(lent.value, (lent.until or lent.value) + 1))
        year = lent.value if lent.value in fitting or not fitting else fitting[0]
        filled.note("year", year, lent.origin)
        if lent.until is not None and len(fitting) != 1:
            filled.reasons.append(
                f"The year is not in the text, and “{lent.words}” covers {lent.value} to {lent.until}."
            )
        return year
    for heading in context.headings:
        years = {int(found) for found in _YEAR.findall(heading) if FIRST_YEAR <= int(found) <= LAST_YEAR}
        if len(years) == 1:
            year = years.pop()
            filled.note("year", year, "heading")
            return year
    if context.span is not None:
        first, last = context.span
        if first == last:
            filled.note("year", first, "document")
            return first
        year = context.reference.year if first <= context.reference.year <= last else first
        fitting = _years_of_weekday(atom, range(first, last + 1))
        year = year if year in fitting or not fitting else fitting[-1]
        filled.note("year", year, "document")
        if len(fitting) == 1:
            return year
        filled.reasons.append(f"The year is not in the text, and the document covers {first} to {last}.")
        return year
    year = context.reference.year
    fitting = _years_of_weekday(atom, range(year - 1, year + 2))
    year = year if year in fitting or not fitting else fitting[-1]
    filled.note("year", year, "reference")
    return year


def _years_of_weekday(atom: Atom, years: Iterable[int]) -> list[int]:
    """The years in which a day falls on the weekday that the text names; none where it names no weekday."""
    if atom.weekday is None or atom.month is None or atom.day is None or atom.nth:
        return []
    return [year for year in years if _weekday(year, atom.month, atom.day) == atom.weekday]


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return None


def _wrap(clause: Clause, filled: Filled, context: Context) -> None:
    """A range over the turn of the year: the end whose year was filled in gives way."""
    if clause.joined != "range" or len(clause.atoms) < 2:
        return
    left, right = clause.atoms[0], clause.atoms[-1]
    if left.fixed or right.fixed or left.year is None or right.year is None:
        return
    south = context.settings.hemisphere == "south"
    if days(left, south=south)[0] <= days(right, south=south)[1]:
        return
    left_given, right_given = clause.years_given
    if left_given and right_given:
        return
    if right_given or (not left_given and not any(entry.origin != "sibling" for entry in filled.inferred)):
        left.year -= 1
        filled.note("year", left.year, "sibling")
    else:
        right.year += 1
        filled.note("year", right.year, "sibling")
