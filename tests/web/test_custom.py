"""/feeds/custom.<format>: selections over HTTP."""

from __future__ import annotations

import gzip
import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from calfeed.lint import lint
from calfeed.web.custom import SelectedFeeds
from calfeed.web.representations import encode, resource
from tests import sample
from tests.web.sites import NOW, app, ask, site

BASEL = "/feeds/custom.ics?convention=basel"


@pytest.fixture(scope="module")
def feeds() -> Flask:
    return app()


def uids(feed: bytes) -> set[str]:
    return {str(event["UID"]).partition("@")[0] for event in Calendar.from_ical(feed).walk("VEVENT")}


def test_a_selection_holds_just_what_it_selects(feeds: Flask) -> None:
    answer = ask(feeds, "/feeds/custom.ics?convention=rotterdam&kind=training")
    assert answer.status == 200
    assert uids(answer.body) == {"ev-quarter"}
    assert lint(answer.body) == ()


def test_a_selection_is_served_like_any_feed(feeds: Flask) -> None:
    answer = ask(feeds, BASEL)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=900, stale-if-error=86400"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    tag = answer.headers["ETag"]
    assert ask(feeds, BASEL, if_none_match=tag).status == 304
    assert ask(feeds, BASEL, if_modified_since=answer.headers["Last-Modified"]).status == 304
    assert ask(feeds, BASEL, method="HEAD").headers["ETag"] == tag
    assert ask(feeds, BASEL, method="HEAD").body == b""
    packed = ask(feeds, BASEL, accept_encoding="gzip")
    assert gzip.decompress(packed.body) == answer.body and packed.headers["ETag"] != tag
    assert ask(feeds, BASEL, method="PUT").status == 405
    assert ask(feeds, BASEL, method="OPTIONS").status == 204


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("json", "application/feed+json"),
        ("csv", "text/csv; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
    ],
)
def test_a_selection_comes_in_each_format(feeds: Flask, format: str, media_type: str) -> None:
    answer = ask(feeds, f"/feeds/custom.{format}?convention=basel")
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
    assert b"Global expert meeting" in answer.body


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("kind=webinar&convention=basel", "custom.ics?convention=basel&kind=webinar"),
        ("convention=rotterdam&convention=basel", "custom.ics?convention=basel&convention=rotterdam"),
        ("convention=basel,rotterdam", "custom.ics?convention=basel&convention=rotterdam"),
        ("convention=basel&convention=basel", "custom.ics?convention=basel"),
        ("convention=Basel", "custom.ics?convention=basel"),
        ("convention=basel&q=&flavour=all&lang=en", "custom.ics?convention=basel"),
        ("kind=pilot%20project", "custom.ics?kind=pilot-project"),
        ("", "all.ics"),
        ("q=", "all.ics"),
    ],
)
def test_a_selection_has_one_address(feeds: Flask, query: str, canonical: str) -> None:
    answer = ask(feeds, f"/feeds/custom.ics?{query}", host="evil.example", x_forwarded_host="evil.example")
    assert (answer.status, answer.headers["Location"]) == (308, canonical)
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert "evil" not in str(answer)
    if canonical != "all.ics":
        assert ask(feeds, f"/feeds/{canonical}").status == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("convention=bazel", "'basel'"),
        ("conventoin=basel", "'convention'"),
        ("kind=webinars", "'webinar'"),
        ("flavour=start", "'starts'"),
        ("from=2014-02-30", "2014-03-01"),
        ("from=2015-01-01&to=2014-01-01", "before"),
        ("lang=xx", "lang"),
        ("q=" + "x" * 101, "100"),
        ("&".join(f"topic=t{number}" for number in range(9)), "at most 8"),
        ("convention=%00", "convention"),
        ("convention=<script>", "convention"),
        ("q=a&q=b", "q"),
        ("x" * 3000, "too long"),
    ],
)
def test_what_does_not_exist_is_400_that_names_what_does(feeds: Flask, query: str, words: str) -> None:
    answer = ask(feeds, f"/feeds/custom.ics?{query}")
    assert answer.status == 400
    assert words in answer.body.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/feeds/custom.pdf", "/feeds/custom.", "/feeds/custom.ics/", "/feeds/custom.ics/x", "/feeds/custom.\x00"]
)
def test_another_format_is_404(feeds: Flask, path: str) -> None:
    answer = ask(feeds, f"{path}?convention=basel")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_a_failure_is_plain_text_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> bytes:
        raise RuntimeError("secret")

    monkeypatch.setattr("calfeed.web.custom.render", fail)
    answer = ask(app(), BASEL)
    assert (answer.status, answer.headers["Cache-Control"]) == (500, "no-store")
    assert answer.body == b"The feed could not be made.\n"


def test_a_selection_is_made_once(feeds: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(feeds, BASEL)
    monkeypatch.setattr("calfeed.web.custom.render", None)
    assert ask(feeds, BASEL) == first


def test_what_is_kept_is_bounded_by_number_and_by_size() -> None:
    present = site()
    made = resource("custom.ics", encode(b"x" * 100), NOW)
    few = SelectedFeeds(feeds=3)
    for number in range(10):
        few.get(present, ("ics", str(number)), lambda: made)
    assert len(few) == 3
    small = SelectedFeeds(octets=2 * sum(len(each.body) for each in made.representations.values()))
    for number in range(10):
        small.get(present, ("ics", str(number)), lambda: made)
    assert len(small) == 2


def test_another_generation_is_another_feed() -> None:
    kept = SelectedFeeds()
    old, new = (resource("custom.ics", encode(octets), NOW) for octets in (b"old", b"new"))
    first, second = site(), site()
    assert kept.get(first, ("ics", "q"), lambda: old) is old
    assert kept.get(second, ("ics", "q"), lambda: new) is new
    assert len(kept) == 1


SHARED = app()


@given(st.text(st.characters(max_codepoint=255, exclude_characters="#"), max_size=60))
def test_no_query_makes_a_server_error(query: str) -> None:
    answer = ask(SHARED, f"/feeds/custom.json?{query}")
    assert answer.status in (200, 308, 400)
    assert "\n" not in answer.headers.get("Location", "")


def test_what_has_no_date_has_a_feed_in_every_format_but_ics(feeds: Flask) -> None:
    undated = {event.uid for event in sample.catalogue().events if event.period is None}
    told = json.loads(ask(feeds, "/feeds/custom.json?flavour=undated").body)
    assert {item["id"].partition("@")[0] for item in told["items"]} == undated
    assert "Events without a date" in told["title"]
    atom = ask(feeds, "/feeds/custom.atom?convention=basel&flavour=undated").body
    assert b'href="https://calendar.example.org/feeds/custom.atom?convention=basel&amp;flavour=undated"' in atom
    refused = ask(feeds, "/feeds/custom.ics?flavour=undated")
    assert (refused.status, b".atom" in refused.body) == (400, True)
