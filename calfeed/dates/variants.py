"""Other ways to understand the same clauses, by the name of their rule."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from calfeed.dates.atoms import Atom, DayError, month_days
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.fill import is_bare_year
from calfeed.dates.periods import COARSENESS, atom_days
from calfeed.model import Inferred, Precision

EACH_YEAR = "each-year"
LAST_MONTH = "last month"
# Beyond this many items no other reading of a list is offered.
MOST_CLAUSES = 50

# Why a reading needs a person's eye, by its rule. The others are offered without a question.
REASONS = {
    EACH_YEAR: "The months could hold in each of the years, or in the first only.",
    "month": "The second number could be a month or a year.",
    "day": "The number could be a day or a year.",
    "year": "The number could be a day or a year.",
    "decade": "The years could be a century's or a decade's.",
    "exact day": "It could be that very day.",
    "orthodox": "Eastern churches keep another day.",
    "elsewhere": "Countries keep different days.",
    "year first": "The numbers could begin with the year.",
    "month first": "The day and the month could stand in the other order.",
    "third of the year": "A trimester could be three months or a third of the year.",
    "next year": "The year is not in the text, and in this year the date is past.",
    "monthly": "It could be every other week, or that week of each month.",
    "academic year": "The two years could be a fiscal or an academic year.",
    "winter before": "The winter could be the one that ends in the year named.",
    "same year": "The list could run over the turn of the year.",
    "days of the month": "The week could be counted from the first day of the month.",
}

Variant = tuple[str, list[Clause], str]


def variants(
    clauses: list[Clause], filled: list[Clause], inferred: tuple[Inferred, ...], context: Context
) -> list[Variant]:
    """Other ways to understand the same clauses: (rule, clauses, why it needs review or "" where it does not)."""
    found: list[Variant] = []
    if not inferred and len(clauses) == 1 and _is_plain(clauses[0]):
        return found
    if len(filled) <= MOST_CLAUSES and (repeated := _each_year(filled)):
        found.append((EACH_YEAR, repeated, REASONS[EACH_YEAR]))
    if rule := next((atom.other_rule for clause in clauses for atom in clause.atoms if atom.other), None):
        found.append((rule, _replaced(clauses, lambda atom: atom.other), REASONS[rule]))
    if _is_past(filled, inferred, context):
        found.append(("next year", [_moved(clause, _year(clause) + 1) for clause in filled], REASONS["next year"]))
    if any(clause.other_rule for clause in clauses):
        found.append(("monthly", [_with_rule(clause) for clause in filled or clauses], REASONS["monthly"]))
    ranges = any(clause.joined or clause.bound for clause in clauses)
    atoms = [atom for clause in filled for atom in clause.atoms]
    for rule, applies, change in CHANGES:
        if any(map(applies, atoms)) and not (ranges and rule in (LAST_MONTH, "winter before")):
            found.append((rule, _replaced(filled, change), REASONS.get(rule, "")))
    return found


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
    if not clause.atoms:
        return clause
    moved = copy(clause)
    shift = year - (clause.atoms[-1].year or year)
    moved.atoms = [copy(atom) for atom in clause.atoms]
    for atom in moved.atoms:
        if atom.year is not None:
            atom.year += shift
        if atom.year_to is not None:
            atom.year_to += shift
    return moved


def _is_slashed(atom: Atom) -> bool:
    return atom.slashed and atom.spell is None and atom.year is not None


def _is_winter(atom: Atom) -> bool:
    return atom.division == ("season", 12) and atom.year_to is None and not atom.fixed


# Rule, which atoms it changes, and how; in the order in which they are offered.
CHANGES: tuple[tuple[str, Callable[[Atom], bool], Callable[[Atom], Atom | None]], ...] = (
    (LAST_MONTH, lambda atom: atom.part == "end" and _ends_year(atom), _december),
    ("academic year", _is_slashed, _from_month(9)),
    ("fiscal year", _is_slashed, _from_month(7)),
    ("winter before", _is_winter, _winter_before),
    ("same year", lambda atom: atom.note == "turned", _not_turned),
    ("days of the month", lambda atom: atom.note == "week-of-month", _seven_days),
)
