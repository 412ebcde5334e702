"""AsciiDoc: the parts that programmes use -> nodes. Sections, lists, tables, attributes, blocks; nothing is included.

There is no parser of it in Python. A line is looked at once: what opens a block, an item or a row, else what goes on.
Source: the language documentation of Eclipse AsciiDoc.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from calfeed.documents import html, plain
from calfeed.documents.asciidoc_inline import paragraph
from calfeed.documents.asciidoc_table import Cells
from calfeed.documents.build import MAX_DEPTH, PLAIN, Words, item, outline, pair, span, table, title_of
from calfeed.documents.front_matter import front_matter
from calfeed.documents.language import guess
from calfeed.documents.tree import Node, NodeKind, Progress, Style, Tree
from calfeed.model import Where

_LIQUID = re.compile(r"\{%[^%\n]*%\}|\{\{[^{}\n]*\}\}")
_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)$")
_ENTRY = re.compile(r":(!?[\w-]+!?):(?:[ \t]+(.*))?$")
_ATTRIBUTES = re.compile(r"\[([^\[\]]*)\]$|\[\[[^\]]+\]\]$")
_TITLE = re.compile(r"\.([^\s.].*)$")
_DELIMITER = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```.*)$")
_TABLE = re.compile(r"([|,:!])={3,}$")
_BULLET = re.compile(r"[ \t]*(\*{1,6}|-|•)[ \t]+(\S.*)$")
_NUMBER = re.compile(r"[ \t]*(\.{1,6}|\d{1,3}\.|[a-zA-Z]\.|<\d{1,3}>)[ \t]+(\S.*)$")
_TERM = re.compile(r"[ \t]*(\S.*?)(:{2,4}|;;)(?:[ \t]+(.*))?$")
_MACRO = re.compile(r"(?:image|video|audio|include|toc|ifdef|ifndef|ifeval|endif)::[^\s\[]*\[.*\]$")
_INCLUDE = re.compile(r"include::([^\[]+)\[")
_RULE = re.compile(r"(?:'{3,}|<{3,}|-{3}|\*{3}|- - -|\* \* \*)$")
_ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+")
_UNDERLINE = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5}
_TASK = re.compile(r"\[[ xX*]\][ \t]+")
_MAX_NESTED = 12


def read(text: str, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of an AsciiDoc text."""
    lines = _LIQUID.sub("", text).split("\n")
    count, notes = front_matter(lines)
    reader = _Reader(source)
    found = outline([*notes, *reader.blocks([(n, line) for n, line in enumerate(lines, start=1) if n > count], 0)])
    title = title_of(found)
    return Tree(
        source=source,
        media_type="text/asciidoc",
        root=Node(kind=NodeKind.DOCUMENT, text=title or "", children=found, where=span(found)),
        lang=lang or guess(text),
        title=title,
        left=tuple(reader.left),
    )


Lines = Sequence[tuple[int, str]]


class _Reader:
    """Reads lines with their numbers; attributes that are set hold from there on."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.attributes: dict[str, str] = {"nbsp": " ", "zwsp": "", "empty": "", "sp": " ", "plus": "+", "amp": "&"}
        self.left: list[str] = []

    def blocks(self, lines: Lines, depth: int) -> list[Node]:
        """The nodes of some lines, lists put together."""
        out: list[Node] = []
        items: list[tuple[str, Node, list[Node]]] = []
        at = 0
        settings = title = ""
        attached = False

        def settle() -> None:
            out.extend(_lists(items))
            items.clear()

        while at < len(lines):
            number, line = lines[at]
            text = line.strip()
            if not text:
                at += 1
                # A blank line ends a list, unless what follows is one of its items.
                if items and not attached and not _opens_item(lines, at):
                    settle()
                continue
            if text == "+" and items:
                attached = True
                at += 1
                continue
            if marked := self._mark(number, line):
                settings, title = (marked[1] or settings, marked[0] or title)
                at += 1
                continue
            made, end = self._block(lines, at, settings, depth)
            entry = self._item(lines, at) if made is None else None
            if entry is not None:
                marker, node, end = entry
                items.append((marker, node, []))
            else:
                if made is None:
                    made, end = self._paragraph(lines, at, settings, attached)
                if title:
                    made = _titled(made, title, number)
                if items and attached:
                    items[-1][2].extend(made)
                else:
                    settle()
                    out.extend(made)
            settings = title = ""
            attached = False
            at = end
        settle()
        return out

    def _mark(self, number: int, line: str) -> tuple[str, str] | None:
        """A line that says something of what follows: (title, attributes); None for any other."""
        text = line.strip()
        if text.startswith("//") and not text.startswith("////"):
            return ("", "")
        if entry := _ENTRY.match(line):
            self.attributes[entry[1].strip("!").lower()] = entry[2] or ""
            return ("", "")
        if _RULE.match(text):
            return ("", "")
        if _MACRO.match(text):
            if included := _INCLUDE.match(text):
                self.left.append(f"Line {number} includes {included[1]}, which was not read.")
            return ("", "")
        if attributes := _ATTRIBUTES.match(text):
            return ("", attributes[1] or "")
        if (title := _TITLE.match(text)) and not _NUMBER.match(text):
            return (title[1], "")
        return None

    def _block(self, lines: Lines, at: int, settings: str, depth: int) -> tuple[list[Node] | None, int]:
        """A heading or a delimited block, and the line after it; (None, at) for anything else."""
        number, line = lines[at]
        where = Where(lines=(number, number))
        if heading := _HEADING.match(line):
            return [self._text(NodeKind.HEADING, [heading[2]], where, level=min(len(heading[1]), MAX_DEPTH))], at + 1
        if at + 1 < len(lines) and (level := _underlined(line, lines[at + 1][1])):
            return [self._text(NodeKind.HEADING, [line], Where(lines=(number, number + 1)), level=level)], at + 2
        fence = _TABLE.match(line.strip())
        delimiter = _DELIMITER.match(line.rstrip())
        if not fence and not delimiter:
            return None, at
        closing = "```" if line.startswith("```") else line.strip()
        end = next((n for n in range(at + 1, len(lines)) if lines[n][1].rstrip() == closing), len(lines))
        inner = lines[at + 1 : end]
        after = min(end + 1, len(lines))
        if fence:
            cells = Cells(self.source, self.attributes)
            rows = cells.rows(inner, settings, fence[1])
            return [table(rows, span([cell for row in rows for cell in row]))] if rows else [], after
        sign = closing[0]
        if sign == "/" or not inner:
            return [], after
        if sign in "-.`" and closing != "--":
            return plain.nodes([text for _, text in inner], first=inner[0][0]), after
        if sign == "+":
            markup = "\n".join(text for _, text in inner)
            return html.fragment(markup, source=self.source, first=inner[0][0]), after
        if depth >= _MAX_NESTED:
            return plain.nodes([text for _, text in inner], first=inner[0][0]), after
        return self.blocks(inner, depth + 1), after

    def _item(self, lines: Lines, at: int) -> tuple[str, Node, int] | None:
        """An item or a term with its text, and the line after it."""
        number, line = lines[at]
        marked = _BULLET.match(line) or _NUMBER.match(line)
        term = None if marked else _TERM.match(line)
        if not marked and not term:
            return None
        marker, first = (marked[1], marked[2]) if marked else (term[2], term[3] or "") if term else ("", "")
        end = at + 1
        # A term's text may stand on the lines below it, after blank ones.
        while term and not first and end < len(lines) and not lines[end][1].strip():
            end += 1
        texts = [first] if first else []
        while end < len(lines) and (texts or term) and self._goes_on(lines, end, bool(texts)):
            texts.append(lines[end][1].strip())
            end += 1
        where = Where(lines=(number, max(number, lines[end - 1][0] if texts else number)))
        if term:
            name = self._text(NodeKind.PARAGRAPH, [term[1]], where)
            held = [self._text(NodeKind.PARAGRAPH, texts, where)] if texts else []
            return marker, pair(name, held, where), end
        task = _TASK.match(texts[0])
        label = task[0].strip() if task else marker
        texts[0] = texts[0][task.end() :] if task else texts[0]
        return marker, item([self._text(NodeKind.PARAGRAPH, texts, where)], where, label=_label(label)), end

    def _goes_on(self, lines: Lines, at: int, within: bool) -> bool:
        """Whether a line belongs to the text of the item above it."""
        line = lines[at][1]
        text = line.strip()
        if not text or text == "+" or _opens_item(lines, at):
            return False
        fixed = _DELIMITER.match(text) or _TABLE.match(text) or _ATTRIBUTES.match(text) or _HEADING.match(line)
        return not fixed and (within or not text.startswith("//"))

    def _paragraph(self, lines: Lines, at: int, settings: str, attached: bool) -> tuple[list[Node], int]:
        end = at + 1
        while end < len(lines):
            text = lines[end][1].strip()
            if not text or text == "+" or _DELIMITER.match(text) or _TABLE.match(text) or _ATTRIBUTES.match(text):
                break
            if _BULLET.match(lines[end][1]) or (attached and _opens_item(lines, end)):
                break
            end += 1
        block = lines[at:end]
        where = Where(lines=(block[0][0], block[-1][0]))
        texts = [text for _, text in block]
        if texts[0][:1] in " \t":
            return plain.nodes(texts, first=block[0][0]), end
        texts = [text for text in texts if not text.startswith("//")]
        texts[0] = _ADMONITION.sub("", texts[0])
        made = self._text(NodeKind.PARAGRAPH, texts, where, hard="hardbreaks" in settings)
        return ([made] if made.text else []), end

    def _text(
        self,
        kind: NodeKind,
        lines: Sequence[str],
        where: Where,
        *,
        level: int = 0,
        hard: bool = False,
        look: Style = PLAIN,
    ) -> Node:
        words = Words()
        paragraph(words, lines, self.attributes, look, hard=hard or "hardbreaks" in self.attributes)
        return words.node(kind, where, level=level)


def _opens_item(lines: Lines, at: int) -> bool:
    """Whether the next line with words opens an item, or is the "+" that attaches a block to one."""
    while at < len(lines) and not lines[at][1].strip():
        at += 1
    if at == len(lines):
        return False
    line = lines[at][1]
    return bool(_BULLET.match(line) or _NUMBER.match(line) or _TERM.match(line) or line.strip() == "+")


def _titled(nodes: list[Node], title: str, number: int) -> list[Node]:
    """Blocks under a title: a table's caption, else a bold paragraph above."""
    words = Words()
    paragraph(words, [title], {}, Style(bold=True))
    made = words.node(NodeKind.PARAGRAPH, Where(lines=(max(1, number - 1), max(1, number - 1))))
    if len(nodes) == 1 and nodes[0].kind is NodeKind.TABLE:
        return [replace(nodes[0], label=made.text)]
    return [made, *nodes]


def _label(marker: str) -> str:
    return "•" if marker[0] in "*-•" else marker


def _underlined(line: str, below: str) -> int:
    """The level of a heading in two lines, 0 where it is none."""
    below = below.rstrip()
    level = _UNDERLINE.get(below[:1], 0)
    text = line.strip()
    if not level or len(below) < 3 or below.strip(below[0]) or not text or text[0] in "|[.*-=":
        return 0
    return level if abs(len(below) - len(text)) <= 2 else 0


def _lists(items: Sequence[tuple[str, Node, list[Node]]]) -> list[Node]:
    """Items with what was attached to them, nested: a marker not in use opens a list within, one in use goes back."""
    out: list[Node] = []
    stack: list[tuple[str, list[Node]]] = []

    def close() -> None:
        _, children = stack.pop()
        pairs = all(child.kind is NodeKind.PAIR for child in children)
        made = [Node(kind=NodeKind.LIST, children=tuple(children), where=span(children), level=len(stack) + 1)]
        made = children if pairs else made
        if not stack:
            out.extend(made)
            return
        above = stack[-1][1]
        above[-1] = replace(above[-1], children=(*above[-1].children, *made), where=span([above[-1], *made]))

    for marker, node, attached in items:
        marker = "1." if marker.rstrip(".").isdigit() else marker
        markers = [used for used, _ in stack]
        # Back to the list that has the marker; a term among items begins anew.
        while markers and markers[-1] != marker and (marker in markers or node.kind is NodeKind.PAIR):
            close()
            markers.pop()
        if marker not in markers and len(stack) < MAX_DEPTH:
            stack.append((marker, []))
        level = len(stack) if node.kind is NodeKind.ITEM else 0
        label = f"{len(stack[-1][1]) + 1}." if marker[0] == "." else node.label
        stack[-1][1].append(replace(node, level=level, label=label, children=(*node.children, *outline(attached))))
    while stack:
        close()
    return out
