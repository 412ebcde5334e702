"""Segments of lines: words of a PDF's page put together in the file's order, apart where a wide gap parts them.

The file's order is kept, since producers write columns and cells one after the other; position alone cannot tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from calfeed.documents.pdf_words import RTL, Box, Face, Word

# A gap of this many sizes parts two segments of a line; days of a month in a grid stand nearer to each other.
_GAP = 0.8
_FIGURES_GAP = 0.45


class Segment(NamedTuple):
    """Words that follow each other on a line without a wide gap."""

    words: tuple[Word, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        return max(self.words, key=lambda word: len(word.text)).face.size

    @property
    def face(self) -> Face:
        """The face of most of it; bold only where all of it is."""
        longest = max(self.words, key=lambda word: len(word.text)).face
        return longest._replace(bold=all(word.face.bold for word in self.words))

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return bool(RTL.search(self.text))


def segment_of(words: Sequence[Word]) -> Segment:
    """Words that stand on one line, as a segment."""
    return Segment(
        tuple(words),
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def segments_of(words: Iterable[Word]) -> list[Segment]:
    """Words in the file's order as segments."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and _goes_on(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [segment_of(run) for run in runs]


def _goes_on(last: Word, word: Word) -> bool:
    size = max(last.face.size, word.face.size)
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    if overlap < 0.5 * min(last.bottom - last.top, word.bottom - word.top):
        return False
    figures = last.text.isdigit() and word.text.isdigit() and max(len(last.text), len(word.text)) <= 2
    gap = (_FIGURES_GAP if figures else _GAP) * size
    # The next word stands behind the last one, or before it where the text runs from right to left.
    return any(-0.5 * size <= apart <= gap for apart in (word.left - last.right, last.left - word.right))
