"""reStructuredText: what docutils parses -> nodes. What it cannot parse is read as plain text, never lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import ClassVar

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage
from msgspec.structs import replace

from calfeed.documents import html, plain
from calfeed.documents.build import MAX_DEPTH, PLAIN, Words, grid, item, outline, pair, span, table, title_of
from calfeed.documents.front_matter import front_matter
from calfeed.documents.language import guess
from calfeed.documents.lines import breaks_of
from calfeed.documents.rst_directives import tolerant
from calfeed.documents.tree import Node, NodeKind, Progress, Style, Tree
from calfeed.model import Where

# docutils reads some 100 kB a second, and nests by recursion: what is beyond these is read as plain text.
_MAX_LENGTH = 1_000_000
_MAX_LINE = 20_000
_MAX_INDENT = 200
_SETTINGS = {
    "report_level": 5,
    "halt_level": 6,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "smart_quotes": False,
    "line_length_limit": _MAX_LINE,
    "_disable_config": True,
}
_STYLES = {nodes.strong: Style(bold=True), nodes.emphasis: Style(italic=True)}
_STRUCK = frozenset(("del", "strike", "strikethrough", "struck", "s", "line-through"))
_UNSEEN = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.meta, nodes.image, nodes.transition)
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a reStructuredText document."""
    lines = text.split("\n")
    count, notes = front_matter(lines)
    body = "\n" * count + "\n".join(lines[count:])
    found = outline([*notes, *nodes_of(body, source=source)])
    title = title_of(found)
    return Tree(
        source=source,
        media_type="text/x-rst",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=found, where=span(found)),
        lang=lang or guess(text),
        title=title,
    )


def nodes_of(text: str, *, source: str) -> list[Node]:
    """The nodes of a text in order, not yet in sections."""
    lines = text.split("\n")
    deep = any(len(line) > _MAX_LINE or len(line) - len(line.lstrip()) > _MAX_INDENT for line in lines)
    if len(text) > _MAX_LENGTH or deep:
        return plain.nodes(lines)
    settings = {**_SETTINGS, "warning_stream": io.StringIO()}
    try:
        document = publish_doctree(tolerant(text), settings_overrides=settings)
        return _Converter(source, len(lines)).blocks(document, 0)
    except (SystemMessage, RecursionError, AttributeError, AssertionError, ValueError, IndexError, TypeError, KeyError):
        return plain.nodes(lines)


class _Converter:
    """Turns docutils' nodes into ours; `line` is the last one that was told."""

    def __init__(self, source: str, count: int) -> None:
        self.source = source
        self.count = count
        self.line = 1

    def where(self, node: nodes.Node, height: int = 1) -> Where:
        if node.line:
            self.line = min(max(1, node.line), self.count)
        return Where(lines=(self.line, min(self.line + max(0, height - 1), self.count)))

    def blocks(self, parent: nodes.Element, depth: int, lists: int = 0) -> list[Node]:
        found: list[Node] = []
        for node in parent.children:
            found.extend(self.block(node, depth, lists))
        return found

    def block(self, node: nodes.Node, depth: int, lists: int) -> list[Node]:
        if not isinstance(node, nodes.Element):
            made = self.words(node, NodeKind.PARAGRAPH)
            return [made] if made.text else []
        convert = next((method for kinds, method in self.methods if isinstance(node, kinds)), _Converter.held)
        return convert(self, node, depth, lists)

    def held(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        return self.blocks(node, depth, lists)

    def unseen(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        return []

    def section(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        self.where(node)
        return self.blocks(node, depth + 1)

    def heading(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        made = self.words(node, NodeKind.HEADING)
        return [replace(made, level=min(max(1, depth), MAX_DEPTH))] if made.text else []

    def paragraph(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        made = self.words(node, NodeKind.PARAGRAPH)
        return [made] if made.text else []

    def raw(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        first = self.where(node).lines or (1, 1)
        if "html" not in node.get("format", ""):
            return []
        return html.fragment(node.astext(), source=self.source, first=first[0])

    def literal(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        first = self.where(node).lines or (1, 1)
        return plain.nodes(node.astext().split("\n"), first=first[0])

    def message(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        """What docutils could not parse stands in its message, as it stood."""
        literal = next(node.findall(nodes.literal_block), None)
        return self.literal(literal, depth, lists) if literal is not None else []

    def note(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        made = self.flat(node, NodeKind.NOTE)
        return [made] if made.text else []

    def furniture(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        made = self.flat(node, NodeKind.FURNITURE)
        return [made] if made.text else []

    def box(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        """A box: its title is a bold paragraph, for it opens no section."""
        found: list[Node] = []
        for child in node.children:
            if isinstance(child, nodes.title | nodes.subtitle):
                found.append(replace(self.words(child, NodeKind.PARAGRAPH), style=Style(bold=True)))
            else:
                found.extend(self.block(child, depth, lists))
        return found

    def listing(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        where = self.where(node)
        items: list[Node] = []
        for number, child in enumerate(node.children, start=int(node.get("start", 1))):
            place = self.where(child)
            held = self.blocks(child, depth, lists + 1) if isinstance(child, nodes.Element) else []
            items.append(item(held, span(held) if held else place, label=_label(node, number), level=lists + 1))
        if lists >= MAX_DEPTH:
            return [replace(made, kind=NodeKind.PARAGRAPH, level=0) for made in items]
        return [Node(kind=NodeKind.LIST, children=tuple(items), where=span(items) if items else where, level=lists + 1)]

    def pairs(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        """The terms, fields or options of a list, each with what is said of it."""
        found: list[Node] = []
        for entry in node.children:
            if not isinstance(entry, nodes.Element) or len(entry.children) < 2:
                found.extend(self.block(entry, depth, lists))
                continue
            *terms, body = entry.children
            self.where(entry)
            term = self.words(terms[0], NodeKind.PARAGRAPH)
            for other in terms[1:]:
                term = replace(term, text=f"{term.text} : {other.astext()}")
            found.append(pair(term, self.block(body, depth, lists)))
        return found

    def table(self, node: nodes.Element, depth: int, lists: int) -> list[Node]:
        where = self.where(node)
        caption = ""
        rows: list[list[Node]] = []
        for part in node.findall(lambda found: isinstance(found, nodes.row | nodes.title)):
            if isinstance(part, nodes.title):
                caption = caption or part.astext()
                continue
            if not isinstance(part, nodes.row):
                continue
            head = isinstance(part.parent, nodes.thead)
            cells = [self.cell(entry, head) for entry in part.children if isinstance(entry, nodes.entry)]
            place = next((cell.where for cell in cells if cell.text), where)
            rows.append([cell if cell.text else replace(cell, where=place) for cell in cells])
        placed = grid(rows, source=self.source)
        where = span([cell for row in placed for cell in row]) if any(placed) else where
        return [table(placed, where, caption=caption)]

    def cell(self, entry: nodes.entry, head: bool) -> Node:
        made = self.flat(entry, NodeKind.CELL)
        rows, columns = (1 + int(entry.get(name, 0)) for name in ("morerows", "morecols"))
        return replace(made, head=head, rows=rows, columns=columns)

    # Text.

    def words(self, node: nodes.Node, kind: NodeKind) -> Node:
        """A block's own text. Lines of a line block, and breaks that were meant, stay."""
        gathered = Words()
        height = node.astext().count("\n") + 1
        where = self.where(node, height)
        self.gather(node, gathered, PLAIN, "")
        return gathered.node(kind, where)

    def flat(self, node: nodes.Element, kind: NodeKind) -> Node:
        """All text within a node, its blocks as lines of one text."""
        gathered = Words()
        start = next((min(inside.line, self.count) for inside in node.findall() if inside.line), self.line)
        self.gather(node, gathered, PLAIN, "")
        return gathered.node(kind, Where(lines=(start, start)))

    def gather(self, node: nodes.Node, words: Words, style: Style, address: str) -> None:
        if isinstance(node, nodes.Text):
            words.add(str(node), style, address)
            return
        if not isinstance(node, nodes.Element) or isinstance(node, (*_UNSEEN, nodes.system_message)):
            return
        if isinstance(node, nodes.line):
            words.break_line()
        elif isinstance(node, nodes.list_item) and isinstance(node.parent, nodes.enumerated_list):
            words.break_line()
            words.add(_label(node.parent, int(node.parent.get("start", 1)) + node.parent.index(node)) + " ")
        elif (
            isinstance(node, nodes.paragraph | nodes.title | nodes.list_item | nodes.row | nodes.literal_block)
            and words
        ):
            words.break_line()
        style = next((look for kind, look in _STYLES.items() if isinstance(node, kind)), style)
        if not _STRUCK.isdisjoint(node.get("classes", ())):
            style = replace(style, struck=True)
        if isinstance(node, nodes.reference):
            address = node.get("refuri", "")
        # In a cell the margin is its column's: no break within a paragraph was meant.
        if isinstance(node, nodes.paragraph) and not isinstance(node.parent, nodes.entry) and "\n" in node.astext():
            self.broken(node, words, style, address)
            return
        for child in node.children:
            self.gather(child, words, style, address)

    def broken(self, node: nodes.Element, words: Words, style: Style, address: str) -> None:
        """A paragraph of several lines: each break is the author's or the margin's."""
        meant = iter(breaks_of(node.astext().split("\n")))
        for text in node.findall(nodes.Text):
            look, target = style, address
            above = text.parent
            while above is not None and above is not node:
                look = next((found for kind, found in _STYLES.items() if isinstance(above, kind)), look)
                target = above.get("refuri", target)
                above = above.parent
            for number, line in enumerate(str(text).split("\n")):
                if number:
                    if next(meant, False):
                        words.break_line()
                    else:
                        words.add("\n")
                words.add(line, look, target)

    # Which method takes which of docutils' elements; what is none of these is what it holds.
    methods: ClassVar[tuple[tuple[tuple[type, ...], Callable[..., list[Node]]], ...]] = (
        (_UNSEEN, unseen),
        ((nodes.section,), section),
        ((nodes.title, nodes.subtitle, nodes.rubric), heading),
        ((nodes.paragraph, nodes.line_block, nodes.attribution, nodes.caption), paragraph),
        ((nodes.bullet_list, nodes.enumerated_list), listing),
        ((nodes.definition_list, nodes.field_list, nodes.option_list), pairs),
        ((nodes.table,), table),
        ((nodes.raw,), raw),
        ((nodes.literal_block, nodes.doctest_block, nodes.math_block), literal),
        ((nodes.system_message,), message),
        ((nodes.footnote, nodes.citation), note),
        ((nodes.decoration, nodes.header, nodes.footer), furniture),
        ((nodes.topic, nodes.sidebar, nodes.Admonition), box),
        ((nodes.Inline,), paragraph),
    )


def _label(node: nodes.Element, number: int) -> str:
    if isinstance(node, nodes.bullet_list):
        return str(node.get("bullet", "•"))
    kind = node.get("enumtype", "arabic")
    if kind.endswith("roman"):
        text = _roman(number)
    elif kind.endswith("alpha"):
        text = chr(ord("a") + (number - 1) % 26)
    else:
        text = str(number)
    text = text.upper() if kind.startswith("upper") else text
    return f"{node.get('prefix', '')}{text}{node.get('suffix', '.')}"


def _roman(number: int) -> str:
    text = ""
    for value, numeral in _ROMAN:
        text += numeral * (number // value)
        number %= value
    return text
