"""How pages and their files travel: versioned, compressed, with validators."""

from __future__ import annotations

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Response, current_app, request

from calfeed.settings import Settings
from calfeed.web.conditional import encoding_wanted
from calfeed.web.pages.stylesheet import theme_version

STATIC = Path(__file__).parent.parent / "static"
IMMUTABLE = "public, max-age=31536000, immutable"
PAGE_CACHE = "public, max-age=60, stale-if-error=86400"
# Below this a coding's own overhead eats what it saves.
SMALL = 600
TEXTUAL = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}


def _brotli(octets: bytes) -> bytes:
    return bytes(brotli.compress(octets, quality=4))


def _gzip(octets: bytes) -> bytes:
    return gzip.compress(octets, 5, mtime=0)


# Levels for pages made on request: one in about a millisecond.
_CODINGS = {"br": _brotli, "gzip": _gzip}


def asset(name: str) -> str:
    """The address of a static file, with a version that changes with its bytes; "theme.css" is the settings' own."""
    if name == "theme.css":
        settings: Settings = current_app.config["CALFEED"]
        return f"/theme.css?v={theme_version(settings)}"
    path = STATIC / name
    return f"/static/{name}?v={_version(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _version(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:8]


def finish(response: Response) -> Response:
    """Cache, validate and compress pages and static files; other answers have their own rules."""
    ours = request.blueprint == "pages"
    if not (ours or request.endpoint == "static" or (response.mimetype == "text/html" and response.status_code >= 400)):
        return response
    if request.endpoint == "static":
        response.headers["Cache-Control"] = IMMUTABLE if "v" in request.args else "public, max-age=3600"
    if response.mimetype == "text/html":
        response.headers["Vary"] = "Accept-Language, Accept-Encoding"
        response.headers.setdefault("Cache-Control", PAGE_CACHE)
    if response.mimetype not in TEXTUAL or request.method not in ("GET", "HEAD") or response.status_code == 304:
        return response
    response.direct_passthrough = False
    octets = response.get_data()
    coding = encoding_wanted(request.headers.get("Accept-Encoding", ""), tuple(_CODINGS)) if len(octets) > SMALL else ""
    if coding in _CODINGS:
        response.set_data(_compress(coding, octets) if request.endpoint == "static" else _CODINGS[coding](octets))
        response.headers["Content-Encoding"] = coding
        response.headers.add("Vary", "Accept-Encoding")
    if response.status_code == 200:
        response.set_etag(sha256(octets).hexdigest()[:24] + (f"-{coding}" if coding in _CODINGS else ""))
        response.make_conditional(request)
    return response


@lru_cache(maxsize=128)
def _compress(coding: str, octets: bytes) -> bytes:
    return _CODINGS[coding](octets)
