"""`python -m calfeed.documents FILE...`: the tree that each file is read as, indented, for a look."""

from __future__ import annotations

import sys
from pathlib import Path

from calfeed.documents.reading import read_tree
from calfeed.documents.tree import Node
from calfeed.errors import CalfeedError


def _shown(node: Node) -> str:
    parts = [node.kind.value]
    if node.level:
        parts.append(str(node.level))
    if node.head:
        parts.append("head")
    if node.kind == "cell":
        spans = f" {node.rows}x{node.columns}" if (node.rows, node.columns) != (1, 1) else ""
        parts.append(f"({node.row},{node.column}{spans})")
    style = node.style
    parts += [name for name in ("bold", "italic", "struck", "hidden") if getattr(style, name)]
    if node.label:
        parts.append(f"[{node.label}]")
    if node.text:
        parts.append(repr(node.text)[1:-1])
    parts += [f"<{node.text[link.start : link.end]} -> {link.address[:50]}>" for link in node.links]
    parts += [f"*{node.text[run.start : run.end]}*" for run in node.emphases if run.style.struck or run.style.bold]
    if node.moment:
        parts.append(f"@{node.moment.isoformat()}")
    if node.stated:
        parts.append(f"states {node.stated}")
    return " ".join(parts)


def main(names: list[str]) -> int:
    failed = 0
    for name in names:
        try:
            tree = read_tree(Path(name).read_bytes(), source=name, name=name)
        except CalfeedError as error:
            print(error, file=sys.stderr)
            failed = 1
            continue
        print(f"{name}: {tree.media_type}, {tree.lang}, title {tree.title!r}")
        waiting = [(0, tree.root)]
        while waiting:
            depth, node = waiting.pop()
            print(f"{str(node.where).removeprefix('line').lstrip('s '):>9} {'  ' * depth}{_shown(node)}")
            waiting.extend((depth + 1, child) for child in reversed(node.children))
        for sentence in tree.left:
            print(f"left: {sentence}")
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
