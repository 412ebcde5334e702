"""EDTF both ways, by the examples of the Library of Congress's page and by properties."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.dates.edtf import read, write
from calfeed.errors import DateTextError
from calfeed.model import Period, Precision, Qualifier

TABLE = Path(__file__).parent / "edtf" / "examples.txt"
ROWS = [
    [part.strip() for part in line.split(" | ")]
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
TAKEN = [row for row in ROWS if row[2] != "refused"]
REFUSED = [row[0] for row in ROWS if row[2] == "refused"]


def days(period: Period) -> str:
    """The period's days as the table writes them."""
    if period.start == period.end:
        return str(period.start)
    return f"{period.start or ''}..{period.end or ''}"


@pytest.mark.parametrize(("text", "feature", "expected", "kind"), TAKEN, ids=[row[0] for row in TAKEN])
def test_an_example_gives_its_days(text: str, feature: str, expected: str, kind: str) -> None:
    periods = read(text)
    assert "; ".join(map(days, periods)) == expected
    precision, _, qualifier = kind.partition(" ")
    assert periods[0].precision == precision
    assert (periods[0].qualifier or "") == qualifier


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_period_cannot_hold_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(DateTextError) as raised:
        read(text)
    assert text in str(raised.value)


@pytest.mark.parametrize("text", [row[0] for row in TAKEN])
def test_an_example_read_and_written_keeps_its_days(text: str) -> None:
    for period in read(text):
        (again,) = read(write(period))
        assert (again.start, again.end) == (period.start, period.end)


M, Y = Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("start", "end", "precision", "qualifier", "expected"),
    [
        ("2013-08-12", "2013-08-12", Precision.DAY, None, "2013-08-12"),
        ("2013-08-12", "2013-08-14", Precision.DAY, None, "2013-08-12/2013-08-14"),
        ("2013-07-01", "2013-07-31", M, None, "2013-07"),
        ("2013-07-01", "2013-09-30", M, None, "2013-07/2013-09"),
        ("2013-06-01", None, M, Qualifier.STARTING, "2013-06/.."),
        (None, "2014-03-31", Precision.DAY, Qualifier.BY, "../2014-03-31"),
        (None, "2015-12-31", Y, Qualifier.UNTIL, "../2015"),
        ("2014-06-01", "2014-06-30", M, Qualifier.ABOUT, "2014-06~"),
        ("2014-06-01", "2014-06-30", M, Qualifier.UNCERTAIN, "2014-06?"),
        ("2014-06-01", "2014-06-30", M, Qualifier.TENTATIVE, "2014-06?"),
        ("2014-06-01", "2014-08-31", M, Qualifier.ABOUT, "2014-06~/2014-08~"),
        ("2014-04-01", "2014-06-30", Precision.QUARTER, None, "2014-34"),
        ("2014-04-01", "2014-12-31", Precision.QUARTER, None, "2014-34/2014-36"),
        ("2014-12-01", "2015-02-28", Precision.SEASON, None, "2014-24"),
        ("2014-07-01", "2014-12-31", Precision.HALF, None, "2014-41"),
        ("2015-01-01", "2015-04-30", Y, Qualifier.EARLY, "2015-37"),
        ("2014-09-01", "2014-12-31", Y, Qualifier.LATE, "2014-39"),
        ("2013-10-01", "2013-12-31", Y, Qualifier.END, "2013-10/2013-12"),
        ("2014-06-11", "2014-06-20", M, Qualifier.MID, "2014-06-11/2014-06-20"),
        ("2013-01-01", "2013-12-31", Y, Qualifier.ONGOING, "2013"),
        ("2013-01-01", "2015-12-31", Y, None, "2013/2015"),
        ("2010-01-01", "2019-12-31", Precision.DECADE, None, "201X"),
        ("2001-01-01", "2100-12-31", Precision.CENTURY, None, "2001/2100"),
        ("2013-09-09", "2013-09-15", Precision.WEEK, None, "2013-09-09/2013-09-15"),
        ("9999-10-01", "9999-12-31", Precision.QUARTER, None, "9999-36"),
        ("2014-12-01", None, Precision.SEASON, Qualifier.STARTING, "2014-24/.."),
        ("9999-12-01", None, Precision.SEASON, None, "9999-12/.."),
    ],
)
def test_a_period_is_written_in_its_own_unit(
    start: str | None, end: str | None, precision: Precision, qualifier: Qualifier | None, expected: str
) -> None:
    period = Period(
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=precision,
        qualifier=qualifier,
    )
    assert write(period) == expected


def test_a_recurrence_without_days_is_open_on_both_sides() -> None:
    assert write(Period(precision=M, rrule="FREQ=MONTHLY")) == "../.."


@st.composite
def any_period(draw: st.DrawFn) -> Period:
    """Any period with days: whole months as often as not, either side open now and then."""
    near = st.one_of(st.dates(), st.dates(date(9999, 1, 1)), st.dates(date(1, 1, 1), date(2, 1, 1)))
    first, last = sorted(draw(st.tuples(near, near)))
    if draw(st.booleans()):
        first = first.replace(day=1)
        last = last.replace(month=draw(st.sampled_from((3, 6, 9, 12))), day=30)
        last = last.replace(day=31) if last.month in (3, 12) else last
    if last < first:
        first, last = date(last.year, 1, 1), last
    sides = draw(st.sampled_from(((first, last), (first, None), (None, last))))
    return Period(
        start=sides[0],
        end=sides[1],
        precision=draw(st.sampled_from(Precision)),
        qualifier=draw(st.one_of(st.none(), st.sampled_from(Qualifier))),
    )


@given(any_period())
def test_what_is_written_reads_as_the_same_days(period: Period) -> None:
    (again,) = read(write(period))
    assert (again.start, again.end) == (period.start, period.end)


PIECES = [
    "2013",
    "201X",
    "20XX",
    "-06",
    "-12",
    "-24",
    "-36",
    "-XX",
    "-31",
    "/",
    "..",
    "~",
    "?",
    "%",
    ",",
    "[",
    "]",
    "{",
]


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_any_text_gives_periods_or_the_documented_error(text: str) -> None:
    try:
        periods = read(text)
    except DateTextError:
        return
    assert periods
    assert all(period.start or period.end for period in periods)
