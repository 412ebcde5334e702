"""Text -> lexemes: numbers, numeric dates, times of day, and the words of a vocabulary, in one pass.

Every pattern is linear: no alternative can match the same characters in two ways. All that is not white space
becomes a lexeme. A number that belongs to something else ("COP-12", "12 %", "v1.2") is a CODE, never a date.
"""

from __future__ import annotations

import re

from calfeed.dates.calendar import FIRST_YEAR, LAST_YEAR
from calfeed.dates.fold import fold
from calfeed.dates.lexemes import Lexeme, joined_numbers, mark_codes, share_units
from calfeed.dates.vocabulary import K, Kind, Phrase, Vocabulary, kinds

_HAN = "\u3400-\u9fff"
_HOUR = r"(?:[01]?\d|2[0-4])"
_MERIDIEM = r"(?:\s?[ap](?:\.\s?m\.|m)(?![^\W\d_]))"
# Years of the Republic of China and of Japanese eras, by what their first year is counted from.
ERAS = {"中華民國": 1911, "中华民国": 1911, "民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}

LEX = re.compile(
    rf"""
    (?P<letters> [^\W\d_{_HAN}]+ )
  | (?=\d) (?:
    (?P<stamp> (?<![\d.-]) \d{{4}}-\d\d-\d\d [t ] \d\d:?\d\d (?: :?\d\d (?:[.,]\d{{1,9}})? )?
               (?:z|[+-]\d\d:?\d\d)? (?!\w) )
  | (?P<iso_week> (?<!\d) \d{{4}}-?w\d\d (?:-?[1-7])? (?!\w) )
  | (?P<numeric> (?<![\d.,])
               (?: (?<!-)\d{{4}}-\d{{1,2}}-\d{{1,2}}
                 | (?<!-)\d{{1,2}}-\d{{1,2}}-\d{{1,4}}(?!-?\d)
                 | \d{{1,2}}\s-\s\d{{1,2}}\s-\s\d{{4}}
                 | (?<!/)\d{{1,4}}/\d{{1,2}}/\d{{1,4}}
                 | (?<!/)(?<!/\s)\d{{1,2}}\s?/\s?\d{{1,2}}\s?/\s?\d{{4}}
                 | \d{{4}}\.\s?\d{{1,2}}\.\s?\d{{1,2}}
                 | \d{{1,4}}\.\s?\d{{1,2}}\.\s?\d{{2,4}} )
               (?! \d | :\d\d ) )
  | (?P<clock> (?<![\d./]) (?<!\d,)
               (?: {_HOUR}:[0-5]\d(?::[0-5]\d)? (?:{_MERIDIEM} | \s?uhr(?!\w) | \s?h(?:rs)?(?!\w) )?
                 | {_HOUR}(?:[.][0-5]\d)?{_MERIDIEM}
                 | {_HOUR}(?:\.[0-5]\d)?\s?(?:uhr|o'clock)(?!\w)
                 | {_HOUR}\s?(?:h\s?[0-5]\d | '[0-5]\d\s?h) (?!\d)
                 | (?:[03-9]|[012]\d)\s?h (?!\w)
                 | {_HOUR}[0-5]\d\s?(?:hrs|hours|uhr)(?!\w)
                 | {_HOUR}[点點时時](?!间)(?:[0-5]?\d分|半)?
                 | {_HOUR}\s?ч\.? (?:\s?[0-5]\d\s?мин\.?)? (?!\w) )
               (?! \d | :\d ) )
  | (?P<quarter_digit> [1-4]季度? )
  | (?P<han_decade> \d{{3}}0年代 )
  | (?P<han_year> \d{{4}}\s?年(?:度)? )
  | (?P<han_month> (?:0?[1-9]|1[0-2])\s?月(?:份)? )
  | (?P<han_day> (?:[0-2]?\d|3[01])\s?[日号號] )
  | (?P<month_year> (?<![\d.,]) (?<!(?<!/)\d\d\d\d-)
               (?: \d{{1,2}}[./]\d{{4}} | \d{{4}}\.(?:0?[1-9]|1[0-2]) ) (?! \d | [./]\d ) )
  | (?P<pair>  (?<![\d.,/]) \d{{1,2}}\.\d{{1,2}}(?:\.(?!\d))? (?! \d | [.,/]\d ) )
  | (?P<eight> (?<![\d.,/]) (?<!(?<!\d{{8}})-) \d{{8}} (?! \d | [.,/]\d | -\d{{1,7}}(?!\d) ) )
  | (?P<number> \d+ ) )
  | (?P<era> (?:{"|".join(ERAS)}) \s?(?:\d{{1,3}}|元)\s?年 )
  | (?P<han_quarter> 第?(?:[一二三四]|[1-4])季度? )
  | (?P<han_numeral_day> [一二三四五六七八九十廿卅]{{1,3}} [日号號] )
  | (?P<han_numeral_year> [〇零一二三四五六七八九]{{4}} 年 )
  | (?P<arrow> --?> | =+> | [→⇒➔➜⟶►] )
  | (?P<han> [{_HAN}] )
  | (?P<mark> \S )
    """,
    re.VERBOSE,
)

_MARKS = {
    ",": K.COMMA, ";": K.SEMICOLON, ":": K.COLON, "-": K.DASH, "~": K.TILDE, "/": K.SLASH,
    ".": K.DOT, "(": K.OPEN, ")": K.CLOSE, "[": K.OPEN, "]": K.CLOSE, "&": K.AND, "+": K.PLUS,
    "?": K.QUESTION, "|": K.SEMICOLON, "•": K.SEMICOLON, "·": K.SEMICOLON, "×": K.TIMES,
}  # fmt: skip
_PLAIN_GROUPS = {
    "stamp": K.STAMP, "iso_week": K.ISO_WEEK, "numeric": K.NUMERIC, "month_year": K.MONTH_YEAR,
    "eight": K.EIGHT, "arrow": K.ARROW,
}  # fmt: skip
# Kinds whose words are often shortened with a dot, which then belongs to the word.
_DOTTED = kinds(
    "STARTING MONTH WEEKDAY QUALIFIER PART SPELLED OF YEAR_WORD CENTURY DAYS WEEK MONTHS QUARTER HALF YEARS "
    "QUARTER_LETTER WEEK_LETTER HALF_LETTER FISCAL HOUR"
)
_ROMANS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
    "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21,
}  # fmt: skip
_HAN_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


Raw = list[tuple[str, str, int, int]]


def _kind_of(value: int, digits: int) -> Kind:
    if digits == 4:
        return K.YEAR if 1500 <= value <= LAST_YEAR else K.NUMBER
    if digits <= 2:
        if 1 <= value <= 12:
            return K.UPTO12
        if 13 <= value <= 31:
            return K.UPTO31
        return K.UPTO99 if digits == 2 else K.NUMBER
    return K.NUMBER


# Numbers that need no look at what stands behind them, unless it is tight.
_PLAIN_NUMBERS = {
    **{str(value): (_kind_of(value, 4), value) for value in range(1500, LAST_YEAR + 1)},
    **{f"{value:02}": (_kind_of(value, 2), value) for value in range(100)},
    **{str(value): (_kind_of(value, 1), value) for value in range(1, 10)},
}


def lex(text: str, words: Vocabulary) -> list[Lexeme]:
    """The lexemes of a text, in order, with offsets in the text as it was given."""
    folded, offsets = fold(text)
    raw: Raw = [(match.lastgroup or "", match[0], *match.span()) for match in LEX.finditer(folded)]
    found: list[Lexeme] = []
    size, index, end = len(raw), 0, -1
    tight = False
    while index < size:
        group, piece, start, stop = raw[index]
        near = start == end
        if group == "number":
            plain = _PLAIN_NUMBERS.get(piece)
            following = raw[index + 1] if index + 1 < size else _END
            tight = tight or near or following[2] == stop
            if plain is None or following[2] == stop or following[1] in words.ordinals:
                lexeme, index = _number(raw, index, near, words)
            else:
                lexeme = Lexeme(plain[0], plain[1], start, stop, piece, near, 0, len(piece))
        elif group in _WORD_GROUPS:
            lexeme, index = _word(raw, index, near, words, found)
            if lexeme.kind is K.QUALIFIER and len(lexeme.text) == 1 and lexeme.text.isascii():
                lexeme = _abbreviated(lexeme, raw, index, text[offsets[start] if offsets else start].isupper())
            if piece in words.accented:
                lexeme = _as_written(
                    lexeme, text[offsets[start] : offsets[stop]] if offsets else text[start:stop], words
                )
            if piece.removesuffix("e") in _ROMANS and text[offsets[start] if offsets else start].isupper():
                lexeme = _roman(lexeme, raw, index)
        else:
            lexeme = _special(group, piece, start, stop, near)
            tight = tight or near or (index + 1 < size and raw[index + 1][2] == stop)
        end = lexeme.end
        index += 1
        if lexeme.kind is K.MONTH and len(found) > 1 and _repeats_month(found, lexeme):
            found.pop()
            found[-1].end = end
        else:
            found.append(lexeme)
    return _settled(found, words, offsets, tight)


_END = ("", "", -1, -1)


def _settled(found: list[Lexeme], words: Vocabulary, offsets: list[int] | None, tight: bool) -> list[Lexeme]:
    """Lexemes with what they take from their neighbours, numbered, and with offsets in the text as it was given."""
    for lexeme in found:
        if lexeme.kind is K.SPELLED:
            found = joined_numbers(found)
            break
    if tight:
        mark_codes(found)
    if words.flags:
        share_units(found, words.flags)
    for position, lexeme in enumerate(found):
        lexeme.index = position
    if offsets is not None:
        for lexeme in found:
            lexeme.end = offsets[lexeme.end - 1] + 1 if lexeme.end else 0
            lexeme.start = offsets[lexeme.start]
    return found


def _as_written(lexeme: Lexeme, written: str, words: Vocabulary) -> Lexeme:
    """The meaning of a word that others have the letters of: "dès" and "des"."""
    meant = words.accented[lexeme.text].get(written.casefold()) if lexeme.text in words.accented else None
    return Lexeme(meant.kind, meant.value, lexeme.start, lexeme.end, lexeme.text, lexeme.near) if meant else lexeme


_WORD_GROUPS = frozenset(("letters", "han", "mark"))


def _abbreviated(lexeme: Lexeme, raw: Raw, index: int, capital: bool) -> Lexeme:
    """A letter such as the "c." of circa: with its dot or tight before a number; in "Course C" a word."""
    tight = index + 1 < len(raw) and raw[index + 1][0] == "number" and raw[index + 1][2] == lexeme.end
    if not capital and (tight or raw[index][1] == "."):
        return lexeme
    return Lexeme(K.WORD, lexeme.text, lexeme.start, lexeme.end, lexeme.text, lexeme.near)


def _word(raw: Raw, index: int, near: bool, words: Vocabulary, found: list[Lexeme]) -> tuple[Lexeme, int]:
    """A word or mark, as the vocabulary has it; the first part of one that is two words goes to `found`."""
    group, piece, start, stop = raw[index]
    known = words.phrases.get(piece)
    phrase = None if known is None else (known[1] and _longest(raw, index, known[1])) or known[0]
    if phrase is not None:
        if rest := phrase.rest:
            index += len(rest)
            stop = raw[index][3]
            piece = " ".join((piece, *rest))
        if phrase.kind in _DOTTED and stop - start <= 6 and _dot_follows(raw, index, stop):
            index += 1
            stop = raw[index][3]
        return Lexeme(phrase.kind, phrase.value, start, stop, piece, near), index
    if group == "mark":
        return _mark(raw, index, near)
    if parts := _split(piece, start, stop, near, words):
        found += parts[:-1]
        return parts[-1], index
    return Lexeme(K.WORD, piece, start, stop, piece, near), index


def _mark(raw: Raw, index: int, near: bool) -> tuple[Lexeme, int]:
    """A mark; an apostrophe before two digits makes them a year."""
    _, piece, start, stop = raw[index]
    following = raw[index + 1] if index + 1 < len(raw) and raw[index + 1][2] == stop else None
    if piece == "-" and near and following:
        return Lexeme(K.HYPHEN, piece, start, stop, piece, near), index
    if piece == "'" and following and following[0] == "number" and len(following[1]) == 2:
        year = century_of(int(following[1]))
        return Lexeme(K.YEAR, year, start, following[3], piece, near, digits=2), index + 1
    return Lexeme(_MARKS.get(piece, K.MARK), piece, start, stop, piece, near), index


def _roman(lexeme: Lexeme, raw: Raw, index: int) -> Lexeme:
    """A capital that is a number; one that is a word too only between dots or hyphens, as in "12.X.2014"."""
    between = 0 < index < len(raw) - 1 and raw[index - 1][1] in ".-" and raw[index + 1][1] in ".-"
    if lexeme.kind is not K.WORD and not between:
        return lexeme
    return Lexeme(K.ROMAN, _ROMANS[raw[index][1].removesuffix("e")], lexeme.start, lexeme.end, lexeme.text, lexeme.near)


def century_of(value: int) -> int:
    """The year that two digits stand for: from 1970 to 2069."""
    return value + (2000 if value < 70 else 1900)


def _repeats_month(found: list[Lexeme], month: Lexeme) -> bool:
    """Whether a month has just been named by another name: "كانون الثاني/يناير"."""
    return len(found) > 1 and found[-1].kind is K.SLASH and (found[-2].kind, found[-2].value) == (K.MONTH, month.value)


def _longest(raw: Raw, index: int, phrases: tuple[Phrase, ...]) -> Phrase | None:
    """The longest phrase of several words that stands at a piece."""
    if index + 1 == len(raw):
        return None
    following = raw[index + 1][1]
    for phrase in phrases:
        rest = phrase.rest
        if rest[0] == following and _stands_at(rest, raw, index + 1):
            return phrase
    return None


def _stands_at(words: tuple[str, ...], raw: Raw, index: int) -> bool:
    """Whether some pieces stand from a place on."""
    return index + len(words) <= len(raw) and all(raw[index + at][1] == word for at, word in enumerate(words))


def _dot_follows(raw: Raw, index: int, stop: int) -> bool:
    return index + 1 < len(raw) and raw[index + 1][1] == "." and raw[index + 1][2] == stop


def _number(raw: Raw, index: int, near: bool, words: Vocabulary) -> tuple[Lexeme, int]:
    """A number, with what makes it an ordinal or a decade: "5th", "1er", "5." before a space, "1990s"."""
    _, piece, start, stop = raw[index]
    digits = len(piece)
    value = int(piece) if digits < 10 else -1
    if digits <= 2 and "spaced_ordinals" in words.flags and _is_spaced_ordinal(raw, index, stop, words):
        return Lexeme(K.NTH, value, start, raw[index + 1][3], piece, near, digits=digits), index + 1
    if digits > 4:
        return Lexeme(K.NUMBER, value, start, stop, piece, near, digits=digits), index
    following = index + 1
    if following < len(raw) and raw[following][2] == stop:
        after, ends = following, words.ordinals if digits <= 2 else words.decades
        if raw[following][1] in ("-", ".", "'") and following + 1 < len(raw) and raw[following + 1][2] == stop + 1:
            after = following + 1
        if raw[after][1] in ends and (digits <= 2 or (digits == 4 and value % 10 == 0)):
            last = raw[after][3]
            if _dot_follows(raw, after, last) and "dotted_ordinals" in words.flags:
                after, last = after + 1, last + 1
            kind = K.NTH if digits <= 2 else K.DECADE
            return Lexeme(kind, value, start, last, piece, near, digits=digits), after
        spaced = following + 1 == len(raw) or raw[following + 1][2] > stop + 1 or raw[following + 1][1] in "-/,;)"
        if raw[following][1] == "." and digits <= 2 and spaced and value > 0:
            return Lexeme(K.NTH, value, start, stop + 1, piece, near, digits=digits), following
    return Lexeme(_kind_of(value, digits), value, start, stop, piece, near, digits=digits), index


def _is_spaced_ordinal(raw: Raw, index: int, stop: int, words: Vocabulary) -> bool:
    """ "25 th": an ending that stands apart."""
    following = raw[index + 1] if index + 1 < len(raw) else None
    return following is not None and following[2] == stop + 1 and following[1] in words.ordinals


def _special(group: str, piece: str, start: int, stop: int, near: bool) -> Lexeme:
    """A lexeme of what the scanner finds whole."""
    if group in _PLAIN_GROUPS:
        return Lexeme(_PLAIN_GROUPS[group], piece, start, stop, piece, near)
    if group == "clock":
        return Lexeme(K.CLOCK, clock_of(piece), start, stop, piece, near)
    if group == "pair":
        return _pair(piece, start, stop, near)
    if group == "era":
        name = next(name for name in ERAS if piece.startswith(name))
        digits = re.sub(r"\D", "", piece)
        return Lexeme(K.HAN_YEAR, ERAS[name] + int(digits or 1), start, stop, piece, near)
    if group in ("han_quarter", "quarter_digit"):
        digit = piece.strip("第季度")
        return Lexeme(K.DIVISION, f"quarter{_HAN_DIGITS.get(digit, digit)}", start, stop, piece, near)
    if group == "han_numeral_day":
        return Lexeme(K.NTH, _han_number(piece[:-1]), start, stop, piece, near, digits=2)
    if group == "han_numeral_year":
        year = int("".join(str(_HAN_DIGITS[one]) for one in piece[:4]))
        return Lexeme(K.HAN_YEAR, year, start, stop, piece, near, digits=4)
    number = int(re.match(r"\d+", piece)[0])  # type: ignore[index]
    kinds = {"han_decade": K.DECADE, "han_year": K.HAN_YEAR, "han_month": K.MONTH, "han_day": K.NTH}
    kind = kinds[group]
    if kind is K.HAN_YEAR and not FIRST_YEAR <= number <= LAST_YEAR:
        kind = K.NUMBER
    return Lexeme(kind, number, start, stop, piece, near, digits=2)


def _pair(piece: str, start: int, stop: int, near: bool) -> Lexeme:
    """ "12.05." is a day and a month, "18.30" a time of day."""
    first, second = (int(part) for part in re.findall(r"\d+", piece))
    no_date = not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12)
    if no_date and first <= 24 and second < 60 and len(piece.rstrip(".")) >= 4 and not piece.endswith("."):
        return Lexeme(K.CLOCK, f"{first:02}:{second:02}", start, stop, piece, near)
    return Lexeme(K.PAIR, piece, start, stop, piece, near)


_CLOCK = re.compile(r"(\d{1,2}?)(?:\s?[:.h点點时時ч]\s?\.?\s?)?(\d\d)?(半)?(?!\d)")


def clock_of(piece: str) -> str:
    """ "3.30 pm" is "15:30"."""
    found = _CLOCK.match(piece)
    assert found is not None
    hour, minute = int(found[1]), found[2] or ("30" if found[3] else "00")
    if "p" in piece and hour < 12:
        hour += 12
    elif re.search(r"a\.?\s?m", piece) and hour == 12:
        hour = 0
    return f"{hour:02}:{minute}"


def _han_number(piece: str) -> int:
    """ "二十一" is 21."""
    tens, ten, ones = piece.replace("廿", "二十").replace("卅", "三十").partition("十")
    if not ten:
        return _HAN_DIGITS[tens[-1]]
    return (_HAN_DIGITS[tens[0]] if tens else 1) * 10 + (_HAN_DIGITS[ones[0]] if ones else 0)


def _split(piece: str, start: int, stop: int, near: bool, words: Vocabulary) -> list[Lexeme]:
    """Split a word that is written as one in the text and is two in the vocabulary: "Spätsommer", "Maihälfte"."""
    for text, phrase, joined in words.fronts:
        if piece.startswith(text) and len(piece) > len(text) + 1:
            rest = words.phrases.get(piece[len(text) :], (None, ()))[0]
            if rest and (not joined or rest.kind in joined):
                cut = start + len(text)
                front = Lexeme(phrase.kind, phrase.value, start, cut, text, near)
                return [front, Lexeme(rest.kind, rest.value, cut, stop, piece[len(text) :], True)]
    for text, phrase, joined in words.backs:
        if piece.endswith(text) and len(piece) > len(text):
            rest = words.phrases.get(piece[: -len(text)], (None, ()))[0]
            if rest and (not joined or rest.kind in joined):
                cut = stop - len(text)
                # The unit is read before what it is a part of.
                back = Lexeme(phrase.kind, phrase.value, cut, stop, text, near)
                return [back, Lexeme(rest.kind, rest.value, start, cut, piece[: -len(text)], True)]
    return []
