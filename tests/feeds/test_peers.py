"""Five programs read our feeds alike, and as they were meant."""

from __future__ import annotations

import pytest

from tests.feeds.reading import calendars
from tests.peers.readers import READERS, with_icalendar

CALENDARS = calendars()


@pytest.mark.peer
@pytest.mark.parametrize("reader", [name for name in READERS if name != "ical.js"])
@pytest.mark.parametrize("path", CALENDARS)
def test_every_feed_is_read_alike(path: str, reader: str) -> None:
    assert sorted(READERS[reader](CALENDARS[path])) == sorted(with_icalendar(CALENDARS[path]))


@pytest.mark.peer
@pytest.mark.parametrize("path", ["all.ics", "all-exact.ics", "all-starts.ics", "all-rich.ics", "general-exact.ics"])
def test_ical_js_reads_each_flavour_alike(path: str) -> None:
    assert sorted(READERS["ical.js"](CALENDARS[path])) == sorted(with_icalendar(CALENDARS[path]))


def test_the_rows_are_what_the_catalogue_says() -> None:
    assert with_icalendar(CALENDARS["all-exact.ics"]) == [
        ("ev-exact@calendar.example.org", "2013-08-12", "2013-08-15", "Global expert meeting", "CONFIRMED"),
        ("ev-day@calendar.example.org", "2013-10-31", "2013-11-01", "Submission of reports", "CONFIRMED"),
        (
            "ev-cancelled@calendar.example.org", "2014-05-05", "2014-05-10", "Cancelled: Sub-regional workshop",
            "CANCELLED",
        ),
    ]  # fmt: skip
