"""Text -> lexemes: numbers, numeric dates, times of day, and the words of a vocabulary, in one pass.

Every pattern is linear: no alternative can match the same characters in two ways. All that is not white space
becomes a lexeme; a word that the vocabulary lacks has the kind "word", a mark the kind "mark".
"""

from __future__ import annotations

import re

from msgspec import Struct

from calfeed.dates.borrowing import borrow
from calfeed.dates.fold import fold
from calfeed.dates.vocabulary import Phrase, Vocabulary

_HAN = "\u3400-\u9fff"
_CLOCK = r"(?:[01]?\d|2[0-4])"
_NOON = r"(?:\s?[ap](?:\.m\.|m)(?![^\W\d_]))"

LEX = re.compile(
    rf"""
    (?P<letters> [^\W\d_{_HAN}]+ )
  | (?=\d) (?:
    (?P<stamp> (?<![\d.-]) \d{{4}}-\d\d-\d\d [t ] \d\d:?\d\d (?: :?\d\d (?:[.,]\d{{1,9}})? )?
               (?:z|[+-]\d\d:?\d\d)? (?!\w) )
  | (?P<isoweek> (?<!\d) \d{{4}}-?w\d\d (?:-?[1-7])? (?!\w) )
  | (?P<three> (?<![\d.,])
               (?: (?<!-)\d{{1,4}}-\d{{1,2}}-\d{{1,4}}
                 | \d{{1,2}}\s-\s\d{{1,2}}\s-\s\d{{4}}
                 | (?<!/)\d{{1,4}}/\d{{1,2}}/\d{{1,4}}
                 | \d{{1,4}}\.\s?\d{{1,2}}\.\s?\d{{2,4}} )
               (?! \d ) )
  | (?P<clock> (?<![\d./]) (?<!\d,)
               (?: {_CLOCK}:[0-5]\d(?::[0-5]\d)? {_NOON}?
                 | {_CLOCK}(?:\.[0-5]\d)?{_NOON}
                 | {_CLOCK}(?:[.:][0-5]\d)?\s?uhr (?!\w)
                 | {_CLOCK}\s?h\s?[0-5]\d (?!\d)
                 | (?:[03-9]|[012]\d)\s?h (?!\w) )
               (?! \d | :\d ) )
  | (?P<monthyear> (?<![\d.,]) (?<!(?<!/)\d\d\d\d-)
               (?: \d{{1,2}}[./]\d{{4}} | \d{{4}}\.(?:0\d|1[0-2]) ) (?! \d | [./]\d ) )
  | (?P<two>   (?<![\d.,/]) \d{{1,2}}\.\d{{1,2}}(?:\.(?!\d))? (?! \d | [,/]\d ) )
  | (?P<eight> (?<![\d.,/]) (?<!(?<!\d{{8}})-) \d{{8}} (?! \d | [.,/]\d | -\d{{1,7}}(?!\d) ) )
  | (?P<number> \d+ ) )
  | (?P<hanquarter> 第?(?:[一二三四]|[1-4])季度? )
  | (?P<handay> [一二三四五六七八九十廿]{{1,3}} (?=[日号]) )
  | (?P<hanyear> [〇零一二三四五六七八九]{{4}} (?=年) )
  | (?P<han> [{_HAN}] )
  | (?P<mark> \S )
    """,
    re.VERBOSE,
)

MARKS = {
    ",": "comma", ";": "semicolon", ":": "colon", "-": "dash", "~": "tilde", "/": "slash", ".": "dot",
    "(": "open", ")": "close", "[": "open", "]": "close", "&": "and", "+": "plus", "?": "question",
    "'": "apostrophe", "|": "semicolon", "•": "semicolon", "·": "semicolon", "×": "times",
}  # fmt: skip

# Kinds whose words are often shortened with a dot, which then belongs to the word.
_DOTTED = frozenset(("month", "weekday", "unit", "qualifier", "spell", "part", "word_number", "of", "year_word"))
_HAN_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ARABIC_PREFIXES = {"و": "and", "ب": "in", "ل": "in", "ف": "in"}


class Lexeme(Struct, gc=False):
    """A piece of the text. `start`, `end`: offsets in the text; `near`: no white space before it.

    `digits` is how many digits a number was written with (0: in words); `ordinal` that it was written as one.
    """

    kind: str
    value: int | str
    start: int
    end: int
    text: str
    near: bool
    digits: int = 0
    ordinal: bool = False

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"


def lex(text: str, words: Vocabulary) -> list[Lexeme]:
    """The lexemes of a text, in order, with offsets in the text as it was given."""
    folded, offsets = fold(text)
    raw = [(match.lastgroup or "", match[0], *match.span()) for match in LEX.finditer(folded)]
    found: list[Lexeme] = []
    size = len(raw)
    index = 0
    end = -1
    while index < size:
        group, piece, start, stop = raw[index]
        near = start == end
        if group in ("letters", "han", "mark"):
            phrase = _phrase_at(raw, index, words)
            if phrase is not None:
                index += len(phrase.rest)
                stop = raw[index][3]
                lexeme = Lexeme(phrase.kind, phrase.value, start, stop, folded[start:stop], near)
                if phrase.kind == "number":
                    lexeme.kind = "number"
                elif phrase.kind == "ordinal":
                    lexeme.ordinal = True
                elif phrase.kind in _DOTTED and stop - start <= 6 and _dot_follows(raw, index, stop):
                    index += 1
                    stop = lexeme.end = raw[index][3]
                found.append(lexeme)
            elif group == "mark":
                found.append(Lexeme(MARKS.get(piece, "mark"), piece, start, stop, piece, near))
            elif group == "han" or not _split(found, piece, start, stop, near, words):
                found.append(Lexeme("word", piece, start, stop, piece, near))
        elif group == "number":
            lexeme = Lexeme("number", int(piece) if len(piece) < 10 else -1, start, stop, piece, near)
            lexeme.digits = len(piece)
            stop, index = _number_ending(raw, index, stop, lexeme, words)
            lexeme.end = stop
            found.append(lexeme)
        elif group == "hanquarter":
            digit = piece.strip("第季度")
            value = f"quarter{_HAN_DIGITS.get(digit, digit)}"
            found.append(Lexeme("division", value, start, stop, piece, near))
        elif group == "handay":
            lexeme = Lexeme("number", _han_number(piece), start, stop + 1, piece, near)
            lexeme.digits, lexeme.ordinal = 2, True
            found.append(lexeme)
            index, stop = index + 1, stop + 1
        elif group == "hanyear":
            lexeme = Lexeme("number", int("".join(str(_HAN_DIGITS[one]) for one in piece)), start, stop, piece, near)
            lexeme.digits = 4
            found.append(lexeme)
        else:
            found.append(Lexeme(group, piece, start, stop, piece, near))
        end = stop
        index += 1
    borrow(found, words.lang)
    if offsets is not None:
        for lexeme in found:
            lexeme.end = offsets[lexeme.end - 1] + 1 if lexeme.end else 0
            lexeme.start = offsets[lexeme.start]
    return found


Raw = list[tuple[str, str, int, int]]


def _phrase_at(raw: Raw, index: int, words: Vocabulary) -> Phrase | None:
    """The longest phrase of the vocabulary that begins at a piece."""
    piece = raw[index][1]
    if index + 1 < len(raw):
        for phrase in words.longer.get((piece, raw[index + 1][1]), ()):
            rest = phrase.rest
            if len(rest) == 1 or tuple(one[1] for one in raw[index + 1 : index + 1 + len(rest)]) == rest:
                return phrase
    return words.single.get(piece)


def _dot_follows(raw: Raw, index: int, stop: int) -> bool:
    return index + 1 < len(raw) and raw[index + 1][1] == "." and raw[index + 1][2] == stop


def _number_ending(raw: Raw, index: int, stop: int, lexeme: Lexeme, words: Vocabulary) -> tuple[int, int]:
    """Take in what makes a number an ordinal or a decade: "5th", "1er", "5." before a word, "1990s"."""
    following = index + 1
    if (
        words.lang == "zh"
        and following < len(raw)
        and raw[following][1] in "年月日号季"
        and raw[following][2] - stop <= 1
    ):
        return _han_unit(raw, following, lexeme)
    if following >= len(raw) or lexeme.digits > 4:
        return stop, index
    if raw[following][1] in ("-", ".", "'") and raw[following][2] == stop and following + 1 < len(raw):
        ending = following + 1
        if raw[ending][2] == stop + 1 and raw[ending][1] in (
            words.ordinals if raw[following][1] != "'" else words.decades
        ):
            following = ending
    if raw[following][2] <= stop + 1 and raw[following][2] >= stop and raw[following][0] == "letters":
        if raw[following][2] == stop + 1 and following == index + 1:
            return stop, index
        if raw[following][1] in words.ordinals and lexeme.digits <= 2:
            lexeme.ordinal = True
            after = raw[following][3]
            if (
                following + 1 < len(raw)
                and raw[following + 1][1] == "."
                and raw[following + 1][2] == after
                and words.lang == "es"
            ):
                following, after = following + 1, after + 1
            return after, following
        if raw[following][1] in words.decades and lexeme.digits == 4 and lexeme.value % 10 == 0:
            lexeme.kind = "decade"
            return raw[following][3], following
    return stop, index


def _han_number(piece: str) -> int:
    """ "二十一" is 21."""
    tens, ten, ones = piece.replace("廿", "二十").partition("十")
    if not ten:
        return _HAN_DIGITS[tens[-1]]
    return (_HAN_DIGITS[tens[0]] if tens else 1) * 10 + (_HAN_DIGITS[ones[0]] if ones else 0)


def _han_unit(raw: Raw, following: int, lexeme: Lexeme) -> tuple[int, int]:
    """Join 年, 月 or 日 to its number: "5月" is a month, "12日" a day."""
    unit, stop = raw[following][1], raw[following][3]
    if unit == "年" and lexeme.digits == 4:
        if int(lexeme.value) % 10 == 0 and following + 1 < len(raw) and raw[following + 1][1] == "代":
            lexeme.kind = "decade"
            return raw[following + 1][3], following + 1
        return stop, following
    if unit == "月" and lexeme.digits <= 2 and 1 <= int(lexeme.value) <= 12:
        lexeme.kind = "month"
        return stop, following
    if unit == "季" and lexeme.digits == 1 and int(lexeme.value) in range(1, 5):
        lexeme.kind, lexeme.value = "division", f"quarter{lexeme.value}"
        following += following + 1 < len(raw) and raw[following + 1][1] == "度"
        return raw[following][3], following
    if unit in "日号" and lexeme.digits <= 2:
        lexeme.ordinal = True
        return stop, following
    return raw[following][2] if raw[following][2] == lexeme.end else lexeme.end, following - 1


def _split(found: list[Lexeme], piece: str, start: int, stop: int, near: bool, words: Vocabulary) -> bool:
    """Split a word that is written as one in the text and is two in the vocabulary."""
    if words.lang == "ar":
        return piece[0] in _ARABIC_PREFIXES and _arabic_prefix(found, piece, start, stop, near, words)
    return words.lang == "de" and _german_compound(found, piece, start, stop, near, words)


def _german_compound(found: list[Lexeme], piece: str, start: int, stop: int, near: bool, words: Vocabulary) -> bool:
    """ "Spätsommer" is a late summer, "Maihälfte" a half of May."""
    for prefix, part in (("fruh", "early"), ("spat", "late"), ("mitt", "mid"), ("hoch", "mid")):
        season = words.single.get(piece[4:]) if piece.startswith(prefix) else None
        if season and season.kind == "season":
            found.append(Lexeme("part", part, start, start + 4, prefix, near))
            found.append(Lexeme("season", season.value, start + 4, stop, piece[4:], True))
            return True
    month = words.single.get(piece.removesuffix("halfte")) if piece.endswith("halfte") else None
    if month and month.kind == "month":
        cut = stop - len("halfte")
        found.append(Lexeme("unit", "half", cut, stop, "halfte", near))
        found.append(Lexeme("month", month.value, start, cut, piece[: cut - start], True))
        return True
    return False


def _arabic_prefix(found: list[Lexeme], piece: str, start: int, stop: int, near: bool, words: Vocabulary) -> bool:
    """Split a conjunction or preposition that is written together with a word of the vocabulary, or with a number."""
    if len(piece) < 3:
        return False
    candidate = words.single.get(piece[1:])
    if candidate is None:
        return False
    kind = _ARABIC_PREFIXES[piece[0]]
    found.append(Lexeme(kind, kind, start, start + 1, piece[0], near))
    found.append(Lexeme(candidate.kind, candidate.value, start + 1, stop, piece[1:], True))
    return True
