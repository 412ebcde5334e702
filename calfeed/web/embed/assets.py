"""The files that embeds are made of, put together once, each under an address that holds its digest.

The custom element carries its style sheet in itself: one request, and a strict policy of the host page lets it apply.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from functools import cache
from importlib import resources

from msgspec import Struct

ELEMENT = "calfeed.js"
FRAME_STYLE = "frame.css"
FRAME_SCRIPT = "frame.js"
CONFIGURE_SCRIPT = "configure.js"
CONFIGURE_STYLE = "configure.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VERSION = re.compile(r"[0-9a-f]{16}")


class Asset(Struct, frozen=True, kw_only=True):
    """A file: `version` is the head of its SHA-256, `integrity` as Subresource Integrity has it."""

    name: str
    octets: bytes
    media_type: str
    version: str
    integrity: str

    @property
    def path(self) -> str:
        """The address that never changes its content."""
        return f"/embed/{self.version}/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """All files, by name."""
    sheet = _COMMENT.sub("", _text("embed.css")).strip()
    own_time = (
        resources.files("calfeed.web").joinpath("static", "own-time.js").read_text("utf-8").replace("export ", "")
    )
    element = own_time + _text("element.js").replace('"embed.css"', json.dumps(sheet), 1)
    made = [
        _asset(ELEMENT, element),
        _asset(FRAME_STYLE, _text("frame.css") + _text("embed.css")),
        _asset(FRAME_SCRIPT, own_time + _text("frame.js")),
        _asset(CONFIGURE_SCRIPT, _text("configure.js")),
        _asset(CONFIGURE_STYLE, _text("configure.css")),
    ]
    return {asset.name: asset for asset in made}


def find_asset(version: str, name: str) -> Asset | None:
    """The file of that name and version: the present one, or one that was released before and is kept for the pages
    that name it; None where there is none."""
    present = assets().get(name)
    if present is None or not _VERSION.fullmatch(version):
        return None
    return present if present.version == version else _kept(version, name)


def _kept(version: str, name: str) -> Asset | None:
    stem, _, suffix = name.rpartition(".")
    file = resources.files("calfeed.web.embed").joinpath("static", "released", f"{stem}-{version}.{suffix}")
    if not file.is_file():
        return None
    asset = _asset(name, file.read_text("utf-8"))
    return asset if asset.version == version else None


def _text(name: str) -> str:
    return resources.files("calfeed.web.embed").joinpath("static", name).read_text("utf-8")


def _asset(name: str, text: str) -> Asset:
    octets = text.encode()
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Asset(
        name=name,
        octets=octets,
        media_type=f"{kind}; charset=utf-8",
        version=hashlib.sha256(octets).hexdigest()[:16],
        integrity=f"sha384-{b64encode(hashlib.sha384(octets).digest()).decode()}",
    )
