"""The application as a whole: what every answer has in common, and that no request breaks it."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.sites import app, ask

PAGES = ("/", "/subscribe", "/status", "/events/ev-exact", "/nothing-here")


@pytest.fixture(scope="module")
def site() -> Flask:
    return app()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_no_inline_script_and_stand_in_no_frame(site: Flask, path: str) -> None:
    answer = ask(site, path)
    assert answer.headers["Content-Type"].startswith("text/html")
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_an_embed_may_be_framed_by_those_that_the_settings_name(site: Flask) -> None:
    answer = ask(site, "/embed/basel")
    assert answer.status == 200
    assert answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()[-1] == "*"
    assert "X-Frame-Options" not in answer.headers


@pytest.mark.parametrize(
    "path", [*PAGES, "/embed/basel", "/healthz", "/robots.txt", "/api/v1/events", "/feeds/basel.ics"]
)
def test_nothing_sets_a_cookie_or_names_its_software(site: Flask, path: str) -> None:
    headers = ask(site, path, cookie="session=x").headers
    assert not {"Set-Cookie", "X-Powered-By", "Server"} & set(headers)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_their_own_origin_only(site: Flask, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in ask(site, path, origin="https://partner.example").headers


@pytest.mark.parametrize(
    "path", ["/nothing-here", "/events/none", "/api/v1/nothing", "/embed/nothing", "/feeds/nothing.ics"]
)
def test_no_error_is_kept_by_a_cache(site: Flask, path: str) -> None:
    answer = ask(site, path)
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/subscribe", "/healthz", "/api/v1/events", "/embed/basel", "/robots.txt"])
def test_nothing_can_be_written(site: Flask, path: str, method: str) -> None:
    answer = ask(site, path, method)
    assert answer.status == 405
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_names_the_generation_and_metrics_count_its_files(site: Flask) -> None:
    health = json.loads(ask(site, "/healthz").body)
    assert (health["status"], health["generation"], health["events"]) == ("ok", "g1", 14)
    assert json.loads(ask(site, "/readyz").body)["status"] == "ready"
    metrics = ask(site, "/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert b"calfeed_events 14.0" in metrics.body
    assert b"calfeed_feed_files 5.0" in metrics.body
    assert b"calfeed_generation_fault 0.0" in metrics.body


def test_metrics_count_answers_by_status(site: Flask) -> None:
    def count(status: str) -> float:
        lines = ask(site, "/metrics").body.decode().splitlines()
        return float(next(line for line in lines if f'answers_total{{status="{status}"}}' in line).split()[1])

    before = count("200"), count("304"), count("other")
    tag = ask(site).headers["ETag"]
    ask(site, if_none_match=tag)
    ask(site, "/feeds/nothing.ics")
    assert (count("200"), count("304"), count("other")) == (before[0] + 1, before[1] + 1, before[2] + 1)


SITE = app()
PLACES = st.sampled_from(
    [
        "/",
        "/subscribe",
        "/status",
        "/events/",
        "/embed/",
        "/oembed",
        "/api/v1/events",
        "/feeds/",
        "/feeds/custom.ics",
        "/healthz",
    ]
)
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="?#"), max_size=30)
NAMES = st.sampled_from(
    ["accept", "accept_language", "accept_encoding", "host", "cookie", "authorization", "range", "if_none_match",
     "if_modified_since", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "origin", "referer", "user_agent"]
)  # fmt: skip


@given(PLACES, LATIN, LATIN, st.dictionaries(NAMES, LATIN, max_size=4), st.sampled_from(["GET", "HEAD", "POST"]))
@settings(max_examples=150)
def test_no_request_makes_a_server_error(
    place: str, rest: str, query: str, headers: dict[str, str], method: str
) -> None:
    answer = ask(SITE, f"{place}{rest}?{query}", method, **headers)
    assert answer.status < 500
