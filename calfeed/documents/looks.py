"""How text looks, and headings that only look like ones: larger than the text around them, or bold, and short.

In: nodes of a format that knows sizes and weights, side by side, headings by style among them. Out: the same, with what
looks like a heading made one, ranked by size below what it is smaller than.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.documents.tree import Node, NodeKind, Style

_SENTENCE = re.compile(r"[.;,!?。；，:：]$")
_SENTENCES = re.compile(r"\w[.!?。](?=\s|$)")
_LONGEST = 150
# A heading is larger than all prose by this, or bold and not smaller than the body by more than that.
LARGER = 1.1
_SMALLER = 0.95
# Sizes that differ by less than this share are of one rank.
_SIZE_SHARE = 0.12
# What more than this share of the text looks like is no heading.
_MOST = 0.6

_Rank = tuple[float, bool]


class Look(NamedTuple):
    """What run properties say; None where they leave it to what they are based on. `size` is in whatever unit the
    format has.
    """

    bold: bool | None = None
    italic: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    size: float | None = None

    def over(self, below: Look) -> Look:
        """This look, with what it leaves open taken from `below`."""
        return Look(
            bold=below.bold if self.bold is None else self.bold,
            italic=below.italic if self.italic is None else self.italic,
            struck=below.struck if self.struck is None else self.struck,
            hidden=below.hidden if self.hidden is None else self.hidden,
            size=below.size if self.size is None else self.size,
        )

    def style(self, body: float) -> Style:
        """The same as the tree has it, its size as a ratio to `body`."""
        return Style(
            size=round((self.size or body) / body, 2),
            bold=bool(self.bold),
            italic=bool(self.italic),
            struck=bool(self.struck),
            hidden=bool(self.hidden),
        )


def with_headings(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with what looks like a heading made one. Levels of headings by style stay; looks rank below them, but
    for one that is larger than they are: a title."""
    prose = max((node.style.size for node in nodes if _is_prose(node)), default=1.0)
    looks = [
        _look(node, following, max(prose, 1.0)) for node, following in zip(nodes, [*nodes[1:], None], strict=False)
    ]
    texts = sum((bool(node.text) and node.kind is not NodeKind.FURNITURE) or bool(node.children) for node in nodes)
    counts = Counter(look for look in looks if look)
    common = {look for look, count in counts.items() if count > max(3, _MOST * texts)}
    styled = [node for node in nodes if node.kind is NodeKind.HEADING]
    ranks = _ranks(sorted(counts.keys() - common, reverse=True), styled)
    shift = 1 if any(level == 0 for level in ranks.values()) else 0
    done = []
    for node, look in zip(nodes, looks, strict=True):
        if look in ranks:
            done.append(replace(node, kind=NodeKind.HEADING, level=ranks[look] + shift))
        elif node.kind is NodeKind.HEADING and shift:
            done.append(replace(node, level=node.level + shift))
        else:
            done.append(node)
    return done


def _ranks(looks: Sequence[_Rank], styled: Sequence[Node]) -> dict[_Rank | None, int]:
    """The level of each look, the largest first: below all headings by style, 0 for one that is larger than they
    are.
    """
    deepest = max((node.level for node in styled), default=0)
    top = max((node.style.size for node in styled), default=0.0)
    ranks: dict[_Rank | None, int] = {}
    largest, rank = 0.0, deepest
    for look in looks:
        size = look[0]
        if styled and size > LARGER * top:
            ranks[look] = 0
            continue
        # Sizes that are nearly alike are of one rank; what is only bold is of a lower one.
        if rank == deepest or size < largest * (1 - _SIZE_SHARE) or size < LARGER <= largest:
            largest, rank = size, rank + 1
        ranks[look] = rank
    return ranks


def _is_prose(node: Node) -> bool:
    if node.kind is not NodeKind.PARAGRAPH:
        return False
    return len(node.text) > _LONGEST or len(_SENTENCES.findall(node.text)) > 1


def _look(node: Node, following: Node | None, prose: float) -> _Rank | None:
    """The size and weight of what looks like a heading, None of what does not.

    A numbered item is one where no other item follows it.
    """
    numbered = node.kind is NodeKind.ITEM and node.label[:1].isalnum()
    alone = following is None or following.kind is not NodeKind.ITEM
    if node.kind is not NodeKind.PARAGRAPH and not (numbered and alone):
        return None
    if len(node.text) > _LONGEST or _SENTENCE.search(node.text) or node.text.count("\n") > 1:
        return None
    size, bold = node.style.size, node.style.bold
    stands_out = size >= LARGER * prose or (bold and size > _SMALLER)
    return (size, bold) if stands_out and any(map(str.isalpha, node.text)) else None
