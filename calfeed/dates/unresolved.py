"""What is relative to another event, or to a calendar that is not at hand: "back-to-back with COP-12", "M3-M6"."""

from __future__ import annotations

from calfeed.dates.said import DATES, NEUTRAL, Line
from calfeed.dates.spans import CLOSERS, OPENERS, Found
from calfeed.dates.vocabulary import K, kinds

_WORDS = kinds("WORD EVENT")


def relative_to(line: Line, i: int, whole: bool) -> Found | None:
    kind = line.k[i]
    opened = whole or i == 0 or line.k[i - 1] in OPENERS
    if opened and (found := _unresolved(line, i)):
        return found
    if kind is K.ANCHOR and line.value(i) != "project":
        return _anchored(line, i)
    return None


def _anchored(line: Line, i: int) -> Found | None:
    """The event that the text refers to. Its name ends at a bracket, comma, colon or semicolon, or at a date."""
    k = line.k
    j = first = i + 1
    while k[first] in (K.THE, K.OF, K.TO) and first - i < 4:
        first += 1
    while k[j] is not None and k[j] not in (K.OPEN, K.CLOSE, K.COMMA, K.SEMICOLON, K.COLON) and j - i < 20:
        if k[j] in (K.IN, K.DURING) and k[j + 1] in DATES:
            break
        j += 1
    if line.value(i) == "symbolic":
        first = i
    j = max(j, first)
    return Found((), i, j, i, (first, j)) if j > first else None


_COUNTABLE = kinds("UPTO12 UPTO31 UPTO99 SPELLED NUMBER")
_UNITS = kinds("DAYS WEEK FORTNIGHT MONTHS QUARTER HALF YEARS DECADES")
_NUMBERED = kinds("YEARS MONTHS WEEK QUARTER")


def _unresolved(line: Line, i: int) -> Found | None:
    """What counts from the start of a project or from another event: "M3-M6", "Year 2", "one month after adoption"."""
    k = line.k
    if k[i] in (K.AFTER, K.BEFORE) and i == 0:
        first = i + 1
        while k[first] in NEUTRAL and first < 3:
            first += 1
        named = k[first] in (*_WORDS, K.CODE) and first + 1 < line.size
        return Found((), i, line.size, i, (first, line.size)) if named and not DATES & set(k[first:]) else None
    if k[i] in (*_COUNTABLE, K.A_LENGTH):
        return _counted_from_event(line, i)
    named = k[i] in _NUMBERED or (k[i] is K.ANCHOR and line.value(i) == "project")
    return _numbered_project(line, i) if named else None


def _counted_from_event(line: Line, i: int) -> Found | None:
    """ "two weeks after the workshop", "six months from adoption"."""
    k = line.k
    j = i + 1
    if k[i] is K.A_LENGTH:
        node = line.node(i)
        if line.scene.lexemes[node.first + 1].kind not in _UNITS:
            # "a two-day workshop in Bangkok"
            return None
        j += k[j] in (K.OF, K.IN, K.BY, K.BEFORE)
    else:
        if k[i + 1] not in _UNITS or k[i + 2] not in (K.AFTER, K.BEFORE, K.FROM, K.BY, K.OF, K.IN):
            return None
        j = i + 3
    while k[j] is K.THE:
        j += 1
    if k[j] not in (*_WORDS, K.CODE):
        return None
    first = j
    while k[j] in (*_WORDS, K.OF, K.THE, K.DASH, K.HYPHEN, K.CODE, K.NUMBER) and j - i < 20:
        j += 1
    return Found((), i, j, i, (first, j))


def _numbered_project(line: Line, i: int) -> Found | None:
    """ "M3-M6", "Year 2", "Phase 2"."""
    k = line.k
    numbers = (K.UPTO12, K.UPTO31, K.UPTO99, K.A_NUMBER, K.CODE)
    if k[i + 1] not in numbers:
        return None
    j = i + 2
    while k[j] in (K.DASH, K.HYPHEN, K.TO, K.AND, K.SLASH) and j - i < 20:
        after = j + 1 + (k[j + 1] in (*_NUMBERED, K.ANCHOR))
        if k[after] not in numbers:
            break
        j = after + 1
    return Found((), i, j, i, (i, j), unresolved=True) if k[j] in CLOSERS else None
