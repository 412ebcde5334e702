"""Plain text: lines -> nodes, by what the characters show.

A text marks little. Bullets, numbers, indents, underlines, aligned columns, tabs, pipes and blank lines are believed;
a short line that stands like a heading is one. Wrapped lines are put together again, a break that the author set stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from calfeed.documents.build import MAX_DEPTH, grid, has_digit, outline, span, table, title_of
from calfeed.documents.columns import aligned_cells
from calfeed.documents.decode import PAGE_BREAK
from calfeed.documents.furniture import without_furniture
from calfeed.documents.headings import heads_two_lines, level_headings
from calfeed.documents.language import guess
from calfeed.documents.lines import is_day, is_meant, rejoin, vocabulary_of
from calfeed.documents.tree import Node, NodeKind, Progress, Tree
from calfeed.model import Where

# Characters that stand before an item. Those of the second set are also signs inside a text: they need a space after.
_GLYPHS = "•●○◦▪▫■□◆◇▶►▸‣⁃∙·➢➤✓✔❖※☐☑☒★☆»\uf0a7\uf0b7\uf0d8\uf076\uf0fc"
_GLYPH = re.compile(rf"(?:[{_GLYPHS}\ue000-\uf8ff]\s*|[-–—−*+→>~]\s+|\[[ xX]?\]\s+|o\s{{2,}})(?=\S)")
_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\)|(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\.)\s+(?=\S)")
_UNDERLINE = re.compile(r"(=+|-+|~+|\*+|_+|\^+)$")
_RULE = re.compile(r"[ \t]*([-*_=~#.·•+–—]\s*)\1*$|[-=_*+~|: ]{3,}$")
# A full line, a page, an indent: in characters.
_FULL, _PAGE, _SET_IN, _MIN_LOST, _ENOUGH = 30, 80, 3, 3, 5
_NEARLY = 0.7
_PIPES = re.compile(r"\s*\|.*\|\s*$|[^|]*\S \| \S")


class Line(Struct, frozen=True):
    """A line: its number, its text without the marker, the marker before it ("" without), and the columns before."""

    number: int
    text: str
    marker: str
    indent: int
    raw: str


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a plain text."""
    lines = tuple(text.split("\n"))
    found = outline(nodes(lines))
    title = title_of(found)
    return Tree(
        source=source,
        media_type="text/plain",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=found, where=span(found)),
        lang=lang or guess(text),
        title=title,
    )


def nodes(lines: Sequence[str], *, first: int = 1) -> list[Node]:
    """The nodes of some lines in order, not yet in sections; `first` is the number of the first of them."""
    numbered = [(number, line.expandtabs(8) if line[:1] == "\t" else line) for number, line in without_furniture(lines)]
    kept = {number for number, _ in numbered}
    dropped = [
        (number, text)
        for number, line in enumerate(lines, start=1)
        if number not in kept and (text := line.replace(PAGE_BREAK, "").strip())
    ]
    rows = aligned_cells(numbered)
    vocabulary = vocabulary_of(lines)
    measure, hang = _measure([line for _, line in numbered]), _lost_markers([line for _, line in numbered])
    found: list[Node] = []
    for block in _blocks(numbered):
        while dropped and dropped[0][0] < block[0][0]:
            found.append(_leaf(NodeKind.FURNITURE, dropped.pop(0)))
        found.extend(_Block(block, rows, vocabulary, measure, hang).nodes())
    found.extend(_leaf(NodeKind.FURNITURE, line) for line in dropped)
    found = level_headings(_joined(found), {number: len(line.strip()) for number, line in numbered})
    return found if first == 1 else [_shifted(node, first - 1) for node in found]


def _leaf(kind: NodeKind, line: tuple[int, str]) -> Node:
    return Node(kind=kind, text=" ".join(line[1].split()), where=Where(lines=(line[0], line[0])))


def _blocks(numbered: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Lines that stand together without a blank one."""
    found: list[list[tuple[int, str]]] = []
    gap = True
    for number, line in numbered:
        if not line.strip():
            gap = True
            continue
        if gap:
            found.append([])
        found[-1].append((number, line))
        gap = False
    return found


class _Block:
    """A run of lines without a blank one, taken apart."""

    def __init__(
        self,
        block: Sequence[tuple[int, str]],
        rows: dict[int, tuple[str, ...]],
        vocabulary: frozenset[str],
        measure: int,
        hang: int,
    ) -> None:
        lines = [_line(number, raw, hang) for number, raw in block]
        # A title that is set in and goes on in the next line is a heading, not an item.
        after = [*lines[1:], None]
        self.lines = [
            _line(line.number, line.raw) if hang and line.marker and b and heads_two_lines(line.text, b.text) else line
            for line, b in zip(lines, after, strict=True)
        ]
        self.rows = rows
        self.hang = hang
        self.vocabulary = vocabulary
        widths = sorted(len(line.raw) for line in self.lines)
        # A block with a margin of its own: most of its lines reach it.
        narrow = len(widths) > 2 and widths[-1] >= _FULL and widths[len(widths) // 3] >= 0.75 * widths[-1]
        self.measure = widths[-1] if narrow and widths[-1] <= measure else measure
        self.out: list[Node] = []
        self.gathered: list[Line] = []

    def nodes(self) -> list[Node]:
        """The nodes of the block; items and rows stand alone still, for those of the next block may go on from them."""
        for position, line in enumerate(self.lines):
            if (cells := self._cells(line)) is not None:
                self._flush()
                if any(cells):
                    self.out.append(_row(line.number, cells))
            elif self.gathered and not self.gathered[-1].marker and self._is_underline(line):
                above = self.gathered.pop()
                self._flush()
                level = 1 if line.raw.strip()[0] == "=" else 2
                where = Where(lines=(above.number, line.number))
                self.out.append(Node(kind=NodeKind.HEADING, text=_text(above), where=where, level=level))
            elif _RULE.match(line.raw) and not any(letter.isalnum() for letter in line.raw):
                self._flush()
            elif self._opens(line, position):
                self._flush()
                self.gathered = [line]
            else:
                self.gathered.append(line)
        self._flush()
        return self.out

    def _opens(self, line: Line, position: int) -> bool:
        """Whether a line begins something new."""
        if not self.gathered or line.marker:
            return True
        above = self.gathered[-1]
        head = self.gathered[0]
        if head.marker and above.text.endswith(":") and has_digit(line.text):
            return False
        after = self.lines[position + 1].text if position + 1 < len(self.lines) else ""
        if head.marker and after and heads_two_lines(line.text, after) and is_meant(above.raw, line.raw, self.measure):
            return True
        if head.marker and line.indent > head.indent and line.indent >= above.indent:
            return False
        if head.marker and len(above.raw) >= _NEARLY * self.measure:
            # A line of an item that is nearly full goes on, whatever the next one begins with.
            return False
        if head.marker and self.hang and line.indent == 0:
            return True
        return is_meant(above.raw, line.raw, self.measure)

    def _is_underline(self, line: Line) -> bool:
        text = line.raw.strip()
        return bool(_UNDERLINE.match(text)) and len(text) >= max(3, len(self.gathered[-1].raw.strip()) // 2)

    def _cells(self, line: Line) -> tuple[str, ...] | None:
        if line.number in self.rows:
            return self.rows[line.number]
        text = line.raw.strip()
        if "|" in text and _PIPES.match(line.raw) and any(letter.isalnum() for letter in text):
            return tuple(cell.strip() for cell in text.strip("|").split("|"))
        if "\t" in text:
            cells = tuple(cell.strip() for cell in re.split(r"\t+", text))
            if len(cells[0]) <= 3 and not cells[0].isalnum():
                return None
            return cells
        return None

    def _flush(self) -> None:
        if not self.gathered:
            return
        lines, self.gathered = self.gathered, []
        where = Where(lines=(lines[0].number, lines[-1].number))
        if lines[0].marker:
            text = rejoin([lines[0].text, *(_text(line) for line in lines[1:])], self.vocabulary)
            node = Node(kind=NodeKind.ITEM, text=text, where=where, label=lines[0].marker, level=lines[0].indent)
        else:
            text = rejoin([_text(line) for line in lines], self.vocabulary)
            node = Node(kind=NodeKind.PARAGRAPH, text=text, where=where)
        self.out.append(node)


def _measure(lines: Sequence[str]) -> int:
    """How wide the text is set: what all but the widest twentieth of its full lines keep."""
    widths = sorted(len(line.strip()) for line in lines if len(line.strip()) > _FULL)
    if len(widths) < _ENOUGH:
        return max([_PAGE, *widths])
    return widths[min(len(widths) - 1, int(len(widths) * 0.95))]


def _lost_markers(lines: Sequence[str]) -> int:
    """The indent that stands where a bullet was lost: a few lines of a text that is set flush are set in by so much,
    each with its next lines flush again. 0 where no indent does."""
    indents = Counter(len(line) - len(line.lstrip(" ")) for line in lines if line.strip())
    total = sum(indents.values())
    likely = [(count, indent) for indent, count in indents.items() if 0 < indent <= _SET_IN and count >= _MIN_LOST]
    if len(likely) != 1 or indents[0] < 0.6 * total:
        return 0
    count, indent = likely[0]
    return indent if count <= 0.35 * total and indents[0] + count >= 0.95 * total else 0


def _line(number: int, raw: str, hang: int = 0) -> Line:
    text = raw.strip()
    indent = len(raw) - len(raw.lstrip())
    marker = ""
    match = _GLYPH.match(text) or _NUMBER.match(text)
    if match and not is_day(match[0], text[match.end() :]):
        marker = match[0].strip()
        text = text[match.end() :]
    elif hang and indent == hang:
        marker = "•"
    return Line(number, text, marker, indent, raw)


def _text(line: Line) -> str:
    return f"{line.marker} {line.text}" if line.marker and not line.raw.lstrip().startswith(line.text) else line.text


def _row(number: int, cells: Sequence[str]) -> Node:
    where = Where(lines=(number, number))
    children = tuple(Node(kind=NodeKind.CELL, text=" ".join(cell.split()), where=where) for cell in cells)
    return Node(kind=NodeKind.ROW, where=where, children=children)


def _joined(found: Sequence[Node]) -> list[Node]:
    """Items that follow one another as a list, nested by their indents; rows as a table."""
    out: list[Node] = []
    run: list[Node] = []
    for node in [*found, None]:
        if run and (node is None or node.kind is not run[0].kind):
            out.append(_list(run) if run[0].kind is NodeKind.ITEM else _table(run))
            run = []
        if node is not None and node.kind in (NodeKind.ITEM, NodeKind.ROW):
            run.append(node)
        elif node is not None:
            out.append(node)
    return out


def _table(rows: Sequence[Node]) -> Node:
    return table(grid([row.children for row in rows], source=""), span(rows))


def _list(items: Sequence[Node]) -> Node:
    """A list of items whose `level` is still the indent of each."""
    stack: list[tuple[int, list[Node]]] = [(items[0].level, [])]

    def close() -> None:
        _, children = stack.pop()
        made = Node(kind=NodeKind.LIST, children=tuple(children), where=span(children), level=len(stack) + 1)
        above = stack[-1][1]
        above[-1] = replace(above[-1], children=(*above[-1].children, made), where=span([above[-1], made]))

    for item in items:
        while len(stack) > 1 and item.level < stack[-1][0]:
            close()
        if item.level > stack[-1][0] and stack[-1][1] and len(stack) < MAX_DEPTH:
            stack.append((item.level, []))
        stack[-1][1].append(replace(item, level=len(stack)))
    while len(stack) > 1:
        close()
    return Node(kind=NodeKind.LIST, children=tuple(stack[0][1]), where=span(stack[0][1]), level=1)


def _shifted(node: Node, lines: int) -> Node:
    where = node.where
    if where.lines:
        where = replace(where, lines=(where.lines[0] + lines, where.lines[1] + lines))
    return replace(node, where=where, children=tuple(_shifted(child, lines) for child in node.children))
