"""Where a quotation stands in a tree: its words in the document's order, exact, or with small gaps within one row.

Letters count, not how they are set: case, accents, punctuation and line ends differ between a page and whoever quotes
it. Every word of a quotation must be there. Text that a reader of the page cannot see is not in the document.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part

# So many words may stand between two of a quotation that follow each other in it: empty columns, a name left out.
GAP = 12
# Of a quotation that stands at many places, so many are looked at.
MOST = 60
# A quotation's cells and lines, and what is markup in one: a link's address is no word of the page.
_CUT = re.compile(r"\s*[|\n]\s*")
_ADDRESS = re.compile(r"(?<=\])\([^()\s]*\)|https?://\S+")
# The rows of a table that may name its columns.
_HEADS = 3
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|(?:[^\W_{_HAN}][\u0300-\u036f\u064b-\u065f\u0670]*)+")


class Piece(Struct, frozen=True, kw_only=True):
    """Some words of one part; `start` and `end` are offsets in its text."""

    part: Part
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.part.text[self.start : self.end]


class Found(Struct, frozen=True, kw_only=True):
    """A place where a quotation stands: the words from `first` to `last` (included), and those that are its own.

    `exact`: they follow each other without a gap."""

    first: int
    last: int
    exact: bool
    at: tuple[int, ...]


def words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded, each with its offsets; an ideograph is a word of its own."""
    return [(_fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


class Words:
    """All words of a document that can be seen, in its order."""

    def __init__(self, root: Part) -> None:
        self.words: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.parts: list[Part] = []
        self._starts: list[int] = []
        self._first: dict[int, int] = {}
        self._units: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for part in root.walk():
            label = words_of(part.node.label) if part.kind is NodeKind.PAIR else []
            if not (part.text.strip() or label) or _hidden(part):
                continue
            self._first[id(part)] = len(self.words)
            self.parts.append(part)
            self._starts.append(len(self.words))
            self._units.append(id(_unit(part)))
            # A pair's name stands before its text.
            for word, start, end in (*((word, 0, 0) for word, _, _ in label), *words_of(part.text)):
                self._places[word].append(len(self.words))
                self.words.append(word)
                self.spans.append((start, end))

    def find(self, quote: str, *, within: tuple[int, int] | None = None) -> list[Found]:
        """Where a quotation stands, in the document's order: the exact places, or else those with gaps. `within` are
        the first and last word to look at (included)."""
        wanted = [word for word, _, _ in words_of(quote)]
        if not wanted:
            return []
        low, high = within or (0, len(self.words) - 1)
        found = self._exact(wanted, low, high) or self._loose(wanted, low, high)
        plain = _ADDRESS.sub(" ", quote)
        if not found and plain != quote:
            return self.find(plain, within=within)
        return found or self._under_heads(quote, low, high)

    def part_at(self, at: int) -> Part:
        """The part that a word stands in."""
        return self.parts[bisect_right(self._starts, at) - 1]

    def words_in(self, part: Part) -> tuple[int, int] | None:
        """The first and last word of a part (included), None where it has none."""
        at = self._first.get(id(part))
        if at is None:
            return None
        index = bisect_right(self._starts, at) - 1
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.words)
        return (at, end - 1) if end > at else None

    def pieces(self, found: Found) -> tuple[Piece, ...]:
        """The texts from the first to the last word of a place, one a part; parts without a word of its own left
        out."""
        pieces: list[Piece] = []
        for at in found.at:
            part, (start, end) = self.part_at(at), self.spans[at]
            if pieces and pieces[-1].part is part:
                pieces[-1] = Piece(part=part, start=min(start, pieces[-1].start), end=max(end, pieces[-1].end))
            else:
                pieces.append(Piece(part=part, start=start, end=end))
        return tuple(replace(one, end=_closed(one)) for one in pieces)

    def _exact(self, wanted: Sequence[str], low: int, high: int) -> list[Found]:
        rarest = min(range(len(wanted)), key=lambda each: len(self._places.get(wanted[each], ())))
        found = []
        for at in self._places.get(wanted[rarest], ()):
            first = at - rarest
            last = first + len(wanted) - 1
            if low <= first and last <= high and self.words[first : last + 1] == list(wanted):
                found.append(Found(first=first, last=last, exact=True, at=tuple(range(first, last + 1))))
                if len(found) == MOST:
                    break
        return found

    def _loose(self, wanted: Sequence[str], low: int, high: int) -> list[Found]:
        if len(wanted) < 2 or any(word not in self._places for word in wanted):
            return []
        found: list[Found] = []
        for first in self._places[wanted[0]][: MOST * 20]:
            if first < low or (found and first <= found[-1].last):
                continue
            at = self._follow(wanted, first, high)
            if at is not None:
                found.append(Found(first=first, last=at[-1], exact=False, at=at))
                if len(found) == MOST:
                    break
        return found

    def _under_heads(self, quote: str, low: int, high: int) -> list[Found]:
        """Where the longest cell or line of a quotation stands, the others being in its row or over it: the heads of
        its row and columns, its headings."""
        cells = [[word for word, _, _ in words_of(cell)] for cell in _CUT.split(quote)]
        cells = sorted((cell for cell in cells if cell), key=len, reverse=True)
        if len(cells) < 2:
            return []
        return [
            replace(one, exact=False)
            for one in self._exact(cells[0], low, high)
            if all(self._stands_over(cell, self.part_at(one.first)) for cell in cells[1:])
        ]

    def _stands_over(self, wanted: Sequence[str], part: Part) -> bool:
        for over in _over(part):
            span = self.words_in(over)
            if span and self._exact(wanted, *span):
                return True
        return False

    def _follow(self, wanted: Sequence[str], first: int, high: int) -> tuple[int, ...] | None:
        """The words of a quotation from `first` on, each the next of its kind and none far from the one before."""
        at = [first]
        unit = self._unit_at(first)
        for word in wanted[1:]:
            places = self._places[word]
            step = bisect_right(places, at[-1])
            if step == len(places) or places[step] > min(high, at[-1] + 1 + GAP):
                return None
            gap = places[step] > at[-1] + 1
            if gap and self._unit_at(places[step]) != unit:
                return None
            at.append(places[step])
            unit = self._unit_at(at[-1])
        return tuple(at)

    def _unit_at(self, at: int) -> int:
        return self._units[bisect_right(self._starts, at) - 1]


def _closed(piece: Piece) -> int:
    """The end of a piece, with the bracket or mark that closes it."""
    rest = piece.part.text[piece.end : piece.end + 1]
    opened = dict(zip(")]）」』»”", "([（「『«“", strict=True)).get(rest)
    return piece.end + 1 if opened and opened in piece.text else piece.end


def _lineage(part: Part) -> Iterator[Part]:
    yield part
    yield from part.ancestors()


def _hidden(part: Part) -> bool:
    return any(each.node.style.hidden for each in _lineage(part))


def _over(part: Part) -> Iterator[Part]:
    """The texts that a part is read with: its own, its row's, its columns' heads, the headings over it."""
    for each in _lineage(part):
        if each is part or each.kind is NodeKind.ROW:
            yield from each.walk()
        elif each.kind is NodeKind.TABLE:
            for at, row in enumerate(each.children):
                if row.node.head or at < _HEADS:
                    yield from (cell for cell in row.walk() if _same_column(cell, part))
        elif each.heading is not None:
            yield each.heading


def _same_column(head: Part, part: Part) -> bool:
    cell = next((each for each in _lineage(part) if each.kind is NodeKind.CELL), part)
    first, wide = head.node.column, head.node.columns
    return first < cell.node.column + cell.node.columns and cell.node.column < first + wide


def _unit(part: Part) -> Part:
    """What a quotation may leave words out of: the row, else the outermost item, else the text itself."""
    unit = part
    for each in _lineage(part):
        if each.kind is NodeKind.ROW:
            return each
        if each.kind is NodeKind.ITEM:
            unit = each
    return unit
