"""Siblings of one look in a page: cards, rows made of `div`s, teasers. Nothing marks them but that they are alike."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from calfeed.documents.build import item, outline, span
from calfeed.documents.tree import Node, NodeKind

# So many siblings of one look are cards; a card holds a few short things.
_MIN_CARDS = 3
_MAX_NODES = 12
_MAX_TEXT = 1_500
_TAGS = frozenset(("div", "article", "section", "a"))


def alike(element: LexborNode) -> frozenset[int]:
    """The numbers (from 1) of the children that share one look, where enough of them do."""
    looks: dict[tuple[str, str], list[int]] = {}
    for number, child in enumerate(element.iter(), start=1):
        if child.tag in _TAGS:
            look = (child.tag or "", " ".join(sorted((child.attributes.get("class") or "").split())))
            looks.setdefault(look, []).append(number)
    return frozenset(n for numbers in looks.values() if len(numbers) >= _MIN_CARDS for n in numbers)


def carded(cards: Sequence[list[Node]]) -> list[Node]:
    """The nodes of siblings of one look: a list where each holds several short things and no heading, sections where
    each begins with a heading of one level, else as they stand."""
    cards = [nodes for nodes in cards if nodes]
    if len(cards) >= _MIN_CARDS and all(map(_is_card, cards)):
        items = tuple(item(nodes) for nodes in cards)
        return [Node(kind=NodeKind.LIST, children=items, where=span(items))]
    levels = {nodes[0].level if nodes[0].kind is NodeKind.HEADING else 0 for nodes in cards}
    closed = len(cards) >= _MIN_CARDS and len(levels) == 1 and levels != {0}
    return [node for nodes in cards for node in (outline(nodes) if closed else nodes)]


def _is_card(nodes: Sequence[Node]) -> bool:
    if not 2 <= len(nodes) <= _MAX_NODES or any(node.kind is NodeKind.HEADING for node in nodes):
        return False
    return sum(len(node.text) for top in nodes for node in top.walk()) <= _MAX_TEXT
