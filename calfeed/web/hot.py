"""The feed layer: published files from memory, before Flask sees the request.

A path is looked up in the generation's table and nowhere else, so that no path reaches the disk. A request takes the
table once, and is answered from that one. What a client says of itself (User-Agent, Accept, Authorization, cookies)
changes nothing. No answer here is HTML, and no error is kept by a cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import Counter

from calfeed.feeds import FORMATS
from calfeed.publish.http import OFFERED
from calfeed.web.conditional import byte_range, encoding_wanted, parse_http_date, tag_matches
from calfeed.web.representations import CORS, PREFLIGHT, Headers, Representation, Resource

if TYPE_CHECKING:
    from calfeed.web.site import SiteHolder

FEEDS = "/feeds/"
# Filtered feeds are made on request, by Flask.
CUSTOM = frozenset(f"/feeds/custom.{format}" for format in FORMATS)
# What stands behind the name of a feed in the path of one of its files.
_ENDING = re.compile(rf"(-exact|-starts|-rich)?(-\d{{4}}(-\d\d)?(-\d+)?)?\.({'|'.join(FORMATS)})$")
READING = ("GET", "HEAD")
RETRY_AFTER_SECONDS = 60

_ANSWERS = Counter("calfeed_feed_answers", "Answers of the feed layer, by status.", ["status"])
_FULL, _NOT_MODIFIED, _PARTIAL, _OTHER = (_ANSWERS.labels(status) for status in ("200", "304", "206", "other"))


class FeedLayer:
    """A WSGI application: the feeds of the holder's site, and `app` for every other path."""

    def __init__(self, app: WSGIApplication, holder: SiteHolder) -> None:
        self._app = app
        self._holder = holder

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        feeds = self._holder.feeds
        resource = feeds.get(path)
        if resource is not None:
            return send(resource, environ, start_response)
        if not path.startswith(FEEDS):
            return self._app(environ, start_response)
        if path in CUSTOM:
            if environ["REQUEST_METHOD"] not in READING:
                return _no_reading(environ, start_response)
            return self._app(environ, start_response)
        if not feeds:
            retry = (("Retry-After", str(RETRY_AFTER_SECONDS)),)
            return refuse(environ, start_response, "503 Service Unavailable", "No feed is published yet.", retry)
        site = self._holder.current
        if site is not None and _ENDING.sub("", path.removeprefix(FEEDS)) in site.ended:
            # A client that is told so asks no more (rule 35).
            return refuse(environ, start_response, "410 Gone", "This calendar has ended.")
        return refuse(environ, start_response, "404 Not Found", "There is no such feed.")


def send(resource: Resource, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The answer to any request for a resource that exists: as much of it as the request's headers ask for."""
    method = environ["REQUEST_METHOD"]
    if method not in READING:
        return _no_reading(environ, start_response)
    accept = environ.get("HTTP_ACCEPT_ENCODING")
    # A file that a coding does not make smaller is not kept in that coding.
    chosen = resource.representations.get(_coding(accept)) if accept else None
    representation = chosen or resource.identity
    if _precondition_fails(environ, resource, representation):
        return refuse(environ, start_response, "412 Precondition Failed", "The feed has changed.")
    if _is_known(environ, resource, representation):
        _NOT_MODIFIED.inc()
        start_response("304 Not Modified", list(representation.not_modified_headers))
        return []
    if method == "GET" and "HTTP_RANGE" in environ and representation is resource.identity:
        return _range(environ, start_response, resource)
    _FULL.inc()
    start_response("200 OK", list(representation.headers))
    return [representation.body] if method == "GET" else []


# Clients send few different Accept-Encoding headers; a flood of invented ones must not fill the memory.
@lru_cache(maxsize=256)
def _coding(accept: str) -> str:
    return encoding_wanted(accept, OFFERED)


def _is_known(environ: WSGIEnvironment, resource: Resource, representation: Representation) -> bool:
    """Whether the client has these bytes: If-None-Match, and only without it If-Modified-Since (RFC 9110, 13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tag_matches(tags, representation.etag, weak=True)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None:
        return False
    if since == resource.last_modified:
        return True
    date = parse_http_date(since)
    return date is not None and resource.modified <= date


def _precondition_fails(environ: WSGIEnvironment, resource: Resource, representation: Representation) -> bool:
    """If-Match, and only without it If-Unmodified-Since (RFC 9110, 13.2.2); few clients send either with GET."""
    tags = environ.get("HTTP_IF_MATCH")
    if tags is not None:
        return not tag_matches(tags, representation.etag, weak=False)
    since = environ.get("HTTP_IF_UNMODIFIED_SINCE")
    date = parse_http_date(since) if since else None
    return date is not None and resource.modified > date


def _range(environ: WSGIEnvironment, start_response: StartResponse, resource: Resource) -> Iterable[bytes]:
    """One range of bytes; the whole where the client's copy is another or its Range makes no sense (RFC 9110, 14.2)."""
    whole = resource.identity
    length = len(whole.body)
    condition = environ.get("HTTP_IF_RANGE")
    asked = None
    if condition is None or condition in (whole.etag, resource.last_modified):
        asked = byte_range(environ["HTTP_RANGE"], length)
    if asked is None:
        _FULL.inc()
        start_response("200 OK", list(whole.headers))
        return [whole.body]
    first, last = asked
    if last < first:
        content_range = ("Content-Range", f"bytes */{length}")
        return refuse(environ, start_response, "416 Range Not Satisfiable", "The feed is shorter.", (content_range,))
    _PARTIAL.inc()
    part = whole.body[first : last + 1]
    headers = [header for header in whole.headers if header[0] != "Content-Length"]
    headers += [("Content-Length", str(len(part))), ("Content-Range", f"bytes {first}-{last}/{length}")]
    start_response("206 Partial Content", headers)
    return [part]


def _no_reading(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """OPTIONS, or a method that writes: 405 and never 412, which would say that the calendar can be written."""
    allow = ("Allow", "GET, HEAD, OPTIONS")
    if environ["REQUEST_METHOD"] == "OPTIONS":
        _OTHER.inc()
        start_response("204 No Content", [allow, *PREFLIGHT])
        return []
    return refuse(environ, start_response, "405 Method Not Allowed", "A feed can only be read.", (allow,))


def refuse(
    environ: WSGIEnvironment, start_response: StartResponse, status: str, text: str, headers: Headers = ()
) -> Iterable[bytes]:
    """An answer that says why there is no feed: plain text, for any site to read, and for no cache to keep."""
    _OTHER.inc()
    octets = f"{text}\n".encode()
    plain = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(octets))),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    )
    start_response(status, [*plain, *CORS, *headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [octets]
