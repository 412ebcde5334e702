"""Text as the lexer sees it: small letters, no accents, plain digits and dashes; each character's place is kept."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2500\u30fc"
WAVES = "\u301c\uff5e\u223c"
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u00b4\u2032\uff07`"
# Chinese and Arabic punctuation that stands for a Latin mark.
PUNCTUATION = {
    "、": ",",
    "،": ",",
    "。": ".",
    "؛": ";",
    "；": ";",
    "，": ",",
    "：": ":",
    "؟": "?",
    "？": "?",
    "・": ".",
}


def _fold_character(character: str) -> str:
    if character in DASHES:
        return "-"
    if character in WAVES:
        return "~"
    if character in APOSTROPHES:
        return "'"
    if character in PUNCTUATION:
        return PUNCTUATION[character]
    # Zero-width and bidi marks, soft hyphen, tatweel.
    if unicodedata.category(character) == "Cf" or character == "\u0640":
        return ""
    folded = []
    for part in unicodedata.normalize("NFKD", character):
        if unicodedata.category(part) == "Mn":
            continue
        digit = unicodedata.decimal(part, None)
        folded.append(part.casefold() if digit is None else str(digit))
    return "".join(folded)


class _Table(dict[int, str]):
    """A translation table that fills itself, and knows which characters do not fold to exactly one."""

    irregular: set[str]

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _fold_character(character)
        if len(folded) != 1:
            self.irregular.add(character)
        self[code] = folded
        return folded


_TABLE = _Table()
_TABLE.irregular = set()


def fold(text: str) -> tuple[str, list[int] | None]:
    """The folded text and, for each of its characters and one beyond, its offset in `text`.

    The offsets are None where every character folds to exactly one: they are the same then. Two texts that differ
    only in case, accents, width, or kind of dash, apostrophe or digit fold to the same.
    """
    if text.isascii():
        return text.lower(), None
    folded = text.translate(_TABLE)
    if _TABLE.irregular.isdisjoint(text):
        return folded, None
    lengths = [len(_TABLE[ord(character)]) for character in text]
    offsets = [index for index, length in enumerate(lengths) for _ in range(length)]
    assert len(offsets) == next(reversed(list(accumulate(lengths))), 0)
    offsets.append(len(text))
    return folded, offsets
