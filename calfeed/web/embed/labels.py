"""The embed's own words, in the reader's language: a table for what calfeed says, CLDR for months and weekdays."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources

import msgspec
from babel.dates import format_date
from msgspec import Struct

from calfeed.locales import locale_of
from calfeed.web.pages.language import day_names


class Labels(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words on an embed. `more` has {count}, `edition` and `read` {title} and {date}, `checked` {date}, `own_time` {0},
    the time."""

    views: dict[str, str]
    choose: str
    undated: str
    earlier: str
    more: str
    during: str
    empty: str
    cancelled: str
    previous: str
    following: str
    open: str
    file: str
    today: str
    edition: str
    read: str
    checked: str
    own_time: str


@cache
def _table() -> dict[str, Labels]:
    text = resources.files("calfeed.web.embed").joinpath("words.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Labels])


def labels(lang: str) -> Labels:
    """The words in `lang` (BCP 47), or in the language without its region, or in English."""
    table = _table()
    return table.get(lang) or table.get(lang.partition("-")[0]) or table["en"]


def day_words(day: date, lang: str) -> str:
    """12 August 2013, as `lang` writes it."""
    # CLDR's own English is American; the day before the month is what all of the world reads alike.
    form = "d MMMM yyyy" if lang.partition("-")[0] == "en" else "long"
    return format_date(day, form, locale=locale_of(lang))


def weekday_words(lang: str) -> tuple[tuple[str, str, str], ...]:
    """Abbreviated, shortest and full names of the days, from the first of a week on."""
    return tuple(zip(*(day_names(lang, width) for width in ("abbreviated", "short", "wide")), strict=True))


def first_weekday(lang: str) -> int:
    """The first day of a week, Monday being 0: Monday unless the language names a region that begins otherwise."""
    return int(locale_of(lang).first_week_day)
