"""Trees written short, for tests: a line a node, indented, in words that a person reads at a glance."""

from __future__ import annotations

from textwrap import dedent

from calfeed.documents.reading import read_tree
from calfeed.documents.tree import Node, NodeKind


def drawn(text: str | bytes, name: str) -> str:
    """The tree of a document of that name. Sections show as the indent under their heading; a row's cells as " | "."""
    content = dedent(text).lstrip("\n").encode() if isinstance(text, str) else text
    tree = read_tree(content, source="t", name=name)
    return "\n".join(line for child in tree.root.children for line in _lines(child, 0))


def tree_of(drawing: str) -> str:
    """A tree as it is written in a test."""
    return dedent(drawing).strip("\n")


def _lines(node: Node, depth: int) -> list[str]:
    pad = "  " * depth
    if node.kind is NodeKind.SECTION:
        head, *rest = node.children
        return [f"{pad}# {_words(head)}", *(line for child in rest for line in _lines(child, depth + 1))]
    if node.kind is NodeKind.TABLE:
        caption = f" {node.label}" if node.label else ""
        return [f"{pad}table{caption}", *(f"{pad}  {_row(row)}" for row in node.children)]
    if node.kind is NodeKind.LIST:
        return [line for child in node.children for line in _lines(child, depth)]
    label = {NodeKind.ITEM: "-", NodeKind.PAIR: f"{node.label} =", NodeKind.PARAGRAPH: "p"}.get(
        node.kind, node.kind.value
    )
    if node.kind is NodeKind.ITEM and node.label[:1].isalnum():
        label = node.label
    if node.kind is NodeKind.NOTE and node.label:
        label = f"note {node.label} ="
    stated = ""
    if node.stated:
        told = node.stated
        ends = [str(value) for value in (told.start, told.end) if value is not None]
        stated = f" !{told.title}: {' to '.join(ends)}" + (f" at {told.place}" if told.place else "")
        stated += f" {told.status}" if told.status else ""
    below = [line for child in node.children for line in _lines(child, depth + 1)]
    return [f"{pad}{label} {_words(node)}{stated}".rstrip(), *below]


def _row(row: Node) -> str:
    cells = [
        _words(cell) + (f"<{cell.rows}x{cell.columns}>" if cell.rows * cell.columns > 1 else "")
        for cell in row.children
    ]
    return ("* " if row.head else "") + " | ".join(cells)


def _words(node: Node) -> str:
    text = node.text.replace("\n", " / ")
    marks = [name for name in ("struck", "hidden") if getattr(node.style, name)]
    marks += [f"struck:{node.text[run.start : run.end]}" for run in node.emphases if run.style.struck]
    if node.moment:
        marks.append(f"@{node.moment.isoformat()}")
    return f"{text} ({', '.join(marks)})" if marks else text
