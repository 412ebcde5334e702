"""Bars stand where their days are, and look like what is known of them."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.model import Catalogue, Event, Period, Precision, Qualifier
from calfeed.web.pages import timeline
from calfeed.web.pages.index import Index
from calfeed.web.pages.timeline import Bar, Timeline
from tests import sample

MONTHS = [str(month) for month in range(1, 13)]


def drawn(*events: Event, years: tuple[int, int] = (2013, 2014), rtl: bool = False) -> Timeline:
    index = Index(Catalogue(events=events), sample.settings())
    return timeline.draw(
        index.all,
        index,
        years=years,
        today=date(2013, 7, 2),
        rtl=rtl,
        months=MONTHS,
        words=lambda item: item.event.provenance.date_text if item.event.provenance else "",
        other="Other",
    )


def bar(period: Period, *, rtl: bool = False, years: tuple[int, int] = (2013, 2014)) -> Bar:
    return drawn(sample.event("one", "One", period), rtl=rtl, years=years).themes[0].groups[0].bars[0]


YEAR_2013 = sample.period("2013-01-01", "2013-12-31", Precision.YEAR)


def test_a_year_takes_its_share_of_the_axis() -> None:
    assert (bar(YEAR_2013).x, bar(YEAR_2013).width) == (0, 50)


def test_right_to_left_the_axis_begins_on_the_right() -> None:
    assert (bar(YEAR_2013, rtl=True).x, bar(YEAR_2013, rtl=True).width) == (50, 50)


def test_what_reaches_beyond_the_axis_is_cut_at_its_end() -> None:
    long = sample.period("2012-01-01", "2020-12-31", Precision.YEAR)
    assert (bar(long).x, bar(long).width) == (0, 100)


@pytest.mark.parametrize(
    ("start", "end", "precision", "qualifier", "shape"),
    [
        ("2013-08-12", "2013-08-14", Precision.DAY, None, "exact"),
        ("2013-08-01", "2013-08-31", Precision.MONTH, None, "month"),
        ("2013-04-01", "2013-06-30", Precision.QUARTER, None, "part"),
        ("2013-06-01", "2013-08-31", Precision.SEASON, None, "part"),
        ("2013-10-01", "2013-12-31", Precision.YEAR, Qualifier.END, "part"),
        ("2013-01-01", "2013-12-31", Precision.YEAR, None, "year"),
        ("2010-01-01", "2019-12-31", Precision.DECADE, None, "year"),
    ],
)
def test_the_shape_shows_the_precision(
    start: str, end: str, precision: Precision, qualifier: Qualifier | None, shape: str
) -> None:
    assert bar(sample.period(start, end, precision, qualifier)).shape == shape


def test_a_few_days_are_a_mark_and_a_month_is_a_bar() -> None:
    assert bar(sample.period("2013-08-12", "2013-08-14", Precision.DAY)).mark
    assert not bar(sample.period("2013-08-01", "2013-08-31", Precision.MONTH)).mark


def test_an_open_end_fades_out_where_reading_goes() -> None:
    starting = sample.period("2013-06-01", None, Precision.MONTH, Qualifier.STARTING)
    assert (bar(starting).open_left, bar(starting).open_right) == (False, True)
    assert (bar(starting, rtl=True).open_left, bar(starting, rtl=True).open_right) == (True, False)


def test_a_deadline_has_no_open_start() -> None:
    by = sample.period(None, "2013-10-31", Precision.DAY, Qualifier.BY)
    assert (bar(by).open_left, bar(by).open_right) == (False, False)


def test_what_the_text_doubts_is_drawn_loosely() -> None:
    assert bar(sample.period("2013-06-01", "2013-06-30", Precision.MONTH, Qualifier.ABOUT)).loose


def test_the_periods_of_one_entry_stand_in_one_line() -> None:
    whole = sample.catalogue()
    twins = [event for event in whole.events if event.uid in ("ev-months", "ev-year")]
    [group] = drawn(*twins).themes[0].groups
    assert [(line.title, len(line.bars)) for line in group.lines] == [("Webinars", 2)]
    assert group.count == 2


def test_one_year_shows_its_months_and_three_years_their_quarters() -> None:
    year = drawn(sample.event("one", "One", YEAR_2013), years=(2013, 2013))
    assert [tick.name for tick in year.ticks] == MONTHS
    years = drawn(sample.event("one", "One", YEAR_2013), years=(2013, 2015))
    assert [tick.name for tick in years.ticks] == ["2013", "2014", "2015"]
    assert len(years.lines) == 9


def test_a_century_does_not_crowd_the_axis() -> None:
    assert len(drawn(sample.event("one", "One", YEAR_2013), years=(1950, 2050)).ticks) <= 13


def test_too_many_lines_leave_only_the_groups() -> None:
    events = [sample.event(f"e{n}", f"Event {n}", YEAR_2013, f"{n}", line=n + 1) for n in range(200)]
    [group] = drawn(*events).themes[0].groups
    assert (group.count, group.lines, group.bars) == (200, (), ())
    assert [(cell.x, cell.width, cell.level) for cell in group.cells] == [(0, 50, 4)]


def test_today_is_on_the_axis_only_while_the_axis_has_it() -> None:
    assert drawn(sample.event("one", "One", YEAR_2013)).today == 24.93
    assert drawn(sample.event("one", "One", YEAR_2013), years=(2014, 2015)).today is None
