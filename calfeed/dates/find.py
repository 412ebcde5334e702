"""What a text says about when: its expressions read, with status, anchor, count and what was left over."""

from __future__ import annotations

from functools import lru_cache

from msgspec import structs

from calfeed.dates.borrow import lends
from calfeed.dates.context import Context, day_first_of, detected, language_of
from calfeed.dates.grammar import parsed
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lexer import lex
from calfeed.dates.masks import hidden
from calfeed.dates.notation import Item, Scene
from calfeed.dates.partial import Field, Lent, Span
from calfeed.dates.places import (
    DOUBLE,
    chosen,
    expressions,
    is_doubtful,
    lone_status,
)
from calfeed.dates.readings import Read, read
from calfeed.dates.said import Line
from calfeed.dates.spans import Found
from calfeed.dates.vocabulary import K, Kind, kinds, vocabulary
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
        scene.under_month = any(one.field is Field.MONTH for one in lent_by(context))
    items: list[Item] = list(lexemes)
    return Line(scene, parsed(scene, items))


def _in_language(text: str, context: Context, lang: str, whole: bool) -> Interpretation:
    line = read_line(text, context, lang, whole=whole)
    return told_of(text, line, chosen(line, expressions(line, whole)), context, whole)


@lru_cache(maxsize=256)
def _month_of(heading: str, lang: str | None) -> tuple[int, int | None] | None:
    """The month that a heading names, and its year; None where it names none or several."""
    lexemes = lex(heading, vocabulary(language_of(heading, lang)))
    months = [one.number for one in lexemes if one.kind is K.MONTH]
    if len(months) != 1:
        return None
    years = [one.number for one in lexemes if one.kind in (K.YEAR, K.HAN_YEAR)]
    return months[0], years[0] if len(years) == 1 else None


def lent_by(context: Context) -> tuple[Lent, ...]:
    if not (context.lent or context.headings or context.span):
        return ()
    return lends(context, lambda heading: _month_of(heading, context.lang))


_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "completed": Status.COMPLETED,
    "tentative": Status.TENTATIVE,
}


def told_of(text: str, line: Line, found: list[Found], context: Context, whole: bool) -> Interpretation:
    spans = _together(found)
    result = read(spans, context, lambda: lent_by(context)) if spans else Read((), ())
    reasons = list(result.reasons)
    if K.BCE in line.k and _is_ancient(line):
        result, reasons = Read((), ()), ["Years before the common era are not read."]
    used = {at for one in found for at in range(one.first, one.last)}
    status = _status(line, spans, used)
    ongoing, count, anchor = False, None, None
    for span in spans:
        ongoing = ongoing or span.said.ongoing
        count = span.said.count if count is None else count
    for one in found:
        if one.spans and is_doubtful(line, one):
            reasons.append(f"“{_words(line, one.first, one.first + 1)}” could be a year or a part of the title.")
        if one.anchor and anchor is None:
            anchor = _words(line, *one.anchor)
    suspicious = _suspicious(line, used) if len(used) < line.size else []
    if suspicious and (found or whole):
        reasons += [f"“{_words(line, i, i + 1)}” looks like a part of a date and was not used." for i in suspicious[:3]]
    if not result.readings:
        reasons += _why_none(line, spans, found)
    return Interpretation(
        text=text,
        lang=line.scene.words.lang,
        readings=result.readings,
        review=bool(reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        unread=_unread(line, used, suspicious, whole),
        status=status,
        ongoing=ongoing,
        anchor=anchor,
        count=count,
        spans=tuple([offsets_of(line, one) for one in found if one.last > one.first and (whole or one.spans)]),
        tokens=_tokens(line, used, found, spans),
    )


def _status(line: Line, spans: list[Span], used: set[int]) -> Status | None:
    """What the text says of the event as a whole; a word that says so alone is used by it."""
    status = None
    for span in spans:
        status = _STATUSES.get(span.said.status or "", status)
        if status is None and span.said.qualifier == "tentative":
            status = Status.TENTATIVE
    if status is None and K.STATUS in line.k and (lone := lone_status(line, used)):
        used.add(lone[0])
        status = _STATUSES[lone[1]]
    return status


def _together(found: list[Found]) -> list[Span]:
    """All spans as one list; those that no longer hold, since a later one takes their place, are former."""
    spans: list[Span] = []
    for one in found:
        if spans and one.spans and not one.spans[0].separator:
            spans.append(structs.replace(one.spans[0], separator="semicolon"))
            spans += one.spans[1:]
        else:
            spans += one.spans
    renewing = 0
    for at, span in enumerate(spans):
        renewing = at if span.said.renews and span.ends else renewing
    for at, span in enumerate(spans[:renewing]):
        if span.ends:
            spans[at] = structs.replace(span, said=structs.replace(span.said, former=True))
    return spans


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


def offsets_of(line: Line, one: Found) -> tuple[int, int]:
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
        elif kind is K.EXCEPT:
            # "daily from 2 to 13 June except weekends"
            suspect = i - 1 in used and after is not None
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


# What a lexeme is called by its own kind.
_ROLES = {kind: kind.name.lower().replace("_", " ") for kind in Kind}


def _tokens(line: Line, used: set[int], found: list[Found], spans: list[Span]) -> tuple[Token, ...]:
    """Each lexeme with what it was taken for: the row of the grammar, or its own kind; "title" where it is none."""
    text, lexemes = line.scene.text, line.scene.lexemes
    tokens: list[Token] = []
    anchored = {at for one in found if one.anchor for at in range(one.first, one.last)}
    former = {at for span in spans if span.said.former and span.ends for at in range(span.first, span.last)}
    for i, item in enumerate(line.items):
        if isinstance(item, Lexeme):
            if not (anchored or former):
                role = _ROLES[item.kind] if i in used else "title"
                tokens.append(Token(text=text[item.start : item.end], start=item.start, end=item.end, role=role))
                continue
            first, last, role = item.index, item.index + 1, _ROLES[item.kind]
        else:
            first, last, role = item.first, item.last, item.row
        if i not in used:
            role = "title"
        elif i in anchored:
            role = "anchor"
        roles = [role] * (last - first)
        for node in () if isinstance(item, Lexeme) or role in ("title", "anchor") else item.inner:
            roles[node.first - first : node.last - first] = [node.row] * (node.last - node.first)
        for at, told in enumerate(roles, first):
            one = lexemes[at]
            told = "former" if at in former else told
            tokens.append(Token(text=text[one.start : one.end], start=one.start, end=one.end, role=told))
    return tuple(tokens)
