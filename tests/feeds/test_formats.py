from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import msgspec
import pytest

from calfeed.errors import FeedError
from calfeed.feeds import RenderCache, Selection, build, event_ics, feeds_of, render, select
from calfeed.feeds.table import neutral
from calfeed.model import Event
from tests import sample
from tests.feeds.reading import generation, head, lines, of, vevent, vevents

FILES = generation().files
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = sample.period("2013-08-12", "2013-08-14", sample.Precision.DAY)


def test_json_is_a_json_feed_with_the_stored_event() -> None:
    told = msgspec.json.decode(FILES["basel.json"])
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == "https://calendar.example.org/feeds/basel.json"
    items = {item["id"]: item for item in told["items"]}
    item = items["ev-months@calendar.example.org"]
    assert (item["_calfeed"]["start"], item["_calfeed"]["end"]) == ("2013-07-01", "2013-09-30")
    stored = msgspec.convert(item["_calfeed"]["event"], Event)
    assert stored == {event.uid: event for event in sample.catalogue().events}["ev-months"]


def test_undated_events_stand_in_all_formats_but_ics() -> None:
    assert b"ev-undated" not in FILES["all.ics"]
    items = msgspec.json.decode(FILES["all.json"])["items"]
    assert items[-1]["id"] == "ev-undated@calendar.example.org"
    assert items[-1]["_calfeed"]["start"] is None
    assert b"ev-undated@" in FILES["all.csv"]
    assert b"ev-undated@" in FILES["all.atom"]
    index = msgspec.json.decode(FILES["index.json"])
    assert (index["feeds"][0]["events"], index["feeds"][0]["undated"]) == (14, 1)


def test_csv_has_a_row_for_each_event() -> None:
    rows = list(csv.DictReader(io.StringIO(FILES["all.csv"].decode("utf-8-sig"), newline="")))
    assert len(rows) == 14
    row = next(row for row in rows if row["uid"].startswith("ev-exact"))
    assert (row["start"], row["end"], row["exact"], row["place"]) == (
        "2013-08-12",
        "2013-08-14",
        "yes",
        "Geneva, Switzerland",
    )
    assert row["convention"] == "Basel Convention; Stockholm Convention"


def test_a_spreadsheet_is_told_that_csv_is_utf_8() -> None:
    assert FILES["all.csv"].startswith(b"\xef\xbb\xbfuid,")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    octets = of(sample.event("ev-1", cell, DAY)).files["all.csv"]
    title = next(csv.DictReader(io.StringIO(octets.decode(), newline="")))["title"]
    assert title.startswith("'")


def test_atom_tells_the_old_date_and_the_new_one_newest_first() -> None:
    root = ElementTree.fromstring(FILES["all.atom"])
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}updated") for entry in entries[:3]] == ["2013-03-05T12:30:00Z"] * 2 + [
        "2013-02-01T09:00:00Z"
    ]
    moved = entries[1]
    assert moved.findtext(f"{ATOM}id") == "tag:calendar.example.org,2013-02-01:ev-odd@calendar.example.org"
    content = moved.findtext(f"{ATOM}content")
    assert content is not None
    assert content.startswith("2013-03-05: moved (period: July 2014 -> September 2014)\n")
    assert root.findtext(f"{ATOM}updated") == "2013-03-05T12:30:00Z"


def test_the_index_lists_files_that_are_there_and_counts_them() -> None:
    index = msgspec.json.decode(FILES["index.json"])
    listed = {path for feed in index["feeds"] for path in (*feed["formats"].values(), *feed["flavours"].values())}
    assert listed | {"index.json", "generation.json"} == set(FILES)
    basel = next(feed for feed in index["feeds"] if feed["slug"] == "basel")
    assert basel["bytes"] == len(FILES["basel.ics"])
    assert (basel["first"], basel["last"]) == ("2013-01-01", "2015-12-31")
    assert index["editions"][0]["published"] == "2013-01-15"


def test_the_manifest_has_the_digest_of_every_file() -> None:
    listed = msgspec.json.decode(FILES["generation.json"])["files"]
    assert {path: entry["sha256"] for path, entry in listed.items()} == {
        path: hashlib.sha256(octets).hexdigest() for path, octets in FILES.items() if path != "generation.json"
    }


def test_a_single_event_has_the_bytes_that_it_has_in_the_feeds() -> None:
    catalogue = sample.catalogue()
    exact = catalogue.events[0]
    (found,) = vevents(event_ics(exact, sample.settings(), editions=catalogue.editions))
    assert found in vevents(FILES["all.ics"])


def test_a_custom_feed_has_the_bytes_of_the_published_ones() -> None:
    catalogue, settings = sample.catalogue(), sample.settings()
    feed = next(feed for feed in feeds_of(catalogue, settings) if feed.slug == "rotterdam")
    for flavour, path in (
        ("all", "rotterdam.ics"),
        ("starts", "rotterdam-starts.ics"),
        ("exact", "rotterdam-exact.ics"),
    ):
        chosen = select(catalogue.events, feed.selection)
        octets = render(chosen, feed, settings, "ics", flavour, editions=catalogue.editions)
        assert vevents(octets) == vevents(FILES[path])


def test_a_feed_speaks_another_language_with_the_same_uids() -> None:
    settings = sample.settings()
    french = replace(feeds_of(sample.catalogue(), settings)[0], language="fr")
    octets = render(sample.catalogue().events, french, settings, "ics")
    told = vevent(octets, "ev-cancelled")
    assert told["SUMMARY"] == "Annulé: Sub-regional workshop"
    assert (
        told["DESCRIPTION"]
        .split("\n")[-1]
        .startswith("Source: Programme 2013-2015, ligne 21, édition du 15 janvier 2013")
    )
    assert [line for line in lines(octets) if line[:4] == "UID:"] == [
        line for line in lines(FILES["all.ics"]) if line[:4] == "UID:"
    ]


@pytest.mark.parametrize(("format", "flavour"), [("xml", "all"), ("ics", "weekly")])
def test_an_unknown_format_or_flavour_is_refused(format: str, flavour: str) -> None:
    feed = feeds_of(sample.catalogue(), sample.settings())[0]
    with pytest.raises(FeedError, match="there is no"):
        render((), feed, sample.settings(), format, flavour)


def test_a_month_that_is_too_large_for_a_custom_feed_is_cut_and_says_so() -> None:
    when = sample.period("2013-05-01", "2013-05-31", sample.Precision.MONTH)
    events = [sample.event(f"ev-{n:05}", "A", when) for n in range(1001)]
    feed = feeds_of(sample.catalogue(), sample.settings())[0]
    octets = render(events, feed, sample.settings(), "ics", today=date(2013, 5, 9))
    assert len(vevents(octets)) == 1000
    assert "DESCRIPTION:This file holds a part of the calendar: May 2013" in head(octets)


def test_a_selection_without_events_gives_a_whole_calendar() -> None:
    feed = feeds_of(sample.catalogue(), sample.settings())[0]
    octets = render(select((), Selection()), feed, sample.settings(), "ics")
    assert len(vevents(octets)) == 1


def test_a_cached_build_gives_the_bytes_of_a_fresh_one() -> None:
    cache, catalogue = RenderCache(), sample.catalogue()
    build(catalogue, sample.settings(), cache=cache)
    changed = msgspec.structs.replace(
        catalogue, events=(msgspec.structs.replace(catalogue.events[2], title="Other"), *catalogue.events[3:])
    )
    again = build(changed, sample.settings(), cache=cache)
    fresh = build(changed, sample.settings())
    assert dict(again.files) == dict(fresh.files)
    assert again.digests == fresh.digests
