"""The reader's language: from the address (?lang=), then from the browser, then the site's own."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import flask_babel
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from flask import current_app, g, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.datastructures import LanguageAccept

from calfeed.locales import locale_of
from calfeed.settings import Settings

TRANSLATIONS = Path(__file__).parent.parent / "translations"


def gettext(text: str, **values: object) -> str:
    """`text` in the language of the request."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of a text that goes with the number `num`."""
    return str(flask_babel.ngettext(one, many, num, **values))


def settle(settings: Settings, asked: str | None, accepted: LanguageAccept) -> str:
    """The language to answer in: `asked` if the site has it, else the best of what the browser accepts."""
    offered = settings.site.languages
    if asked in offered:
        return str(asked)
    return accepted.best_match(offered) or settings.site.language


def asked_language() -> str | None:
    """The language that the address names; None where it names none that the site has."""
    asked = request.args.get("lang")
    return asked if asked in _settings().site.languages else None


def language() -> str:
    """The language of this request's answer (BCP 47)."""
    if "lang" not in g:
        g.lang = settle(_settings(), request.args.get("lang"), request.accept_languages)
    return str(g.lang)


def init_babel(state: BlueprintSetupState) -> None:
    """Give the application that a blueprint is registered with our translations, once."""
    if "babel" not in state.app.extensions:
        flask_babel.Babel(state.app, default_translation_directories=str(TRANSLATIONS), locale_selector=_locale_name)


def _locale_name() -> str:
    return language().replace("-", "_") if request else "en"


def _settings() -> Settings:
    settings: Settings = current_app.config["CALFEED"]
    return settings


def is_rtl(lang: str) -> bool:
    return locale_of(lang).text_direction == "rtl"


def autonym(lang: str) -> str:
    """A language's name in itself: Français."""
    name = locale_of(lang).get_display_name(locale_of(lang)) or lang
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=2048)
def month_words(first: date, lang: str) -> str:
    """A month with its year: "September 2013"."""
    return format_skeleton("yMMMM", datetime.combine(first, datetime.min.time()), locale=locale_of(lang))


@cache
def month_names(lang: str, width: Literal["abbreviated", "narrow", "wide"] = "abbreviated") -> tuple[str, ...]:
    """The months' names from January on, `width` wide, narrow or abbreviated."""
    names = get_month_names(width, context="stand-alone", locale=locale_of(lang))
    return tuple(names[month] for month in range(1, 13))


@cache
def day_names(lang: str, width: Literal["abbreviated", "narrow", "wide"]) -> tuple[str, ...]:
    """The days' names, in the order of the locale's week."""
    names = get_day_names(width, context="stand-alone", locale=locale_of(lang))
    first = locale_of(lang).first_week_day
    return tuple(names[(first + step) % 7] for step in range(7))


@lru_cache(maxsize=512)
def instant_words(moment: datetime, lang: str) -> str:
    """An instant in UTC: "23 November 2026, 18:30 UTC"."""
    locale = locale_of(lang)
    # CLDR's own English is American; the day before the month is what all of the world reads alike.
    day = format_date(moment, "d MMMM yyyy" if locale.language == "en" else "long", locale=locale)
    joined = locale.datetime_formats["medium"].replace("'", "").format(f"{moment:%H:%M}", day)
    return f"{joined} UTC"
