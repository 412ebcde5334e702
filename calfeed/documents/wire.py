"""A tree as bytes and back: how it comes out of the child that read it.

The bytes are JSON, and believed in their form only: each value is checked against the type of its field, since what
wrote them may have been taken over by the document that it read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from calfeed.documents.tree import Node, Stated, Tree

# msgspec reads no union of days and instants, and no nodes in nodes with them: these fields are read here.
_OWN: dict[type[msgspec.Struct], tuple[str, ...]] = {
    Node: ("children", "moment", "stated"),
    Stated: ("start", "end"),
    Tree: ("root",),
}


def _plain(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """A struct of the fields that msgspec can read by itself."""
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in _OWN[kind]]
    described: list[Any] = [
        (field.name, field.type) if field.default is msgspec.NODEFAULT else (field.name, field.type, field.default)
        for field in fields
    ]
    return msgspec.defstruct(kind.__name__, described, kw_only=True, forbid_unknown_fields=True)


_PLAIN = {kind: _plain(kind) for kind in _OWN}


def encode(tree: Tree) -> bytes:
    """The bytes of a tree."""
    return msgspec.json.encode(tree)


def decode(content: bytes) -> Tree:
    """The tree of bytes that `encode` made. Raises ValueError where they are no tree's."""
    try:
        said = msgspec.json.decode(content)
        root = said.pop("root")
        return Tree(root=_node(root), **_fields(Tree, said))
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"these bytes are no tree ({error})") from error


def _fields(kind: type[msgspec.Struct], said: dict[str, Any]) -> dict[str, Any]:
    return msgspec.structs.asdict(msgspec.convert(said, _PLAIN[kind]))


def _node(said: dict[str, Any]) -> Node:
    children = said.pop("children", ())
    moment, stated = _moment(said.pop("moment", None)), said.pop("stated", None)
    return Node(
        children=tuple(map(_node, children)),
        moment=moment,
        stated=_stated(stated) if stated is not None else None,
        **_fields(Node, said),
    )


def _stated(said: dict[str, Any]) -> Stated:
    start, end = _moment(said.pop("start", None)), _moment(said.pop("end", None))
    return Stated(start=start, end=end, **_fields(Stated, said))


def _moment(value: str | None) -> date | datetime | None:
    if value is None:
        return None
    return msgspec.convert(value, datetime) if "T" in value else msgspec.convert(value, date)
