"""A tree comes out of the child as it was in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from calfeed.documents.tree import Emphasis, Link, Node, NodeKind, Stated, Style, Tree
from calfeed.documents.wire import decode, encode
from calfeed.model import Where

TREE = Tree(
    source="a",
    media_type="text/html",
    lang="fr",
    scanned=True,
    left=("page 3 has no words",),
    root=Node(
        kind=NodeKind.DOCUMENT,
        children=(
            Node(
                kind=NodeKind.CELL,
                text="3 May",
                where=Where(pages=(1, 2), box=(1.0, 2.0, 3.5, 4.0)),
                style=Style(size=1.2, bold=True),
                emphases=(Emphasis(start=0, end=1, style=Style(struck=True)),),
                links=(Link(start=2, end=5, address="https://example.org/"),),
                moment=date(2013, 5, 3),
                stated=Stated(title="A", start=datetime(2013, 5, 3, 9, tzinfo=UTC), end=date(2013, 5, 4)),
            ),
            Node(kind=NodeKind.PARAGRAPH, moment=datetime(2013, 5, 3, 9, 30)),
        ),
    ),
)


def test_a_tree_survives_the_pipe() -> None:
    assert decode(encode(TREE)) == TREE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        encode(TREE)[:-1],
        encode(TREE).replace(b"cell", b"seal"),
        b'{"root":' + b"[" * 5000,
    ],
)
def test_other_bytes_are_no_tree(content: bytes) -> None:
    with pytest.raises(ValueError, match="no tree"):
        decode(content)
