"""Times of day and recurrences on pages, embeds, in the API and in the links that add an event."""

from __future__ import annotations

import html
import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from calfeed.feeds import build, feeds_of
from calfeed.model import Catalogue, Period, Precision
from calfeed.web import Site, create_app
from calfeed.web.loading import make_resources
from calfeed.web.tracking import without_tracking
from tests import sample

DAY = Precision.DAY
CALL = Period(start=date(2027, 3, 12), end=date(2027, 3, 12), precision=DAY, times="14:00/15:30", zone="Europe/Zurich")
OPEN = Period(start=date(2027, 3, 12), end=date(2027, 3, 12), precision=DAY, times="14:00/15:30")
HOURS = Period(start=date(2027, 5, 1), end=date(2027, 5, 31), precision=Precision.MONTH, rrule="FREQ=WEEKLY;BYDAY=WE")
EVENTS = (
    sample.event("ev-call", "Call", CALL, "12 March 2027, 14:00-15:30 CET", kind=("webinar",)),
    sample.event("ev-open", "Open call", OPEN, "12 March 2027, 14:00-15:30"),
    sample.event("ev-hours", "Office hours", HOURS, "every Wednesday in May 2027", place="Room 3"),
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    settings, catalogue = sample.settings(), Catalogue(events=EVENTS)
    made = build(catalogue, settings)
    resources = make_resources(made.files, sample.CHANGED, previous={}, now=sample.CHANGED)
    site = Site(settings, made, catalogue, feeds_of(catalogue, settings), resources, sample.CHANGED)
    return create_app(settings, load=lambda previous: site, check_seconds=None).test_client()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/ev-call?lang=en", "12 March 2027, 14:00–15:30 (Zurich time, UTC+1)"),
        ("/events/ev-call?lang=fr", "12 mars 2027, 14:00–15:30 (heure de Zurich, UTC+1)"),
        ("/?lang=en", "12 Mar 2027, 14:00–15:30 (Zurich time, UTC+1)"),
        ("/embed/all?lang=en&from=2027-01-01", "12 Mar 2027, 14:00–15:30 (Zurich time, UTC+1)"),
    ],
)
def test_a_page_tells_the_time_of_the_place_and_the_instants_for_the_readers_own(
    client: FlaskClient, path: str, words: str
) -> None:
    told = page(client, path)
    assert re.search(
        r'<time datetime="2027-03-12T14:00:00\+01:00" data-end="2027-03-12T15:30:00\+01:00"[^>]*>' + re.escape(words),
        told,
    )


def test_a_time_without_a_zone_stands_in_words_and_in_the_title(client: FlaskClient) -> None:
    assert '<time datetime="2027-03-12">12 March 2027, 14:00–15:30</time>' in page(client, "/events/ev-open?lang=en")
    feed = client.get("/feeds/all.ics").get_data(as_text=True)
    assert "SUMMARY:[14:00-15:30] Open call\r\nDTSTART;VALUE=DATE:20270312\r\n" in feed
    assert "SUMMARY:Call\r\nDTSTART:20270312T130000Z\r\nDTEND:20270312T143000Z\r\n" in feed


def test_the_page_of_a_recurrence_tells_its_rule_and_its_days(client: FlaskClient) -> None:
    told = page(client, "/events/ev-hours?lang=en")
    assert "every Wednesday, 5–26 May 2027" in told
    assert re.findall(r'<li><time datetime="(2027-05-\d\d)">', told) == [
        "2027-05-05", "2027-05-12", "2027-05-19", "2027-05-26",
    ]  # fmt: skip
    assert "some days within it" not in told


def structured(client: FlaskClient, path: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, path), re.DOTALL)
    assert found
    told: dict[str, object] = json.loads(found[1])
    return told


def test_search_engines_are_told_the_same(client: FlaskClient) -> None:
    call, hours = structured(client, "/events/ev-call"), structured(client, "/events/ev-hours")
    assert (call["startDate"], call["endDate"]) == ("2027-03-12T14:00:00+01:00", "2027-03-12T15:30:00+01:00")
    assert call["location"] == {"@type": "VirtualLocation", "url": "https://calendar.example.org/events/ev-call"}
    assert (hours["@type"], hours["startDate"], hours["endDate"]) == ("EventSeries", "2027-05-05", "2027-05-26")
    parts = hours["subEvent"]
    assert isinstance(parts, list)
    assert [one["startDate"] for one in parts] == ["2027-05-05", "2027-05-12", "2027-05-19", "2027-05-26"]
    assert {one["location"]["name"] for one in parts} == {"Room 3"}
    assert structured(client, "/events/ev-open")["location"] == {
        "@type": "Place", "name": "To be announced", "address": "To be announced",
    }  # fmt: skip


def test_all_formats_agree_about_a_recurrence(client: FlaskClient) -> None:
    event = client.get("/api/v1/events/ev-hours").json["event"]
    assert (event["exact"], event["words"]) == (True, "every Wednesday, 5–26 May 2027")
    assert [one["first"] for one in event["days"]] == ["2027-05-05", "2027-05-12", "2027-05-19", "2027-05-26"]
    (item,) = (one for one in client.get("/feeds/all.json").json["items"] if one["title"].endswith("Office hours"))
    own = item["_calfeed"]
    assert (own["exact"], own["status"], own["start"], own["end"]) == (True, "CONFIRMED", "2027-05-05", "2027-05-26")
    assert len(own["occurrences"]) == 4
    assert "every Wednesday" in client.get("/feeds/all.csv").get_data(as_text=True)


def test_fullcalendar_has_the_instants(client: FlaskClient) -> None:
    (found,) = client.get("/api/v1/fullcalendar?q=call&kind=webinar").json
    assert (found["start"], found["end"], found["allDay"]) == (
        "2027-03-12T13:00:00Z",
        "2027-03-12T14:30:00Z",
        False,
    )


def test_the_links_that_add_an_event_have_its_time(client: FlaskClient) -> None:
    told = page(client, "/events/ev-call")
    assert "dates=20270312T130000Z%2F20270312T143000Z" in told
    assert "startdt=2027-03-12T13%3A00%3A00Z&enddt=2027-03-12T14%3A30%3A00Z&allday=false" in told


def test_the_file_of_an_event_is_cached_and_open_as_a_feed_is(client: FlaskClient) -> None:
    answer = client.get("/events/ev-call.ics")
    assert answer.headers["Cache-Control"] == "public, max-age=900, stale-if-error=86400"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/events/ev-call.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"


TRACKERS = "utm_source=letter&utm_medium=e-mail&fbclid=abc&gclid=1&mc_cid=2&mc_eid=3"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/events/ev-call", "/events/ev-call.ics", "/subscribe", "/embed/all", "/embed/all.json", "/feeds/all.ics",
        "/feeds/custom.ics?kind=webinar", "/api/v1/events", "/api/v1/fullcalendar", "/api/v1/events?kind=webinar",
    ],
)  # fmt: skip
def test_what_trackers_add_changes_no_answer(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    tracked = client.get(f"{path}{'&' if '?' in path else '?'}{TRACKERS}")
    assert (plain.status_code, tracked.status_code) == (200, 200)
    assert tracked.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("utm_source=a&kind=webinar", "kind=webinar"),
        ("q=utm_source&fbclid=", "q=utm_source"),
        ("mc_eid&q=1", "q=1"),
        ("kind=a&kind=b", "kind=a&kind=b"),
        ("gclid=1", ""),
    ],
)
def test_only_what_trackers_add_is_left_out(query: str, left: str) -> None:
    assert without_tracking(query) == left
