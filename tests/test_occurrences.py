"""What an event takes in a calendar: days, or instants where its time and its zone are known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.model import Instance, Period, Precision, Qualifier
from calfeed.occurrences import advanced, hours, occurrences, of_period
from tests import sample

DAY = Precision.DAY
NOW = datetime(2026, 11, 24, tzinfo=UTC)
MONTH = timedelta(days=30)


def on(start: str | None, end: str | None = None, **fields: object) -> Period:
    """A period of days, `end` the same as `start` where it is not given."""
    first = date.fromisoformat(start) if start else None
    return Period(start=first, end=date.fromisoformat(end) if end else first, precision=DAY, **fields)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "times", "zone", "begin", "end"),
    [
        ("2027-03-12", "14:00/15:30", "Europe/Zurich", "2027-03-12T13:00", "2027-03-12T14:30"),
        ("2027-03-27", "14:00/15:30", "Europe/Zurich", "2027-03-27T13:00", "2027-03-27T14:30"),
        ("2027-03-28", "14:00/15:30", "Europe/Zurich", "2027-03-28T12:00", "2027-03-28T13:30"),
        ("2027-10-31", "14:00/15:30", "Europe/Zurich", "2027-10-31T13:00", "2027-10-31T14:30"),
        ("2027-03-14", "01:00/04:00", "America/New_York", "2027-03-14T06:00", "2027-03-14T08:00"),
        ("2027-11-07", "00:30/03:00", "America/New_York", "2027-11-07T04:30", "2027-11-07T08:00"),
        ("2027-04-04", "09:00/10:00", "Pacific/Auckland", "2027-04-03T21:00", "2027-04-03T22:00"),
        ("2027-04-03", "09:00/10:00", "Pacific/Auckland", "2027-04-02T20:00", "2027-04-02T21:00"),
        ("2027-05-01", "14:00/15:00", "+05:30", "2027-05-01T08:30", "2027-05-01T09:30"),
        ("2027-05-01", "22:00/02:00", "UTC", "2027-05-01T22:00", "2027-05-02T02:00"),
        ("2027-05-01", "14:00/24:00", "UTC", "2027-05-01T14:00", "2027-05-02T00:00"),
    ],
)
def test_a_time_with_a_zone_is_an_instant_on_both_sides_of_summer_time(
    day: str, times: str, zone: str, begin: str, end: str
) -> None:
    found = hours(on(day, times=times, zone=zone))
    assert found is not None
    assert (found.begin, found.end) == (utc(begin), utc(end))


@pytest.mark.parametrize(
    ("day", "clock", "begin"),
    [
        # The clock leaves out 02:30, and shows 02:30 twice: RFC 5545 3.3.5.
        ("2027-03-28", "02:30", "2027-03-28T01:30"),
        ("2027-10-31", "02:30", "2027-10-31T00:30"),
    ],
)
def test_a_time_that_the_clock_has_not_or_twice_is_told_as_rfc_5545_does(day: str, clock: str, begin: str) -> None:
    found = hours(on(day, times=clock, zone="Europe/Zurich"))
    assert found is not None
    assert found.begin == utc(begin)


@pytest.mark.parametrize(
    "period",
    [
        on("2027-03-12", times="14:00"),
        on("2027-03-12", zone="Europe/Zurich"),
        on("2027-05-12", "2027-05-14", times="09:00/17:00", zone="Europe/Zurich"),
        on("2027-03-12", times="14:00", zone="Europe/Zurich", qualifier=Qualifier.ABOUT),
        Period(
            start=date(2027, 3, 1),
            end=date(2027, 3, 31),
            precision=Precision.MONTH,
            times="14:00",
            zone="Europe/Zurich",
        ),
        on("0001-01-01", times="00:30", zone="Asia/Tokyo"),
    ],
    ids=["no zone", "no time", "hours of each day", "about", "a month", "before the year 1"],
)
def test_what_has_no_instant_keeps_its_days(period: Period) -> None:
    assert hours(period) is None


def test_one_stretch_of_hours_goes_from_the_first_day_to_the_last() -> None:
    found = hours(on("2027-05-12", "2027-05-14", times="09:00/17:00", zone="Europe/Zurich", continuous=True))
    assert found is not None
    assert (found.begin, found.end) == (utc("2027-05-12T07:00"), utc("2027-05-14T15:00"))


def test_what_is_not_named_is_as_long_as_the_settings_say() -> None:
    hour = timedelta(hours=1)
    start = hours(on("2027-03-12", times="14:00", zone="UTC"))
    deadline = hours(Period(end=date(2027, 3, 12), precision=DAY, qualifier=Qualifier.BY, times="17:00", zone="UTC"))
    lasting = hours(on("2027-03-12", times="14:00", zone="UTC", duration="PT2H30M"))
    assert start is not None
    assert deadline is not None
    assert lasting is not None
    assert start.lasting(hour) == (utc("2027-03-12T14:00"), utc("2027-03-12T15:00"))
    assert deadline.lasting(hour) == (utc("2027-03-12T16:00"), utc("2027-03-12T17:00"))
    assert lasting.lasting(hour) == (utc("2027-03-12T14:00"), utc("2027-03-12T16:30"))


YEAR = {"start": date(2027, 1, 1), "end": date(2027, 12, 31), "precision": Precision.YEAR}
MAY = {"start": date(2027, 5, 1), "end": date(2027, 5, 31), "precision": Precision.MONTH}


@pytest.mark.parametrize(
    ("period", "number", "first", "last"),
    [
        (Period(**YEAR, rrule="FREQ=WEEKLY;BYDAY=WE"), 52, ("2027-01-06", "2027-01-06"), ("2027-12-29", "2027-12-29")),
        (Period(**MAY, rrule="FREQ=WEEKLY;BYDAY=TU"), 4, ("2027-05-04", "2027-05-04"), ("2027-05-25", "2027-05-25")),
        (Period(**MAY, rrule="FREQ=WEEKLY"), 5, ("2027-05-01", "2027-05-07"), ("2027-05-29", "2027-05-31")),
        (Period(**YEAR, rrule="FREQ=MONTHLY;BYDAY=2TU"), 12,
         ("2027-01-12", "2027-01-12"), ("2027-12-14", "2027-12-14")),
        (Period(**YEAR, rrule="FREQ=MONTHLY"), 12, ("2027-01-01", "2027-01-31"), ("2027-12-01", "2027-12-31")),
        (Period(**YEAR, rrule="FREQ=MONTHLY;INTERVAL=3"), 4,
         ("2027-01-01", "2027-03-31"), ("2027-10-01", "2027-12-31")),
        (Period(**YEAR, rrule="FREQ=YEARLY;BYMONTH=3"), 1, ("2027-03-01", "2027-03-31"), ("2027-03-01", "2027-03-31")),
    ],
    ids=lambda value: value.rrule if isinstance(value, Period) else None,
)  # fmt: skip
def test_a_recurrence_is_the_days_of_its_rule(
    period: Period, number: int, first: tuple[str, str], last: tuple[str, str]
) -> None:
    found = [(one.first.isoformat(), one.last.isoformat()) for one in of_period(period)]
    assert (len(found), found[0], found[-1]) == (number, first, last)


def test_days_that_are_left_out_do_not_take_place() -> None:
    period = Period(**MAY, rrule="FREQ=WEEKLY;BYDAY=TU", exdates=(date(2027, 5, 11),))
    assert [one.first.day for one in of_period(period)] == [4, 18, 25]


def test_each_instance_is_told_by_the_clock_of_its_own_day() -> None:
    period = Period(
        start=date(2027, 3, 22), end=date(2027, 4, 2), precision=DAY, rrule="FREQ=WEEKLY;BYDAY=WE",
        times="14:00/15:00", zone="Europe/Zurich",
    )  # fmt: skip
    assert [one.hours and one.hours.begin for one in of_period(period)] == [
        utc("2027-03-24T13:00"),
        utc("2027-03-31T12:00"),
    ]


WEDNESDAYS = Period(**MAY, rrule="FREQ=WEEKLY;BYDAY=WE")
THURSDAYS = Period(**MAY, rrule="FREQ=WEEKLY;BYDAY=TH")
SINGLE = on("2027-05-12")


def kept(*periods: Period | None, later: timedelta = timedelta(days=1)) -> tuple[Instance, ...]:
    """The instances of an event that had these periods one after the other."""
    found = sample.event("ev", "Call", periods[0])
    for at, period in enumerate(periods):
        found = advanced(
            type(found)(**{name: getattr(found, name) for name in found.__struct_fields__} | {"period": period}),
            until=date(2028, 1, 31), now=NOW + at * later, life=MONTH,
        )  # fmt: skip
    return found.instances


def told(instances: tuple[Instance, ...]) -> list[str]:
    return [f"{one.suffix or 'own'}{' gone' if one.removed else ''}" for one in instances]


def test_the_first_instance_has_the_events_own_uid() -> None:
    assert told(kept(WEDNESDAYS)) == ["own", "-20270512", "-20270519", "-20270526"]


def test_a_changed_rule_leaves_tombstones_for_a_month() -> None:
    changed = kept(WEDNESDAYS, THURSDAYS)
    assert told(changed) == [
        "own gone", "-20270506", "-20270512 gone", "-20270513", "-20270519 gone", "-20270520", "-20270526 gone",
        "-20270527",
    ]  # fmt: skip
    assert changed[0].period == on("2027-05-05")
    assert told(kept(WEDNESDAYS, THURSDAYS, THURSDAYS, later=timedelta(days=31))) == [
        "-20270506", "-20270513", "-20270520", "-20270527",
    ]  # fmt: skip


def test_an_instance_that_comes_back_has_the_uid_that_it_had() -> None:
    assert told(kept(WEDNESDAYS, THURSDAYS, WEDNESDAYS))[:2] == ["own", "-20270506 gone"]


def test_a_recurrence_that_becomes_one_date_goes_on_under_that_days_uid() -> None:
    assert told(kept(WEDNESDAYS, SINGLE)) == ["own gone", "-20270512", "-20270519 gone", "-20270526 gone"]
    moved = kept(WEDNESDAYS, SINGLE, on("2027-06-01"))
    assert "-20270512" in told(moved)
    assert [one.day for one in moved if not one.removed] == [date(2027, 6, 1)]


def test_one_date_that_becomes_a_recurrence_leaves_none_behind() -> None:
    assert told(kept(SINGLE, WEDNESDAYS)) == ["own", "-20270512", "-20270519", "-20270526"]


periods = st.sampled_from([WEDNESDAYS, THURSDAYS, SINGLE, on("2027-06-01"), Period(**YEAR, rrule="FREQ=MONTHLY"), None])


@given(st.lists(periods, min_size=1, max_size=6))
def test_no_uid_is_lost_without_a_tombstone_or_stands_twice(history: list[Period | None]) -> None:
    shown: set[str] = set()
    found = sample.event("ev", "Call", None)
    for at, period in enumerate(history):
        found = type(found)(**{name: getattr(found, name) for name in found.__struct_fields__} | {"period": period})
        found = advanced(found, until=date(2028, 1, 31), now=NOW + timedelta(hours=at), life=MONTH)
        now = [one.suffix for one in occurrences(found)]
        assert len(now) == len(set(now))
        if period is not None or found.instances:
            assert shown <= set(now)
            shown = set(now)
