"""A period in words: as the languages say it, and read back as the same days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calfeed.dates import Context, interpret
from calfeed.dates.vocabulary import LANGUAGES
from calfeed.dates.words import is_exact, prefix, vague, words
from calfeed.model import Period, Precision, Qualifier


def period(days: str, precision: str, qualifier: str | None = None) -> Period:
    """From "2013-07-01..2013-09-30", an open side left empty."""
    start, _, end = days.partition("..")
    return Period(
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=Precision(precision),
        qualifier=Qualifier(qualifier) if qualifier else None,
    )


ENGLISH = [
    # days, precision, qualifier, short, long
    ("2013-08-12..2013-08-12", "day", None, "12 Aug 2013", "12 August 2013"),
    ("2013-08-12..2013-08-14", "day", None, "12–14 Aug 2013", "12–14 August 2013"),
    ("2013-09-30..2013-10-02", "day", None, "30 Sep – 2 Oct 2013", "30 September – 2 October 2013"),
    ("2013-12-30..2014-01-03", "day", None, "30 Dec 2013 – 3 Jan 2014", "30 December 2013 – 3 January 2014"),
    ("2013-09-01..2013-09-30", "month", None, "Sep 2013", "September 2013"),
    ("2013-07-01..2013-09-30", "month", None, "Jul–Sep 2013", "July–September 2013"),
    ("2013-11-01..2014-02-28", "month", None, "Nov 2013 – Feb 2014", "November 2013 – February 2014"),
    ("2014-01-01..2014-12-31", "year", None, "2014", "2014"),
    ("2014-04-01..2014-06-30", "quarter", None, "Q2 2014", "2nd quarter 2014"),
    ("2014-07-01..2014-12-31", "half", None, "second half of 2014", "second half of 2014"),
    ("2014-06-01..2014-08-31", "season", None, "summer 2014", "summer 2014"),
    ("2013-09-09..2013-09-15", "week", None, "week of 9 Sep 2013", "week of 9 September 2013"),
    ("2013-06-01..", "month", "starting", "from Jun 2013", "from June 2013"),
    ("..2013-10-31", "day", "by", "by 31 Oct 2013", "by 31 October 2013"),
    ("..2014-06-30", "month", "until", "until Jun 2014", "until June 2014"),
    ("2013-01-01..2013-12-31", "year", "ongoing", "ongoing in 2013", "ongoing in 2013"),
    ("2015-01-01..2015-04-30", "year", "early", "early 2015", "early 2015"),
    ("2014-06-11..2014-06-20", "month", "mid", "mid-Jun 2014", "mid-June 2014"),
    ("2013-10-01..2013-12-31", "year", "end", "end of 2013", "end of 2013"),
    ("2014-06-01..2014-06-30", "month", "about", "about Jun 2014", "about June 2014"),
]


@pytest.mark.parametrize(("days", "precision", "qualifier", "short", "long"), ENGLISH)
def test_a_period_in_english(days: str, precision: str, qualifier: str | None, short: str, long: str) -> None:
    told = period(days, precision, qualifier)
    assert words(told) == short
    assert words(told, long=True) == long


OTHERS = [
    ("fr", "2013-07-01..2013-09-30", "month", None, "juillet–septembre 2013"),
    ("fr", "2013-06-01..", "month", "starting", "à partir de juin 2013"),
    ("fr", "..2013-10-31", "day", "by", "au plus tard le 31 octobre 2013"),
    ("es", "2013-09-01..2013-09-30", "month", None, "septiembre de 2013"),
    ("es", "2013-06-01..", "month", "starting", "a partir de junio de 2013"),
    ("de", "2013-08-12..2013-08-14", "day", None, "12.–14. August 2013"),
    ("de", "2014-06-11..2014-06-20", "month", "mid", "Mitte Juni 2014"),
    ("ar", "2013-09-01..2013-09-30", "month", None, "سبتمبر 2013"),
    ("ru", "2013-06-01..", "month", "starting", "с июня 2013 г."),
    ("ru", "2013-09-01..2013-09-30", "month", None, "сентябрь 2013 г."),
    ("zh", "2013-07-01..2013-09-30", "month", None, "2013年7月至9月"),
    ("zh", "2014-04-01..2014-06-30", "quarter", None, "2014年第2季度"),
]


@pytest.mark.parametrize(("lang", "days", "precision", "qualifier", "long"), OTHERS)
def test_a_period_in_other_languages(lang: str, days: str, precision: str, qualifier: str | None, long: str) -> None:
    assert words(period(days, precision, qualifier), lang, long=True) == long


@pytest.mark.parametrize(
    ("days", "precision", "qualifier", "expected"),
    [
        ("2013-08-12..2013-08-14", "day", None, None),
        ("..2013-10-31", "day", "by", None),
        ("2013-07-01..2013-09-30", "month", None, "Jul-Sep 2013, approx."),
        ("2014-01-01..2014-12-31", "year", None, "2014, approx."),
        ("2013-06-01..", "month", "starting", "from Jun 2013"),
        ("2013-01-01..2013-12-31", "year", "ongoing", "ongoing in 2013"),
        ("2013-10-01..2013-12-31", "year", "end", "end of 2013"),
        ("2014-05-05..2014-05-09", "day", "tentative", "5-9 May 2014 (to be confirmed)"),
    ],
)
def test_a_title_says_what_the_calendar_cannot(
    days: str, precision: str, qualifier: str | None, expected: str | None
) -> None:
    assert prefix(period(days, precision, qualifier)) == expected


def test_a_vague_period_says_that_the_event_takes_some_of_its_days() -> None:
    assert vague(period("2013-09-01..2013-09-30", "month")) == "September 2013, some days within it"
    assert vague(period("2013-09-01..2013-09-30", "month"), "de") == "September 2013, einige Tage darin"
    assert vague(period("2013-08-12..2013-08-14", "day")) == "12–14 August 2013"
    assert vague(period("2013-06-01..", "month", "starting")) == "from June 2013"


@pytest.mark.parametrize(
    ("days", "precision", "qualifier", "expected"),
    [
        ("2013-08-12..2013-08-14", "day", None, True),
        ("..2013-10-31", "day", "by", True),
        ("2013-08-12..2013-08-14", "day", "tentative", False),
        ("2013-08-12..", "day", "starting", False),
        ("2013-09-01..2013-09-30", "month", None, False),
        ("2013-09-09..2013-09-15", "week", None, False),
    ],
)
def test_only_days_that_the_text_vouches_for_are_exact(
    days: str, precision: str, qualifier: str | None, expected: bool
) -> None:
    assert is_exact(period(days, precision, qualifier)) is expected


def test_a_language_without_a_table_is_given_english() -> None:
    assert words(period("2013-09-01..2013-09-30", "month"), "pt-BR", long=True) == "September 2013"


UNITS = {
    "month": 1,
    "quarter": 3,
    "season": 3,
    "half": 6,
    "year": 12,
}
# Other languages have one word each for "early" and "beginning of", and for "late" and "end of".
SHARED = {Qualifier.LATE, Qualifier.BEGINNING}
PARTS = {
    # First month and months of a part of a year, first and last day of a part of a month.
    Qualifier.EARLY: ((1, 4), (1, 10)),
    Qualifier.MID: ((5, 4), (11, 20)),
    Qualifier.LATE: ((9, 4), (21, 31)),
    Qualifier.BEGINNING: ((1, 3), (1, 10)),
    Qualifier.END: ((10, 3), (21, 31)),
}


def months(year: int, month: int, count: int) -> tuple[date, date]:
    """First and last day of `count` months."""
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


@st.composite
def sayable(draw: st.DrawFn) -> Period:
    """Any period of a kind that documents name."""
    year = draw(st.integers(1995, 2035))
    kind = draw(st.sampled_from(("days", "units", "part", "side")))
    if kind == "days":
        first = draw(st.dates(date(1995, 1, 1), date(2035, 12, 31)))
        return Period(start=first, end=first + timedelta(days=draw(st.integers(0, 60))), precision=Precision.DAY)
    if kind == "part":
        qualifier = draw(st.sampled_from(list(PARTS)))
        (month, count), (first_day, last_day) = PARTS[qualifier]
        if draw(st.booleans()):
            start, end = months(year, month, count)
            return Period(start=start, end=end, precision=Precision.YEAR, qualifier=qualifier)
        first, last = months(year, draw(st.integers(1, 12)), 1)
        start, end = first.replace(day=first_day), first.replace(day=min(last_day, last.day))
        return Period(start=start, end=end, precision=Precision.MONTH, qualifier=qualifier)
    unit = draw(st.sampled_from(list(UNITS)))
    size = UNITS[unit]
    offset = 2 if unit == "season" else 0
    month = draw(st.integers(0, 12 // size - 1)) * size + 1 + offset
    count = size * draw(st.integers(1, 3)) if unit != "season" else size
    first, last = months(year, month, count)
    if kind == "units":
        doubt = draw(st.sampled_from((None, Qualifier.ABOUT, Qualifier.TENTATIVE, Qualifier.ONGOING)))
        return Period(start=first, end=last, precision=Precision(unit), qualifier=doubt)
    assume(unit in ("month", "year"))
    if draw(st.booleans()):
        return Period(start=first, precision=Precision(unit), qualifier=Qualifier.STARTING)
    return Period(end=last, precision=Precision(unit), qualifier=draw(st.sampled_from((Qualifier.BY, Qualifier.UNTIL))))


@pytest.mark.parametrize("long", [True, False], ids=["long", "short"])
@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=120)
@given(said=sayable())
def test_words_read_back_are_the_same_days(lang: str, long: bool, said: Period) -> None:
    assume(lang == "en" or said.qualifier not in SHARED or said.precision is not Precision.YEAR)
    text = words(said, lang, long=long)
    told = interpret(text, Context(reference=date(2013, 3, 1), lang=lang))
    assert [(p.start, p.end) for reading in told.readings[:1] for p in reading.periods] == [(said.start, said.end)], (
        text
    )
    assert not told.unread, text
