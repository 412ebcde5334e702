"""Our feeds, read by five programs' parsers: each sees the same events, and none complains."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from calfeed.feeds import Generation, build
from calfeed.lint import lint
from calfeed.model import Catalogue, Event, Precision
from tests import sample
from tests.peers.readers import READERS, with_ical, with_icalendar, with_vobject

HOSTILE = (
    "Line\r\nBEGIN:VEVENT\r\nUID:evil",
    "Line\nATTENDEE:mailto:evil@example.org",
    "Carriage\rreturn",
    "NUL\x00 BEL\x07 ESC\x1b[31m DEL\x7f NEL\x85",
    "Separators\u2028and\u2029more",
    "Over\u202eride \u2066isolate\u2069",
    "C:\\New \\N \\n \\, \\; \\\\",
    ';:,"',
    "Emoji 👩‍👩‍👧‍👦 🇨🇭 e\u0301",
    "会议" * 60,
    "اجتماع الخبراء",
    "<script>alert(1)</script>",
    "\ufeffmark",
    "=cmd|' /C calc'!A0",
    "END:VCALENDAR",
    "x" * 200_000,
)


def titled(title: str) -> Event:
    return sample.event(
        "ev-hostile", title, sample.period("2013-08-12", "2013-08-14", Precision.DAY), "12-14 August 2013"
    )


def feed_of(*events: Event) -> bytes:
    return build(Catalogue(events=events), sample.settings()).files["all.ics"]


@cache
def generation() -> Generation:
    return build(sample.catalogue(), sample.settings())


def ics_files() -> list[str]:
    return [name for name in generation().files if name.endswith(".ics")]


def row(rows: list[tuple[str, str, str, str, str]], uid: str) -> tuple[str, str, str, str, str]:
    (found,) = (row for row in rows if row[0].startswith(uid))
    return found


@pytest.mark.peer
@pytest.mark.parametrize("reader", READERS)
def test_each_parser_reads_the_days_and_words_that_were_meant(reader: str) -> None:
    rows = READERS[reader](generation().files["all.ics"])
    assert len(rows) == 13
    assert row(rows, "ev-exact")[1:] == ("2013-08-12", "2013-08-15", "Global expert meeting", "CONFIRMED")
    assert row(rows, "ev-months@")[1:] == ("2013-07-01", "2013-10-01", "[Jul-Sep 2013, approx.] Webinars", "TENTATIVE")
    assert row(rows, "ev-cancelled")[1:] == (
        "2014-05-05",
        "2014-05-10",
        "Cancelled: Sub-regional workshop",
        "CANCELLED",
    )
    assert "Comma, semicolon;" in row(rows, "ev-odd")[3] and "会议" in row(rows, "ev-odd")[3]


@pytest.mark.peer
@pytest.mark.parametrize(
    "name", ["all.ics", "all-exact.ics", "all-starts.ics", "all-rich.ics", "odd-text.ics", "general.ics"]
)
def test_all_parsers_read_a_feed_alike(name: str) -> None:
    feed = generation().files[name]
    expected = sorted(with_icalendar(feed))
    assert expected
    for reader, read in READERS.items():
        assert sorted(read(feed)) == expected, reader


@pytest.mark.peer
@pytest.mark.parametrize("name", ics_files())
def test_every_feed_passes_the_linter_and_the_strict_parsers(name: str) -> None:
    feed = generation().files[name]
    assert [str(finding) for finding in lint(feed)] == []
    assert sorted(with_icalendar(feed)) == sorted(with_ical(feed)) == sorted(with_vobject(feed))


@pytest.mark.peer
@pytest.mark.parametrize("title", HOSTILE, ids=lambda title: repr(title[:12]))
def test_a_hostile_title_stays_a_title(title: str) -> None:
    feed = feed_of(titled(title))
    assert [str(finding) for finding in lint(feed)] == []
    expected = with_icalendar(feed)
    assert len(expected) == 1 and expected[0][0].startswith("ev-hostile")
    for reader, read in READERS.items():
        assert read(feed) == expected, reader


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
@settings(max_examples=100)
def test_any_title_survives_three_parsers(title: str) -> None:
    feed = feed_of(titled(title))
    assert lint(feed) == ()
    (row,) = with_icalendar(feed)
    assert with_vobject(feed) == with_ical(feed) == [row]


@pytest.mark.peer
@pytest.mark.parametrize("reader", READERS)
def test_a_feed_without_events_is_readable(reader: str) -> None:
    feed = feed_of()
    assert [str(finding) for finding in lint(feed)] == []
    (only,) = READERS[reader](feed)
    assert "No dates" in only[3]


def test_july_to_september_occurs_on_its_last_day_and_not_on_the_next() -> None:
    calendar = Calendar.from_ical(generation().files["all.ics"])

    def occurs(day: date) -> bool:
        found = recurring_ical_events.of(calendar).at(day)
        return any(event["UID"].startswith("ev-months@") for event in found)

    assert [occurs(date(2013, month, day)) for month, day in ((6, 30), (7, 1), (9, 30), (10, 1))] == [
        False,
        True,
        True,
        False,
    ]


def test_an_event_has_the_same_bytes_in_each_feed_that_it_stands_in() -> None:
    def vevent(name: str) -> bytes:
        content = generation().files[name]
        at = content.index(b"UID:ev-exact@")
        return content[content.rindex(b"BEGIN:VEVENT", 0, at) : content.index(b"END:VEVENT", at)]

    assert vevent("all.ics") == vevent("basel.ics") == vevent("stockholm.ics") == vevent("all-exact.ics")
