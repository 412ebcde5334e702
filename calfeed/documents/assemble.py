"""What the readers of rich formats share: paragraphs from runs of one look, lists from items, a tree from all.

In: runs of text, nodes in the document's order, headings and what stands under them side by side. Out: a `Tree`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.documents.build import outline, title_of
from calfeed.documents.grid import union
from calfeed.documents.language import guess
from calfeed.documents.tree import Emphasis, Link, Node, NodeKind, Style, Tree
from calfeed.model import Where

_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"[^\S\n]*[\n\v\f\x85\u2028\u2029]+\s*")
_SPACES = re.compile(r"[^\S\n]+")
# A table of one row whose cells hold more paragraphs than this only lays out the page.
_LAYOUT_PARAGRAPHS = 3
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


def pieces_of(node: Node) -> list[Piece]:
    """The runs of a node's text again, so that several can be joined."""
    edges = {0, len(node.text)}
    edges |= {at for run in node.emphases for at in (run.start, run.end)}
    edges |= {at for link in node.links for at in (link.start, link.end)}
    found: list[Piece] = []
    for start, end in pairwise(sorted(edges)):
        style = next((e.style for e in node.emphases if e.start <= start < e.end), node.style)
        address = next((link.address for link in node.links if link.start <= start < link.end), "")
        found.append(Piece(node.text[start:end], style, address))
    return found


def cell_of(inner: Sequence[Node], where: Where) -> Node:
    """A cell: its paragraphs as lines of its text; tables within it as children."""
    pieces: list[Piece] = []
    for node in inner:
        if node.kind is not NodeKind.TABLE and node.text:
            pieces += [Piece("\n"), *pieces_of(node)] if pieces else pieces_of(node)
    nested = tuple(node for node in inner if node.kind is NodeKind.TABLE)
    return replace(words(pieces), kind=NodeKind.CELL, where=where, children=nested)


def lays_out(cells: Sequence[Node], content: Sequence[Sequence[Node]]) -> bool:
    """Whether a table only places text on the page: it is one cell, or one row of long cells."""
    if len(cells) == 1:
        return True
    one_row = all(cell.row == 0 for cell in cells)
    return one_row and max((len(inner) for inner in content), default=0) > _LAYOUT_PARAGRAPHS


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
    children = outline(nodes)
    title = title or title_of(children)
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
