"""A document as calfeed sees it, for people: its blocks in order, each date marked, what became of it, and why.

In: a document's bytes and what is known of it. Out: a `Read`: blocks (texts and tables), the entries with their
drafts. A stranger's bytes are read in a child process. Must not know: the catalogue, requests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from threading import Lock

from msgspec import Struct

from calfeed.documents.child import Limits, read_apart
from calfeed.documents.tree import NodeKind, Tree
from calfeed.extract import Judged, Survey
from calfeed.extract.anchors import Part
from calfeed.fetch import Fetched
from calfeed.model import Proposal, Where
from calfeed.normalise import propose_all
from calfeed.settings import Settings, Source
from calfeed.sources import surveyed

ACCEPTED, SUGGESTED, SCOPE, DATE_LEFT, LEFT = "accepted", "suggested", "scope", "date-left", "left"
_DEEPEST = 3
# So many documents are remembered.
TREES = 8


class Passage(Struct, frozen=True, kw_only=True):
    """A text of the document. `node` counts its texts from 0, `pieces` are its words, each with whether it is a date;
    `outcome` what became of it, `why` in words; `key` names its entry, "" where it is in none."""

    node: int
    kind: str
    depth: int
    text: str
    pieces: tuple[tuple[str, bool], ...]
    outcome: str
    why: tuple[str, ...]
    key: str
    where: Where
    head: bool = False
    rows: int = 1
    columns: int = 1


class Table(Struct, frozen=True, kw_only=True):
    """A table: rows of cells."""

    node: int
    rows: tuple[tuple[Passage, ...], ...]
    where: Where


Block = Passage | Table


class Suggestion(Struct, frozen=True, kw_only=True):
    """An entry, accepted or only suggested, by its `key`."""

    key: str
    proposal: Proposal
    suggested: bool
    why: tuple[str, ...]
    confidence: float


class Read(Struct, frozen=True, kw_only=True):
    """A document, read. `left` counts the texts with a date that are in no entry, `tree` tells title and language."""

    tree: Tree
    blocks: tuple[Block, ...]
    entries: tuple[Suggestion, ...]
    left: int


def key_of(where: Where, text: str) -> str:
    """What names an entry in a document: where it stands, and its words."""
    return sha256(f"{where}\n{where.path}\n{text}".encode()).hexdigest()[:16]


_trees: OrderedDict[tuple[str, str, str | None, str | None], Tree] = OrderedDict()
_lock = Lock()


def tree_of(fetched: Fetched, source: Source, *, limits: Limits | None = None, keep: bool = True) -> Tree:
    """The document as a tree, read in a child process; the last ones are remembered, unless not to `keep`. Raises
    DocumentError."""
    assert fetched.content is not None
    key = (sha256(fetched.content).hexdigest(), fetched.name, fetched.media_type, source.language)
    with _lock:
        if key in _trees:
            _trees.move_to_end(key)
            return _trees[key]
    tree = read_apart(
        fetched.content,
        source=fetched.name,
        media_type=fetched.media_type,
        name=fetched.name,
        lang=source.language,
        limits=limits,
    )
    if keep:
        with _lock:
            _trees[key] = tree
            while len(_trees) > TREES:
                _trees.popitem(last=False)
    return tree


def read(tree: Tree, source: Source, settings: Settings, *, reference: date) -> Read:
    """What calfeed sees in a tree; `reference` is the day on which it is read."""
    found = surveyed(tree, source, settings, reference=reference)
    judged = [one for one in found.judged if one.entry is not None]
    entries = [one.entry for one in judged if one.entry is not None]
    proposals = propose_all(entries, settings, source=source, reference=reference)
    told = tuple(
        Suggestion(
            key=key_of(entry.where, entry.text),
            proposal=proposal,
            suggested=entry.suggested,
            why=entry.why,
            confidence=entry.confidence,
        )
        for entry, proposal in zip(entries, proposals, strict=True)
    )
    blocks = tuple(_Blocks(found).blocks())
    return Read(tree=tree, blocks=blocks, entries=told, left=sum(bool(one.part.dated) for one in found.left))


class _Blocks:
    """The survey's texts in order, with what became of each."""

    def __init__(self, found: Survey) -> None:
        self._root = found.root
        self._judged: dict[int, list[Judged]] = {}
        for one in found.judged:
            for part in one.record.parts:
                self._judged.setdefault(id(part), []).append(one)
        self._count = 0

    def blocks(self) -> Iterator[Block]:
        yield from self._under(self._root, 0)

    def _under(self, part: Part, depth: int) -> Iterator[Block]:
        if part.kind is NodeKind.TABLE:
            yield self._table(part)
            return
        if part.text.strip() and part.kind is not NodeKind.DOCUMENT:
            yield self._passage(part, depth)
        deeper = depth + (part.kind is NodeKind.LIST or part.kind is NodeKind.ITEM)
        for child in part.children:
            yield from self._under(child, min(_DEEPEST, deeper))

    def _table(self, part: Part) -> Table:
        node, self._count = self._count, self._count + 1
        rows = [child for child in part.children if child.kind is NodeKind.ROW]
        # Several entries may share a row; its first one names the row's other cells.
        return Table(node=node, rows=tuple(tuple(self._cells(row)) for row in rows), where=part.node.where)

    def _cells(self, row: Part) -> Iterator[Passage]:
        mine = self._judged.get(id(row), [])
        for cell in row.children:
            inner = "\n".join(one.text for one in cell.walk() if one.text.strip())
            yield self._passage(cell, 0, text=inner, also=mine if inner else ())

    def _passage(self, part: Part, depth: int, *, text: str | None = None, also: Sequence[Judged] = ()) -> Passage:
        node, self._count = self._count, self._count + 1
        mine = [*self._judged.get(id(part), []), *also]
        entries = [one.entry for one in mine if one.entry is not None]
        firsts = [one for one in mine if one.record.parts[0] is part or (also and one in also)]
        why: tuple[str, ...] = ()
        if entries:
            outcome = ACCEPTED if any(not entry.suggested for entry in entries) else SUGGESTED
            why = tuple(dict.fromkeys(reason for one in firsts if one.entry for reason in one.entry.why))
        elif part.outcome == "scope":
            outcome = SCOPE
        else:
            outcome = DATE_LEFT if part.dated else LEFT
            against = tuple(reason for one in firsts for reason in one.against)
            why = against or ((part.outcome,) if part.dated and part.outcome else ())
        shown = part.text if text is None else text
        return Passage(
            node=node,
            kind=str(part.kind),
            depth=depth,
            text=shown,
            pieces=_pieces(shown, [(one.start, one.end) for one in part.anchors] if shown == part.text else []),
            outcome=outcome,
            why=why[:3],
            key=key_of(entries[0].where, entries[0].text) if entries else "",
            where=part.node.where,
            head=part.node.head or part.kind is NodeKind.HEADING,
            rows=max(1, part.node.rows),
            columns=max(1, part.node.columns),
        )


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """The text cut at its dates."""
    cut, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            continue
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*cut, (text[at:], False)) if piece[0])


def passages(blocks: Sequence[Block]) -> Iterator[Passage]:
    """All texts of some blocks, cells included."""
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from row
        else:
            yield block
