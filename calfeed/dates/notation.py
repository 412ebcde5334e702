"""The form that the grammar is written in: rows of patterns over kinds, and the pass that applies them.

A row names a kind of expression, says what it looks like and what is made of it. Its pattern is a regular expression
whose letters are kinds:

    MONTH year:YEAR?            a month, then perhaps a year, which the row's builder finds under "year"
    (OF|THE)*                   groups and repetition as in regular expressions
    !UNIT =CLOCK                what must not follow, what must
    {yr}                        a pattern with a name, from the table of names

A text's kinds are a string of one character each, so a pattern becomes a compiled regular expression over it, and
reading is linear. At each place the longest row wins; where two rows take the same words, the first in the table does.
What a row makes is one item for the next table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from calfeed.dates.lexer import Lexeme
from calfeed.dates.partial import NOTHING_SAID, Said, Span
from calfeed.dates.vocabulary import Kind, Vocabulary


class Scene(Struct, gc=False):
    """What is known around the words that a row reads.

    `text` is the text, `lexemes` its lexemes. `day_first`: of a numeric date, None where nothing settles it. `years`:
    first and last year of the document. `bare`: days may stand alone, as in a cell. `under_month`: a heading names the
    month of a day.
    """

    text: str
    lexemes: list[Lexeme]
    words: Vocabulary
    reference: date
    day_first: bool | None = None
    years: tuple[int, int] | None = None
    bare: bool = False
    under_month: bool = False


class Node(Struct, gc=False):
    """What a row made of the lexemes from `first` to `last` (not included): dates, or something said of them."""

    kind: Kind
    first: int
    last: int
    row: str = ""
    spans: tuple[Span, ...] = ()
    said: Said = NOTHING_SAID


Item = Lexeme | Node


class Match:
    """Items that a row's pattern matched: from `first` to `last` (not included) in `items`, and those with a name."""

    __slots__ = ("_found", "first", "items", "last", "named", "row", "scene")

    def __init__(self, scene: Scene, items: list[Item], row: Row, found: re.Match[str]) -> None:
        self.scene = scene
        self.items = items
        self.row = row
        self._found = found
        self.first, self.last = found.span()
        self.named = {name: items[at] for index, name in row.names if (at := found.start(index)) >= 0}

    def get(self, name: str) -> Lexeme | None:
        """The lexeme of a name; None where it is missing."""
        item = self.named.get(name)
        return item if isinstance(item, Lexeme) else None

    def lexeme(self, name: str) -> Lexeme:
        """The lexeme of a name that the pattern always has."""
        item = self.named[name]
        assert isinstance(item, Lexeme)
        return item

    def node(self, name: str) -> Node:
        """The node of a name that the pattern always has."""
        item = self.named[name]
        assert isinstance(item, Node)
        return item

    def number(self, name: str, default: int = 0) -> int:
        """The number of a name's lexeme."""
        item = self.named.get(name)
        return item.number if isinstance(item, Lexeme) else default

    def region(self, name: str) -> tuple[int, int]:
        """The first item of a name's group and the one after its last; (-1, -1) where it is missing."""
        group = f"{name}_1"
        return self._found.span(group) if group in self.row.pattern.groupindex else (-1, -1)

    @property
    def start(self) -> int:
        """The index of the first lexeme."""
        item = self.items[self.first]
        return item.index if isinstance(item, Lexeme) else item.first

    @property
    def end(self) -> int:
        """The index of the lexeme after the last one."""
        item = self.items[self.last - 1]
        return item.index + 1 if isinstance(item, Lexeme) else item.last

    def before(self) -> Kind | None:
        """The kind of what stands before."""
        return self.items[self.first - 1].kind if self.first else None

    def after(self) -> Kind | None:
        """The kind of what stands after."""
        return self.items[self.last].kind if self.last < len(self.items) else None


Builder = Callable[[Match], Node | None]


class Row(NamedTuple):
    """A kind of expression. `names` are the pattern's groups: their number and what they hold."""

    name: str
    pattern: re.Pattern[str]
    build: Builder
    names: tuple[tuple[int, str], ...]


Table = dict[str, tuple[Row, ...]]

_TOKEN = re.compile(
    r"""\s* (?: \{(?P<named>[a-z_]+)\} | (?P<group>[a-z_]+): | (?P<kind>[A-Z][A-Z_0-9]*)
           | (?P<repeat>[?*+]|\{\d*,\d+\}) | (?P<sign>[()|!=]) ) \s*""",
    re.VERBOSE,
)


class Piece(NamedTuple):
    """A translated pattern: the regular expression, the kinds it can begin with, and whether it can be empty."""

    regex: str
    firsts: frozenset[str]
    empty: bool


class Notation:
    """Patterns with their names: `classes` are sets of kinds ("DIGITS": "UPTO12 UPTO31"), `named` are patterns."""

    def __init__(self, classes: dict[str, str], named: dict[str, str]) -> None:
        self.classes = classes
        self.named = named
        self._seen: dict[str, int] = {}

    def table(self, rows: Sequence[tuple[str, str, Builder]]) -> Table:
        """Rows by the kinds that they can begin with. Raises KeyError for a name that no table has."""
        starts: dict[str, list[Row]] = {}
        for name, pattern, build in rows:
            self._seen = {}
            piece = self._alternatives(self._tokens(pattern))
            regex = re.compile(piece.regex)
            names = tuple((index, group.rsplit("_", 1)[0]) for group, index in regex.groupindex.items())
            for kind in piece.firsts:
                starts.setdefault(kind, []).append(Row(name, regex, build, names))
        return {kind: tuple(them) for kind, them in starts.items()}

    def _tokens(self, pattern: str) -> list[re.Match[str]]:
        found = list(_TOKEN.finditer(pattern))
        if "".join(token[0] for token in found) != pattern:
            raise ValueError(f"{pattern!r} has something unknown")
        return found[::-1]

    def _alternatives(self, tokens: list[re.Match[str]]) -> Piece:
        """What stands up to the closing bracket: sequences with | between."""
        sequences = [self._sequence(tokens)]
        while tokens and tokens[-1]["sign"] == "|":
            tokens.pop()
            sequences.append(self._sequence(tokens))
        if len(sequences) == 1:
            return sequences[0]
        firsts = frozenset[str]().union(*(one.firsts for one in sequences))
        return Piece("|".join(one.regex for one in sequences), firsts, any(one.empty for one in sequences))

    def _sequence(self, tokens: list[re.Match[str]]) -> Piece:
        regex, firsts, empty = "", frozenset[str](), True
        while tokens and tokens[-1]["sign"] not in ("|", ")"):
            piece = self._one(tokens)
            if tokens and tokens[-1]["repeat"]:
                repeat = tokens.pop()["repeat"]
                piece = Piece(piece.regex + repeat, piece.firsts, piece.empty or repeat != "+")
            regex += piece.regex
            firsts = firsts | piece.firsts if empty else firsts
            empty = empty and piece.empty
        return Piece(regex, firsts, empty)

    def _one(self, tokens: list[re.Match[str]]) -> Piece:
        token = tokens.pop()
        if token["group"]:
            self._seen[token["group"]] = count = self._seen.get(token["group"], 0) + 1
            piece = self._one(tokens)
            return piece._replace(regex=f"(?P<{token['group']}_{count}>{piece.regex})")
        if token["kind"]:
            kinds = self._kinds(token["kind"])
            return Piece(f"[{''.join(sorted(kinds))}]", kinds, False)
        if token["named"]:
            piece = self._alternatives(self._tokens(self.named[token["named"]]))
            return piece._replace(regex=f"(?:{piece.regex})")
        if token["sign"] in ("!", "="):
            piece = self._one(tokens)
            return Piece(f"(?{token['sign']}{piece.regex})", frozenset(), True)
        piece = self._alternatives(tokens)
        tokens.pop()
        return piece._replace(regex=f"(?:{piece.regex})")

    def _kinds(self, name: str) -> frozenset[str]:
        if name not in self.classes:
            return frozenset(Kind[name].value)
        return frozenset[str]().union(*(self._kinds(one) for one in self.classes[name].split()))


def applied(rows: Table, scene: Scene, items: list[Item]) -> list[Item]:
    """The items with each longest match of a row replaced by what the row makes of it."""
    kinds = "".join([item.kind for item in items])
    out: list[Item] = []
    at, size = 0, len(items)
    while at < size:
        candidates = rows.get(kinds[at])
        node = None
        if candidates is not None:
            matches = [(found.end(), row, found) for row in candidates if (found := row.pattern.match(kinds, at))]
            if len(matches) > 1:
                matches.sort(key=_length, reverse=True)
            for _, row, found in matches:
                match = Match(scene, items, row, found)
                node = row.build(match)
                if node is not None:
                    at = match.last
                    break
        if node is None:
            out.append(items[at])
            at += 1
        else:
            out.append(node)
    return out


def _length(match: tuple[int, Row, re.Match[str]]) -> int:
    return match[0]
