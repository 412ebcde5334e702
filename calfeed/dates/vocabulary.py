"""The words of a language: months and days from CLDR, all else from languages/LANG.toml.

Each phrase means one thing: a kind and a value. In the tables "(date|dates) to be (confirmed|fixed)" stands for every
way to say it, and "(the|)" for a word that may be missing.
"""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum, auto
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from calfeed.dates.fold import fold
from calfeed.locales import locale_of

LANGUAGES = ("en", "fr", "es", "de", "ar", "ru", "zh", "pt", "it")
# Languages that are told apart by their words; the others by their script.
LATIN = ("en", "fr", "es", "de", "pt", "it")

# Months have other names in much of the Arab world, in Austria, and beside one another in documents of the UN.
_LOCALES = {
    "ar": ("ar", "ar_SY", "ar_DZ", "ar_MA"),
    "de": ("de", "de_AT"),
    "en": ("en", "en_GB"),
    "es": ("es", "es_419"),
    "pt": ("pt", "pt_PT"),
}
SEASON_MONTHS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
RELATIVE_STEPS = {"next": 1, "this": 0, "last": -1}

_HAN = "\u3400-\u9fff"
PIECE = re.compile(rf"\d+|[{_HAN}]|[^\W\d_{_HAN}]+|\S")


# The character of the first kind: all are of one byte.
FIRST_KIND = 0x80


class Kind(StrEnum):
    """What a lexeme is, or what the grammar made of several. A kind is one character, so that a text's kinds are a
    string, and the patterns of the grammar are regular expressions over it."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return chr(FIRST_KIND + count)

    # Numbers, by what they can be.
    YEAR = auto()  # four digits, or two after an apostrophe
    HAN_YEAR = auto()  # a number with its unit: 2014年
    UPTO12 = auto()  # 1 to 12 in one or two digits
    UPTO31 = auto()
    UPTO99 = auto()  # two digits that no day has: 00, 32 to 99
    NTH = auto()  # digits with the ending of an ordinal, or a dot: 3rd, 5.
    SPELLED = auto()  # a number word
    NUMBER = auto()  # any other number
    ROMAN = auto()
    # Dates and times that are one piece.
    NUMERIC = auto()  # 2014-05-12, 05/12/2014
    MONTH_YEAR = auto()  # 05/2014
    PAIR = auto()  # 12.05.
    EIGHT = auto()  # 20140512
    STAMP = auto()  # 2014-05-12T09:00Z
    ISO_WEEK = auto()
    DECADE = auto()
    CLOCK = auto()
    # Marks.
    COMMA = auto()
    SEMICOLON = auto()
    COLON = auto()
    HYPHEN = auto()  # no white space on either side
    DASH = auto()
    TILDE = auto()
    ARROW = auto()
    SLASH = auto()
    DOT = auto()
    OPEN = auto()
    CLOSE = auto()
    PLUS = auto()
    QUESTION = auto()
    MARK = auto()
    # Words of no vocabulary, and what is masked.
    WORD = auto()
    CODE = auto()
    # Names.
    MONTH = auto()
    WEEKDAY = auto()
    WEEKDAYS = auto()
    BRACKET_WEEKDAY = auto()  # （二）
    SEASON = auto()
    HOLIDAY = auto()
    DIVISION = auto()  # a quarter or half with its number: Q3
    ORDINAL = auto()
    # Units.
    DAYS = auto()
    WEEK = auto()
    FORTNIGHT = auto()
    MONTHS = auto()
    QUARTER = auto()
    TRIMESTER = auto()
    HALF = auto()
    YEARS = auto()
    DECADES = auto()
    CENTURY = auto()
    THIRD = auto()
    FISCAL = auto()
    ACADEMIC = auto()
    PLURIENNIUM = auto()
    QUARTER_LETTER = auto()
    HALF_LETTER = auto()
    WEEK_LETTER = auto()
    YEAR_WORD = auto()
    DECADE_WORD = auto()
    BCE = auto()
    # Words around dates.
    AND = auto()
    OR = auto()
    TO = auto()
    FROM = auto()
    BETWEEN = auto()
    UNTIL = auto()
    BY = auto()
    DEADLINE = auto()
    BEFORE = auto()
    AFTER = auto()
    STARTING = auto()
    OF = auto()
    IN = auto()
    DURING = auto()
    THE = auto()
    NTH_MARK = auto()  # 第
    EACH = auto()
    OTHER = auto()  # of "every other"
    ONWARDS = auto()
    EARLIER = auto()
    PRESENT = auto()
    TIMES = auto()
    LEAD = auto()
    WEEK_OF = auto()
    WEEK_ENDING = auto()
    WEEKEND = auto()
    AGO = auto()
    FROM_NOW = auto()
    AHEAD = auto()
    BACK = auto()
    INCLUSIVE = auto()
    FORMER = auto()
    RENEWED = auto()
    WAS = auto()  # before a day in brackets that no longer holds
    EXCEPT = auto()
    PART = auto()
    PART_AFTER = auto()
    QUALIFIER = auto()
    STATUS = auto()
    ONGOING = auto()
    OFTEN = auto()
    RELATIVE = auto()
    TODAY = auto()
    THAT_YEAR = auto()  # 明年
    FREQUENCY = auto()
    ANCHOR = auto()
    EVENT = auto()
    HOUR = auto()
    MERIDIEM = auto()
    DAY_PART = auto()
    DAYTIME = auto()
    # What the grammar makes.
    A_DAY = auto()
    A_MONTH = auto()
    A_YEAR = auto()
    A_UNIT = auto()  # a quarter, a season, a week, a part of a month
    A_PAIR = auto()  # two numbers that could be a day and a month
    A_NUMBER = auto()  # days without a month
    A_TIME = auto()
    A_RULE = auto()
    A_COUNT = auto()
    A_LENGTH = auto()
    A_SHIFT = auto()


# Attributes of an enumeration are slow to look up, and the readers look up hundreds for each phrase: K has the same
# members as attributes of a plain class.
if TYPE_CHECKING:
    K = Kind
else:
    K = type("K", (), {kind.name: kind for kind in Kind})


class Phrase(NamedTuple):
    """What a phrase means; `rest` are its pieces after the first."""

    rest: tuple[str, ...]
    kind: Kind
    value: int | str


class Vocabulary(NamedTuple):
    """A language's phrases by their first piece: the one of that piece alone, and the longer ones, longest first.

    `ordinals` and `decades` are endings of numbers. `fronts` are beginnings that are written together with another word
    ("Spätsommer"), `backs` endings ("Maihälfte"), each with the kinds that they can be joined to. `flags` are facts of
    the language's grammar, by name; `ahead` the words for "in" that say how far ahead something is, `ones` the articles
    that count. `accented` has words that fold to the same letters as another, by how they are written.
    """

    lang: str
    phrases: dict[str, tuple[Phrase | None, tuple[Phrase, ...]]]
    ordinals: frozenset[str]
    decades: frozenset[str]
    fronts: tuple[tuple[str, Phrase, frozenset[Kind]], ...]
    backs: tuple[tuple[str, Phrase, frozenset[Kind]], ...]
    flags: frozenset[str]
    ahead: frozenset[str]
    ones: frozenset[str]
    accented: dict[str, dict[str, Phrase]]


def pieces(phrase: str) -> tuple[str, ...]:
    """The folded words, numbers and marks of a phrase."""
    return tuple(PIECE.findall(fold(phrase)[0]))


_GROUP = re.compile(r"\(([^()]*)\)")


def expanded(phrase: str) -> list[str]:
    """Every way to say a phrase with groups: "(a|b) c" is "a c" and "b c"."""
    group = _GROUP.search(phrase)
    if group is None:
        return [" ".join(phrase.split())]
    before, after = phrase[: group.start()], phrase[group.end() :]
    return [whole for one in group[1].split("|") for whole in expanded(before + one + after)]


def _from_cldr(lang: str) -> list[tuple[Kind, str, int]]:
    found = []
    for name in _LOCALES.get(lang, (lang,)):
        locale = locale_of(name)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                # Babel falls back to the root's "M01" where a language has no name of that width.
                found += [(Kind.MONTH, text, number) for number, text in locale.months[context][width].items()]
                found += [(Kind.WEEKDAY, text, number) for number, text in locale.days[context][width].items()]
    return [(kind, text, number) for kind, text, number in found if not text[-1:].isdigit()]


# Tables whose keys are kinds; in all others the table is the kind and the key the value.
_TABLES_OF_KINDS = ("say", "unit", "time")
_NAMES = {
    "day": Kind.TODAY, "number": Kind.SPELLED, "fiscal": Kind.FISCAL, "academic": Kind.ACADEMIC,
    "bce": Kind.BCE, "years_word": Kind.DECADE_WORD,
    "unit.day": Kind.DAYS, "unit.month": Kind.MONTHS, "unit.year": Kind.YEARS, "unit.decade": Kind.DECADES,
}  # fmt: skip
_SPELLS = {
    "fiscal": Kind.FISCAL, "academic": Kind.ACADEMIC, "calendar": Kind.FISCAL, "bce": Kind.BCE,
    "number_letter_quarter": Kind.QUARTER_LETTER,
    "letter_half": Kind.HALF_LETTER, "letter_week": Kind.WEEK_LETTER, "biennium": Kind.PLURIENNIUM,
    "triennium": Kind.PLURIENNIUM, "quadrennium": Kind.PLURIENNIUM, "decade": Kind.PLURIENNIUM,
}  # fmt: skip


def _meaning(table: str, key: str) -> tuple[Kind, int | str]:
    """The kind and value of what stands in a table under a key."""
    if table == "spell":
        return _SPELLS[key], key
    if table == "by":
        return Kind.DEADLINE, key
    if table in _TABLES_OF_KINDS:
        kind = _NAMES.get(f"{table}.{key}") or _NAMES.get(key) or Kind[key.upper()]
        return kind, key
    kind = _NAMES.get(table) or Kind[table.upper()]
    if kind is Kind.SEASON:
        return kind, SEASON_MONTHS[key]
    if kind is Kind.RELATIVE:
        return kind, RELATIVE_STEPS[key]
    return kind, int(key) if re.fullmatch(r"-?\d+", key) else key


def _compounds(table: dict[str, dict[str, list[str]]]) -> tuple[tuple[str, Phrase, frozenset[Kind]], ...]:
    found = []
    for meaning, options in table.items():
        kind, value = _meaning(*meaning.split("."))
        joined = frozenset(Kind[name.upper()] for name in options.get("with", ()))
        found += [(fold(text)[0], Phrase((), kind, value), joined) for text in options["said"]]
    return tuple(found)


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(lang: str) -> Vocabulary:
    """The vocabulary of one of LANGUAGES."""
    path = resources.files("calfeed").joinpath(f"dates/languages/{lang}.toml")
    tables: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    endings = tables.pop("suffix", {})
    fronts, backs = _compounds(tables.pop("front", {})), _compounds(tables.pop("back", {}))
    grammar = tables.pop("grammar", {})
    flags = frozenset(grammar.get("has", ()))
    ahead, ones = (frozenset(fold(one)[0] for one in grammar.get(name, ())) for name in ("ahead", "one"))
    said: dict[tuple[str, ...], tuple[Kind, int | str]] = {}
    accented: dict[str, dict[str, Phrase]] = {}
    written: dict[tuple[str, ...], str] = {}
    for kind, text, number in _from_cldr(lang):
        said.setdefault(_undotted(pieces(text)), (kind, number))
    for table, meanings in tables.items():
        for key, texts in meanings.items():
            meaning = _meaning(table, key)
            for one in (one for text in texts for one in expanded(text)):
                words = _undotted(pieces(one))
                if said.setdefault(words, meaning) == meaning or len(words) > 1:
                    written.setdefault(words, one)
                elif not one.isascii():
                    accented.setdefault(words[0], {})[one.casefold()] = Phrase((), *meaning)
                elif not (first := written.get(words, one)).isascii():
                    accented.setdefault(words[0], {})[first.casefold()] = Phrase((), *said[words])
                    said[words], written[words] = meaning, one
    single: dict[str, Phrase] = {}
    longer: dict[str, list[Phrase]] = {}
    for words, (kind, value) in said.items():
        phrase = Phrase(words[1:], kind, value)
        if phrase.rest:
            longer.setdefault(words[0], []).append(phrase)
        else:
            single[words[0]] = phrase
    phrases = {
        first: (single.get(first), tuple(sorted(longer.get(first, ()), key=lambda one: -len(one.rest))))
        for first in (*single, *longer)
    }
    ordinals, decades = (frozenset(fold(one)[0] for one in endings.get(name, ())) for name in ("ordinal", "decade"))
    return Vocabulary(lang, phrases, ordinals, decades, fronts, backs, flags, ahead, ones, accented)


def _undotted(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if len(words) > 1 and words[-1] == "." else words


@lru_cache(maxsize=len(LANGUAGES))
def words_of(lang: str) -> frozenset[str]:
    """The words of a language's phrases."""
    words: set[str] = set()
    for first, (_, longer) in vocabulary(lang).phrases.items():
        words.update((first, *(word for phrase in longer for word in phrase.rest)))
    return frozenset(word for word in words if len(word) > 1 and word.isalpha())


def kinds(names: str) -> frozenset[Kind]:
    """A set of kinds by their names."""
    return frozenset(Kind[name] for name in names.split())
