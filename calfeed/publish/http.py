"""What a published file is over HTTP, whoever sends it: its type, its codings, how long it may be kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import PurePosixPath

import brotli
import zstandard

# Quality 5 is 90 times faster than 11 for 13 % more bytes; all three together compress a year's feed in 10 ms.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda octets: bytes(brotli.compress(octets, quality=5)),
    "zstd": lambda octets: zstandard.compress(octets, 9),
    "gzip": lambda octets: gzip.compress(octets, 9, mtime=0),
}
OFFERED = tuple(CODINGS)
# The ending of a file in a coding, as nginx and Caddy look for it.
ENDINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}

MEDIA_TYPES = {
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/feed+json",
    ".csv": "text/csv; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
}
CACHE_CONTROL = "public, max-age=900, stale-if-error=86400"


def media_type(name: str) -> str:
    """The Content-Type of a published file ("basel.ics")."""
    if name in ("index.json", "generation.json"):
        return "application/json"
    return MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def disposition(name: str) -> str:
    """The Content-Disposition of a published file: a browser that saves it takes its name."""
    return f'inline; filename="{PurePosixPath(name).name}"'
