"""Which language a text is read in: the one that is told, or else the one that knows most of its words."""

from __future__ import annotations

import re
from functools import lru_cache

from calfeed.dates.fold import fold
from calfeed.dates.lexer import Lexeme, lex
from calfeed.dates.vocabulary import LANGUAGES, PIECE, vocabulary

_LATIN = ("en", "fr", "es", "de")
_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
)


def lexemes_of(text: str, lang: str | None) -> tuple[list[Lexeme], str]:
    """The lexemes of a text and the language that they were read in."""
    chosen = choose(text, lang)
    return lex(text, vocabulary(chosen)), chosen


@lru_cache(maxsize=64)
def _primary(lang: str) -> str:
    return lang.replace("_", "-").split("-")[0].lower()


def choose(text: str, lang: str | None) -> str:
    """One of LANGUAGES. A script decides over what is told: Cyrillic is not read as English."""
    primary = _primary(lang) if lang else None
    if not text.isascii():
        for name, script in _SCRIPTS:
            if script.search(text):
                return name
    if primary in _LATIN or (primary in LANGUAGES and not any("a" <= letter <= "z" for letter in text.lower())):
        return primary
    return detect(text)


@lru_cache(maxsize=8)
def _words(lang: str) -> frozenset[str]:
    """The words of a language's phrases."""
    phrases = vocabulary(lang).phrases
    words = {word for first, them in phrases.items() for phrase in them for word in (first, *phrase.rest)}
    return frozenset(word for word in words if len(word) > 1 and word.isalpha())


def detect(text: str) -> str:
    """The language whose vocabulary knows most words of a text; English where they are equal."""
    words = [piece for piece in PIECE.findall(fold(text)[0]) if len(piece) > 1 and piece.isalpha()]
    if not words:
        return "en"
    english = sum(word in _words("en") for word in words)
    if english == len(words):
        return "en"
    scores = [(english, "en")] + [(sum(word in _words(lang) for word in words), lang) for lang in _LATIN[1:]]
    best = max(score for score, _ in scores)
    return next(lang for score, lang in scores if score == best)
