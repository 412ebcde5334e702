"""A period in the words of a language: for titles ("Jul-Sep 2013, approx."), pages and embeds.

Names, orders and joints of dates come from CLDR through Babel; what CLDR does not have ("early", "from", "some days
within it") stands in words.toml. Languages without a table there are given English.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton

from calfeed.dates.calendar import shown_days, unit_around
from calfeed.dates.instances import MAX_INSTANCES, instances, names_days, rule_parts
from calfeed.dates.spoken import clock, hours_words, rule_words, table, zoned
from calfeed.locales import locale_of
from calfeed.model import Period, Precision, Qualifier

# CLDR's plain English is American; the day stands before the month in the English of the UN.
_DAY_LOCALES = {"en": "en_GB"}
_PARTS = frozenset((Qualifier.EARLY, Qualifier.MID, Qualifier.LATE, Qualifier.BEGINNING, Qualifier.END))
_SAID = frozenset((Qualifier.STARTING, Qualifier.ONGOING, Qualifier.UNTIL, Qualifier.BY, Qualifier.ABOUT)) | _PARTS
_DOUBTS = frozenset((Qualifier.ABOUT, Qualifier.UNCERTAIN, Qualifier.TENTATIVE, Qualifier.EXPECTED, Qualifier.PLANNED))
_JOINT = re.compile(r"[\u2009\u202f\u00a0]")
_ONE_DAY = timedelta(days=1)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("calfeed.dates").joinpath("words.toml").read_text("utf-8"))


def language_of(lang: str) -> str:
    """The language of the tables for a BCP 47 tag; English where there is none."""
    short = lang.partition("-")[0].partition("_")[0].lower()
    return short if short in _tables() else "en"


def is_exact(period: Period) -> bool:
    """Whether the text vouches for each day: it is neither open nor doubtful. A deadline's day is exact."""
    if period.precision is not Precision.DAY or period.qualifier in _DOUBTS or period.rrule:
        return False
    if period.duration and not period.duration.startswith("PT"):
        return False
    if period.qualifier is Qualifier.BY:
        return period.end is not None
    return period.start is not None and period.end is not None and period.qualifier is None


@lru_cache(maxsize=65536)
def words(period: Period, lang: str = "en", *, long: bool = False) -> str:
    """The period in words: "Jul–Sep 2013", with `long` "July–September 2013"; "from June 2013"; "early 2015".

    With its times, "12 Mar 2027, 14:00–15:30 (Zurich time, UTC+1)", and its rule, "every Wednesday, 6 January – 29
    December 2027"."""
    lang = language_of(lang)
    own = table(lang)
    if period.rrule is not None:
        told = _repeated(period, lang, long)
    elif period.times and period.continuous and all(clock(period)) and period.start and period.end:
        ends = zip((period.start, period.end), clock(period), strict=True)
        told = " – ".join(own["at"].format(_days(day, day, lang, long), hour) for day, hour in ends)
        return zoned(told, period, lang)
    else:
        told = _said_days(period, lang, long)
    if period.times:
        told = str(own["at"]).format(told, hours_words(period, lang))
    left_out = ", ".join(_days(day, day, lang, long) for day in period.exdates)
    return str(own["except"]).format(told, left_out) if left_out and period.rrule else told


def _repeated(period: Period, lang: str, long: bool) -> str:
    """A recurrence and the days from its first instance to its last."""
    rule = rule_words(period.rrule or "", lang)
    told = rule or str(_tables()[lang]["repeated"].get(rule_parts(period.rrule or "").get("FREQ", ""), period.rrule))
    own = table(lang)
    found = instances(period)
    if period.start is None or not found:
        return told
    ends = period.end is not None or bool(rule_parts(period.rrule or "").keys() & {"COUNT", "UNTIL"})
    first, last = found[0].start, found[-1].end
    assert first is not None
    assert last is not None
    if ends and names_days(period):
        days = _days(first, last if len(found) < MAX_INSTANCES else period.end or last, lang, long)
    elif names_days(period):
        days = str(_tables()[lang]["starting"]).format(*(_days(first, first, lang, long),) * 2)
    else:
        days = _said_days(period, lang, long)
    return str(own["at"]).format(told, days)


def _said_days(period: Period, lang: str, long: bool) -> str:
    table = _tables()[lang]
    first, last = shown_days(period)
    if period.qualifier in _PARTS:
        first, last = unit_around(first, period.precision)
    unit = _unit(first, last, period.precision, lang, long)
    if period.qualifier is None:
        return unit
    said = period.qualifier.value
    if period.qualifier is Qualifier.BY and period.precision is Precision.DAY:
        said = "by_day"
    genitive = _genitive(first, last, period.precision, lang) or unit
    return str(table[said]).format(unit, genitive)


def prefix(period: Period, lang: str = "en") -> str | None:
    """What a title must say of a period whose days are not known: "Jul-Sep 2013, approx.", "from June 2013".

    None for exact days, which the calendar itself shows; with hours that it cannot show, "14:00-15:30"."""
    if is_exact(period):
        return _hours_of_days(period, language_of(lang))
    told = words(period, lang)
    if language_of(lang) == "en":
        told = re.sub(r"\s*–\s*", "-", told)
    plain = period.qualifier not in _SAID and period.qualifier not in _DOUBTS and not _names_its_days(period)
    return str(_tables()[language_of(lang)]["approximate"]).format(told) if plain else told


def _hours_of_days(period: Period, lang: str) -> str | None:
    """The hours that a calendar cannot show: those of no known zone, and those of each of several days."""
    if period.times is None or (period.zone and (period.start == period.end or period.continuous or not period.start)):
        return None
    told = words(period, lang) if period.continuous else hours_words(period, lang)
    return re.sub(r"(?<=\d)–(?=\d)", "-", told) if lang == "en" else told


def _names_its_days(period: Period) -> bool:
    return period.rrule is not None and names_days(period)


def vague(period: Period, lang: str = "en") -> str:
    """A sentence's worth for a page: "September 2013, some days within it". Exact and open periods as in `words`."""
    told = words(period, lang, long=True)
    known = is_exact(period) or _names_its_days(period)
    if known or period.start is None or period.end is None or period.qualifier is Qualifier.ONGOING:
        return told
    return str(_tables()[language_of(lang)]["within"]).format(told)


def _unit(first: date, last: date, precision: Precision, lang: str, long: bool) -> str:
    """Some days in words, in the coarsest unit of the precision that they fill."""
    table = _tables()[lang]
    locale = locale_of(lang)
    if precision is Precision.WEEK and (last - first).days == 6:
        return str(table["week"]).format(_days(first, first, lang, long), _days(first, first, lang, long))
    if not _whole_months(first, last) or precision in (Precision.DAY, Precision.WEEK):
        return _days(first, last, lang, long)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    years = first.month == 1 and months % 12 == 0
    if precision is Precision.DECADE and months == 120 and years and "decade" in table:
        return str(table["decade"]).format(first.year)
    if years and precision not in (Precision.MONTH, Precision.QUARTER):
        return _clean(format_interval(first, last, "y", locale=locale)) if months > 12 else _year(first, locale)
    size, one = {
        Precision.QUARTER: (3, _quarter),
        Precision.HALF: (6, _half),
        Precision.SEASON: (3, _season),
    }.get(precision, (0, None))
    if one and months % size == 0 and (first.month - 1) % size == (2 if precision is Precision.SEASON else 0):
        opening = one(first, lang, long)
        if months == size:
            return opening
        return f"{opening} – {one(_back(last, size), lang, long)}"
    skeleton = "yMMMM" if long else "yMMM"
    if months == 1:
        return _clean(format_skeleton(skeleton, first, locale=locale))
    return _tight(_clean(format_interval(first, last, skeleton, locale=locale)))


def _days(first: date, last: date, lang: str, long: bool) -> str:
    locale = locale_of(_DAY_LOCALES.get(lang, lang))
    if first == last:
        if lang == "en":
            return format_date(first, "d MMMM y" if long else "d MMM y", locale=locale_of("en"))
        return _clean(format_date(first, "long" if long else "medium", locale=locale))
    if not long or lang == "zh":
        told = _clean(format_interval(first, last, "yMMMd", locale=locale))
        return told.replace("Sept", "Sep") if lang == "en" else told
    closing = _clean(format_date(last, "long", locale=locale))
    if first.year != last.year:
        return f"{_clean(format_date(first, 'long', locale=locale))} – {closing}"
    if first.month != last.month:
        return f"{_clean(format_skeleton('MMMMd', first, locale=locale))} – {closing}"
    return f"{first.day}{'.' if lang == 'de' else ''}–{closing}"


def _year(first: date, locale: Locale) -> str:
    return _clean(format_skeleton("y", first, locale=locale)) + (" г." if locale.language == "ru" else "")


def _quarter(first: date, lang: str, long: bool) -> str:
    return _clean(format_skeleton("yQQQQ" if long else "yQQQ", first, locale=locale_of(lang)))


def _half(first: date, lang: str, _long: bool) -> str:
    year = _year(first, locale_of(lang))
    return str(_tables()[lang]["half"][first.month // 7]).format(year, _genitive_year(first, lang) or year)


def _season(first: date, lang: str, _long: bool) -> str:
    year = _year(first, locale_of(lang))
    return str(_tables()[lang]["season"][(first.month - 3) // 3]).format(year, _genitive_year(first, lang) or year)


def _genitive(first: date, last: date, precision: Precision, lang: str) -> str | None:
    """The unit in the genitive, for the one language here whose months have it."""
    if lang != "ru":
        return None
    if precision is Precision.MONTH and first.month == last.month:
        return _clean(format_date(first, "MMMM y 'г'.", locale=locale_of("ru")))
    if precision is Precision.YEAR and first.year == last.year:
        return _genitive_year(first, lang)
    return None


def _genitive_year(first: date, lang: str) -> str | None:
    return f"{first.year} г." if lang == "ru" else None


def _whole_months(first: date, last: date) -> bool:
    return first.day == 1 and (last == date.max or (last + _ONE_DAY).day == 1)


def _back(last: date, months: int) -> date:
    """First day of the `months` months that end on a month's last day."""
    index = last.year * 12 + last.month - months
    return date(index // 12, index % 12 + 1, 1)


def _clean(text: str) -> str:
    """CLDR's thin and hard spaces as plain ones, which every client shows."""
    return _JOINT.sub(" ", text)


def _tight(text: str) -> str:
    """No spaces around the dash between two months: "Jul–Sep 2013"; they stay where either side has more words."""
    return re.sub(r"^(\S+) – (\S+)(?= \S+$| de \d| \d)", r"\1–\2", text)
