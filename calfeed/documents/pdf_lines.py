"""Lines of a PDF's page: words put together in the file's order, apart where a wide gap or a cell's edge parts them.

In: words and grids of a page. Out: a `Page` of segments, in the file's order, and the words of each table's cells.
The file's order is kept, since producers write columns and cells one after the other; position alone cannot tell them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from calfeed.documents.pdf_columns import Spot, bands, tables
from calfeed.documents.pdf_drawing import Dot, Drawing, drawing_of
from calfeed.documents.pdf_tables import Grid, ruled, touch
from calfeed.documents.pdf_words import Box, Face, Word, view_of, words_of

# A gap of this many sizes parts two segments of a line; words nearer than that are one.
_GAP = 1.3
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


class Segment(NamedTuple):
    """Words that follow each other on a line without a wide gap. `first` is the width of the first word."""

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
    def face(self) -> Face:
        """The face of most of it; bold only where all of it is."""
        longest = max(self.words, key=lambda word: len(word.text)).face
        return longest._replace(bold=all(word.face.bold for word in self.words))

    @property
    def rtl(self) -> bool:
        return bool(_RTL.search(self.text))


class Page(NamedTuple):
    """What stands on a page. `flow`: its segments in the file's order, and the number of a grid where its first word
    stands. `cells`: for each grid the segments of each of its cells."""

    number: int
    width: float
    height: float
    flow: tuple[Segment | int, ...]
    grids: tuple[Grid, ...] = ()
    cells: tuple[tuple[tuple[Segment, ...], ...], ...] = ()


def read_pages(document: Any) -> Iterator[Page]:
    """The pages of a document of pypdfium2, in order; each is closed before the next is opened."""
    for index in range(len(document)):
        page = document[index]
        view = view_of(page)
        textpage = page.get_textpage()
        try:
            lines = list(words_of(textpage, view))
            drawing = drawing_of(page, view) if lines else Drawing([], [])
            yield page_of(index + 1, view.width, view.height, lines, drawing)
        finally:
            textpage.close()
            page.close()


def page_of(number: int, width: float, height: float, lines: Sequence[Sequence[Word]], drawing: Drawing) -> Page:
    """The page's words as segments, those within tables by their cell: tables of drawn lines, then of lines across, of
    shades, and of text that stands in columns."""
    rules = drawing.rules
    lines = _with_bullets(lines, drawing.dots)
    drawn = ruled(rules, shades=False)
    if any(rule.top == rule.bottom and not rule.shade for rule in rules):
        segments = [_segment(run) for run in _together(word for line in lines for word in line)]
        drawn = [*drawn, *bands(rules, [_spot(segment) for segment in segments], drawn)]
    grids = [*drawn, *(grid for grid in ruled(rules, shades=True) if not any(touch(grid.box, d.box) for d in drawn))]
    flow: list[list[Word] | int] = []
    inside: list[list[list[list[Word] | int]]] = [[[] for _ in grid.cells] for grid in grids]
    seen: set[int] = set()
    for line in lines:
        for (grid, cell), run in _runs(line, grids):
            if grid is None or cell is None:
                _append(flow, run)
                continue
            if grid not in seen:
                seen.add(grid)
                flow.append(grid)
            _append(inside[grid][cell], run)
    cells = [tuple(tuple(_segment(part) for part in cell if isinstance(part, list)) for cell in c) for c in inside]
    parts = [_segment(part) if isinstance(part, list) else part for part in flow]
    return _with_tables(Page(number, width, height, tuple(parts), tuple(grids), tuple(cells)))


def _with_bullets(lines: Sequence[Sequence[Word]], dots: Sequence[Dot]) -> list[Sequence[Word]]:
    """The lines, those that a drawn bullet stands before with a word for it."""
    done: list[Sequence[Word]] = []
    for line in lines:
        first = line[0]
        size = first.face.size
        dot = next((d for d in dots if first.top <= d.y <= first.bottom and 0 < first.left - d.x < 2.5 * size), None)
        if dot:
            face = first.face._replace(bold=False, italic=False)
            line = [Word("•", dot.x - 2, first.top, dot.x + 2, first.bottom, face), *line]
        done.append(line)
    return done


def _with_tables(page: Page) -> Page:
    """The page with tables found among segments that follow each other."""
    flow: list[Segment | int] = []
    grids, cells = list(page.grids), list(page.cells)
    for is_text, group in groupby(page.flow, key=lambda part: isinstance(part, Segment)):
        parts = list(group)
        segments = [part for part in parts if isinstance(part, Segment)]
        if not is_text:
            flow += parts
            continue
        at = 0
        for grid, held in tables([_spot(segment) for segment in segments]):
            numbers = sorted(number for cell in held for number in cell)
            flow += [*segments[at : numbers[0]], len(grids)]
            at = numbers[-1] + 1
            grids.append(grid)
            cells.append(tuple(tuple(segments[number] for number in cell) for cell in held))
        flow += segments[at:]
    return page._replace(flow=tuple(flow), grids=tuple(grids), cells=tuple(cells))


def _spot(segment: Segment) -> Spot:
    return Spot(*segment.box, segment.face.size, segment.text)


def _together(words: Iterable[Word]) -> list[list[Word]]:
    parts: list[list[Word] | int] = []
    _append(parts, list(words))
    return [part for part in parts if isinstance(part, list)]


Place = tuple[int | None, int | None]


def _runs(line: Sequence[Word], grids: Sequence[Grid]) -> list[tuple[Place, list[Word]]]:
    """The words of a line, cut where they pass from one cell to another."""
    runs: list[tuple[Place, list[Word]]] = []
    for word in line:
        place = _place(word, grids)
        if runs and runs[-1][0] == place:
            runs[-1][1].append(word)
        else:
            runs.append((place, [word]))
    return runs


def _place(word: Word, grids: Sequence[Grid]) -> Place:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    for number, grid in enumerate(grids):
        left, top, right, bottom = grid.box
        if left <= x <= right and top <= y <= bottom:
            cell = grid.at(x, y)
            return (number, cell) if cell is not None else (None, None)
    return None, None


def _append(parts: list[list[Word] | int], run: Sequence[Word]) -> None:
    """Add words to the segment that they go on with, else as a new one."""
    for word in run:
        last = parts[-1] if parts else None
        if isinstance(last, list) and _goes_on(last[-1], word):
            last.append(word)
        else:
            parts.append([word])


def _goes_on(last: Word, word: Word) -> bool:
    if last.text.isdigit() and word.text.isdigit() and max(len(last.text), len(word.text)) <= 2:
        # Days of a month in a grid stand nearer to each other than columns of words.
        return 0 <= word.left - last.right <= 0.45 * word.face.size
    size = max(last.face.size, word.face.size)
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    if overlap < 0.5 * min(last.bottom - last.top, word.bottom - word.top):
        return False
    ahead, behind = word.left - last.right, last.left - word.right
    return -0.5 * size <= ahead <= _GAP * size or (behind >= -0.5 * size and behind <= _GAP * size)


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(
        tuple(words),
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )
