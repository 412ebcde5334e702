"""What is known around a text: headings, the document's years and numeric dates, settings, the day of reading."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.dates import Context, day_first_evidence, interpret, shown_days
from calfeed.model import Inferred, Period, Precision, Qualifier
from calfeed.settings import Dates

REFERENCE = date(2013, 3, 13)


def days(text: str, **known: object) -> list[tuple[date | None, date | None]]:
    told = interpret(text, Context(reference=REFERENCE, **known))  # type: ignore[arg-type]
    return [(one.start, one.end) for one in told.readings[0].periods]


def test_a_missing_year_comes_from_the_nearest_heading_that_has_one() -> None:
    context = Context(reference=REFERENCE, headings=("Workshops", "Calendar 2015", "Programme 2014"), span=(2014, 2016))
    told = interpret("5-9 May", context)
    assert told.readings[0].periods[0].start == date(2015, 5, 5)
    assert Inferred(field="year", value="2015", origin="heading") in told.readings[0].inferred
    assert not told.review


def test_a_missing_month_comes_from_a_heading() -> None:
    assert days("5-9", headings=("May 2014",)) == [(date(2014, 5, 5), date(2014, 5, 9))]


def test_a_document_of_one_year_settles_a_missing_year() -> None:
    told = interpret("June", Context(reference=REFERENCE, span=(2015, 2015)))
    assert told.readings[0].periods[0].start == date(2015, 6, 1)
    assert not told.review


def test_a_document_of_several_years_leaves_it_for_review() -> None:
    told = interpret("June", Context(reference=REFERENCE, span=(2013, 2015)))
    assert told.readings[0].periods[0].start == date(2013, 6, 1)
    assert told.review
    assert "2013 to 2015" in told.reasons[0]


def test_the_day_of_reading_never_moves_a_year_that_the_text_has() -> None:
    for reference in (date(1999, 1, 1), date(2050, 12, 31)):
        told = interpret("June 2014", Context(reference=reference))
        assert told.readings[0].periods[0].start == date(2014, 6, 1)


def test_a_date_without_a_year_that_would_be_past_is_for_review() -> None:
    told = interpret("5 February", Context(reference=REFERENCE))
    assert [one.periods[0].start for one in told.readings] == [date(2013, 2, 5), date(2014, 2, 5)]
    assert told.readings[1].rule == "next year"
    assert told.review
    assert not interpret("5 April", Context(reference=REFERENCE)).review


@pytest.mark.parametrize(
    ("known", "day", "review"),
    [
        ({}, date(2014, 12, 5), True),
        ({"day_first": True}, date(2014, 12, 5), False),
        ({"day_first": False}, date(2014, 5, 12), False),
        ({"lang": "fr"}, date(2014, 12, 5), False),
        ({"lang": "en"}, date(2014, 12, 5), True),
        ({"lang": "en-GB"}, date(2014, 12, 5), False),
        ({"lang": "en-US"}, date(2014, 5, 12), False),
        ({"settings": Dates(day_first=False)}, date(2014, 5, 12), False),
        ({"settings": Dates(day_first=False), "day_first": True}, date(2014, 12, 5), False),
    ],
)
def test_the_order_of_a_numeric_date_is_settled_by_evidence(known: dict[str, object], day: date, review: bool) -> None:
    told = interpret("05/12/2014", Context(reference=REFERENCE, **known))  # type: ignore[arg-type]
    assert told.readings[0].periods[0].start == day
    assert told.review == review


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("from 25/01/2014 and 05/12/2014", True),
        ("25.01.2014", True),
        ("01/25/2014", False),
        ("05/12/2014", None),
        ("25/01/2014 and 01/25/2014", None),
        ("99/99/2014, 13/13/2014", None),
        ("2014-05-25", None),
        ("", None),
    ],
)
def test_one_day_beyond_twelve_proves_the_order(text: str, proof: bool | None) -> None:
    assert day_first_evidence(text) is proof


def test_fiscal_and_academic_years_begin_when_the_settings_say() -> None:
    settings = Dates(fiscal_year="07-01", academic_year="09-01")
    assert days("FY 2014", settings=settings) == [(date(2013, 7, 1), date(2014, 6, 30))]
    assert days("FY 2014", settings=Dates(fiscal_year="04-01")) == [(date(2014, 4, 1), date(2015, 3, 31))]
    assert days("fiscal year 2013/14", settings=settings) == [(date(2013, 7, 1), date(2014, 6, 30))]
    assert days("academic year 2013/14", settings=settings) == [(date(2013, 9, 1), date(2014, 8, 31))]
    assert not interpret("FY 2014", Context(reference=REFERENCE, settings=settings)).review


def test_seasons_turn_with_the_hemisphere() -> None:
    south = Dates(hemisphere="south")
    assert days("spring 2014", settings=south) == [(date(2014, 9, 1), date(2014, 11, 30))]
    assert days("summer 2014", settings=south) == [(date(2014, 12, 1), date(2015, 2, 28))]


def test_an_annual_date_happens_in_each_year_of_the_document() -> None:
    assert days("annually in March", span=(2013, 2015)) == [
        (date(2013, 3, 1), date(2013, 3, 31)),
        (date(2014, 3, 1), date(2014, 3, 31)),
        (date(2015, 3, 1), date(2015, 3, 31)),
    ]


def test_a_language_that_is_told_wrongly_does_not_hide_a_date() -> None:
    assert days("12 décembre 2014", lang="en") == [(date(2014, 12, 12), date(2014, 12, 12))]
    assert days("5 мая 2014 года", lang="en") == [(date(2014, 5, 5), date(2014, 5, 5))]


def test_case_accents_dashes_digits_and_marks_do_not_matter() -> None:
    whole = [(date(2013, 7, 1), date(2013, 9, 30))]
    for text in (
        "JULY–SEPTEMBER 2013",
        "july — september 2013",
        "July\u00a0\u2011 September\u200b 2013",
        "Ｊｕｌｙ-September ２０１３",
    ):
        assert days(text) == whole
    assert days("fevrier 2014", lang="fr") == days("FÉVRIER 2014", lang="fr") == days("fe\u0301vrier 2014", lang="fr")
    assert days("٥ مايو ٢٠١٤") == [(date(2014, 5, 5), date(2014, 5, 5))]


def test_spans_are_offsets_in_the_text_as_it_was_given() -> None:
    text = "Cafe\u0301 ½ \u200bmeeting: fin mai 2014"
    told = interpret(text, Context(reference=REFERENCE, lang="fr"))
    assert text[told.spans[0][0] : told.spans[0][1]] == "fin mai 2014"


@pytest.mark.parametrize(
    ("start", "end", "precision", "qualifier", "first", "last"),
    [
        ("2013-06-01", None, "month", "starting", "2013-06-01", "2013-06-30"),
        ("2014-01-01", None, "year", "starting", "2014-01-01", "2014-12-31"),
        ("2014-05-05", None, "day", "starting", "2014-05-05", "2014-05-05"),
        ("2014-05-14", None, "week", "starting", "2014-05-14", "2014-05-18"),
        ("2014-07-01", None, "quarter", "starting", "2014-07-01", "2014-09-30"),
        ("2014-07-01", None, "half", "starting", "2014-07-01", "2014-12-31"),
        ("2014-12-01", None, "season", "starting", "2014-12-01", "2015-02-28"),
        ("2010-01-01", None, "decade", "starting", "2010-01-01", "2019-12-31"),
        ("2001-01-01", None, "century", "starting", "2001-01-01", "2100-12-31"),
        (None, "2015-12-31", "year", "until", "2015-01-01", "2015-12-31"),
        (None, "2014-03-31", "day", "by", "2014-03-31", "2014-03-31"),
        (None, "2015-12-31", "year", "by", "2015-12-31", "2015-12-31"),
        ("2013-07-01", "2013-09-30", "month", None, "2013-07-01", "2013-09-30"),
    ],
)
def test_a_feed_shows_the_days_that_the_text_names(
    start: str | None, end: str | None, precision: str, qualifier: str | None, first: str, last: str
) -> None:
    period = Period(
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=Precision(precision),
        qualifier=Qualifier(qualifier) if qualifier else None,
    )
    assert [day.isoformat() for day in shown_days(period)] == [first, last]


def test_a_recurrence_without_days_has_none_to_show() -> None:
    with pytest.raises(ValueError, match="none to show"):
        shown_days(Period(precision=Precision.MONTH, rrule="FREQ=MONTHLY"))
