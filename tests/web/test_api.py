"""The API: what it answers, to whom, and how it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import icalendar
import msgspec
import pytest
from flask.testing import FlaskClient

from calfeed.feeds import build
from calfeed.model import Catalogue, Period, Precision
from tests import sample
from tests.web.published import app

BASE = "https://calendar.example.org"
ADDRESSES = [
    "/api/v1/events",
    "/api/v1/events/ev-exact",
    "/api/v1/feeds",
    "/api/v1/facets",
    "/api/v1/fullcalendar",
    "/api/v1/openapi.json",
]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return app().test_client()


def uids(client: FlaskClient, query: str) -> list[str]:
    return [event["uid"] for event in client.get(f"/api/v1/events?{query}").json["events"]]


def test_an_event_is_told_as_stored_and_in_words(client: FlaskClient) -> None:
    assert client.get("/api/v1/events/ev-exact?lang=fr").json == {
        "generation": "g1",
        "editions": [
            {
                "source": "programme",
                "title": "Programme 2013-2015",
                "day": "2013-01-15",
                "published": True,
                "link": "https://example.org/programme",
            }
        ],
        "checked": None,
        "event": {
            "uid": "ev-exact",
            "title": "Global expert meeting",
            "period": {"start": "2013-08-12", "end": "2013-08-14", "precision": "day"},
            "words": "12–14 août 2013",
            "edtf": "2013-08-12/2013-08-14",
            "days": [
                {
                    "first": "2013-08-12",
                    "last": "2013-08-14",
                    "begin": None,
                    "end": None,
                    "exact": True,
                    "cancelled": False,
                }
            ],
            "exact": True,
            "page": f"{BASE}/events/ev-exact",
            "facets": {"convention": ["basel", "stockholm"], "kind": ["meeting"], "topic": ["pops-in-articles"]},
            "place": "Geneva, Switzerland",
            "country": "CH",
            "status": "scheduled",
            "lang": "en",
            "note": None,
            "moved_from": None,
            "last_known": False,
            "over": False,
            "instances": [],
            "recurred": None,
            "url": None,
            "reading": "single",
            "alternatives": [],
            "review": [],
            "edited": [],
            "removed": None,
            "history": [],
            "revision": {"created": "2013-02-01T09:00:00Z", "modified": "2013-02-01T09:00:00Z"},
            "provenance": {
                "source": "programme",
                "entry": "Global expert meeting: 12-14 August 2013",
                "outline": ["Wastes", "E-waste", "Calendar of events"],
                "where": {"lines": [10, 10]},
                "date_text": "12-14 August 2013",
                "evidence": [
                    {"facet": "convention", "value": "basel", "words": "heading names the Basel Convention"},
                    {"facet": "convention", "value": "stockholm", "words": "heading names the Stockholm Convention"},
                ],
            },
        },
    }


def test_an_undated_event_has_no_days_and_no_words(client: FlaskClient) -> None:
    event = client.get("/api/v1/events/ev-undated").json["event"]
    assert (event["period"], event["words"], event["edtf"], event["days"], event["exact"]) == (
        None,
        None,
        None,
        [],
        False,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=training", ["ev-quarter", "ev-season"]),
        ("convention=rotterdam", ["ev-end", "ev-starting", "ev-quarter"]),
        ("convention=rotterdam&convention=stockholm&kind=training", ["ev-quarter", "ev-season"]),
        ("kind=pilot-project", []),
        ("q=police", ["ev-undated"]),
        ("from=2013-08-13&to=2013-08-13&convention=stockholm", ["ev-exact"]),
        ("flavour=exact", ["ev-exact", "ev-day", "ev-cancelled"]),
        ("kind=&q=&from=&to=&topic=clearing-house", ["ev-starting"]),
    ],
)
def test_events_are_filtered_as_feeds_are(client: FlaskClient, query: str, found: list[str]) -> None:
    assert uids(client, query) == found


def test_events_come_by_date_and_the_undated_last(client: FlaskClient) -> None:
    assert uids(client, "") == [
        "ev-ongoing", "ev-years", "ev-months", "ev-exact", "ev-end", "ev-day", "ev-month", "ev-year", "ev-starting",
        "ev-quarter", "ev-cancelled", "ev-season", "ev-odd", "ev-undated",
    ]  # fmt: skip


def test_pages_follow_each_other_by_their_links(client: FlaskClient) -> None:
    address, seen = f"{BASE}/api/v1/events?limit=5&convention=basel", []
    while address:
        answer = client.get(address.removeprefix(BASE)).json
        seen.append([event["uid"] for event in answer["events"]])
        address = answer["next"]
    assert [len(page) for page in seen] == [5, 5, 2]
    assert [uid for page in seen for uid in page] == uids(client, "convention=basel")


def test_the_link_header_names_the_pages_around(client: FlaskClient) -> None:
    assert client.get("/api/v1/events?page=2&limit=5&kind=workshop&convention=basel").headers["Link"] == (
        f'<{BASE}/api/v1/events?convention=basel&kind=workshop&limit=5>; rel="first", '
        f'<{BASE}/api/v1/events?convention=basel&kind=workshop&limit=5>; rel="last", '
        f'<{BASE}/api/v1/events?convention=basel&kind=workshop&limit=5>; rel="prev"'
    )
    assert 'rel="next"' in client.get("/api/v1/events?limit=5").headers["Link"]


def test_a_page_beyond_the_last_is_empty(client: FlaskClient) -> None:
    answer = client.get("/api/v1/events?page=99")
    assert (answer.status_code, answer.json["events"], answer.json["next"], answer.json["total"]) == (200, [], None, 14)


def test_a_feed_is_told_with_all_its_addresses(client: FlaskClient) -> None:
    feeds = {feed["slug"]: feed for feed in client.get("/api/v1/feeds").json["feeds"]}
    assert feeds["rotterdam"] == {
        "slug": "rotterdam",
        "name": "Rotterdam Convention",
        "facet": "convention",
        "value": "rotterdam",
        "colour": "#8a4b08",
        "events": 3,
        "links": {
            "ics": f"{BASE}/feeds/rotterdam.ics",
            "json": f"{BASE}/feeds/rotterdam.json",
            "csv": f"{BASE}/feeds/rotterdam.csv",
            "atom": f"{BASE}/feeds/rotterdam.atom",
            "embed": f"{BASE}/embed/rotterdam",
            "events": f"{BASE}/api/v1/events?convention=rotterdam",
        },
    }
    assert list(feeds)[:5] == ["all", "basel", "rotterdam", "stockholm", "general"]


def test_facets_count_within_the_selection(client: FlaskClient) -> None:
    answer = client.get("/api/v1/facets?kind=training").json
    convention = answer["facets"][0]
    assert answer["total"] == 2
    assert (convention["name"], convention["title"], convention["none"]) == ("convention", "Convention", 0)
    assert convention["values"] == [
        {"value": "basel", "id": "basel", "name": "Basel Convention", "colour": "#1d5b8f", "count": 0},
        {"value": "rotterdam", "id": "rotterdam", "name": "Rotterdam Convention", "colour": "#8a4b08", "count": 1},
        {"value": "stockholm", "id": "stockholm", "name": "Stockholm Convention", "colour": "#2d6a3e", "count": 1},
    ]
    pilots = next(one for one in answer["facets"][1]["values"] if one["id"] == "pilot project")
    assert (pilots["value"], pilots["count"]) == ("pilot-project", 0)


def test_fullcalendar_ends_are_the_ends_of_the_feed(client: FlaskClient) -> None:
    made = build(sample.catalogue(), sample.settings()).files["all.ics"]
    ends = {
        str(event["UID"]).partition("@")[0]: event["DTEND"].dt.isoformat()
        for event in icalendar.Calendar.from_ical(made).walk("VEVENT")
    }
    told = {event["id"]: event["end"] for event in client.get("/api/v1/fullcalendar").json}
    assert told == ends
    assert told["ev-exact"] == "2013-08-15"


def test_fullcalendar_has_the_form_that_it_reads(client: FlaskClient) -> None:
    found = client.get("/api/v1/fullcalendar?start=2013-08-12T00:00:00Z&end=2013-08-13T00:00:00Z&flavour=exact").json
    assert found == [
        {
            "id": "ev-exact",
            "title": "Global expert meeting",
            "start": "2013-08-12",
            "end": "2013-08-15",
            "allDay": True,
            "url": f"{BASE}/events/ev-exact",
            "extendedProps": {
                "uid": "ev-exact",
                "words": "12–14 Aug 2013",
                "exact": True,
                "cancelled": False,
                "place": "Geneva, Switzerland",
                "lang": "en",
                "facets": {"convention": ["basel", "stockholm"], "kind": ["meeting"], "topic": ["pops-in-articles"]},
            },
        }
    ]


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ("start=2013-08-14&end=2013-08-15", True),
        ("start=2013-08-15&end=2013-08-16", False),
        ("start=2013-08-11&end=2013-08-12", False),
        ("start=2013-08-14T23:59:00%2B02:00", True),
        ("start=2013-08-15T00:00:00-11:00", False),
        ("end=2013-08-12T00:00:01Z&timeZone=Europe/Zurich", True),
        ("start=2013-09-01&end=2013-08-01", False),
        ("start=2013-08-14T00:00:00+02:00", True),
    ],
)
def test_fullcalendar_takes_start_and_end_as_exclusive(client: FlaskClient, window: str, shown: bool) -> None:
    found = [event["id"] for event in client.get(f"/api/v1/fullcalendar?{window}").json]
    assert ("ev-exact" in found) is shown


def test_starts_are_markers_with_ids_of_their_own(client: FlaskClient) -> None:
    found = {event["id"]: event for event in client.get("/api/v1/fullcalendar?flavour=starts").json}
    assert (found["ev-year-start"]["start"], found["ev-year-start"]["end"]) == ("2014-01-01", "2014-01-02")
    assert found["ev-exact-start"]["end"] == "2013-08-15"


def test_a_recurrence_has_an_entry_for_each_occurrence() -> None:
    monthly = Period(
        start=datetime(2014, 3, 3, tzinfo=UTC).date(),
        end=datetime(2014, 5, 31, tzinfo=UTC).date(),
        precision=Precision.DAY,
        rrule="FREQ=MONTHLY;BYMONTHDAY=3",
    )
    catalogue = Catalogue(events=(sample.event("ev-monthly", "Monthly call", monthly),))
    client = app(catalogue).test_client()
    found = [(event["id"], event["start"], event["end"]) for event in client.get("/api/v1/fullcalendar").json]
    assert found == [
        ("ev-monthly", "2014-03-03", "2014-03-04"),
        ("ev-monthly-20140403", "2014-04-03", "2014-04-04"),
        ("ev-monthly-20140503", "2014-05-03", "2014-05-04"),
    ]
    assert len(client.get("/api/v1/events/ev-monthly").json["event"]["days"]) == 3


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_fresh_open_and_validated(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Origin": "https://partner.example"})
    headers = answer.headers
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "public, max-age=300, stale-if-error=86400"
    assert (headers["Calfeed-Generation"], headers["Calfeed-Editions"]) == ("g1", "programme=2013-01-15")
    assert "Set-Cookie" not in headers
    again = client.get(address, headers={"If-None-Match": headers["ETag"], "Origin": "https://partner.example"})
    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["ETag"], again.headers["Access-Control-Allow-Origin"]) == (headers["ETag"], "*")
    assert not headers["ETag"].startswith("W/")
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", headers["ETag"])


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_answers_travel_compressed_with_a_validator_of_their_own(client: FlaskClient, coding: str) -> None:
    plain = client.get("/api/v1/events")
    packed = client.get("/api/v1/events", headers={"Accept-Encoding": coding})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == (coding, "Accept-Encoding")
    assert len(packed.data) < len(plain.data) / 3
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/v1/events?conventoin=basel", "There is no parameter 'conventoin'. The nearest is 'convention'."),
        ("/api/v1/events?convention=basle", "there is no convention 'basle'. The nearest is 'basel'."),
        ("/api/v1/events?limit=501", "query, field limit: Expected `int` <= 500."),
        ("/api/v1/events?page=0", "query, field page: Expected `int` >= 1."),
        ("/api/v1/events?limit=1&limit=2", "limit stands 2 times. Give it once."),
        ("/api/v1/events?from=2014-02-30", "from is a day such as 2014-03-01, not '2014-02-30'."),
        ("/api/v1/events?lang=xx", "there is no lang 'xx'. Known: en, fr, ar."),
        ("/api/v1/feeds?kind=webinar", "There is no parameter 'kind'. Known: none."),
        ("/api/v1/fullcalendar?start=soon", "query, field start: 'soon' is no day or instant. "
            "Write 2014-03-01 or 2014-03-01T00:00:00Z."),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused_in_a_sentence(client: FlaskClient, address: str, detail: str) -> None:
    answer = client.get(address, headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert (answer.json["title"], answer.json["status"], answer.json["detail"]) == ("Bad Request", 400, detail)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/api/v1/events/none", "/api/v1/none", "/api/v1/events/a/b", "/api/v1/feeds/basel"]
)
def test_an_unknown_address_is_a_problem_too(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype, answer.json["status"]) == (404, "application/problem+json", 404)
    assert answer.json["type"] == f"{BASE}/api/#problem-query"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_api_can_only_be_read(client: FlaskClient, address: str, method: str) -> None:
    answer = client.open(address, method=method)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_preflight_names_what_may_be_sent(client: FlaskClient) -> None:
    answer = client.options("/api/v1/events", headers={"Origin": "https://x.example"})
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_hostile_text_stays_text() -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)> \u202etxt.exe\u0000'
    event = sample.event("ev-evil", evil, None, url="javascript:alert(1)", note=evil, place=evil)
    client = app(Catalogue(events=(event,))).test_client()
    answer = client.get("/api/v1/events")
    told = answer.json["events"][0]
    assert told["title"] == '</script><script>alert(1)</script>"><img src=x onerror=alert(1)> txt.exe'
    assert told["url"] is None
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    for character in ("\u202e", "\\u202e", "\\u0000"):
        assert character not in answer.text


def test_the_description_is_made_of_the_types_that_answer(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": BASE}]
    assert list(document["paths"]) == [
        "/api/v1/events", "/api/v1/events/{uid}", "/api/v1/feeds", "/api/v1/facets", "/api/v1/fullcalendar",
    ]  # fmt: skip
    schemas = document["components"]["schemas"]
    told = client.get("/api/v1/events/ev-odd").json["event"]
    assert set(told) == set(schemas["PublishedEvent"]["properties"])
    assert schemas["Period"]["properties"]["precision"]["$ref"] == "#/components/schemas/Precision"
    assert references(document) <= {f"#/components/schemas/{name}" for name in schemas}
    by_name = {one["name"]: one for one in document["paths"]["/api/v1/events"]["get"]["parameters"]}
    assert by_name["convention"]["schema"]["items"]["anyOf"][0]["enum"] == [
        "basel",
        "rotterdam",
        "stockholm",
        "general",
    ]
    assert by_name["limit"]["schema"]["anyOf"][0]["maximum"] == 500


def test_the_page_shows_every_address_and_parameter(client: FlaskClient) -> None:
    answer = client.get("/api/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for word in (
        "/api/v1/events/{uid}",
        "convention",
        "timeZone",
        "basel, rotterdam, stockholm, general",
        "problem-query",
    ):
        assert word in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/api/v1/").headers["Location"] == "/api/"


def references(value: Any) -> set[str]:
    """Every $ref in a JSON value."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(references(item) for item in value))
    return set()


def test_what_the_service_remembers_is_the_last_check(tmp_path: Any) -> None:
    state = {"sources": {"a": {"checked": "2026-01-02T03:04:05+00:00"}, "b": {"checked": "2026-01-01T00:00:00+00:00"}}}
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "status.json").write_bytes(msgspec.json.encode(state))
    answer = app(settings=sample.settings(tmp_path)).test_client().get("/api/v1/fullcalendar")
    assert answer.headers["Calfeed-Checked"] == "2026-01-01T00:00:00Z"
