"""Lexemes, and what they take from their neighbours: "twenty fourteen" is a year, the 12 of "COP-12" is none."""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from calfeed.dates.vocabulary import K, Kind, kinds

# Marks that make a number something else than a date when they stand right before it, or right after.
_BEFORE_CODE = frozenset("#§№$€£¥=_@%^\\")
_AFTER_CODE = frozenset("%$€£°‰")
_NUMBERS = kinds("YEAR UPTO12 UPTO31 UPTO99 NUMBER NTH")
_DIGITS = _NUMBERS | {K.NUMERIC, K.MONTH_YEAR, K.PAIR, K.EIGHT, K.CLOCK, K.ISO_WEEK}
# Numbers without a unit of their own, unlike 12日.
_COUNTS = _NUMBERS - {K.NTH}
_JOINTS = kinds("HYPHEN SLASH DOT")


class Lexeme(Struct, gc=False):
    """A piece of the text. `start`, `end`: offsets in the text; `text`: as folded; `near`: no white space before it.

    `digits` is how many digits a number was written with, 0 for one in words. `value` is a number, a clock time
    ("09:30"), or what the vocabulary has.
    """

    kind: Kind
    value: int | str
    start: int
    end: int
    text: str
    near: bool
    index: int = 0
    digits: int = 0

    @property
    def number(self) -> int:
        """The value, where it is a number; -1 otherwise."""
        return self.value if isinstance(self.value, int) else -1


def joined_numbers(found: list[Lexeme]) -> list[Lexeme]:
    """Numbers in words, joined: "twenty-five", and years: "nineteen ninety-nine", "two thousand and fourteen"."""
    kept: list[Lexeme] = []
    index = 0
    while index < len(found):
        lexeme = found[index]
        if lexeme.kind is not K.SPELLED:
            kept.append(lexeme)
            index += 1
            continue
        run, last = [lexeme.number], index + 1
        while last < len(found):
            after = last + 1 if found[last].kind in (K.AND, K.HYPHEN) else last
            if after >= len(found) or found[after].kind is not K.SPELLED:
                break
            run.append(found[after].number)
            last = after + 1
        year = _spelled_year(run)
        tens = run[0] in range(20, 100, 10) and len(run) == 2 and run[1] < 10
        if len(run) > 1 and (year or tens):
            value, kind = (year, K.YEAR) if year else (sum(run), K.SPELLED)
            end = found[last - 1].end
            kept.append(Lexeme(kind, value, lexeme.start, end, lexeme.text, lexeme.near))
            index = last
        else:
            kept.append(lexeme)
            index += 1
    return kept


def _spelled_year(run: list[int]) -> int:
    """The year that numbers in words make, 0 where they make none."""
    total = 0
    if 1000 in run[:2]:
        at = run.index(1000)
        rest = run[at + 1 :]
        total = (run[0] if at else 1) * 1000
        if 100 in rest[1:2]:
            total += rest[0] * 100
            rest = rest[2:]
        total += sum(rest)
    elif 10 < run[0] <= 21 and len(run) > 1 and run[1] >= 10:
        total = run[0] * 100 + sum(number for number in run[1:] if number != 100)
    return total if 1800 <= total <= 2200 else 0


def mark_codes(found: list[Lexeme]) -> None:
    """Make numbers that belong to something else CODE: COP-12, RC-3/6, +41 22, 12 %, $ 2014, 14001:2004, 5kg."""
    for at, lexeme in enumerate(found):
        if lexeme.kind not in _DIGITS:
            continue
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        small = lexeme.kind in _NUMBERS and lexeme.kind is not K.YEAR
        if (before and lexeme.near and _makes_code(found, at, before)) or (
            after
            and after.near
            and (
                (lexeme.kind in _COUNTS and after.kind is K.WORD)
                or (small and after.kind is K.PLUS and not _is_sum(found, at))
            )
        ):
            lexeme.kind = K.CODE
            if before and lexeme.near and before.kind is K.MONTH:
                before.kind = K.WORD
    for at, lexeme in enumerate(found):
        if lexeme.kind in _DIGITS:
            before = found[at - 1] if at else None
            after = found[at + 1] if at + 1 < len(found) else None
            if (before and before.kind is K.MARK and before.text in _BEFORE_CODE) or (
                after and after.kind is K.MARK and after.text in _AFTER_CODE
            ):
                lexeme.kind = K.CODE


def _is_sum(found: list[Lexeme], at: int) -> bool:
    """ "6+7 June": a number on both sides of the plus."""
    return at + 2 < len(found) and found[at + 2].near and found[at + 2].kind in _NUMBERS


def _makes_code(found: list[Lexeme], at: int, before: Lexeme) -> bool:
    """Whether what stands tight before a number makes it a code."""
    if before.kind in (K.WORD, K.EVENT, K.CODE) or (before.kind is K.MARK and before.text in _BEFORE_CODE):
        return True
    further = found[at - 2] if at > 1 else None
    if before.kind is K.PLUS:
        return further is None or further.kind not in _NUMBERS or not before.near
    if further is None or not before.near:
        return before.kind is K.SLASH
    if before.kind is K.COLON:
        return further.kind in _NUMBERS or further.kind is K.CODE
    if before.kind is not K.DOT and further.kind is K.ROMAN:
        # "12-V-2025" is a date, "IV-2025" a number.
        return not (found[at].kind is K.YEAR and at > 3 and found[at - 4].kind in _NUMBERS and further.near)
    return before.kind in _JOINTS and further.kind in (K.WORD, K.CODE, K.MARK)


# What lexemes take from the ones after them, in languages that write a unit once.

_BETWEEN_UNITS = kinds("HYPHEN DASH TILDE TO COMMA AND SLASH OR")


_ORDERED = kinds("WEEK FORTNIGHT QUARTER HALF WEEKEND")


def share_units(found: list[Lexeme], flags: frozenset[str]) -> None:
    """ "7-9月" is July to September; "من" after a part is "of", not "from"."""
    if "shares_months" in flags:
        for at in range(len(found) - 3, -1, -1):
            lexeme, joint, month = found[at : at + 3]
            shared = joint.kind in _BETWEEN_UNITS and month.kind is K.MONTH and lexeme.kind is K.UPTO12
            if shared and (at == 0 or found[at - 1].kind is not K.MONTH):
                lexeme.kind = K.MONTH
    if "from_is_of" in flags:
        parts = (K.DIVISION, K.ORDINAL, K.PART, K.WEEK, K.MONTHS, K.HALF, K.QUARTER, K.DAYS)
        for before, lexeme in pairwise(found):
            if lexeme.kind is K.FROM and before.kind in parts:
                lexeme.kind = K.OF
    if "weekdays_are_ordinals" in flags:
        for before, lexeme in pairwise(found):
            if before.kind is K.WEEKDAY and lexeme.kind in _ORDERED:
                before.kind, before.value = K.ORDINAL, before.number + 2
