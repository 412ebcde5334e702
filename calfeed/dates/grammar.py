"""The second stage: atoms -> clauses, a list of which is a date expression.

    expression = clause {("," | ";" | "and" | "+") clause}
    clause     = {prefix} [atom {("-" | "to" | "until" | "/" | "or") atom}] {suffix}
    prefix     = "in" | "from" | "between" | "until" | "by" | "before" | "after" | "starting" | QUALIFIER | STATUS
               | FORMER | RENEWED | "ongoing" | FREQUENCY | "every" | NUMBER EVENT | NUMBER UNIT
    suffix     = "onwards" | "+" | "?" | "(" QUALIFIER ")" | "(" NUMBER UNIT ")" | "for" NUMBER UNIT
               | TIME ["-" TIME] | FREQUENCY | STATUS | WEEKDAY

A comma or an "and" never makes a range, except the "and" of "between".

Prefixes and suffixes stand in the modules of that name.
"""

from __future__ import annotations

from calfeed.dates.atom_grammar import read_atom
from calfeed.dates.atoms import Atom
from calfeed.dates.clause import Clause
from calfeed.dates.day_month import settle_days
from calfeed.dates.deadlines import mark_deadlines
from calfeed.dates.lexemes import Lexemes, century_of, is_bare_number
from calfeed.dates.prefixes import NEUTRAL, read_prefixes
from calfeed.dates.recurrence import read_recurrence, yearly_rule
from calfeed.dates.relative import MOST_AWAY, read_away
from calfeed.dates.suffixes import read_suffixes
from calfeed.dates.years import with_year

RANGE = frozenset(("dash", "to", "until", "tilde"))


def read_expression(t: Lexemes, i: int) -> list[Clause]:
    """The clauses of the expression that begins at lexeme `i`; none where no date begins."""
    clause = read_clause(t, i)
    if clause is None:
        return []
    clauses = [clause]
    k = t.k
    while True:
        j = clauses[-1].last
        separator = ""
        if k[j] in ("comma", "semicolon", "and", "plus", "or", "slash", "dot"):
            separator = k[j]
            j += 1
            if k[j] in ("and", "or") and separator == "comma":
                separator = k[j]
                j += 1
        elif k[j] == "colon" and heads_a_list(t, clauses[-1]):
            separator = "colon"
            j += 1
        elif k[j] == "open" and clauses[-1].atoms:
            separator = "open"
            j += 1
        elif clauses[-1].frequency and k[j] in ("from", "starting", "until", "in", "during", "between"):
            following = read_clause(t, j)
            if following is None or not following.atoms:
                break
            take_frame(clauses[-1], following)
            continue
        elif k[j] in ("status", "qualifier", "ongoing", "frequency", "each") or (
            k[j] == "dash" and k[j + 1] in ("status", "qualifier")
        ):
            separator = "said"
            j += k[j] == "dash"
        else:
            break
        if separator == "said" and clauses[-1].frequency is None and k[j] == "each" and read_recurrence(t, j) is None:
            break
        if separator == "said" and k[j] == "frequency" and k[j + 1] in ("event", "word"):
            # "Autumn 2014 Annual meeting"
            break
        if separator == "dot" and not (clauses[-1].atoms and k[j] in ("month", "number", "ordinal")):
            break
        following = read_clause(t, j) or read_week_clause(t, j, clauses[-1])
        if following is None or (separator in ("or", "slash") and not following.atoms):
            break
        if separator == "open":
            if k[following.last] != "close" or following.atoms:
                break
            following.last += 1
        if separator in ("comma", "open") and frames(clauses[-1], following):
            take_frame(clauses[-1], following)
            continue
        take_unit(t, clauses[-1], following)
        following.separator = separator
        clauses.append(following)
    if len(clauses) > 1:
        clauses = with_final_year(clauses)
    if len(clauses) == 1 and not clauses[0].atoms and clauses[0].first == clauses[0].last:
        return []
    if t.unsettled:
        settle_numbers(clauses)
    mark_deadlines(t, i, clauses)
    return clauses


def settle_numbers(clauses: list[Clause]) -> None:
    """Let the numbers after months be all days or all years."""
    settled = iter(settle_days([atom for clause in clauses for atom in clause.atoms]))
    for clause in clauses:
        clause.atoms = [next(settled) for _ in clause.atoms]
        if clause.atoms:
            clause.years_given = (clause.atoms[0].year is not None, clause.atoms[-1].year is not None)


def heads_a_list(t: Lexemes, clause: Clause) -> bool:
    """ "2013: June, September; 2014: May" """
    after = clause.last + 1
    while t.k[after] in ("the", "in", "part"):
        after += 1
    fine = t.k[after] in ("month", "spell", "season", "ordinal", "division", "number")
    opened = clause.first == 0 or t.k[clause.first - 1] in ("semicolon", "comma", "dot", "colon", "open")
    return (
        fine
        and opened
        and not t.is_year(after)
        and len(clause.atoms) == 1
        and clause.atoms[0].precision == "year"
        and clause.bound is None
    )


def frames(clause: Clause, following: Clause) -> bool:
    """ "each Tuesday, starting 6 May": whether a clause only says when another's recurrence happens."""
    return clause.frequency is not None and not clause.atoms and bool(following.atoms) and following.frequency is None


def take_frame(clause: Clause, following: Clause) -> None:
    """ "annually in March from 2014": the second clause bounds what the first repeats."""
    if clause.atoms and all(atom.lacks_year for atom in clause.atoms) and clause.frequency == "FREQ=YEARLY":
        clause.frequency = yearly_rule(clause.atoms[0])
        clause.atoms = []
    if clause.atoms:
        clause.atoms.append(following.atoms[-1])
        clause.joined = "range"
    else:
        clause.atoms, clause.joined, clause.bound = following.atoms, following.joined, following.bound
        clause.years_given = following.years_given
    clause.times += following.times
    clause.qualifier = clause.qualifier or following.qualifier
    clause.status = clause.status or following.status
    clause.last = following.last


def take_unit(t: Lexemes, clause: Clause, following: Clause) -> None:
    """ "quarters 2 and 3 of 2014": the year after a number that takes its unit from the left."""
    if not clause.atoms or len(following.atoms) != 1 or not is_bare_number(following.atoms[0]):
        return
    if clause.atoms[-1].division is not None or clause.atoms[-1].week is not None:
        atom = with_year(t, following.atoms[0])
        following.last = max(following.last, atom.last)
        following.years_given = (atom.year is not None, atom.year is not None)


def with_final_year(clauses: list[Clause]) -> list[Clause]:
    """ "May 8 and 10, 2014": a year after a comma belongs to the days before it."""
    kept = clauses[:1]
    for clause in clauses[1:]:
        before = kept[-1].atoms[-1] if kept[-1].atoms else None
        alone = (
            len(clause.atoms) == 1
            and clause.atoms[0].precision == "year"
            and clause.atoms[0].last - clause.atoms[0].first == 1
        )
        if (
            clause.separator == "comma"
            and alone
            and before is not None
            and before.day is not None
            and before.year is None
        ):
            before.year = clause.atoms[0].year
            kept[-1].last = clause.last
            kept[-1].years_given = (kept[-1].atoms[0].year is not None, True)
            for name in ("bound", "qualifier", "status", "length", "frequency"):
                if getattr(clause, name) and not getattr(kept[-1], name):
                    setattr(kept[-1], name, getattr(clause, name))
            kept[-1].times += clause.times
        else:
            kept.append(clause)
    return kept


def read_clause(t: Lexemes, i: int) -> Clause | None:
    """The clause that begins at lexeme `i`; None where nothing about when begins."""
    k = t.k
    clause = Clause(i, i)
    j = read_prefixes(t, i, clause)
    between = clause.bound == "between"
    atom = read_atom(t, j)
    bracketed = atom is None and k[j] == "open" and j > i
    if bracketed:
        atom = read_atom(t, j + 1)
    if atom is not None and is_title_number(t, atom, clause):
        atom = None
    if atom is None:
        return read_dateless(t, i, clause)
    if t.lang == "zh" and k[atom.last] == "week_of" and atom.day is not None:
        # "9月9日当周": Chinese names the week behind its day.
        atom.week_of = True
        atom.last += 1
    clause.atoms.append(atom)
    clause.last = j = atom.last
    take_weekday(t, clause)
    read_joins(t, clause, between)
    clause.years_given = (clause.atoms[0].year is not None, clause.atoms[-1].year is not None)
    if clause.bound in ("from", "between"):
        clause.bound = None if clause.joined or clause.former else "starting"
    read_suffixes(t, clause)
    if bracketed:
        if k[clause.last] != "close":
            return None
        clause.last += 1
    return clause


def is_title_number(t: Lexemes, atom: Atom, clause: Clause) -> bool:
    """A bare number before a word is a count of something else: "5 countries"."""
    if not is_bare_number(atom) or atom.ordinal:
        return False
    return t.k[atom.last] in ("word", "event", "mark", "lead", "in", "during", "times", "unit") and not clause.atoms


def take_weekday(t: Lexemes, clause: Clause) -> None:
    """Take in a weekday or a time between two ends: "12 May (Monday) 9:00 to 14 May"."""
    k, j = t.k, clause.last
    if k[j] == "open" and k[j + 1] == "weekday" and k[j + 2] == "close":
        clause.atoms[-1].weekday = int(t.x[j + 1].value)
        clause.last = j + 3


def read_joins(t: Lexemes, clause: Clause, between: bool) -> int:
    """Take in the other end of a range, or the further months of a window."""
    x, k = t.x, t.k
    while True:
        j = clause.last
        kind = k[j]
        left = clause.atoms[-1]
        is_range = kind in RANGE or (between and kind == "and" and len(clause.atoms) == 1)
        is_window = kind == "slash" and clause.joined != "range"
        if kind == "comma" and k[j + 1] in ("until", "to"):
            j += 1
            is_range = True
        if not is_range and not is_window:
            return clause.last
        if is_range and clause.joined:
            # "June-August 2013-2015": the same months in each year.
            if t.is_year(j + 1) and left.year is not None and int(x[j + 1].value) > left.year:
                clause.until_year, clause.last = int(x[j + 1].value), j + 2
            return clause.last
        after = j + 1
        if is_range and (
            k[after] == "present" or (k[after] == "ongoing" and len(clause.atoms) == 1) or (k[after] == "onwards")
        ):
            clause.bound = "starting"
            clause.last = after + 1
            return clause.last
        while k[after] in ("the", "in", "dash", "to", "during") and after - j < 4:
            after += 1
        if k[after] == "qualifier" and is_range:
            clause.qualifier = clause.qualifier or str(x[after].value)
            after += 1
        right = read_atom(t, after)
        if right is None and left.week is not None:
            right = read_week_number(t, after)
        short_year = is_range and k[after] == "number" and x[after].digits == 2 and left.year is not None
        if short_year and (right is None or (left.precision == "year" and is_bare_number(right))):
            year = century_of(int(x[after].value))
            right = Atom(after, after + 1, year=year) if left.year is not None and year > left.year else None
        if right is None and left.week is not None and k[after] == "number" and 1 <= int(x[after].value) <= 53:
            right = with_year(t, Atom(after, after + 1, week=int(x[after].value)))
        if right is None or (is_window and not same_kind(t, left, right, kind)):
            return clause.last
        if is_bare_number(right) and not takes_bare(t, left, right, kind):
            return clause.last
        unit_left = left.week is not None or left.division is not None or left.month_first
        if is_bare_number(right) and unit_left:
            right = with_year(t, right)
        if kind == "dash" and is_whole_year(left) and right.lacks_year and not is_bare_number(right):
            # "2014 - first half": the year stands over the rest.
            right.year = left.year
            clause.atoms, clause.last = [right], right.last
            return clause.last
        turned = k[right.last] == "slash" and k[right.last + 1] == "number" and x[right.last].near
        if turned and right.year is not None and (left.month or 0) > (right.month or 99):
            # "September-January 2013/14"
            following_year = int(x[right.last + 1].value) == (right.year + 1) % 100
            right.year, right.last = right.year + following_year, right.last + 2 * following_year
        right.slashed = right.slashed and kind != "slash"
        clause.atoms.append(right)
        clause.joined = "range" if is_range else (clause.joined or "window")
        clause.last = right.last
        take_weekday(t, clause)


def is_whole_year(atom: Atom) -> bool:
    """Whether an atom is a year and nothing more."""
    return atom.precision == "year" and atom.year_to is None and atom.part is None and not atom.fixed and not atom.spell


def read_week_number(t: Lexemes, i: int) -> Atom | None:
    """ "38" after "week 37 and": a week that no day of a month has the number of."""
    if t.k[i] != "number" or t.x[i].digits != 2 or not 32 <= int(t.x[i].value) <= 53:
        return None
    return with_year(t, Atom(i, i + 1, week=int(t.x[i].value)), loose=True)


def read_week_clause(t: Lexemes, i: int, before: Clause) -> Clause | None:
    """The next of a list of weeks: "weeks 37, 38 and 40"."""
    if not before.atoms or before.atoms[-1].week is None:
        return None
    atom = read_week_number(t, i)
    if atom is None:
        return None
    clause = Clause(i, atom.last)
    clause.atoms.append(atom)
    read_joins(t, clause, False)
    clause.years_given = (clause.atoms[0].year is not None, clause.atoms[-1].year is not None)
    return clause


def takes_bare(t: Lexemes, left: Atom, right: Atom, kind: str) -> bool:
    """Whether a bare number can be the other end: "5-9", "Q1-2", "week 20-22", not "May 2014 - 5 countries"."""
    if t.k[right.last] in ("word", "event") and not right.ordinal:
        return False
    return left.day is not None or left.week is not None or left.division is not None


def same_kind(t: Lexemes, left: Atom, right: Atom, kind: str) -> bool:
    """Whether two atoms can be the ends of a window: "May/June", not "May/2014"."""
    return left.precision == right.precision or is_bare_number(left) or bool(left.part or right.part)


def read_dateless(t: Lexemes, i: int, clause: Clause) -> Clause | None:
    """A clause without a date that still says something: "ongoing", "TBC", "monthly", "cancelled"."""
    k = t.k
    j = i
    while k[j] in NEUTRAL or k[j] == "during":
        j += 1
    if k[j] in (
        "ongoing",
        "frequency",
        "qualifier",
        "status",
        "open",
        "often",
        "number",
        "each",
        "weekdays",
        "ordinal",
    ):
        said = (
            clause.ongoing
            or clause.frequency
            or clause.status in ("cancelled", "postponed", "completed")
            or clause.qualifier == "tentative"
        )
        if said and clause.last > j and clause.bound is None:
            while k[clause.last - 1] in ("comma", "colon", "dash", "open"):
                clause.last -= 1
            clause.length = None
            if clause.status == "postponed" and k[clause.last] == "onwards":
                clause.last += 1
            return clause
    away = read_counted_away(t, j)
    if away and k[j] == "before":
        # "vor drei Monaten" is no bound.
        clause.bound = None
    return only_atom(clause, away) if away else None


def read_counted_away(t: Lexemes, j: int) -> Atom | None:
    """ "three months ago", "a week from today", "in two weeks"; lexeme `j` is the number, or the unit after "a"."""
    x, k = t.x, t.k
    number, unit, before = 1, j, j - 2
    if k[j] == "number":
        number, unit, before = int(x[j].value), j + 1, j - 1
    elif k[j] in ("back", "ahead", "before") and k[j + 1] == "number":
        number, unit, before = int(x[j + 1].value), j + 2, j
    elif j == 0 or k[j - 1] != "the" or x[j - 1].text == "the":
        return None
    if k[unit] != "unit" or number > MOST_AWAY:
        return None
    name, after = str(x[unit].value), k[unit + 1]
    if after in ("ago", "from_now"):
        return read_away(t, j, -number if after == "ago" else number, name, unit + 2)
    if after == "from" and k[unit + 2] == "day" and x[unit + 2].value == 0:
        return read_away(t, j, number, name, unit + 3)
    if before < 0:
        return None
    if k[before] == "ahead" or (k[before] == "in" and x[before].text in ("in", "dans", "en", "dentro de")):
        return read_away(t, j, number, name, unit + 1)
    if k[before] == "back" or (k[before] == "before" and t.lang == "de" and not read_atom(t, unit + 1)):
        return read_away(t, j, -number, name, unit + 1)
    return None


def only_atom(clause: Clause, atom: Atom) -> Clause:
    """A clause that is one atom and nothing of its prefix."""
    clause.atoms, clause.last, clause.length = [atom], atom.last, None
    return clause
