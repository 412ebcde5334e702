"""Every date expression of a longer text, each where it stands, in linear time."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import structs

from calfeed.dates.context import Context, language_of
from calfeed.dates.find import offsets_of, read_line, told_of
from calfeed.dates.fold import fold
from calfeed.dates.partial import Dated, Field, Partial
from calfeed.dates.places import expressions
from calfeed.dates.said import Line
from calfeed.dates.spans import Found
from calfeed.dates.vocabulary import K, Phrase, kinds, vocabulary
from calfeed.model import Interpretation

_PARAGRAPH = re.compile(r"[^\n]+")
_LONGEST_PIECE = 2_000
# So many dates of one text at most are read: no paragraph or cell has as many, and reading them stays quick.
MOST_DATES = 5_000


def search(text: str, context: Context, *, bare: bool = False) -> tuple[Dated, ...]:
    """Every date expression of a text, in order, not overlapping; of any length, in linear time.

    `bare`: the caller knows that days stand here (a cell, an item under a month): a number alone, a weekday alone and
    "the 3rd Thursday" are dates too. What `masked` tells is never one. After MOST_DATES the text is left; the last
    date is then for review and says so.
    """
    found: list[Dated] = []
    # Lines that a text repeats are read once.
    read: dict[str, list[Dated]] = {}
    for start, end in _pieces(text):
        if len(found) >= MOST_DATES:
            return (*found[: MOST_DATES - 1], _last(found[MOST_DATES - 1]))
        piece = text[start:end]
        told = read.get(piece)
        if told is None:
            lang = language_of(piece, context.lang)
            told = read[piece] = _searched(piece, lang, context, bare) if bare or might_have_dates(piece, lang) else []
        found += [structs.replace(one, start=one.start + start, end=one.end + start) for one in told] if start else told
    return tuple(found)


def _last(dated: Dated) -> Dated:
    """The last date that is looked for in a text, with what it says of those behind it."""
    where = f"what follows character {dated.end:,} was not read"
    reason = f"The text has more than {MOST_DATES:,} dates; {where}. Divide the text."
    told = dated.interpretation
    return structs.replace(dated, interpretation=structs.replace(told, review=True, reasons=(*told.reasons, reason)))


def _pieces(text: str) -> list[tuple[int, int]]:
    """The lines of a text, cut where they are very long."""
    found = []
    for line in _PARAGRAPH.finditer(text):
        start, end = line.span()
        while end - start > _LONGEST_PIECE:
            cut = text.rfind(" ", start, start + _LONGEST_PIECE)
            cut = cut if cut > start else start + _LONGEST_PIECE
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return found


# Words that a date can begin with, and those that make one together with a unit: "next month", "every second year".
_NAMING = kinds("MONTH WEEKDAY WEEKDAYS SEASON HOLIDAY TODAY FREQUENCY ONGOING STATUS THAT_YEAR DAYTIME ANCHOR")
_MOVING = kinds("RELATIVE ORDINAL EACH SPELLED OFTEN AHEAD BACK AGO FROM_NOW")
_UNITS = kinds(
    "DAYS WEEK FORTNIGHT MONTHS QUARTER TRIMESTER HALF YEARS YEAR_WORD DECADES CENTURY WEEKEND FISCAL ACADEMIC"
)
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT_OR_HAN = re.compile(r"[\d\u3400-\u9fff]")


@lru_cache(maxsize=16)
def _hints(lang: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The longest word of each phrase that names dates, that moves units, and that is a unit."""
    words = vocabulary(lang)
    found: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for first, (single, longer) in words.phrases.items():
        for phrase in (*longer, *([single] if single else ())):
            tentative = phrase.kind is K.QUALIFIER and phrase.value == "tentative"
            large = phrase.kind is K.SPELLED and int(phrase.value) > 12
            for at, sorts in enumerate((_NAMING, _MOVING, _UNITS)):
                if phrase.kind in sorts or (at == 0 and (tentative or large)):
                    found[at].add(_telling((first, *phrase.rest), words.phrases))
    naming, moving, units = map(frozenset, found)
    return naming, moving, units


_CONNECTING = kinds("THE IN OF FROM TO AND OR BY UNTIL BETWEEN BEFORE AFTER")


def _telling(words: tuple[str, ...], phrases: dict[str, tuple[Phrase | None, tuple[Phrase, ...]]]) -> str:
    """The word of a phrase that is the rarest: no connector, and the longest."""

    def rarity(word: str) -> tuple[bool, int]:
        single = phrases.get(word, (None, ()))[0]
        return single is None or single.kind not in _CONNECTING, len(word)

    return max(words, key=rarity)


def might_have_dates(text: str, lang: str) -> bool:
    """Whether a text could hold a date; never False where it does. A language with compounds is always looked at."""
    if _DIGIT_OR_HAN.search(text):
        return True
    if vocabulary(lang).fronts or vocabulary(lang).backs:
        return True
    words = _WORD.findall(fold(text)[0])
    naming, moving, units = _hints(lang)
    if not naming.isdisjoint(words):
        return True
    return not (units.isdisjoint(words) or moving.isdisjoint(words))


def _searched(piece: str, lang: str, context: Context, bare: bool) -> list[Dated]:
    line = read_line(piece, context, lang, bare=bare)
    found = [_dated(line, one, context) for one in expressions(line, whole=False) if one.spans]
    taken = [(one.start, one.end) for one in found]
    found += [one for one in _times(line, context) if not any(a <= one.start < b for a, b in taken)]
    return sorted(found, key=lambda one: one.start)


def _dated(line: Line, one: Found, context: Context) -> Dated:
    start, end = offsets_of(line, one)
    told = told_of(line.scene.text, line, [one], context, False)
    words = line.scene.text[start:end]
    ends = one.ends
    has = frozenset(field for partial in ends for field in _has(partial))
    needs = frozenset(field for partial in ends for field in _needs(partial))
    weekdays = dict.fromkeys(day for partial in ends for day in _weekdays(partial))
    said = next((span.said for span in one.spans if span.said.times), None)
    return Dated(
        start=start,
        end=end,
        interpretation=structs.replace(told, text=words, spans=((0, len(words)),), tokens=(), unread=()),
        lacks=needs - has,
        has=has,
        weekdays=tuple(weekdays),
        times=said.times if said else None,
        zone=(said.zones[0] if said.zones else context.zone) if said else None,
    )


def _has(partial: Partial) -> list[Field]:
    if partial.relative:
        return []
    told = ((Field.YEAR, partial.year), (Field.MONTH, partial.month), (Field.DAY, partial.day))
    return [field for field, value in told if value is not None]


def _needs(partial: Partial) -> list[Field]:
    if partial.relative:
        return [Field.YEAR, Field.MONTH, Field.DAY] if partial.day is not None else []
    of_month = partial.steps and partial.steps[0].name == "of month"
    return [Field.YEAR, Field.MONTH] if partial.day is not None or of_month else [Field.YEAR]


def _weekdays(partial: Partial) -> list[int]:
    named = [day for day in (partial.weekday, partial.weekday_to) if day is not None]
    return named + [step.count for step in partial.steps if step.unit == "weekday"]


def _times(line: Line, context: Context) -> list[Dated]:
    """Times of day that stand alone."""
    found = []
    for at, item in enumerate(line.items):
        if item.kind is K.A_TIME:
            start, end = line.lexemes(at, at + 1)
            first, last = line.scene.lexemes[start].start, line.scene.lexemes[end - 1].end
            said = line.node(at).said
            told = Interpretation(text=line.scene.text[first:last], lang=line.scene.words.lang)
            zone = said.zones[0] if said.zones else context.zone
            found.append(Dated(start=first, end=last, interpretation=told, times=said.times, zone=zone))
    return found
