"""What the readers share to make nodes: inline text as it is gathered, grids of cells, sections from headings, pairs.

In: words with their style, cells with their spans, nodes in the document's order. Out: nodes. Nothing here knows a
format, and nothing recurses: a hostile document can be as deep as it likes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from calfeed.documents.grid import head_rows, union
from calfeed.documents.lines import is_day
from calfeed.documents.tree import Emphasis, Link, Node, NodeKind, Style
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

PLAIN = Style()
# What a document may have; more is no programme but an attack or a data dump.
MAX_NODES = 200_000
MAX_COLUMNS = 500
MAX_DEPTH = 16

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Chinese and Japanese are written without spaces: a line break in them is none.
_WIDE_BREAK = re.compile(
    "(?<=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef])"
)
# Letters that meet where two words do: "12May", "May12", "TalkOpening", but not "12th" or "Sep" with "tember".
_MEET = re.compile(r"[^\W\d_][A-Z\d]|\d[A-Z\d]")
# A bullet before a line: one that is nothing else, or a dash.
_TYPED = re.compile(r"^([•●○◦▪▫■□◆◇▶►▸‣⁃∙·➢➤✓✔❖☐☑\uf0a7\uf0b7\uf0d8](?=\s?\S)|[-–—](?=\s\S))\s?", re.MULTILINE)
_DASHES = "-–—"
_LABEL = re.compile(r"\s*([^\s:：][^:：\n]{0,60}?)\s*(?::(?=\s|$)|：)\s*")
_LABEL_WORDS = 4
_BOLD_LABEL_WORDS = 8


class Words:
    """The text of a node while it is gathered: white space folded, with its links and what stands out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._edge = False
        self._runs: list[tuple[int, int, Style]] = []
        self._links: list[Link] = []

    def __bool__(self) -> bool:
        return bool(self._length)

    def add(self, text: str, style: Style = PLAIN, address: str = "") -> None:
        """Append words; white space at either end, or within, counts as one space."""
        if not text.isascii():
            text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
            if "\n" in text:
                text = _WIDE_BREAK.sub("", text)
        elif not text.isprintable():
            text = _UNSEEN.sub("", text)
        words = " ".join(text.split())
        if not words:
            self._gap = self._gap or (" " if text else "")
            return
        if text[0].isspace():
            self._gap = self._gap or " "
        if self._edge and not self._gap and self._length and _MEET.match(self._parts[-1][-1] + words[0]):
            self._gap = " "
        if self._gap and self._length:
            self._parts.append(self._gap)
            self._length += 1
        start = self._length
        self._parts.append(words)
        self._length += len(words)
        self._gap = " " if text[-1].isspace() else ""
        self._edge = False
        if address:
            self._link(start, address)
        last = self._runs[-1] if self._runs else None
        if last and last[2] == style:
            self._runs[-1] = (last[0], self._length, style)
        else:
            self._runs.append((start, self._length, style))

    def break_line(self) -> None:
        """A line break that the author set."""
        self._gap = "\n"

    def edge(self) -> None:
        """The edge of an element that style sheets may set apart: "12" and "May" on its sides are two words."""
        self._edge = True

    @property
    def broken(self) -> bool:
        """Whether a line break came last."""
        return self._gap == "\n"

    @property
    def ends_with_digit(self) -> bool:
        return bool(self._length) and not self._gap and self._parts[-1][-1].isdigit()

    def _link(self, start: int, address: str) -> None:
        last = self._links[-1] if self._links else None
        if last and last.address == address and start - last.end <= 1:
            self._links[-1] = Link(start=last.start, end=self._length, address=address)
        else:
            self._links.append(Link(start=start, end=self._length, address=address))

    def node(self, kind: NodeKind, where: Where, **fields: object) -> Node:
        """The gathered text as a node; a style that all of it has is the node's own."""
        whole = self._runs[0][2] if len(self._runs) == 1 else PLAIN
        emphases = tuple(
            Emphasis(start=start, end=end, style=style)
            for start, end, style in (self._runs if len(self._runs) > 1 else ())
            if style != PLAIN
        )
        made = Node(
            kind=kind, text="".join(self._parts), where=where, style=whole, links=tuple(self._links), emphases=emphases
        )
        return replace(made, **fields) if fields else made


def part(node: Node, start: int, end: int | None = None, **fields: object) -> Node:
    """A node with a part of another's text, and the links and emphases that stand in it."""
    text = node.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    end = start + len(text)
    links = tuple(
        Link(start=max(link.start, start) - start, end=min(link.end, end) - start, address=link.address)
        for link in node.links
        if link.start < end and link.end > start
    )
    emphases = tuple(
        Emphasis(start=max(run.start, start) - start, end=min(run.end, end) - start, style=run.style)
        for run in node.emphases
        if run.start < end and run.end > start
    )
    style = node.style
    if len(emphases) == 1 and (emphases[0].start, emphases[0].end) == (0, len(text)):
        style, emphases = emphases[0].style, ()
    return replace(node, text=text, links=links, emphases=emphases, style=style, **fields)


def as_items(node: Node) -> tuple[Node, ...]:
    """A paragraph with lines that begin with a bullet as an item each, what stands above them as it was; else itself.

    A dash is a bullet only where two lines have one: alone it may be any sign.
    """
    if node.kind is not NodeKind.PARAGRAPH or node.children:
        return (node,)
    text = node.text
    marks = list(_TYPED.finditer(text)) if not text[:1].isalnum() or "\n" in text else []
    if not marks or (len(marks) == 1 and marks[0][1] in _DASHES):
        return (node,)
    found = [part(node, 0, marks[0].start())] if text[: marks[0].start()].strip() else []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        found.append(part(node, mark.end(), end, kind=NodeKind.ITEM, label=mark[1], level=1))
    return tuple(found)


def as_pairs(node: Node) -> tuple[Node, ...]:
    """A paragraph whose lines are all "Label: text" as pairs, else the paragraph itself.

    A label has few words and no digit ("3 May: opening" has a date before its colon), or stands out in bold.
    """
    if node.kind is not NodeKind.PARAGRAPH or (":" not in node.text and "：" not in node.text):
        return (node,)
    found: list[Node] = []
    at = 0
    for line in node.text.split("\n"):
        label = _LABEL.match(line)
        if not label or label.end() == len(line) or not _is_label(node, label[1], at + label.start(1)):
            return (node,)
        found.append(part(node, at + label.end(), at + len(line), kind=NodeKind.PAIR, label=label[1]))
        at += len(line) + 1
    return tuple(found)


def _is_label(node: Node, label: str, at: int) -> bool:
    words = len(label.split())
    end = at + len(label)
    if any(run.style.bold and run.start <= at and end <= run.end <= end + 2 for run in node.emphases):
        return words <= _BOLD_LABEL_WORDS
    return words <= _LABEL_WORDS and not label[0].islower() and not any(letter.isdigit() for letter in label)


def grid(rows: Iterable[Sequence[Node]], *, source: str) -> list[list[Node]]:
    """Rows of cells with their places: each cell's `row` and `column` by the spans of those before it.

    A span stops at MAX_COLUMNS. Raises DocumentError where rows and spans make more slots than MAX_NODES.
    """
    placed: list[list[Node]] = []
    taken: list[tuple[int, int, int]] = []  # first column, column after the last, last row of a span from above
    work = 0
    for number, cells in enumerate(rows):
        taken = [span for span in taken if span[2] >= number]
        work += len(cells) + len(taken)
        if work > MAX_NODES:
            raise too_large(source, f"a table with more than {MAX_NODES:,} cells")
        row: list[Node] = []
        column = 0
        waiting = sorted(taken)
        for cell in cells:
            while waiting and waiting[0][0] <= column:
                column = max(column, waiting.pop(0)[1])
            if column >= MAX_COLUMNS:
                raise too_large(source, f"a table with more than {MAX_COLUMNS} columns")
            wide = min(cell.columns, MAX_COLUMNS - column)
            row.append(replace(cell, row=number, column=column, columns=wide))
            if cell.rows > 1:
                taken.append((column, column + wide, number + cell.rows - 1))
            column += wide
        placed.append(row)
    return placed


def table(rows: Sequence[Sequence[Node]], where: Where, *, caption: str = "") -> Node:
    """A table of placed cells (see `grid`); where no row is marked as a head, its look tells which are."""
    heads = next((number for number, row in enumerate(rows) if not all(cell.head for cell in row)), len(rows))
    rows = [row for row in rows if row]
    heads = heads or head_rows(rows)
    return Node(
        kind=NodeKind.TABLE,
        where=where,
        label=caption,
        children=tuple(_row(row, number < heads) for number, row in enumerate(rows)),
    )


def _row(cells: Sequence[Node], head: bool) -> Node:
    head = head or all(cell.head for cell in cells)
    children = tuple(replace(cell, head=True) if head and not cell.head else cell for cell in cells)
    where = cells[0].where if len(cells) == 1 else union(cell.where for cell in cells)
    return Node(kind=NodeKind.ROW, row=cells[0].row, head=head, where=where, children=children)


def has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def outline(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes with sections made of each heading and what stands under it, pairs of "Label: text" paragraphs, lists
    of items that stand alone and of paragraphs with a bullet typed before them.

    A section that is made already stands under the headings above its level, and closes those below.
    """
    root: list[Node] = []
    stack: list[tuple[int, list[Node]]] = [(0, root)]
    items: list[Node] = []
    for node in (made for given in nodes for piece in as_items(given) for made in as_pairs(piece)):
        if node.kind is NodeKind.ITEM:
            items.append(node)
            continue
        _settle(items, stack[-1][1])
        level = min(node.level, MAX_DEPTH) if node.kind in (NodeKind.HEADING, NodeKind.SECTION) else 0
        if level:
            while stack[-1][0] >= level:
                _close(stack)
        if node.kind is NodeKind.HEADING and level:
            stack.append((level, [node]))
        else:
            stack[-1][1].append(node)
    _settle(items, stack[-1][1])
    while len(stack) > 1:
        _close(stack)
    return tuple(root)


def _settle(items: list[Node], out: list[Node]) -> None:
    if items:
        out.append(Node(kind=NodeKind.LIST, children=tuple(items), where=span(items), level=1))
        items.clear()


def item(nodes: Sequence[Node], where: Where | None = None, **fields: object) -> Node:
    """An item of some nodes: the first paragraph is its text, what follows stands under it. A label that is a day
    ("3." before "Mai") belongs to the text."""
    where = where or span(nodes)
    if not nodes or nodes[0].kind is not NodeKind.PARAGRAPH or nodes[0].children:
        return Node(kind=NodeKind.ITEM, children=outline(nodes), where=where, **fields)  # type: ignore[arg-type]
    first = nodes[0]
    label = str(fields.get("label", ""))
    if is_day(label, first.text):
        first = _prefixed(first, f"{label} ")
        fields["label"] = ""
    return replace(first, kind=NodeKind.ITEM, children=outline(nodes[1:]), where=where, **fields)


def _prefixed(node: Node, words: str) -> Node:
    by = len(words)
    links = tuple(replace(link, start=link.start + by, end=link.end + by) for link in node.links)
    emphases = tuple(replace(run, start=run.start + by, end=run.end + by) for run in node.emphases)
    return replace(node, text=words + node.text, links=links, emphases=emphases)


def pair(term: Node, nodes: Sequence[Node], where: Where | None = None) -> Node:
    """A term and its description, as a pair."""
    where = where or span([term, *nodes])
    if nodes and nodes[0].kind is NodeKind.PARAGRAPH:
        rest = outline(nodes[1:])
        return replace(nodes[0], kind=NodeKind.PAIR, label=term.text, children=rest, where=where)
    return Node(kind=NodeKind.PAIR, label=term.text, children=outline(nodes), where=where)


def _close(stack: list[tuple[int, list[Node]]]) -> None:
    level, children = stack.pop()
    stack[-1][1].append(
        Node(kind=NodeKind.SECTION, level=level, where=span(children), children=tuple(children)),
    )


def span(nodes: Sequence[Node]) -> Where:
    """From the first of some nodes to the last."""
    where = union(node.where for node in nodes)
    return replace(where, path=nodes[0].where.path) if nodes and nodes[0].where.path else where


def title_of(nodes: Iterable[Node]) -> str | None:
    """The one heading that stands above all others: the first, if none has its level or a higher one."""
    levels: list[int] = []
    first = ""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if node.kind is NodeKind.HEADING:
            first = first or node.text
            levels.append(node.level)
        elif node.kind is NodeKind.SECTION:
            waiting.extend(reversed(node.children))
    if len(levels) < 2 or levels[0] != min(levels) or levels.count(levels[0]) > 1:
        return None
    return first


def too_large(source: str, what: str) -> DocumentError:
    """The error for a source that has too much of something: `what` says of what ("more than 400,000 cells")."""
    return DocumentError(
        f"this document has {what}, which is too much to read.",
        spot=Spot(source),
        mend="Give the part that holds the programme.",
    )
