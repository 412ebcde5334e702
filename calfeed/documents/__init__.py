"""Bytes -> Tree: one reader a format, chosen by first bytes, media type, name or shape.

In: the bytes of a source and what is known of them. Out: a `Tree` of nodes, each with its place. Must not know: dates,
section names, settings, disk and network.
"""

from calfeed.documents.decode import MAX_BYTES
from calfeed.documents.reading import media_type_of, read_tree
from calfeed.documents.tree import Node, NodeKind, Progress, Tree

__all__ = ["MAX_BYTES", "Node", "NodeKind", "Progress", "Tree", "media_type_of", "read_tree"]
