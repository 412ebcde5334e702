"""Where a line names a date: enough to tell items apart, without reading them.

Extraction knows nothing of the date grammar; it asks only whether a date stands at a line's start, at its end or
anywhere, in any of the languages that CLDR has month names for.
"""

from __future__ import annotations

import re
from functools import cache

from babel.core import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from calfeed.extract.words import words

YEAR = r"(?:(?:19|20|21)\d\d)"
_NUMERIC = rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:{YEAR}|\d\d)|{YEAR}-\d\d(?:-\d\d)?|\d{{1,2}}/{YEAR})"
_SPANNED = rf"(?:{YEAR}\s*[-–/]\s*(?:{YEAR}|\d\d))"
_QUARTER = r"(?:[QqHhTt][1-4]|[1-4][QqHhTt]\d{0,4})"
_CJK = r"(?:\d{2,4}\s*年|\d{1,2}\s*月|\d{1,2}\s*日)"
_PENDING = r"(?:tbc|tbd|tba|t\.b\.c\.|t\.b\.d\.)"
_EDGES = " \t.,;:()[]–—-/|*"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
# Month names that are also everyday words: a month only beside a number.
_WITHOUT_SCRIPT = ("fr", "es", "de", "it", "pt", "nl")
_EVERYDAY = frozenset({"may", "march", "mar", "mai", "mars", "sept", "sep", "dec", "set", "out", "ago"})


class DateWords:
    """The date tests for documents in one language, and in English beside it."""

    def __init__(self, lang: str | None) -> None:
        names = "|".join(sorted(map(re.escape, _names(lang) | _names("en")), key=len, reverse=True))
        month = rf"(?:(?:{names})\.?)"
        self._number = r"(?:\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?)"
        word = rf"(?:{_NUMERIC}|{_SPANNED}|{YEAR}|{_QUARTER}|{_CJK}|{_PENDING}|{month})"
        self._any = re.compile(rf"(?<![\w-]){word}(?!\w)|{_CJK}", re.IGNORECASE)
        self._first = re.compile(
            rf"(?:{word}(?!\w)|{self._number}(?:\s*[-–/,&]\s*|\s+\w{{1,3}}\s+|\s+)(?:{self._number}\s*)*(?:de\s+)?{month}(?!\w))"
            rf"|{_CJK}",
            re.IGNORECASE,
        )
        self._last = re.compile(rf"(?:(?<![\w-]){word}|{_CJK})$", re.IGNORECASE)
        # Atomic: a text of many digits or spaces is told in one pass.
        self._only = re.compile(
            rf"(?>{word}|{self._number}|(?:{'|'.join(words().date_words)})\b|[-–—/,;:.()|&+]|\s|\b\w{{1,3}}\b)++$",
            re.IGNORECASE,
        )
        day = rf"(?:(?:{'|'.join(sorted(map(re.escape, _days(lang) | _days('en')), key=len, reverse=True))})\.?,?\s+)?"
        number = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|º|ª|\.)?"
        joint = r"\s*(?:[-–—/,&+]|\b(?:and|to|et|au|y|al|und|bis|и|по)\b)\s*"
        months = "|".join(sorted(map(re.escape, _months(lang) | _months("en")), key=len, reverse=True))
        self._day_lead = re.compile(
            rf"(?:(?:from|du|del|dal|vom|с)\s+)?{day}{number}(?:{joint}{day}{number}){{0,9}}(?=[\s:,.]|$)(?![:.]\d)"
            rf"(?!\s*(?:of\s+|de\s+)?(?:{months})\b)",
            re.IGNORECASE,
        )
        alone = months if lang else "|".join([months, *(re.escape(name) for name in _widest())])
        self._month_alone = re.compile(rf"(?:{alone})\.?(?:[\s,]+(?:de\s+)?{YEAR})?\s*[:.]?", re.IGNORECASE)
        self._everyday = re.compile(rf"(?:{'|'.join(_EVERYDAY)})\.?$", re.IGNORECASE)

        self._dotted = "d." in _long_pattern(lang)

    def dotted_day(self, marker: str, rest: str) -> bool:
        """Whether what looks like a number before an item is a day: "5. Mai 2014" in a language that writes it so."""
        if not self._dotted or not re.match(r"\d{1,2}\.", marker):
            return False
        return (self.starts(rest) and re.match(YEAR, rest) is None) or self.starts(f"{marker} {rest}")

    def has_date(self, text: str) -> bool:
        """Whether a year, a month, a quarter or a numeric date stands anywhere in the text."""
        text = text.translate(_DIGITS)
        return any(not self._is_everyday(text, match) for match in self._any.finditer(text))

    def starts(self, text: str) -> bool:
        """Whether the text begins with a date: "12-14 May", "2014, 2015", "Q3 2014", "September"."""
        text = text.translate(_DIGITS).lstrip(_EDGES)
        match = self._first.match(text)
        return match is not None and not self._is_everyday(text, match)

    def ends(self, text: str) -> bool:
        """Whether the last word of the text is a date's."""
        text = text.translate(_DIGITS).rstrip(_EDGES)
        match = self._last.search(text)
        return match is not None and not self._is_everyday(text, match)

    def only(self, text: str) -> bool:
        """Whether the text is a date and nothing else but short words: "12 to 14 May 2014"."""
        folded = text.translate(_DIGITS).strip()
        return self.has_date(folded) and self._only.match(folded) is not None

    def is_month(self, text: str) -> bool:
        """Whether the text is the name of a month and at most its year: what heads the days of a month."""
        return self._month_alone.fullmatch(text.translate(_DIGITS).strip()) is not None

    def day_lead(self, text: str) -> str:
        """The days of an unnamed month that the text begins with ("Sat 9", "6 & 7", "13-21"); "" where with none."""
        match = self._day_lead.match(text.translate(_DIGITS))
        return text[: match.end()] if match else ""

    def _is_everyday(self, text: str, match: re.Match[str]) -> bool:
        """Whether a word like "may" stands without a number beside it."""
        if not self._everyday.match(match[0]):
            return False
        around = text[max(0, match.start() - 8) : match.start()] + text[match.end() : match.end() + 8]
        return not any(letter.isdigit() for letter in around)


@cache
def date_words(lang: str | None) -> DateWords:
    return DateWords(lang)


def _long_pattern(lang: str | None) -> str:
    locale = _locale(lang)
    return str(locale.date_formats["long"].pattern) if locale else ""


def _locale(lang: str | None) -> Locale | None:
    try:
        return Locale.parse(lang, sep="-") if lang else None
    except (UnknownLocaleError, ValueError):
        return None


@cache
def _days(lang: str | None) -> frozenset[str]:
    """Names of weekdays in a language, long and short, in small letters."""
    locale = _locale(lang)
    found = {
        name
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for name in (get_day_names(width, context, locale).values() if locale else ())
    }
    return frozenset(name.casefold().rstrip(".") for name in found)


@cache
def _names(lang: str | None) -> frozenset[str]:
    """Names of months and weekdays in a language, long and short, in small letters."""
    locale = _locale(lang)
    found = set(get_day_names("wide", "format", locale).values()) if locale else set()
    return _months(lang) | _told(found)


@cache
def _months(lang: str | None) -> frozenset[str]:
    """Names of months in a language, long and short, in small letters."""
    locale = _locale(lang)
    found: set[str] = set()
    for width in ("wide", "abbreviated") if locale else ():
        for context in ("format", "stand-alone"):
            found |= set(get_month_names(width, context, locale).values())
    return _told(found)


@cache
def _widest() -> frozenset[str]:
    """The long names of months in languages written as English is, for a text that does not tell its own."""
    return _told({name for lang in _WITHOUT_SCRIPT for name in get_month_names("wide", "format", lang).values()})


def _told(names: set[str]) -> frozenset[str]:
    return frozenset(name.casefold().rstrip(".") for name in names if len(name) > 2 or not name.isascii())
