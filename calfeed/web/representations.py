"""What a published file looks like over HTTP, in each content coding: made once, before anyone asks.

The one place where the headers of feeds are made. Entity tags are strong, and stand with their quotes: a digest of
the file's bytes, and the coding's name where it is not identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calfeed.publish.http import CACHE_CONTROL, CODINGS, disposition, media_type
from calfeed.web.conditional import IDENTITY, http_date

Headers = tuple[tuple[str, str], ...]

# Subscribers of any site may read feeds, without credentials; a browser may keep a preflight for a day.
CORS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Last-Modified, Content-Range"),
)
PREFLIGHT: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    (
        "Access-Control-Allow-Headers",
        "If-None-Match, If-Modified-Since, If-Range, Range, Accept, Content-Type, Authorization",
    ),
    ("Access-Control-Max-Age", "86400"),
)


@dataclass(frozen=True, slots=True)
class Representation:
    """A file in one coding, with the headers of its 200 and its 304."""

    body: bytes
    etag: str
    headers: Headers
    not_modified_headers: Headers


@dataclass(frozen=True, slots=True)
class Resource:
    """A published file: its representations by coding (identity always), and when its bytes last changed."""

    digest: str
    modified: datetime
    last_modified: str
    representations: Mapping[str, Representation]

    @property
    def identity(self) -> Representation:
        return self.representations[IDENTITY]


def encode(octets: bytes) -> dict[str, bytes]:
    """The bytes in identity and in each coding that makes them fewer."""
    encoded = {IDENTITY: octets}
    for coding, compress in CODINGS.items():
        if len(shorter := compress(octets)) < len(octets):
            encoded[coding] = shorter
    return encoded


def digest_of(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()[:32]


def resource(name: str, encoded: Mapping[str, bytes], modified: datetime, *, digest: str = "") -> Resource:
    """The file `name` ("basel.ics") with the bytes that `encode` gave; `modified` is the instant of its last change."""
    digest = digest or digest_of(encoded[IDENTITY])
    last_modified = http_date(modified)
    return Resource(
        digest,
        modified,
        last_modified,
        {coding: _representation(name, coding, body, digest, last_modified) for coding, body in encoded.items()},
    )


def _representation(name: str, coding: str, body: bytes, digest: str, last_modified: str) -> Representation:
    etag = f'"{digest}"' if coding == IDENTITY else f'"{digest}-{coding}"'
    validators = (
        ("ETag", etag),
        ("Last-Modified", last_modified),
        ("Cache-Control", CACHE_CONTROL),
        ("Vary", "Accept-Encoding"),
        *CORS,
    )
    headers: Headers = (
        ("Content-Type", media_type(name)),
        ("Content-Length", str(len(body))),
        ("Content-Disposition", disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
        *validators,
    )
    headers += (("Accept-Ranges", "bytes"),) if coding == IDENTITY else (("Content-Encoding", coding),)
    return Representation(body, etag, headers, validators)
