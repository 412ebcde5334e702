"""From a PDF's pages to nodes: running heads set aside, cells filled, headings told by size and weight."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.documents.assemble import lists, words
from calfeed.documents.grid import table
from calfeed.documents.looks import LARGER, with_headings
from calfeed.documents.pdf_continued import continued, over_pages
from calfeed.documents.pdf_layout import (
    Paragraph,
    bare,
    cell_rows,
    padding_of,
    paragraphs,
    pieces,
    place,
    purposes,
    rounded,
)
from calfeed.documents.pdf_lines import Segment
from calfeed.documents.pdf_pages import Page
from calfeed.documents.pdf_tables import GridCell
from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

_PAGE_NUMBER = re.compile(
    r"[-–|\s]{0,9}(?:(?:page|p\.|seite|página|стр\.|第|صفحة)\s?)?(?:\d{1,3}|[ivxlc]{1,6})"
    r"(?:\s*(?:/|of|de|von|sur|из)\s*\d{1,4})?(?:\s?页)?[-–|\s]{0,9}",
    re.IGNORECASE,
)
# Where less than this share of the words stands outside of tables, what stands in them tells the body's size.
_ENOUGH = 0.3
# Columns of two pages are the same where they begin within so many points; sizes where they differ by less than a
# share.
_ALIKE = 8.0
# Running heads and feet stand in the outer share of a page, and on this share of the pages at least.
_EDGE_SHARE = 0.12
_RUNNING_SHARE = 0.4


class _Look(NamedTuple):
    """What is known of a whole document: its body's size, its words, how lines of tables begin that were broken on
    purpose, and what runs at the edges of its pages."""

    body: float
    known: frozenset[str]
    purpose: Mapping[str, int]
    running: frozenset[tuple[str, int]]


def nodes_of(pages: Sequence[Page]) -> tuple[list[Node], str | None]:
    """The nodes of a document's pages in order, and its title: its first heading of the highest rank."""
    everything = [segment for page in pages for segment in _segments(page)]
    if not everything:
        return [], None
    flowing = [part for page in pages for part in page.flow if isinstance(part, Segment)]
    lengths = [sum(len(segment.text) for segment in segments) for segments in (flowing, everything)]
    body = _body_size(flowing if lengths[0] > _ENOUGH * lengths[1] else everything)
    known = frozenset(bare(word.text) for segment in everything for word in segment.words)
    purpose = purposes((content, width) for page in pages for _, _, content, width in _cell_widths(page))
    look = _Look(body, known, purpose, _running(pages))
    found: list[Node] = []
    for page in pages:
        found += _page_nodes(page, look)
    found = with_headings(over_pages(continued(found)))
    title = next((n.text for n in found if n.kind is NodeKind.HEADING and n.level == 1 and n.style.size > LARGER), None)
    return lists(found), title


def _segments(page: Page) -> Iterator[Segment]:
    yield from (part for part in page.flow if isinstance(part, Segment))
    yield from (segment for cells in page.cells for cell in cells for segment in cell)


def _body_size(segments: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[segment.face.size] += len(segment.text)
    return max(sizes, key=lambda size: sizes[size])


def _running(pages: Sequence[Page]) -> frozenset[tuple[str, int]]:
    """What stands at the same height at the edge of many pages, figures apart."""
    if len(pages) < 2:
        return frozenset()
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_mark(s) for s in page.flow if isinstance(s, Segment) and _at_edge(s, page)})
    return frozenset(mark for mark, count in seen.items() if count >= max(2, _RUNNING_SHARE * len(pages)))


def _is_furniture(segment: Segment, page: Page, look: _Look) -> bool:
    """Whether a segment is a running head or foot, or a page's number. The document's title may stand on each page:
    where it is larger than the text, its first one is the title."""
    if not _at_edge(segment, page):
        return False
    if _PAGE_NUMBER.fullmatch(segment.text):
        return True
    return _mark(segment) in look.running and not (page.number == 1 and segment.face.size >= LARGER * look.body)


def _mark(segment: Segment) -> tuple[str, int]:
    return re.sub(r"\d+", "#", segment.text), round(segment.middle / 4)


def _at_edge(segment: Segment, page: Page) -> bool:
    return segment.middle < _EDGE_SHARE * page.height or segment.middle > (1 - _EDGE_SHARE) * page.height


def _page_nodes(page: Page, look: _Look) -> Iterator[Node]:
    for is_grid, group in groupby(page.flow, key=lambda part: not isinstance(part, Segment)):
        if is_grid:
            for number in group:
                assert isinstance(number, int)
                yield _table(page, number, look)
            continue
        text: list[Segment] = []
        for segment in group:
            assert isinstance(segment, Segment)
            if _is_furniture(segment, page, look):
                where = place([segment], page.number)
                yield replace(words(pieces([[segment]], look.body, look.known)), kind=NodeKind.FURNITURE, where=where)
            else:
                text.append(segment)
        for paragraph in paragraphs(text, page.number, page.width):
            yield _node(paragraph, look)


def _node(paragraph: Paragraph, look: _Look) -> Node:
    said = replace(words(pieces(paragraph.rows, look.body, look.known)), where=paragraph.where)
    if paragraph.marker:
        return replace(said, kind=NodeKind.ITEM, level=1, label=paragraph.marker)
    return said


def _cell_widths(page: Page) -> Iterator[tuple[int, GridCell, Sequence[Segment], float]]:
    """Each cell of a page's tables, with its table's number, what it holds, and the width that its text could fill."""
    for number, (grid, contents) in enumerate(zip(page.grids, page.cells, strict=True)):
        padding = padding_of([(content, cell.box[0]) for cell, content in zip(grid.cells, contents, strict=True)])
        for cell, content in zip(grid.cells, contents, strict=True):
            yield number, cell, content, cell.box[2] - cell.box[0] - 2 * padding


def _table(page: Page, number: int, look: _Look) -> Node:
    grid = page.grids[number]
    held = [(cell, content, width) for at, cell, content, width in _cell_widths(page) if at == number]
    places = _packed([cell for cell, content, _ in held if content])
    cells = [
        replace(
            words(pieces(cell_rows(content, width, look.purpose), look.body, look.known)),
            kind=NodeKind.CELL,
            where=Where(pages=(page.number, page.number), box=rounded(cell.box)),
            row=place[0],
            column=place[1],
            rows=place[2],
            columns=place[3],
        )
        for cell, content, width in held
        if (place := places(cell))[2] and place[3]
    ]
    return table(cells, where=Where(pages=(page.number, page.number), box=rounded(grid.box)))


def _packed(held: Sequence[GridCell]) -> Callable[[GridCell], tuple[int, int, int, int]]:
    """Where a cell stands, and its span, once rows and columns in which no cell with words begins are left out."""
    rows = sorted({cell.row for cell in held})
    columns = sorted({cell.column for cell in held})

    def place(cell: GridCell) -> tuple[int, int, int, int]:
        top, bottom = bisect_left(rows, cell.row), bisect_left(rows, cell.row + cell.rows)
        left, right = bisect_left(columns, cell.column), bisect_left(columns, cell.column + cell.columns)
        return top, left, bottom - top, right - left

    return place
