"""From a PDF's pages to nodes: running heads set aside, headings told by size and weight, tables joined over pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from calfeed.documents.assemble import lists, table, union, words
from calfeed.documents.pdf_layout import Paragraph, bare, cell_rows, padding_of, paragraphs, pieces, place, rounded
from calfeed.documents.pdf_lines import Page, Segment
from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

_SENTENCE = re.compile(r"[.;,!?。；，]$")
_PAGE_NUMBER = re.compile(
    r"[-–|\s]{0,9}(?:(?:page|p\.|seite|página|стр\.|第|صفحة)\s?)?(?:\d{1,3}|[ivxlc]{1,6})"
    r"(?:\s*(?:/|of|de|von|sur|из)\s*\d{1,4})?(?:\s?页)?[-–|\s]{0,9}",
    re.IGNORECASE,
)
# Below so many characters outside of tables, what stands in them tells the body's size.
_ENOUGH = 300
_LONGEST_HEADING = 150
_LARGER = 1.1
_SMALLER = 0.95
# Running heads and feet stand in the outer share of a page, and on this share of the pages at least.
_EDGE_SHARE = 0.12
_RUNNING_SHARE = 0.4


def nodes_of(pages: Sequence[Page]) -> tuple[list[Node], str | None]:
    """The nodes of a document's pages in order, and its title: its first heading of the highest rank."""
    everything = [segment for page in pages for segment in _segments(page)]
    if not everything:
        return [], None
    flowing = [part for page in pages for part in page.flow if isinstance(part, Segment)]
    body = _body_size(flowing if sum(len(s.text) for s in flowing) > _ENOUGH else everything)
    known = {bare(word.text) for segment in everything for word in segment.words}
    running = _running(pages)
    found: list[Node] = []
    for page in pages:
        found += _page_nodes(page, body, known, running)
    found = _ranked(_continued(found))
    title = next(
        (n.text for n in found if n.kind is NodeKind.HEADING and n.level == 1 and n.style.size > _LARGER), None
    )
    return lists(found), title


def _segments(page: Page) -> Iterator[Segment]:
    yield from (part for part in page.flow if isinstance(part, Segment))
    yield from (segment for cells in page.cells for cell in cells for segment in cell)


def _body_size(segments: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[segment.face.size] += len(segment.text)
    return max(sizes, key=lambda size: sizes[size])


def _running(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """What stands at the same height at the edge of many pages, figures apart."""
    if len(pages) < 2:
        return set()
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_mark(s) for s in page.flow if isinstance(s, Segment) and _at_edge(s, page)})
    return {mark for mark, count in seen.items() if count >= max(2, _RUNNING_SHARE * len(pages))}


def _is_furniture(segment: Segment, page: Page, running: set[tuple[str, int]], body: float) -> bool:
    """Whether a segment is a running head or foot, or a page's number. The document's title may stand on each page:
    where it is larger than the text, its first one is the title."""
    if not _at_edge(segment, page):
        return False
    if _PAGE_NUMBER.fullmatch(segment.text):
        return True
    return _mark(segment) in running and not (page.number == 1 and segment.face.size >= _LARGER * body)


def _mark(segment: Segment) -> tuple[str, int]:
    return re.sub(r"\d+", "#", segment.text), round(segment.middle / 4)


def _at_edge(segment: Segment, page: Page) -> bool:
    return segment.middle < _EDGE_SHARE * page.height or segment.middle > (1 - _EDGE_SHARE) * page.height


def _page_nodes(page: Page, body: float, known: set[str], running: set[tuple[str, int]]) -> Iterator[Node]:
    for is_grid, group in groupby(page.flow, key=lambda part: not isinstance(part, Segment)):
        if is_grid:
            for number in group:
                assert isinstance(number, int)
                yield _table(page, number, body, known)
            continue
        text: list[Segment] = []
        for segment in group:
            assert isinstance(segment, Segment)
            if _is_furniture(segment, page, running, body):
                where = place([segment], page.number)
                yield replace(words(pieces([[segment]], body, known)), kind=NodeKind.FURNITURE, where=where)
            else:
                text.append(segment)
        for paragraph in paragraphs(text, page.number, page.width):
            yield _node(paragraph, body, known)


def _node(paragraph: Paragraph, body: float, known: set[str]) -> Node:
    said = replace(words(pieces(paragraph.rows, body, known)), where=paragraph.where)
    if paragraph.marker:
        return replace(said, kind=NodeKind.ITEM, level=1, label=paragraph.marker)
    return said


def _table(page: Page, number: int, body: float, known: set[str]) -> Node:
    grid, contents = page.grids[number], page.cells[number]
    padding = padding_of([(content, cell.box[0]) for content, cell in zip(contents, grid.cells, strict=True)])
    cells: list[Node] = []
    for content, cell in zip(contents, grid.cells, strict=True):
        rows = cell_rows(content, cell.box[2] - cell.box[0], padding)
        said = words(pieces(rows, body, known))
        where = Where(pages=(page.number, page.number), box=rounded(cell.box))
        cells.append(
            replace(
                said,
                kind=NodeKind.CELL,
                where=where,
                row=cell.row,
                column=cell.column,
                rows=cell.rows,
                columns=cell.columns,
            )
        )
    return table(cells, where=union(cell.where for cell in cells))


def _continued(nodes: Sequence[Node]) -> list[Node]:
    """Tables that run over pages made one."""
    return list(nodes)


def _ranked(nodes: Sequence[Node]) -> list[Node]:
    """Paragraphs that look like headings made headings, ranked by size, bold ones of the body's size last."""
    looks = [_heading_look(node) for node in nodes]
    ranks = {look: rank for rank, look in enumerate(sorted({look for look in looks if look}, reverse=True), start=1)}
    return [
        replace(node, kind=NodeKind.HEADING, level=ranks[look]) if look else node
        for node, look in zip(nodes, looks, strict=True)
    ]


def _heading_look(node: Node) -> tuple[float, bool] | None:
    if node.kind is not NodeKind.PARAGRAPH or len(node.text) > _LONGEST_HEADING or _SENTENCE.search(node.text):
        return None
    if not any(map(str.isalpha, node.text)) or not (
        node.style.size >= _LARGER or (node.style.bold and node.style.size > _SMALLER)
    ):
        return None
    return node.style.size, node.style.bold
