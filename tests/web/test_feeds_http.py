"""What HTTP does with a feed (docs: feeds over HTTP; RFC 9110, RFC 9111)."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest
import zstandard
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from calfeed.errors import PublishError
from calfeed.web import Site, create_app, hot
from tests import sample
from tests.web.sites import BASEL, FILES, MODIFIED, app, ask, site

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.decompress,
}


@pytest.fixture(scope="module")
def feeds() -> Flask:
    return app()


def etag(feeds: Flask, coding: str = "") -> str:
    return ask(feeds, accept_encoding=coding).headers["ETag"]


# The whole answer


def test_a_feed_is_sent_with_the_headers_that_subscribers_need(feeds: Flask) -> None:
    answer = ask(feeds)
    assert (answer.status, answer.body) == (200, BASEL)
    tag = answer.headers["ETag"]
    assert dict(answer.headers) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(BASEL)),
        "Content-Disposition": 'inline; filename="basel.ics"',
        "X-Content-Type-Options": "nosniff",
        "ETag": tag,
        "Last-Modified": MODIFIED,
        "Cache-Control": "public, max-age=900, stale-if-error=86400",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Range",
        "Accept-Ranges": "bytes",
    }
    assert tag.startswith('"') and tag.endswith('"') and len(tag) > 20


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feeds/basel.json", "application/feed+json"),
        ("/feeds/basel.csv", "text/csv; charset=utf-8"),
        ("/feeds/basel.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/index.json", "application/json"),
    ],
)
def test_each_format_has_its_media_type(feeds: Flask, path: str, media_type: str) -> None:
    answer = ask(feeds, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)


def test_a_query_changes_nothing(feeds: Flask) -> None:
    assert ask(feeds, "/feeds/basel.ics?refresh=1").body == BASEL


# Content codings


@pytest.mark.parametrize("coding", DECODERS)
def test_each_coding_holds_the_same_bytes(feeds: Flask, coding: str) -> None:
    answer = ask(feeds, accept_encoding=coding)
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert len(answer.body) < len(BASEL) / 5
    assert DECODERS[coding](answer.body) == BASEL
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_coding_has_a_strong_entity_tag_of_its_own(feeds: Flask) -> None:
    tags = [etag(feeds, coding) for coding in ("", *DECODERS)]
    assert len(set(tags)) == 4
    assert not [tag for tag in tags if tag.startswith("W/")]


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("zstd, gzip", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0, br;q=0.001", "br"),
        ("br;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "zstd"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.6", "gzip"),
        ("identity;q=0", None),
        ("gzip;q=nonsense", None),
        ("gzip;q=-1", None),
        ("gzip ; q=0.8 , br ; q=0.3", "gzip"),
        (",,;;==,", None),
        ("gzip;level=3", "gzip"),
    ],
)
def test_the_coding_is_the_one_that_the_client_prefers(feeds: Flask, header: str, coding: str | None) -> None:
    assert ask(feeds, accept_encoding=header).headers.get("Content-Encoding") == coding


def test_a_file_that_does_not_shrink_is_sent_as_it_is(feeds: Flask) -> None:
    answer = ask(feeds, "/feeds/index.json", accept_encoding="gzip, br")
    assert ("Content-Encoding" in answer.headers, answer.body) == (False, b"{}")


def test_a_flood_of_accept_encodings_does_not_fill_the_memory(feeds: Flask) -> None:
    for number in range(2000):
        assert ask(feeds, accept_encoding=f"gzip, x-{number}").status == 200
    assert hot._coding.cache_info().currsize <= 256


# Preconditions


@pytest.mark.parametrize("coding", ["", *DECODERS])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a",{} , "b"', '"a,b", W/{}', "  {}  "])
def test_a_known_entity_tag_gives_304(feeds: Flask, coding: str, form: str) -> None:
    answer = ask(feeds, accept_encoding=coding, if_none_match=form.format(etag(feeds, coding)))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == etag(feeds, coding)
    assert answer.headers["Cache-Control"] == "public, max-age=900, stale-if-error=86400"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Last-Modified"] == MODIFIED
    assert not {"Content-Length", "Content-Type", "Content-Encoding"} & set(answer.headers)


def test_a_star_gives_304(feeds: Flask) -> None:
    assert ask(feeds, if_none_match="*").status == 304


@pytest.mark.parametrize("header", ['"other"', "", "nonsense", '"', "W/", '"unclosed', ",,,", '"a" "b"', "é"])
def test_another_entity_tag_gives_the_feed(feeds: Flask, header: str) -> None:
    assert ask(feeds, if_none_match=header).status == 200


def test_the_entity_tag_of_another_coding_is_another(feeds: Flask) -> None:
    assert ask(feeds, accept_encoding="gzip", if_none_match=etag(feeds)).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (MODIFIED, 304),
        ("Wed, 06 Mar 2013 00:00:00 GMT", 304),
        ("Tue, 05 Mar 2013 12:29:59 GMT", 200),
        ("Tuesday, 05-Mar-13 12:30:00 GMT", 304),
        ("Tue Mar  5 12:30:00 2013", 304),
        ("", 200),
        ("yesterday", 200),
        ("Tue, 31 Feb 2013 12:30:00 GMT", 200),
        ("Tue, 05 Mar 99999999999999999999 12:30:00 GMT", 200),
        ("Tue, 05 Mar 2013 12:30:00 +9999", 200),
        ("0", 200),
        ("-1", 200),
    ],
)
def test_if_modified_since_compares_with_the_last_change(feeds: Flask, since: str, status: int) -> None:
    assert ask(feeds, if_modified_since=since).status == status


def test_the_entity_tag_outweighs_the_date(feeds: Flask) -> None:
    assert ask(feeds, if_none_match='"other"', if_modified_since=MODIFIED).status == 200
    assert ask(feeds, if_none_match="", if_modified_since=MODIFIED).status == 200
    old = "Tue, 01 Jan 2013 00:00:00 GMT"
    assert ask(feeds, if_none_match=etag(feeds), if_modified_since=old).status == 304


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_match": '"other"'}, 412),
        ({"if_match": "*"}, 200),
        ({"if_unmodified_since": MODIFIED}, 200),
        ({"if_unmodified_since": "Tue, 01 Jan 2013 00:00:00 GMT"}, 412),
        ({"if_unmodified_since": "nonsense"}, 200),
    ],
)
def test_a_get_with_a_failed_precondition_is_412(feeds: Flask, headers: dict[str, str], status: int) -> None:
    assert ask(feeds, **headers).status == status


def test_a_weak_entity_tag_fails_if_match(feeds: Flask) -> None:
    assert ask(feeds, if_match=f"W/{etag(feeds)}").status == 412
    assert ask(feeds, if_match=etag(feeds)).status == 200


# Methods


@pytest.mark.parametrize("coding", ["", *DECODERS])
def test_head_mirrors_get(feeds: Flask, coding: str) -> None:
    get, head = (ask(feeds, method=method, accept_encoding=coding) for method in ("GET", "HEAD"))
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


def test_head_is_conditional_too(feeds: Flask) -> None:
    assert ask(feeds, method="HEAD", if_none_match=etag(feeds)).status == 304


@pytest.mark.parametrize(
    "method", ["PUT", "POST", "PATCH", "DELETE", "PROPFIND", "REPORT", "MKCALENDAR", "TRACE", "BREW", "get"]
)
def test_a_feed_cannot_be_written(feeds: Flask, method: str) -> None:
    answer = ask(feeds, method=method, if_match='"dummy"', if_none_match="*")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_preflight_is_answered_for_any_site(feeds: Flask) -> None:
    answer = ask(feeds, method="OPTIONS", origin="https://partner.example", access_control_request_method="GET")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


# Ranges


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(BASEL) - 1),
        ("bytes=-10", len(BASEL) - 10, len(BASEL) - 1),
        (f"bytes=10-{10**15}", 10, len(BASEL) - 1),
        (f"bytes=-{10**15}", 0, len(BASEL) - 1),
        ("Bytes=0-0", 0, 0),
    ],
)
def test_one_range_of_bytes_is_sent(feeds: Flask, header: str, first: int, last: int) -> None:
    answer = ask(feeds, range=header)
    assert (answer.status, answer.body) == (206, BASEL[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(BASEL)}"
    assert answer.headers["Content-Length"] == str(last + 1 - first)
    assert answer.headers["ETag"] == etag(feeds)


@pytest.mark.parametrize("header", [f"bytes={len(BASEL)}-", "bytes=999999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_416(feeds: Flask, header: str) -> None:
    answer = ask(feeds, range=header)
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(BASEL)}")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=--1",
        "bytes=²-",
        f"bytes={'9' * 5000}-",
    ],
)
def test_a_range_that_makes_no_sense_gives_the_feed(feeds: Flask, header: str) -> None:
    answer = ask(feeds, range=header)
    assert (answer.status, answer.body) == (200, BASEL)


def test_a_range_of_another_version_gives_the_feed(feeds: Flask) -> None:
    assert ask(feeds, range="bytes=0-9", if_range='"other"').status == 200
    assert ask(feeds, range="bytes=0-9", if_range=f"W/{etag(feeds)}").status == 200
    assert ask(feeds, range="bytes=0-9", if_range=etag(feeds)).status == 206
    assert ask(feeds, range="bytes=0-9", if_range=MODIFIED).status == 206


def test_head_has_no_ranges(feeds: Flask) -> None:
    answer = ask(feeds, method="HEAD", range="bytes=0-9")
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(BASEL)))


def test_a_compressed_feed_has_no_ranges(feeds: Flask) -> None:
    answer = ask(feeds, range="bytes=0-9", accept_encoding="gzip")
    assert (answer.status, "Accept-Ranges" in answer.headers) == (200, False)


# What changes nothing


@pytest.mark.parametrize(
    "headers",
    [
        {"user_agent": "Google-Calendar-Importer"},
        {"user_agent": "Microsoft Office/16.0 (Microsoft Outlook 16.0)"},
        {"user_agent": "Mozilla/5.0 Thunderbird/140.0"},
        {"user_agent": "curl/8.0"},
        {"user_agent": ""},
        {"accept": "text/html"},
        {"accept": "application/calendar+json"},
        {"accept": "nonsense"},
        {"accept": ""},
        {"authorization": "Bearer token"},
        {"authorization": "Basic !!!"},
        {"cookie": "session=1; a=" + "x" * 4000},
        {"accept_language": "ar"},
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example", "x_forwarded_proto": "ftp", "x_forwarded_for": "1.2.3.4"},
        {"origin": "https://partner.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/"},
    ],
    ids=str,
)
def test_what_a_client_says_of_itself_changes_no_byte(feeds: Flask, headers: dict[str, str]) -> None:
    assert ask(feeds, **headers) == ask(feeds)
    assert "Set-Cookie" not in ask(feeds, **headers).headers


# Other paths


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/nothing.ics",
        "/feeds/",
        "/feeds/basel",
        "/feeds/BASEL.ics",
        "/feeds/basel.ics/",
        "/feeds//basel.ics",
        "/feeds/./basel.ics",
        "/feeds/../feeds/basel.ics",
        "/feeds/../../etc/passwd",
        "/feeds/..%2f..%2fetc%2fpasswd",
        "/feeds/%2e%2e/basel.ics",
        "/feeds/..\\..\\windows\\win.ini",
        "/feeds/basel.ics\x00",
        "/feeds/\x00",
        "/feeds/basel.ics%00.html",
        "/feeds/CON",
        "/feeds/ｂasel.ics",
        "/feeds/\u202ebasel.ics",
        "/feeds/calfeed.toml",
        "/feeds/.generation",
        "/feeds/" + "a" * 10_000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_a_path_that_is_not_published_is_404_in_plain_text(feeds: Flask, path: str, method: str) -> None:
    answer = ask(feeds, path, method)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.body == (b"" if method == "HEAD" else b"There is no such feed.\n")


def test_a_path_elsewhere_is_not_found_and_not_kept(feeds: Flask) -> None:
    answer = ask(feeds, "/nothing-here")
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


# Generations


class Publisher:
    """Loads what it is told to: a site, or a fault."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] | Exception = dict(FILES)
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self, previous: Site | None) -> Site:
        if isinstance(self.files, Exception):
            raise self.files
        return site(self.files, previous=previous, now=self.now)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def served(publisher: Publisher) -> Flask:
    return create_app(sample.settings(), load=publisher, check_seconds=None)


def take(served: Flask) -> None:
    """Let the application notice a new index."""
    watcher = served.extensions["calfeed-watcher"]
    watcher._seen = object()
    watcher.check()


def test_a_new_generation_replaces_the_old_one(served: Flask, publisher: Publisher) -> None:
    before = ask(served)
    publisher.files = {"basel.ics": BASEL.replace(b"20130305T123000Z", b"20140101T000000Z")}
    take(served)
    after = ask(served)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Wed, 01 Jan 2014 00:00:00 GMT"
    assert ask(served, if_none_match=before.headers["ETag"]).status == 200
    assert ask(served, "/feeds/basel.json").status == 404


def test_bytes_that_change_without_a_newer_event_are_not_hidden_by_the_date(
    served: Flask, publisher: Publisher
) -> None:
    publisher.files = dict(FILES) | {"basel.ics": BASEL.replace(b"Re", b"RE", 1).replace(b"SUMMARY:R", b"SUMMARY:r", 1)}
    take(served)
    answer = ask(served, if_modified_since=MODIFIED)
    assert (answer.status, answer.headers["Last-Modified"]) == (200, "Thu, 01 Jan 2026 00:00:00 GMT")


def test_a_file_that_did_not_change_is_not_compressed_again(served: Flask, publisher: Publisher) -> None:
    holder = served.extensions["calfeed"]
    before = holder.current.resources["/feeds/basel.ics"]
    publisher.files = dict(FILES) | {"basel.csv": b"uid\r\n" * 50}
    take(served)
    assert holder.current.resources["/feeds/basel.ics"] is before


@pytest.mark.parametrize(
    "fault", [PublishError("the index is damaged."), OSError(5, "Input/output error"), MemoryError()]
)
def test_a_broken_generation_leaves_the_old_one_served(served: Flask, publisher: Publisher, fault: Exception) -> None:
    publisher.files = fault
    take(served)
    assert ask(served).body == BASEL
    health = ask(served, "/healthz")
    assert health.status == 200 and b'"degraded"' in health.body and b'"fault"' in health.body
    publisher.files = dict(FILES)
    take(served)
    assert b'"ok"' in ask(served, "/healthz").body


def test_a_generation_that_could_not_be_loaded_is_tried_again(served: Flask, publisher: Publisher) -> None:
    publisher.files = PublishError("the catalogue is damaged.")
    take(served)
    publisher.files = dict(FILES)
    for _ in range(10):
        assert b'"degraded"' in ask(served, "/healthz").body
        served.extensions["calfeed-watcher"].check()
    assert b'"ok"' in ask(served, "/healthz").body


def test_without_any_generation_a_feed_is_unavailable_and_never_empty(publisher: Publisher) -> None:
    publisher.files = PublishError("nothing is published.")
    application = create_app(sample.settings(), load=publisher, check_seconds=None)
    answer = ask(application)
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "60", "no-store")
    assert answer.headers["Content-Type"].startswith("text/plain") and answer.body
    assert [ask(application, path).status for path in ("/healthz", "/readyz")] == [503, 503]
    assert b"nothing is published." in ask(application, "/healthz").body


def test_a_request_is_answered_from_one_generation(served: Flask, publisher: Publisher) -> None:
    """The tag of an answer is always that of its own bytes, however the generations alternate."""
    other = {"basel.ics": BASEL.replace(b"Re", b"rE")}
    tags = {}
    for files in (dict(FILES), other, dict(FILES), other):
        publisher.files = files
        take(served)
        answer = ask(served)
        assert tags.setdefault(answer.body, answer.headers["ETag"]) == answer.headers["ETag"]


# Fuzz

HEADERS = (
    "accept_encoding",
    "if_none_match",
    "if_modified_since",
    "if_match",
    "if_unmodified_since",
    "range",
    "if_range",
    "accept",
    "host",
)
ODD = st.one_of(
    st.text(st.characters(max_codepoint=255), max_size=60),
    st.text(st.sampled_from('W/",*;=q.0123456789-bytesgzip \t'), max_size=60),
)


@given(st.dictionaries(st.sampled_from(HEADERS), ODD), st.sampled_from(["GET", "HEAD", "PUT", "OPTIONS"]))
def test_no_header_makes_a_server_error(headers: dict[str, str], method: str) -> None:
    answer = ask(SHARED, method=method, **headers)
    assert answer.status in (200, 204, 206, 304, 405, 412, 416)
    if answer.status == 200 and method == "GET":
        coding = answer.headers.get("Content-Encoding", "")
        assert DECODERS.get(coding, bytes)(answer.body) == BASEL


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_path_makes_a_server_error(rest: str) -> None:
    answer = ask(SHARED, "/feeds/" + rest.replace("?", ""))
    assert answer.status in (200, 308, 400, 404)
    assert "html" not in answer.headers.get("Content-Type", "")


SHARED = app()


def test_an_answer_does_not_share_its_headers(feeds: Flask) -> None:
    """Servers add their own headers to the list that they are given."""
    given_lists: list[list[tuple[str, str]]] = []
    for method in ("GET", "HEAD", "GET"):
        environ = {"PATH_INFO": "/feeds/basel.ics", "REQUEST_METHOD": method}
        feeds.wsgi_app(environ, lambda status, headers, exc_info=None: given_lists.append(headers))  # type: ignore
        given_lists[-1].append(("Server", "x"))
    assert all(left is not right for left, right in itertools.combinations(given_lists, 2))
    assert [len(headers) for headers in given_lists] == [12, 12, 12]
