"""HTML elements -> nodes: one walk, in the document's order.

Elements are taken by what they are, not how they are named, except where names are all there is (a `div` of class
"cookie-notice"). A `div` says nothing: its text is a paragraph, and siblings of one look that hold several are items.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from calfeed.documents import html_stated, plain
from calfeed.documents.build import MAX_DEPTH, Words, grid, item, outline, pair, span, table
from calfeed.documents.html_cards import alike, carded
from calfeed.documents.html_elements import (
    APART,
    BLOCKS,
    BRAND,
    HEADINGS,
    UNSEEN,
    Context,
    inherit,
    is_furniture,
    is_icon,
    is_layout,
    number_of,
    path_of,
    rows_of,
)
from calfeed.documents.html_source import LINE
from calfeed.documents.tree import Node, NodeKind, Stated
from calfeed.model import Where

# Deeper elements are read as text, without their structure.
_MAX_ELEMENTS_DEEP = 120


class Reader:
    """Walks the elements; words gather in a paragraph until a block ends it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.line = 1
        self.out: list[Node] = []
        self.words = Words()
        self.moments: list[date | datetime] = []
        self.started: Where | None = None
        # In a cell or in furniture blocks are lines of one text.
        self.flat = False
        self.aside: list[Node] = []

    def done(self) -> list[Node]:
        self.flush()
        return self.out

    # Text.

    def text(self, words: str, context: Context) -> None:
        stripped = words.lstrip()
        self.line += words.count("\n", 0, len(words) - len(stripped))
        if stripped and self.started is None:
            self.started = Where(lines=(self.line, self.line), path=context.path or None)
        self.words.add(words, context.style, context.address)
        trailing = len(stripped) - len(stripped.rstrip())
        within = stripped.count("\n", 0, len(stripped) - trailing)
        self.line += within
        if stripped and self.started is not None and self.started.lines and self.line > self.started.lines[1]:
            self.started = replace(self.started, lines=(self.started.lines[0], self.line))
        self.line += stripped.count("\n") - within

    def flush(self, kind: NodeKind = NodeKind.PARAGRAPH, **fields: object) -> None:
        """End the paragraph that gathers; within a cell a line ends instead."""
        if self.flat:
            self.words.break_line()
            return
        if self.words:
            moment = self.moments[0] if len(self.moments) == 1 else None
            node = self.words.node(kind, self.started or Where(), moment=moment, **fields)
            self.out.append(node)
        self.words, self.started, self.moments = Words(), None, []
        self.out.extend(self.aside)
        self.aside = []

    def inner(self, element: LexborNode, context: Context, *, flat: bool) -> tuple[list[Node], Node]:
        """What an element holds, apart from what gathers outside: its nodes, or (flat) one node with all its words."""
        kept = self.out, self.words, self.started, self.flat, self.moments, self.aside
        self.out, self.words, self.started, self.flat, self.moments, self.aside = [], Words(), None, flat, [], []
        line = self.line
        self.children(element, context)
        moment = self.moments[0] if len(self.moments) == 1 else None
        where = self.started or Where(lines=(line, line), path=context.path or None)
        node = self.words.node(NodeKind.PARAGRAPH, where, moment=moment)
        if not flat:
            self.flush()
        nodes, aside = self.out, self.aside
        self.out, self.words, self.started, self.flat, self.moments, self.aside = kept
        self.aside.extend(aside)
        return nodes, node

    # Elements.

    def children(self, element: LexborNode, context: Context) -> None:
        number = 0
        cards = alike(element) if not self.flat else frozenset()
        made: list[list[Node]] = []
        for child in element.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                self.text(child.text_content or "", context)
                continue
            if tag == "-comment":
                self.line += (child.comment_content or "").count("\n")
                continue
            number += 1
            inside = replace(context, path=path_of(child, context.path, number), depth=context.depth + 1)
            if number in cards:
                self.flush()
                made.append(self.inner_block(child, inside))
            else:
                self.out.extend(carded(made))
                made = []
                self.visit(child, inside)
        self.out.extend(carded(made))

    def visit(self, element: LexborNode, context: Context) -> None:
        """An element in the flow of the page."""
        tag = element.tag or ""
        attributes = element.attributes
        if line := attributes.get(LINE):
            self.line = int(line)
        if tag in UNSEEN:
            return
        if context.depth > _MAX_ELEMENTS_DEEP:
            self.text(element.text(deep=True, separator=" "), context)
            return
        if tag == "br":
            # Two breaks in a row part paragraphs.
            if self.words.broken and not self.flat:
                self.flush()
            self.words.break_line()
            return
        context = inherit(context, tag, attributes)
        if is_icon(tag, attributes):
            self.put_aside(element, context)
        elif tag == "time":
            self.children(element, context)
            if (moment := html_stated.moment(attributes.get("datetime"))) is not None:
                self.moments.append(moment)
        elif tag == "sup" and (digits := element.text(deep=True).strip()).isdigit():
            self.raised(element, digits, context)
        elif tag not in BLOCKS:
            self.inline(element, tag, context)
        elif self.flat:
            self.words.break_line()
            self.children(element, context)
            self.words.break_line()
        else:
            self.flush()
            self.block(element, tag, context)
            self.flush()

    def inline(self, element: LexborNode, tag: str, context: Context) -> None:
        if tag in APART:
            self.words.edge()
        self.children(element, context)
        if tag in APART:
            self.words.edge()

    def raised(self, element: LexborNode, digits: str, context: Context) -> None:
        """Raised digits: the minutes of an hour ("19" and small "30"), else the mark of a footnote."""
        if self.words.ends_with_digit and len(digits) == 2 and digits < "60":
            self.words.add(f":{digits}", context.style, context.address)
        else:
            self.put_aside(element, context)

    def block(self, element: LexborNode, tag: str, context: Context) -> None:
        if is_furniture(element, tag, context):
            self.furniture(element, context)
        elif (event := html_stated.event(element)) is not None:
            nodes = self.inner_block(element, context)
            self.out.append(item(nodes, stated=event))
        elif tag in HEADINGS:
            _, node = self.inner(element, replace(context, style=replace(context.style, bold=False)), flat=True)
            if node.text:
                self.out.append(replace(node, kind=NodeKind.HEADING, level=HEADINGS[tag]))
        elif tag in ("ul", "ol", "menu"):
            self.listing(element, tag, context)
        elif tag == "dl":
            self.definitions(element, context)
        elif tag == "table":
            self.table(element, context)
        elif tag == "details":
            self.details(element, context)
        elif tag == "pre":
            lines = tuple(element.text(deep=True).split("\n"))
            self.out.extend(plain.nodes(lines, first=self.line))
        else:
            self.children(element, context)

    def details(self, element: LexborNode, context: Context) -> None:
        """What opens at a click: a section, with its summary as heading, below all headings of the page."""
        nodes = self.inner(element, context, flat=False)[0]
        if nodes and element.css_first("summary") is not None and nodes[0].kind is NodeKind.PARAGRAPH:
            heading = replace(nodes[0], kind=NodeKind.HEADING, level=len(HEADINGS) + 1)
            children = (heading, *outline(nodes[1:]))
            nodes = [Node(kind=NodeKind.SECTION, level=heading.level, children=children, where=span(children))]
        self.out.extend(nodes)

    def inner_block(self, element: LexborNode, context: Context) -> list[Node]:
        """What an element holds, visited in an output of its own."""
        kept, self.out = self.out, []
        self.visit_held(element, context)
        self.flush()
        nodes, self.out = self.out, kept
        return nodes

    def visit_held(self, element: LexborNode, context: Context) -> None:
        if html_stated.is_event(element) and element.tag not in ("tr", "li"):
            self.children(element, inherit(context, element.tag or "", element.attributes))
        else:
            self.visit(element, context)

    def furniture(self, element: LexborNode, context: Context) -> None:
        """What stands around the text; the name of the site within it is a note, for it may name a year or a place."""
        brand = element.css_first(BRAND)
        name = " ".join(brand.text(deep=True, separator=" ").split()) if brand is not None else ""
        _, node = self.inner(element, context, flat=True)
        if name and len(name) <= 100:
            self.out.append(Node(kind=NodeKind.NOTE, label="title", text=name, where=node.where))
        if node.text:
            self.out.append(replace(node, kind=NodeKind.FURNITURE))

    def put_aside(self, element: LexborNode, context: Context) -> None:
        _, node = self.inner(element, context, flat=True)
        if node.text:
            self.aside.append(replace(node, kind=NodeKind.FURNITURE))

    # Lists, pairs, tables.

    def listing(self, element: LexborNode, tag: str, context: Context) -> None:
        if context.lists >= MAX_DEPTH:
            self.children(element, context)
            return
        inside = replace(context, lists=context.lists + 1)
        items: list[Node] = []
        number = number_of(element.attributes.get("start"))
        for position, child in enumerate(element.iter(include_text=True), start=1):
            if child.tag in ("-text", "-comment"):
                self.line += (child.text_content or "").count("\n") if child.tag == "-text" else 0
                continue
            path = path_of(child, context.path, position)
            held = replace(inherit(inside, child.tag or "", child.attributes), path=path, depth=context.depth + 1)
            if line := child.attributes.get(LINE):
                self.line = int(line)
            if child.tag != "li":
                self.visit(child, held)
                continue
            nodes, _ = self.inner(child, held, flat=False)
            label = f"{number}." if tag == "ol" else "•"
            number += 1
            if nodes:
                event = html_stated.event(child)
                items.append(item(nodes, label=label, level=inside.lists, stated=event))
        if items:
            self.out.append(Node(kind=NodeKind.LIST, children=tuple(items), where=span(items), level=inside.lists))

    def definitions(self, element: LexborNode, context: Context) -> None:
        """<dl>: each term with its descriptions is a pair; divs may wrap the two."""
        term: Node | None = None
        told = True
        number = 0
        waiting = [*element.iter()][::-1]
        while waiting:
            child = waiting.pop()
            number += 1
            inside = replace(context, path=path_of(child, context.path, number), depth=context.depth + 1)
            if child.tag == "div":
                waiting.extend([*child.iter()][::-1])
                continue
            if line := child.attributes.get(LINE):
                self.line = int(line)
            if child.tag == "dt":
                if term is not None and not told:
                    self.out.append(term)
                _, term = self.inner(child, inside, flat=True)
                told = False
            elif child.tag == "dd" and term is not None:
                nodes, _ = self.inner(child, inside, flat=False)
                self.out.append(pair(term, nodes))
                told = True
            else:
                self.visit(child, inside)
                self.flush()
        if term is not None and not told:
            self.out.append(term)

    def table(self, element: LexborNode, context: Context) -> None:
        rows = list(rows_of(element))
        if is_layout(element, rows):
            self.children(element, context)
            return
        where = Where(lines=(self.line, self.line), path=context.path or None)
        caption = element.css_first("caption")
        name = ""
        if caption is not None:
            name = self.inner(caption, context, flat=True)[1].text
        made: list[list[Node]] = []
        events: dict[int, Stated] = {}
        for number, row in enumerate(rows, start=1):
            if (event := html_stated.event(row)) is not None:
                events[number - 1] = event
            made.append(self.row(row, number, inherit(context, "tr", row.attributes)))
        placed = grid(made, source=self.source)
        if any(placed):
            built = table(placed, where, caption=name)
            children = tuple(
                replace(row, stated=events[row.row]) if row.row in events else row for row in built.children
            )
            self.out.append(replace(built, children=children, where=replace(span(children), path=where.path)))

    def row(self, row: LexborNode, number: int, context: Context) -> list[Node]:
        head = row.parent is not None and row.parent.tag == "thead"
        cells: list[Node] = []
        for position, cell in enumerate(row.iter(), start=1):
            if cell.tag not in ("td", "th"):
                continue
            attributes = cell.attributes
            if line := attributes.get(LINE):
                self.line = int(line)
            path = f"{context.path} > tr:nth-of-type({number}) > {cell.tag}:nth-child({position})"
            inside = replace(inherit(context, "td", attributes), path=path, depth=context.depth + 2)
            _, node = self.inner(cell, inside, flat=True)
            cells.append(
                replace(
                    node,
                    kind=NodeKind.CELL,
                    head=head or cell.tag == "th",
                    rows=number_of(attributes.get("rowspan")),
                    columns=number_of(attributes.get("colspan")),
                )
            )
        return cells
