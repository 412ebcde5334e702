"""What holds for every text: no error but the documented one, sound periods, and dates found where they are put."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.dates import MAX_LENGTH, Context, find, interpret, shown_days
from calfeed.dates.edtf import write
from calfeed.dates.variants import EACH_YEAR, LAST_MONTH
from calfeed.dates.vocabulary import LANGUAGES, vocabulary
from calfeed.errors import DateTextError
from calfeed.model import Interpretation, Period

from .phrase_table import FOLDER, Case, cases

REFERENCE = date(2013, 3, 13)
PHRASES = [case for path in sorted(FOLDER.glob("*.txt")) if path.name != "entries.txt" for case in cases(path.name)]
MARKS = [",", ", ", "-", " - ", "/", " ", ":", ";", "(", ")", "?", ".", "'", "+", "–", "th ", "\n"]


def said(lang: str) -> st.SearchStrategy[str]:
    """Words of a language's vocabulary, numbers and marks, in any order."""
    phrases = vocabulary(lang).phrases
    words = sorted(
        {
            " ".join((first, *phrase.rest))
            for first, them in phrases.items()
            for phrase in (*them[1], *([them[0]] if them[0] else []))
        }
    )
    numbers = st.one_of(st.integers(0, 40), st.integers(1990, 2030), st.integers(0, 99999999)).map(str)
    piece = st.one_of(
        st.sampled_from(words), numbers, st.sampled_from(MARKS), st.sampled_from(["2014", "May", "5", "Q3"])
    )
    return st.lists(piece, max_size=14).map(" ".join)


def check(told: Interpretation) -> None:
    """What must hold for any interpretation."""
    for reading in told.readings:
        assert reading.periods
        for period in reading.periods:
            assert period.start is None or period.end is None or period.start <= period.end
            if period.start or period.end:
                first, last = shown_days(period)
                assert first <= last
                assert write(period)
    for start, end in told.spans:
        assert 0 <= start < end <= len(told.text)
    assert told.review == bool(told.reasons)
    assert all(token.text == told.text[token.start : token.end] for token in told.tokens)


@settings(max_examples=150)
@given(st.text(max_size=200), st.sampled_from([None, *LANGUAGES, "xx", "en-US"]))
def test_no_text_raises_anything(text: str, lang: str | None) -> None:
    context = Context(reference=REFERENCE, lang=lang)
    check(interpret(text, context))
    check(find(text, context))


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=120)
@given(data=st.data())
def test_no_mixture_of_date_words_raises_anything(lang: str, data: st.DataObject) -> None:
    text = data.draw(said(lang))
    context = Context(reference=REFERENCE, lang=lang, span=(2013, 2015))
    check(interpret(text, context))
    check(find(text, context))


@settings(max_examples=100)
@given(st.dates(date(1600, 1, 1), date(2400, 1, 1)), st.sampled_from(PHRASES))
def test_every_day_of_reading_will_do(reference: date, case: Case) -> None:
    context = Context(reference=reference, lang=case.context.lang)
    check(interpret(case.phrase, context))


ENGLISH = Context(reference=REFERENCE, lang="en")
PLAIN = [case for case in PHRASES if case.context.lang == "en" and case.days != "no date" and not case.notes]
TITLES = st.text(alphabet="qxzvkQXZVK", min_size=4, max_size=12)


@settings(max_examples=150)
@given(TITLES.filter(lambda title: not interpret(title, ENGLISH).readings), st.sampled_from(PLAIN))
def test_a_date_put_behind_a_title_is_found(title: str, case: Case) -> None:
    told = find(f"Zzz {title}: {case.phrase}", ENGLISH)
    assert [one.periods for one in told.readings] == [one.periods for one in interpret(case.phrase, ENGLISH).readings]


def covered(day: date, periods: tuple[Period, ...]) -> bool:
    for period in periods:
        first = period.start or date.min
        last = period.end or date.max
        if first <= day <= last:
            return True
    return False


WIDE_RULES = {EACH_YEAR, LAST_MONTH, "month", "academic year", "fiscal year"}


@pytest.mark.parametrize("case", PHRASES, ids=lambda case: case.place)
def test_the_default_reading_contains_the_narrower_ones(case: Case) -> None:
    told = interpret(case.phrase, case.context)
    for reading in told.readings[1:]:
        if reading.rule in WIDE_RULES:
            for period in reading.periods:
                first, last = shown_days(period)
                for day in (first, first + (last - first) / 2, last):
                    assert covered(day, told.readings[0].periods), (reading.rule, day)


YEARS = st.integers(1990, 2040)


@settings(max_examples=100)
@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_a_range_of_days_written_out_reads_as_these_days(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"{first:%-d %B %Y} - {last:%-d %B %Y}"
    told = interpret(text, ENGLISH)
    assert [(p.start, p.end) for p in told.readings[0].periods] == [(first, last)]
    assert not told.review
    assert not told.unread


@settings(max_examples=60)
@given(st.lists(YEARS, min_size=2, max_size=6))
def test_a_list_never_becomes_a_range(years: list[int]) -> None:
    told = interpret(", ".join(map(str, years)), ENGLISH)
    assert [(p.start, p.end) for p in told.readings[0].periods] == [(date(y, 1, 1), date(y, 12, 31)) for y in years]


def test_a_text_that_is_too_long_is_refused_by_its_length() -> None:
    with pytest.raises(DateTextError, match="4,000"):
        interpret("January" * 150_000, Context(reference=REFERENCE))
    assert interpret("?" * MAX_LENGTH, Context(reference=REFERENCE)).readings == ()
