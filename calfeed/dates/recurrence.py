"""What rows make of words for how often: RRULEs (RFC 5545, section 3.3.10), counts and durations."""

from __future__ import annotations

from msgspec import structs

from calfeed.dates.days import DAY_KINDS, JOINS
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.notation import Match, Node
from calfeed.dates.partial import NOTHING_SAID, Partial, Said
from calfeed.dates.units import WEEKDAYS, unit_of
from calfeed.dates.vocabulary import K

_FREQUENCIES = {
    "day": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "trimester": ("MONTHLY", 3), "half": ("MONTHLY", 6), "year": ("YEARLY", 1),
    "decade": ("YEARLY", 10),
}  # fmt: skip
IRREGULAR = "IRREGULAR"
# Behind a rule: the word for it has two meanings.
FLAG = ";FLAG"


def every(number: int, unit: str) -> str | None:
    """The rule of "every 3 months"."""
    if unit not in _FREQUENCIES or not 1 <= number <= 99:
        return None
    frequency, size = _FREQUENCIES[unit]
    return f"FREQ={frequency}" + (f";INTERVAL={number * size}" if number * size > 1 else "")


def _rule(m: Match, rule: str | None, other: str | None = None) -> Node | None:
    said = Said(rule=rule, other_rule=other)
    return Node(K.A_RULE, m.start, m.end, m.row.name, said=said) if rule else None


def said_rule(m: Match) -> Node | None:
    """A word for how often: "monthly"."""
    return _rule(m, str(m.lexeme("rule").value))


def weekly(m: Match) -> Node | None:
    """ "every Monday and Wednesday", "Mondays", "every other Tuesday", "Monday to Friday, weekly"."""
    days = byday(m, *m.region("days"))
    interval = ";INTERVAL=2" if m.item("other") is not None else ""
    return _rule(m, f"FREQ=WEEKLY{interval};BYDAY={','.join(days)}")


def byday(m: Match, first: int, last: int) -> list[str]:
    """The weekdays of some items as BYDAY has them."""
    found: list[int] = []
    joined = False
    for item in m.items[first:last]:
        if item.kind in (K.WEEKDAY, K.WEEKDAYS) and isinstance(item, Lexeme):
            start = found[-1] + 1 if joined and found else item.number
            found += range(start, item.number + 1) if start <= item.number else (item.number,)
            joined = False
        elif item.kind in JOINS:
            joined = True
    return [WEEKDAYS[day] for day in dict.fromkeys(found)]


def every_unit(m: Match) -> Node | None:
    """ "each quarter", "every 2 weeks", "every other month", "every second year"."""
    number = 2 if m.item("other") is not None else m.number("count", 1)
    return _rule(m, every(number, unit_of(m.kind("unit"))))


def every_nth_weekday(m: Match) -> Node | None:
    """ "every second Tuesday": fortnightly, or that Tuesday of each month."""
    number, weekday = m.number("count"), WEEKDAYS[m.number("weekday")]
    if number <= 1:
        return _rule(m, f"FREQ=MONTHLY;BYDAY={number}{weekday}")
    other = f"FREQ=MONTHLY;BYDAY={number}{weekday}" if number <= 4 else None
    return _rule(m, f"FREQ=WEEKLY;INTERVAL={number};BYDAY={weekday}", other)


def every_season(m: Match) -> Node | None:
    """ "each spring"."""
    return _rule(m, "FREQ=YEARLY")


def every_date(m: Match) -> Node | None:
    """ "every September", "every May and June", "every 5 June"."""
    first, last = m.region("months")
    months = sorted({item.number for item in m.items[first:last] if item.kind is K.MONTH and isinstance(item, Lexeme)})
    day = m.number("day")
    if day > 31:
        return None
    rule = f"FREQ=YEARLY;BYMONTH={','.join(map(str, months))}"
    return _rule(m, rule + (f";BYMONTHDAY={day}" if day else ""))


def nth_of_each_month(m: Match) -> Node | None:
    """ "first and third Monday of each month", "the 15th of every month", "last day of each month"."""
    first, last = m.region("numbers")
    if (rule := m.get("rule")) and rule.value != "FREQ=MONTHLY":
        return None
    numbers = [
        item.number
        for item in m.items[first:last]
        if isinstance(item, Lexeme) and (item.kind in DAY_KINDS or item.kind is K.ROMAN)
    ]
    if weekday := m.get("weekday"):
        if any(not -5 <= number <= 5 for number in numbers):
            return None
        names = (f"{number}{WEEKDAYS[weekday.number]}" for number in numbers)
        return _rule(m, f"FREQ=MONTHLY;BYDAY={','.join(names)}")
    counted = m.item("day") is not None or any(item.kind in (K.NTH, K.ORDINAL) for item in m.items[first:last])
    if not counted or any(not -1 <= number <= 31 for number in numbers):
        return None
    return _rule(m, f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, numbers))}")


def times_a(m: Match) -> Node | None:
    """ "twice a year", "3 times per year", "two per year"; IRREGULAR where no whole number of units lies between."""
    number, unit = m.number("count"), unit_of(m.kind("unit"))
    if unit == "year" and number > 1 and 12 % number == 0:
        return _rule(m, every(12 // number, "month"))
    return _rule(m, every(1, unit) if number == 1 else IRREGULAR)


def yearly_rule(partial: Partial) -> str:
    """The rule of "annually in March", "every year on 5 June"."""
    if partial.month is not None and not partial.steps:
        return f"FREQ=YEARLY;BYMONTH={partial.month}" + (f";BYMONTHDAY={partial.day}" if partial.day else "")
    return "FREQ=YEARLY"


# Counts and durations.


def counted_events(m: Match) -> Node | None:
    """ "two workshops in", "3 regional training courses:", "2 x"."""
    number = m.lexeme("count")
    if number.digits > 3 or number.number < 1:
        return None
    return Node(K.A_COUNT, m.start, m.end, m.row.name, said=Said(count=number.number))


def length(m: Match) -> Node | None:
    """ "3 days in", "a two-day workshop in", "six months from", "5 days, "."""
    number, unit = m.number("count", 1), unit_of(m.kind("unit"))
    if m.before() in (K.ORDINAL, K.NTH):
        # "the first two weeks of"
        return None
    if (one := m.get("one")) and (one.text not in m.scene.words.ones or m.after() not in (K.IN, K.OF, K.DURING)):
        return None
    if not 1 <= number <= 999 or unit not in (*_FREQUENCIES, "half"):
        return None
    anchored = m.item("anchor") is not None
    return Node(K.A_LENGTH, m.start, m.end, m.row.name, said=Said(length=(number, unit), anchored=anchored))


def joined_said(one: Said, other: Said) -> Said:
    """Two sayings together: what the second says goes over what the first says."""
    if one is NOTHING_SAID or other is NOTHING_SAID:
        return other if one is NOTHING_SAID else one
    told = {name: value for name in Said.__struct_fields__ if (value := getattr(other, name))}
    return structs.replace(one, **told) if told else one
