"""Dates relative to the day of reading: "next month", "last two weeks", "tomorrow", "in three months"."""

from __future__ import annotations

from datetime import date, timedelta

from calfeed.dates.atoms import SEASON_MONTHS, Atom, add_months, days, later, month_days, week_days
from calfeed.dates.lexemes import RULES, Lexemes, rule
from calfeed.model import Precision

# So many units away at most; beyond, no programme means a date.
MOST_AWAY = 400
STEPS = {"next": 1, "this": 0, "last": -1}


@rule("relative")
def read_relative(t: Lexemes, i: int) -> Atom | None:
    """ "next month", "last two weeks", "this summer"."""
    x, k = t.x, t.k
    step = STEPS[str(x[i].value)]
    j = i + 1
    count = 1
    if k[j] == "number" and x[j].digits <= 2 and k[j + 1] == "unit":
        count = int(x[j].value)
        j += 1
    if k[j] == "unit":
        if count == 1 and x[j].value == "week" and (day := weekday_after(t, i, j + 1, step)):
            return day
        return relative_unit(t, i, j, step * count, str(x[j].value))
    if k[j] in ("spell", "division") and step == 0:
        named = RULES[k[j]](t, j)
        if named is not None and named.division and named.year is None:
            named.first, named.year, named.note = i, t.reference.year, "relative"
            return named
    if k[j] == "year_word":
        return relative_unit(t, i, j, step, "year")
    if k[j] == "weekend":
        return relative_weekend(t, i, j, step)
    if k[j] in ("month", "season", "weekday"):
        if k[j] == "month" and (t.is_year(j + 1) or k[j + 1] == "number"):
            return None
        return relative_named(t, i, j, step)
    return None


def relative_unit(t: Lexemes, i: int, j: int, step: int, unit: str) -> Atom | None:
    """The unit that lies `step` units from the day of reading; lexemes `i` to `j` say so."""
    today = t.reference
    if abs(step) > 100:
        return None
    if abs(step) > 1:
        return relative_run(t, i, j, step, unit)
    if unit == "year":
        return Atom(i, j + 1, year=today.year + step, note="relative")
    if unit == "month":
        first, last = month_days(today.year, today.month + step)
        precision = Precision.MONTH
    elif unit in ("quarter", "trimester"):
        first, last = month_days(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3)
        precision = Precision.QUARTER
    elif unit == "half":
        first, last = month_days(today.year, (today.month - 1) // 6 * 6 + 1 + 6 * step, 6)
        precision = Precision.HALF
    elif unit == "week":
        first, last = week_days(today + timedelta(days=7 * step))
        precision = Precision.WEEK
    elif unit == "decade":
        first = date(today.year // 10 * 10 + 10 * step, 1, 1)
        last, precision = first.replace(year=first.year + 9, month=12, day=31), Precision.DECADE
    elif unit == "day":
        first = last = today + timedelta(days=step)
        precision = Precision.DAY
    else:
        return None
    return Atom(i, j + 1, fixed=(first, last, precision), note="relative")


def relative_run(t: Lexemes, i: int, j: int, step: int, unit: str) -> Atom | None:
    """The next or last few units together: "last two years"."""
    today = t.reference
    if unit in ("day", "week", "fortnight"):
        size = {"day": 1, "week": 7, "fortnight": 14}[unit] * step
        first = today + timedelta(days=1) if step > 0 else today + timedelta(days=size)
        last = today + timedelta(days=size) if step > 0 else today - timedelta(days=1)
        return Atom(i, j + 1, fixed=(first, last, Precision.DAY if unit == "day" else Precision.WEEK), note="relative")
    months = {"month": 1, "quarter": 3, "trimester": 3, "half": 6, "year": 12}.get(unit)
    if months is None:
        return None
    if unit == "year":
        first_year, last_year = (today.year + 1, today.year + step) if step > 0 else (today.year + step, today.year - 1)
        return Atom(i, j + 1, fixed=(date(first_year, 1, 1), date(last_year, 12, 31), Precision.YEAR), note="relative")
    start = today.month + 1 if step > 0 else today.month + months * step
    first, last = month_days(today.year, start, months * abs(step))
    return Atom(i, j + 1, fixed=(first, last, Precision.MONTH), note="relative")


def relative_named(t: Lexemes, i: int, j: int, step: int) -> Atom | None:
    """The next, this or last month, season or weekday of a name."""
    today = t.reference
    lexeme = t.x[j]
    if lexeme.kind == "weekday":
        ahead = (int(lexeme.value) - today.weekday()) % 7
        day = today + timedelta(days=ahead if step >= 0 else ahead - 7)
        if step == 1 and ahead == 0:
            day += timedelta(days=7)
        if step == -1 and day == today:
            day -= timedelta(days=7)
        return Atom(i, j + 1, fixed=(day, day, Precision.DAY), note="relative")
    if lexeme.kind == "season":
        atom = Atom(i, j + 1, division=("season", SEASON_MONTHS[str(lexeme.value)]), year=today.year)
    else:
        atom = Atom(i, j + 1, month=int(lexeme.value), year=today.year)
    first, last = days(atom)
    if step == 1 and first <= today:
        atom.year = today.year + 1
    if step == -1 and last >= today:
        atom.year = today.year - 1
    atom.note = "relative"
    return atom


def relative_weekend(t: Lexemes, i: int, j: int, step: int) -> Atom:
    """The weekend of this week, or of one before or after it."""
    saturday = week_days(t.reference)[1] + timedelta(days=7 * step - 1)
    return Atom(i, j + 1, fixed=(saturday, saturday + timedelta(days=1), Precision.DAY), note="relative")


def weekday_of_week(t: Lexemes, i: int, j: int) -> Atom | None:
    """ "Wednesday next week", "Friday of last week": lexeme `i` is the weekday, `j` begins the week."""
    if t.k[j] not in ("relative", "ordinal") or t.k[j + 1] != "unit" or t.x[j + 1].value != "week":
        return None
    step = STEPS[str(t.x[j].value)] if t.k[j] == "relative" else int(t.x[j].value)
    if abs(step) > 1 or (step == 1 and t.k[j] == "ordinal"):
        return None
    return day_of_week(t, i, j + 2, int(t.x[i].value), step)


def weekday_after(t: Lexemes, i: int, j: int, step: int) -> Atom | None:
    """ "next week on Friday", "this week Friday": lexeme `j` comes after the week."""
    if t.k[j] == "in" and t.k[j + 1] == "weekday":
        j += 1
    if t.k[j] != "weekday" or t.k[j + 1] in ("number", "month", "ordinal", "dash", "to"):
        return None
    return day_of_week(t, i, j + 1, int(t.x[j].value), step)


def day_of_week(t: Lexemes, i: int, last: int, weekday: int, step: int) -> Atom:
    """A weekday of the week that lies so many weeks from the day of reading."""
    day = week_days(t.reference + timedelta(days=7 * step))[0] + timedelta(days=weekday)
    return Atom(i, last, fixed=(day, day, Precision.DAY), note="relative")


def read_after_next(t: Lexemes, i: int) -> Atom | None:
    """ "the week after next", "the month before last", "Friday after next": lexeme `i` is the unit or the weekday."""
    x, k = t.x, t.k
    ahead = k[i + 1] == "after" and k[i + 2] == "relative" and x[i + 2].value == "next"
    back = k[i + 1] == "before" and k[i + 2] == "ordinal" and x[i + 2].value == -1
    if not (ahead or back) or k[i + 3] in ("unit", "month", "weekday", "season"):
        return None
    step = 1 if ahead else -1
    if k[i] == "unit":
        return unit_away(t, i, 2 * step, str(x[i].value), i + 3)
    found = relative_named(t, i, i, step)
    if found is None or found.fixed is None:
        return None
    day = found.fixed[0] + timedelta(days=7 * step)
    return Atom(i, i + 3, fixed=(day, day, Precision.DAY), note="relative")


@rule("day")
def read_today(t: Lexemes, i: int) -> Atom | None:
    """Today, tomorrow, yesterday."""
    day = t.reference + timedelta(days=int(t.x[i].value))
    return Atom(i, i + 1, fixed=(day, day, Precision.DAY), note="relative")


def read_away(t: Lexemes, i: int, number: int, unit: str, last: int) -> Atom | None:
    """ "in two weeks", "three months ago": as precise as the unit, or that very day; "from today" is that day."""
    today = t.reference
    whole = unit_away(t, i, number, unit, last)
    if whole is None or unit == "day":
        return whole
    day = later(today, number, unit)
    exact = Atom(i, last, fixed=(day, day, Precision.DAY), note="relative")
    if t.k[last - 1] == "day":
        return exact
    whole.other, whole.other_rule = exact, "exact day"
    return whole


def unit_away(t: Lexemes, i: int, number: int, unit: str, last: int) -> Atom | None:
    """The whole week, month or year that lies so many away."""
    today = t.reference
    if unit == "day":
        day = today + timedelta(days=number)
        return Atom(i, last, fixed=(day, day, Precision.DAY), note="relative")
    if unit in ("week", "fortnight"):
        day = today + timedelta(days=number * (7 if unit == "week" else 14))
        return Atom(i, last, fixed=(*week_days(day), Precision.WEEK), note="relative")
    if unit == "year":
        return Atom(
            i,
            last,
            fixed=(date(today.year + number, 1, 1), date(today.year + number, 12, 31), Precision.YEAR),
            note="relative",
        )
    if unit in ("month", "quarter", "half"):
        day = add_months(today, number * {"month": 1, "quarter": 3, "half": 6}[unit])
        return Atom(i, last, fixed=(*month_days(day.year, day.month), Precision.MONTH), note="relative")
    return None
