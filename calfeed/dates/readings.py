"""Clauses -> readings: the default one, its alternatives, and why a person should look at them."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import structs

from calfeed.dates.atoms import Atom, DayError, month_days
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.fill import fill
from calfeed.dates.lexer import Lexeme
from calfeed.dates.periods import COARSENESS, atom_days, periods_of, plain_rule
from calfeed.dates.recurrence import settle_recurrences
from calfeed.dates.variants import variants
from calfeed.model import Inferred, Period, Reading


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
    for rule, variant, reason in variants(clauses, filled, default.inferred, context):
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
    # What no longer holds has lent what the others lack.
    present = [clause for clause in filled_clauses if not clause.former]
    for clause in present:
        following = periods_of(clause, lexemes, context)
        if clause.separator == "or" and periods and following and (joined := _either(periods[-1], following[0])):
            periods[-1:], window = [joined], True
        else:
            periods += following
    rule = "window" if window and len(periods) == 1 else _rule(present)
    return Reading(rule=rule, periods=tuple(periods), inferred=inferred), filled_clauses, reasons


def _either(one: Period, other: Period) -> Period | None:
    """The days within which either of two periods lies."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return None
    precision = max(one.precision, other.precision, key=COARSENESS.__getitem__)
    start, end = min(one.start, other.start), max(one.end, other.end)
    qualifier = one.qualifier if one.qualifier == other.qualifier else None
    return structs.replace(one, start=start, end=end, precision=precision, qualifier=qualifier)


def _rule(clauses: list[Clause]) -> str:
    """The name of the rule that gave the default reading."""
    if not clauses:
        return "undated"
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
