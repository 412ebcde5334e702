"""What rows make of years, of units that are counted or lettered, and of days with a name."""

from __future__ import annotations

import re

from msgspec import structs

from calfeed.dates.days import JOINS, NUMBERS, SEPARATORS, Days, YearOf, division_of, node_of, spans_of, year_of
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lexer import century_of
from calfeed.dates.notation import Match, Node
from calfeed.dates.partial import Partial, Step
from calfeed.dates.vocabulary import K, Kind

# Years.


def short_years(m: Match) -> Node | None:
    """ "2013/14", "2013-14", and, where the second number can be one, a month: "2014-05", "2014-5"."""
    lexeme, second = m.lexeme("year"), m.lexeme("next")
    joint = m.items[m.items.index(second, m.first) - 1]
    year, number = lexeme.number, second.number
    slash = joint.kind is K.SLASH and m.before() is not K.SLASH
    if not second.near:
        return None
    month = Partial(year=year, month=number) if 1 <= number <= 12 else None
    if second.digits == 1:
        closed = m.after() in (None, K.COMMA, K.CLOSE, K.SEMICOLON)
        return node_of(m, month) if month and closed else None
    later = year // 100 * 100 + number
    later += 100 if number == 0 and year % 100 == 99 else 0
    if second.digits == 2 and year < later < year + 50:
        span = Partial(year=year, steps=(_years(later - year + 1, slash),))
        if month and not slash:
            span = structs.replace(span, others=(("month", month),))
        return node_of(m, span, K.A_YEAR)
    return node_of(m, month) if month and second.digits == 2 else None


def _years(count: int, slashed: bool) -> Step:
    return Step("years", 1, count, "slashed" if slashed and count == 2 else "")


def two_years(m: Match) -> Node | None:
    """ "2013/2014" are the two together; others that a slash joins are not."""
    year, second = m.lexeme("year").number, m.lexeme("next").number
    if second != year + 1 or K.SLASH in (m.before(), m.after()):
        return None
    return node_of(m, Partial(year=year, steps=(_years(2, True),)), K.A_YEAR)


def season_years(m: Match) -> Node | None:
    """ "winter 2014/15" begins in the first of the two."""
    year, second = m.lexeme("year").number, m.lexeme("next")
    if (year + 1) % 100 != second.number % 100 or second.digits not in (2, 4):
        return None
    step = Step("season", m.number("season"), name="both years")
    return node_of(m, Partial(year=year, steps=(step,)))


def kind_of_year(m: Match) -> Node | None:
    """ "FY 2014", "academic year 2013/14", "CY18"."""
    year = year_of(m)
    if year is None or year[0] is None:
        return None
    steps: tuple[Step, ...] = ()
    if second := m.get("next"):
        if (second.number - year[0] - 1) % 100 or second.digits not in (2, 4):
            return None
        steps = (_years(2, False),)
    return node_of(m, Partial(year=year[0], steps=(*steps, *year[1])), K.A_YEAR)


def decade(m: Match) -> Node | None:
    """ "1990s", "années 1990"; the English "1800s" are a century, or its first decade."""
    lexeme = m.lexeme("decade")
    year = lexeme.number if lexeme.number > 99 else century_of(lexeme.number)
    if year % 10 or (lexeme.kind is not K.DECADE and m.after() in JOINS | SEPARATORS.keys()):
        return node_of(m, Partial(year=year)) if lexeme.kind is not K.DECADE else None
    ten = Partial(year=year, steps=(Step("decade"),))
    if lexeme.kind is not K.DECADE or m.scene.words.lang != "en" or year % 100 or lexeme.number < 100:
        return node_of(m, ten)
    return node_of(m, Partial(year=year, steps=(Step("century"),), others=(("decade", ten),)))


# Units that are counted.

_UNITS = {
    K.DAYS: "day", K.WEEK: "week", K.WEEK_LETTER: "week", K.WEEK_OF: "week",
    K.FORTNIGHT: "fortnight", K.MONTHS: "month",
    K.QUARTER: "quarter", K.QUARTER_LETTER: "quarter", K.TRIMESTER: "trimester", K.HALF: "half",
    K.HALF_LETTER: "half", K.YEARS: "year", K.YEAR_WORD: "year", K.DECADES: "decade",
    K.CENTURY: "century", K.THIRD: "third", K.WEEKEND: "weekend",
}  # fmt: skip
_MOST = {"quarter": 4, "trimester": 4, "half": 2, "week": 53}


def unit_of(kind: Kind) -> str:
    """The name of a unit, as `Step` has it; "" for what is none."""
    return _UNITS.get(kind, "")


def numbered_units(m: Match) -> Node | None:
    """ "Q3 2014", "1st and 3rd quarters", "weeks 37, 39-40 of 2013", "II и III кварталы", "17th-19th centuries"."""
    unit, year = unit_of(m.kind("unit")), year_of(m)
    first, last = m.region("numbers")
    counted = m.items[first].kind is K.SPELLED and m.before() in (K.ORDINAL, K.NTH)
    if year is None or not unit or counted:
        return None
    return _units(m, first, last, unit, year)


def _units(m: Match, first: int, last: int, unit: str, year: YearOf) -> Node | None:
    """Units of one kind by their numbers, each with the year."""
    found: Days = []
    joint: str | None = None
    for item in m.items[first:last]:
        if item.kind in JOINS:
            joint = "range"
        elif item.kind in SEPARATORS:
            joint = "window" if item.kind is K.SLASH else SEPARATORS[item.kind]
        elif isinstance(item, Lexeme) and item.kind not in (K.DOT, K.THE, K.OF):
            number = division_of(item).number if item.kind is K.DIVISION else item.number
            one = _numbered(m, number, unit, year)
            if one is None:
                return None
            if joint in ("range", "window") and found:
                found[-1] = (found[-1][0], joint, [*found[-1][2], one])
            else:
                found.append((joint or "", None, [one]))
            joint = None
    return Node(K.A_UNIT, m.start, m.end, m.row.name, spans_of(m, found)) if found else None


def number_and_division(m: Match) -> Node | None:
    """ "第3至4季度": the unit is said with the last number only."""
    first, last = m.region("numbers")
    division = m.items[last - 1]
    year = year_of(m)
    if year is None or not isinstance(division, Lexeme):
        return None
    return _units(m, first, last, division_of(division).unit, year)


def _numbered(m: Match, number: int, unit: str, year: YearOf) -> Partial | None:
    """One unit by its number."""
    if unit == "century":
        return Partial(year=100 * number - 99, steps=(Step("century"),)) if 11 <= number <= 24 else None
    if not (1 <= number <= _MOST.get(unit, 0) or number in (-1, -2)):
        return None
    steps = (*year[1], Step(unit, number))
    found = Partial(year=year[0], steps=steps, relative=year[2])
    if unit == "trimester" and number <= 3 and year[0] is not None and m.scene.words.lang == "en":
        third = structs.replace(found, steps=(*year[1], Step("third", number)))
        found = structs.replace(found, others=(("third of the year", third),))
    return found


def half_like_a_clock(m: Match) -> Node | None:
    """ "2H14" looks like a time of day."""
    found = re.fullmatch(r"([12])h(\d\d)", m.lexeme("clock").text)
    if found is None:
        return None
    return node_of(m, Partial(year=century_of(int(found[2])), steps=(Step("half", int(found[1])),)))


def letter_month_year(m: Match) -> Node | None:
    """ "Q3/2014", "KW 20/2014": the scanner takes the number and year for a month."""
    number, year = (int(part) for part in NUMBERS.findall(m.lexeme("pair").text))
    unit = unit_of(m.kind("unit"))
    if not 1 <= number <= _MOST[unit] or year < 1500:
        return None
    return node_of(m, Partial(year=year, steps=(Step(unit, number),)))


# Days with a name. What a name means stands in the languages' tables: "12-25", "easter-2", "11-TH4?10-MO2".

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FIXED = re.compile(r"(\d\d)-(\d\d)")
_EASTER = re.compile(r"(easter|orthodox)([+-]\d+)?")
_WEEKDAY_OF_MONTH = re.compile(r"(\d\d)-([A-Z]{2})(-?\d)")
HOLIDAY = "holiday"


def holiday(m: Match) -> Node | None:
    """ "Christmas 2014"; the year may be missing. What follows a question mark is what other countries keep."""
    year = year_of(m)
    if year is None:
        return None
    meaning, _, elsewhere = str(m.lexeme("holiday").value).partition("?")
    found = structs.replace(_day_named(meaning), year=year[0], relative=year[2])
    if elsewhere:
        rule = "orthodox" if elsewhere.startswith("orthodox") else "elsewhere"
        found = structs.replace(found, others=((rule, structs.replace(_day_named(elsewhere), year=year[0])),))
    return node_of(m, found, K.A_DAY)


def _day_named(meaning: str) -> Partial:
    """The partial date of a meaning as the tables have it. Raises ValueError for anything else."""
    if fixed := _FIXED.fullmatch(meaning):
        return Partial(month=int(fixed[1]), day=int(fixed[2]))
    if easter := _EASTER.fullmatch(meaning):
        return Partial(steps=(Step(easter[1], int(easter[2] or 0)),))
    if nth := _WEEKDAY_OF_MONTH.fullmatch(meaning):
        return Partial(month=int(nth[1]), steps=(Step("weekday", int(nth[3]), WEEKDAYS.index(nth[2])),))
    raise ValueError(f"{meaning} is no day of the year.")
