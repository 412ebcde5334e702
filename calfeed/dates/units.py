"""Units that are counted or named: "third quarter", "first two weeks of June", "Q3", "week 20", "FY 2014"."""

from __future__ import annotations

from datetime import date

from calfeed.dates.atoms import SEASON_MONTHS, Atom, month_days
from calfeed.dates.day_month import read_day_month, read_month, read_number, surely_day
from calfeed.dates.lexemes import RULES, Lexemes, century_of, counted_from_end, division_of, is_bare_number, rule
from calfeed.dates.numeric import NUMBERS
from calfeed.dates.relative import STEPS, read_after_next, relative_named, relative_unit, relative_weekend
from calfeed.dates.years import read_short_year, read_year, with_year
from calfeed.model import Precision

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@rule("season")
def read_season(t: Lexemes, i: int) -> Atom | None:
    """ "spring 2015", "winter 2014/15"."""
    found = Atom(i, i + 1, division=("season", SEASON_MONTHS[str(t.x[i].value)]))
    if t.k[i + 1] in ("slash", "dash") and t.k[i + 2] == "season":
        return found
    return with_year(t, found)


@rule("division")
def read_division(t: Lexemes, i: int) -> Atom | None:
    """A quarter or half whose number is part of the word; a half may be a month's."""
    unit, number = division_of(t, i)
    within = read_within(t, i + 1) if unit == "half" else None
    if within is not None and within.precision is Precision.MONTH and not within.part:
        within.first, within.nth = i, (number, 1, unit)
        return within
    return with_year(t, Atom(i, i + 1, division=division_of(t, i)), loose=False)


@rule("word")
def read_roman(t: Lexemes, i: int) -> Atom | None:
    """ "III квартал", "II. Quartal", "XXI век"."""
    value = ROMAN.get(t.x[i].text)
    j = i + 1
    if t.k[j] in ("dot", "dash") and t.x[j].near:
        j += 1
    if value is None or t.k[j] != "unit" or t.x[j].value not in ("quarter", "half", "trimester"):
        return None
    unit = str(t.x[j].value)
    found = Atom(i, j + 1, division=("quarter" if unit == "trimester" else unit, value))
    return with_year(t, found)


@rule("ordinal")
def read_nth(t: Lexemes, i: int) -> Atom | None:
    """ "third quarter 2014", "first two weeks of June", "second Tuesday of May", "eighth of May"."""
    x, k = t.x, t.k
    number = int(x[i].value)
    j = i + 1
    while k[j] in ("dot", "slash", "dash") and k[j + 1] == "unit" and j == i + 1:
        j += 1
    if k[j] == "dot":
        return read_day_month(t, i, j + 1, number, x[i]) if 1 <= number <= 31 else None
    if k[j] == "weekday":
        within = read_within(t, j + 1)
        if within is None and number == -1 and k[j + 1] not in ("after", "before"):
            return relative_named(t, i, j, -1)
        if within is None or within.precision is Precision.DAY:
            return None
        within.first, within.weekday, within.nth = i, int(x[j].value), (number, 1, "weekday")
        return within
    count = 1
    if k[j] == "number" and x[j].digits <= 2 and k[j + 1] == "unit":
        count = int(x[j].value)
        j += 1
    if k[j] == "weekend":
        return read_nth_weekend(t, i, j, number)
    if k[j] == "week_of" and x[j].text in ("week of", "week from"):
        return read_nth_unit(t, i, j, number, count)
    if k[j] != "unit":
        return (
            read_day_month(t, i, j, number, x[i]) if 1 <= number <= 31 and (k[j] != "number" or t.is_year(j)) else None
        )
    return read_nth_unit(t, i, j, number, count)


def read_nth_weekend(t: Lexemes, i: int, j: int, number: int) -> Atom | None:
    """ "last weekend in October", "last weekend": that of the n-th Saturday; lexeme `j` is the weekend."""
    within = read_within(t, j + 1)
    if within is None:
        return relative_weekend(t, i, j, -1) if number == -1 else None
    if within.precision is Precision.DAY or within.part:
        return None
    within.first, within.nth = i, (number, 1, "weekend")
    return within


def read_nth_unit(t: Lexemes, i: int, j: int, number: int, count: int) -> Atom | None:
    """ "first week of June": the number, the count and the unit are read; lexeme `j` is the unit."""
    unit = str(t.x[j].value) if t.k[j] == "unit" else "week"
    if unit == "century":
        if not 16 <= number <= 24:
            return None
        first, last = date(number * 100 - 99, 1, 1), date(number * 100, 12, 31)
        return Atom(i, j + 1, fixed=(first, last, Precision.CENTURY))
    trimester = unit == "trimester"
    within = read_within(t, j + 1)
    if within is None:
        if number == -1 and t.k[j + 1] not in ("of",):
            return relative_unit(t, i, j, -count, unit) if count == 1 or unit else None
        if unit in ("quarter", "half", "trimester") and count == 1:
            unit = "quarter" if trimester else unit
            found = Atom(i, j + 1, division=(unit, counted_from_end(number, unit)))
            return with_trimester_doubt(found, trimester)
        return None
    within.first = i
    precision = within.precision
    if precision is Precision.DAY or within.part:
        return None
    whole_year = precision is Precision.YEAR and within.year_to is None
    if count == 1 and whole_year and unit in ("quarter", "half", "trimester") and not within.spell:
        unit = "quarter" if trimester else unit
        within.division = (unit, counted_from_end(number, unit))
        return with_trimester_doubt(within, trimester)
    if count == 1 and whole_year and unit == "month" and 1 <= abs(number) <= 12:
        within.month = counted_from_end(number, unit)
        return within
    if count == 1 and whole_year and unit == "week" and number > 0:
        within.week = number
        return within
    within.nth = (number, count, {"trimester": "quarter", "decade": "ten", "third": "ten"}.get(unit, unit))
    if unit == "week":
        within.note = "week-of-month"
    return within


def with_trimester_doubt(found: Atom, trimester: bool) -> Atom:
    """An English trimester is three months, or a third of the year."""
    if trimester and found.division and found.year is not None and found.division[1] <= 3:
        number = found.division[1]
        months = month_days(found.year, 4 * number - 3, 4)
        found.other = Atom(found.first, found.last, fixed=(*months, Precision.MONTH))
        found.other_rule = "third of the year"
    return found


def read_within(t: Lexemes, i: int) -> Atom | None:
    """The unit that something is a part of: "[of] June 2014"."""
    j = t.skip(i, 3)
    if t.k[j] in ("comma", "dash", "slash") and t.is_year(j + 1) and j == i:
        j += 1
    if t.k[j] == "unit" and t.x[j].value == "year" and t.is_year(j + 1):
        j += 1
    if t.k[j] in ("number", "apostrophe") and not (t.is_year(j) or t.k[j] == "apostrophe"):
        if t.x[j].digits == 2 and j == i and t.x[j - 1].kind == "unit" and not t.x[j].ordinal and t.k[j + 1] != "month":
            return Atom(j, j + 1, year=century_of(int(t.x[j].value)))
        if t.x[j].digits:
            return None
    if t.k[j] == "part":
        return None
    rule = RULES.get(t.k[j])
    found = rule(t, j) if rule and t.k[j] not in ("weekday", "week_of", "two", "three") else None
    return None if found is None or is_bare_number(found) else found


@rule("unit")
def read_unit(t: Lexemes, i: int) -> Atom | None:
    """ "week 20 of 2014", "quarter 3 2014", "year 2014", "month of June"."""
    x, k = t.x, t.k
    unit = str(x[i].value)
    j = i + 1
    if k[j] in ("after", "before"):
        return read_after_next(t, i)
    if k[j] == "dot" and x[j].near:
        j += 1
    if unit == "year" and t.is_year(j):
        return read_year(t, j)
    if k[j] == "relative":
        return relative_unit(t, i, j, STEPS[str(x[j].value)], unit)
    if (
        unit in ("week", "quarter", "half", "trimester")
        and k[j] in ("number", "ordinal")
        and x[j].digits <= 2
        and not t.is_year(j)
    ):
        value = int(x[j].value)
        if unit == "week" and 1 <= value <= 53:
            return with_year(t, Atom(i, j + 1, week=value), loose=True)
        if unit != "week" and 1 <= value <= 4:
            return with_year(t, Atom(i, j + 1, division=("half" if unit == "half" else "quarter", value)))
    if unit == "week":
        ahead = t.skip(j, 2)
        found = read_number(t, ahead) if k[ahead] == "number" else None
        if found and found.day is not None and found.month is not None:
            found.first, found.week_of = i, True
            return found
    if unit == "month" and k[j] in ("of", "month"):
        ahead = t.skip(j, 2)
        return read_month(t, ahead) if k[ahead] == "month" else None
    return None


@rule("week_of", "week_ending", "weekend")
def read_week_of(t: Lexemes, i: int) -> Atom | None:
    """ "week of 12 May", "w/c 12 May", "week ending 16 May", "weekend of 10 May"."""
    j = i + 1
    j = t.skip(j, 3)
    if t.k[j] == "dash":
        return None
    rule = RULES.get(t.k[j]) if t.k[j] in ("number", "month", "three", "weekday", "ordinal", "two") else None
    found = rule(t, j) if rule else None
    if found is None or found.day is None:
        return None
    found = surely_day(found)
    found.first = i
    setattr(found, t.k[i], True)
    if t.k[i] == "weekend" and t.k[found.last] in ("dash", "slash"):
        found.weekend = False
    return found


@rule("spell")
def read_spelled(t: Lexemes, i: int) -> Atom | None:
    """ "Q3 2014", "H1", "CW20", "FY 2014", "academic year 2013/14"."""
    x, k = t.x, t.k
    value = str(x[i].value)
    j = i + 1
    if value in ("fiscal", "academic"):
        while k[j] in ("of", "the", "in") or (k[j] == "dash" and x[j].near):
            j += 1
        found = read_number(t, j) if t.is_year(j) else read_short_year(t, j) if k[j] == "apostrophe" else None
        if found is None and k[j] == "number" and x[j].digits == 2:
            found = Atom(i, j + 1, year=century_of(int(x[j].value)))
            if k[j + 1] in ("slash", "dash") and k[j + 2] == "number" and x[j + 2].digits == 2:
                found.year_to = century_of(int(x[j + 2].value))
                found.last = j + 3
        if found is None or found.month is not None or found.division:
            return None
        if (
            k[found.last] == "dash"
            and t.is_year(found.last + 1)
            and int(x[found.last + 1].value) == (found.year or 0) + 1
        ):
            found.year_to = (found.year or 0) + 1
            found.last += 2
        found.first, found.spell, found.other, found.slashed = i, value, None, False
        return found
    if k[j] == "dot" or (k[j] == "dash" and x[j].near):
        j += 1
    if k[j] == "monthyear" and "/" in x[j].text:
        number, year = (int(part) for part in NUMBERS.findall(x[j].text))
        division = {"number_letter_quarter": ("quarter", number), "letter_half": ("half", number)}.get(value)
        week = number if value == "letter_week" and 1 <= number <= 53 else None
        return Atom(i, j + 1, year=year, division=division, week=week) if division or week else None
    if k[j] != "number" or x[j].digits not in (1, 2):
        return None
    number = int(x[j].value)
    if value == "letter_week":
        return with_year(t, Atom(i, j + 1, week=number), loose=True) if 1 <= number <= 53 else None
    if value in ("number_letter_quarter", "letter_half") and x[j].digits == 1:
        unit = "quarter" if value == "number_letter_quarter" else "half"
        if number <= (4 if unit == "quarter" else 2):
            return with_year(t, Atom(i, j + 1, division=(unit, number)), loose=True)
    return None
