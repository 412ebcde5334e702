"""Days and months: "5 May 2014", "May 5th", "5." of "5.-9. Mai", "Sept 13", "Monday 12 May"."""

from __future__ import annotations

from itertools import pairwise

from calfeed.dates.atoms import Atom
from calfeed.dates.lexemes import RULES, Lexemes, century_of, is_bare_number, rule
from calfeed.dates.lexer import Lexeme
from calfeed.dates.numeric import read_slashed_pair
from calfeed.dates.relative import STEPS, read_after_next, relative_named, weekday_of_week
from calfeed.dates.years import read_spelled_year, read_year, with_year


@rule("number")
def read_number(t: Lexemes, i: int) -> Atom | None:
    """What begins with a number: a year, a day, "3rd quarter", "20. KW", "3Q14"."""
    lexeme = t.x[i]
    value = int(lexeme.value)
    if lexeme.digits == 4:
        return read_year(t, i) if t.is_year(i) else None
    if lexeme.digits == 0:
        spelled = read_spelled_year(t, i)
        if spelled:
            return spelled
    if lexeme.digits > 2 or not 1 <= value <= 99:
        return None
    j = i + 1
    if t.k[j] == "slash" and (pair := read_slashed_pair(t, i)):
        return pair
    month_dash_year = lexeme.digits == 2 and value <= 12 and t.k[j] == "dash" and t.x[j].near
    if month_dash_year and t.is_year(j + 1) and t.x[j + 1].near and t.k[j + 2] not in ("dash", "slash"):
        return Atom(i, j + 2, month=value, year=int(t.x[j + 1].value))
    dotted = t.k[j] == "dot" and t.x[j].near
    if dotted:
        j += 1
    counted = lexeme.ordinal or dotted or lexeme.digits == 0 or (t.lang == "ru" and value <= 4)
    if counted and t.k[j] in ("unit", "weekday", "slash", "week_of"):
        found = RULES["ordinal"](t, i)
        if found and not is_bare_number(found):
            return found
    if t.k[j] == "spell" and t.x[j].value == "letter_week" and (dotted or lexeme.ordinal) and value <= 53:
        return with_year(t, Atom(i, j + 1, week=value), loose=True)
    if t.k[j] == "spell" and t.x[j].near and lexeme.digits == 2 and t.k[j + 1] == "number" and t.x[j + 1].near:
        unit = {"number_letter_quarter": "quarter", "letter_half": "half"}.get(str(t.x[j].value))
        if unit and t.x[j + 1].digits == 1:
            return Atom(i, j + 2, year=century_of(value), division=(unit, int(t.x[j + 1].value)))
    if t.k[j] == "spell" and t.x[j].near and lexeme.digits == 1:
        unit = {"number_letter_quarter": "quarter", "letter_half": "half"}.get(str(t.x[j].value))
        if unit:
            return with_year(t, Atom(i, j + 1, division=(unit, value)), loose=True)
    if not 1 <= value <= 31 and t.k[j] != "month":
        return None
    return read_day_month(t, i, j, value, lexeme)


def read_day_month(t: Lexemes, i: int, j: int, value: int, lexeme: Lexeme) -> Atom | None:
    """ "5 May 2014", "5th of May"; a day alone where no month follows."""
    k = t.k
    fillers = j
    while k[j] in ("of", "the", "in") and j - fillers < 2:
        j += 1
    if k[j] == "weekday" and k[j + 1] == "month":
        j += 1
    if k[j] == "dash" and k[j + 1] == "month":
        tight = t.x[j].near and t.x[j + 1].near
        spaced = k[j + 2] == "dash" and t.is_year(j + 3)
        if spaced and not tight:
            # "16 - Nov - 2016"
            return Atom(i, j + 4, day=value, month=int(t.x[j + 1].value), year=int(t.x[j + 3].value))
        j += tight
    if k[j] == "slash" and k[j + 1] == "month" and t.x[j + 1].near:
        j += 1
    if k[j] == "month" and (k[fillers] != "in" or lexeme.ordinal):
        found = Atom(i, j + 1, day=value, month=int(t.x[j].value), ordinal=lexeme.ordinal)
        take_same_month(t, found)
        return with_year(t, found)
    dotted = k[i + 1] == "dot" and t.x[i + 1].near
    if dotted and k[i + 2] == "number" and t.x[i + 2].digits in (1, 2) and k[i + 3] == "dot" and t.is_year(i + 4):
        # "12.-14. 5. 2014" with spaces that the lexer leaves apart.
        return Atom(i, i + 5, day=value, month=int(t.x[i + 2].value), year=int(t.x[i + 4].value))
    end = i + 2 if dotted and (t.lang in ("de", "ru") or k[i + 2] in ("dash", "slash")) else i + 1
    return Atom(i, end, day=value, ordinal=lexeme.ordinal or end == i + 2)


def take_same_month(t: Lexemes, found: Atom) -> None:
    """Take in a second name of the same month: "كانون الثاني/يناير"."""
    j = found.last
    opened = t.k[j] in ("slash", "open")
    if opened and t.k[j + 1] == "month" and t.x[j + 1].value == found.month:
        found.last = j + 3 if t.k[j] == "open" and t.k[j + 2] == "close" else j + 2


@rule("month")
def read_month(t: Lexemes, i: int) -> Atom | None:
    """ "May 2014", "May 5, 2014", "May '14"; "Sept 13" both ways."""
    x, k = t.x, t.k
    found = Atom(i, i + 1, month=int(x[i].value))
    take_same_month(t, found)
    j = found.last
    if k[j] == "dot" and x[j].near:
        j += 1
    ahead = j
    if k[ahead] == "the" or (k[ahead] == "dash" and x[ahead].near and k[ahead + 1] == "number" and x[ahead + 1].near):
        ahead += 1
    day = x[ahead] if k[ahead] in ("number", "ordinal") and ahead < len(x) else None
    if (
        day is not None
        and day.digits <= 2
        and 1 <= int(day.value) <= 99
        and not (day.digits == 0 and read_spelled_year(t, ahead))
    ):
        value = int(day.value)
        if day.digits == 0 and value in (20, 30):
            ones = ahead + 2 if k[ahead + 1] == "dash" else ahead + 1
            if k[ones] == "number" and x[ones].digits == 0 and int(x[ones].value) < 10:
                value, ahead = value + int(x[ones].value), ones
        is_year = ahead > j and k[j] == "dash" and day.digits == 2 and k[ahead + 1] not in ("dash", "comma")
        if is_year:
            found.year, found.last = century_of(value), ahead + 1
            if value <= 31:
                found.other = Atom(i, ahead + 1, month=found.month, day=value, month_first=True)
                found.other_rule = "day"
            return found
        if k[j] == "dash" and day.digits == 1 and k[ahead + 1] in ("", "comma", "close", "semicolon", "and"):
            return with_year(t, Atom(i, ahead + 1, month=found.month, day=value, month_first=True))
        if k[ahead + 1] in ("unit",) or (k[j] == "dash"):
            return with_year(t, found)
        if value > 31:
            if day.digits == 2 and k[ahead + 1] != "mark":
                found.year, found.last = century_of(value), ahead + 1
            return found
        next_is_month = k[ahead + 1] == "month" or (
            k[ahead + 1] in ("dash", "to", "and") and k[ahead + 2] == "number" and k[ahead + 3] == "month"
        )
        if next_is_month and not day.ordinal and k[ahead + 1] != "month":
            return Atom(i, ahead + 1, month=found.month, day=value, month_first=True)
        if next_is_month:
            return found
        with_day = Atom(i, ahead + 1, month=found.month, day=value, month_first=True, ordinal=day.ordinal)
        if k[ahead + 1] == "dot" and x[ahead + 1].near and t.is_year(ahead + 2):
            with_day.last += 1
        with_year(t, with_day)
        if with_day.year is None and day.digits == 2 and not day.ordinal and not day_follows(t, with_day.last):
            return day_or_year(t, with_day, value)
        return with_day
    return with_year(t, found)


def day_follows(t: Lexemes, j: int) -> bool:
    """Whether what follows a number makes it a day: a time, a weekday, or another day of the month."""
    if t.k[j] == "comma" and t.k[j + 1] == "weekday":
        return True
    joined = t.k[j] in ("dash", "to", "until", "and")
    if t.k[j] == "in" and t.k[j + 1] == "clock":
        return True
    return t.k[j] in ("clock", "weekday") or (joined and t.k[j + 1] != "month")


def day_or_year(t: Lexemes, with_day: Atom, number: int) -> Atom:
    """ "Sept 13" is a month of 2013 or a day; "January 12" is a day, unless the document's years say otherwise."""
    year = century_of(number)
    in_span = t.span is not None and t.span[0] <= year <= t.span[1]
    name = t.x[with_day.first].text
    shortened = t.lang != "en" or (len(name) <= 4 and name not in ("may", "june", "july"))
    whole = Atom(with_day.first, with_day.last, month=with_day.month, year=year)
    t.unsettled = True
    if in_span or (shortened and abs(year - t.reference.year) <= 15):
        whole.other, whole.other_rule = with_day, "day"
        return whole
    if abs(year - t.reference.year) <= 15:
        with_day.other, with_day.other_rule = whole, "year"
    return with_day


def surely_day(atom: Atom) -> Atom:
    """The atom of "Sept 13" where it must be a day."""
    day = atom.other if atom.other_rule == "day" and atom.other is not None else atom
    if atom.other_rule in ("day", "year"):
        day.other, day.other_rule = None, ""
    return day


def settle_days(atoms: list[Atom]) -> list[Atom]:
    """What several such as "Sept 13" are, all of one kind: days if one of them surely is, or if years would not fit."""
    doubted = [atom for atom in atoms if atom.other_rule in ("day", "year")]
    years = [(atom.year or (atom.other and atom.other.year) or 0, atom.month) for atom in doubted]
    ordered = all(
        year < next_year and month != next_month for (year, month), (next_year, next_month) in pairwise(years)
    )
    if not ordered or any(atom.day is not None and atom.month_first and atom.other is None for atom in atoms):
        return [surely_day(atom) for atom in atoms]
    if all(atom.other_rule == "day" for atom in doubted):
        return atoms
    return [atom.other if atom.other_rule == "day" and atom.other is not None else atom for atom in atoms]


@rule("weekday")
def read_weekday(t: Lexemes, i: int) -> Atom | None:
    """ "Monday 12 May", "Mon-Wed, 12-14 May"; a weekday alone is the next one."""
    x, k = t.x, t.k
    weekday = int(x[i].value)
    j = i + 1
    weekday_to = None
    if k[j] in ("dash", "to", "and", "slash") and k[j + 1] == "weekday":
        weekday_to = int(x[j + 1].value)
        j += 2
    ahead = j
    while k[ahead] in ("comma", "the", "dot", "open", "dash") and ahead - j < 2:
        ahead += 1
    rule = RULES.get(k[ahead]) if k[ahead] in ("number", "month", "three", "two", "ordinal", "eight") else None
    found = rule(t, ahead) if rule else None
    found = surely_day(found) if found else None
    if found is not None and found.day is not None and not found.nth:
        found.first, found.weekday, found.weekday_to = i, weekday, weekday_to
        if k[ahead - 1] == "open" and k[found.last] == "close":
            found.last += 1
        return found
    if weekday_to is not None:
        return None
    if k[j] == "relative" and k[j + 1] != "unit" and t.lang in ("fr", "es"):
        # "mercredi prochain"
        named = relative_named(t, i, i, STEPS[str(x[j].value)])
        if named is not None:
            named.last = j + 1
        return named
    if k[j] in ("after", "before") and (found := read_after_next(t, i)):
        return found
    return weekday_of_week(t, i, t.skip(j, 2)) or relative_named(t, i, i, 0)
