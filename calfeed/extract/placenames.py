"""Whether words look like the name of a place: known towns and countries, words of buildings, codes of rooms and post.

In: a few words, without what stands around them. Out: yes or no, or how far the name goes. Known names are evidence,
not a gate: "Austin" before "TX" is a town that no table has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from calfeed.extract.lexicon import Lexicon, fold, lexicon
from calfeed.places import Gazetteer, gazetteer
from calfeed.settings import Place

CAPITAL = re.compile(r"[^\W\d_a-zа-яё]")
UNCASED = re.compile("[\u0600-\u06ff\u3400-\u9fff]")
DIGIT = re.compile(r"\d")
_SMALL = re.compile(r"(?:d['’]|[a-zа-яà-ÿ]{1,4}$)")
_ELISION = re.compile(r"(?<!\w)[dl]['’]")
_HOUSE = re.compile(r"^\d{1,5}[a-z]?\s+(?=[^\W\d_])")
_ROOM_CODE = re.compile(r"[A-Z]{1,2}\d?-\d{2,4}[a-z]?")
_POSTCODE = re.compile(
    r"(?!(?:19|20)\d\d\s)\d{4,6}\s+[^\W\d_a-z][^\W\d_]+$|[A-Z]{1,2}\d\d?\s*\d[A-Z]{2}$|[A-Z]{2}\s+\d{5}"
)
# "São Paulo/SP": a town with its state.
_STATE = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_]+){0,3} ?/ ?[A-Z]{2,3}")
_SIGNS = " .*\"'“”"
# Languages in which the last word of a name says what it is.
_HEAD_LAST = ("en", "de", "nl", "zh")
_AFTER_HEAD = re.compile(r"\s*(?:\d|[#(]|(?:of|at|de|zu|zum|zur|am)\b|[A-Z]\d*\b)")
MOST_WORDS = 9
TOWN_WORDS = 4
_BEFORE_ROOM = 2
_SHORT = 3


class PlaceNames:
    """What a language and the settings know of the names of places."""

    def __init__(self, words: Lexicon, known: Gazetteer) -> None:
        self.words = words
        self.known = known
        self._rooms = words.of("places.rooms")
        self._no_place = words.of("places.no_place")
        self._linking = words.of("places.linking")
        self._articles = words.of("places.articles")
        self.is_place = lru_cache(maxsize=4096)(self._is_place)

    def _is_place(self, text: str) -> bool:
        """Whether words are a known name, or have a word of buildings, a room's code, a postal code."""
        bare = text.strip(_SIGNS)
        known = self.known
        if known.city_of(bare) or known.country_of(bare) or known.region_of(bare):
            return True
        named = bare.split()
        if not named or len(named) > MOST_WORDS or self._is_other(named):
            return False
        if _POSTCODE.search(bare) or _ROOM_CODE.fullmatch(bare) or _STATE.fullmatch(bare):
            return True
        if bare.isupper() and len(named) > _SHORT:
            return False
        if len(named) <= TOWN_WORDS and known.tail_of(bare) and all(map(CAPITAL.match, named[:-1])):
            return True
        return self._has_room(bare)

    def could_be(self, text: str) -> bool:
        """Whether nothing speaks against words being a place beside others that are one."""
        named = text.strip(_SIGNS).split()
        if not named or len(named) > MOST_WORDS or self._is_other(named):
            return False
        return _HOUSE.match(text.strip(_SIGNS)) is not None or not self.words.of("kinds").find(text.strip(_SIGNS))

    def is_generic(self, text: str) -> bool:
        """Whether a name is nothing but a word of buildings: "University", "sala"."""
        return fold(text.strip(_SIGNS)) in self._rooms.said

    def is_other(self, named: str) -> bool:
        """Whether a name after a preposition begins as no place does: "in March", "at Committee stage"."""
        return self._no_place.whole(named.split()[0].strip(".,'’")) is not None

    def proper(self, text: str) -> str:
        """The words with capitals (or of a script without) that begin a text, with the small words between them."""
        text = text.lstrip()
        if UNCASED.match(text):
            stop = self.words.of("places.after").first(text)
            return text[: stop.start] if stop else text
        kept: list[str] = []
        for word in text.split():
            if CAPITAL.match(word) or DIGIT.match(word):
                kept.append(word)
            elif not (_SMALL.match(word) and self._linking.whole(word)) or not kept:
                break
            elif CAPITAL.match(kept[-1]) and self._articles.whole(word):
                # "el Campus de Cuenca | el VII Congreso", but "Plaza de la Constitución".
                break
            else:
                kept.append(word)
        while kept and not (CAPITAL.match(kept[-1]) or DIGIT.match(kept[-1])):
            kept.pop()
        return " ".join(kept) if any(CAPITAL.match(word) for word in kept) else ""

    def common(self, text: str) -> str:
        """A building that is named by common nouns at a text's start: "village hall" of "the village hall for tea",
        "salle du conseil"; "" where there is none."""
        article = self._articles.at_start(text)
        bare = text[article:].lstrip()
        hits = [hit for hit in self._rooms.find(bare) if len(bare[: hit.start].split()) <= _BEFORE_ROOM]
        if not hits or UNCASED.match(bare) or not bare[:1].islower():
            return ""
        if self.words.lang in _HEAD_LAST:
            return bare[: max(hit.end for hit in hits)] if article or hits[0].start else ""
        return self._head_first(bare, hits[0].end) if not hits[0].start else ""

    def country(self, text: str) -> str | None:
        """The country (ISO 3166-1 alpha-2) of a known name, or of the name at the end of a text."""
        bare, known = text.strip(" .*"), self.known
        return known.country_of(bare) or known.city_of(bare) or known.region_of(bare) or known.tail_of(bare)

    def _head_first(self, bare: str, end: int) -> str:
        kept = bare[:end].split()
        for word in bare[end:].split():
            follows = (
                CAPITAL.match(word) or self._linking.whole(word) or (self._linking.whole(kept[-1]) and word.isalpha())
            )
            if not follows or len(kept) > MOST_WORDS:
                break
            kept.append(word)
        while kept and self._linking.whole(kept[-1]):
            kept.pop()
        return " ".join(kept)

    def _has_room(self, bare: str) -> bool:
        """Whether a name is that of a building: "City Hall", "Room 1103", "University of Leeds", "Rathaussaal"."""
        if not (CAPITAL.search(bare) or UNCASED.search(bare) or DIGIT.search(bare)):
            return False
        heads = [
            hit
            for hit in self._rooms.find(bare)
            if hit.end == len(bare) or (hit.start == 0 and self._leads(bare[hit.end :]))
        ]
        kinds = [
            kind for kind in self.words.of("kinds").find(bare) if not any(kind.end + 1 >= head.start for head in heads)
        ]
        if not heads or kinds:
            return False
        if heads[0].start == 0 and self.words.lang not in _HEAD_LAST:
            bare = _ELISION.sub("", bare[heads[0].end :])
        elif self.words.lang == "en" and len(bare[: heads[-1].start].split()) > 1:
            # "County Clerk's office", "Morley village hall"; "public library" is a common noun.
            bare = bare[: heads[-1].start]
        return UNCASED.search(bare) is not None or all(
            CAPITAL.match(word) or not word[0].isalpha() or self._linking.whole(word) or len(word) <= _SHORT
            for word in bare.split()
        )

    def _leads(self, rest: str) -> bool:
        """Whether a word of buildings at a name's start is its head: "Room 5", "University of Leeds", "Salle Pleyel";
        in English "Museum Night" is none."""
        first = rest.lstrip()[:1]
        return (
            self.words.lang not in _HEAD_LAST
            or _AFTER_HEAD.match(rest) is not None
            or (self.words.lang == "de" and first.isupper())
        )

    def _is_other(self, named: Sequence[str]) -> bool:
        """Whether words begin or end as no place does, and no building ends them."""
        ends = (named[0], named[-1])
        if not any(self._no_place.whole(word.strip(".,'’()")) for word in ends):
            return False
        return len(named) == 1 or not self._rooms.find(named[-1])


def written_as_name(text: str) -> bool:
    """Whether each word has a capital, but for small ones between them: a town's name, "440 E. Congress"."""
    named = _HOUSE.sub("", text.strip(" .*")).split()
    if not named or len(named) > TOWN_WORDS:
        return False
    return (
        all(CAPITAL.match(word) or _SMALL.match(word) for word in named)
        and CAPITAL.match(named[0]) is not None
        and any(letter.islower() for letter in text)
    )


def place_names(lang: str | None, text: str, places: Sequence[Place]) -> PlaceNames:
    """The names for a text in a language; `places` are the settings' own."""
    return _place_names(lexicon(lang, text), lang, tuple((place.name, place.country) for place in places))


@lru_cache(maxsize=32)
def _place_names(words: Lexicon, lang: str | None, places: tuple[tuple[str, str], ...]) -> PlaceNames:
    return PlaceNames(words, gazetteer(lang, [Place(name=name, country=country) for name, country in places]))
