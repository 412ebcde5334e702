"""The names of places that are known: countries and cities of time zones from CLDR, others from places.toml and the
settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from babel.core import get_global
from msgspec import Struct

from calfeed.locales import known_locale
from calfeed.settings import Place

_TERRITORY = re.compile(r"[A-Z]{2}$")
# Territories of CLDR that are no place to meet in, or none of their own.
_NO_COUNTRY = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))
# Cities of time zones whose names are everyday words or other names.
_NO_CITY = frozenset(
    ("Mayo", "Reunion", "Center", "Easter", "Christmas", "Central", "Norfolk", "Wake", "Midway", "Troll")
)
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]")


class Gazetteer(Struct, frozen=True, kw_only=True):
    """Names of cities and countries with their ISO 3166-1 code, and a pattern that finds any of them."""

    cities: dict[str, str]
    countries: dict[str, str]
    pattern: re.Pattern[str]
    locatives: tuple[str, ...]
    towards: tuple[str, ...]
    name_words: frozenset[str]
    linking: frozenset[str]
    online: frozenset[str]
    country_names: dict[str, str]
    regions: dict[str, str]

    def country_of(self, name: str) -> str | None:
        return self.countries.get(_straight(name))

    def city_of(self, name: str) -> str | None:
        return self.cities.get(_straight(name))

    def region_of(self, name: str) -> str | None:
        """The country of a state or province: "Texas", "TX", "Ontario"."""
        return self.regions.get(_straight(name))

    def tail_of(self, text: str) -> str | None:
        """The country that the last words of a text name, after others: "Austin TX", "TX USA", "Detroit MI 48226"."""
        named = [word for word in text.replace(",", " ").split() if not word.isdigit()]
        tails = (" ".join(named[-count:]) for count in range(min(3, len(named) - 1), 0, -1))
        return next((code for tail in tails if (code := self.country_of(tail) or self.region_of(tail))), None)


def gazetteer(lang: str | None, places: Sequence[Place]) -> Gazetteer:
    """The names for documents in `lang` (and in English); `places` are the settings' own."""
    return _gazetteer((lang or "en").replace("_", "-"), tuple((place.name, place.country) for place in places))


@lru_cache(maxsize=32)
def _gazetteer(lang: str, places: tuple[tuple[str, str], ...]) -> Gazetteer:
    table = _table()
    cities = _zone_cities(lang) | {_straight(name): code for code, names in table["cities"].items() for name in names}
    cities |= {_straight(name): code for name, code in places}
    countries = _territories("en") | _territories(lang)
    countries |= {_straight(name): code for code, names in table["countries"].items() for name in names}
    shown = {code: name for name, code in _territories("en").items()} | {
        code: name for name, code in _territories(lang).items()
    }
    names = sorted({*cities, *countries}, key=lambda name: (-len(name), name))
    bound = "(?<![\\w-])(?:{})(?![\\w])"
    spaced = [name for name in names if not _is_ideographic(name)]
    joined = [name for name in names if _is_ideographic(name)]
    parts = [bound.format("|".join(map(re.escape, spaced)))]
    if joined:
        parts.append("|".join(map(re.escape, joined)))
    return Gazetteer(
        cities=cities,
        countries=countries,
        pattern=re.compile("|".join(parts)),
        locatives=tuple(sorted(table["words"]["locatives"], key=len, reverse=True)),
        towards=tuple(sorted(table["words"]["towards"], key=len, reverse=True)),
        name_words=frozenset(table["words"]["name_words"]),
        linking=frozenset(table["words"]["linking"]),
        online=frozenset(table["words"]["online"]),
        country_names=shown,
        regions={name: code for code, names in table["regions"].items() for name in names},
    )


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = tomllib.loads(
        resources.files("calfeed.places").joinpath("places.toml").read_text("utf-8")
    )
    return table


@cache
def _zone_cities(lang: str) -> dict[str, str]:
    """The cities that CLDR names time zones after, in the language and in English, with their countries."""
    found: dict[str, str] = {}
    territories = get_global("zone_territories")
    for tag in ("en", lang):
        if (locale := known_locale(tag)) is None:
            continue
        named = locale.time_zones
        for zone, code in territories.items():
            told = zone.rpartition("/")[2].replace("_", " ") if zone.count("/") == 1 else ""
            city = named.get(zone, {}).get("city") or told
            if city and _TERRITORY.match(code) and city not in _NO_CITY:
                found[_straight(city)] = code
    return found


@cache
def _territories(lang: str) -> dict[str, str]:
    if (locale := known_locale(lang)) is None:
        return {}
    names = locale.territories
    found: dict[str, str] = {}
    for code, name in names.items():
        if _TERRITORY.match(code) and code not in _NO_COUNTRY:
            found[_straight(name)] = code
            if "(" in name:
                found.setdefault(_straight(_BRACKETS.sub("", name)), code)
    return found


def _straight(name: str) -> str:
    return name.replace("’", "'")


def _is_ideographic(name: str) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for letter in name)
