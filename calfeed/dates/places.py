"""Where date expressions stand in a text, and which of them are dates.

Expressions are tried from left to right. One that could be something else (a bare year, "May", "monthly") counts only
where dates stand: at the start, after a colon, comma, dash, bracket or preposition, and before an end.
"""

from __future__ import annotations

from msgspec import structs

from calfeed.dates.days import settle_days
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lists import read_expression
from calfeed.dates.partial import Partial, Span
from calfeed.dates.said import Line
from calfeed.dates.spans import CLOSERS, CONNECTORS, OPENERS, Clause, Found
from calfeed.dates.unresolved import relative_to
from calfeed.dates.vocabulary import K, kinds

# Kinds that no expression begins with; connectors before one are taken in afterwards.
_NEVER_FIRST = kinds(
    "COMMA CLOSE COLON SEMICOLON MARK DASH HYPHEN SLASH AND TO EVENT IN THE LEAD OF DURING DOT QUESTION "
    "PLUS WORD CODE ARROW NUMBER DAY_PART"
)
_FIELD_MARKS = kinds("COLON OPEN COMMA DASH SEMICOLON")
_WORDS = kinds("WORD EVENT")
# Words that are a month or weekday and something else: a date only with a capital and in a date's place.
DOUBLE = frozenset(("may", "march", "mar", "sun", "sat", "mon", "wed", "dec", "jan", "sep"))
# So many words at most may say what is due before a date that a noun makes a deadline.
_MOST_DUE = 8
_WHAT_IS_DUE = kinds("WORD EVENT OF THE AND IN DURING LEAD TO OR FROM STARTING MARK")


def expressions(line: Line, whole: bool) -> list[Found]:
    """All date expressions of a line, in order."""
    if whole and line.size == 1 and (only := _only_date(line)):
        return [only]
    found: list[Found] = []
    k, i = line.k, 0
    until = "to_is_until" in line.scene.words.flags
    while i < line.size:
        kind = k[i]
        if (kind in _NEVER_FIRST and not (kind is K.TO and until)) or (kind is K.OPEN and i > 0):
            i += 1
            continue
        relative = relative_to(line, i, whole)
        if relative:
            found.append(relative)
            i = relative.last
            continue
        clauses = [] if _passed(line, i) else read_expression(line, i)
        if not clauses:
            i += 1
            continue
        expression = _expression(line, i, clauses)
        if _stands(line, expression, whole):
            found.append(expression)
        # No part of a refused expression is tried again: reading stays linear.
        i = max(expression.last, i + 1)
    return found if line.scene.bare else _without_weekdays(found)


def _only_date(line: Line) -> Found | None:
    """The date that is all of a text, where the text has its year."""
    item = line.items[0]
    if isinstance(item, Lexeme) or item.kind not in _DATES or item.spans[0].ends[0].year is None:
        return None
    return None if item.spans[0].ends[0].relative else Found(tuple(_settled(list(item.spans))), 0, 1)


_DATES = kinds("A_DAY A_MONTH A_YEAR A_UNIT")


def _without_weekdays(found: list[Found]) -> list[Found]:
    """Without weekdays that stand alone: they name no day, and beside one they are a check."""
    if not any(end.relative and end.weekday is not None for one in found for end in one.ends):
        return found
    kept = []
    for one in found:
        spans = tuple(span for span in one.spans if not span.ends or not _is_weekday(span))
        if spans or not one.spans:
            kept.append(one._replace(spans=spans))
    return kept


def _is_weekday(span: Span) -> bool:
    return all(end.relative and end.weekday is not None for end in span.ends)


def _expression(line: Line, i: int, clauses: list[Clause]) -> Found:
    spans = [span for clause in clauses for span in clause.spans]
    spans = _settled(spans)
    if _is_due(line, i):
        due = (span.ends and span.said.bound is None and span.joined is None for span in spans)
        spans = [
            structs.replace(span, said=structs.replace(span.said, bound="by")) if is_due else span
            for span, is_due in zip(spans, due, strict=True)
        ]
    return Found(tuple(spans), _widened(line, i), clauses[-1].last, i)


def _settled(spans: list[Span]) -> list[Span]:
    """Numbers after months are all days or all years."""
    ends = [end for span in spans for end in span.ends]
    if not any(end.others for end in ends):
        return spans
    settled = iter(settle_days(ends))
    return [structs.replace(span, ends=tuple(next(settled) for _ in span.ends)) for span in spans]


def _passed(line: Line, i: int) -> bool:
    """What is no date though it begins like one."""
    k, item = line.k, line.items[i]
    if k[i] is K.A_RULE and "rule_follows_noun" in line.scene.words.flags:
        # "Rencontre annuelle : fin 2015"
        return i > 0 and k[i - 1] in _WORDS and k[i + 1] is K.COLON
    if k[i] is K.A_MONTH and not isinstance(item, Lexeme) and item.last - item.first == 1:
        return _text(line, i) == "may" and k[i + 1] in (K.WORD, K.EVENT, K.LEAD)
    # "Atelier de clôture"
    return k[i] is K.DEADLINE and i > 1 and k[i - 1] is K.OF and k[i - 2] in _WORDS


def _text(line: Line, i: int) -> str:
    """The words of an item as the text has them."""
    item = line.items[i]
    if isinstance(item, Lexeme):
        return line.scene.text[item.start : item.end]
    lexemes = line.scene.lexemes
    return line.scene.text[lexemes[item.first].start : lexemes[item.last - 1].end]


def _is_due(line: Line, i: int) -> bool:
    """Whether words before an expression name a deadline: "Deadline for abstracts: 1 March".

    Between the deadline and the colon or dash stands what is due; it is no part of the date expression.
    """
    k = line.k
    while i and k[i - 1] in (K.THE, K.IN):
        i -= 1
    if i > 1 and k[0] is K.DEADLINE and K.COLON in (k[1], k[i - 1]):
        return True
    if i < 2 or k[i - 1] not in (K.COLON, K.DASH):
        return False
    j = i - 2
    while j >= 0 and i - j < _MOST_DUE and k[j] in _WHAT_IS_DUE:
        j -= 1
    return j >= 0 and k[j] is K.DEADLINE and not _passed(line, j)


def _widened(line: Line, i: int) -> int:
    """The first of the connectors before a date that belong to its words: "to be held in"."""
    k = line.k
    to_leads = "to_leads" in line.scene.words.flags
    while i > 0:
        before = k[i - 1]
        leads = before in (K.LEAD, K.IN, K.THE, K.DURING) or (to_leads and before in (K.OF, K.TO))
        led = i > 1 and before is K.COLON and k[i - 2] in (K.LEAD, K.DURING)
        if not (leads or led) or (before is K.THE and i > 1 and k[i - 2] not in OPENERS):
            break
        i -= 1
    return i


# Whether an expression is a date.


def _strength(span: Span) -> int:
    """2: surely a date; 1: a date where dates stand."""
    if not span.ends:
        return 1
    best = max(map(_units, span.ends))
    said = span.said
    if best and (said.bound or said.ongoing or said.rule):
        best += 1
    return 2 if best >= 2 else 1


def _units(end: Partial) -> int:
    """How many fields and steps a partial date has; a word counted from the day of reading is one."""
    named = (end.year is not None) + (end.month is not None) + (end.day is not None)
    if not (end.steps or end.relative):
        return named
    if end.relative:
        named = min(named, 1)
    strong = (
        end.step("week", "week of", "week ending", "weekend of", "decade", "fiscal", "academic", "part") is not None
    )
    return named + sum(step.unit != "years" for step in end.steps[:1]) + (strong and not end.relative)


def _is_whole(end: Partial) -> bool:
    """Whether the text has all of a day."""
    return end.day is not None and end.month is not None and end.year is not None and not end.relative


def _is_bare(end: Partial) -> bool:
    return (
        end.year is None
        and end.month is None
        and (end.day is not None or bool(end.steps and end.steps[0].name == "of month"))
    )


def _stands(line: Line, found: Found, whole: bool) -> bool:
    """Whether an expression is one: by itself, or by where it stands."""
    k, ends, i = line.k, found.ends, found.start
    if found.first == 0 and ends and _is_whole(ends[0]):
        return True
    opened = found.first == 0 or k[found.first - 1] in OPENERS or k[i] in CONNECTORS or found.first < i
    closed = k[found.last] in CLOSERS
    if ends and all(_is_bare(end) and end.weekday is None for end in ends):
        return _bare_stands(line, found, whole, opened and closed)
    if ends and all(end.pair for end in ends):
        return _pair_stands(line, found, whole)
    row = "" if isinstance(item := line.items[i], Lexeme) else item.row
    if not whole and row.startswith("holiday") and any(end.year is None for end in ends):
        # "Christmas concert" names no day; "closed on Christmas Day" does.
        alone = found.first == 0 or k[found.first - 1] in _FIELD_MARKS
        if not closed or not (alone or k[i] in CONNECTORS or found.first < i):
            return False
    in_title = not whole and found.first > 0 and k[found.first - 1] is not K.COLON
    if in_title and any(end.step("century") for end in ends):
        return False
    if max(map(_strength, found.spans)) == 2:
        if len(ends) == 1 and ends[0].year is None and not opened and not closed and ends[0].day is None:
            return False
        return opened or not ends or _is_capital(line, i)
    if ends and all(end.year is not None and end.month is None and not end.relative for end in ends):
        return (opened or len(ends) > 1) and closed if opened or len(ends) > 1 else _ends_title(line, found)
    if not (opened and closed):
        return False
    if ends:
        return _is_capital(line, i)
    # "Tentative programme", "regular meeting": what is said without a date stands in a field of its own.
    alone = found.first == 0 and found.last >= line.size
    return whole or alone or k[found.first - 1] in (*_FIELD_MARKS, K.CLOSE)


def _bare_stands(line: Line, found: Found, whole: bool, placed: bool) -> bool:
    """ "5-9" is a date under a heading that names the month, "on the 5th" of the month of reading is not."""
    if line.scene.bare:
        return placed or found.first == 0
    ends = found.ends
    item = line.items[found.start]
    ordinal = not isinstance(item, Lexeme) and any(
        one.kind in (K.NTH, K.ORDINAL) for one in line.scene.lexemes[item.first : item.last]
    )
    alone = whole and found.first == 0 and found.last >= line.size
    return alone and (len(ends) > 1 or ordinal or line.scene.under_month)


# What follows a day and a month that a line begins with: "6/27 Title", "01/01 - Title".
_AFTER_FIRST_DAY = kinds("WORD EVENT DASH HYPHEN COLON COMMA LEAD A_TIME A_RULE")


def _pair_stands(line: Line, found: Found, whole: bool) -> bool:
    """ "12.05." alone is a day in German; "1.1." after a word is a section. So with "22/04" and "1/10"."""
    k = line.k
    if line.scene.bare or any(end.weekday is not None for end in found.ends):
        return True
    first, last = line.lexemes(found.start, found.last)
    lexemes = line.scene.lexemes[first:last]
    slashed = any(one.kind is K.SLASH for one in lexemes)
    if found.first == 0 and slashed and k[found.last] in _AFTER_FIRST_DAY:
        return True
    opened = found.first == 0 or k[found.first - 1] in OPENERS
    if len(found.ends) > 1 and opened and (k[found.last] in CLOSERS or k[found.last] is K.HYPHEN):
        return True
    alone = found.last >= line.size and (k[found.first - 1] is K.COLON if found.first else whole)
    dotted = whole and "pairs_are_days" in line.scene.words.flags and lexemes[-1].text.endswith(".")
    return alone and (dotted or slashed or len(found.ends) > 1)


def _ends_title(line: Line, found: Found) -> bool:
    """Whether a year without a mark before it, as in "Regional workshop 2014", is one; "Horizon 2020" is a name."""
    if line.k[found.first - 1] not in _WORDS:
        return False
    if line.k[found.last] not in (None, K.CLOSE, K.DOT, K.COMMA, K.OPEN):
        return False
    named = _text(line, found.first - 1)[:1].isupper() and line.k[found.first - 1] is not K.EVENT
    return not named


def is_doubtful(line: Line, found: Found) -> bool:
    """Whether only its place at the end of a title makes a number a year that the document's years do not confirm."""
    ends = found.ends
    if len(ends) != 1 or not ends[0].is_bare_year or _strength(found.spans[0]) == 2:
        return False
    if not found.first or line.k[found.first - 1] not in _WORDS or line.k[found.first] is not K.A_YEAR:
        return False
    years = line.scene.years
    return years is None or not years[0] <= (ends[0].year or 0) <= years[1]


def _is_capital(line: Line, i: int) -> bool:
    """Whether words that could be others begin with a capital, as names of months do in English."""
    text = _text(line, i)
    first = text.split()[0].strip(".,").lower() if text.split() else ""
    return line.scene.words.lang != "en" or first not in DOUBLE or text[:1].isupper()


def lone_status(line: Line, used: set[int]) -> tuple[int, str] | None:
    """A word such as "CANCELLED" that has a field of its own beside the title: its item and the status."""
    for i, kind in enumerate(line.k[: line.size]):
        if kind is not K.STATUS or i in used:
            continue
        starts = i == 0 or line.k[i - 1] in _FIELD_MARKS
        if starts and line.k[i + 1] in (K.CLOSE, K.DASH, K.COLON, K.COMMA, None):
            return i, line.value(i)
    return None


def _without_titles(found: list[Found]) -> list[Found]:
    """Beside a whole day, a year or a season alone is a part of a title: "12 May 2006, Diary 1853"."""
    if len(found) < 2 or not any(end.day is not None and not end.relative for one in found for end in one.ends):
        return found
    return [one for one in found if not one.spans or not all(map(_is_of_title, one.ends)) or not one.ends]


def _is_of_title(end: Partial) -> bool:
    named = end.step("season", "half", "quarter") is not None and end.year is None
    return end.is_bare_year or end.step("century") is not None or named


def chosen(line: Line, found: list[Found]) -> list[Found]:
    """Those that say when the entry is: from the first that follows a colon on, else all."""
    found = _without_titles(found)
    dated = [one for one in found if one.ends]
    if len(dated) < 2:
        return found
    for index, one in enumerate(dated):
        if one.first and line.k[one.first - 1] is K.COLON and (index == 0 or dated[index - 1].first > 0):
            kept = dated[index:]
            return [other for other in found if other in kept or not other.ends]
    return found
