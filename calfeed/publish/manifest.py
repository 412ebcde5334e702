"""generation.json: what a place must hold to be a generation, wherever it was published to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import msgspec

from calfeed.feeds.generation import MANIFEST, Generation

# A published file, as it is or in a content coding.
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(ics|json|csv|atom)(\.(gz|br|zst))?")


class Listed(msgspec.Struct, frozen=True):
    """A file of the manifest by the SHA-256 of its bytes, in hex."""

    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What is to be there for the generation `id`: each file but the manifest itself."""

    id: str
    files: dict[str, Listed]


class DamagedError(Exception):
    """A place is not the generation that it says it is; the message says why."""


def read_manifest(octets: bytes) -> Manifest:
    """The manifest in a generation.json. Raises DamagedError where it is none, or names what is no published file."""
    try:
        manifest = msgspec.json.decode(octets, type=Manifest)
    except msgspec.DecodeError as error:
        raise DamagedError(f"{MANIFEST} cannot be read: {error}") from error
    for path in manifest.files:
        if not FILE_NAME.fullmatch(path):
            raise DamagedError(f"{MANIFEST} lists the file {path!r}")
    return manifest


def digests_of(generation: Generation) -> Mapping[str, str]:
    """The SHA-256 of each file, in hex, by path."""
    return generation.digests or {p: hashlib.sha256(octets).hexdigest() for p, octets in generation.files.items()}
