"""Which lines of a plain text are headings that nothing marks, and how all of its headings rank.

An unmarked heading stands before what it is over: after a blank line, short, without a full stop, written like a title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from calfeed.documents.build import has_digit
from calfeed.documents.tree import Node, NodeKind

_STOPS = (".", ";", "!", "?", "。", "؛", "؟", ",")
_LONG_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\w{2,}")
_NUMBERED = re.compile(r"((?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2})*)\.?\s+(?=[^\W\d_])")
_ROMAN = re.compile(r"[IVX]{1,5}[.)]\s+(?=\S)")
_LETTERED = re.compile(r"[A-Z][.)]\s+(?=\S)")
_MAX_LENGTH = 100
_TITLE_SHARE = 0.6


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


def level_headings(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with unmarked headings found, and each heading's level by how it is set off."""
    found: list[Node] = []
    for position, node in enumerate(nodes):
        following = nodes[position + 1] if position + 1 < len(nodes) else None
        if node.kind is NodeKind.PARAGRAPH and following is not None and _is_over(node, following):
            node = replace(node, kind=NodeKind.HEADING)
        found.append(node)
    return _ranked(found)


def _is_over(node: Node, following: Node) -> bool:
    text = node.text
    if not may_be_heading(text):
        return False
    if following.kind in (NodeKind.LIST, NodeKind.TABLE):
        return True
    if text.endswith((":", "：")):
        return True
    longer = following.kind is NodeKind.PARAGRAPH and len(following.text) > 1.5 * len(text)
    caps = style_of(text) != "plain"
    return (caps or title_share(text) >= _TITLE_SHARE) and (caps or longer) and not has_digit(text)


def _ranked(nodes: Sequence[Node]) -> list[Node]:
    """Headings with levels: underlined above others, then as each way of setting off first comes, plain ones last."""
    marked = [node.level for node in nodes if node.kind is NodeKind.HEADING and node.level]
    base = max(marked, default=0)
    styles = dict.fromkeys(style_of(node.text) for node in nodes if node.kind is NodeKind.HEADING and not node.level)
    others = [style for style in styles if not style.startswith("number") and style != "plain"]
    numbers = sorted(style for style in styles if style.startswith("number"))
    first = next(iter(styles), "")
    order = [*numbers, *others] if first.startswith("number") else [*others, *numbers]
    order += ["plain"] if "plain" in styles else []
    return [
        replace(node, level=base + order.index(style_of(node.text)) + 1)
        if node.kind is NodeKind.HEADING and not node.level
        else node
        for node in nodes
    ]
