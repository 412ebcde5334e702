"""Clauses -> readings: the default one, its alternatives, and why a person should look at them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import NamedTuple

from msgspec import structs

from calfeed.dates.atoms import Atom, DayError, month_days
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.fill import fill, is_bare_year
from calfeed.dates.lexer import Lexeme
from calfeed.dates.periods import COARSENESS, atom_days, periods_of, plain_rule
from calfeed.dates.recurrence import settle_recurrences
from calfeed.model import Inferred, Period, Precision, Qualifier, Reading

EACH_YEAR = "each-year"
LAST_MONTH = "last month"
# Beyond this many items no other reading of a list is offered.
MOST_CLAUSES = 50


class Read(NamedTuple):
    """What a list of clauses says: readings, the default first, and the reasons for review."""

    readings: tuple[Reading, ...]
    reasons: tuple[str, ...]


def read(clauses: list[Clause], lexemes: list[Lexeme], context: Context) -> Read:
    """The readings of a date expression's clauses."""
    reasons: list[str] = []
    clauses = settle_recurrences(clauses, context)
    try:
        default, filled, why = _reading(clauses, lexemes, context)
    except DayError as fault:
        return Read((), (str(fault),))
    except OverflowError:
        return Read((), ("The dates lie beyond the calendar.",))
    reasons += why
    readings = [default] if default.periods else []
    for rule, variant, reason in _variants(clauses, filled, default.inferred, context):
        try:
            other = _reading(variant, lexemes, context)[0]
        except (DayError, OverflowError):
            continue
        if other.periods and other.periods not in [reading.periods for reading in readings]:
            readings.append(Reading(rule=rule, periods=other.periods, inferred=other.inferred))
            if reason:
                reasons.append(reason)
    reasons += _doubts(filled, context)
    return Read(tuple(readings), tuple(dict.fromkeys(reasons)))


def _reading(clauses: list[Clause], lexemes: list[Lexeme], context: Context) -> tuple[Reading, list[Clause], list[str]]:
    dated = [clause for clause in clauses if clause.atoms or plain_rule(clause.frequency)]
    if not dated:
        return Reading(rule="undated"), [], []
    periods: list[Period] = []
    inferred: tuple[Inferred, ...] = ()
    filled_clauses: list[Clause] = []
    reasons: list[str] = []
    if any(clause.atoms for clause in dated):
        filled = fill(dated, context)
        filled_clauses, inferred, reasons = filled.clauses, tuple(filled.inferred), filled.reasons
    else:
        filled_clauses = dated
    window = False
    for clause in filled_clauses:
        following = periods_of(clause, lexemes, context)
        if clause.separator == "or" and periods and following and (joined := _either(periods[-1], following[0])):
            periods[-1:], window = [joined], True
        else:
            periods += following
    rule = "window" if window and len(periods) == 1 else _rule(filled_clauses)
    return Reading(rule=rule, periods=tuple(periods), inferred=inferred), filled_clauses, reasons


def _either(one: Period, other: Period) -> Period | None:
    """The days within which either of two periods lies."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return None
    precision = max(one.precision, other.precision, key=COARSENESS.__getitem__)
    return structs.replace(one, start=min(one.start, other.start), end=max(one.end, other.end), precision=precision)


def _rule(clauses: list[Clause]) -> str:
    """The name of the rule that gave the default reading."""
    if len(clauses) > 1:
        return "list"
    clause = clauses[0]
    if clause.frequency:
        return "recurrence"
    if clause.joined:
        return clause.joined
    if clause.length and clause.anchored:
        return "duration"
    if clause.bound:
        return clause.bound
    if clause.ongoing:
        return "ongoing"
    atom = clause.atoms[0]
    if atom.note == "relative":
        return "relative"
    if atom.part:
        return "part"
    return "week" if atom.week is not None or atom.week_of else "single"


Variant = tuple[str, list[Clause], str]


def _variants(
    clauses: list[Clause], filled: list[Clause], inferred: tuple[Inferred, ...], context: Context
) -> list[Variant]:
    """Other ways to understand the same clauses: (rule, clauses, why it needs review or "" where it does not)."""
    found: list[Variant] = []
    if not inferred and len(clauses) == 1 and _is_plain(clauses[0]):
        return found
    if len(filled) <= MOST_CLAUSES and (repeated := _each_year(filled)):
        found.append((EACH_YEAR, repeated, "The months could hold in each of the years, or in the first only."))
    if any(atom.other for clause in clauses for atom in clause.atoms):
        rule = next(atom.other_rule for clause in clauses for atom in clause.atoms if atom.other)
        found.append((rule, _replaced(clauses, lambda atom: atom.other), _OTHER_REASONS[rule]))
    if any(
        atom.part == "end" and _ends_year(atom) for clause in clauses for atom in clause.atoms if clause.bound is None
    ) and not any(clause.joined for clause in clauses):
        found.append((LAST_MONTH, _replaced(filled, _december), ""))
    if filled and _is_past(filled, inferred, context):
        found.append(
            (
                "next year",
                [_moved(clause, _year(clause) + 1) for clause in filled],
                "The year is not in the text, and in this year the date is past.",
            )
        )
    if any(clause.other_rule for clause in clauses):
        found.append(
            (
                "monthly",
                [_with_rule(clause) for clause in filled or clauses],
                "It could be every other week, or that week of each month.",
            )
        )
    for clause in filled or clauses:
        for atom in clause.atoms:
            if atom.spell is None and atom.slashed and atom.year is not None:
                found.append(
                    (
                        "academic year",
                        _replaced(clauses, _from_month(9)),
                        "The two years could be a fiscal or an academic year.",
                    )
                )
                found.append(("fiscal year", _replaced(clauses, _from_month(7)), ""))
            if clause.joined is None and atom.division == ("season", 12) and atom.year_to is None and not atom.fixed:
                found.append(
                    (
                        "winter before",
                        _replaced(filled, _winter_before),
                        "The winter could be the one that ends in the year named.",
                    )
                )
            if atom.note == "turned":
                found.append(
                    ("same year", _replaced(filled, _not_turned), "The list could run over the turn of the year.")
                )
            if atom.note == "week-of-month":
                found.append(
                    (
                        "days of the month",
                        _replaced(filled, _seven_days),
                        "The week could be counted from the first day of the month.",
                    )
                )
    return found


_OTHER_REASONS = {
    "month": "The second number could be a month or a year.",
    "day": "The number could be a day or a year.",
    "year first": "The numbers could begin with the year.",
    "month first": "The day and the month could stand in the other order.",
    "third of the year": "A trimester could be three months or a third of the year.",
}


def _replaced(clauses: list[Clause], change: Callable[[Atom], Atom | None]) -> list[Clause]:
    changed = []
    for clause in clauses:
        clause = copy(clause)
        clause.atoms = [change(atom) or atom for atom in clause.atoms]
        changed.append(clause)
    return changed


def _is_plain(clause: Clause) -> bool:
    """Whether a clause is one unit that can be understood in one way only."""
    if len(clause.atoms) != 1 or clause.other_rule:
        return False
    atom = clause.atoms[0]
    return not (atom.other or atom.part or atom.division or atom.slashed or atom.note)


def _is_past(filled: list[Clause], inferred: tuple[Inferred, ...], context: Context) -> bool:
    """Whether the year was taken from the day of reading, on which the dates lie behind."""
    if not any(one.origin == "reference" for one in inferred):
        return False
    try:
        days = [atom_days(atom, context.settings)[1] for clause in filled for atom in clause.atoms]
    except DayError:
        return False
    return bool(days) and max(days) < context.reference


def _year(clause: Clause) -> int:
    return next((atom.year for atom in reversed(clause.atoms) if atom.year is not None), 1)


def _with_rule(clause: Clause) -> Clause:
    changed = copy(clause)
    changed.frequency = clause.other_rule or clause.frequency
    return changed


def _ends_year(atom: Atom) -> bool:
    return atom.precision is Precision.YEAR and atom.year_to is None and not atom.part_to and not atom.fixed


def _december(atom: Atom) -> Atom | None:
    if atom.part != "end" or not _ends_year(atom) or atom.year is None:
        return None
    changed = copy(atom)
    changed.fixed, changed.part = (*month_days(atom.year, 12), Precision.YEAR), None
    changed.note = "end"
    return changed


def _from_month(month: int) -> Callable[[Atom], Atom | None]:
    def change(atom: Atom) -> Atom | None:
        if not atom.slashed or atom.year is None:
            return None
        changed = copy(atom)
        changed.fixed, changed.slashed = (*month_days(atom.year, month, 12), Precision.YEAR), False
        return changed

    return change


def _winter_before(atom: Atom) -> Atom | None:
    if atom.division != ("season", 12) or atom.year is None:
        return None
    changed = copy(atom)
    changed.year = atom.year - 1
    return changed


def _not_turned(atom: Atom) -> Atom | None:
    if atom.note != "turned" or atom.year is None:
        return None
    changed = copy(atom)
    changed.year, changed.note = atom.year + 1, "same year"
    return changed


def _seven_days(atom: Atom) -> Atom | None:
    if atom.note != "week-of-month" or atom.nth is None:
        return None
    number, count, _ = atom.nth
    changed = copy(atom)
    if number > 0:
        changed.nth = (7 * (number - 1) + 1, 7 * count, "day")
    else:
        changed.nth = (7 * (number + 1) - 1, 7 * count, "day")
    changed.note = ""
    return changed


def _each_year(filled: list[Clause]) -> list[Clause] | None:
    """ "November 2013, 2014, 2015": November in each year, for months that share the year before the bare ones."""
    repeated: list[Clause] = []
    block: list[Clause] = []
    changed = False
    for clause in filled:
        if clause.until_year is not None and clause.atoms[0].year is not None:
            repeated += _years_of(clause, clause.until_year)
            changed = True
        elif _month_to_year(clause):
            year = clause.atoms[1].year
            assert year is not None
            single = copy(clause)
            single.atoms, single.joined = clause.atoms[:1], None
            repeated += _years_of(single, year)
            changed = True
        elif (
            is_bare_year(clause)
            and block
            and clause.bound is None
            and clause.separator in ("comma", "and", "slash", "plus", "or")
        ):
            year = clause.atoms[0].year
            assert year is not None
            repeated += [_moved(one, year) for one in block]
            changed = True
        else:
            repeated.append(clause)
            year = clause.atoms[-1].year if clause.atoms else None
            fine = bool(clause.atoms) and not is_bare_year(clause) and _is_finer(clause)
            if block and block[-1].atoms[-1].year != year:
                block = []
            block = [*block, clause] if fine else []
    return repeated if changed else None


def _is_finer(clause: Clause) -> bool:
    return all(
        (COARSENESS[atom.precision] < COARSENESS[Precision.YEAR] or atom.part) and not atom.fixed
        for atom in clause.atoms
    )


def _month_to_year(clause: Clause) -> bool:
    """ "June 2013-2015", which could mean June of each year."""
    if clause.joined != "range" or len(clause.atoms) != 2:
        return False
    left, right = clause.atoms
    return (
        _is_finer(Clause(0, 0, atoms=[left]))
        and left.part is None
        and right.precision is Precision.YEAR
        and right.part is None
        and clause.years_given == (True, True)
    )


def _years_of(clause: Clause, last: int) -> list[Clause]:
    first = clause.atoms[-1].year
    assert first is not None
    plain = copy(clause)
    plain.until_year = None
    return [_moved(plain, year) for year in range(first, min(last, first + 50) + 1)]


def _moved(clause: Clause, year: int) -> Clause:
    moved = copy(clause)
    shift = year - (clause.atoms[-1].year or year)
    moved.atoms = [copy(atom) for atom in clause.atoms]
    for atom in moved.atoms:
        if atom.year is not None:
            atom.year += shift
        if atom.year_to is not None:
            atom.year_to += shift
    return moved


def _doubts(clauses: list[Clause], context: Context) -> list[str]:
    reasons = []
    for clause in clauses:
        for atom in clause.atoms:
            if atom.spell == "fiscal" and context.settings.fiscal_year is None:
                reasons.append("The settings do not say when a fiscal year begins.")
            if atom.spell == "academic" and context.settings.academic_year is None:
                reasons.append("The settings do not say when an academic year begins.")
            if atom.note == "relative":
                reasons.append("The date is relative to the day on which the text is read.")
        if clause.frequency and clause.frequency.endswith(";FLAG"):
            reasons.append("The word for how often has two meanings.")
        reasons += _weekday_faults(clause, context)
    return reasons


def _weekday_faults(clause: Clause, context: Context) -> list[str]:
    checks: list[tuple[int, Atom]] = []
    for atom in clause.atoms:
        if atom.weekday is not None and atom.day is not None and not atom.nth:
            checks.append((atom.weekday, atom))
            if atom.weekday_to is not None:
                checks.append((atom.weekday_to, clause.atoms[-1]))
    faults = []
    for weekday, atom in checks:
        if atom.week_of or atom.weekend or atom.week_ending:
            continue
        day = atom_days(atom, context.settings)[0]
        if day.weekday() != weekday and atom.day is not None:
            faults.append(f"{day} is a {day:%A}, not a {month_days(2024, 1)[0].replace(day=1 + weekday):%A}.")
    return faults


__all__ = ["EACH_YEAR", "LAST_MONTH", "Qualifier", "Read", "read"]
