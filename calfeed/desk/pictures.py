"""Pages of a PDF as pictures, drawn in a confined child process."""

from __future__ import annotations

import io
from collections.abc import Callable

import msgspec
from msgspec import Struct

from calfeed.documents.child import Limits, apart

# Pixels a point: a page of A4 is 893 pixels wide.
SCALE = 1.5
LIMITS = Limits(total=20.0, silence=20.0, answer=16 * 2**20)
# A page is drawn no larger than this, whatever its size.
MOST_PIXELS = 4_000_000


class Asked(Struct, frozen=True):
    """A PDF's bytes and the page to draw, counted from 1."""

    content: bytes
    page: int


class Picture(Struct, frozen=True):
    """A page drawn: a PNG, and its size in points."""

    png: bytes
    width: float
    height: float


def draw(content: bytes, page: int, *, source: str) -> Picture:
    """A page of a PDF as a picture. Raises DocumentError, also where there is no such page."""
    asked = msgspec.msgpack.encode(Asked(content, page))
    answer = apart(f"{__name__}:draw_here", asked, source=source, limits=LIMITS)
    return msgspec.msgpack.decode(answer, type=Picture)


def draw_here(argument: bytes, _progress: Callable[[int, int], None]) -> bytes:
    """What runs in the child."""
    import pypdfium2

    asked = msgspec.msgpack.decode(argument, type=Asked)
    document = pypdfium2.PdfDocument(asked.content)
    page = document[asked.page - 1]
    width, height = page.get_size()
    scale = min(SCALE, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    octets = io.BytesIO()
    page.render(scale=scale).to_pil().save(octets, "PNG", optimize=False)
    return msgspec.msgpack.encode(Picture(octets.getvalue(), width, height))
