"""One text's lexemes while they are read, and the rules by which atoms begin.

A rule is a function of the lexemes and an index that returns an Atom, whose `last` says where it ended, or None. No
rule looks back, and each looks ahead by a bounded number of lexemes: reading is linear.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from calfeed.dates.atoms import FIRST_YEAR, LAST_YEAR, Atom
from calfeed.dates.lexer import Lexeme

FILLERS = frozenset(("of", "the", "in", "during"))


class Lexemes:
    """`x` are the lexemes, `k` their kinds with empty ones after the last, so that a look ahead needs no bounds.

    `used` names what lexemes outside an atom were taken for, by index; `unsettled` tells that a number was met which
    could be a day or a year, to be settled by its neighbours; `under_month` that a heading names the month of a day.
    """

    __slots__ = ("bare", "day_first", "k", "lang", "reference", "span", "text", "under_month", "unsettled", "used", "x")

    def __init__(
        self,
        lexemes: list[Lexeme],
        lang: str,
        reference: date,
        day_first: bool | None = None,
        text: str = "",
        span: tuple[int, int] | None = None,
    ) -> None:
        self.x = lexemes
        self.k = [lexeme.kind for lexeme in lexemes] + [""] * 8
        self.lang = lang
        self.reference = reference
        self.day_first = day_first
        self.text = text
        self.span = span
        self.used: dict[int, str] = {}
        self.unsettled = False
        self.under_month = False
        self.bare = False

    def is_year(self, i: int) -> bool:
        """Whether lexeme `i` is a number of four digits that a year can have."""
        return self.k[i] == "number" and self.x[i].digits == 4 and FIRST_YEAR <= int(self.x[i].value) <= LAST_YEAR

    def skip(self, i: int, most: int) -> int:
        """The first lexeme from `i` on that is no filler, after `most` of them at most."""
        end = i + most
        while i < end and self.k[i] in FILLERS:
            i += 1
        return i


Rule = Callable[[Lexemes, int], Atom | None]
RULES: dict[str, Rule] = {}


def rule(*kinds: str) -> Callable[[Rule], Rule]:
    """Let a function read the atoms that begin with a lexeme of one of the kinds."""

    def register(function: Rule) -> Rule:
        """Enter the function in the rules."""
        RULES.update(dict.fromkeys(kinds, function))
        return function

    return register


def is_bare_number(atom: Atom) -> bool:
    """Whether an atom is a number that could be a day, and nothing else."""
    return atom.day is not None and atom.month is None and atom.fixed is None


def century_of(value: int) -> int:
    """The year that two digits stand for: from 1970 to 2069."""
    return value + (2000 if value < 70 else 1900)


def division_of(t: Lexemes, i: int) -> tuple[str, int]:
    """The unit and number of a lexeme that names both: quarter3 is the third quarter."""
    value = str(t.x[i].value)
    return value[:-1], int(value[-1])


def counted_from_end(number: int, unit: str) -> int:
    """The number of a unit of the year, counted from the end where it is negative."""
    return number if number > 0 else {"quarter": 4, "half": 2, "month": 12}[unit] + 1 + number
