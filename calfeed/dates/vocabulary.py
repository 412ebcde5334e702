"""The words of a language: months, days and quarters from CLDR, all else from languages/LANG.toml.

A vocabulary maps the folded first piece of a phrase to the phrases that begin with it, longest first, so that the
lexer takes the longest phrase that stands at a place. Each phrase means one thing: a kind and a value.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from babel import Locale

from calfeed.dates.fold import fold

LANGUAGES = ("en", "fr", "es", "de", "ar", "ru", "zh")

# Months have other names in much of the Arab world, in Austria, and beside one another in documents of the UN.
_LOCALES = {
    "ar": ("ar", "ar_SY", "ar_DZ", "ar_MA"),
    "de": ("de", "de_AT"),
    "en": ("en", "en_GB"),
    "es": ("es", "es_419"),
}

_HAN = "\u3400-\u9fff"
PIECE = re.compile(rf"\d+|[{_HAN}]|[^\W\d_{_HAN}]+|\S")


class Phrase(NamedTuple):
    """What a phrase means; `rest` are its pieces after the first."""

    rest: tuple[str, ...]
    kind: str
    value: int | str


Phrases = dict[str, tuple[Phrase, ...]]


class Vocabulary(NamedTuple):
    """The phrases of a language by their first piece, and the endings that make a number an ordinal or a decade.

    `single` has the phrases of one piece; `longer` the others by their first two, longest first.
    """

    lang: str
    phrases: Phrases
    single: dict[str, Phrase]
    longer: dict[tuple[str, str], tuple[Phrase, ...]]
    ordinals: frozenset[str]
    decades: frozenset[str]


def pieces(phrase: str) -> tuple[str, ...]:
    """The folded words, numbers and marks of a phrase."""
    return tuple(PIECE.findall(fold(phrase)[0]))


def _from_cldr(lang: str) -> list[tuple[str, str, int]]:
    found = []
    for name in _LOCALES.get(lang, (lang,)):
        locale = Locale.parse(name)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                # Babel falls back to the root's "M01" where a language has no name of that width.
                found += [("month", text, number) for number, text in locale.months[context][width].items()]
                found += [("weekday", text, number) for number, text in locale.days[context][width].items()]
    return [(kind, text, number) for kind, text, number in found if not text[-1:].isdigit()]


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(lang: str) -> Vocabulary:
    """The vocabulary of one of LANGUAGES."""
    tables = tomllib.loads(resources.files("calfeed").joinpath(f"dates/languages/{lang}.toml").read_text("utf-8"))
    endings = tables.pop("suffix", {})
    said: dict[tuple[str, ...], tuple[str, int | str]] = {}
    for kind, text, number in _from_cldr(lang):
        said.setdefault(_undotted(pieces(text)), (kind, number))
    for kind, meanings in tables.items():
        for meaning, texts in meanings.items():
            for text in texts:
                value = int(meaning) if re.fullmatch(r"-?\d+", meaning) else meaning
                said.setdefault(_undotted(pieces(text)), (meaning, meaning) if kind == "say" else (kind, value))
    phrases: dict[str, list[Phrase]] = {}
    for words, (kind, value) in said.items():
        phrases.setdefault(words[0], []).append(Phrase(words[1:], kind, value))
    ordered = {first: tuple(sorted(them, key=lambda one: -len(one.rest))) for first, them in phrases.items()}
    single = {first: them[-1] for first, them in ordered.items() if not them[-1].rest}
    longer: dict[tuple[str, str], tuple[Phrase, ...]] = {}
    for first, them in ordered.items():
        for phrase in them:
            if phrase.rest:
                longer[first, phrase.rest[0]] = (*longer.get((first, phrase.rest[0]), ()), phrase)
    ordinal, decade = (frozenset(fold(one)[0] for one in endings.get(name, ())) for name in ("ordinal", "decade"))
    return Vocabulary(lang, ordered, single, longer, ordinal, decade)


def _undotted(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if len(words) > 1 and words[-1] == "." else words
