"""The third table: dates and what is said of them -> spans, a list of which is a date expression.

    expression = clause {("," | ";" | "and" | "or") clause}
    clause     = {said before} [date {("-" | "to" | "until" | "/") date}] {said after}

A comma or an "and" never makes a range, except the "and" of "between". What may be said before and after, and what it
means, stands in the tables BEFORE and AFTER.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec import structs

from calfeed.dates.lexer import Lexeme
from calfeed.dates.meanings import JOINS
from calfeed.dates.notation import Item, Node, Scene
from calfeed.dates.partial import NOTHING_SAID, Partial, Said, Span
from calfeed.dates.recurrence import joined_said, yearly_rule
from calfeed.dates.vocabulary import Kind as K  # noqa: N817
from calfeed.dates.vocabulary import kinds

NO_KIND = K.MARK
DATES = kinds("A_DAY A_MONTH A_YEAR A_UNIT A_PAIR A_NUMBER")
_DAYS = kinds("A_DAY A_PAIR A_NUMBER")
NEUTRAL = kinds("IN THE LEAD OF DURING")
_LIST = {
    K.COMMA: "comma", K.SEMICOLON: "semicolon", K.AND: "and", K.PLUS: "plus", K.OR: "or", K.SLASH: "slash",
    K.DOT: "dot",
}  # fmt: skip
_BETWEEN_ENDS = kinds("THE IN DASH TO DURING UNTIL OF LEAD FROM")


class Line:
    """Items in order, with their kinds; beyond the last there are none."""

    __slots__ = ("items", "k", "scene", "size")

    def __init__(self, scene: Scene, items: list[Item]) -> None:
        self.scene = scene
        self.items = items
        self.size = len(items)
        self.k: list[K | None] = [*[item.kind for item in items], *[None] * 8]

    def value(self, at: int) -> str:
        """The value of a lexeme, as text."""
        item = self.items[at]
        return str(item.value) if isinstance(item, Lexeme) else ""

    def node(self, at: int) -> Node:
        """The node at a place whose kind says that it is one."""
        item = self.items[at]
        assert isinstance(item, Node)
        return item

    def near(self, at: int) -> bool:
        """Whether no white space stands before an item."""
        item = self.items[at]
        return isinstance(item, Lexeme) and item.near

    def lexemes(self, first: int, last: int) -> tuple[int, int]:
        """The lexemes of some items."""
        start, end = self.items[first], self.items[last - 1]
        return (
            start.index if isinstance(start, Lexeme) else start.first,
            end.index + 1 if isinstance(end, Lexeme) else end.last,
        )


class Clause(NamedTuple):
    """Spans from item `first` to `last` (not included); one without ends where something is said without a date."""

    spans: tuple[Span, ...]
    first: int
    last: int

    @property
    def dated(self) -> bool:
        """Whether it names a date."""
        return bool(self.spans[0].ends)

    @property
    def said(self) -> Said:
        """What is said of its last date."""
        return self.spans[-1].said


# What is said before a date. Each function is given what has been said, the line and the place of the word; it returns
# what is said with it, or None where the word does not belong.

_BOUNDS = {
    K.FROM: "from", K.BETWEEN: "between", K.UNTIL: "until", K.BY: "by", K.DEADLINE: "by", K.BEFORE: "before",
    K.AFTER: "after", K.STARTING: "starting",
}  # fmt: skip
# Two bounds together: "no later than before" is the first, "from after" the second, any other pair none.
_BOTH = {
    **{(one, other): one for one in ("until", "by") for other in ("until", "by", "before")},
    **{(one, other): other for one in ("from", "starting") for other in ("before", "after")},
    ("starting", "starting"): "starting", ("from", "starting"): "from", ("from", "from"): "from",
    ("starting", "from"): "from", ("between", "between"): "between", ("before", "before"): "before",
    ("after", "after"): "after",
}  # fmt: skip


def _bound(said: Said, line: Line, at: int) -> Said | None:
    bound = _BOUNDS[line.k[at]]  # type: ignore[index]
    if bound in ("from", "between", "starting") and line.k[at + 1] is K.A_TIME:
        return said
    if said.bound is not None:
        both = _BOTH.get((said.bound, bound))
        return structs.replace(said, bound=both) if both else None
    return structs.replace(said, bound=bound)


def _qualified(said: Said, line: Line, at: int) -> Said:
    value = line.value(at)
    tentative = "tentative" in (said.qualifier, value)
    if said.qualifier not in (None, "tentative"):
        return said
    return structs.replace(said, qualifier=value, status="tentative" if tentative else said.status)


def _status(said: Said, line: Line, at: int) -> Said:
    value = line.value(at)
    former = value == "postponed" and line.k[at + 1] in (K.FROM, K.OF)
    return structs.replace(said, status=value, former=former)


def _of_node(said: Said, line: Line, at: int) -> Said:
    return joined_said(said, line.node(at).said)


def _beginning(said: Said, line: Line, at: int) -> Said | None:
    """ "beginning 5 May": a verb before a day."""
    if at and line.k[at - 1] in (K.WORD, K.EVENT):
        # "Examen final: 10 de diciembre"
        return None
    bound = {"beginning": "starting", "end": "until"}.get(line.value(at))
    following = line.k[at + 2] if line.k[at + 1] in NEUTRAL or line.k[at + 1] is K.COLON else line.k[at + 1]
    if bound is None or not (following in (K.A_DAY, K.A_PAIR) or line.k[at + 1] is K.COLON):
        return None
    return structs.replace(said, bound=bound)


def _tilde(said: Said, line: Line, at: int) -> Said | None:
    return structs.replace(said, qualifier="about") if line.k[at + 1] in DATES else None


def _unchanged(said: Said, line: Line, at: int) -> Said:
    return said


def _leading_to(said: Said, line: Line, at: int) -> Said | None:
    """ "au 5 mai" begins with what joins two ends elsewhere; "到2015年底" is until then."""
    if "to_is_until" in line.scene.words.flags and said.bound is None:
        return structs.replace(said, bound="until")
    return said if "to_leads" in line.scene.words.flags else None


BEFORE: dict[K, Callable[[Said, Line, int], Said | None]] = {
    **dict.fromkeys(NEUTRAL, _unchanged),
    **dict.fromkeys(_BOUNDS, _bound),
    K.PLURIENNIUM: _unchanged,
    K.DAY_PART: _unchanged,
    K.EACH: lambda said, line, at: said if line.k[at + 1] in DATES else None,
    K.TO: _leading_to,
    K.QUALIFIER: _qualified,
    K.STATUS: _status,
    K.ONGOING: lambda said, line, at: structs.replace(said, ongoing=True),
    K.FORMER: lambda said, line, at: structs.replace(said, former=True),
    K.RENEWED: lambda said, line, at: structs.replace(said, renews=True),
    K.PART: _beginning,
    K.OFTEN: lambda said, line, at: said if line.k[at + 1] is K.A_RULE else None,
    K.TILDE: _tilde,
    K.A_RULE: _of_node,
    K.A_COUNT: _of_node,
    K.A_LENGTH: _of_node,
    K.A_TIME: _of_node,
}
_LONGEST = 12
_AFTER_COMMA = kinds("QUALIFIER STATUS ONGOING A_RULE A_TIME A_LENGTH")
_AFTER_COLON = kinds(
    "BY DEADLINE LEAD QUALIFIER STATUS STARTING DURING PART A_RULE PLURIENNIUM FORMER RENEWED A_COUNT A_LENGTH"
)


class Before(NamedTuple):
    """What is said before a date: up to item `at`; `last` is the item after the last word that says something."""

    said: Said
    at: int
    last: int


def read_before(line: Line, i: int) -> Before:
    """Everything that is said before a date, from item `i` on."""
    k, said, j, last, opened = line.k, NOTHING_SAID, i, i, False
    while j < i + _LONGEST:
        kind = k[j]
        if kind is K.STATUS and (moved := _moved(line, j)):
            return Before(joined_said(said, moved.said), moved.at, moved.last)
        effect = BEFORE.get(kind) if kind else None
        if effect:
            changed = effect(said, line, j)
            if changed is None:
                break
            said = changed
            j += 1
            last = last if kind in NEUTRAL else j
        elif kind is K.OPEN and k[j + 1] in (K.QUALIFIER, K.STATUS) and k[j + 2] is K.CLOSE:
            opened = True
            j += 1
        elif kind is K.CLOSE and opened:
            opened = False
            j += 1
        elif j > i and (
            (kind in (K.COMMA, K.DASH) and k[j - 1] in _AFTER_COMMA) or (kind is K.COLON and k[j - 1] in _AFTER_COLON)
        ):
            j += 1
        else:
            break
    return Before(said, j, last)


def _moved(line: Line, at: int) -> Before | None:
    """ "postponed to November", "postponed from May to November 2014": what follows is the new date."""
    k = line.k
    if line.value(at) != "postponed":
        return None
    said = Said(status="postponed")
    if k[at + 1] in (K.TO, K.UNTIL, K.IN, K.BY):
        renews = k[at + 1] in (K.TO, K.UNTIL) or (k[at + 1] is K.IN and "moved_in" in line.scene.words.flags)
        end = at + 2 + (k[at + 2] in NEUTRAL)
        return Before(structs.replace(said, renews=renews), end, end)
    if k[at + 1] not in (K.FROM, K.OF):
        return None
    end = at + 2 + (k[at + 2] in NEUTRAL)
    if k[end] not in DATES:
        return None
    end += 3 if k[end + 1] is K.DASH and k[end + 2] in DATES else 1
    comma = k[end] is K.COMMA
    if k[end + comma] in (K.TO, K.UNTIL) or (k[end] is K.IN):
        return Before(said, end + comma + 1, end + comma + 1)
    return None


# What is said after a date, by kind, where a comma, a dash or a bracket may stand before it.


def _closes(line: Line, at: int, bracket: bool) -> bool:
    """Whether a word said of a date ends here, and is not the first of more."""
    return line.k[at] is K.CLOSE if bracket else line.k[at] in _ENDS


_ENDS = frozenset(
    (None, K.CLOSE, K.COMMA, K.SEMICOLON, K.DOT, K.AND, K.DASH, K.HYPHEN, K.OPEN, K.COLON, K.QUESTION, K.MARK, K.A_TIME)
)


def _said_after(line: Line, at: int, bracket: bool, span: Span) -> Said | None:
    """What a word after a date says; None where it begins something else."""
    kind, said = line.k[at], span.said
    if kind is K.QUALIFIER:
        value = line.value(at)
        if value == "about" or not _closes(line, at + 1, bracket):
            return None
        status = "tentative" if value == "tentative" else said.status
        return structs.replace(said, qualifier=said.qualifier or value, status=status)
    if kind is K.STATUS and _closes(line, at + 1, bracket):
        return structs.replace(said, status=line.value(at))
    if kind is K.ONGOING and _closes(line, at + 1, bracket):
        return structs.replace(said, ongoing=True)
    if kind is K.EARLIER or (kind is K.BY and _closes(line, at + 1, bracket)):
        return structs.replace(said, bound="by")
    if bracket and kind is K.A_UNIT and span.ends[0].day is not None and line.node(at).spans[0].ends[0].step("week"):
        # "20. bis 26. April (KW 17)"
        return said
    if kind is K.QUESTION:
        return structs.replace(said, qualifier=said.qualifier or "uncertain")
    if kind in (K.INCLUSIVE, K.PLURIENNIUM, K.DAY_PART, K.MERIDIEM):
        return said
    if kind is K.DURING and "during_follows" in line.scene.words.flags:
        return said
    if kind is K.A_TIME:
        return joined_said(said, line.node(at).said)
    if kind is K.A_COUNT and bracket:
        return joined_said(said, line.node(at).said)
    return None


def _length_after(line: Line, at: int, bracket: bool, said: Said) -> tuple[Said, int] | None:
    """ "(2 weeks)", ", for 2 weeks", "(3-day event)": a duration behind a date, and the item after it."""
    k = line.k
    start = at + (k[at] in (K.IN, K.DURING))
    if said.length is not None or k[start] not in (K.UPTO12, K.UPTO31, K.UPTO99, K.SPELLED, K.NUMBER):
        return None
    unit = start + 1 + (k[start + 1] in (K.HYPHEN, K.DASH))
    name = _LENGTHS.get(k[unit])
    item = line.items[start]
    if name is None or not isinstance(item, Lexeme):
        return None
    after = unit + 1
    if bracket and k[after] in (K.EVENT, K.WORD):
        after += 1
    if (bracket and k[after] is not K.CLOSE) or (
        not bracket and k[after] in (K.FROM, K.STARTING, K.IN, K.AFTER, K.BEFORE)
    ):
        return None
    return structs.replace(said, length=(item.number, name), anchored=True), after


_LENGTHS: dict[K | None, str] = {
    K.DAYS: "day", K.WEEK: "week", K.FORTNIGHT: "fortnight", K.MONTHS: "month", K.QUARTER: "quarter", K.HALF: "half",
    K.YEARS: "year", K.DECADES: "decade",
}  # fmt: skip


def read_after(line: Line, j: int, span: Span) -> tuple[Span, int]:
    """The span with all that is said after it, and the item after that."""
    k = line.k
    for _ in range(8):
        if k[j] is None:
            break
        lead = 1 if k[j] in (K.COMMA, K.DASH, K.OPEN, K.SEMICOLON) else 0
        bracket = k[j] is K.OPEN
        at = j + lead
        opened = _open_end(line, j, at, span)
        if opened:
            span, j = opened
            continue
        said = _said_after(line, at, bracket, span)
        after = at + 1
        if said is None:
            lasting = _length_after(line, at, bracket, span.said) if lead or k[at] in (K.IN, K.DURING) else None
            if lasting is None:
                break
            said, after = lasting
        if k[at] is K.QUESTION:
            while k[after] is K.QUESTION:
                after += 1
        if bracket:
            if k[after] is not K.CLOSE:
                break
            after += 1
        span, j = structs.replace(span, said=said), after
    return span, j


_OPENING = frozenset((K.ONWARDS, K.PLUS, K.DASH, K.IN))


def _open_end(line: Line, j: int, at: int, span: Span) -> tuple[Span, int] | None:
    """ "onwards", "2014+", "June 2013 -": the end is open."""
    k = line.k
    if k[at] not in _OPENING and k[j] not in _OPENING:
        return None
    starting = structs.replace(span.said, bound="starting")
    if k[at] is K.ONWARDS and k[j] is not K.OPEN:
        ends = span.ends[:1] if span.joined == "range" else span.ends
        joined = None if span.joined == "range" else span.joined
        return structs.replace(span, ends=ends, joined=joined, said=starting), at + 1
    if k[j] is K.PLUS and line.near(j) and k[j + 1] not in DATES:
        return structs.replace(span, said=starting), j + 1
    if k[j] is K.DASH and k[at] in (None, K.CLOSE):
        return structs.replace(span, said=starting), j + 1
    if k[j] is K.IN and span.said.bound in ("starting", "from") and _closes(line, j + 1, False):
        # "from June on"
        return structs.replace(span, said=starting), j + 1
    return None


# Clauses.


def read_clause(line: Line, i: int) -> Clause | None:
    """The clause that begins at item `i`; None where nothing about when begins."""
    before = read_before(line, i)
    j, k = before.at, line.k
    bracketed = k[j] is K.OPEN and j > i and k[j + 1] in DATES
    j += bracketed
    if k[j] not in DATES:
        return _dateless(line, i, before)
    node = line.node(j)
    between = before.said.bound == "between"
    spans = list(node.spans)
    if before.said is not NOTHING_SAID:
        spans[0] = structs.replace(spans[0], said=joined_said(before.said, spans[0].said))
    if between and len(spans) == 2 and spans[1].separator == "and" and not (spans[0].joined or spans[1].joined):
        spans = [structs.replace(spans[0], ends=(*spans[0].ends, *spans[1].ends), joined="range")]
    j += 1
    while joined := _joined(line, j, spans, between):
        spans, j = joined
    last = spans[-1]
    if last.said.bound in ("from", "between"):
        bound = None if last.joined or last.said.former else "starting"
        last = structs.replace(last, said=structs.replace(last.said, bound=bound))
    if len(spans) > 1 and spans[0].said.bound in ("from", "between"):
        bound = None if spans[0].joined else "starting"
        spans[0] = structs.replace(spans[0], said=structs.replace(spans[0].said, bound=bound))
    spans[-1], j = read_after(line, j, last)
    if bracketed:
        if k[j] is not K.CLOSE:
            return None
        j += 1
    return Clause(tuple(spans), i, j)


def _joined(line: Line, j: int, spans: list[Span], between: bool) -> tuple[list[Span], int] | None:
    """The spans with the other end of a range, or a further month of a window; None where none follows."""
    k, left = line.k, spans[-1]
    start_time, j = _time_before_join(line, j)
    if k[j] in (K.IN, K.ONWARDS) and k[j + 1] in (K.UNTIL, K.TO):
        # "from 5 May on until 7 June"
        j += 1
    kind = k[j]
    if kind is K.COMMA and k[j + 1] in (K.UNTIL, K.TO):
        j, kind = j + 1, k[j + 1]
    is_range = kind in JOINS or (between and kind is K.AND and len(left.ends) == 1)
    if not is_range and not (kind is K.SLASH and left.joined != "range"):
        return None
    if is_range and left.joined:
        return _until_year(line, j, spans)
    after = j + 1
    if is_range and k[after] in (K.PRESENT, K.ONGOING, K.ONWARDS) and len(left.ends) == 1:
        said = structs.replace(left.said, bound="starting")
        return [*spans[:-1], structs.replace(left, said=said)], after + 1
    early_end: Said | None = None
    while (k[after] in _BETWEEN_ENDS or (k[after] is K.A_TIME and is_range and early_end is None)) and after - j < 6:
        early_end = line.node(after).said if k[after] is K.A_TIME else early_end
        after += 1
    said = left.said
    if k[after] is K.QUALIFIER and is_range:
        said = structs.replace(said, qualifier=said.qualifier or line.value(after))
        after += 1
    if k[after] not in DATES or not _fits(line, j, after, left, is_range):
        return None
    right = line.node(after).spans
    head = left.ends[-1]
    if (
        kind in (K.DASH, K.HYPHEN)
        and head.is_bare_year
        and right[0].ends[0].year is None
        and k[after] is not K.A_NUMBER
    ):
        # "2014 - first half": the year stands over the rest.
        under = tuple(structs.replace(one, year=head.year) for one in right[0].ends)
        return [*spans[:-1], structs.replace(left, ends=under, joined=right[0].joined), *right[1:]], after + 1
    end = right[0].ends[-1]
    after += 1
    end, after = _turned(line, after, head, end)
    start_time = start_time or (said if early_end and said.times else None)
    if start_time:
        end_time, after = (early_end, after) if early_end else _time_after(line, after)
        said = joined_said(said, _stretch(start_time, end_time))
    ends = (*left.ends, *right[0].ends[:-1], end) if not is_range else (left.ends[0], end)
    joined = "range" if is_range else left.joined or "window"
    return [*spans[:-1], structs.replace(left, ends=ends, joined=joined, said=said), *right[1:]], after


def _time_before_join(line: Line, j: int) -> tuple[Said | None, int]:
    """A time of day, or a part of the day, between a date and what joins it to another: "9 May, 8:00 to 10 May"."""
    k = line.k
    at = j + (k[j] is K.COMMA)
    at += k[at] is K.OPEN
    if k[at] is K.A_TIME:
        after = at + 1 + (k[at + 1] is K.CLOSE)
        joint = after + (k[after] is K.COMMA)
        further = joint + 1
        while k[further] in _BETWEEN_ENDS:
            further += 1
        if k[joint] in JOINS and k[further] in DATES and "/" not in (line.node(at).said.times or ""):
            return line.node(at).said, joint
    if k[at] in (K.DAY_PART, K.MERIDIEM) and k[at + 1] in JOINS:
        return None, at + 1
    return None, j


def _time_after(line: Line, j: int) -> tuple[Said | None, int]:
    at = j + (line.k[j] is K.COMMA)
    at += line.k[at] is K.OPEN
    if line.k[at] is not K.A_TIME:
        return None, j
    return line.node(at).said, at + 1 + (line.k[at + 1] is K.CLOSE)


def _stretch(start: Said, end: Said | None) -> Said:
    """Hours that begin on the first day and end on the last."""
    if end is None:
        return start
    times = f"{start.times}/{(end.times or '').split('/')[-1]}"
    return Said(times=times, zones=start.zones or end.zones, continuous=True)


def _until_year(line: Line, j: int, spans: list[Span]) -> tuple[list[Span], int] | None:
    """ "June-August 2013-2015": the same months in each year."""
    left = spans[-1]
    if line.k[j + 1] is K.A_MONTH and left.ends[-1].day is None and left.ends[-1].month is not None:
        # "May-June-July 2021"
        right = line.node(j + 1).spans[0].ends[0]
        return [*spans[:-1], structs.replace(left, ends=(left.ends[0], right))], j + 2
    if line.k[j + 1] is not K.A_YEAR:
        return None
    end = line.node(j + 1).spans[0].ends[0]
    year = left.ends[-1].year
    if not end.is_bare_year or year is None or (end.year or 0) <= year or left.until_year:
        return None
    return [*spans[:-1], structs.replace(left, until_year=end.year)], j + 2


def _fits(line: Line, joint: int, at: int, left: Span, is_range: bool) -> bool:
    """Whether two dates can be the ends of a range or window: "May/June", not "May/2014" nor "May 2014 - 5"."""
    kind = line.k[at]
    if kind is K.A_NUMBER:
        # What is missing is borrowed from the other end: "28 April - 2".
        return left.ends[-1].day is not None and line.k[at + 1] not in (K.WORD, K.EVENT)
    if is_range:
        return True
    before = _kind_of_end(left.ends[-1])
    after = _kind_of_end(line.node(at).spans[0].ends[0])
    return before == after or before == "number" or "part" in (before, after)


def _kind_of_end(partial: Partial) -> str:
    if partial.step("part"):
        return "part"
    if partial.day is not None:
        return "day" if partial.month is not None else "number"
    if partial.steps and partial.steps[0].unit != "years":
        return partial.steps[0].unit
    return "month" if partial.month is not None else "year"


def _turned(line: Line, at: int, left: Partial, right: Partial) -> tuple[Partial, int]:
    """ "September-January 2013/14": the second year is that of the second month."""
    item = line.items[at + 1] if at + 1 < line.size else None
    if line.k[at] is not K.SLASH or not isinstance(item, Lexeme) or right.year is None or item.digits != 2:
        return right, at
    if not item.near or (left.month or 0) <= (right.month or 99) or item.number != (right.year + 1) % 100:
        return right, at
    return structs.replace(right, year=right.year + 1), at + 2


def _dateless(line: Line, i: int, before: Before) -> Clause | None:
    """A clause without a date that still says something: "ongoing", "TBC", "monthly", "cancelled"."""
    said, k = before.said, line.k
    told = (
        said.ongoing
        or said.rule
        or said.status in ("cancelled", "postponed", "completed")
        or said.qualifier == "tentative"
    )
    last = before.last
    while last > i and k[last - 1] in (K.COMMA, K.COLON, K.DASH, K.OPEN):
        last -= 1
    if not told or last <= i or said.bound is not None:
        return None
    if said.status == "postponed" and k[last] is K.ONWARDS:
        last += 1
    said = structs.replace(said, length=None)
    return Clause((Span(*line.lexemes(i, last), said=said),), i, last)


# Expressions.

_FRAME = kinds("FROM STARTING UNTIL IN DURING BETWEEN")
_SAID = kinds("STATUS QUALIFIER ONGOING A_RULE")


def read_expression(line: Line, i: int) -> list[Clause]:
    """The clauses of the expression that begins at item `i`; none where no date begins."""
    clause = read_clause(line, i)
    if clause is None:
        return []
    clauses = [clause]
    while following := _next_clause(line, clauses):
        separator, found = following
        framed = separator in ("comma", "open", "frame") and _frames(clauses[-1], found)
        if framed or separator == "frame":
            clauses[-1] = _take_frame(clauses[-1], found)
        elif separator == "comma" and (dated := _final_year(clauses[-1], found)):
            clauses[-1] = dated
        else:
            clauses.append(_separated(found, separator))
    return clauses


def _separated(clause: Clause, separator: str) -> Clause:
    return clause._replace(spans=(structs.replace(clause.spans[0], separator=separator), *clause.spans[1:]))


def _next_clause(line: Line, clauses: list[Clause]) -> tuple[str, Clause] | None:
    """The next clause of a list and what stands before it; None where the list ends."""
    k, before = line.k, clauses[-1]
    j = before.last
    kind = k[j]
    separator = _LIST.get(kind, "") if kind else ""
    if separator:
        j += 1
        if separator in ("comma", "semicolon") and k[j] in (K.AND, K.OR):
            separator = _LIST[k[j]]  # type: ignore[index]
            j += 1
        if separator == "dot" and not (before.dated and k[j] in DATES and k[j] is not K.A_YEAR):
            return None
    elif kind is K.COLON and _heads_a_list(line, before):
        separator, j = "colon", j + 1
    elif kind is K.OPEN and before.dated:
        separator, j = "open", j + 1
    elif before.said.rule and kind in _FRAME:
        separator = "frame"
    elif kind in _SAID or (kind is K.DASH and k[j + 1] in (K.STATUS, K.QUALIFIER)):
        separator, j = "said", j + (kind is K.DASH)
        if k[j] is K.A_RULE and (k[j + 1] in (K.EVENT, K.WORD) or any(end.relative for end in before.spans[-1].ends)):
            # "Autumn 2014 Annual meeting", "Market Saturday: first Saturday of each month"
            return None
    else:
        return None
    found = read_clause(line, j)
    if found is None or (separator in ("or", "slash", "frame") and not found.dated):
        return None
    if separator == "open":
        if k[found.last] is not K.CLOSE or (found.dated and not _frames(before, found)):
            return None
        found = found._replace(last=found.last + 1)
    return separator, found


def _heads_a_list(line: Line, clause: Clause) -> bool:
    """ "2013: June, September; 2014: May" """
    k, after = line.k, clause.last + 1
    while k[after] in (K.THE, K.IN, K.PART):
        after += 1
    opened = clause.first == 0 or k[clause.first - 1] in (K.SEMICOLON, K.COMMA, K.DOT, K.COLON, K.OPEN)
    span = clause.spans[0]
    year = len(clause.spans) == 1 and len(span.ends) == 1 and span.ends[0].is_bare_year and span.said.bound is None
    return year and opened and k[after] in DATES and k[after] is not K.A_YEAR


def _frames(clause: Clause, following: Clause) -> bool:
    """ "each Tuesday, starting 6 May": whether a clause only says when another's recurrence happens."""
    return bool(clause.said.rule and not clause.dated and following.dated and not following.said.rule)


def _take_frame(clause: Clause, following: Clause) -> Clause:
    """ "annually in March from 2014": the second clause bounds what the first repeats."""
    span, frame = clause.spans[-1], following.spans[0]
    said = span.said
    if span.ends and all(one.year is None for one in span.ends) and said.rule == "FREQ=YEARLY":
        said = structs.replace(said, rule=yearly_rule(span.ends[0]))
        span = structs.replace(span, ends=())
    told = structs.replace(frame.said, bound=None if span.ends else frame.said.bound)
    said = joined_said(told, structs.replace(said, bound=None))
    if span.ends:
        span = structs.replace(span, ends=(*span.ends, frame.ends[-1]), joined="range", said=said)
    else:
        span = structs.replace(span, ends=frame.ends, joined=frame.joined, said=said)
    return Clause((*clause.spans[:-1], span, *following.spans[1:]), clause.first, following.last)


def _final_year(clause: Clause, following: Clause) -> Clause | None:
    """ "5 May, 9:00, 2014": a year after a comma belongs to the day before it."""
    year, span = following.spans[0], clause.spans[-1]
    if len(following.spans) > 1 or len(year.ends) != 1 or not year.ends[0].is_bare_year or not span.ends:
        return None
    last = span.ends[-1]
    if last.day is None or last.year is not None or following.last - following.first > 1:
        return None
    ends = (*span.ends[:-1], structs.replace(last, year=year.ends[0].year))
    said = joined_said(year.said, span.said)
    return Clause((*clause.spans[:-1], structs.replace(span, ends=ends, said=said)), clause.first, following.last)
