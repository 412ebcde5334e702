"""What is known around a text that is read for dates: its place, language, and what its own numbers prove."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from msgspec import Struct

from calfeed.dates.fold import fold
from calfeed.dates.partial import Lent
from calfeed.dates.vocabulary import LANGUAGES, LATIN, PIECE, words_of
from calfeed.settings import Dates


class Context(Struct, frozen=True, kw_only=True):
    """Where a text stands.

    `reference`: the day on which it is read; it settles a missing year, never one that the text has. `lang`: BCP 47
    tag, None to tell it from the text. `headings`: the headings above the text, nearest first; one may supply a
    missing year. `span`: first and last year of the document. `day_first`: what the document's own numeric dates
    prove, None where they prove nothing (see `day_first_evidence`). `lent`: fields that what stands around the text
    lends, nearest first; they win over `headings`, `span` and `reference`. `zone`: the time zone of times that name
    none.
    """

    reference: date
    lang: str | None = None
    headings: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    settings: Dates = Dates()
    day_first: bool | None = None
    lent: tuple[Lent, ...] = ()
    zone: str | None = None


_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/-])")


def day_first_evidence(text: str) -> bool | None:
    """Whether the numeric dates of a document have the day first: 25/01/2014 proves it, 01/25/2014 the opposite.

    None where no date proves anything, or where two prove opposite things.
    """
    proofs = set()
    for first, _, second in _NUMERIC.findall(text):
        if 12 < int(first) <= 31 and 1 <= int(second) <= 12:
            proofs.add(True)
        elif 12 < int(second) <= 31 and 1 <= int(first) <= 12:
            proofs.add(False)
    return proofs.pop() if len(proofs) == 1 else None


_DAY_FIRST_LANGUAGES = dict.fromkeys(("fr", "es", "de", "ru", "ar", "pt", "it"), True) | {"zh": False}
_DAY_FIRST_REGIONS = {
    "en-us": False, "en-ph": False, "en-gb": True, "en-ie": True, "en-au": True, "en-nz": True, "en-in": True,
    "en-za": True,
}  # fmt: skip


def day_first_of(context: Context, chosen: str, text: str) -> bool | None:
    """Whether 05/12/2014 is 5 December: the document's evidence, else the settings, the language or region, the text's
    own numbers. None where nothing tells."""
    if context.day_first is not None:
        return context.day_first
    if text.count("/") >= 4 and (proven := day_first_evidence(text)) is not None:
        return proven
    if context.settings.day_first is not None:
        return context.settings.day_first
    if chosen in _DAY_FIRST_LANGUAGES:
        return _DAY_FIRST_LANGUAGES[chosen]
    return _DAY_FIRST_REGIONS.get((context.lang or "").replace("_", "-").lower())


_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
)


@lru_cache(maxsize=64)
def _primary(lang: str) -> str:
    return lang.replace("_", "-").split("-")[0].lower()


def language_of(text: str, lang: str | None) -> str:
    """The language that a text is read in, one of LANGUAGES: a script decides over what is told."""
    if not text.isascii():
        for name, script in _SCRIPTS:
            if script.search(text):
                return name
    primary = _primary(lang) if lang else None
    if primary in LATIN or (primary in LANGUAGES and not any("a" <= letter <= "z" for letter in text.lower())):
        return primary
    return detected(text)


def detected(text: str) -> str:
    """The language whose vocabulary knows most words of a text; English where they are equal."""
    words = [piece for piece in PIECE.findall(fold(text)[0]) if len(piece) > 1 and piece.isalpha()]
    if not words:
        return "en"
    english = sum(word in words_of("en") for word in words)
    if english == len(words):
        return "en"
    scores = [(english, "en")] + [(sum(word in words_of(lang) for word in words), lang) for lang in LATIN[1:]]
    best = max(score for score, _ in scores)
    return next(lang for score, lang in scores if score == best)
