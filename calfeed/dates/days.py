"""What the rows of the grammar make of lexemes: days and months, and what all such builders share.

Each function is the builder of one row or of a few that are alike. It is given a match with named lexemes and returns a
node, or None where the numbers cannot be meant so ("32 May").
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TypeGuard

from msgspec import structs

from calfeed.dates.calendar import FIRST_YEAR, LAST_YEAR
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lexer import century_of
from calfeed.dates.notation import Item, Match, Node
from calfeed.dates.partial import Partial, Span, Step
from calfeed.dates.vocabulary import K, Kind, kinds

NUMBERS = re.compile(r"\d+")
DAY_KINDS = kinds("UPTO12 UPTO31 NTH ORDINAL SPELLED")
JOINS = kinds("HYPHEN DASH TILDE ARROW TO UNTIL")
SEPARATORS = {
    K.COMMA: "comma", K.SEMICOLON: "semicolon", K.AND: "and", K.PLUS: "plus", K.OR: "or",
    K.SLASH: "slash",
}  # fmt: skip
# What a number before it counts: "5 countries", "5 weeks".
_COUNTED = kinds("WORD EVENT DAYS WEEK FORTNIGHT MONTHS QUARTER HALF YEARS DECADES")
# A year with one or two digits missing is this near to the day of reading.
_NEAR = 15


def node_of(m: Match, partial: Partial, kind: Kind | None = None) -> Node:
    """A node that is one partial date."""
    first, last = m.start, m.end
    return Node(kind or kind_of(partial), first, last, m.row.name, (Span(first, last, (partial,)),))


def kind_of(partial: Partial) -> Kind:
    """The kind of a node that is a partial date."""
    if partial.day is not None:
        return K.A_DAY
    if partial.steps:
        return K.A_UNIT
    return K.A_MONTH if partial.month is not None else K.A_YEAR


YearOf = tuple[int | None, tuple[Step, ...], bool]


def year_of(m: Match) -> YearOf | None:
    """The year that a match names under "year", "short" or "step", the step of a fiscal year, and whether the year is
    relative to the day of reading. None for a short year that cannot be one."""
    steps: tuple[Step, ...] = ()
    if (kind := m.get("kind")) and kind.value in ("fiscal", "academic"):
        steps = (Step(str(kind.value)),)
    if year := m.get("year"):
        if year.kind is K.THAT_YEAR:
            return m.scene.reference.year + year.number, steps, True
        return (year.number, steps, False) if FIRST_YEAR <= year.number <= LAST_YEAR else None
    if short := m.get("short"):
        return (century_of(short.number), steps, False) if short.digits == 2 else None
    if step := m.get("step"):
        return m.scene.reference.year + step.number, steps, True
    return None, steps, False


def plain(m: Match) -> Node | None:
    """Year, month and day, each as it is named; and a division, season, week or decade of the year."""
    year = year_of(m)
    if year is None:
        return None
    steps = year[1]
    if division := m.get("division"):
        steps = (*steps, division_of(division))
    if season := m.get("season"):
        steps = (*steps, Step("season", season.number))
    month = m.get("month")
    return node_of(m, Partial(year=year[0], month=month.number if month else None, steps=steps, relative=year[2]))


def division_of(lexeme: Lexeme) -> Step:
    """quarter3 is the third quarter."""
    value = str(lexeme.value)
    return Step(value[:-1], int(value[-1]))


# Days and months.


Days = list[tuple[str, str | None, list[Partial]]]


def days_in(m: Match, first: int, last: int, month: int | None, year: int | None) -> Days | None:
    """Days of one month, as a list of separators, joints and ends: "2-6 and 9 (Monday)"; None if one is no day."""
    found: Days = []
    joint: str | None = None
    weekdays: list[int] = []
    after_day = False
    for item in m.items[first:last]:
        kind = item.kind
        if kind in DAY_KINDS and isinstance(item, Lexeme):
            if not 1 <= item.number <= 31:
                return None
            weekday, weekday_to = (*weekdays, None, None)[:2]
            day = Partial(year, month, item.number, weekday, weekday_to)
            if joint in ("range", "window") and found:
                found[-1] = (found[-1][0], joint, [*found[-1][2], _elided(found[-1][2][-1], day)])
            else:
                found.append((joint or "", None, [day]))
            joint, weekdays, after_day = None, [], True
        elif kind is K.WEEKDAY and isinstance(item, Lexeme):
            weekdays = [*weekdays, item.number]
        elif kind is K.BRACKET_WEEKDAY and isinstance(item, Lexeme):
            separator, joined, ends = found[-1]
            found[-1] = (separator, joined, [*ends[:-1], structs.replace(ends[-1], weekday=item.number)])
        elif kind is K.CLOSE and found and weekdays:
            separator, joined, ends = found[-1]
            found[-1] = (separator, joined, [*ends[:-1], structs.replace(ends[-1], weekday=weekdays[0])])
            weekdays = []
        elif kind in JOINS and not weekdays and after_day:
            joint = "range"
        elif kind in SEPARATORS and not weekdays and joint != "range":
            joint = "window" if kind is K.SLASH else "or" if "or" in (joint, SEPARATORS[kind]) else SEPARATORS[kind]
    if found and found[-1][0] == "or":
        # "3, 4 or 5 May"
        found = [(separator and "or", joined, ends) for separator, joined, ends in found]
    return [part for whole in found for part in _unchained(whole)]


def _unchained(part: tuple[str, str | None, list[Partial]]) -> Days:
    """ "3-10-17-24 November" are four days."""
    separator, joined, ends = part
    if joined != "range" or len(ends) < 3:
        return [part]
    return [(separator if at == 0 else "comma", None, [end]) for at, end in enumerate(ends)]


def _elided(left: Partial, right: Partial) -> Partial:
    """ "22-3" is 22 to 23."""
    start, end = left.day or 0, right.day or 0
    if end < start and end < 10 <= start and start < start // 10 * 10 + end <= 31:
        return structs.replace(right, day=start // 10 * 10 + end)
    return right


def spans_of(m: Match, days: Days) -> tuple[Span, ...]:
    """The spans of days of one month."""
    first, last = m.start, m.end
    return tuple(Span(first, last, tuple(ends), joined, separator=separator) for separator, joined, ends in days)


def month_days_of(m: Match) -> Node | None:
    """ "2-6 and 9 June 2014", "June 2-6, 2014", "2014年6月2日、4日": days of one month, before it or after it."""
    first, last = m.region("days")
    year = year_of(m)
    if year is None or is_label(m, first) or _is_nth_weekday(m, last):
        return None
    if _in_month(m, last) and m.items[last - 1].kind is not K.NTH:
        return None
    days = days_in(m, first, last, m.number("month"), year[0])
    if not days:
        return None
    return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


_MOST_WEEKDAYS = 5


def _is_nth_weekday(m: Match, at: int) -> bool:
    """ "третий четверг ноября": before a weekday and its month, an ordinal counts weekdays and no days."""
    number = m.items[at - 1]
    ordinal = number.kind in (K.NTH, K.ORDINAL) and isinstance(number, Lexeme)
    follows = at < m.last - 1 and m.items[at].kind is K.WEEKDAY and m.items[at + 1].kind is K.MONTH
    return ordinal and follows and isinstance(number, Lexeme) and number.number <= _MOST_WEEKDAYS


def days_of_two_months(m: Match) -> Node | None:
    """ "May/June 1-3": these days of each; "30-2 May/June" lasts from one into the other."""
    year, (first, last) = year_of(m), m.region("days")
    one, other = m.number("month"), m.number("other")
    if year is None:
        return None
    days, again = (days_in(m, first, last, month, year[0]) for month in (one, other))
    if not days or not again:
        return None
    if len(days) == 1 and len(ends := days[0][2]) == 2 and (ends[0].day or 0) > (ends[1].day or 0):
        return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, [("", "range", [ends[0], again[0][2][1]])]))
    return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, [*days, ("and", *again[0][1:]), *again[1:]]))


def no_such_day(m: Match) -> Node | None:
    """ "35 May 2014": no day, and not May either."""
    year = year_of(m)
    if year is None or m.before() in (K.WORD, K.EVENT) or m.number("day") == 0:
        return None
    return node_of(m, Partial(year[0], m.number("month"), m.number("day")))


def month_between_days(m: Match) -> Node | None:
    """ "November between 19 and 20"."""
    node = month_days_of(m)
    if node is None or len(node.spans) != 2 or node.spans[1].separator != "and":
        return node
    one, other = node.spans
    return structs.replace(node, spans=(structs.replace(one, ends=(*one.ends, *other.ends), joined="range"),))


def year_month_days(m: Match) -> Node | None:
    """ "2014 May 12", "2014年6月2日、4日": the year stands first, and lends itself to what follows."""
    year = year_of(m)
    first, last = m.region("days")
    if year is None:
        return None
    if first < 0:
        month = Partial(year=year[0], month=m.number("month"), relative=year[2], year_first=True)
        return node_of(m, month)
    if m.after() in _COUNTED and m.items[last - 1].kind is not K.NTH:
        # "2014 May 5 countries"
        return None
    days = days_in(m, first, last, m.number("month"), year[0])
    if not days:
        return None
    days = [(a, b, [structs.replace(one, relative=year[2], year_first=True) for one in ends]) for a, b, ends in days]
    return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


def _in_month(m: Match, at: int) -> bool:
    """Whether "in" stands between days and their month: "the 2nd in June", but not "5 in June"."""
    return at < m.last and m.items[at].kind is K.IN


def is_label(m: Match, at: int) -> bool:
    """A number after a word and before a comma numbers that word: "Room 5, 12 May", "Phase 2, June 2014"."""
    item = m.items[at]
    if at != m.first or item.kind in (K.WEEKDAY, K.NTH) or m.before() not in (K.WORD, K.EVENT):
        return False
    return at + 1 < len(m.items) and m.items[at + 1].kind in (K.COMMA, K.AND, K.COLON)


def month_and_number(m: Match) -> Node | None:
    """ "May 5, 2014", "June 2-6"; "Sept 13" is a day, or a month of 2013."""
    node = month_days_of(m)
    weekdays = [item.number for item in m.items[m.first : m.region("days")[0]] if is_weekday(item)]
    if node and weekdays:
        node = _on_weekdays(node, weekdays)
    if node is None or len(node.spans) > 1 or len(node.spans[0].ends) > 1:
        return node
    day = node.spans[0].ends[0]
    number = m.items[m.region("days")[1] - 1]
    undecided = isinstance(number, Lexeme) and number.kind in (K.UPTO12, K.UPTO31) and number.digits == 2
    if not undecided or day.year is not None or day.weekday is not None or _day_follows(m):
        return node
    return node_of(m, day_or_year(m, day), K.A_DAY)


def is_weekday(item: Item) -> TypeGuard[Lexeme]:
    return item.kind is K.WEEKDAY and isinstance(item, Lexeme)


def _on_weekdays(node: Node, weekdays: list[int]) -> Node:
    """The weekdays before a month are those of its first day and of the last of its range."""
    span = node.spans[0]
    weekday_to = weekdays[1] if len(weekdays) > 1 else None
    first = structs.replace(span.ends[0], weekday=weekdays[0], weekday_to=weekday_to)
    return structs.replace(node, spans=(structs.replace(span, ends=(first, *span.ends[1:])), *node.spans[1:]))


def _day_follows(m: Match) -> bool:
    """Whether what follows a number makes it a day: a time, a weekday, or another day of the month."""
    kinds = [item.kind for item in m.items[m.last : m.last + 2]] + [K.WORD, K.WORD]
    if kinds[0] in (K.COMMA, K.IN) and kinds[1] in (K.WEEKDAY, K.CLOCK):
        return True
    joined = kinds[0] in JOINS or kinds[0] is K.AND
    return kinds[0] in (K.CLOCK, K.WEEKDAY) or (joined and kinds[1] is not K.MONTH)


def day_or_year(m: Match, day: Partial) -> Partial:
    """ "Sept 13" is a month of 2013 or a day; "January 12" is a day, unless the document's years say otherwise."""
    scene, year = m.scene, century_of(day.day or 0)
    name = m.lexeme("month").text
    shortened = scene.words.lang != "en" or (len(name) <= 4 and name not in ("may", "june", "july"))
    near = abs(year - scene.reference.year) <= _NEAR
    whole = Partial(year=year, month=day.month)
    in_span = scene.years is not None and scene.years[0] <= year <= scene.years[1]
    hyphened = m.items[m.first + 1].kind is K.HYPHEN
    if in_span or hyphened or (shortened and near):
        return structs.replace(whole, others=(("day", day),))
    return structs.replace(day, others=(("year", whole),)) if near else day


def surely_day(partial: Partial) -> Partial:
    """What "Sept 13" is where it must be a day."""
    return next((other for rule, other in partial.others if rule == "day"), partial)


def settle_days(partials: list[Partial]) -> list[Partial]:
    """What several such as "Sept 13" are, all of one kind: days if one of them surely is, or if years would not fit."""
    doubted = [one for one in partials if any(rule in ("day", "year") for rule, _ in one.others)]
    if len(partials) < 2 or not doubted:
        return partials
    months = [_as_month(one) for one in doubted]
    ordered = all((a.year or 0) < (b.year or 0) and a.month != b.month for a, b in pairwise(months) if a is not b)
    certain = any(one.day is not None and not one.others for one in partials)
    if not ordered or certain:
        return [_day_only(one) for one in partials]
    if all(one.day is None for one in doubted):
        return partials
    return [_day_or_same(one) for one in partials]


def _as_month(one: Partial) -> Partial:
    return next((other for rule, other in one.others if rule == "year"), one)


def _day_only(one: Partial) -> Partial:
    day = surely_day(one)
    return structs.replace(day, others=tuple(way for way in day.others if way[0] not in ("day", "year")))


def _day_or_same(one: Partial) -> Partial:
    return surely_day(one)


def bare_days(m: Match) -> Node | None:
    """Days without a month: they borrow it."""
    first, last = m.region("days")
    if is_label(m, first) or (m.items[first].kind is K.DAYS and m.after() is K.COLON):
        # "Day 2: 6 May"
        return None
    days = days_in(m, first, last, None, None)
    return Node(K.A_NUMBER, m.start, m.end, m.row.name, spans_of(m, days)) if days else None


def leading_days(m: Match) -> Node | None:
    """ "12, 19 Geneva" where days may stand alone: those that a text begins with."""
    return bare_days(m) if m.scene.bare and m.first == 0 else None


def either_day(m: Match) -> Node | None:
    """ "5/6" under a month: two days of it, not a day and a month."""
    return bare_days(m) if m.scene.under_month or m.items[m.first].kind is K.NTH else None
