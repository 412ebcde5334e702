"""What rows make of words that count from the day of reading: "next month", "last two weeks", "in three months"."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import structs

from calfeed.dates.calendar import MONTHS_IN, days_of, later, month_days, week_days
from calfeed.dates.days import division_of, node_of
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.notation import Match, Node
from calfeed.dates.partial import Partial, Step
from calfeed.dates.units import unit_of
from calfeed.dates.vocabulary import K
from calfeed.settings import Dates

# So many units away at most; beyond, no programme means a date.
MOST_AWAY = 400


def _on(day: date, *steps: Step) -> Partial:
    return Partial(day.year, day.month, day.day, steps=steps, relative=True)


def _node(m: Match, partial: Partial | None) -> Node | None:
    if partial is None:
        return None
    steps = partial.steps
    return node_of(m, partial, K.A_DAY if partial.day is not None and not steps else K.A_UNIT)


def unit_at(today: date, number: int, unit: str) -> Partial | None:
    """The whole week, month, quarter or year that lies so many units from a day."""
    if unit == "day":
        return _on(today + timedelta(days=number))
    if unit in ("week", "fortnight"):
        return _on(today + timedelta(days=number * (7 if unit == "week" else 14)), Step("week of"))
    if unit == "weekend":
        saturday = week_days(today)[1] + timedelta(days=7 * number - 1)
        return _on(saturday, Step("lasting", 2, name="day"))
    if unit == "year":
        return Partial(today.year + number, relative=True)
    if unit == "decade":
        return Partial(today.year // 10 * 10 + 10 * number, steps=(Step("decade"),), relative=True)
    size = MONTHS_IN.get(unit)
    if size is None:
        return None
    first = month_days(today.year, (today.month - 1) // size * size + 1 + size * number)[0]
    if size == 1:
        return Partial(first.year, first.month, relative=True)
    name = "quarter" if size == 3 else "half"
    return Partial(first.year, steps=(Step(name, (first.month - 1) // size + 1),), relative=True)


def _run(today: date, number: int, unit: str) -> Partial | None:
    """The next or last few units together: "last two years"."""
    size = abs(number)
    if unit in ("day", "week", "fortnight"):
        first = today + timedelta(days=1) if number > 0 else later(today, number, unit)
        return _on(first, Step("lasting", size, name=unit))
    if unit not in MONTHS_IN:
        return None
    if unit == "year":
        return _on(date(today.year + (1 if number > 0 else number), 1, 1), Step("lasting", size, name=unit))
    start = today.month + 1 if number > 0 else today.month + MONTHS_IN[unit] * number
    return _on(month_days(today.year, start)[0], Step("lasting", size, name=unit))


def _step(m: Match) -> int | None:
    """The number of steps that a word for next, this or last says; of ordinals only "last" is such a word."""
    step = m.get("step")
    if step is None:
        return 0
    if step.kind is K.ORDINAL and m.before() in (K.MONTH, K.YEAR, K.HAN_YEAR):
        # "2014年5月最后一个星期五" is the last of that month.
        return None
    return step.number if step.kind is K.RELATIVE or step.number == -1 else None


def relative_unit(m: Match) -> Node | None:
    """ "next month", "last two weeks", "l'année prochaine", "this quarter"."""
    unit, count = unit_of(m.kind("unit")), m.number("count", 1)
    step = _step(m)
    if step is None or not 1 <= count <= 100:
        return None
    number = step * count
    today = m.scene.reference
    return _node(m, _run(today, number, unit) if abs(number) > 1 else unit_at(today, number, unit))


def relative_named(m: Match) -> Node | None:
    """The next, this or last month, season or weekday of a name; a weekday alone is the next one."""
    step, named = _step(m), m.lexeme("named")
    if step is None:
        return None
    found = named_at(m.scene.reference, named, step)
    if m.item("step") is None:
        # A weekday alone is the next one, and checks a day that stands near.
        found = structs.replace(found, weekday=named.number)
    return _node(m, found)


def named_at(today: date, named: Lexeme, step: int) -> Partial:
    """The month, season or weekday of a name that comes next (1), soonest (0) or came last (-1)."""
    if named.kind is K.WEEKDAY:
        ahead = (named.number - today.weekday()) % 7
        day = today + timedelta(days=ahead if step >= 0 else ahead - 7)
        if step and day == today:
            day += timedelta(days=7 * step)
        return _on(day)
    if named.kind is K.SEASON:
        found = Partial(today.year, steps=(Step("season", named.number),), relative=True)
    else:
        found = Partial(today.year, named.number, relative=True)
    first, last, _ = days_of(found, Dates())
    if (step == 1 and first <= today) or (step == -1 and last >= today):
        found = structs.replace(found, year=today.year + step)
    return found


def relative_division(m: Match) -> Node | None:
    """ "this Q3"."""
    if m.number("step"):
        return None
    return _node(m, Partial(m.scene.reference.year, steps=(division_of(m.lexeme("division")),), relative=True))


def relative_weekend(m: Match) -> Node | None:
    """ "next weekend"."""
    step = _step(m)
    return None if step is None else _node(m, unit_at(m.scene.reference, step, "weekend"))


def today(m: Match) -> Node | None:
    """Today, tomorrow, yesterday."""
    return _node(m, _on(m.scene.reference + timedelta(days=m.number("day"))))


def away(m: Match) -> Node | None:
    """ "in two weeks", "three months ago": as precise as the unit, or that very day; "from today" is that day."""
    unit, number = unit_of(m.kind("unit")), m.number("count", 1)
    if (
        not 1 <= number <= MOST_AWAY
        or (m.item("count") is None and not _is_one(m))
        or (m.get("ahead") and not _means_ahead(m))
    ):
        return None
    if m.item("back") is not None or m.item("ago") is not None:
        number = -number
    reference = m.scene.reference
    whole = (
        unit_at(reference, number, unit) if unit not in ("quarter", "half") else _months_away(reference, number, unit)
    )
    if whole is None or unit == "day":
        return _node(m, whole)
    exact = _on(later(reference, number, unit))
    if m.item("today") is not None:
        return _node(m, exact)
    return _node(m, structs.replace(whole, others=(("exact day", exact),)))


def away_before(m: Match) -> Node | None:
    """ "vor drei Monaten": where the word for "before" says "ago" too."""
    return away(m) if "before_is_ago" in m.scene.words.flags else None


def _months_away(reference: date, number: int, unit: str) -> Partial:
    day = later(reference, number, unit)
    return Partial(day.year, day.month, relative=True)


def _is_one(m: Match) -> bool:
    """Whether an article counts: "a week ago", not "the week ago"."""
    article = m.item("one")
    return isinstance(article, Lexeme) and article.text in m.scene.words.ones


def _means_ahead(m: Match) -> bool:
    """Whether "in" says how far ahead: "in two weeks", not "for two weeks"."""
    word = m.lexeme("ahead")
    return word.kind is K.AHEAD or word.text in m.scene.words.ahead


def after_next(m: Match) -> Node | None:
    """ "the week after next", "the month before last", "Friday after next"."""
    step = 1 if m.number("step") > 0 else -1
    if m.kind("unit") is K.WEEKDAY:
        found = named_at(m.scene.reference, m.lexeme("unit"), step)
        day = date(found.year or 1, found.month or 1, found.day or 1) + timedelta(days=7 * step)
        return _node(m, _on(day))
    return _node(m, unit_at(m.scene.reference, 2 * step, unit_of(m.kind("unit"))))


def weekday_of_week(m: Match) -> Node | None:
    """ "Wednesday of next week", "next week on Friday"."""
    step = m.number("step")
    if abs(step) > 1:
        return None
    monday = week_days(m.scene.reference + timedelta(days=7 * step))[0]
    return _node(m, _on(monday + timedelta(days=m.number("weekday"))))
