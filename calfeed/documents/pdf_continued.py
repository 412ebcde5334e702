"""What a page's end cuts in two, made one: tables that run over pages, sentences that go on on the next one.

In: the nodes of a PDF's pages, in order. Out: the same, fewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from calfeed.documents.assemble import Piece, pieces_of, words
from calfeed.documents.grid import table, union
from calfeed.documents.tree import Node, NodeKind

_SENTENCE = re.compile(r"[.;,!?。；，]$")
# Columns of two pages are the same where they begin within so many points; sizes where they differ by less than a
# share.
_ALIKE = 8.0
_SIZE_SHARE = 0.12
_SMALLER = 0.95


def continued(nodes: Iterable[Node]) -> list[Node]:
    """Tables that run over pages made one, where the first thing on a page goes on with the last one of the page
    before.
    """
    done: list[Node] = []
    # Where in `done` a table stands that the next page may go on with, and whether its page is still being read.
    last: int | None = None
    for node in nodes:
        if node.kind is NodeKind.TABLE:
            before = done[last] if last is not None else None
            if before is not None and last is not None and _next_page(before, node) and _same_columns(before, node):
                done[last], repeated = _appended(before, node)
                done += repeated
                continue
            last = len(done)
        elif node.kind is not NodeKind.FURNITURE and last is not None and not _small_print(node, done[last]):
            last = None
        done.append(node)
    return done


def _next_page(above: Node, below: Node) -> bool:
    pages, following = above.where.pages, below.where.pages
    return bool(pages and following and following[0] == pages[1] + 1)


def _small_print(node: Node, above: Node) -> bool:
    """Whether a paragraph under a table is only what its page ends with."""
    pages, last = node.where.pages, above.where.pages
    same_page = bool(pages and last and pages[0] == last[1])
    return same_page and node.kind is NodeKind.PARAGRAPH and node.style.size < _SMALLER


def _same_columns(above: Node, below: Node) -> bool:
    """Whether two tables have their columns at the same places, or the same head."""
    if _repeats(above, below):
        return True
    edges, edges_below = _lefts(above), _lefts(below)
    if len(edges) == len(edges_below):
        return all(abs(one - other) < _ALIKE for one, other in zip(edges, edges_below, strict=True))
    # A page may lack what stands in some column; then its other columns are found again.
    found = sum(any(abs(one - other) < _ALIKE for other in edges) for one in edges_below)
    return len(edges_below) > 2 and found == len(edges_below)


def _repeats(above: Node, below: Node) -> int:
    """How many first rows of a table another page's table begins with as well: its head, repeated."""
    count = 0
    for one, other in zip(above.children, below.children, strict=False):
        texts = [[cell.text.split() for cell in row.children if cell.text] for row in (one, other)]
        if texts[0] != texts[1] or len(texts[0]) < 2:
            break
        count += 1
    return count if count < len(above.children) else 0


def _lefts(node: Node) -> list[float]:
    lefts: dict[int, float] = {}
    for row in node.children:
        for cell in row.children:
            if cell.where.box:
                lefts.setdefault(cell.column, cell.where.box[0])
    return [lefts[column] for column in sorted(lefts)]


def _appended(above: Node, below: Node) -> tuple[Node, list[Node]]:
    """A table with the rows of its next page, and the head that the page repeats, as furniture."""
    repeated = _repeats(above, below)
    rows = below.children[repeated:]
    edges = _lefts(above)
    start = max(cell.row + cell.rows for row in above.children for cell in row.children)
    first = rows[0].row if rows else 0
    moved = [
        replace(cell, row=cell.row - first + start, column=_column(cell, edges), head=False)
        for row in rows
        for cell in row.children
    ]
    count = max(repeated, sum(row.head for row in above.children))
    cells = [cell for row in above.children for cell in row.children] + moved
    furniture = [
        Node(kind=NodeKind.FURNITURE, text=cell.text, where=cell.where, style=cell.style)
        for row in below.children[:repeated]
        for cell in row.children
        if cell.text
    ]
    return table(cells, heads=count), furniture


def _column(cell: Node, edges: Sequence[float]) -> int:
    box = cell.where.box
    return min(range(len(edges)), key=lambda n: abs(edges[n] - box[0])) if box else cell.column


def over_pages(nodes: Sequence[Node]) -> list[Node]:
    """Paragraphs and items that go on on the next page made one: a page ends within a sentence, the next begins
    small.
    """
    done: list[Node] = []
    last: int | None = None
    for node in nodes:
        if node.kind is NodeKind.FURNITURE:
            done.append(node)
            continue
        before = done[last] if last is not None else None
        if before is not None and last is not None and _goes_on(before, node):
            text = replace(words([*pieces_of(before), Piece(" "), *pieces_of(node)]), kind=before.kind)
            done[last] = replace(text, label=before.label, level=before.level, where=union((before.where, node.where)))
            continue
        last = len(done)
        done.append(node)
    return done


def _goes_on(before: Node, node: Node) -> bool:
    texts = (NodeKind.PARAGRAPH, NodeKind.ITEM)
    if before.kind not in texts or node.kind is not NodeKind.PARAGRAPH or not _next_page(before, node):
        return False
    alike = abs(before.style.size - node.style.size) < _SIZE_SHARE and before.style.bold == node.style.bold
    return alike and node.text[0].islower() and not _SENTENCE.search(before.text)
