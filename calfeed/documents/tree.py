"""The tree that every reader gives, whatever the format: nodes with text, each with its place in the source.

Text is rendered: inline markup, entities, links and escapes are resolved before a node is made, white space is folded
to single spaces (a line break that the author set stays as "\\n"). Nothing of a source is lost: running heads,
navigation and the like are `FURNITURE`, remarks about the document (front matter, comments that a reader sees) `NOTE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum

from calfeed.model import Value, Where


class NodeKind(StrEnum):
    DOCUMENT = "document"  # the root; `text` is its title where the format has one
    SECTION = "section"  # a heading (its first child) and what stands under it
    HEADING = "heading"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    PARAGRAPH = "paragraph"
    PAIR = "pair"  # "Dates: 3 May", a definition, a field: `label` and `text`
    NOTE = "note"
    FURNITURE = "furniture"


class Style(Value, frozen=True, kw_only=True):
    """What the format tells of how a node looks. `size` is a ratio to the size of the body's text."""

    size: float = 1.0
    bold: bool = False
    italic: bool = False
    struck: bool = False
    hidden: bool = False


class Link(Value, frozen=True, kw_only=True):
    """An address that words of a node lead to; `start` and `end` are offsets in the node's text."""

    start: int
    end: int
    address: str


class Emphasis(Value, frozen=True, kw_only=True):
    """A run of a node's text that stands out; offsets as in `Link`."""

    start: int
    end: int
    style: Style


class Stated(Value, frozen=True, kw_only=True):
    """An event that a format says outright (JSON-LD, microdata, h-event, VEVENT), to be believed.

    `start` and `end` as the format has them, both included where they are days; `status` as schema.org's or
    RFC 5545's word for it, in lower case ("cancelled").
    """

    title: str
    start: date | datetime | None = None
    end: date | datetime | None = None
    zone: str | None = None
    place: str | None = None
    address: str | None = None
    status: str | None = None


class Node(Value, frozen=True, kw_only=True):
    """A piece of a document.

    `level`: of a heading (1 the highest) or of an item's nesting (1 the outermost); 0 where the format does not say.
    `label`: a pair's name, an item's marker ("3.", "•") or a table's caption. `head`: a row or cell that names others.
    `row`, `column`: a cell's place in its table's grid, from 0; `rows`, `columns`: how many it spans. A spanned cell
    stands once. `stated`: what the format says outright of the event that the node is. `moment`: what a typed cell or
    a <time> element says beside its words.
    """

    kind: NodeKind
    text: str = ""
    where: Where = Where()
    level: int = 0
    label: str = ""
    style: Style = Style()
    children: tuple[Node, ...] = ()
    head: bool = False
    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1
    links: tuple[Link, ...] = ()
    emphases: tuple[Emphasis, ...] = ()
    moment: date | datetime | None = None
    stated: Stated | None = None
    damage: tuple[str, ...] = ()

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in the document's order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


class Tree(Value, frozen=True, kw_only=True):
    """A source, read. `lang` is a BCP 47 tag, None where it could not be told. `scanned`: its words were recognised
    from pictures. `left` says, a sentence each, what of the source could not be read (a page without words)."""

    source: str
    media_type: str
    root: Node
    lang: str | None = None
    title: str | None = None
    scanned: bool = False
    left: tuple[str, ...] = ()


Progress = Callable[[int, int], None]
