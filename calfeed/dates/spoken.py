"""Times of day and recurrences in the words of a language: "14:00–15:30 (Zurich time, UTC+1)", "every Wednesday".

Names of weekdays, months and cities come from CLDR through Babel, the rest from spoken.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, time
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from babel.dates import get_day_names, get_month_names, get_timezone_location
from babel.lists import format_list

from calfeed.dates.instances import rule_parts
from calfeed.locales import locale_of
from calfeed.model import Period
from calfeed.zones import in_words, offset

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LAST = -1


@cache
def table(lang: str) -> dict[str, Any]:
    """The words of a language that has some, else English."""
    tables = tomllib.loads(resources.files("calfeed.dates").joinpath("spoken.toml").read_text("utf-8"))
    found: dict[str, Any] = tables.get(lang, tables["en"])
    return found


def clock(period: Period) -> tuple[str, str]:
    """The times of a period, "" for the one that is not named."""
    opens, _, closes = (period.times or "").partition("/")
    return opens, closes


def hours_words(period: Period, lang: str) -> str:
    """The hours of a period with their zone, and whether they are those of each day."""
    own = table(lang)
    opens, closes = clock(period)
    told = f"{opens}–{closes}" if closes else opens
    several = period.start is not None and period.end is not None and period.start != period.end
    if several and period.rrule is None:
        told = own["daily"].format(told)
    return zoned(told, period, lang)


def zoned(told: str, period: Period, lang: str) -> str:
    """Hours with the zone of a period behind them, where it has one."""
    if period.zone is None:
        return told
    return str(table(lang)["zoned"]).format(told, zone_words(period, lang))


def zone_words(period: Period, lang: str) -> str:
    """ "Zurich time, UTC+1"; of a recurrence, whose offset may change, "Zurich time"."""
    name = period.zone or "UTC"
    ahead = _offset(period, name)
    if name[0] in "+-" or name in ("UTC", "Etc/UTC"):
        return ahead or name
    city = get_timezone_location(name, locale=locale_of(lang), return_city=True)
    told = str(table(lang)["zone"]).format(city)
    return str(table(lang)["at"]).format(told, ahead) if ahead and period.rrule is None else told


def _offset(period: Period, name: str) -> str:
    """The offset from UTC that holds at the beginning, "" for a zone that is none."""
    day = period.start or period.end or date(2000, 1, 1)
    try:
        return in_words(offset(day, time.fromisoformat(clock(period)[0]), name))
    except ValueError:
        return ""


class _Rule(NamedTuple):
    """A recurrence's parts: `days` are pairs of an ordinal (0: none) and a weekday (0 is Monday)."""

    every: int
    days: tuple[tuple[int, int], ...]
    monthdays: tuple[int, ...]
    months: tuple[int, ...]


def rule_words(rrule: str, lang: str) -> str | None:
    """A recurrence in words: "the second Tuesday of each month"; None for one that there are no words for."""
    parts = rule_parts(rrule)
    say = _SAID.get(parts.get("FREQ", ""))
    if say is None or parts.keys() & {"BYSETPOS", "BYYEARDAY", "BYWEEKNO"}:
        return None
    try:
        rule = _Rule(
            int(parts.get("INTERVAL", "1")),
            tuple(_weekday(one) for one in parts.get("BYDAY", "").split(",") if one),
            _numbers(parts.get("BYMONTHDAY", "")),
            _numbers(parts.get("BYMONTH", "")),
        )
        return say(rule, lang)
    except (ValueError, IndexError, KeyError):
        return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)


def _weekday(text: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no weekday")
    return int(found[1] or 0), _WEEKDAYS.index(found[2])


def _listed(items: list[str], lang: str) -> str:
    return str(format_list(items, locale=locale_of(lang)))


def _day_name(day: int, lang: str) -> str:
    name = str(get_day_names("wide", locale=locale_of(lang))[day])
    # Behind "every" or an ordinal Arabic has no article.
    return name.removeprefix("ال") if lang == "ar" else name


def _month_names(months: tuple[int, ...], lang: str) -> str:
    return _listed([str(get_month_names("wide", "stand-alone", locale_of(lang))[month]) for month in months], lang)


def _turn(unit: str, every: int, own: dict[str, Any]) -> str:
    """ "every month", "every quarter", "every 4 months"."""
    if every == 1:
        return str(own[unit])
    return str(own.get(f"{unit}_{every}") or own[f"{unit}_n"]).format(n=every)


def _daily(rule: _Rule, lang: str) -> str:
    own = table(lang)
    if rule.days or rule.monthdays:
        raise ValueError("a filter, not a turn")
    told = str(own["day"]) if rule.every == 1 else str(own["days"]).format(n=rule.every)
    return _in_months(told, rule, lang)


def _weekly(rule: _Rule, lang: str) -> str:
    own = table(lang)
    days = [day for _, day in rule.days]
    if not days:
        return _in_months(_turn("week", rule.every, own), rule, lang)
    if days == [0, 1, 2, 3, 4] and rule.every == 1:
        return _in_months(str(own["working"]), rule, lang)
    inflected = own.get("weekdays")
    names = _listed([inflected[day] if inflected else _day_name(day, lang) for day in days], lang)
    form = {1: "weekday", 2: "weekday_2"}.get(rule.every, "weekday_n")
    return _in_months(str(own[form]).format(names, n=rule.every), rule, lang)


def _monthly(rule: _Rule, lang: str) -> str:
    own = table(lang)
    if rule.days:
        if not all(ordinal for ordinal, _ in rule.days):
            raise ValueError("weekdays of a month without an ordinal")
        names = _listed([_nth(ordinal, day, lang) for ordinal, day in rule.days], lang)
        form = "nth_month" if rule.every == 1 else "nth_months"
        return _in_months(str(own[form]).format(names, n=rule.every), rule, lang)
    if rule.monthdays:
        if rule.every != 1:
            raise ValueError("days of every few months")
        if rule.monthdays == (_LAST,):
            return _in_months(str(own["last_day"]), rule, lang)
        days = _listed([str(day) for day in rule.monthdays if day > 0], lang)
        return _in_months(str(own["monthday"]).format(days), rule, lang)
    return _in_months(_turn("month", rule.every, own), rule, lang)


def _yearly(rule: _Rule, lang: str) -> str:
    own = table(lang)
    if rule.every == 1 and rule.months and (rule.days or rule.monthdays):
        if len(rule.months) == 1 and len(rule.monthdays) == 1 and not rule.days:
            month = str(get_month_names("wide", "format", locale_of(lang))[rule.months[0]])
            return str(own["of_year"]).format(rule.monthdays[0], month)
        return _monthly(rule, lang)
    if rule.days or rule.monthdays:
        raise ValueError("days of a year")
    return _in_months(_turn("year", rule.every, own), rule, lang)


def _nth(ordinal: int, day: int, lang: str) -> str:
    own = table(lang)
    gender = own.get("genders", "m" * 7)[day]
    ordinals = own["ordinals" if gender == "m" else f"ordinals_{gender}"]
    if ordinal != _LAST and not 1 <= ordinal <= 5:
        raise ValueError(f"no word for the weekday number {ordinal}")
    return str(own["nth"]).format(ordinals[ordinal - 1 if ordinal > 0 else _LAST], _day_name(day, lang))


def _in_months(told: str, rule: _Rule, lang: str) -> str:
    return str(table(lang)["in_months"]).format(told, _month_names(rule.months, lang)) if rule.months else told


_SAID: dict[str, Callable[[_Rule, str], str]] = {
    "DAILY": _daily,
    "WEEKLY": _weekly,
    "MONTHLY": _monthly,
    "YEARLY": _yearly,
}
