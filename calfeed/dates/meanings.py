"""What the rows of the grammar make of lexemes: partial dates.

Each function is the builder of one row or of a few that are alike. It is given a match with named lexemes and returns a
node, or None where the numbers cannot be meant so ("32 May", "2013/22").
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TypeGuard

from msgspec import structs

from calfeed.dates.calendar import FIRST_YEAR, LAST_YEAR
from calfeed.dates.lexer import Lexeme, century_of
from calfeed.dates.notation import Item, Match, Node, Scene
from calfeed.dates.partial import Partial, Said, Span, Step
from calfeed.dates.vocabulary import Kind, kinds

NUMBERS = re.compile(r"\d+")
DAY_KINDS = kinds("UPTO12 UPTO31 NTH ORDINAL SPELLED")
JOINS = kinds("HYPHEN DASH TILDE ARROW TO UNTIL")
SEPARATORS = {
    Kind.COMMA: "comma", Kind.SEMICOLON: "semicolon", Kind.AND: "and", Kind.PLUS: "plus", Kind.OR: "or",
    Kind.SLASH: "slash",
}  # fmt: skip
# A year with one or two digits missing is this near to the day of reading.
_NEAR = 15


def node_of(m: Match, partial: Partial, kind: Kind | None = None) -> Node:
    """A node that is one partial date."""
    first, last = m.start, m.end
    return Node(kind or kind_of(partial), first, last, m.row.name, (Span(first, last, (partial,)),))


def kind_of(partial: Partial) -> Kind:
    """The kind of a node that is a partial date."""
    if partial.day is not None:
        return Kind.A_DAY
    if partial.steps:
        return Kind.A_UNIT
    return Kind.A_MONTH if partial.month is not None else Kind.A_YEAR


YearOf = tuple[int | None, tuple[Step, ...], bool]


def year_of(m: Match) -> YearOf | None:
    """The year that a match names under "year", "short" or "step", the step of a fiscal year, and whether the year is
    relative to the day of reading. None for a short year that cannot be one."""
    steps: tuple[Step, ...] = ()
    if (kind := m.get("kind")) and kind.value in ("fiscal", "academic"):
        steps = (Step(str(kind.value)),)
    if year := m.get("year"):
        if year.kind is Kind.THAT_YEAR:
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
        elif kind is Kind.WEEKDAY and isinstance(item, Lexeme):
            weekdays = [*weekdays, item.number]
        elif kind is Kind.BRACKET_WEEKDAY and isinstance(item, Lexeme):
            separator, joined, ends = found[-1]
            found[-1] = (separator, joined, [*ends[:-1], structs.replace(ends[-1], weekday=item.number)])
        elif kind is Kind.CLOSE and found and weekdays:
            separator, joined, ends = found[-1]
            found[-1] = (separator, joined, [*ends[:-1], structs.replace(ends[-1], weekday=weekdays[0])])
            weekdays = []
        elif kind in JOINS and not weekdays and after_day:
            joint = "range"
        elif kind in SEPARATORS and not weekdays and joint != "range":
            joint = "window" if kind is Kind.SLASH else "or" if "or" in (joint, SEPARATORS[kind]) else SEPARATORS[kind]
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
    if end < start and end < 10 <= start and start // 10 * 10 + end > start:
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
    if year is None or is_label(m, first):
        return None
    if _in_month(m, last) and m.items[last - 1].kind is not Kind.NTH:
        return None
    days = days_in(m, first, last, m.number("month"), year[0])
    if not days:
        return None
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


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
    if m.after() in (Kind.WORD, Kind.EVENT, *_UNITS) and m.items[last - 1].kind is not Kind.NTH:
        # "2014 May 5 countries"
        return None
    days = days_in(m, first, last, m.number("month"), year[0])
    if not days:
        return None
    days = [(a, b, [structs.replace(one, relative=year[2], year_first=True) for one in ends]) for a, b, ends in days]
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


def _in_month(m: Match, at: int) -> bool:
    """Whether "in" stands between days and their month: "the 2nd in June", but not "5 in June"."""
    return at < m.last and m.items[at].kind is Kind.IN


def is_label(m: Match, at: int) -> bool:
    """A number after a word and before a comma numbers that word: "Room 5, 12 May", "Phase 2, June 2014"."""
    item = m.items[at]
    if at != m.first or item.kind in (Kind.WEEKDAY, Kind.NTH) or m.before() not in (Kind.WORD, Kind.EVENT):
        return False
    return at + 1 < len(m.items) and m.items[at + 1].kind in (Kind.COMMA, Kind.AND, Kind.COLON)


def month_and_number(m: Match) -> Node | None:
    """ "May 5, 2014", "June 2-6"; "Sept 13" is a day, or a month of 2013."""
    node = month_days_of(m)
    weekdays = [item.number for item in m.items[m.first : m.region("days")[0]] if _is_weekday(item)]
    if node and weekdays:
        node = _on_weekdays(node, weekdays)
    if node is None or len(node.spans) > 1 or len(node.spans[0].ends) > 1:
        return node
    day = node.spans[0].ends[0]
    number = m.items[m.region("days")[1] - 1]
    undecided = isinstance(number, Lexeme) and number.kind in (Kind.UPTO12, Kind.UPTO31) and number.digits == 2
    if not undecided or day.year is not None or day.weekday is not None or _day_follows(m):
        return node
    return node_of(m, day_or_year(m, day), Kind.A_DAY)


def _is_weekday(item: Item) -> TypeGuard[Lexeme]:
    return item.kind is Kind.WEEKDAY and isinstance(item, Lexeme)


def _on_weekdays(node: Node, weekdays: list[int]) -> Node:
    """The weekdays before a month are those of its first day and of the last of its range."""
    span = node.spans[0]
    weekday_to = weekdays[1] if len(weekdays) > 1 else None
    first = structs.replace(span.ends[0], weekday=weekdays[0], weekday_to=weekday_to)
    return structs.replace(node, spans=(structs.replace(span, ends=(first, *span.ends[1:])), *node.spans[1:]))


def _day_follows(m: Match) -> bool:
    """Whether what follows a number makes it a day: a time, a weekday, or another day of the month."""
    kinds = [item.kind for item in m.items[m.last : m.last + 2]] + [Kind.WORD, Kind.WORD]
    if kinds[0] in (Kind.COMMA, Kind.IN) and kinds[1] in (Kind.WEEKDAY, Kind.CLOCK):
        return True
    joined = kinds[0] in JOINS or kinds[0] is Kind.AND
    return kinds[0] in (Kind.CLOCK, Kind.WEEKDAY) or (joined and kinds[1] is not Kind.MONTH)


def day_or_year(m: Match, day: Partial) -> Partial:
    """ "Sept 13" is a month of 2013 or a day; "January 12" is a day, unless the document's years say otherwise."""
    scene, year = m.scene, century_of(day.day or 0)
    name = m.lexeme("month").text
    shortened = scene.words.lang != "en" or (len(name) <= 4 and name not in ("may", "june", "july"))
    near = abs(year - scene.reference.year) <= _NEAR
    whole = Partial(year=year, month=day.month)
    in_span = scene.years is not None and scene.years[0] <= year <= scene.years[1]
    hyphened = m.items[m.first + 1].kind is Kind.HYPHEN
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
    if is_label(m, first):
        return None
    days = days_in(m, first, last, None, None)
    return Node(Kind.A_NUMBER, m.start, m.end, m.row.name, spans_of(m, days)) if days else None


def leading_days(m: Match) -> Node | None:
    """ "12, 19 Geneva" where days may stand alone: those that a text begins with."""
    return bare_days(m) if m.scene.bare and m.first == 0 else None


def either_day(m: Match) -> Node | None:
    """ "5/6" under a month: two days of it, not a day and a month."""
    return bare_days(m) if m.scene.under_month or m.items[m.first].kind is Kind.NTH else None


# Dates in digits.


def numeric(m: Match) -> Node | None:
    """ "12.05.2014", "05/12/2014", "2014-05-12": and days before it that take its month: "12-14.5.2014"."""
    partial = _numeric_partial(m.lexeme("numeric").text, m.scene)
    return _before_numeric(m, partial) if partial else None


def numeric_until(m: Match) -> Node | None:
    """ "2014-05-12/16": from that day to another of its month."""
    partial = _numeric_partial(m.lexeme("numeric").text, m.scene)
    until = m.number("until")
    if partial is None or not (partial.day or 0) < until <= 31:
        return None
    ends = (structs.replace(partial, others=()), structs.replace(partial, day=until, others=()))
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def days_like_numeric(m: Match) -> Node | None:
    """ "3-10-17 de noviembre": three days of a month."""
    numbers, year = [int(part) for part in NUMBERS.findall(m.lexeme("numeric").text)], year_of(m)
    if year is None or not all(1 <= number <= 31 for number in numbers):
        return None
    days: Days = [
        ("comma" if at else "", None, [Partial(year[0], m.number("month"), number)])
        for at, number in enumerate(numbers)
    ]
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


def numeric_until_pair(m: Match) -> Node | None:
    """ "2014.5.5-5.9": what follows is a month and a day, as in the date before it."""
    partial = _numeric_partial(m.lexeme("numeric").text, m.scene)
    a, b = (int(part) for part in NUMBERS.findall(m.lexeme("pair").text))
    if partial is None or not partial.year_first or not 1 <= a <= 12:
        return None
    ends = (partial, structs.replace(partial, month=a, day=b))
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def _before_numeric(m: Match, partial: Partial) -> Node | None:
    """A numeric date with what stands before it: weekdays, and days that share its month and year."""
    first, last = m.region("days")
    if first < 0:
        weekdays = [item.number for item in m.items[m.first : m.last] if _is_weekday(item)]
        if weekdays:
            partial = structs.replace(partial, weekday=weekdays[0])
        return node_of(m, partial, Kind.A_PAIR if partial.pair else None)
    if is_label(m, first) or partial.month is None:
        return None
    # Its month and year are borrowed, since they could be others.
    days = days_in(m, first, last, None, None)
    if not days:
        return None
    joint, weekday = "", None
    end_of_joint = m.region("first")[0] if m.item("first") else m.last
    for item in m.items[last:end_of_joint]:
        if item.kind in JOINS or item.kind is Kind.SLASH:
            joint = "range" if item.kind in JOINS else "window"
        elif item.kind in SEPARATORS:
            joint = "or" if "or" in (joint, SEPARATORS[item.kind]) else SEPARATORS[item.kind]
        elif item.kind is Kind.WEEKDAY and isinstance(item, Lexeme):
            weekday = item.number
    end = structs.replace(partial, weekday=weekday)
    if partial.pair:
        days = [(a, b, [structs.replace(one, pair=True) for one in ends]) for a, b, ends in days]
    if joint in ("range", "window"):
        days[-1] = (days[-1][0], joint, [*days[-1][2], end])
    else:
        days.append((joint, None, [end]))
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


def _numeric_partial(text: str, scene: Scene) -> Partial | None:
    parts = NUMBERS.findall(text)
    a, b, c = (int(part) for part in parts)
    if len(parts[0]) == 4:
        if len(parts[2]) > 2:
            return None
        return Partial(a, b, c, year_first=True) if b <= 12 or c > 12 else Partial(a, c, b, year_first=True)
    if len(parts[0]) > 2 or len(parts[2]) in (1, 3):
        return None
    year = c if len(parts[2]) == 4 else century_of(c)
    day_month, month_day = Partial(year, b, a), Partial(year, a, b)
    if "." in text:
        return day_month if b <= 12 or a > 12 else month_day
    if "-" in text and len(parts[2]) == 2 and 1 <= b <= 12 and a <= 31 and c <= 31 and a != c:
        return structs.replace(day_month, others=(("year first", Partial(century_of(a), b, c)),))
    if a > 12 or b > 12 or a == b:
        return month_day if b > 12 >= a else day_month
    if scene.day_first is None:
        return structs.replace(day_month, others=(("month first", month_day),))
    return day_month if scene.day_first else month_day


def pair(m: Match) -> Node | None:
    """ "12.05.", "06.18": a day and a month without a year; and days that share its month: "12-14.05."."""
    lexeme = m.lexeme("pair")
    partial = _pair_partial(int(NUMBERS.findall(lexeme.text)[0]), int(NUMBERS.findall(lexeme.text)[1]), None)
    if partial is None:
        return None
    partial = structs.replace(partial, others=())
    until = m.get("until")
    if until is None:
        return _before_numeric(m, partial)
    if not (partial.day or 0) < until.number <= 31:
        return None
    ends = (partial, structs.replace(partial, day=until.number))
    return Node(Kind.A_PAIR, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def slashed_pair(m: Match) -> Node | None:
    """ "22/04": a day and a month without a year; both orders where nothing settles it."""
    first, second = m.lexeme("first"), m.lexeme("second")
    if not second.near or m.scene.under_month or (second.digits != 2 and not m.scene.bare):
        return None
    partial = _pair_partial(first.number, second.number, m.scene.day_first)
    if partial is None:
        return None
    if m.region("days")[0] >= 0:
        return _before_numeric(m, partial)
    if weekday := m.get("weekday"):
        partial = structs.replace(partial, weekday=weekday.number)
    return node_of(m, partial, Kind.A_PAIR)


def _pair_partial(a: int, b: int, day_first: bool | None) -> Partial | None:
    day_month = Partial(month=b, day=a, pair=True) if 1 <= a <= 31 and 1 <= b <= 12 else None
    month_day = Partial(month=a, day=b, pair=True) if 1 <= b <= 31 and 1 <= a <= 12 else None
    if day_month is None or month_day is None or a == b:
        return day_month or month_day
    if day_first is None:
        return structs.replace(day_month, others=(("month first", month_day),))
    return day_month if day_first else month_day


def month_year(m: Match) -> Node | None:
    """ "05/2014", "2014.05", "2015.3", "05-2014"."""
    numbers = NUMBERS.findall(
        "-".join(str(item.text) for item in m.items[m.first : m.last] if isinstance(item, Lexeme))
    )
    numbers = [number for number in numbers if number]
    a, b = numbers[0], numbers[-1]
    month, year = (int(a), int(b)) if len(b) == 4 else (int(b), int(a))
    if not (1500 <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return node_of(m, Partial(year=year, month=month))


def eight(m: Match) -> Node | None:
    """ "20140512"."""
    text = m.lexeme("eight").text
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return node_of(m, Partial(year, month, day))


def stamp(m: Match) -> Node | None:
    """ "2014-05-12T09:00Z": a day, and a time of day with its zone."""
    text = m.lexeme("stamp").text
    zone = re.search(r"(z|[+-]\d\d:?\d\d)$", text[10:])
    offset = f"{zone[0][:3]}:{zone[0][-2:]}" if zone and zone[0] != "z" else "+00:00"
    day = Partial(int(text[:4]), int(text[5:7]), int(text[8:10]))
    said = Said(times=f"{text[11:13]}:{text[13:16].strip(':')[:2]}", zones=(offset,) if zone else ())
    return Node(Kind.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, (day,), said=said),))


def iso_week(m: Match) -> Node | None:
    """ "2014-W20", "2014-W20-3"."""
    text = m.lexeme("week").text.replace("-", "")
    steps = [Step("week", int(text[5:7]))]
    if len(text) == 8:
        steps.append(Step("weekday", 1, int(text[7]) - 1))
    return node_of(m, Partial(year=int(text[:4]), steps=tuple(steps)), Kind.A_UNIT)


# Years.


def short_years(m: Match) -> Node | None:
    """ "2013/14", "2013-14", and, where the second number can be one, a month: "2014-05", "2014-5"."""
    lexeme, second = m.lexeme("year"), m.lexeme("next")
    joint = m.items[m.items.index(second, m.first) - 1]
    year, number = lexeme.number, second.number
    slash = joint.kind is Kind.SLASH and m.before() is not Kind.SLASH
    if not second.near:
        return None
    month = Partial(year=year, month=number) if 1 <= number <= 12 else None
    if second.digits == 1:
        closed = m.after() in (None, Kind.COMMA, Kind.CLOSE, Kind.SEMICOLON)
        return node_of(m, month) if month and closed else None
    later = year // 100 * 100 + number
    later += 100 if number == 0 and year % 100 == 99 else 0
    if second.digits == 2 and year < later < year + 50:
        span = Partial(year=year, steps=(_years(later - year + 1, slash),))
        if month and not slash:
            span = structs.replace(span, others=(("month", month),))
        return node_of(m, span, Kind.A_YEAR)
    return node_of(m, month) if month and second.digits == 2 else None


def _years(count: int, slashed: bool) -> Step:
    return Step("years", 1, count, "slashed" if slashed and count == 2 else "")


def two_years(m: Match) -> Node | None:
    """ "2013/2014" are the two together; others that a slash joins are not."""
    year, second = m.lexeme("year").number, m.lexeme("next").number
    if second != year + 1 or Kind.SLASH in (m.before(), m.after()):
        return None
    return node_of(m, Partial(year=year, steps=(_years(2, True),)), Kind.A_YEAR)


def season_years(m: Match) -> Node | None:
    """ "winter 2014/15" begins in the first of the two."""
    year, second = m.lexeme("year").number, m.lexeme("next")
    if (year + 1) % 100 != second.number % 100 or second.digits not in (2, 4):
        return None
    step = Step("season", m.number("season"), name="both years")
    return node_of(m, Partial(year=year, steps=(step,)))


def kind_of_year(m: Match) -> Node | None:
    """ "FY 2014", "academic year 2013/14", "CY18"."""
    year = year_of(m)
    if year is None or year[0] is None:
        return None
    steps: tuple[Step, ...] = ()
    if second := m.get("next"):
        if (second.number - year[0] - 1) % 100 or second.digits not in (2, 4):
            return None
        steps = (_years(2, False),)
    return node_of(m, Partial(year=year[0], steps=(*steps, *year[1])), Kind.A_YEAR)


def decade(m: Match) -> Node | None:
    """ "1990s", "années 1990"; the English "1800s" are a century, or its first decade."""
    lexeme = m.lexeme("decade")
    year = lexeme.number if lexeme.number > 99 else century_of(lexeme.number)
    if year % 10 or (lexeme.kind is not Kind.DECADE and m.after() in JOINS | SEPARATORS.keys()):
        return node_of(m, Partial(year=year)) if lexeme.kind is not Kind.DECADE else None
    ten = Partial(year=year, steps=(Step("decade"),))
    if lexeme.kind is not Kind.DECADE or m.scene.words.lang != "en" or year % 100 or lexeme.number < 100:
        return node_of(m, ten)
    return node_of(m, Partial(year=year, steps=(Step("century"),), others=(("decade", ten),)))


# Units that are counted.

_UNITS = {
    Kind.DAYS: "day", Kind.WEEK: "week", Kind.WEEK_LETTER: "week", Kind.WEEK_OF: "week",
    Kind.FORTNIGHT: "fortnight", Kind.MONTHS: "month",
    Kind.QUARTER: "quarter", Kind.QUARTER_LETTER: "quarter", Kind.TRIMESTER: "trimester", Kind.HALF: "half",
    Kind.HALF_LETTER: "half", Kind.YEARS: "year", Kind.YEAR_WORD: "year", Kind.DECADES: "decade",
    Kind.CENTURY: "century", Kind.THIRD: "third", Kind.WEEKEND: "weekend",
}  # fmt: skip
_MOST = {"quarter": 4, "trimester": 4, "half": 2, "week": 53}


def unit_of(kind: Kind) -> str:
    """The name of a unit, as `Step` has it; "" for what is none."""
    return _UNITS.get(kind, "")


def numbered_units(m: Match) -> Node | None:
    """ "Q3 2014", "1st and 3rd quarters", "weeks 37, 39-40 of 2013", "II и III кварталы", "17th-19th centuries"."""
    unit, year = unit_of(m.kind("unit")), year_of(m)
    first, last = m.region("numbers")
    counted = m.items[first].kind is Kind.SPELLED and m.before() in (Kind.ORDINAL, Kind.NTH)
    if year is None or not unit or counted:
        return None
    return _units(m, first, last, unit, year)


def _units(m: Match, first: int, last: int, unit: str, year: YearOf) -> Node | None:
    """Units of one kind by their numbers, each with the year."""
    found: Days = []
    joint: str | None = None
    for item in m.items[first:last]:
        if item.kind in JOINS:
            joint = "range"
        elif item.kind in SEPARATORS:
            joint = "window" if item.kind is Kind.SLASH else SEPARATORS[item.kind]
        elif isinstance(item, Lexeme) and item.kind not in (Kind.DOT, Kind.THE, Kind.OF):
            number = division_of(item).number if item.kind is Kind.DIVISION else item.number
            one = _numbered(m, number, unit, year)
            if one is None:
                return None
            if joint in ("range", "window") and found:
                found[-1] = (found[-1][0], joint, [*found[-1][2], one])
            else:
                found.append((joint or "", None, [one]))
            joint = None
    return Node(Kind.A_UNIT, m.start, m.end, m.row.name, spans_of(m, found)) if found else None


def number_and_division(m: Match) -> Node | None:
    """ "第3至4季度": the unit is said with the last number only."""
    first, last = m.region("numbers")
    division = m.items[last - 1]
    year = year_of(m)
    if year is None or not isinstance(division, Lexeme):
        return None
    return _units(m, first, last, division_of(division).unit, year)


def _numbered(m: Match, number: int, unit: str, year: YearOf) -> Partial | None:
    """One unit by its number."""
    if unit == "century":
        return Partial(year=100 * number - 99, steps=(Step("century"),)) if 11 <= number <= 24 else None
    if not (1 <= number <= _MOST.get(unit, 0) or number in (-1, -2)):
        return None
    steps = (*year[1], Step(unit, number))
    found = Partial(year=year[0], steps=steps, relative=year[2])
    if unit == "trimester" and number <= 3 and year[0] is not None and m.scene.words.lang == "en":
        third = structs.replace(found, steps=(*year[1], Step("third", number)))
        found = structs.replace(found, others=(("third of the year", third),))
    return found


def half_like_a_clock(m: Match) -> Node | None:
    """ "2H14" looks like a time of day."""
    found = re.fullmatch(r"([12])h(\d\d)", m.lexeme("clock").text)
    if found is None:
        return None
    return node_of(m, Partial(year=century_of(int(found[2])), steps=(Step("half", int(found[1])),)))


def letter_month_year(m: Match) -> Node | None:
    """ "Q3/2014", "KW 20/2014": the scanner takes the number and year for a month."""
    number, year = (int(part) for part in NUMBERS.findall(m.lexeme("pair").text))
    unit = unit_of(m.kind("unit"))
    if not 1 <= number <= _MOST[unit] or year < 1500:
        return None
    return node_of(m, Partial(year=year, steps=(Step(unit, number),)))


# Days with a name. What a name means stands in the languages' tables: "12-25", "easter-2", "11-TH4?10-MO2".

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FIXED = re.compile(r"(\d\d)-(\d\d)")
_EASTER = re.compile(r"(easter|orthodox)([+-]\d+)?")
_WEEKDAY_OF_MONTH = re.compile(r"(\d\d)-([A-Z]{2})(-?\d)")
HOLIDAY = "holiday"


def holiday(m: Match) -> Node | None:
    """ "Christmas 2014"; the year may be missing. What follows a question mark is what other countries keep."""
    year = year_of(m)
    if year is None:
        return None
    meaning, _, elsewhere = str(m.lexeme("holiday").value).partition("?")
    found = structs.replace(_day_named(meaning), year=year[0], relative=year[2])
    if elsewhere:
        rule = "orthodox" if elsewhere.startswith("orthodox") else "elsewhere"
        found = structs.replace(found, others=((rule, structs.replace(_day_named(elsewhere), year=year[0])),))
    return node_of(m, found, Kind.A_DAY)


def _day_named(meaning: str) -> Partial:
    """The partial date of a meaning as the tables have it. Raises ValueError for anything else."""
    if fixed := _FIXED.fullmatch(meaning):
        return Partial(month=int(fixed[1]), day=int(fixed[2]))
    if easter := _EASTER.fullmatch(meaning):
        return Partial(steps=(Step(easter[1], int(easter[2] or 0)),))
    if nth := _WEEKDAY_OF_MONTH.fullmatch(meaning):
        return Partial(month=int(nth[1]), steps=(Step("weekday", int(nth[3]), WEEKDAYS.index(nth[2])),))
    raise ValueError(f"{meaning} is no day of the year.")


# Parts of what other rows have read.


def _narrowed(m: Match, step: Step, *others: tuple[str, Step]) -> Partial | None:
    """The date under "of", narrowed by a step; others are other ways to narrow it."""
    node = m.node("of")
    if len(node.spans) != 1 or len(node.spans[0].ends) != 1:
        return None
    inner = node.spans[0].ends[0]
    if inner.step("part"):
        return None
    ways = tuple((rule, structs.replace(inner, steps=(*inner.steps, other), others=())) for rule, other in others)
    return structs.replace(inner, steps=(*inner.steps, step), others=ways)


def _unit_node(m: Match, partial: Partial | None, kind: Kind = Kind.A_UNIT) -> Node | None:
    return node_of(m, partial, kind) if partial else None


def part_of(m: Match) -> Node | None:
    """ "early 2015", "mid-June", "mid-to-late 2014", "2014年底"."""
    part, last = m.lexeme("part"), m.get("last")
    value, _, until = str(part.value).partition(" ")
    if value in ("half_first", "half_second"):
        return _unit_node(m, _narrowed(m, Step("half", 1 if value == "half_first" else 2)))
    return _unit_node(m, _narrowed(m, Step("part", name=value, last=str(last.value) if last else until)))


def half_of(m: Match) -> Node | None:
    """ "second half of June", "النصف الثاني من مايو", "2e quinzaine de mai"."""
    half = m.node("half")
    partial = half.spans[0].ends[0]
    steps = partial.steps
    if len(half.spans) != 1 or partial.year is not None or len(steps) != 1 or steps[0].unit not in ("half", "third"):
        return None
    return _unit_node(m, _narrowed(m, steps[0]))


def nth_of(m: Match) -> Node | None:
    """ "first two weeks of June", "last day of 2014", "second and third Tuesday of May", "last weekend in October"."""
    first, last = m.region("numbers")
    day = m.kind("unit") is Kind.WEEKDAY
    found: Days = []
    joint = ""
    for item in m.items[first:last]:
        if item.kind in SEPARATORS or item.kind in JOINS:
            joint = SEPARATORS.get(item.kind, "range")
        elif isinstance(item, Lexeme) and item.kind in DAY_KINDS:
            one = _nth(m, item.number)
            if one is None:
                return None
            if joint == "range":
                found[-1] = (found[-1][0], joint, [*found[-1][2], one])
            else:
                found.append((joint, None, [one]))
    return Node(Kind.A_DAY if day else Kind.A_UNIT, m.start, m.end, m.row.name, spans_of(m, found))


def _nth(m: Match, number: int) -> Partial | None:
    unit_item = m.kind("unit")
    if unit_item is Kind.WEEKDAY:
        return _narrowed(m, Step("weekday", number, m.number("unit")))
    unit, count = unit_of(unit_item), m.number("count", 1)
    unit = {"decade": "ten"}.get(unit, unit)
    of = m.node("of").spans[0].ends[0]
    if unit == "week" and (of.month is not None or of.steps):
        days = Step("day", 7 * (number - 1) + 1 if number > 0 else 7 * (number + 1) - 1, 7 * count)
        return _narrowed(m, Step(unit, number, count), ("days of the month", days))
    return _narrowed(m, Step(unit, number, count))


def unit_ordinal_month(m: Match) -> Node | None:
    """ "الأسبوع الأول من يونيو": the ordinal stands behind what it counts."""
    year, number, unit = year_of(m), m.number("number"), m.kind("unit")
    if year is None:
        return None
    month = Partial(year=year[0], month=m.number("month"), relative=year[2])
    if unit is Kind.WEEKDAY:
        return node_of(m, structs.replace(month, steps=(Step("weekday", number, m.number("unit")),)), Kind.A_DAY)
    others: tuple[tuple[str, Partial], ...] = ()
    if unit is Kind.WEEK and number > 0:
        others = (("days of the month", structs.replace(month, steps=(Step("day", 7 * number - 6, 7),))),)
    return node_of(m, structs.replace(month, steps=(Step(unit_of(unit), number),), others=others), Kind.A_UNIT)


def nth_lacking_month(m: Match) -> Node | None:
    """ "the 3rd Thursday", "first week": of a month that it borrows."""
    unit_item = m.kind("unit")
    if unit_item is Kind.WEEKDAY:
        step = Step("weekday", m.number("number"), m.number("unit"), "of month")
    else:
        step = Step(unit_of(unit_item), m.number("number"), name="of month")
    return node_of(m, Partial(steps=(step,)), Kind.A_NUMBER)


def around(m: Match) -> Node | None:
    """ "week of 12 May", "week ending 16 May", "weekend of 10 May", "9月9日当周"."""
    node = m.node("of")
    unit = {Kind.WEEK_ENDING: "week ending", Kind.WEEKEND: "weekend of"}.get(m.kind("around"), "week of")
    if unit == "weekend of" and (len(node.spans) > 1 or node.spans[0].joined):
        return Node(node.kind, m.start, m.end, m.row.name, node.spans)
    spans = tuple(
        structs.replace(
            span,
            ends=tuple(
                structs.replace(surely_day(one), steps=(*one.steps, Step(unit)), others=())
                if one.day is not None
                else one
                for one in span.ends
            ),
        )
        for span in node.spans
    )
    return Node(Kind.A_UNIT, m.start, m.end, m.row.name, spans)


def counted_from(m: Match) -> Node | None:
    """ "two days after 26 May", "a month before Christmas", "the Monday before 25 May"."""
    node, number = m.node("of"), abs(m.number("count", 1))
    unit_item = m.kind("unit")
    if len(node.spans) != 1 or not 1 <= number <= 400:
        return None
    weekday = unit_item in (Kind.WEEKDAY, Kind.WEEKDAYS)
    name = "weekday" if weekday else unit_of(unit_item)
    signed = number if m.kind("direction") is Kind.AFTER else -number
    step = Step("shift", signed, m.number("unit") if weekday else 1, name)
    ends = tuple(structs.replace(one, steps=(*one.steps, step)) for one in node.spans[0].ends)
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(node.spans[0], ends=ends),))


def weekday_after(m: Match) -> Node | None:
    """ "12 May (Monday)", "12-16 May, Monday to Friday"."""
    node = m.node("of")
    span = node.spans[-1]
    if len(node.spans) != 1 or span.ends[-1].day is None:
        return None
    first, last = m.number("weekday"), m.number("weekday_to", -1)
    ends = list(span.ends)
    ends[-1] = structs.replace(surely_day(ends[-1]), weekday=last if last >= 0 else first)
    if last >= 0:
        ends[0] = structs.replace(ends[0], weekday=first)
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(span, ends=tuple(ends)),))


def year_with_kind(m: Match) -> Node | None:
    """ "2013/14 academic year", "2014-2015两年期": the kind of year stands behind it."""
    node, value = m.node("of"), str(m.lexeme("kind").value)
    ends = []
    for one in node.spans[0].ends:
        steps = tuple(structs.replace(step, name="") if step.unit == "years" else step for step in one.steps)
        ends.append(structs.replace(one, steps=(*steps, Step(value)) if value in ("fiscal", "academic") else steps))
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(node.spans[0], ends=tuple(ends)),))
