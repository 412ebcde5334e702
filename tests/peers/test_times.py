"""Times and recurrences: all programs read the same instants and days, in three zones and across both changes of summer
time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from calfeed.feeds import build
from calfeed.model import Catalogue, Period, Precision, Qualifier
from tests import sample
from tests.peers.readers import READERS, Row, with_icalendar

DAY = Precision.DAY
ZONES = ("UTC", "America/New_York", "Pacific/Auckland")


def on(first: str, last: str | None = None, **fields: object) -> Period:
    end = date.fromisoformat(last or first)
    return Period(start=date.fromisoformat(first), end=end, precision=DAY, **fields)  # type: ignore[arg-type]


# The days before and on which the clocks change, in the north and in the south; a night, a stretch, a deadline.
PERIODS = {
    "spring-before": on("2027-03-27", times="14:00/15:30", zone="Europe/Zurich"),
    "spring-after": on("2027-03-28", times="14:00/15:30", zone="Europe/Zurich"),
    "autumn-after": on("2027-10-31", times="14:00/15:30", zone="Europe/Zurich"),
    "new-york": on("2027-11-07", times="00:30/03:00", zone="America/New_York"),
    "auckland": on("2027-04-04", times="09:00/10:00", zone="Pacific/Auckland"),
    "night": on("2027-05-01", times="22:00/02:00", zone="+05:30"),
    "stretch": on("2027-05-12", "2027-05-14", times="09:00/17:00", zone="Europe/Zurich", continuous=True),
    "each-day": on("2027-05-12", "2027-05-14", times="09:00/17:00", zone="Europe/Zurich"),
    "no-zone": on("2027-05-12", times="09:00/17:00"),
    "no-end": on("2027-05-12", times="09:00", zone="UTC"),
    "deadline": Period(
        end=date(2027, 5, 14), precision=DAY, qualifier=Qualifier.BY, times="17:00", zone="Africa/Nairobi"
    ),
    "weekly": on("2027-03-22", "2027-04-09", rrule="FREQ=WEEKLY;BYDAY=WE", times="14:00/15:00", zone="Europe/Zurich"),
    "wednesdays": on("2027-10-25", "2027-11-05", rrule="FREQ=WEEKLY;BYDAY=WE"),
}
FEED = build(
    Catalogue(events=tuple(sample.event(uid, uid, period) for uid, period in PERIODS.items())), sample.settings()
).files["all.ics"]


def rows(*uids: str) -> list[tuple[str, str]]:
    wanted = {f"{uid}@calendar.example.org" for uid in uids}
    return [(start, end) for uid, start, end, *_ in with_icalendar(FEED) if uid in wanted]


@pytest.mark.parametrize(
    ("uid", "start", "end"),
    [
        ("spring-before", "2027-03-27T13:00:00Z", "2027-03-27T14:30:00Z"),
        ("spring-after", "2027-03-28T12:00:00Z", "2027-03-28T13:30:00Z"),
        ("autumn-after", "2027-10-31T13:00:00Z", "2027-10-31T14:30:00Z"),
        ("new-york", "2027-11-07T04:30:00Z", "2027-11-07T08:00:00Z"),
        ("auckland", "2027-04-03T21:00:00Z", "2027-04-03T22:00:00Z"),
        ("night", "2027-05-01T16:30:00Z", "2027-05-01T20:30:00Z"),
        ("stretch", "2027-05-12T07:00:00Z", "2027-05-14T15:00:00Z"),
        ("each-day", "2027-05-12", "2027-05-15"),
        ("no-zone", "2027-05-12", "2027-05-13"),
        ("no-end", "2027-05-12T09:00:00Z", "2027-05-12T10:00:00Z"),
        ("deadline", "2027-05-14T13:00:00Z", "2027-05-14T14:00:00Z"),
        ("weekly", "2027-03-24T13:00:00Z", "2027-03-24T14:00:00Z"),
        ("weekly-20270331", "2027-03-31T12:00:00Z", "2027-03-31T13:00:00Z"),
        ("wednesdays", "2027-10-27", "2027-10-28"),
        ("wednesdays-20271103", "2027-11-03", "2027-11-04"),
    ],
)
def test_the_feed_has_the_instants_of_the_catalogue(uid: str, start: str, end: str) -> None:
    assert rows(uid) == [(start, end)]


@pytest.mark.peer
@pytest.mark.parametrize("zone", ZONES)
def test_every_program_reads_them_alike_wherever_it_stands(zone: str) -> None:
    expected = sorted(with_icalendar(FEED))
    found = in_zone(zone)
    assert set(found) == {"icalendar", "ical", "vobject", "ics"}
    for reader, read in found.items():
        assert read == expected, reader


@pytest.mark.peer
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("reader", ["ical.js", "libical"])
def test_programs_of_other_languages_do_so_too(reader: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    assert sorted(READERS[reader](FEED)) == sorted(with_icalendar(FEED))


def in_zone(zone: str) -> dict[str, list[Row]]:
    """What each of Python's parsers reads on a machine in that zone."""
    code = (
        "import json, sys; from tests.peers.readers import READERS; feed = sys.stdin.buffer.read();"
        "print(json.dumps({name: sorted(READERS[name](feed)) for name in ('icalendar', 'ical', 'vobject', 'ics')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=FEED, capture_output=True, check=True, timeout=60,
        env=os.environ | {"TZ": zone},
    )  # fmt: skip
    return {name: [tuple(row) for row in read] for name, read in json.loads(done.stdout).items()}
