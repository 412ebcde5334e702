"""Dates in digits: 2014-05-12, 12.05.2014, 05/12/2014, 20140512, 05/2014, 2014-W20."""

from __future__ import annotations

import re

from calfeed.dates.atoms import FIRST_YEAR, LAST_YEAR, Atom
from calfeed.dates.lexemes import Lexemes, century_of, rule

NUMBERS = re.compile(r"\d+")


@rule("three")
def read_three(t: Lexemes, i: int) -> Atom | None:
    """A date of three numbers; both orders of 05/12/2014 where nothing settles it."""
    text = t.x[i].text
    parts = NUMBERS.findall(text)
    a, b, c = (int(part) for part in parts)
    last = i + 1
    if len(parts[0]) == 4:
        return Atom(i, last, year=a, month=b, day=c) if len(parts[2]) <= 2 else None
    if len(parts[0]) > 2 or len(parts[2]) == 3 or len(parts[2]) == 1:
        return None
    year = c if len(parts[2]) == 4 else century_of(c)
    day_month = Atom(i, last, year=year, month=b, day=a)
    if "." in text:
        return day_month
    month_day = Atom(i, last, year=year, month=a, day=b, month_first=True)
    if "-" in text and len(parts[2]) == 2 and 1 <= b <= 12 and a <= 31 and c <= 31 and a != c:
        day_month.other = Atom(i, last, year=century_of(a), month=b, day=c)
        day_month.other_rule = "year first"
        return day_month
    if a > 12 or b > 12 or a == b:
        return month_day if b > 12 >= a else day_month
    if t.day_first is None:
        day_month.other, day_month.other_rule = month_day, "month first"
        return day_month
    return day_month if t.day_first else month_day


@rule("monthyear")
def read_month_year(t: Lexemes, i: int) -> Atom | None:
    """ "05/2014", "2014.05"."""
    a, b = NUMBERS.findall(t.x[i].text)
    month, year = (int(a), int(b)) if len(b) == 4 else (int(b), int(a))
    return Atom(i, i + 1, month=month, year=year) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


@rule("two")
def read_two(t: Lexemes, i: int) -> Atom | None:
    """ "12.05." in a range whose other end has the year."""
    a, b = (int(part) for part in NUMBERS.findall(t.x[i].text))
    if not (1 <= a <= 31 and 1 <= b <= 12):
        return None
    return Atom(i, i + 1, day=a, month=b, note="pair")


def read_slashed_pair(t: Lexemes, i: int) -> Atom | None:
    """ "22/04": a day and a month without a year, the second of two digits; both orders where nothing settles it."""
    x, k = t.x, t.k
    if k[i + 2] != "number" or x[i + 2].digits != 2 or not (x[i + 1].near and x[i + 2].near):
        return None
    if k[i + 3] in _NO_PAIR_BEFORE:
        return None
    a, b = int(x[i].value), int(x[i + 2].value)
    day_month = Atom(i, i + 3, day=a, month=b, note="pair") if 1 <= a <= 31 and 1 <= b <= 12 else None
    month_day = Atom(i, i + 3, day=b, month=a, note="pair") if 1 <= b <= 31 and 1 <= a <= 12 else None
    if day_month is None or month_day is None or a == b or t.day_first is not None:
        return (month_day if t.day_first is False else day_month) or day_month or month_day
    day_month.other, day_month.other_rule = month_day, "month first"
    return day_month


# After two numbers with a slash, what makes them something else: "5/06 May", "12/05 countries", "12/05/14".
_NO_PAIR_BEFORE = frozenset(("slash", "number", "month", "unit", "word", "event", "dot", "mark"))


@rule("eight")
def read_eight(t: Lexemes, i: int) -> Atom | None:
    """ "20140512"."""
    text = t.x[i].text
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31:
        return Atom(i, i + 1, year=year, month=month, day=day)
    return None


@rule("stamp")
def read_stamp(t: Lexemes, i: int) -> Atom | None:
    """ "2014-05-12T09:00Z": its day, and the time kept aside."""
    text = t.x[i].text
    return Atom(i, i + 1, year=int(text[:4]), month=int(text[5:7]), day=int(text[8:10]), note=f"time {text[11:16]}")


@rule("isoweek")
def read_iso_week(t: Lexemes, i: int) -> Atom | None:
    """ "2014-W20", "2014-W20-3"."""
    text = t.x[i].text.replace("-", "")
    found = Atom(i, i + 1, year=int(text[:4]), week=int(text[5:7]))
    if len(text) == 8:
        found.weekday = int(text[7]) - 1
    return found


@rule("clock")
def read_clock(t: Lexemes, i: int) -> Atom | None:
    """ "2H14" looks like a time of day."""
    found = re.fullmatch(r"([12])h(\d\d)", t.x[i].text)
    return Atom(i, i + 1, division=("half", int(found[1])), year=century_of(int(found[2]))) if found else None
