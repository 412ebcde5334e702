"""The first stage: lexemes -> atoms.

    atom     = [part [("to" | "-" | "/") part]] named
    named    = day | month | division | week | weekday day | nth | year | relative | numeric
    day      = NUMBER [of] MONTH [year] | MONTH NUMBER [year] | NUMBER          (the rest from a sibling)
    month    = MONTH [year]
    division = ORDINAL UNIT [of year] | "Q" NUMBER [year] | SEASON [year]
    nth      = ORDINAL [NUMBER] (UNIT | WEEKDAY) of atom
    year     = NUMBER ["/" NUMBER] | "'" NUMBER | ("fiscal" | "academic") year
    numeric  = 2014-05-12 | 12.05.2014 | 05/12/2014 | 20140512 | 05/2014 | 2014-W20

A rule is a method that takes the index of a lexeme and returns an Atom, whose `last` says where it ended, or None.
No rule looks back, and each looks ahead by a bounded number of lexemes: reading is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from calfeed.dates.atoms import FIRST_YEAR, LAST_YEAR, SEASON_MONTHS, Atom, add_months, days, month_days, week_days
from calfeed.dates.lexer import Lexeme
from calfeed.model import Precision

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
STEPS = {"next": 1, "this": 0, "last": -1}
FILLERS = frozenset(("of", "the", "in", "during"))
_NUMBERS = re.compile(r"\d+")


class AtomGrammar:
    """The rules over one text's lexemes."""

    def __init__(self, lexemes: list[Lexeme], lang: str, reference: date, day_first: bool | None) -> None:
        self.x = lexemes
        self.k = [lexeme.kind for lexeme in lexemes] + [""] * 8
        self.lang = lang
        self.reference = reference
        self.day_first = day_first
        self.rules: dict[str, Callable[[int], Atom | None]] = {
            "number": self.number,
            "ordinal": self.nth,
            "month": self.month,
            "weekday": self.weekday,
            "season": self.season,
            "spell": self.spelled,
            "unit": self.unit,
            "three": self.three,
            "monthyear": self.monthyear,
            "two": self.two,
            "eight": self.eight,
            "stamp": self.stamp,
            "isoweek": self.isoweek,
            "decade": self.decade,
            "relative": self.relative,
            "day": self.day,
            "apostrophe": self.short_year,
            "week_of": self.week_of,
            "week_ending": self.week_of,
            "weekend": self.week_of,
            "division": self.division,
            "word": self.roman,
            "clock": self.clock,
            "year_word": self.year_word,
            "years_word": self.years_word,
        }

    def atom(self, i: int) -> Atom | None:
        """The atom that begins at lexeme `i`."""
        start = i
        while self.k[i] in ("the", "of") and i - start < 3:
            i += 1
        if self.k[i] == "part":
            found = self.parted(i)
        else:
            rule = self.rules.get(self.k[i])
            found = rule(i) if rule else None
        if found is not None:
            found.first = start
            self.suffix_part(found)
        return found

    # Parts: early, mid, late, beginning, end.

    def parted(self, i: int) -> Atom | None:
        part = str(self.x[i].value)
        part_to = None
        i += 1
        ahead = i + 1 if self.k[i] in ("dash", "to", "slash", "or", "and") else i
        ahead = ahead + 1 if ahead > i and self.k[ahead] in ("to", "dash", "the") else ahead
        ahead = ahead + 1 if ahead > i and self.k[ahead] == "dash" else ahead
        if ahead > i and self.k[ahead] == "part":
            part_to = str(self.x[ahead].value)
            i = ahead + 1
        if self.k[i] == "dash":
            i += 1
        i = self.skip(i, 2)
        if self.k[i] == "part":
            return None
        rule = self.rules.get(self.k[i])
        found = rule(i) if rule else None
        if found is None or found.part or self.is_bare_number(found) or found.precision is Precision.DAY:
            return None
        found.part, found.part_to = part, part_to
        return found

    def suffix_part(self, found: Atom) -> None:
        """In Chinese the part follows the unit."""
        if self.k[found.last] == "part_after" and found.part is None:
            value = str(self.x[found.last].value)
            if value == "half_first" or value == "half_second":
                if found.precision is Precision.YEAR:
                    found.division = ("half", 1 if value == "half_first" else 2)
                elif found.precision is Precision.MONTH:
                    found.nth = (1 if value == "half_first" else 2, 1, "half")
            else:
                found.part = value
            found.last += 1

    def skip(self, i: int, most: int) -> int:
        end = i + most
        while i < end and self.k[i] in FILLERS:
            i += 1
        return i

    @staticmethod
    def is_bare_number(atom: Atom) -> bool:
        return atom.day is not None and atom.month is None and atom.fixed is None

    # Numbers.

    def is_year(self, i: int) -> bool:
        """Whether lexeme `i` is a number of four digits that a year can have."""
        return self.k[i] == "number" and self.x[i].digits == 4 and FIRST_YEAR <= int(self.x[i].value) <= LAST_YEAR

    def number(self, i: int) -> Atom | None:
        lexeme = self.x[i]
        value = int(lexeme.value)
        if lexeme.digits == 4:
            return self.year(i) if self.is_year(i) else None
        if lexeme.digits == 0:
            spelled = self.spelled_year(i)
            if spelled:
                return spelled
        if lexeme.digits > 2 or not 1 <= value <= 99:
            return None
        j = i + 1
        month_dash_year = lexeme.digits == 2 and value <= 12 and self.k[j] == "dash" and self.x[j].near
        if month_dash_year and self.is_year(j + 1) and self.x[j + 1].near and self.k[j + 2] not in ("dash", "slash"):
            return Atom(i, j + 2, month=value, year=int(self.x[j + 1].value))
        dotted = self.k[j] == "dot" and self.x[j].near
        if dotted:
            j += 1
        counted = lexeme.ordinal or dotted or lexeme.digits == 0 or (self.lang == "ru" and value <= 4)
        if counted and self.k[j] in ("unit", "weekday", "slash"):
            found = self.nth(i)
            if found and not self.is_bare_number(found):
                return found
        if self.k[j] == "spell" and self.x[j].value == "letter_week" and (dotted or lexeme.ordinal) and value <= 53:
            return self.with_year(Atom(i, j + 1, week=value), loose=True)
        if self.k[j] == "spell" and self.x[j].near and lexeme.digits == 1:
            unit = {"number_letter_quarter": "quarter", "letter_half": "half"}.get(str(self.x[j].value))
            if unit:
                return self.with_year(Atom(i, j + 1, division=(unit, value)), loose=True)
        if not 1 <= value <= 31:
            return None
        return self.day_month(i, j, value, lexeme)

    def day_month(self, i: int, j: int, value: int, lexeme: Lexeme) -> Atom | None:
        k = self.k
        fillers = j
        while k[j] in ("of", "the", "in") and j - fillers < 2:
            j += 1
        if k[j] == "weekday" and k[j + 1] == "month":
            j += 1
        if k[j] == "dash" and self.x[j].near and k[j + 1] == "month" and self.x[j + 1].near:
            j += 1
        if k[j] == "slash" and k[j + 1] == "month" and self.x[j + 1].near:
            j += 1
        if k[j] == "month" and (k[fillers] != "in" or lexeme.ordinal):
            found = Atom(i, j + 1, day=value, month=int(self.x[j].value), ordinal=lexeme.ordinal)
            self.same_month(found)
            return self.with_year(found)
        dotted = k[i + 1] == "dot" and self.x[i + 1].near
        if (
            dotted
            and k[i + 2] == "number"
            and self.x[i + 2].digits in (1, 2)
            and k[i + 3] == "dot"
            and self.is_year(i + 4)
        ):
            # "12.-14. 5. 2014" with spaces that the lexer leaves apart.
            return Atom(i, i + 5, day=value, month=int(self.x[i + 2].value), year=int(self.x[i + 4].value))
        end = i + 2 if dotted and (self.lang in ("de", "ru") or k[i + 2] in ("dash", "slash")) else i + 1
        return Atom(i, end, day=value, ordinal=lexeme.ordinal or end == i + 2)

    def same_month(self, found: Atom) -> None:
        """Take in a second name of the same month: "كانون الثاني/يناير"."""
        j = found.last
        opened = self.k[j] in ("slash", "open")
        if opened and self.k[j + 1] == "month" and self.x[j + 1].value == found.month:
            found.last = j + 3 if self.k[j] == "open" and self.k[j + 2] == "close" else j + 2

    def year(self, i: int) -> Atom | None:
        x, k = self.x, self.k
        value = int(x[i].value)
        found = Atom(i, i + 1, year=value)
        j = i + 1
        if k[j] == "year_word" and not self.is_year(j + 1):
            j += 1
            found.last = j
        if k[j] in ("dash", "slash") and k[j + 1] == "number" and x[j + 1].near == x[j].near:
            joined = self.joined_year(found, j)
            if joined:
                return joined
        ahead = j + 1 if k[j] in ("dash", "slash", "comma", "of") or (k[j] == "the") else j
        if (
            k[ahead] == "spell"
            and x[ahead].value in ("number_letter_quarter", "letter_half")
            and k[ahead + 1] == "number"
        ):
            unit = "quarter" if x[ahead].value == "number_letter_quarter" else "half"
            found.division = (unit, int(x[ahead + 1].value))
            found.last = ahead + 2
            return found
        if k[ahead] == "division":
            found.division = self.division_of(ahead)
            found.last = ahead + 1
            return found
        if (
            k[ahead] == "ordinal"
            and k[ahead + 1] == "unit"
            and x[ahead + 1].value in ("quarter", "half")
            and ahead == j
        ):
            found.division = (str(x[ahead + 1].value), self.counted(int(x[ahead].value), str(x[ahead + 1].value)))
            found.last = ahead + 2
            return found
        if k[ahead] == "season" and ahead == j:
            found.division = ("season", SEASON_MONTHS[str(x[ahead].value)])
            found.last = ahead + 1
            return found
        if k[j] == "dash" and x[j].near and k[j + 1] == "month" and x[j + 1].near:
            j += 1
        if k[j] == "month" and not self.is_year(j + 1):
            found.month = int(x[j].value)
            found.last = j + 1
            if k[j + 1] == "dash" and x[j + 1].near and k[j + 2] == "number" and x[j].near:
                j += 1
            if (
                k[j + 1] == "number"
                and x[j + 1].digits <= 2
                and 1 <= int(x[j + 1].value) <= 31
                and not self.is_year(j + 2)
            ):
                found.day = int(x[j + 1].value)
                found.last = j + 2
                found.month_first = True
        return found

    def joined_year(self, found: Atom, j: int) -> Atom | None:
        """ "2013/14", "2013-14", "2013/2014" and, where the second number can be one, a month."""
        x, k = self.x, self.k
        year, second = int(x[i := found.first].value), int(x[j + 1].value)
        slash = k[j] == "slash"
        if k[j + 2] == "dash" and x[j + 2].near and k[j + 3] == "number" and x[j + 1].near and x[j + 1].digits <= 2:
            return None
        if x[j + 1].digits == 4 and slash and second == year + 1 and k[j + 2] != "slash":
            return Atom(i, j + 2, year=year, year_to=second, slashed=True)
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

    def spelled_year(self, i: int) -> Atom | None:
        """ "nineteen ninety-nine", "twenty fourteen", "two thousand and fourteen"."""
        numbers: list[int] = []
        j = i
        while j - i < 8:
            if self.k[j] == "number" and self.x[j].digits == 0:
                numbers.append(int(self.x[j].value))
            elif not (
                numbers and self.k[j] in ("and", "dash") and self.k[j + 1] == "number" and self.x[j + 1].digits == 0
            ):
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
        elif 10 < numbers[0] <= 21:
            total = numbers[0] * 100 + sum(n for n in numbers[1:] if n != 100)
        elif numbers[0] == 1000:
            rest = numbers[1:]
            total = 1000 + (rest[0] * 100 + sum(rest[2:]) if 100 in rest[1:2] else sum(rest))
        return Atom(i, j, year=total) if 1800 <= total <= 2200 else None

    def short_year(self, i: int) -> Atom | None:
        """ "'13" """
        if self.k[i + 1] == "number" and self.x[i + 1].digits == 2 and self.x[i + 1].near:
            return Atom(i, i + 2, year=self.century(int(self.x[i + 1].value)))
        return None

    @staticmethod
    def century(value: int) -> int:
        return value + (2000 if value < 70 else 1900)

    def with_year(self, found: Atom, *, loose: bool = False) -> Atom:
        """Take in the year that follows. `loose`: two digits are enough."""
        x, k = self.x, self.k
        i = j = found.last
        if k[j] == "dot" and x[j].near and self.is_year(j + 1):
            j += 1
        while j - i < 3 and (
            k[j] in ("of", "in", "the", "comma", "slash")
            or (k[j] == "from" and self.lang == "ar")
            or (k[j] == "unit" and x[j].value == "year")
            or k[j] == "year_word"
        ):
            if k[j] == "slash" and not self.is_year(j + 1) and not loose:
                return found
            j += 1
        short_dash = found.day is not None and not found.month_first and k[j + 1] == "number" and x[j + 1].digits == 2
        if (
            k[j] == "dash"
            and x[j].near
            and j == i
            and x[j + 1 : j + 2]
            and x[j + 1].near
            and (self.is_year(j + 1) or short_dash)
        ):
            j += 1
        elif k[j] == "open" and self.is_year(j + 1) and k[j + 2] == "close":
            found.year = int(x[j + 1].value)
            found.last = j + 3
            return found
        if k[j] == "relative" and k[j + 1] in ("unit", "year_word") and x[j + 1].value in ("year", "year_word"):
            found.year, found.last, found.note = self.reference.year + STEPS[str(x[j].value)], j + 2, "relative"
            return found
        if self.is_year(j):
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
            year = self.short_year(j)
            if year:
                found.year, found.last = year.year, year.last
            return found
        if k[j] == "number" and x[j].digits == 0 and found.month is not None:
            spelled = self.spelled_year(j)
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
            found.year, found.last = self.century(int(x[j].value)), j + 1
        return found

    # Months, weekdays, seasons.

    def month(self, i: int) -> Atom | None:
        x, k = self.x, self.k
        found = Atom(i, i + 1, month=int(x[i].value))
        self.same_month(found)
        j = found.last
        if k[j] == "dot" and x[j].near:
            j += 1
        ahead = j
        if k[ahead] == "the" or (
            k[ahead] == "dash" and x[ahead].near and k[ahead + 1] == "number" and x[ahead + 1].near
        ):
            ahead += 1
        day = x[ahead] if k[ahead] in ("number", "ordinal") and ahead < len(x) else None
        if (
            day is not None
            and day.digits <= 2
            and 1 <= int(day.value) <= 99
            and not (day.digits == 0 and self.spelled_year(ahead))
        ):
            value = int(day.value)
            is_year = ahead > j and k[j] == "dash" and day.digits == 2 and k[ahead + 1] not in ("dash", "comma")
            if is_year:
                found.year, found.last = self.century(value), ahead + 1
                if value <= 31:
                    found.other = Atom(i, ahead + 1, month=found.month, day=value, month_first=True)
                    found.other_rule = "day"
                return found
            if k[ahead + 1] in ("unit",) or (k[j] == "dash"):
                return self.with_year(found)
            if value > 31:
                if day.digits == 2 and k[ahead + 1] != "mark":
                    found.year, found.last = self.century(value), ahead + 1
                return found
            next_is_month = k[ahead + 1] == "month" or (
                k[ahead + 1] in ("dash", "to", "and") and k[ahead + 2] == "number" and k[ahead + 3] == "month"
            )
            if next_is_month and not day.ordinal and k[ahead + 1] != "month":
                return Atom(i, ahead + 1, month=found.month, day=value, month_first=True)
            if next_is_month:
                return found
            with_day = Atom(i, ahead + 1, month=found.month, day=value, month_first=True, ordinal=day.ordinal)
            if k[ahead + 1] == "dot" and x[ahead + 1].near and self.is_year(ahead + 2):
                with_day.last += 1
            self.with_year(with_day)
            plain = with_day.year is None and day.digits == 2 and not day.ordinal
            if (
                plain
                and abs(self.century(value) - self.reference.year) <= 15
                and k[with_day.last] not in ("dash", "to", "clock", "and")
            ):
                whole = Atom(i, ahead + 1, month=found.month, year=self.century(value))
                whole.other, whole.other_rule = with_day, "day"
                return whole
            return with_day
        return self.with_year(found)

    def weekday(self, i: int) -> Atom | None:
        x, k = self.x, self.k
        weekday = int(x[i].value)
        j = i + 1
        weekday_to = None
        if k[j] in ("dash", "to", "and", "slash") and k[j + 1] == "weekday":
            weekday_to = int(x[j + 1].value)
            j += 2
        ahead = j
        while k[ahead] in ("comma", "the", "dot", "open", "dash") and ahead - j < 2:
            ahead += 1
        rule = self.rules.get(k[ahead]) if k[ahead] in ("number", "month", "three", "two", "ordinal", "eight") else None
        found = rule(ahead) if rule else None
        if found is not None and found.day is not None and not found.nth:
            found.first, found.weekday, found.weekday_to = i, weekday, weekday_to
            if k[ahead - 1] == "open" and k[found.last] == "close":
                found.last += 1
            return found
        return self.relative_named(i, i, 0) if weekday_to is None else None

    def season(self, i: int) -> Atom | None:
        found = Atom(i, i + 1, division=("season", SEASON_MONTHS[str(self.x[i].value)]))
        if self.k[i + 1] in ("slash", "dash") and self.k[i + 2] == "season":
            return found
        return self.with_year(found)

    def division(self, i: int) -> Atom | None:
        """A quarter or half whose number is part of the word."""
        return self.with_year(Atom(i, i + 1, division=self.division_of(i)), loose=False)

    def division_of(self, i: int) -> tuple[str, int]:
        value = str(self.x[i].value)
        return value[:-1], int(value[-1])

    def roman(self, i: int) -> Atom | None:
        """ "III квартал", "II. Quartal", "XXI век"."""
        value = ROMAN.get(self.x[i].text)
        j = i + 1
        if self.k[j] in ("dot", "dash") and self.x[j].near:
            j += 1
        if value is None or self.k[j] != "unit" or self.x[j].value not in ("quarter", "half", "trimester"):
            return None
        unit = str(self.x[j].value)
        found = Atom(i, j + 1, division=("quarter" if unit == "trimester" else unit, value))
        return self.with_year(found)

    # Units.

    def nth(self, i: int) -> Atom | None:
        """ "third quarter 2014", "first two weeks of June", "second Tuesday of May", "eighth of May"."""
        x, k = self.x, self.k
        number = int(x[i].value)
        j = i + 1
        while k[j] in ("dot", "slash", "dash") and k[j + 1] == "unit" and j == i + 1:
            j += 1
        if k[j] == "dot":
            return self.day_month(i, j + 1, number, x[i]) if 1 <= number <= 31 else None
        if k[j] == "weekday":
            within = self.within(j + 1)
            if within is None or within.precision is Precision.DAY:
                return None
            within.first, within.weekday, within.nth = i, int(x[j].value), (number, 1, "weekday")
            return within
        count = 1
        if k[j] == "number" and x[j].digits <= 2 and k[j + 1] == "unit":
            count = int(x[j].value)
            j += 1
        if k[j] == "week_of" and x[j].text in ("week of", "week from"):
            return self.nth_unit(i, j, number, count)
        if k[j] != "unit":
            return (
                self.day_month(i, j, number, x[i])
                if 1 <= number <= 31 and (k[j] != "number" or self.is_year(j))
                else None
            )
        return self.nth_unit(i, j, number, count)

    def nth_unit(self, i: int, j: int, number: int, count: int) -> Atom | None:
        unit = str(self.x[j].value) if self.k[j] == "unit" else "week"
        if unit == "century":
            if not 16 <= number <= 24:
                return None
            first, last = date(number * 100 - 99, 1, 1), date(number * 100, 12, 31)
            return Atom(i, j + 1, fixed=(first, last, Precision.CENTURY))
        trimester = unit == "trimester"
        within = self.within(j + 1)
        if within is None:
            if number == -1 and self.k[j + 1] not in ("of",):
                return self.relative_unit(i, j, -count, unit) if count == 1 or unit else None
            if unit in ("quarter", "half", "trimester") and count == 1:
                unit = "quarter" if trimester else unit
                found = Atom(i, j + 1, division=(unit, self.counted(number, unit)))
                return self.noted(found, trimester)
            return None
        within.first = i
        precision = within.precision
        if precision is Precision.DAY or within.part:
            return None
        whole_year = precision is Precision.YEAR and within.year_to is None
        if count == 1 and whole_year and unit in ("quarter", "half", "trimester") and not within.spell:
            unit = "quarter" if trimester else unit
            within.division = (unit, self.counted(number, unit))
            return self.noted(within, trimester)
        if count == 1 and whole_year and unit == "month" and 1 <= abs(number) <= 12:
            within.month = self.counted(number, unit)
            return within
        if count == 1 and whole_year and unit == "week" and number > 0:
            within.week = number
            return within
        within.nth = (number, count, {"trimester": "quarter", "decade": "ten", "third": "ten"}.get(unit, unit))
        if unit == "week":
            within.note = "week-of-month"
        return within

    @staticmethod
    def counted(number: int, unit: str) -> int:
        return number if number > 0 else {"quarter": 4, "half": 2, "month": 12}[unit] + 1 + number

    @staticmethod
    def noted(found: Atom, trimester: bool) -> Atom:
        if trimester and found.division and found.year is not None and found.division[1] <= 3:
            number = found.division[1]
            months = month_days(found.year, 4 * number - 3, 4)
            found.other = Atom(found.first, found.last, fixed=(*months, Precision.MONTH))
            found.other_rule = "third of the year"
        return found

    def within(self, i: int) -> Atom | None:
        """The unit that something is a part of: "[of] June 2014"."""
        j = self.skip(i, 3)
        if self.k[j] in ("comma", "dash", "slash") and self.is_year(j + 1) and j == i:
            j += 1
        if self.k[j] == "unit" and self.x[j].value == "year" and self.is_year(j + 1):
            j += 1
        if self.k[j] in ("number", "apostrophe") and not (self.is_year(j) or self.k[j] == "apostrophe"):
            if (
                self.x[j].digits == 2
                and j == i
                and self.x[j - 1].kind == "unit"
                and not self.x[j].ordinal
                and self.k[j + 1] != "month"
            ):
                return Atom(j, j + 1, year=self.century(int(self.x[j].value)))
            if self.x[j].digits:
                return None
        if self.k[j] == "part":
            return None
        rule = self.rules.get(self.k[j])
        found = rule(j) if rule and self.k[j] not in ("weekday", "week_of", "two", "three") else None
        return None if found is None or self.is_bare_number(found) else found

    def unit(self, i: int) -> Atom | None:
        """ "week 20 of 2014", "quarter 3 2014", "year 2014", "month of June"."""
        x, k = self.x, self.k
        unit = str(x[i].value)
        j = i + 1
        if k[j] == "dot" and x[j].near:
            j += 1
        if unit == "year" and self.is_year(j):
            return self.year(j)
        if k[j] == "relative":
            return self.relative_unit(i, j, STEPS[str(x[j].value)], unit)
        if (
            unit in ("week", "quarter", "half", "trimester")
            and k[j] in ("number", "ordinal")
            and x[j].digits <= 2
            and not self.is_year(j)
        ):
            value = int(x[j].value)
            if unit == "week" and 1 <= value <= 53:
                return self.with_year(Atom(i, j + 1, week=value), loose=True)
            if unit != "week" and 1 <= value <= 4:
                return self.with_year(Atom(i, j + 1, division=("half" if unit == "half" else "quarter", value)))
        if unit == "week":
            ahead = self.skip(j, 2)
            found = self.number(ahead) if k[ahead] == "number" else None
            if found and found.day is not None and found.month is not None:
                found.first, found.week_of = i, True
                return found
        if unit == "month" and k[j] in ("of", "month"):
            ahead = self.skip(j, 2)
            return self.month(ahead) if k[ahead] == "month" else None
        return None

    def week_of(self, i: int) -> Atom | None:
        j = i + 1
        j = self.skip(j, 3)
        if self.k[j] == "dash":
            return None
        rule = (
            self.rules.get(self.k[j])
            if self.k[j] in ("number", "month", "three", "weekday", "ordinal", "two")
            else None
        )
        found = rule(j) if rule else None
        if found is None or found.day is None:
            return None
        if found.other is not None:
            found = found.other if found.other.day is not None else found
        found.first = i
        setattr(found, self.k[i], True)
        if self.k[i] == "weekend" and self.k[found.last] in ("dash", "slash"):
            found.weekend = False
        return found

    def spelled(self, i: int) -> Atom | None:
        """ "Q3 2014", "H1", "CW20", "FY 2014", "academic year 2013/14"."""
        x, k = self.x, self.k
        value = str(x[i].value)
        j = i + 1
        if value in ("fiscal", "academic"):
            while k[j] in ("of", "the", "in") or (k[j] == "dash" and x[j].near):
                j += 1
            found = self.number(j) if self.is_year(j) else self.short_year(j) if k[j] == "apostrophe" else None
            if found is None and k[j] == "number" and x[j].digits == 2:
                found = Atom(i, j + 1, year=self.century(int(x[j].value)))
                if k[j + 1] in ("slash", "dash") and k[j + 2] == "number" and x[j + 2].digits == 2:
                    found.year_to = self.century(int(x[j + 2].value))
                    found.last = j + 3
            if found is None or found.month is not None or found.division:
                return None
            if (
                k[found.last] == "dash"
                and self.is_year(found.last + 1)
                and int(x[found.last + 1].value) == (found.year or 0) + 1
            ):
                found.year_to = (found.year or 0) + 1
                found.last += 2
            found.first, found.spell, found.other, found.slashed = i, value, None, False
            return found
        if k[j] == "dot" or (k[j] == "dash" and x[j].near):
            j += 1
        if k[j] == "monthyear" and "/" in x[j].text:
            number, year = (int(part) for part in _NUMBERS.findall(x[j].text))
            division = {"number_letter_quarter": ("quarter", number), "letter_half": ("half", number)}.get(value)
            week = number if value == "letter_week" and 1 <= number <= 53 else None
            return Atom(i, j + 1, year=year, division=division, week=week) if division or week else None
        if k[j] != "number" or x[j].digits not in (1, 2):
            return None
        number = int(x[j].value)
        if value == "letter_week":
            return self.with_year(Atom(i, j + 1, week=number), loose=True) if 1 <= number <= 53 else None
        if value in ("number_letter_quarter", "letter_half") and x[j].digits == 1:
            unit = "quarter" if value == "number_letter_quarter" else "half"
            if number <= (4 if unit == "quarter" else 2):
                return self.with_year(Atom(i, j + 1, division=(unit, number)), loose=True)
        return None

    def decade(self, i: int) -> Atom | None:
        last = i + 2 if self.k[i + 1] in ("year_word", "years_word") else i + 1
        return Atom(i, last, year=int(self.x[i].value), decade=True)

    def years_word(self, i: int) -> Atom | None:
        """ "années 1990" is a decade, "années 2013 et 2014" are years."""
        if not self.is_year(i + 1):
            return None
        found = self.year(i + 1)
        alone = self.k[i + 2] not in ("and", "comma", "dash", "to", "slash", "or")
        if found is not None and alone and found.year_to is None and (found.year or 0) % 10 == 0:
            found.decade = True
        return found

    # Relative to the reference date.

    def relative(self, i: int) -> Atom | None:
        x, k = self.x, self.k
        step = STEPS[str(x[i].value)]
        j = i + 1
        count = 1
        if k[j] == "number" and x[j].digits <= 2 and k[j + 1] == "unit":
            count = int(x[j].value)
            j += 1
        if k[j] == "unit":
            return self.relative_unit(i, j, step * count, str(x[j].value))
        if k[j] == "year_word":
            return self.relative_unit(i, j, step, "year")
        if k[j] in ("month", "season", "weekday"):
            if k[j] == "month" and (self.is_year(j + 1) or k[j + 1] == "number"):
                return None
            return self.relative_named(i, j, step)
        return None

    def relative_unit(self, i: int, j: int, step: int, unit: str) -> Atom | None:
        today = self.reference
        if abs(step) > 100:
            return None
        if abs(step) > 1:
            return self.relative_run(i, j, step, unit)
        if unit == "year":
            return Atom(i, j + 1, year=today.year + step, note="relative")
        if unit == "month":
            first, last = month_days(today.year, today.month + step)
            precision = Precision.MONTH
        elif unit in ("quarter", "trimester"):
            first, last = month_days(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3)
            precision = Precision.QUARTER
        elif unit == "half":
            first, last = month_days(today.year, (today.month - 1) // 6 * 6 + 1 + 6 * step, 6)
            precision = Precision.HALF
        elif unit == "week":
            first, last = week_days(today + timedelta(days=7 * step))
            precision = Precision.WEEK
        elif unit == "decade":
            first = date(today.year // 10 * 10 + 10 * step, 1, 1)
            last, precision = first.replace(year=first.year + 9, month=12, day=31), Precision.DECADE
        elif unit == "day":
            first = last = today + timedelta(days=step)
            precision = Precision.DAY
        else:
            return None
        return Atom(i, j + 1, fixed=(first, last, precision), note="relative")

    def relative_run(self, i: int, j: int, step: int, unit: str) -> Atom | None:
        today = self.reference
        if unit in ("day", "week", "fortnight"):
            size = {"day": 1, "week": 7, "fortnight": 14}[unit] * step
            first = today + timedelta(days=1) if step > 0 else today + timedelta(days=size)
            last = today + timedelta(days=size) if step > 0 else today - timedelta(days=1)
            return Atom(
                i, j + 1, fixed=(first, last, Precision.DAY if unit == "day" else Precision.WEEK), note="relative"
            )
        months = {"month": 1, "quarter": 3, "trimester": 3, "half": 6, "year": 12}.get(unit)
        if months is None:
            return None
        if unit == "year":
            first_year, last_year = (
                (today.year + 1, today.year + step) if step > 0 else (today.year + step, today.year - 1)
            )
            return Atom(
                i, j + 1, fixed=(date(first_year, 1, 1), date(last_year, 12, 31), Precision.YEAR), note="relative"
            )
        start = today.month + 1 if step > 0 else today.month + months * step
        first, last = month_days(today.year, start, months * abs(step))
        return Atom(i, j + 1, fixed=(first, last, Precision.MONTH), note="relative")

    def relative_named(self, i: int, j: int, step: int) -> Atom | None:
        today = self.reference
        lexeme = self.x[j]
        if lexeme.kind == "weekday":
            ahead = (int(lexeme.value) - today.weekday()) % 7
            day = today + timedelta(days=ahead if step >= 0 else ahead - 7)
            if step == 1 and ahead == 0:
                day += timedelta(days=7)
            if step == -1 and day == today:
                day -= timedelta(days=7)
            return Atom(i, j + 1, fixed=(day, day, Precision.DAY), note="relative")
        if lexeme.kind == "season":
            atom = Atom(i, j + 1, division=("season", SEASON_MONTHS[str(lexeme.value)]), year=today.year)
        else:
            atom = Atom(i, j + 1, month=int(lexeme.value), year=today.year)
        first, last = days(atom)
        if step == 1 and first <= today:
            atom.year = today.year + 1
        if step == -1 and last >= today:
            atom.year = today.year - 1
        atom.note = "relative"
        return atom

    def day(self, i: int) -> Atom | None:
        """Today, tomorrow, yesterday."""
        day = self.reference + timedelta(days=int(self.x[i].value))
        return Atom(i, i + 1, fixed=(day, day, Precision.DAY), note="relative")

    def away(self, i: int, number: int, unit: str, last: int) -> Atom | None:
        """ "in two weeks", "three months ago": as precise as the unit."""
        if abs(number) > 400:
            return None
        today = self.reference
        if unit == "day":
            day = today + timedelta(days=number)
            return Atom(i, last, fixed=(day, day, Precision.DAY), note="relative")
        if unit in ("week", "fortnight"):
            day = today + timedelta(days=number * (7 if unit == "week" else 14))
            return Atom(i, last, fixed=(*week_days(day), Precision.WEEK), note="relative")
        if unit == "year":
            return Atom(
                i,
                last,
                fixed=(date(today.year + number, 1, 1), date(today.year + number, 12, 31), Precision.YEAR),
                note="relative",
            )
        if unit in ("month", "quarter", "half"):
            day = add_months(today, number * {"month": 1, "quarter": 3, "half": 6}[unit])
            return Atom(i, last, fixed=(*month_days(day.year, day.month), Precision.MONTH), note="relative")
        return None

    # Numeric dates.

    def three(self, i: int) -> Atom | None:
        text = self.x[i].text
        parts = _NUMBERS.findall(text)
        a, b, c = (int(part) for part in parts)
        last = i + 1
        if len(parts[0]) == 4:
            return Atom(i, last, year=a, month=b, day=c) if len(parts[2]) <= 2 else None
        if len(parts[0]) > 2 or len(parts[2]) == 3 or len(parts[2]) == 1:
            return None
        year = c if len(parts[2]) == 4 else self.century(c)
        day_month = Atom(i, last, year=year, month=b, day=a)
        if "." in text:
            return day_month
        month_day = Atom(i, last, year=year, month=a, day=b, month_first=True)
        if "-" in text and len(parts[2]) == 2 and 1 <= b <= 12 and a <= 31 and c <= 31 and a != c:
            day_month.other = Atom(i, last, year=self.century(a), month=b, day=c)
            day_month.other_rule = "year first"
            return day_month
        if a > 12 or b > 12 or a == b:
            return month_day if b > 12 >= a else day_month
        if self.day_first is None:
            day_month.other, day_month.other_rule = month_day, "month first"
            return day_month
        return day_month if self.day_first else month_day

    def monthyear(self, i: int) -> Atom | None:
        a, b = _NUMBERS.findall(self.x[i].text)
        month, year = (int(a), int(b)) if len(b) == 4 else (int(b), int(a))
        return Atom(i, i + 1, month=month, year=year) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None

    def two(self, i: int) -> Atom | None:
        """ "12.05." in a range whose other end has the year."""
        a, b = (int(part) for part in _NUMBERS.findall(self.x[i].text))
        if not (1 <= a <= 31 and 1 <= b <= 12):
            return None
        return Atom(i, i + 1, day=a, month=b, note="" if self.x[i].text.endswith(".") else "pair")

    def eight(self, i: int) -> Atom | None:
        text = self.x[i].text
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
        if 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31:
            return Atom(i, i + 1, year=year, month=month, day=day)
        return None

    def year_word(self, i: int) -> Atom | None:
        """ "year 2014" where the word for it comes first."""
        if self.k[i + 1] == "relative":
            return self.relative_unit(i, i + 1, STEPS[str(self.x[i + 1].value)], "year")
        return self.year(i + 1) if self.is_year(i + 1) else None

    def clock(self, i: int) -> Atom | None:
        """ "2H14" looks like a time of day."""
        found = re.fullmatch(r"([12])h(\d\d)", self.x[i].text)
        return Atom(i, i + 1, division=("half", int(found[1])), year=self.century(int(found[2]))) if found else None

    def stamp(self, i: int) -> Atom | None:
        text = self.x[i].text
        return Atom(i, i + 1, year=int(text[:4]), month=int(text[5:7]), day=int(text[8:10]), note=f"time {text[11:16]}")

    def isoweek(self, i: int) -> Atom | None:
        text = self.x[i].text.replace("-", "")
        found = Atom(i, i + 1, year=int(text[:4]), week=int(text[5:7]))
        if len(text) == 8:
            found.weekday = int(text[7]) - 1
        return found
