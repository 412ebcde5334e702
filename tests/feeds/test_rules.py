"""The rules of docs/feeds.md, each by its number."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import icalendar
import msgspec
import pytest

from calfeed.errors import FeedError
from calfeed.feeds import RenderCache, build, jsonld
from calfeed.lint import lint
from calfeed.model import Catalogue, Period, Precision, Qualifier, Status, Where
from tests import sample
from tests.feeds.reading import calendars, generation, head, lines, of, vevent, vevents

CALENDARS = calendars()
ALL = CALENDARS["all.ics"]
DAY = sample.period("2013-08-12", "2013-08-14", Precision.DAY)
MONTH = sample.period("2013-08-01", "2013-08-31", Precision.MONTH)
every_calendar = pytest.mark.parametrize("path", CALENDARS)


@every_calendar
def test_1_version_product_and_scale_stand_once(path: str) -> None:
    told = lines(CALENDARS[path])
    assert told[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calfeed//calfeed//EN", "CALSCALE:GREGORIAN"]
    assert [line.partition(":")[0] for line in told].count("VERSION") == 1
    assert sum(line.startswith("PRODID") for line in told) == 1


@every_calendar
def test_2_there_is_no_method(path: str) -> None:
    assert b"METHOD" not in CALENDARS[path]


@every_calendar
def test_3_uids_are_unique_and_end_with_the_host(path: str) -> None:
    uids = [line for line in lines(CALENDARS[path]) if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)
    assert all(uid.endswith("@calendar.example.org") for uid in uids)


def test_3_a_uid_stays_when_date_and_title_change() -> None:
    before = sample.event("ev-1", "Workshop", sample.period("2013-07-01", "2013-07-31", Precision.MONTH))
    after = msgspec.structs.replace(
        before, title="Meeting", period=sample.period("2014-08-01", "2014-08-31", Precision.MONTH)
    )
    assert vevent(of(after).files["all.ics"], "ev-1")["SUMMARY"].endswith("Meeting")


@pytest.mark.parametrize("uid", ["a\r\nX-EVIL:1", "a b", "a,b", "é", "a\\nb", "../x", "a\u2028b"])
def test_3_a_uid_that_would_break_a_feed_is_refused(uid: str) -> None:
    with pytest.raises(FeedError, match="rule 3"):
        of(sample.event(uid, "Workshop", None))


def test_3_a_uid_that_is_anothers_start_marker_is_refused() -> None:
    when = sample.period("2013-07-01", "2013-09-30", Precision.MONTH)
    with pytest.raises(FeedError, match="rule 3"):
        of(sample.event("ev-1", "A", when), sample.event("ev-1-start", "B", when))


@pytest.mark.parametrize("uids", [("a69df449-0480-49cf-9f34-4f9f36673489",), ("ev", "ev-20130812"), ("ev-start",)])
def test_3_a_uid_is_refused_only_where_another_would_become_it(uids: tuple[str, ...]) -> None:
    octets = of(*(sample.event(uid, "A", DAY) for uid in uids)).files["all.ics"]
    assert len(vevents(octets)) == len(uids)


def test_3_a_uid_that_is_anothers_recurrence_is_refused() -> None:
    weekly = Period(start=DAY.start, precision=Precision.DAY, rrule="FREQ=WEEKLY")
    with pytest.raises(FeedError, match="rule 3"):
        of(sample.event("ev", "A", weekly), sample.event("ev-20130812", "B", DAY))


def test_4_stamps_are_the_stored_change_in_whole_seconds() -> None:
    changed = datetime(2013, 3, 5, 13, 30, 15, 999999, tzinfo=UTC)
    event = sample.event("ev-1", "A", sample.period("2013-07-01", "2013-07-01", Precision.DAY))
    event = msgspec.structs.replace(event, revision=msgspec.structs.replace(event.revision, modified=changed))
    told = vevent(of(event).files["all.ics"], "ev-1")
    assert told["DTSTAMP"] == told["LAST-MODIFIED"] == "20130305T133015Z"


def test_4_building_twice_gives_the_same_bytes() -> None:
    assert dict(build(sample.catalogue(), sample.settings()).files) == dict(generation().files)


def test_4_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = "from tests.feeds.reading import generation; print(generation().id)"
    ids = {
        subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, text=True, check=True,
                       capture_output=True).stdout.strip()
        for seed in ("0", "1")
    }  # fmt: skip
    assert ids == {generation().id}


def test_4_a_change_touches_no_other_event() -> None:
    catalogue = sample.catalogue()
    changed = msgspec.structs.replace(catalogue.events[2], title="Another title")
    events = (*catalogue.events[:2], changed, *catalogue.events[3:])
    after = build(msgspec.structs.replace(catalogue, events=events), sample.settings()).files["all.ics"]
    before = {octets for octets in vevents(ALL) if b"UID:ev-month@" not in octets}
    assert before == {octets for octets in vevents(after) if b"UID:ev-month@" not in octets}
    assert vevent(after, "ev-month")["SUMMARY"].endswith("Another title")


def test_5_sequence_is_the_stored_one() -> None:
    assert vevent(ALL, "ev-cancelled")["SEQUENCE"] == "2"
    assert vevent(ALL, "ev-month")["SEQUENCE"] == "0"


@every_calendar
def test_6_7_every_event_is_public_and_free(path: str) -> None:
    for octets in vevents(CALENDARS[path]):
        told = Counter(lines(octets))
        for line in ("CLASS:PUBLIC", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"):
            assert told[line] == 1
        assert sum(line.startswith("CREATED:") for line in told) == 1


def test_6_created_is_the_stored_one() -> None:
    assert vevent(ALL, "ev-cancelled")["CREATED"] == "20130201T090000Z"


@pytest.mark.parametrize(
    ("when", "status", "told"),
    [
        (DAY, Status.SCHEDULED, "CONFIRMED"),
        (DAY, Status.COMPLETED, "CONFIRMED"),
        (DAY, Status.TENTATIVE, "TENTATIVE"),
        (DAY, Status.POSTPONED, "TENTATIVE"),
        (DAY, Status.CANCELLED, "CANCELLED"),
        (MONTH, Status.SCHEDULED, "TENTATIVE"),
        (MONTH, Status.COMPLETED, "TENTATIVE"),
        (MONTH, Status.CANCELLED, "CANCELLED"),
        (sample.period("2013-08-12", "2013-08-12", Precision.DAY, Qualifier.ABOUT), Status.SCHEDULED, "TENTATIVE"),
    ],
)
def test_8_only_exact_days_are_confirmed(when: Period, status: Status, told: str) -> None:
    octets = of(sample.event("ev-1", "A", when, status=status)).files["all.ics"]
    assert vevent(octets, "ev-1")["STATUS"] == told


def test_9_a_cancelled_event_says_so_in_its_title() -> None:
    assert vevent(ALL, "ev-cancelled")["SUMMARY"] == "Cancelled: Sub-regional workshop"


def test_9_what_left_its_source_is_cancelled() -> None:
    told = vevent(of(sample.event("ev-1", "A", DAY, removed=sample.CHANGED)).files["all.ics"], "ev-1")
    assert (told["STATUS"], told["SUMMARY"]) == ("CANCELLED", "Cancelled: A")


def test_10_dtend_is_the_day_after_the_last() -> None:
    told = vevent(ALL, "ev-months")
    assert told["DTSTART;VALUE=DATE"] == "20130701"
    assert told["DTEND;VALUE=DATE"] == "20131001"


@every_calendar
def test_10_every_event_has_an_end_after_its_start(path: str) -> None:
    for octets in vevents(CALENDARS[path]):
        told = dict(line.split(":", 1) for line in lines(octets))
        assert told["DTEND;VALUE=DATE"] > told["DTSTART;VALUE=DATE"]


@every_calendar
def test_11_12_there_is_no_zone_no_recurrence_and_no_alarm(path: str) -> None:
    names = {re.split("[;:]", line)[0] for line in lines(CALENDARS[path])}
    assert not names & {"TZID", "RRULE", "RDATE", "EXDATE", "DURATION"}
    assert b"TZID" not in CALENDARS[path]
    assert b"VALARM" not in CALENDARS[path]


@every_calendar
def test_15_lines_end_with_crlf_and_have_75_octets_at_most(path: str) -> None:
    octets = CALENDARS[path]
    assert octets.startswith(b"BEGIN:VCALENDAR\r\n")
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    for line in octets.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_16_a_feed_without_dates_has_one_event_that_says_so() -> None:
    octets = of(sample.event("ev-1", "A", None)).files["all.ics"]
    (found,) = vevents(octets)
    assert b"UID:no-dates-all-all@calendar.example.org\r\n" in found
    assert b"SUMMARY:No dates published yet\r\n" in found
    assert b"DTSTART;VALUE=DATE:20130201\r\nDTEND;VALUE=DATE:20130202\r\n" in found


def test_16_no_catalogue_makes_an_empty_calendar() -> None:
    for path, octets in build(Catalogue(), sample.settings()).files.items():
        if path.endswith(".ics"):
            assert len(vevents(octets)) == 1, path
            assert not [finding for finding in lint(octets) if finding.rule.severity == "error"]


@every_calendar
def test_17_events_stand_in_the_order_of_start_and_uid(path: str) -> None:
    order = []
    for octets in vevents(CALENDARS[path]):
        told = dict(line.split(":", 1) for line in lines(octets))
        order.append((told["DTSTART;VALUE=DATE"], told["UID"]))
    assert order == sorted(order)


def test_17_the_order_of_the_catalogue_does_not_matter() -> None:
    catalogue = sample.catalogue()
    turned = msgspec.structs.replace(catalogue, events=catalogue.events[::-1])
    assert dict(build(turned, sample.settings()).files) == dict(generation().files)


def test_18_the_description_begins_with_the_sources_words_and_ends_with_the_source() -> None:
    told = vevent(ALL, "ev-months")["DESCRIPTION"].split("\n")
    assert told[0] == "July-September 2013, 2014"
    assert told[-1] == (
        "Source: Programme 2013-2015, line 13, edition of 15 January 2013, https://example.org/programme"
    )


@every_calendar
def test_18_there_is_no_html(path: str) -> None:
    names = {re.split("[;:]", line)[0] for line in lines(CALENDARS[path])}
    assert "X-ALT-DESC" not in names
    for octets in vevents(CALENDARS[path]):
        description = [line for line in lines(octets) if line.startswith("DESCRIPTION")]
        assert not any(re.search("</?[a-z]+>", line) for line in description)


@every_calendar
def test_19_property_names_are_upper_case(path: str) -> None:
    for line in lines(CALENDARS[path]):
        assert re.match("[A-Z][A-Z0-9-]*[;:]", line)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "https:", "//x.org", "mailto:a@b"]
)
def test_19_an_address_that_is_not_http_is_dropped(url: str) -> None:
    told = vevent(of(sample.event("ev-1", "A", DAY, url=url)).files["all.ics"], "ev-1")
    assert told["URL"] == "https://calendar.example.org/events/ev-1"


def test_20_new_properties_stand_in_the_rich_flavour_only() -> None:
    for path, octets in CALENDARS.items():
        told = {re.split("[;:]", line)[0] for line in lines(octets)}
        if not path.endswith("-rich.ics"):
            assert not told & {"LINK", "CONCEPT", "REFID", "STYLED-DESCRIPTION", "STRUCTURED-DATA"}
    rich = lines(CALENDARS["all-rich.ics"])
    assert 'LINK;LABEL="Programme 2013-2015 line 10";LINKREL="via";VALUE=URI:https://example.org/programme' in rich
    assert "CONCEPT:https://calendar.example.org/?convention=basel" in rich
    data = [line for line in rich if line.startswith("STRUCTURED-DATA")]
    assert all('FMTTYPE="application/ld+json";SCHEMA="https://schema.org/Event";VALUE=TEXT:' in line for line in data)
    assert len(data) == 3


@every_calendar
def test_21_types_without_a_default_are_named(path: str) -> None:
    told = head(CALENDARS[path])
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in told
    assert f"SOURCE;VALUE=URI:https://calendar.example.org/feeds/{path}" in told
    assert "X-PUBLISHED-TTL:PT6H" in told


def test_21_name_and_colour_have_their_twins() -> None:
    told = head(CALENDARS["basel.ics"])
    for line in (
        "NAME:Basel Convention",
        "X-WR-CALNAME:Basel Convention",
        "X-APPLE-CALENDAR-COLOR:#1d5b8f",
        "COLOR:teal",
    ):
        assert line in told
    assert not any(line.startswith("UID") for line in told)


@pytest.mark.parametrize(
    ("uid", "written"),
    [
        ("ev-exact", "2013-08-12/2013-08-14"),
        ("ev-month", "2013-12"),
        ("ev-months", "2013-07/2013-09"),
        ("ev-year", "2014"),
        ("ev-years", "2013/2015"),
        ("ev-starting", "2014-02/.."),
    ],
)
def test_24_the_period_stands_in_edtf(uid: str, written: str) -> None:
    assert vevent(ALL, uid)["X-CALFEED-EDTF"] == written


def test_25_json_ld_has_the_days_of_the_ics_both_included() -> None:
    exact = {event.uid: event for event in sample.catalogue().events}["ev-exact"]
    told = jsonld(exact, sample.settings())
    assert told is not None
    assert (told["startDate"], told["endDate"]) == ("2013-08-12", "2013-08-14")
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert told["location"]["name"] == "Geneva, Switzerland"
    assert vevent(ALL, "ev-exact")["DTEND;VALUE=DATE"] == "20130815"


def test_25_json_ld_is_of_exact_days_only() -> None:
    made = {event.uid: jsonld(event, sample.settings()) for event in sample.catalogue().events}
    assert {uid for uid, told in made.items() if told} == {"ev-exact", "ev-day", "ev-cancelled"}
    cancelled = made["ev-cancelled"]
    assert cancelled is not None
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"


@pytest.mark.parametrize(
    ("uid", "title"),
    [
        ("ev-exact", "Global expert meeting"),
        ("ev-months", "[Jul-Sep 2013, approx.] Webinars"),
        ("ev-month", "[Dec 2013, approx.] Third global workshop"),
    ],
)
def test_26_the_title_says_what_is_known_of_the_days(uid: str, title: str) -> None:
    assert vevent(ALL, uid)["SUMMARY"] == title


def test_27_starts_are_one_day_markers_of_what_is_longer_than_a_month() -> None:
    starts = CALENDARS["all-starts.ics"]
    told = vevent(starts, "ev-years-start")
    assert (told["DTSTART;VALUE=DATE"], told["DTEND;VALUE=DATE"]) == ("20130101", "20130102")
    told = vevent(starts, "ev-month-start")
    assert (told["DTSTART;VALUE=DATE"], told["DTEND;VALUE=DATE"]) == ("20131201", "20140101")


def test_27_a_feed_and_its_starts_share_no_uid() -> None:
    uids = [
        {line for line in lines(CALENDARS[path]) if line.startswith("UID:")} for path in ("all.ics", "all-starts.ics")
    ]
    assert len(uids[0]) == len(uids[1]) == 13
    assert not uids[0] & uids[1]


@every_calendar
def test_28_there_are_events_only(path: str) -> None:
    told = {line for line in lines(CALENDARS[path]) if line.startswith("BEGIN:")}
    assert told == {"BEGIN:VCALENDAR", "BEGIN:VEVENT"}


@pytest.mark.parametrize(
    ("uid", "first", "end"),
    [
        ("ev-starting", "20140201", "20140301"),
        ("ev-ongoing", "20130101", "20140101"),
        ("ev-day", "20131031", "20131101"),
        ("ev-end", "20131001", "20140101"),
    ],
)
def test_29_an_open_period_is_shown_as_the_unit_that_it_names(uid: str, first: str, end: str) -> None:
    told = vevent(ALL, uid)
    assert (told["DTSTART;VALUE=DATE"], told["DTEND;VALUE=DATE"]) == (first, end)


def many(number: int, title: str = "Workshop") -> Catalogue:
    """Events of three years, a third of them in each."""
    return Catalogue(
        events=tuple(
            sample.event(
                f"ev-{n:05}", title, sample.period(f"{2013 + n % 3}-05-01", f"{2013 + n % 3}-05-31", Precision.MONTH)
            )
            for n in range(number)
        )
    )


def test_39_a_thousand_events_stand_in_one_file() -> None:
    files = build(many(1000), sample.settings()).files
    assert len(vevents(files["all.ics"])) == 1000
    assert "all-2013.ics" not in files


@pytest.mark.parametrize(("number", "title"), [(1001, "Workshop"), (900, "W" * 200)])
def test_39_what_is_too_large_is_split_by_year(number: int, title: str) -> None:
    catalogue = many(number, title)
    cached = build(catalogue, sample.settings(), cache=RenderCache()).files
    split = [cached[f"all-rich-{year}.ics"] for year in (2013, 2014, 2015)]
    assert sum(len(vevents(octets)) for octets in split) == number
    for path, octets in cached.items():
        if path.endswith(".ics"):
            assert len(octets) <= 900_000, path
            assert len(vevents(octets)) <= 1000, path
    index = msgspec.json.decode(cached["index.json"])
    assert "all-rich-2014.ics" in index["feeds"][0]["parts"]


def test_39_a_year_that_is_too_large_is_split_by_month_and_number() -> None:
    when = sample.period("2013-05-01", "2013-05-31", Precision.MONTH)
    catalogue = Catalogue(events=tuple(sample.event(f"ev-{n:05}", "Workshop", when) for n in range(1500)))
    files = build(catalogue, sample.settings()).files
    pieces = [files["all-2013-05-1.ics"], files["all-2013-05-2.ics"]]
    uids = [line for octets in pieces for line in lines(octets) if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == 1500
    assert "DESCRIPTION:This file holds a part of the calendar: 2013-05-1" in head(pieces[0])


@every_calendar
def test_48_the_linter_and_icalendar_find_nothing(path: str) -> None:
    assert lint(CALENDARS[path]) == ()
    read = icalendar.Calendar.from_ical(CALENDARS[path])
    read.validate()
    if not path.endswith("-rich.ics"):
        assert read.to_ical() == CALENDARS[path]


def test_an_event_has_the_same_bytes_in_every_feed() -> None:
    standing: dict[bytes, set[bytes]] = {}
    for path, octets in CALENDARS.items():
        if not re.search(r"-(starts|rich|exact)\.ics$", path):
            for found in vevents(octets):
                uid = re.search(rb"\r\nUID:(\S+)", found)
                assert uid is not None
                standing.setdefault(uid[1], set()).add(found)
    assert len(standing) == 13
    assert all(len(found) == 1 for found in standing.values())


def test_an_event_of_four_hundred_years_is_shown_by_its_first_day() -> None:
    long = sample.period("1900-01-01", "2299-12-31", Precision.CENTURY)
    told = vevent(of(sample.event("ev-1", "A", long)).files["all.ics"], "ev-1")
    assert (told["DTSTART;VALUE=DATE"], told["DTEND;VALUE=DATE"]) == ("19000101", "19000102")


def test_the_last_day_of_all_is_shown() -> None:
    last = sample.period("9999-12-01", "9999-12-31", Precision.MONTH)
    told = vevent(of(sample.event("ev-1", "A", last)).files["all.ics"], "ev-1")
    assert told["DTEND;VALUE=DATE"] == "99991202"


def test_a_recurrence_gives_an_event_each_time() -> None:
    when = Period(
        start=DAY.start, end=DAY.start and DAY.start + timedelta(days=27), precision=Precision.DAY, rrule="FREQ=WEEKLY"
    )
    octets = of(sample.event("ev-1", "A", when)).files["all.ics"]
    uids = [line for line in lines(octets) if line.startswith("UID:")]
    assert uids == [f"UID:ev-1{mark}@calendar.example.org" for mark in ("", "-20130819", "-20130826", "-20130902")]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;COUNT=1000000000;BYSECOND=1",
        "X" * 5000,
        "FREQ=DAILY;INTERVAL=14;BYDAY=TU",
        "COUNT=1",
    ],
)
def test_a_recurrence_that_is_none_of_days_counts_as_its_period(rule: str) -> None:
    when = Period(start=MONTH.start, end=MONTH.end, precision=Precision.MONTH, rrule=rule)
    (found,) = vevents(of(sample.event("ev-1", "A", when)).files["all.ics"])
    assert b"DTSTART;VALUE=DATE:20130801\r\nDTEND;VALUE=DATE:20130901\r\n" in found


@pytest.mark.parametrize(
    ("rule", "number"), [("FREQ=DAILY", 366), ("FREQ=WEEKLY", 53), ("FREQ=MONTHLY;COUNT=1000000000", 500)]
)
def test_50_a_recurrence_without_end_goes_on_for_twelve_months_and_has_five_hundred_days_at_most(
    rule: str, number: int
) -> None:
    when = Period(start=DAY.start, precision=Precision.DAY, rrule=rule)
    assert len(vevents(of(sample.event("ev-1", "A", when)).files["all.ics"])) == number


def test_4_a_new_edition_that_leaves_an_event_as_it_was_changes_no_byte_of_it() -> None:
    settings = sample.settings()
    before = sample.catalogue()
    first = before.editions[0]
    plain = msgspec.structs.replace(first, published=None)
    later = msgspec.structs.replace(plain, digest="1" * 64, read=sample.CHANGED)
    moved = tuple(
        msgspec.structs.replace(
            event,
            provenance=event.provenance and msgspec.structs.replace(event.provenance, where=Where(lines=(99, 99))),
            revision=msgspec.structs.replace(event.revision, where=event.provenance and event.provenance.where),
        )
        for event in before.events
    )
    cache = RenderCache()
    old = build(msgspec.structs.replace(before, editions=(plain,)), settings, cache=cache).files
    new = build(msgspec.structs.replace(before, editions=(later,), events=moved), settings, cache=cache).files
    assert {path for path in old if old[path] != new[path]} == {"index.json", "generation.json"}
