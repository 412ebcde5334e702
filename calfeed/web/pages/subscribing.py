"""What the subscribe page shows of a selection: flavours, the calmest of them, programs, overlaps with other feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import segno

from calfeed.feeds import Feed
from calfeed.feeds.selection import Selection
from calfeed.web.pages.index import Index

# From this share of long periods on, bars across every page of a month view hide everything else.
CROWDED = 0.25
MOST_OVERLAPS = 5
FLAVOURS = ("all", "starts", "exact")


@dataclass(frozen=True, slots=True)
class Contents:
    """How many events a selection has: with a date, of them longer than a month, with exact days."""

    events: int
    dated: int
    long: int
    exact: int

    @property
    def calmest(self) -> str:
        """The flavour that fills a calendar the least without losing events: "starts" where many periods are long."""
        return "starts" if self.dated and self.long / self.dated >= CROWDED else "all"


def contents(index: Index, bits: int) -> Contents:
    dated = bits & index.dated
    return Contents(
        events=bits.bit_count(),
        dated=dated.bit_count(),
        long=(dated & index.long).bit_count(),
        exact=(dated & index.exact).bit_count(),
    )


@dataclass(frozen=True, slots=True)
class Overlap:
    """A published feed that has `shared` of the selection's events; `whole`: all of the selection's are in it."""

    feed: Feed
    shared: int
    whole: bool


def overlaps(index: Index, feeds: Sequence[Feed], selection: Selection) -> list[Overlap]:
    """The feeds that share events with `selection`, the largest share first; a reader of both sees those twice.

    Feeds of the same content as the selection are the selection itself."""
    ours = index.select(replace(selection, flavour="all"))
    found = []
    for feed in feeds:
        theirs = index.select(feed.selection)
        shared = (ours & theirs).bit_count()
        if shared and theirs != ours:
            found.append(Overlap(feed, shared, (ours & ~theirs) == 0))
    found.sort(key=lambda overlap: (-overlap.shared, overlap.feed.slug))
    return found[:MOST_OVERLAPS]


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code as the path of an SVG: `size` modules a side with its margin."""

    path: str
    size: int


def qr(address: str) -> Square:
    """The QR code of an address, dark modules as one path (ISO/IEC 18004, a margin of four modules)."""
    code = segno.make(address, error="m", micro=False)
    margin = 4
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            run = next((end for end in range(x, len(row)) if not row[end]), len(row)) - x
            strokes.append(f"M{x + margin} {y + margin}h{run}v1h-{run}z")
            x += run
    return Square("".join(strokes), len(code.matrix) + 2 * margin)
