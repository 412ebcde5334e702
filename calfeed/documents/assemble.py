"""What the readers of rich formats share: clean text, tables from cells, sections from headings, a tree from all.

In: nodes in the document's order, headings and what stands under them side by side, cells with their place in a grid.
Out: the same nodes as a `Tree`, nested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.documents.language import guess
from calfeed.documents.tree import Emphasis, Link, Node, NodeKind, Style, Tree
from calfeed.model import Where

_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"[^\S\n]*[\n\v\f\x85\u2028\u2029]+\s*")
_SPACES = re.compile(r"[^\S\n]+")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:\d\d|(?:19|20)\d\d))?")
# A cell of more letters than this is no column's name.
_LONGEST_HEAD = 80
# Rows below a head that are looked at to tell it from them.
_ROWS_COMPARED = 12
# A head of a table has no more rows than this.
_MOST_HEADS = 4
_SAMPLE = 20_000


def clean(text: str) -> str:
    """`text` without control, bidirectional and invisible characters, white space folded; line breaks stay as one
    \\n.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return unicodedata.normalize("NFC", _folded(text)).strip()


def _folded(text: str) -> str:
    text = _INVISIBLE.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _SPACES.sub(" ", _BREAK.sub("\n", text))


class Piece(NamedTuple):
    """A run of a paragraph's words that look alike; `address` is where they lead."""

    text: str
    style: Style = Style()
    address: str = ""


def words(pieces: Iterable[Piece]) -> Node:
    """A paragraph of `pieces`: clean text, the style of most of it, and what stands out as `emphases` and `links`."""
    text = ""
    runs: list[tuple[int, int, Piece]] = []
    for piece in pieces:
        part = unicodedata.normalize("NFC", _folded(piece.text))
        part = part.lstrip(" \n") if not text or text[-1] == "\n" else part.lstrip(" ") if text[-1] == " " else part
        if part.startswith("\n"):
            text = text.rstrip(" ")
        runs.append((len(text), len(text) + len(part), piece))
        text += part
    text = text.rstrip()
    kept = [(start, min(end, len(text)), piece) for start, end, piece in runs if start < min(end, len(text))]
    shares: dict[Style, int] = {}
    for start, end, piece in kept:
        shares[piece.style] = shares.get(piece.style, 0) + sum(not c.isspace() for c in text[start:end])
    style = _common(shares)
    return Node(
        kind=NodeKind.PARAGRAPH,
        text=text,
        style=style,
        emphases=tuple(_joined(Emphasis(start=s, end=e, style=p.style) for s, e, p in kept if p.style != style)),
        links=tuple(Link(start=s, end=e, address=p.address) for s, e, p in kept if p.address),
    )


def _common(shares: dict[Style, int]) -> Style:
    """The style of a whole paragraph: bold, struck or hidden only where all of it is, its size that of most of it."""
    inked = [style for style, count in shares.items() if count]
    if not inked:
        return Style()
    return Style(
        size=max(inked, key=lambda style: shares[style]).size,
        bold=all(style.bold for style in inked),
        italic=all(style.italic for style in inked),
        struck=all(style.struck for style in inked),
        hidden=all(style.hidden for style in inked),
    )


def _joined(emphases: Iterable[Emphasis]) -> Iterator[Emphasis]:
    last: Emphasis | None = None
    for one in emphases:
        if last and last.end == one.start and last.style == one.style:
            last = Emphasis(start=last.start, end=one.end, style=one.style)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def table(cells: Iterable[Node], *, where: Where | None = None, label: str = "", heads: int | None = None) -> Node:
    """A table of `cells`, each with its place in the grid. `heads` first rows are its head; None: told by their
    look.
    """
    rows: dict[int, list[Node]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    ordered = [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]
    count = head_rows(ordered) if heads is None else heads
    return Node(
        kind=NodeKind.TABLE,
        where=where or union(cell.where for row in ordered for cell in row),
        label=label,
        children=tuple(_row(row, number, number < count) for number, row in enumerate(ordered)),
    )


def _row(cells: Sequence[Node], number: int, head: bool) -> Node:
    children = tuple(replace(cell, head=True) if head and not cell.head else cell for cell in cells)
    return Node(kind=NodeKind.ROW, row=cells[0].row, head=head, where=union(c.where for c in cells), children=children)


def head_rows(rows: Sequence[Sequence[Node]]) -> int:
    """How many of the first rows name the columns, by how they differ from the rows below.

    Evidence: names are short and have no day in them, where cells below have digits; they are bold, where those below
    are not. A row whose cells span several columns is named further by the row below it.
    """
    count = 0
    while count < min(_MOST_HEADS, len(rows) - 1) and _is_head(rows[count], rows[count + 1 :], first=count == 0):
        spans = any(cell.columns > 1 for cell in rows[count])
        count += 1
        if not spans and not (count == 1 and _lone(rows[0])):
            break
    return 0 if count and all(_lone(row) for row in rows[:count]) else count


def _lone(row: Sequence[Node]) -> bool:
    return sum(bool(cell.text) for cell in row) == 1


def _is_head(row: Sequence[Node], below: Sequence[Sequence[Node]], *, first: bool) -> bool:
    named = [cell for cell in row if cell.text]
    if not named or any(len(cell.text) > _LONGEST_HEAD or cell.moment for cell in named):
        return False
    if len(named) == 1:
        # A title over all columns belongs to the head where a head follows.
        return first and len(below) > 1 and _is_head(below[0], below[1:], first=False)
    body = [cell for other in islice(below, _ROWS_COMPARED) for cell in other if cell.text]
    if not body:
        return False
    counted = [cell for cell in named if _DIGIT.search(cell.text) and not _YEAR.fullmatch(cell.text)]
    bold = all(cell.style.bold for cell in named) and sum(cell.style.bold for cell in body) < len(body) / 2
    if counted:
        return bold and len(counted) <= len(named) / 2
    return bold or _told_by_digits(named, below) or _told_by_length(named, body)


def _told_by_digits(named: Sequence[Node], below: Sequence[Sequence[Node]]) -> bool:
    """Whether most cells of a column under a name have digits."""
    under: dict[int, list[bool]] = {}
    for row in islice(below, _ROWS_COMPARED):
        for cell in row:
            if cell.text:
                under.setdefault(cell.column, []).append(bool(_DIGIT.search(cell.text)))
    return any(sum(found) * 2 > len(found) for cell in named if (found := under.get(cell.column)))


def _told_by_length(named: Sequence[Node], body: Sequence[Node]) -> bool:
    mean = sum(len(cell.text) for cell in body) / len(body)
    return len({cell.text for cell in named}) == len(named) and all(len(cell.text) * 2 < mean for cell in named)


def union(places: Iterable[Where]) -> Where:
    """The place that holds all of `places`: lines and pages from the first to the last, boxes of the first page."""
    known = [place for place in places if place != Where()]
    if not known:
        return Where()
    lines = [place.lines for place in known if place.lines]
    pages = [place.pages for place in known if place.pages]
    page = min(pages)[0] if pages else None
    boxes = [place.box for place in known if place.box and place.pages and place.pages[0] == page]
    cells = [part for place in known if place.cell for part in place.cell.split(":")]
    return Where(
        lines=(min(first for first, _ in lines), max(last for _, last in lines)) if lines else None,
        pages=(min(pages)[0], max(last for _, last in pages)) if pages else None,
        box=_hull(boxes) if boxes else None,
        sheet=known[0].sheet,
        cell=(cells[0] if cells[0] == cells[-1] else f"{cells[0]}:{cells[-1]}") if cells else None,
    )


def _hull(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def lists(nodes: Iterable[Node]) -> list[Node]:
    """`nodes` with items that follow each other put in lists, deeper ones (by `level`) under the item before them."""
    done: list[Node] = []
    items: list[Node] = []
    for node in nodes:
        if node.kind is NodeKind.ITEM:
            items.append(node)
            continue
        if items:
            done.append(_list(items))
            items = []
        done.append(node)
    if items:
        done.append(_list(items))
    return done


def _list(items: Sequence[Node]) -> Node:
    level = items[0].level
    children: list[Node] = []
    at = 0
    while at < len(items):
        deeper = at + 1
        while deeper < len(items) and items[deeper].level > level:
            deeper += 1
        item = items[at]
        if deeper > at + 1:
            item = replace(item, children=(*item.children, _list(items[at + 1 : deeper])))
        children.append(item)
        at = deeper
    return Node(kind=NodeKind.LIST, where=union(item.where for item in items), children=tuple(children))


def sections(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """`nodes` nested: a heading opens a section, which lasts until a heading of its level or a higher one."""
    root: list[Node] = []
    open_sections: list[tuple[int, list[Node]]] = [(0, root)]

    def close(level: int) -> None:
        while open_sections[-1][0] >= level:
            _, children = open_sections.pop()
            open_sections[-1][1].append(
                Node(
                    kind=NodeKind.SECTION,
                    level=children[0].level,
                    where=union(child.where for child in children),
                    children=tuple(children),
                )
            )

    for node in nodes:
        if node.kind is NodeKind.HEADING:
            level = max(1, node.level)
            close(level)
            open_sections.append((level, [node]))
        else:
            open_sections[-1][1].append(node)
    close(1)
    return tuple(root)


def tree(
    nodes: Iterable[Node],
    *,
    source: str,
    media_type: str,
    lang: str | None = None,
    title: str | None = None,
    scanned: bool = False,
    left: Iterable[str] = (),
) -> Tree:
    """The tree of `nodes`, nested in sections; its language is told by its words where `lang` is None."""
    children = sections(nodes)
    root = Node(kind=NodeKind.DOCUMENT, text=title or "", children=children)
    return Tree(
        source=source,
        media_type=media_type,
        root=root,
        lang=lang or guess(_sample(root)),
        title=title or None,
        scanned=scanned,
        left=tuple(left),
    )


def _sample(root: Node) -> str:
    words: list[str] = []
    length = 0
    for node in root.walk():
        if node.text and node.kind is not NodeKind.FURNITURE:
            words.append(node.text)
            length += len(node.text)
            if length > _SAMPLE:
                break
    return " ".join(words)
