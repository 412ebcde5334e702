"""The HTTP of what others read from their own pages: validators, CORS, caching. One place for API and embeds."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256

import brotli
import msgspec
from flask import Response, request

from calfeed.feeds.text import scrubbed
from calfeed.web.conditional import encoding_wanted
from calfeed.web.freshness import Freshness

METHODS = "GET, HEAD, OPTIONS"
EXPOSED = "Allow, ETag, Link, Calfeed-Generation, Calfeed-Editions, Calfeed-Checked"
CACHE = "public, max-age=300, stale-if-error=86400"
# Below this a coding's own overhead eats what it saves.
SMALL = 600
# Chosen for answers made on request: about a millisecond for 100 events.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda octets: bytes(brotli.compress(octets, quality=4)),
    "gzip": lambda octets: gzip.compress(octets, 5, mtime=0),
}
# Nothing may be loaded by it, and nobody may frame it.
CLOSED = "default-src 'none'; frame-ancestors 'none'"
IMMUTABLE = "public, max-age=31536000, immutable"


def json_answer(
    value: object,
    *,
    media_type: str = "application/json",
    cache: str = CACHE,
    fresh: Freshness | None = None,
    links: Iterable[str] = (),
) -> Response:
    """`value` as JSON, without control characters and direction overrides; `links` (RFC 8288) in one Link header."""
    body = msgspec.json.encode(scrubbed(msgspec.to_builtins(value)))
    response = answer(body, media_type, cache=cache, fresh=fresh)
    if joined := ", ".join(links):
        response.headers["Link"] = joined
    return response


def answer(
    body: bytes, media_type: str, *, cache: str = CACHE, fresh: Freshness | None = None, policy: str = CLOSED
) -> Response:
    """`body`, compressed where the client takes it, with a strong ETag for each coding (RFC 9110, 8.8.3); 304 without a
    body to who has it. `policy` is the Content-Security-Policy; scripts of other sites may read all but pages."""
    digest = sha256(body).hexdigest()[:32]
    coding = encoding_wanted(request.headers.get("Accept-Encoding", ""), tuple(CODINGS)) if len(body) > SMALL else ""
    if coding in CODINGS:
        response = Response(CODINGS[coding](body), content_type=media_type, headers={"Content-Encoding": coding})
        response.set_etag(f"{digest}-{coding}")
    else:
        response = Response(body, content_type=media_type)
        response.set_etag(digest)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = cache
    if fresh:
        response.headers.update(fresh_headers(fresh))
    response.headers["Content-Security-Policy"] = policy
    if response.mimetype != "text/html":
        open_to_all(response)
    response.make_conditional(request)
    return response


def open_to_all(response: Response) -> Response:
    """Let scripts of any site read the answer, without credentials (Fetch, CORS protocol), and nothing frame it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Content-Security-Policy", CLOSED)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def fresh_headers(fresh: Freshness) -> dict[str, str]:
    """What every answer says of its source, for answers whose body has no room for it."""
    editions = ", ".join(f"{edition.source}={edition.day.isoformat()}" for edition in fresh.editions)
    headers = {"Calfeed-Generation": fresh.generation, "Calfeed-Editions": editions}
    if fresh.checked:
        headers["Calfeed-Checked"] = instant(fresh.checked)
    return headers


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
