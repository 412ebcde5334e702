"""Years, and the year that follows another unit: "2014", "2013/14", "'13", "twenty fourteen", "of next year"."""

from __future__ import annotations

from datetime import date

from calfeed.dates.atoms import SEASON_MONTHS, Atom
from calfeed.dates.lexemes import RULES, Lexemes, century_of, counted_from_end, division_of, rule
from calfeed.dates.relative import STEPS, relative_unit
from calfeed.model import Precision


def read_year(t: Lexemes, i: int) -> Atom | None:
    """ "2014", and what follows a year: "2014-Q3", "2014/15", "2014-05", "2014 May 12"."""
    x, k = t.x, t.k
    value = int(x[i].value)
    found = Atom(i, i + 1, year=value)
    j = i + 1
    if k[j] == "year_word" and not t.is_year(j + 1):
        j += 1
        found.last = j
    if k[j] in ("dash", "slash") and k[j + 1] == "number" and x[j + 1].near == x[j].near:
        joined = read_joined_year(t, found, j)
        if joined:
            return joined
    ahead = j + 1 if k[j] in ("dash", "slash", "comma", "of") or (k[j] == "the") else j
    if k[ahead] == "spell" and x[ahead].value in ("number_letter_quarter", "letter_half") and k[ahead + 1] == "number":
        unit = "quarter" if x[ahead].value == "number_letter_quarter" else "half"
        found.division = (unit, int(x[ahead + 1].value))
        found.last = ahead + 2
        return found
    if k[ahead] == "division":
        found.division = division_of(t, ahead)
        found.last = ahead + 1
        return found
    if k[ahead] == "ordinal" and k[ahead + 1] == "unit" and x[ahead + 1].value in ("quarter", "half") and ahead == j:
        found.division = (str(x[ahead + 1].value), counted_from_end(int(x[ahead].value), str(x[ahead + 1].value)))
        found.last = ahead + 2
        return found
    if k[ahead] == "holiday" and ahead == j:
        day = RULES["holiday"](t, ahead)
        if day is not None and day.year is None:
            day.year, day.first = value, i
            if day.other is not None:
                day.other.year = value
            return day
    if k[ahead] == "season" and ahead == j:
        found.division = ("season", SEASON_MONTHS[str(x[ahead].value)])
        found.last = ahead + 1
        return found
    if k[j] == "dash" and x[j].near and k[j + 1] == "month" and x[j + 1].near:
        j += 1
    if k[j] == "month" and not t.is_year(j + 1):
        found.month, found.year_first = int(x[j].value), True
        found.last = j + 1
        if k[j + 1] == "dash" and x[j + 1].near and k[j + 2] == "number" and x[j].near:
            j += 1
        if k[j + 1] == "number" and x[j + 1].digits <= 2 and 1 <= int(x[j + 1].value) <= 31 and not t.is_year(j + 2):
            found.day = int(x[j + 1].value)
            found.last = j + 2
            found.month_first = True
    return found


def read_joined_year(t: Lexemes, found: Atom, j: int) -> Atom | None:
    """ "2013/14", "2013-14", "2013/2014" and, where the second number can be one, a month."""
    x, k = t.x, t.k
    year, second = int(x[i := found.first].value), int(x[j + 1].value)
    slash = k[j] == "slash"
    iso_day = k[j + 2] == "dash" and x[j + 2].near and k[j + 3] == "number" and not t.is_year(j + 3)
    if iso_day and x[j + 1].near and x[j + 1].digits <= 2:
        return None
    if x[j + 1].digits == 4 and slash and second == year + 1 and k[j + 2] != "slash":
        return Atom(i, j + 2, year=year, year_to=second, slashed=True)
    if x[j + 1].digits == 1 and x[j + 1].near and k[j + 2] in ("", "comma", "close", "semicolon"):
        return Atom(i, j + 2, year=year, month=second) if second else None
    if x[j + 1].digits != 2 or not x[j + 1].near:
        return None
    later = year // 100 * 100 + second
    later = later + 100 if second == 0 and year % 100 == 99 else later
    month = Atom(i, j + 2, year=year, month=second) if 1 <= second <= 12 else None
    if later > year and later - year < 50:
        span = Atom(i, j + 2, year=year, year_to=later, slashed=slash and later == year + 1)
        if month and not slash:
            span.other, span.other_rule = month, "month"
        return span
    return month


def read_spelled_year(t: Lexemes, i: int) -> Atom | None:
    """ "nineteen ninety-nine", "twenty fourteen", "two thousand and fourteen"."""
    numbers: list[int] = []
    j = i
    while j - i < 8:
        if t.k[j] == "number" and t.x[j].digits == 0:
            numbers.append(int(t.x[j].value))
        elif not (numbers and t.k[j] in ("and", "dash") and t.k[j + 1] == "number" and t.x[j + 1].digits == 0):
            break
        j += 1
    if len(numbers) < 2:
        return None
    total = 0
    if 1000 in numbers[1:2]:
        total = numbers[0] * 1000
        rest = numbers[2:]
        if 100 in rest[1:2]:
            total += rest[0] * 100
            rest = rest[2:]
        total += sum(rest)
    elif 10 < numbers[0] <= 21 and (numbers[1] >= 10 or numbers[1] == 100):
        total = numbers[0] * 100 + sum(n for n in numbers[1:] if n != 100)
    elif numbers[0] == 1000:
        rest = numbers[1:]
        total = 1000 + (rest[0] * 100 + sum(rest[2:]) if 100 in rest[1:2] else sum(rest))
    return Atom(i, j, year=total) if 1800 <= total <= 2200 else None


@rule("apostrophe")
def read_short_year(t: Lexemes, i: int) -> Atom | None:
    """ "'13" """
    if t.k[i + 1] == "number" and t.x[i + 1].digits == 2 and t.x[i + 1].near:
        return Atom(i, i + 2, year=century_of(int(t.x[i + 1].value)))
    return None


def with_year(t: Lexemes, found: Atom, *, loose: bool = False) -> Atom:
    """Take in the year that follows, as it never does in Chinese. `loose`: two digits are enough."""
    if t.lang == "zh":
        return found
    x, k = t.x, t.k
    i = j = found.last
    if k[j] == "dot" and x[j].near and t.is_year(j + 1):
        j += 1
    while j - i < 3 and (
        k[j] in ("of", "in", "the", "comma", "slash")
        or (k[j] == "from" and t.lang == "ar")
        or (k[j] == "unit" and x[j].value == "year")
        or k[j] == "year_word"
    ):
        if k[j] == "slash" and not t.is_year(j + 1) and not loose:
            return found
        j += 1
    short_dash = found.day is not None and not found.month_first and k[j + 1] == "number" and x[j + 1].digits == 2
    if (
        k[j] == "dash"
        and x[j].near
        and j == i
        and x[j + 1 : j + 2]
        and x[j + 1].near
        and (t.is_year(j + 1) or short_dash)
    ):
        j += 1
    elif k[j] == "open" and t.is_year(j + 1) and k[j + 2] == "close":
        found.year = int(x[j + 1].value)
        found.last = j + 3
        return found
    if k[j] == "relative" and k[j + 1] in ("unit", "year_word") and x[j + 1].value in ("year", "year_word"):
        found.year, found.last, found.note = t.reference.year + STEPS[str(x[j].value)], j + 2, "relative"
        return found
    if k[j] == "spell" and x[j].value == "fiscal":
        j += 1
        found.spell = "fiscal" if t.is_year(j) else None
    if t.is_year(j):
        if x[j].digits == 4 and j > i and k[j - 1] == "comma" and k[j + 1] in ("month",) and found.day is None:
            return found
        if k[j - 1] == "dash" and k[j + 1] in ("dash", "slash") and k[j + 2] == "number":
            return found
        found.year = int(x[j].value)
        found.last = j + 1
        if k[j + 1] in ("slash", "dash") and k[j + 2] == "number" and x[j + 2].digits in (2, 4):
            later = int(x[j + 2].value) % 100 + found.year // 100 * 100
            if later == found.year + 1 and found.division and found.division[0] == "season":
                found.year_to = later
                found.last = j + 3
        if k[found.last] == "year_word":
            found.last += 1
        return found
    if k[j] == "apostrophe":
        year = read_short_year(t, j)
        if year:
            found.year, found.last = year.year, year.last
        return found
    if k[j] == "number" and x[j].digits == 0 and (found.month is not None or found.division):
        spelled = read_spelled_year(t, j)
        if spelled:
            found.year, found.last = spelled.year, spelled.last
        return found
    short = (
        k[j] == "number"
        and x[j].digits == 2
        and not x[j].ordinal
        and (j == i or k[j - 1] in ("slash", "dash", "comma"))
    )
    if (
        short
        and (loose or (found.day is not None and k[j - 1] not in ("comma", "slash")))
        and k[j + 1] not in ("month", "dash", "unit", "slash")
    ):
        found.year, found.last = century_of(int(x[j].value)), j + 1
    return found


@rule("year_word")
def read_year_word(t: Lexemes, i: int) -> Atom | None:
    """ "year 2014" where the word for it comes first."""
    if t.k[i + 1] == "relative":
        return relative_unit(t, i, i + 1, STEPS[str(t.x[i + 1].value)], "year")
    return read_year(t, i + 1) if t.is_year(i + 1) else None


@rule("years_word")
def read_years_word(t: Lexemes, i: int) -> Atom | None:
    """ "années 1990" is a decade, "années 2013 et 2014" are years."""
    if not t.is_year(i + 1):
        return None
    found = read_year(t, i + 1)
    alone = t.k[i + 2] not in ("and", "comma", "dash", "to", "slash", "or")
    if found is not None and alone and found.year_to is None and (found.year or 0) % 10 == 0:
        found.decade = True
    return found


@rule("decade")
def read_decade(t: Lexemes, i: int) -> Atom | None:
    """ "1990s", "1990er Jahre"; the English "1800s" are a century, or its first decade."""
    last = i + 2 if t.k[i + 1] in ("year_word", "years_word") else i + 1
    year = int(t.x[i].value)
    decade = Atom(i, last, year=year, decade=True)
    if t.lang != "en" or year % 100:
        return decade
    century = Atom(i, last, fixed=(date(year, 1, 1), date(year + 99, 12, 31), Precision.CENTURY))
    century.other, century.other_rule = decade, "decade"
    return century
