"""Markdown (CommonMark with GitHub's tables, definition lists, footnotes): blocks -> nodes.

The parser is markdown-it-py. What site generators add is taken out first (Liquid tags, kramdown attributes,
containers), tables in HTML are read whole, and each node keeps its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from msgspec.structs import replace

from calfeed.documents import html, plain
from calfeed.documents.build import (
    MAX_DEPTH,
    PLAIN,
    Words,
    grid,
    item,
    outline,
    pair,
    part,
    span,
    table,
    title_of,
    too_large,
)
from calfeed.documents.front_matter import front_matter
from calfeed.documents.html_stated import moment
from calfeed.documents.language import guess
from calfeed.documents.lines import breaks_of
from calfeed.documents.markdown_tables import Cell, Cut, tables_in
from calfeed.documents.tree import Node, NodeKind, Progress, Style, Tree
from calfeed.model import Where

_LIQUID = re.compile(r"\{%(?:[^%{\n]|%(?!\})|\n(?!\n)){0,1000}+%\}|\{\{[^{}\n]*+\}\}(?!\()|\{:[^{}\n]*+\}|\{#[\w-]++\}")
_CONTAINER = re.compile(r"^[ \t]*:::+[ \t]*(?:\{[^}\n]*\}|[\w-]+)?(?:\[([^\]\n]*)\])?[ \t]*(.*)$", re.MULTILINE)
_MODULE = re.compile(r"^(?:import|export)\s.*?(?:from\s+['\"].*|;)[ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"^ {0,3}<table\b", re.IGNORECASE | re.MULTILINE)
_TABLE_END = re.compile(r"</table>", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"<!--table (\d+)\n*-->")
_CUT = re.compile(r"<!--cut (\d+)\s*-->$")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>")
_DATETIME = re.compile(r"datetime\s*=\s*[\"']?([^\"'>\s]+)")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
# No person writes longer lines, or nests deeper than so many columns; the parser would leave the rest out.
_MAX_LINE = 20_000
_DEEP = re.compile(r"^(?: {200}|(?:> ?){50})", re.MULTILINE)
_MAX_BARS = 100_000
_STYLES = {
    "strong": {"bold": True},
    "b": {"bold": True},
    "em": {"italic": True},
    "i": {"italic": True},
    "s": {"struck": True},
    "del": {"struck": True},
    "strike": {"struck": True},
}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _parse_inline)
    return parser.use(deflist_plugin).use(footnote_plugin)


def _parse_inline(state: StateCore) -> None:
    """Parse what stands within blocks, but for those beyond all lengths: unclosed brackets take quadratic time."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if len(token.content) > _MAX_LINE:
                token.children = [Token("text", "", 0, content=token.content)]
            else:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a Markdown text."""
    lines = text.split("\n")
    count, notes = front_matter(lines)
    body = "\n" * count + "\n".join(lines[count:])
    nodes = outline([*notes, *nodes_of(body, source=source)])
    title = next((note.text for note in notes if note.label.lower() == "title"), None) or title_of(nodes)
    return Tree(
        source=source,
        media_type="text/markdown",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=nodes, where=span(nodes)),
        lang=lang or guess(text),
        title=title,
    )


def nodes_of(text: str, *, source: str) -> list[Node]:
    """The nodes of a Markdown text in order, not yet in sections. One with a line or a depth beyond all that people
    write is read as plain text, for the parser's time grows faster than a line does."""
    lines = text.split("\n")
    if any(len(line) > _MAX_LINE for line in lines) or _DEEP.search(text):
        return plain.nodes(lines)
    if text.count("|") > _MAX_BARS:
        raise too_large(source, f"tables with more than {_MAX_BARS:,} cells")
    text = _LIQUID.sub(lambda tag: "\n" * tag[0].count("\n"), text)
    text = _CONTAINER.sub(lambda fence: fence[1] or fence[2] or "", text)
    text = _MODULE.sub("", text)
    text, tables = _without_tables(text)
    text, cuts = _without_cuts(text)
    builder = _Builder(source, text.split("\n"), tables, cuts)
    builder.take(_parser().parse(text))
    return builder.frames[0].nodes


def _without_tables(text: str) -> tuple[str, list[str]]:
    """The text with each table in HTML replaced by a comment of as many lines, and those tables."""
    pieces: list[str] = []
    tables: list[str] = []
    at = 0
    while start := _TABLE.search(text, at):
        end = _TABLE_END.search(text, start.end())
        if not end:
            break
        raw = text[start.start() : end.end()]
        pieces += [text[at : start.start()], f"<!--table {len(tables)}", "\n" * raw.count("\n"), "-->"]
        tables.append(raw)
        at = end.end()
    return "".join([*pieces, text[at:]]), tables


def _without_cuts(text: str) -> tuple[str, list[Cut]]:
    """The text with each of Pandoc's tables replaced by a comment of as many lines, and those tables."""
    lines = text.split("\n")
    cuts = tables_in(lines)
    for number, (start, end, _, _) in enumerate(cuts):
        lines[start:end] = [f"<!--cut {number}", *[""] * (end - start - 2), "-->"]
    return "\n".join(lines), cuts


class _Frame:
    """A block whose end is still to come."""

    def __init__(self, token: Token | None) -> None:
        self.token = token
        self.nodes: list[Node] = []
        self.rows: list[list[Node]] = []
        self.term: Node | None = None


class _Builder:
    """Takes the parser's tokens one by one; open blocks stand in a stack of frames."""

    def __init__(self, source: str, lines: Sequence[str], tables: Sequence[str], cuts: Sequence[Cut]) -> None:
        self.source = source
        self.cuts = cuts
        self.lines = lines
        self.tables = tables
        self.frames = [_Frame(None)]
        self.inline: Node | None = None

    def take(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "inline":
                self.inline = self._inline(token)
            elif token.nesting == 1:
                self.frames.append(_Frame(token))
            elif token.nesting == -1:
                self._close(self.frames.pop())
            else:
                self._block(token)

    def _where(self, token: Token) -> Where:
        if token.map is None:
            return Where()
        first, last = token.map
        while last - 1 > first and last <= len(self.lines) and not self.lines[last - 1].strip():
            last -= 1
        return Where(lines=(first + 1, max(first + 1, last)))

    def _out(self, nodes: Sequence[Node]) -> None:
        self.frames[-1].nodes.extend(nodes)

    def _block(self, token: Token) -> None:
        where = self._where(token)
        first = where.lines[0] if where.lines else 1
        if token.type == "html_block":
            if cut := _CUT.match(token.content.strip()):
                self._out([self._cut(self.cuts[int(cut[1])])])
                return
            content = _PLACEHOLDER.sub(lambda place: self.tables[int(place[1])], token.content)
            self._out(html.fragment(content, source=self.source, first=first))
        elif token.type in ("fence", "code_block"):
            offset = 1 if token.type == "fence" else 0
            self._out(plain.nodes(tuple(token.content.split("\n")), first=first + offset))

    def _cut(self, cut: Cut) -> Node:
        """One of Pandoc's tables; the text of its cells is Markdown again."""
        start, end, heads, body = cut
        rows = [
            [self._cut_cell(cell, number < len(heads)) for cell in row] for number, row in enumerate([*heads, *body])
        ]
        return table(grid(rows, source=self.source), Where(lines=(start + 1, end)))

    def _cut_cell(self, cell: Cell, head: bool) -> Node:
        text, line, rows, columns = cell
        inline = _parser().parseInline(text)[0]
        where = Where(lines=(line + 1, line + 1))
        return replace(self._inline(inline), kind=NodeKind.CELL, where=where, head=head, rows=rows, columns=columns)

    def _close(self, frame: _Frame) -> None:
        token = frame.token
        assert token is not None
        name = token.type.removesuffix("_open")
        where = self._where(token)
        if name == "paragraph":
            node = self._taken(NodeKind.PARAGRAPH, where)
            self._out([node] if node.text else [])
        elif name == "heading":
            node = self._taken(NodeKind.HEADING, where)
            self._out([replace(node, level=int(token.tag[1]))] if node.text else [])
        elif name in ("bullet_list", "ordered_list"):
            self._list(frame, where)
        elif name == "list_item":
            self._out([self._item(frame, token, where)])
        elif name in ("th", "td"):
            self.frames[-1].nodes.append(replace(self._taken(NodeKind.CELL, where), head=name == "th"))
        elif name == "tr":
            cells = [replace(cell, where=where) for cell in frame.nodes]
            self.frames[-1].rows.append(cells)
        elif name in ("thead", "tbody"):
            self.frames[-1].rows.extend(frame.rows)
        elif name == "table":
            self._out([table(grid(frame.rows, source=self.source), where)])
        elif name == "dt":
            self.frames[-1].term = self._taken(NodeKind.PARAGRAPH, where)
        elif name == "dd":
            self._out([pair(self.frames[-1].term or Node(kind=NodeKind.PARAGRAPH), frame.nodes)])
        elif name == "footnote":
            self._out([replace(node, kind=NodeKind.NOTE) for node in frame.nodes])
        else:
            self._out(frame.nodes)

    def _taken(self, kind: NodeKind, where: Where) -> Node:
        """The inline text that came last, as a node."""
        node, self.inline = self.inline, None
        return replace(node, kind=kind, where=where) if node else Node(kind=kind, where=where)

    def _list(self, frame: _Frame, where: Where) -> None:
        level = 1 + sum(above.token is not None and above.token.type.endswith("list_open") for above in self.frames)
        if level > MAX_DEPTH:
            self._out(frame.nodes)
            return
        items = tuple(replace(node, level=level) for node in frame.nodes)
        self._out([Node(kind=NodeKind.LIST, children=items, where=where, level=level)])

    def _item(self, frame: _Frame, token: Token, where: Where) -> Node:
        label = f"{token.info}{token.markup}" if token.info else token.markup
        made = item(frame.nodes, where, label=label)
        if task := _TASK.match(made.text):
            made = part(made, task.end(), label=task[0].strip())
        return made

    def _inline(self, token: Token) -> Node:
        words = Words()
        styles: list[tuple[str, Style]] = []
        address = ""
        said = None
        meant = iter(breaks_of(self.lines[slice(*token.map)] if token.map else ()))
        for child in token.children or ():
            style = styles[-1][1] if styles else PLAIN
            name = child.type.removesuffix("_open").removesuffix("_close")
            if child.type in ("text", "code_inline"):
                words.add(child.content, style, address)
            elif child.type == "softbreak":
                if next(meant, False):
                    words.break_line()
                else:
                    words.add("\n")
            elif child.type == "hardbreak":
                next(meant, False)
                words.break_line()
            elif name == "link":
                address = str(child.attrGet("href") or "") if child.nesting == 1 else ""
            elif child.type == "image":
                words.add(child.content, style, address)
            elif child.type == "html_inline":
                said = _tag(child.content, words, styles) or said
            elif child.type == "footnote_ref":
                words.add(f"[{child.meta.get('label', child.meta.get('id', 0))}]", style)
            elif name in _STYLES:
                _restyle(name, child.nesting == 1, styles)
        return words.node(NodeKind.PARAGRAPH, Where(), moment=moment(said))


def _restyle(name: str, opens: bool, styles: list[tuple[str, Style]]) -> None:
    if opens:
        styles.append((name, replace(styles[-1][1] if styles else PLAIN, **_STYLES[name])))
    elif styles:
        styles.pop()


def _tag(markup: str, words: Words, styles: list[tuple[str, Style]]) -> str | None:
    """What a tag among words does: break the line, change the style, or give the moment of a <time>."""
    tag = _TAG.match(markup)
    name = tag[2].lower() if tag else ""
    if tag is None:
        return None
    if name in ("br", "p", "div", "li"):
        words.break_line()
    elif name in _STYLES and not tag[1]:
        _restyle(name, True, styles)
    elif name in _STYLES and styles and styles[-1][0] == name:
        styles.pop()
    elif name == "time" and (said := _DATETIME.search(tag[3])):
        return said[1]
    return None
