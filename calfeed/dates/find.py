"""What a text says about when: its expressions read, with status, anchor, count and what was left over."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import structs

from calfeed.dates.borrow import lends
from calfeed.dates.context import Context, day_first_of, detected, language_of
from calfeed.dates.grammar import parsed
from calfeed.dates.lexer import Lexeme, lex
from calfeed.dates.masks import hidden
from calfeed.dates.notation import Item, Scene
from calfeed.dates.partial import Dated, Field, Lent, Partial, Span
from calfeed.dates.places import (
    DOUBLE,
    Found,
    chosen,
    expressions,
    is_doubtful,
    lone_status,
)
from calfeed.dates.readings import Read, read
from calfeed.dates.spans import Line
from calfeed.dates.vocabulary import Kind as K  # noqa: N817
from calfeed.dates.vocabulary import kinds, vocabulary
from calfeed.errors import DateTextError
from calfeed.model import Interpretation, Status, Token

MAX_LENGTH = 4_000
# So many lexemes at most has a mere day: "23.".
_FEW = 2


def interpret(text: str, context: Context) -> Interpretation:
    """Read a text that is a date expression, or an entry with one. Every word that was not used is in `unread`.

    Raises DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=True)


def find(text: str, context: Context) -> Interpretation:
    """Find the dates in an entry such as "Workshop in Manama, 2013"; `spans` are the offsets of their words.

    Words outside the spans are the title. `unread` holds what beside the dates looks like a part of one. Raises
    DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=False)


def _interpret(text: str, context: Context, *, whole: bool) -> Interpretation:
    if len(text) > MAX_LENGTH:
        raise DateTextError(
            f"the text has {len(text):,} characters; a date is looked for in {MAX_LENGTH:,} at most.",
            mend="Give the entry alone.",
        )
    chosen_language = language_of(text, context.lang)
    result = _in_language(text, context, chosen_language, whole)
    # Of a text that was read to its last word no other language reads more.
    doubted = not result.readings or (result.unread if whole else result.review)
    if (
        context.lang is not None
        and doubted
        and (other_language := language_of(text, detected(text))) != chosen_language
    ):
        other = _in_language(text, context, other_language, whole)
        if _length(other) > _length(result):
            return other
    return result


def _length(told: Interpretation) -> int:
    """How many characters the date words of a text have; 0 where they give no date."""
    return sum(end - start for start, end in told.spans) if told.readings else 0


def read_line(text: str, context: Context, lang: str, *, bare: bool = False, whole: bool = False) -> Line:
    """The text's lexemes, with dates and what is said of them made into nodes."""
    words = vocabulary(lang)
    lexemes = lex(hidden(text), words)
    scene = Scene(text, lexemes, words, context.reference, day_first_of(context, lang, text), context.span, bare)
    if bare or (whole and len(lexemes) <= _FEW):
        scene.under_month = any(one.field is Field.MONTH for one in _lent(context))
    items: list[Item] = list(lexemes)
    return Line(scene, parsed(scene, items))


def _in_language(text: str, context: Context, lang: str, whole: bool) -> Interpretation:
    line = read_line(text, context, lang, whole=whole)
    return _told(text, line, chosen(line, expressions(line, whole)), context, whole)


@lru_cache(maxsize=256)
def _month_of(heading: str, lang: str | None) -> tuple[int, int | None] | None:
    """The month that a heading names, and its year; None where it names none or several."""
    lexemes = lex(heading, vocabulary(language_of(heading, lang)))
    months = [one.number for one in lexemes if one.kind is K.MONTH]
    if len(months) != 1:
        return None
    years = [one.number for one in lexemes if one.kind in (K.YEAR, K.HAN_YEAR)]
    return months[0], years[0] if len(years) == 1 else None


def _lent(context: Context) -> tuple[Lent, ...]:
    if not (context.lent or context.headings or context.span):
        return ()
    return lends(context, lambda heading: _month_of(heading, context.lang))


_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "completed": Status.COMPLETED,
    "tentative": Status.TENTATIVE,
}


def _told(text: str, line: Line, found: list[Found], context: Context, whole: bool) -> Interpretation:
    spans = _together(found)
    result = read(spans, context, lambda: _lent(context)) if spans else Read((), ())
    reasons = list(result.reasons)
    if K.BCE in line.k and _is_ancient(line):
        result, reasons = Read((), ()), ["Years before the common era are not read."]
    doubtful = [one for one in found if one.spans and is_doubtful(line, one)]
    reasons += [
        f"“{_words(line, one.first, one.first + 1)}” could be a year or a part of the title." for one in doubtful
    ]
    used = {at for one in found for at in range(one.first, one.last)}
    status = next((_STATUSES[span.said.status] for span in reversed(spans) if span.said.status in _STATUSES), None)
    if status is None and any(span.said.qualifier == "tentative" for span in spans):
        status = Status.TENTATIVE
    if status is None and K.STATUS in line.k and (lone := lone_status(line, used)):
        used.add(lone[0])
        status = _STATUSES[lone[1]]
    suspicious = _suspicious(line, used) if len(used) < line.size else []
    if suspicious and (found or whole):
        reasons += [f"“{_words(line, i, i + 1)}” looks like a part of a date and was not used." for i in suspicious[:3]]
    if not result.readings:
        reasons += _why_none(line, spans, found)
    anchors = [_words(line, *one.anchor) for one in found if one.anchor]
    return Interpretation(
        text=text,
        lang=line.scene.words.lang,
        readings=result.readings,
        review=bool(reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        unread=_unread(line, used, suspicious, whole),
        status=status,
        ongoing=any(span.said.ongoing for span in spans),
        anchor=anchors[0] if anchors else None,
        count=next((span.said.count for span in spans if span.said.count is not None), None),
        spans=tuple(_offsets(line, one) for one in found if one.last > one.first and (whole or one.spans)),
        tokens=_tokens(line, used, found, spans),
    )


def _together(found: list[Found]) -> list[Span]:
    """All spans as one list; those that no longer hold, since a later one takes their place, are former."""
    spans = [
        structs.replace(span, separator="semicolon") if at == 0 and number > 0 and not span.separator else span
        for number, one in enumerate(found)
        for at, span in enumerate(one.spans)
    ]
    renewing = max((at for at, span in enumerate(spans) if span.said.renews and span.ends), default=0)
    return [
        structs.replace(span, said=structs.replace(span.said, former=True)) if at < renewing and span.ends else span
        for at, span in enumerate(spans)
    ]


def _why_none(line: Line, spans: list[Span], found: list[Found]) -> list[str]:
    """Why a text that speaks of when gives no date."""
    reasons = []
    if any(span.said.former for span in spans):
        reasons.append("The date that the text names no longer holds, and it names no other.")
    symbolic = any(one.anchor and line.value(one.first) == "symbolic" for one in found)
    if symbolic or any(one.unresolved for one in found):
        reasons.append("The date depends on another event or on a calendar that is not at hand.")
    return reasons


def _words(line: Line, first: int, last: int) -> str:
    """The words of some items as the text has them."""
    start, end = line.lexemes(first, last)
    lexemes = line.scene.lexemes
    return line.scene.text[lexemes[start].start : lexemes[end - 1].end]


def _offsets(line: Line, one: Found) -> tuple[int, int]:
    """The offsets of an expression's words; the events that it counts belong to the title."""
    first = one.first
    while first < one.last - 1 and line.k[first] is K.A_COUNT and _is_counted_event(line, first):
        first += 1
    start, end = line.lexemes(first, one.last)
    return line.scene.lexemes[start].start, line.scene.lexemes[end - 1].end


def _is_counted_event(line: Line, at: int) -> bool:
    return line.scene.lexemes[line.node(at).last - 1].kind is K.EVENT


def _is_ancient(line: Line) -> bool:
    """Whether a number with BC or BCE stands in the text."""
    return any(
        kind is K.BCE and i and line.k[i - 1] in (K.A_YEAR, K.NUMBER, K.A_NUMBER, K.UPTO99, K.A_UNIT)
        for i, kind in enumerate(line.k)
    )


_ONE_PIECE = kinds("NUMERIC MONTH_YEAR ISO_WEEK STAMP")
_LEFT_BESIDE = kinds("ORDINAL WEEK_OF WEEKEND WEEKDAY PART")
_OTHERS = kinds("WORD EVENT")


def _suspicious(line: Line, used: set[int]) -> list[int]:
    """Items beside the dates that look like a part of one: months, numeric dates, years, numbers."""
    found = []
    for i, kind in enumerate(line.k[: line.size]):
        if i in used:
            continue
        after = line.k[i + 1]
        if kind is K.PART and (after in _OTHERS or line.k[i + 2] in _OTHERS):
            # "Opening of the exhibition"
            continue
        beside = i - 1 in used or i + 1 in used
        near = beside or i - 2 in used
        lexemes = line.scene.lexemes[slice(*line.lexemes(i, i + 1))]
        if kind in _LEFT_BESIDE:
            suspect = beside
        elif kind in (K.A_DAY, K.A_MONTH, K.A_UNIT):
            named = [one for one in lexemes if one.kind is K.MONTH and one.text not in DOUBLE]
            piece = any(one.kind in _ONE_PIECE for one in lexemes)
            suspect = piece or (bool(named) and (near or not used))
            if lexemes[0].kind is K.WEEKDAY and len(lexemes) == 1:
                suspect = beside
        elif kind in (K.A_YEAR, K.A_NUMBER):
            suspect = near and after not in (*_OTHERS, K.IN)
        else:
            suspect = False
        if suspect:
            found.append(i)
    return found


_MARKS = kinds("COMMA COLON SEMICOLON DASH HYPHEN DOT OPEN CLOSE MARK SLASH QUESTION TILDE")


def _unread(line: Line, used: set[int], suspicious: list[int], whole: bool) -> tuple[str, ...]:
    if len(used) >= line.size:
        return ()
    left = range(line.size) if whole else suspicious if used else ()
    told = []
    for i in left:
        if i not in used:
            first, last = line.lexemes(i, i + 1)
            told += [one for one in line.scene.lexemes[first:last] if one.kind not in _MARKS]
    return tuple(line.scene.text[one.start : one.end] for one in told)


def _tokens(line: Line, used: set[int], found: list[Found], spans: list[Span]) -> tuple[Token, ...]:
    """Each lexeme with what it was taken for: the row of the grammar, or its own kind; "title" where it is none."""
    text, tokens = line.scene.text, []
    anchored = {at for one in found if one.anchor for at in range(one.first, one.last)}
    former = {at for span in spans if span.said.former and span.ends for at in range(span.first, span.last)}
    for i, item in enumerate(line.items):
        first, last = (item.index, item.index + 1) if isinstance(item, Lexeme) else (item.first, item.last)
        row = item.kind.name.lower().replace("_", " ") if isinstance(item, Lexeme) else item.row
        role = "anchor" if i in anchored else row if i in used else "title"
        for at in range(first, last):
            one = line.scene.lexemes[at]
            told = "former" if at in former else role
            tokens.append(Token(text=text[one.start : one.end], start=one.start, end=one.end, role=told))
    return tuple(tokens)


# Every date of a longer text.

_PARAGRAPH = re.compile(r"[^\n]+")
_LONGEST_PIECE = 2_000


def search(text: str, context: Context, *, bare: bool = False) -> tuple[Dated, ...]:
    """Every date expression of a text, in order, not overlapping; of any length, in linear time.

    `bare`: the caller knows that days stand here (a cell, an item under a month): a number alone, a weekday alone and
    "the 3rd Thursday" are dates too. What `masked` tells is never one.
    """
    found: list[Dated] = []
    for start, end in _pieces(text):
        if bare or might_have_dates(text, start, end, context.lang):
            found += _searched(text, start, end, context, bare)
    return tuple(found)


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


_BEGINS = kinds(
    "MONTH WEEKDAY WEEKDAYS SEASON HOLIDAY TODAY RELATIVE FREQUENCY ONGOING QUALIFIER STATUS EACH SPELLED ORDINAL "
    "DAYTIME THAT_YEAR AHEAD BACK ANCHOR"
)


@lru_cache(maxsize=16)
def _hints(lang: str | None) -> re.Pattern[str]:
    """What a text with dates must have: a digit, or a word that a date can begin with."""
    words = set()
    for first, (single, longer) in vocabulary(lang or "en").phrases.items():
        if (single and single.kind in _BEGINS) or any(phrase.kind in _BEGINS for phrase in longer):
            words.add(first)
    return re.compile(
        r"\d|" + "|".join(rf"\b{re.escape(word)}" for word in sorted(words) if word.isalpha()), re.IGNORECASE
    )


def might_have_dates(text: str, start: int, end: int, lang: str | None) -> bool:
    """Whether some characters could hold a date; never False where they do."""
    if _DIGIT.search(text, start, end):
        return True
    return _hints(language_of(text[start:end], lang)).search(text, start, end) is not None


_DIGIT = re.compile(r"\d")


def _searched(text: str, start: int, end: int, context: Context, bare: bool) -> list[Dated]:
    piece = text[start:end]
    line = read_line(piece, context, language_of(piece, context.lang), bare=bare)
    found = [_dated(line, one, context) for one in expressions(line, whole=False) if one.spans]
    taken = [(one.start, one.end) for one in found]
    found += [one for one in _times(line, context) if not any(a <= one.start < b for a, b in taken)]
    if start:
        found = [structs.replace(one, start=one.start + start, end=one.end + start) for one in found]
    return sorted(found, key=lambda one: one.start)


def _dated(line: Line, one: Found, context: Context) -> Dated:
    start, end = _offsets(line, one)
    told = _told(line.scene.text, line, [one], context, False)
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
