"""Which lines of a plain text are headings that nothing marks, and how all of its headings rank.

An unmarked heading stands before what it is over: after a blank line, short, without a full stop, written like a title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from calfeed.documents.build import has_digit
from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

_STOPS = (".", ";", "!", "?", "。", "؛", "؟", ",")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*\d{2,4})?")
_LONG_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\w{2,}")
_NUMBERED = re.compile(r"((?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2})*)\.?\s+(?=[^\W\d_])")
_ROMAN = re.compile(r"[IVX]{1,5}[.)]\s+(?=\S)")
_LETTERED = re.compile(r"[A-Z][.)]\s+(?=\S)")
_MAX_LENGTH = 120
_TITLE_SHARE = 0.6
# A short text that comes so often is the heading of a kind of section.
_AGAIN = 3
_REPEATED = "repeated"
# A longer text that is not written like a title only leads to what follows it.
_LEAD_WORDS = 8
# A line of a heading is full from so much of the width on.
_FULL = 0.75


def may_be_heading(text: str) -> bool:
    """Whether nothing about a text speaks against its being a heading."""
    if not text or len(text) > _MAX_LENGTH or text.endswith(_STOPS) or _ADDRESS.search(text):
        return False
    return any(letter.isalpha() for letter in text)


def title_share(text: str) -> float:
    """The share of the longer words that begin with a capital; 1 for a text without such words (or without case)."""
    found = _LONG_WORD.findall(text)
    if not found:
        return 0.0 if text.strip("(\"'“‘ ")[:1].islower() else 1.0
    return sum(not word[0].islower() for word in found) / len(found)


def style_of(text: str) -> str:
    """How a heading is set off: its numbering, its capitals, or nothing."""
    if match := _NUMBERED.match(text):
        return f"number {match[1].count('.') + 1}"
    if _ROMAN.match(text):
        return "roman"
    if _LETTERED.match(text):
        return "letter"
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= 4 and all(letter.isupper() for letter in letters):
        return "caps"
    return "plain"


def level_headings(nodes: Sequence[Node], widths: Mapping[int, int] | None = None) -> list[Node]:
    """The nodes with unmarked headings found, and each heading's level by how it is set off. `widths`: of the
    lines, by number."""
    texts = Counter(node.text for node in nodes if node.kind is NodeKind.PARAGRAPH)
    found: list[Node] = []
    following: Node | None = None
    # From the end, so that a heading over a heading is seen.
    for node in reversed(nodes):
        again = texts[node.text] >= _AGAIN and may_be_heading(node.text) and not has_digit(node.text)
        if node.kind is NodeKind.PARAGRAPH and following is not None and (again or _is_over(node, following)):
            node = replace(node, kind=NodeKind.HEADING)
        found.append(node)
        following = node
    return _ranked(_in_two_lines(found[::-1], widths or {}))


def heads_two_lines(first: str, second: str) -> bool:
    """Whether a title's first line ends with a colon, so that the title goes on in the next."""
    return (
        first.endswith(":") and not has_digit(second) and min(title_share(first), title_share(second)) >= _TITLE_SHARE
    )


def _in_two_lines(nodes: Sequence[Node], widths: Mapping[int, int]) -> list[Node]:
    """The nodes with headings joined that are one: they stand in lines that follow each other, and the first ends with
    a colon, or is as full as lines are in which other headings of the document go on."""
    found: list[Node] = []
    texts = Counter(node.text for node in nodes)
    full = max((widths.get(_lines(node)[0], 0) for node in nodes if _of_several_lines(node)), default=0)
    for node in nodes:
        above = found[-1] if found else None
        if above is not None and above.kind is node.kind is NodeKind.HEADING and texts[above.text] <= 1:
            (first, last), (start, end) = _lines(above), _lines(node)
            width = widths.get(last, 0)
            wraps = full and width >= _FULL * full and width + 1 + len(node.text.split()[0]) > full
            if last + 1 == start and (heads_two_lines(above.text, node.text) or (wraps and texts[node.text] == 1)):
                found[-1] = replace(above, text=f"{above.text} {node.text}", where=Where(lines=(first, end)))
                continue
        found.append(node)
    return found


def _lines(node: Node) -> tuple[int, int]:
    return node.where.lines or (0, 0)


def _of_several_lines(node: Node) -> bool:
    first, last = _lines(node)
    return node.kind is NodeKind.HEADING and last > first and title_share(node.text) >= _TITLE_SHARE


def _is_over(node: Node, following: Node) -> bool:
    text = node.text
    if not may_be_heading(text):
        return False
    if len(text.split()) > _LEAD_WORDS and title_share(text) < _TITLE_SHARE:
        return False
    if following.kind is NodeKind.TABLE and has_digit(_YEAR.sub("", text)):
        return False  # A day before a table's rows is a row that does not fit its columns.
    if following.kind in (NodeKind.LIST, NodeKind.TABLE):
        return True
    if text.endswith((":", "：")):
        return True
    longer = following.kind is NodeKind.HEADING or (
        following.kind is NodeKind.PARAGRAPH and len(following.text) > 1.5 * len(text)
    )
    caps = style_of(text) != "plain"
    return (caps or title_share(text) >= _TITLE_SHARE) and (caps or longer) and not has_digit(text)


def _ranked(nodes: Sequence[Node]) -> list[Node]:
    """Headings with levels: underlined above others, then as each way of setting off first comes, plain ones last."""
    marked = [node.level for node in nodes if node.kind is NodeKind.HEADING and node.level]
    base = max(marked, default=0)
    texts = Counter(node.text for node in nodes if node.kind is NodeKind.HEADING)

    def style_of_node(node: Node) -> str:
        return _REPEATED if texts[node.text] >= _AGAIN else style_of(node.text)

    styles = dict.fromkeys(style_of_node(node) for node in nodes if node.kind is NodeKind.HEADING and not node.level)
    last = [style for style in ("plain", _REPEATED) if style in styles]
    others = [style for style in styles if not style.startswith("number") and style not in last]
    numbers = sorted(style for style in styles if style.startswith("number"))
    first = next(iter(styles), "")
    order = [*numbers, *others] if first.startswith("number") else [*others, *numbers]
    order += last
    return [
        replace(node, level=base + order.index(style_of_node(node)) + 1)
        if node.kind is NodeKind.HEADING and not node.level
        else node
        for node in nodes
    ]
