"""Tree -> what a model is shown: its text, a node a line with its id, cut into pages that each begin with the headings
over them. Running heads, navigation and what cannot be seen are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from calfeed.documents.tree import Node, NodeKind, Tree

# A page has so many characters: some 8,000 tokens, with room for its answer.
PAGE = 24_000
_PROMPT = "prompt.md"
_VERSION_LETTERS = 12


@cache
def prompt() -> str:
    """What a model is told before each page."""
    return resources.files("calfeed.assistant").joinpath(_PROMPT).read_text("utf-8")


def prompt_version() -> str:
    """The prompt's digest: another wording is another question."""
    return hashlib.sha256(prompt().encode()).hexdigest()[:_VERSION_LETTERS]


def pages_of(tree: Tree, limit: int = PAGE) -> tuple[str, ...]:
    """The pages of a document, each of at most `limit` characters unless one line alone has more."""
    pages: list[str] = []
    page: list[str] = []
    size = own = 0
    for above, line in _lines(tree.root, ()):
        if own and size + len(line) > limit:
            pages.append("\n".join(page))
            page, size, own = list(above), sum(len(each) + 1 for each in above), 0
        page.append(line)
        size, own = size + len(line) + 1, own + 1
    return (*pages, "\n".join(page)) if own else tuple(pages)


def _lines(root: Node, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each line with the lines of the headings over it."""
    ids = {id(node): f"n{at}" for at, node in enumerate(root.walk())}
    waiting = [(root, above)]
    while waiting:
        node, over = waiting.pop()
        if node.kind is NodeKind.FURNITURE or node.style.hidden:
            continue
        told = _told(node)
        if told:
            yield over, f"[{ids[id(node)]}] {told}"
        if node.kind is NodeKind.ROW:
            continue
        first = node.children[0] if node.children and node.kind is NodeKind.SECTION else None
        under = over
        if first is not None and first.kind is NodeKind.HEADING and not first.style.hidden and _told(first):
            under = (*over, f"[{ids[id(first)]}] {_told(first)}")
        waiting.extend((child, over if child is first else under) for child in reversed(node.children))


def _told(node: Node) -> str:
    if node.kind is NodeKind.ROW:
        cells = (" ".join(each.text for each in _seen(cell) if each.text) for cell in node.children)
        return " | ".join(" ".join(cell.split()) for cell in cells)
    text = " ".join(node.text.split())
    label = " ".join(node.label.split())
    if node.kind is NodeKind.HEADING and text:
        return f"{'#' * max(1, node.level)} {text}"
    return f"{label}: {text}" if label and node.kind is NodeKind.PAIR else text or label


def _seen(node: Node) -> Iterator[Node]:
    if not node.style.hidden:
        yield node
        for child in node.children:
            yield from _seen(child)
