"""Dates and what is said of them -> clauses of spans, a list of which (`lists`) is a date expression.

    clause = {said before} [date {("-" | "to" | "until" | "/") date}] {said after}

A comma or an "and" never makes a range, except the "and" of "between". What may be said stands in `said`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import structs

from calfeed.dates.days import JOINS
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.notation import Node
from calfeed.dates.partial import NOTHING_SAID, Partial, Said, Span
from calfeed.dates.recurrence import joined_said
from calfeed.dates.said import DATES, Before, Line, read_after, read_before
from calfeed.dates.vocabulary import K, kinds

_BETWEEN_ENDS = kinds("THE IN DASH TO DURING UNTIL OF LEAD FROM")


# What may stand before a date expression, in it or not, and what after it.
CONNECTORS = kinds(
    "IN FROM UNTIL BY DEADLINE BEFORE AFTER BETWEEN LEAD STARTING DURING THE OF QUALIFIER ONGOING STATUS "
    "EACH PART FORMER RENEWED TILDE"
)
OPENERS = CONNECTORS - {K.PART} | kinds("COLON OPEN COMMA SEMICOLON DASH DOT QUESTION SLASH TILDE CLOSE ARROW")
CLOSERS = frozenset(
    (None, K.CLOSE, K.COMMA, K.SEMICOLON, K.COLON, K.DOT, K.DASH, K.OPEN, K.QUESTION, K.MARK, K.SLASH, K.AND, K.AFTER)
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


class Found(NamedTuple):
    """An expression: its spans, and its items from `first` to `last` (not included), connectors too.

    `start` is the item that the expression itself begins with. `anchor` are the items that name the event that it is
    relative to, `unresolved` that it counts from one.
    """

    spans: tuple[Span, ...]
    first: int
    last: int
    start: int = 0
    anchor: tuple[int, int] | None = None
    unresolved: bool = False

    @property
    def ends(self) -> list[Partial]:
        """All its partial dates."""
        return [end for span in self.spans for end in span.ends]


def excepted(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans as those on whose days a recurrence does not take place."""
    return tuple(structs.replace(one, said=structs.replace(one.said, excepted=True)) for one in spans)


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
    if before.said.former and before.said.status == "postponed":
        node = _newer(line, node)
        if node.spans[0].said.renews:
            before = before._replace(said=structs.replace(before.said, former=False, bound=None))
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
    if before.said.excepted:
        spans = list(excepted(spans))
    if bracketed:
        if k[j] is not K.CLOSE:
            return None
        j += 1
    return Clause(tuple(spans), i, j)


def _newer(line: Line, node: Node) -> Node:
    """ "postponed from 5 to 12 May": what looks like a range is an old day and a new one."""
    span = node.spans[0]
    words = line.scene.lexemes[node.first : node.last]
    if len(node.spans) > 1 or span.joined != "range" or not any(one.kind in (K.TO, K.UNTIL) for one in words):
        return node
    new = structs.replace(span, ends=span.ends[-1:], joined=None, said=structs.replace(span.said, renews=True))
    return structs.replace(node, spans=(new,))


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
    if line.k[at] is not K.SLASH or item is None or right.year is None:
        return right, at
    number = item.number if isinstance(item, Lexeme) else item.spans[0].ends[0].day if item.kind is K.A_NUMBER else None
    if (left.month or 0) <= (right.month or 99) or number != (right.year + 1) % 100:
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
