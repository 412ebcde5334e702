"""What rows make of dates in digits: 2014-05-12, 12.05.2014, 05/12/2014, 12-14.5.2014, 12.05., 2014-W20."""

from __future__ import annotations

import re

from msgspec import structs

from calfeed.dates.calendar import LAST_YEAR
from calfeed.dates.days import (
    JOINS,
    NUMBERS,
    SEPARATORS,
    Days,
    days_in,
    is_label,
    is_weekday,
    node_of,
    spans_of,
    year_of,
)
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lexer import century_of
from calfeed.dates.notation import Match, Node, Scene
from calfeed.dates.partial import Partial, Said, Span, Step
from calfeed.dates.vocabulary import K

# So many items at most lie between a pair and the date whose year it borrows.
_LIST = 8


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
    return Node(K.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def days_like_numeric(m: Match) -> Node | None:
    """ "3-10-17 de noviembre": three days of a month."""
    numbers, year = [int(part) for part in NUMBERS.findall(m.lexeme("numeric").text)], year_of(m)
    if year is None or not all(1 <= number <= 31 for number in numbers):
        return None
    days: Days = [
        ("comma" if at else "", None, [Partial(year[0], m.number("month"), number)])
        for at, number in enumerate(numbers)
    ]
    return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


def numeric_until_pair(m: Match) -> Node | None:
    """ "2014.5.5-5.9": what follows is a month and a day, as in the date before it."""
    partial = _numeric_partial(m.lexeme("numeric").text, m.scene)
    a, b = (int(part) for part in NUMBERS.findall(m.lexeme("pair").text))
    if partial is None or not partial.year_first or not 1 <= a <= 12:
        return None
    ends = (partial, structs.replace(partial, month=a, day=b))
    return Node(K.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def _before_numeric(m: Match, partial: Partial) -> Node | None:
    """A numeric date with what stands before it: weekdays, and days that share its month and year."""
    first, last = m.region("days")
    if first < 0:
        weekdays = [item.number for item in m.items[m.first : m.last] if is_weekday(item)]
        if weekdays:
            partial = structs.replace(partial, weekday=weekdays[0])
        return node_of(m, partial, K.A_PAIR if partial.pair else None)
    if is_label(m, first) or partial.month is None:
        return None
    # Its month and year are borrowed, since they could be others.
    days = days_in(m, first, last, None, None)
    if not days:
        return None
    joint, weekday = "", None
    end_of_joint = m.region("first")[0] if m.item("first") else m.last
    for item in m.items[last:end_of_joint]:
        if item.kind in JOINS or item.kind is K.SLASH:
            joint = "range" if item.kind in JOINS else "window"
        elif item.kind in SEPARATORS:
            joint = "or" if "or" in (joint, SEPARATORS[item.kind]) else SEPARATORS[item.kind]
        elif item.kind is K.WEEKDAY and isinstance(item, Lexeme):
            weekday = item.number
    end = structs.replace(partial, weekday=weekday)
    if partial.pair:
        days = [(a, b, [structs.replace(one, pair=True) for one in ends]) for a, b, ends in days]
    if joint in ("range", "window"):
        days[-1] = (days[-1][0], joint, [*days[-1][2], end])
    else:
        days.append((joint, None, [end]))
    return Node(K.A_DAY, m.start, m.end, m.row.name, spans_of(m, days))


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
    return Node(K.A_PAIR, m.start, m.end, m.row.name, (Span(m.start, m.end, ends, "range"),))


def slashed_pair(m: Match) -> Node | None:
    """ "22/04": a day and a month without a year; both orders where nothing settles it."""
    first, second = m.lexeme("first"), m.lexeme("second")
    if m.first and m.after() in (K.WORD, K.EVENT) and m.before() not in JOINS:
        # "6/27 Title" begins with a day, "article 6/27 Title" does not.
        return None
    if not second.near or m.scene.under_month:
        return None
    if second.digits != 2 and not m.scene.bare and not _alone(m):
        return None
    partial = _pair_partial(first.number, second.number, m.scene.day_first)
    if partial is None:
        return None
    if m.region("days")[0] >= 0:
        return _before_numeric(m, partial)
    if weekday := m.get("weekday"):
        partial = structs.replace(partial, weekday=weekday.number)
    return node_of(m, partial, K.A_PAIR)


def _alone(m: Match) -> bool:
    """Whether a pair such as "10/5" is all of a text, or the first of a list whose last has the year."""
    if m.last == len(m.items) and m.before() in (None, K.COLON):
        return True
    listed = m.after() in JOINS or m.after() in SEPARATORS
    return listed and any(
        item.kind is K.NUMERIC and "/" in item.text
        for item in m.items[m.last : m.last + _LIST]
        if isinstance(item, Lexeme)
    )


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
    return Node(K.A_DAY, m.start, m.end, m.row.name, (Span(m.start, m.end, (day,), said=said),))


def iso_week(m: Match) -> Node | None:
    """ "2014-W20", "2014-W20-3"."""
    text = m.lexeme("week").text.replace("-", "")
    steps = [Step("week", int(text[5:7]))]
    if len(text) == 8:
        steps.append(Step("weekday", 1, int(text[7]) - 1))
    return node_of(m, Partial(year=int(text[:4]), steps=tuple(steps)), K.A_UNIT)
