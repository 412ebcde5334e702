"""Where an entry's event is held: "in Bahrain, Manama" is Manama, Bahrain (BH).

A name counts only where a place stands: beside its country or city, after a word like "in", between the commas at a
text's end, in brackets of its own. "Basel Convention", "hosted by China", "Gulf countries" name no place of an event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from calfeed.places.gazetteer import Gazetteer, gazetteer
from calfeed.settings import Place

# Stands for the date's words in the text that is searched.
CUT = "\x1f"
_BETWEEN = re.compile(r"\s*(?:,|，|、|\(|（|[-–—/])\s*$")
# A city that no table knows, before its country: up to four words with capitals.
# Possessive: a hyphen within a word is never tried as one between words, which would take exponential time.
_CAPITAL = r"[^\W\d_a-zа-я][\w'’.-]*+"
_UNKNOWN = re.compile(rf"({_CAPITAL}(?:[ -](?:{_CAPITAL}|de|la|el|del|of|and|am|an der|sur))*)\s*(?:,\s*|\s\()$")
_AFTER_COUNTRY = re.compile(rf"\s*(?:,\s*|\s\()({_CAPITAL}(?: {_CAPITAL}){{0,2}})\)?\s*(?:[,;:\x1f]|$)")
_MAX_WORDS = 4
_WORD_AFTER = re.compile(r"\s+([^\W\d_][\w'’-]*)")
_ENDS_FIELD = re.compile(r"(?:^|[,;:|(/\x1f–—]|，|：|（|\s-)\s*$")


class Spot(Struct, frozen=True, kw_only=True):
    """A place: its words, city first, and its country's ISO 3166-1 alpha-2 code where it has one."""

    name: str
    country: str | None = None


class _Name(Struct, frozen=True):
    start: int
    end: int
    text: str
    country: str
    is_city: bool


def place_in(text: str, spans: Sequence[tuple[int, int]], lang: str | None, places: Sequence[Place]) -> Spot | None:
    """The place that an entry's text names, None where it names none or several; `spans` are the date's words."""
    known = gazetteer(lang, places)
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{CUT}{text[end:]}"
    names = _names(text, known)
    found: list[tuple[int, Spot]] = []
    at = 0
    while at < len(names):
        used, spot = _spot(text, names, at, known)
        if spot is not None:
            found.append((names[at].start, spot))
        at += used
    if not found:
        return Spot(name="Online") if _is_online(text, known) else None
    if len({spot.country for _, spot in found}) > 1:
        return None
    # The fullest of several names of one country: "in Kenya ... Nairobi, Kenya".
    return max(found, key=lambda one: ("," in one[1].name, -one[0]))[1]


def place_of_cell(cell: str, lang: str | None, places: Sequence[Place]) -> Spot | None:
    """The place in a table's place column: the known one in it, else the cell's own words."""
    words = " ".join(cell.split()).strip(" ,;-–—")
    known = gazetteer(lang, places)
    if words.casefold() in known.online:
        return Spot(name=words[0].upper() + words[1:])
    if not any(letter.isalpha() for letter in words) or words.casefold() in ("tbc", "tbd", "tba"):
        return None
    return place_in(words, (), lang, places) or Spot(name=words)


def _names(text: str, known: Gazetteer) -> list[_Name]:
    found = []
    for match in known.pattern.finditer(text):
        city, country = known.city_of(match[0]), known.country_of(match[0])
        # Where a city has its country's name ("Djibouti", "Singapore"), the country is meant.
        if country is not None:
            found.append(_Name(match.start(), match.end(), match[0], country, False))
        elif city is not None:
            found.append(_Name(match.start(), match.end(), match[0], city, True))
    return found


def _spot(text: str, names: Sequence[_Name], at: int, known: Gazetteer) -> tuple[int, Spot | None]:
    """How many names a place takes from `at` on, and the place, None where it is none."""
    name = names[at]
    following = names[at + 1] if at + 1 < len(names) else None
    if following is not None and _BETWEEN.fullmatch(text[name.end : following.start]):
        if name.is_city != following.is_city and name.country == following.country:
            city, land = (name, following) if name.is_city else (following, name)
            if not _is_name_of_other(text, following.end, known):
                return 2, Spot(name=f"{city.text}, {land.text}", country=land.country)
        elif name.is_city == following.is_city or name.country != following.country:
            # "Kenya, Uganda": a list of places is none.
            return _listed(text, names, at), None
    if _joined_by_and(text, name, following):
        return _listed(text, names, at), None
    if not name.is_city and (city_text := _unknown_city(text, name, known)):
        return 1, Spot(name=f"{city_text}, {name.text}", country=name.country)
    if not name.is_city and (city_text := _city_after(text, name, known)):
        return 1, Spot(name=f"{city_text}, {name.text}", country=name.country)
    if not _stands(text, name, known):
        return 1, None
    if name.is_city:
        country = known.country_names.get(name.country)
        return 1, Spot(name=f"{name.text}, {country}" if country else name.text, country=name.country)
    return 1, Spot(name=name.text, country=name.country)


def _listed(text: str, names: Sequence[_Name], at: int) -> int:
    """How many names follow one another as a list."""
    last = at
    while last + 1 < len(names):
        between = text[names[last].end : names[last + 1].start]
        if not (_BETWEEN.fullmatch(between) or re.fullmatch(r"\s*,?\s*(?:and|et|y|und|и|和|و|&)\s*", between)):
            break
        last += 1
    return last - at + 1


def _joined_by_and(text: str, name: _Name, following: _Name | None) -> bool:
    if following is None:
        return False
    between = text[name.end : following.start]
    return re.fullmatch(r"\s*,?\s*(?:and|et|y|und|и|和|و|&|or)\s*", between) is not None


def _stands(text: str, name: _Name, known: Gazetteer) -> bool:
    """Whether a lone name stands where a place does."""
    if _is_name_of_other(text, name.end, known):
        return False
    before, after = text[: name.start], text[name.end :]
    if _after_locative(before, known):
        follows = _WORD_AFTER.match(after)
        return follows is None or follows[1].casefold() in known.linking or not follows[1].isascii()
    closes = re.match(r"\s*(?:$|[,;|)\]\x1f.–—]|，|）|:\s*|-\s)", after) is not None
    return closes and _ENDS_FIELD.search(before) is not None


def _after_locative(before: str, known: Gazetteer, *, towards: bool = False) -> bool:
    words = (*known.locatives, *known.towards) if towards else known.locatives
    folded = before.casefold().rstrip()
    spaced = len(folded) < len(before)
    return any(
        _no_space(folded, word) or (spaced and folded.endswith(word) and not folded[: -len(word)][-1:].isalpha())
        for word in words
    )


def _no_space(folded: str, word: str) -> bool:
    """Whether a locative of a script without spaces ends the text: "在日内瓦"."""
    return folded.endswith(word) and "\u3400" <= word[-1] <= "\u9fff"


def _is_name_of_other(text: str, end: int, known: Gazetteer) -> bool:
    """Whether a city's name is a part of another: "Basel Convention", "Basel and Stockholm regional centres"."""
    word = _WORD_AFTER.match(text[end:])
    return word is not None and word[1].casefold() in known.name_words


def _unknown_city(text: str, country: _Name, known: Gazetteer) -> str | None:
    """A city that no table has, by its place before the country: "in Kigoma, Tanzania"."""
    match = _UNKNOWN.search(text[: country.start])
    if match is None:
        return None
    run = match[1]
    start = match.start(1)
    if len(run.split()) > _MAX_WORDS or known.country_of(run) or known.city_of(run):
        return None
    before = text[:start]
    if _after_locative(before, known, towards=True) or re.search(r"[,;:|\x1f]\s*$", before):
        return run
    return None


def _city_after(text: str, country: _Name, known: Gazetteer) -> str | None:
    """A city that no table has, after its country: "in Bahrain, Riffa, 2013"."""
    if not _after_locative(text[: country.start], known):
        return None
    match = _AFTER_COUNTRY.match(text[country.end :])
    return match[1] if match else None


def _is_online(text: str, known: Gazetteer) -> bool:
    """Whether the text says "online" in a field of its own: after a comma, in brackets, before the date."""
    fields = re.split(r"[,;|()\x1f:]|\s[-–—]\s", text)
    return any(field.strip().casefold() in known.online for field in fields[1:])
