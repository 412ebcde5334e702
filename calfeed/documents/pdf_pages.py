"""Pages of a PDF: their words in the file's order, those of tables by their cell.

In: a document of pypdfium2. Out: `Page`s. A page is closed before the next is opened, so that memory does not grow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from pypdfium2 import PdfiumError

from calfeed.documents import scans
from calfeed.documents.pdf_bands import bands
from calfeed.documents.pdf_columns import tables
from calfeed.documents.pdf_drawing import Dot, Drawing, drawing_of
from calfeed.documents.pdf_lines import Segment, segments_of
from calfeed.documents.pdf_tables import Grid, ruled, touch
from calfeed.documents.pdf_words import View, Word, view_of, words_of
from calfeed.documents.tree import Progress

Cells = tuple[tuple[Segment, ...], ...]


class Page(NamedTuple):
    """What stands on a page. `flow`: its segments in the file's order, and the number of a grid where its first word
    stands. `cells`: for each grid the segments of each of its cells."""

    number: int
    width: float
    height: float
    flow: tuple[Segment | int, ...]
    grids: tuple[Grid, ...] = ()
    cells: tuple[Cells, ...] = ()
    scanned: bool = False
    left: str = ""


def read_pages(document: Any, *, lang: str | None = None, progress: Progress | None = None) -> Iterator[Page]:
    """The pages of a document of pypdfium2, in order; words of pictures are recognised where that can be done."""
    count = len(document)
    for index in range(count):
        waiting = partial(progress or _silent, index, count)
        waiting()
        try:
            page = document[index]
            view = view_of(page)
            textpage = page.get_textpage()
        except PdfiumError:
            yield Page(index + 1, 0.0, 0.0, (), left=f"page {index + 1} is damaged.")
            continue
        try:
            lines = list(words_of(textpage, view))
            drawing = drawing_of(page, view)
            scan, left = drawing.pictures and not lines, ""
            if scan:
                lines, left = _recognised(page, view, index + 1, lang, waiting)
            made = page_of(index + 1, view.width, view.height, lines, drawing)
            yield made._replace(scanned=scan or drawing.unseen, left=left)
        finally:
            textpage.close()
            page.close()


def _silent(done: int, total: int) -> None:
    """Nobody wants to know."""


def _recognised(
    page: Any, view: View, number: int, lang: str | None, waiting: Callable[[], None]
) -> tuple[list[list[Word]], str]:
    """The words of a page that is a picture, and what to say where they cannot be told."""
    if not scans.installed():
        return [], f"page {number} is a picture without words. {scans.INSTALL}."
    lines = scans.words_in_picture(page, view, lang=lang, waiting=waiting)
    return (lines, "") if lines else ([], f"page {number} is a picture in which no words were recognised.")


def page_of(number: int, width: float, height: float, lines: Sequence[Sequence[Word]], drawing: Drawing) -> Page:
    """The page's words as segments, those within tables by their cell: tables of drawn lines, then of lines across, of
    shades, and of text that stands in columns."""
    words = [word for line in lines for word in _with_bullet(line, drawing.dots)]
    drawn = ruled(drawing.rules, shades=False)
    drawn = [*drawn, *bands(drawing.rules, words, drawn)]
    shades = (grid for grid in ruled(drawing.rules, shades=True) if not any(touch(grid.box, d.box) for d in drawn))
    grids = [*drawn, *shades]
    flow: list[Segment | int] = []
    cells: list[list[list[Word]]] = [[[] for _ in grid.cells] for grid in grids]
    seen: set[int] = set()
    held = [grid.held() for grid in grids]
    placed = [(word, _place(word, grids, held)) for word in words]
    for outside, group in groupby(placed, key=lambda pair: pair[1] is None):
        if outside:
            flow += segments_of(word for word, _ in group)
            continue
        for word, place in group:
            assert place
            grid, cell = place
            if grid not in seen:
                seen.add(grid)
                flow.append(grid)
            cells[grid][cell].append(word)
    filled = tuple(tuple(tuple(segments_of(cell)) for cell in table) for table in cells)
    return _with_tables(Page(number, width, height, tuple(flow), tuple(grids), filled))


def _place(word: Word, grids: Sequence[Grid], held: Sequence[dict[tuple[int, int], int]]) -> tuple[int, int] | None:
    """The table and the cell that hold a word's middle."""
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    for number, grid in enumerate(grids):
        left, top, right, bottom = grid.box
        if left <= x <= right and top <= y <= bottom:
            cell = held[number].get((bisect_right(grid.ys, y) - 1, bisect_right(grid.xs, x) - 1))
            return (number, cell) if cell is not None else None
    return None


def _with_bullet(line: Sequence[Word], dots: Sequence[Dot]) -> Sequence[Word]:
    """A line, and a word for the bullet that is drawn before it."""
    first = line[0]
    room = 2.5 * first.face.size
    dot = next((dot for dot in dots if first.top <= dot.y <= first.bottom and 0 < first.left - dot.x < room), None)
    if dot is None:
        return line
    face = first.face._replace(bold=False, italic=False)
    return [Word("•", dot.x - 2, first.top, dot.x + 2, first.bottom, face), *line]


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
        for table in tables(segments):
            flow += [*segments[at : table.start], len(grids)]
            at = table.end
            grids.append(table.grid)
            cells.append(table.cells)
        flow += segments[at:]
    return page._replace(flow=tuple(flow), grids=tuple(grids), cells=tuple(cells))
