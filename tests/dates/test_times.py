"""Times of day, their zones, and whether they stand on one day, on each day, or at both ends of a stretch."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.dates import Context, interpret
from calfeed.model import Period

REFERENCE = date(2014, 1, 10)


def period(text: str, **known: object) -> Period:
    told = interpret(text, Context(reference=REFERENCE, **known))  # type: ignore[arg-type]
    assert not told.unread, told.unread
    (only,) = told.readings[0].periods
    return only


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("5 May 2014, 18:00", "18:00"),
        ("5 May 2014 at 8 PM", "20:00"),
        ("5 May 2014, 10 am", "10:00"),
        ("5 May 2014, 9-11 am", "09:00/11:00"),
        ("5 May 2014, 2:30-4 p.m.", "14:30/16:00"),
        ("5 May 2014 at noon", "12:00"),
        ("5 May 2014, 1500 hrs", "15:00"),
        ("5 mai 2014 à 18h30", "18:30"),
        ("5 mai 2014, 9h-17h", "09:00/17:00"),
        ("5 mai 2014 de 9h à 12h", "09:00/12:00"),
        ("5. Mai 2014, von 9 bis 17 Uhr", "09:00/17:00"),
        ("5. Mai 2014, 14.30 Uhr", "14:30"),
        ("5 de mayo de 2014 a las 15:00 horas", "15:00"),
        ("5 maggio 2014, ore 21", "21:00"),
        ("5 de maio de 2014 às 14h30", "14:30"),
        ("5 мая 2014 г. в 18:00", "18:00"),
        ("2014年5月5日上午9:00", "09:00"),
        ("2014年5月5日下午2点30分", "14:30"),
        ("5 مايو 2014 الساعة 9 صباحا", "09:00"),
    ],
)
def test_hours_are_told_as_of_24_and_never_move_the_day(text: str, times: str) -> None:
    found = period(text)
    assert (found.start, found.end, found.times) == (date(2014, 5, 5), date(2014, 5, 5), times)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("5 May 2014, 15:00 CET", "+01:00"),
        ("5 May 2014, 15:00 EST", "-05:00"),
        ("5 May 2014, 15:00 (GMT+2)", "+02:00"),
        ("5 May 2014, 15:00 UTC", "+00:00"),
        ("5 May 2014, 15:00 UTC+05:30", "+05:30"),
        ("5 May 2014, 15:00+01:00", "+01:00"),
        ("5 May 2014, 14:00-15:30 (Europe/Zurich)", "Europe/Zurich"),
        ("5 May 2014, 15:00 Geneva time", "Europe/Zurich"),
        ("5 May 2014, 15:00 New York time", "America/New_York"),
        ("5 mai 2014 à 15h00 (heure de Genève)", "Europe/Zurich"),
        ("5. Mai 2014, 15:00 Uhr MESZ", "+02:00"),
        ("5 мая 2014, 15:00 по московскому времени", "Europe/Moscow"),
        ("2014年5月5日15:00（北京时间）", "Asia/Shanghai"),
        ("2014-05-05T15:00Z", "+00:00"),
    ],
)
def test_a_zone_stands_behind_a_time(text: str, zone: str) -> None:
    assert period(text).zone == zone


@pytest.mark.parametrize("short", ["CST", "IST", "BST"])
def test_an_abbreviation_of_several_zones_is_for_review(short: str) -> None:
    told = interpret(f"5 May 2014, 15:00 {short}", Context(reference=REFERENCE))
    assert told.review
    assert "zone could be" in told.reasons[0]


def test_small_letters_are_no_zone() -> None:
    assert period("5 May 2014, 15:00").zone is None
    assert interpret("5 May 2014 15:00 est", Context(reference=REFERENCE)).readings[0].periods[0].zone is None


def test_a_zone_that_is_known_around_the_text_serves_times_that_name_none() -> None:
    assert period("5 May 2014, 15:00", zone="Europe/Zurich").zone == "Europe/Zurich"
    assert period("5 May 2014, 15:00 CET", zone="Asia/Tokyo").zone == "+01:00"
    assert period("5 May 2014", zone="Europe/Zurich").zone is None


@pytest.mark.parametrize(
    "text",
    [
        "9 February 2014, 08:00 to 10 February 2014, 18:00",
        "from 08:00 on 9 February to 18:00 on 10 February 2014",
        "9 February 2014 (08:00) - 10 February 2014 (18:00)",
    ],
)
def test_hours_at_both_ends_are_one_stretch(text: str) -> None:
    found = period(text)
    assert (found.start, found.end) == (date(2014, 2, 9), date(2014, 2, 10))
    assert (found.times, found.continuous) == ("08:00/18:00", True)


def test_hours_beside_a_range_of_days_are_daily() -> None:
    found = period("12-14 May 2014, 9:00-17:00")
    assert (found.start, found.end) == (date(2014, 5, 12), date(2014, 5, 14))
    assert (found.times, found.continuous) == ("09:00/17:00", False)
