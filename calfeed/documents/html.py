"""HTML: sections from headings, lists, grids, pairs; what surrounds a page's own text apart; events that it states."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from calfeed.documents import html_stated
from calfeed.documents.build import outline, span
from calfeed.documents.html_elements import Context
from calfeed.documents.html_source import numbered
from calfeed.documents.html_walk import Reader
from calfeed.documents.language import guess
from calfeed.documents.tree import Node, NodeKind, Progress, Tree


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of an HTML page. Raises DocumentError where its elements nest too deep or a table is too large."""
    parser = LexborHTMLParser(numbered(text, source=source))
    reader = Reader(source)
    body = parser.body
    if body is not None:
        reader.visit(body, Context(path="body"))
    nodes = outline(reader.done())
    stated = html_stated.json_ld(parser)
    nodes = (
        *nodes,
        *(Node(kind=NodeKind.NOTE, text=event.title, stated=event, where=where) for event, where in stated),
    )
    title = _page_title(parser)
    words = " ".join(node.text for top in nodes for node in top.walk() if node.text)
    declared = parser.root.attributes.get("lang") if parser.root is not None else None
    return Tree(
        source=source,
        media_type="text/html",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=nodes, where=span(nodes)),
        lang=lang or guess(words) or (declared or None),
        title=title,
    )


def fragment(text: str, *, source: str, first: int) -> list[Node]:
    """The nodes of a piece of HTML within another format, not yet in sections; `first` is its first line's number."""
    parser = LexborHTMLParser(numbered(text, source=source, first=first))
    reader = Reader(source)
    if parser.body is not None:
        reader.line = first
        reader.visit(parser.body, Context())
    return reader.done()


def _page_title(parser: LexborHTMLParser) -> str | None:
    element = parser.css_first("title")
    return " ".join(element.text(deep=True).split()) or None if element is not None else None
