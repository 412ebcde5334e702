"""What lexemes take from the ones after them before any rule reads them, in languages that write a unit once.

"7-9月" is July to September, "2-3 кварталы" the second and third quarters; "من" after a part is "of", not "from".
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calfeed.dates.lexer import Lexeme

_JOINTS = frozenset(("dash", "tilde", "to", "comma", "and", "slash"))
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def borrow(found: list[Lexeme], lang: str) -> None:
    """Change the kinds of lexemes, in place, as the language has it."""
    if lang == "zh":
        share_month(found)
    if lang in ("ru", "zh"):
        share_quarter(found)
    if lang == "ar":
        settle_of(found)


def share_month(found: list[Lexeme]) -> None:
    """ "7-9月", "5、6、7月": the numbers before a month's are months too, unless they are days of one before them."""
    for index in range(len(found) - 3, -1, -1):
        lexeme, joint, month = found[index : index + 3]
        if joint.kind not in _JOINTS or month.kind != "month":
            continue
        if lexeme.kind != "number" or lexeme.ordinal or not 1 <= lexeme.digits <= 2:
            continue
        if 1 <= int(lexeme.value) <= 12 and (index == 0 or found[index - 1].kind != "month"):
            lexeme.kind = "month"


def share_quarter(found: list[Lexeme]) -> None:
    """ "2-3 кварталы", "II и III кварталы", "第3至4季度": the quarters and halves before one that names the unit."""
    unit = ""
    for index in range(len(found) - 1, 0, -1):
        lexeme, before = found[index], found[index - 1]
        if lexeme.kind == "division":
            unit = str(lexeme.value)[:-1]
        elif lexeme.kind == "unit" and lexeme.value in ("quarter", "half") and _number(before):
            unit = str(lexeme.value)
        elif lexeme.kind in _JOINTS and unit and _number(before):
            before.kind, before.value = "division", f"{unit}{_number(before)}"
        elif not _number(lexeme):
            unit = ""


def _number(lexeme: Lexeme) -> int:
    """The number of a quarter or half, 0 where the lexeme is none."""
    if lexeme.kind in ("number", "ordinal") and isinstance(lexeme.value, int) and lexeme.digits <= 2:
        return lexeme.value if 1 <= lexeme.value <= 4 else 0
    return _ROMAN.get(lexeme.text, 0) if lexeme.kind == "word" else 0


def settle_of(found: list[Lexeme]) -> None:
    """ "النصف الثاني من مايو": between a part and its whole, "from" is "of"."""
    for before, lexeme in pairwise(found):
        if lexeme.kind == "from" and before.kind in ("division", "ordinal", "part", "unit"):
            lexeme.kind = "of"
