"""The few words that calfeed itself adds to a feed, by language; days and locales as CLDR has them."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache, lru_cache
from importlib import resources

from babel.dates import format_date

from calfeed.locales import locale_of


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("calfeed.feeds").joinpath("words.toml").read_text("utf-8"))


@cache
def words(lang: str) -> dict[str, str]:
    """The words that calfeed adds, in `lang` (BCP 47), English where it has no table."""
    tables = _tables()
    return tables.get(lang) or tables.get(lang.partition("-")[0].lower()) or tables["en"]


@lru_cache(maxsize=4096)
def day_in_words(day: date, lang: str) -> str:
    """A day as CLDR writes it at full length: 15 January 2013."""
    locale = locale_of(lang)
    # CLDR's own English is American; the day before the month is what all of the world reads alike.
    return format_date(day, format="d MMMM yyyy" if locale.language == "en" else "long", locale=locale)
