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
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from calfeed.dates.lexemes import Lexeme
from calfeed.dates.partial import NOTHING_SAID, Said, Span
from calfeed.dates.vocabulary import FIRST_KIND, Kind, Vocabulary


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
    """What a row made of the lexemes from `first` to `last` (not included): dates, or something said of them.

    `inner` are the nodes that it took in."""

    kind: Kind
    first: int
    last: int
    row: str = ""
    spans: tuple[Span, ...] = ()
    said: Said = NOTHING_SAID
    inner: tuple[Node, ...] = ()


Item = Lexeme | Node


class Match:
    """Items that a row's pattern matched: from `first` to `last` (not included) in `items`, and those with a name."""

    __slots__ = ("_found", "first", "items", "last", "row", "scene")

    def __init__(self, scene: Scene, items: list[Item], row: Row, found: re.Match[str]) -> None:
        self.scene = scene
        self.items = items
        self.row = row
        self._found = found
        self.first, self.last = found.span()

    def item(self, name: str) -> Item | None:
        """The item of a name; None where it is missing."""
        for group in self.row.groups.get(name, ()):
            at = self._found.start(group)
            if at >= 0:
                return self.items[at]
        return None

    def get(self, name: str) -> Lexeme | None:
        """The lexeme of a name; None where it is missing."""
        item = self.item(name)
        return item if isinstance(item, Lexeme) else None

    def lexeme(self, name: str) -> Lexeme:
        """The lexeme of a name that the pattern always has."""
        item = self.item(name)
        assert isinstance(item, Lexeme)
        return item

    def node(self, name: str) -> Node:
        """The node of a name that the pattern always has."""
        item = self.item(name)
        assert isinstance(item, Node)
        return item

    def kind(self, name: str) -> Kind:
        """The kind of the item of a name that the pattern always has."""
        item = self.item(name)
        assert item is not None
        return item.kind

    def number(self, name: str, default: int = 0) -> int:
        """The number of a name's lexeme."""
        item = self.item(name)
        return item.number if isinstance(item, Lexeme) else default

    def region(self, name: str) -> tuple[int, int]:
        """The first item of a name's group and the one after its last; (-1, -1) where it is missing."""
        groups = self.row.groups.get(name)
        spans = (self._found.span(group) for group in groups or ())
        return next((span for span in spans if span[0] >= 0), (-1, -1))

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


class Row(Struct, gc=False):
    """A kind of expression. `groups` are the pattern's groups by their name. `need` and `also` are sets of kinds of
    which a text must have one, as bits, so that most rows are passed over without a look."""

    name: str
    pattern: re.Pattern[str]
    build: Builder
    groups: dict[str, tuple[int, ...]]
    need: int
    also: int


Rows = dict[str, tuple[Row, ...]]
Matches = dict[int, list[tuple[Row, re.Match[str]]]]


class Table:
    """Rows by the kinds that they can begin with, and which of them match the kinds of a text.

    What matches hangs on the kinds alone, and the same few strings of kinds come again and again ("day month year"),
    so what was found for one is kept for the next."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._narrowed: dict[int, Rows] = {}
        self._matched: dict[str, Matches] = {}

    def matching(self, kinds: str) -> Matches:
        """The rows that match at each place of a string of kinds, longest first; a place where none does has none."""
        found = self._matched.get(kinds)
        if found is None:
            found = self._matches(kinds)
            if len(kinds) <= _LONGEST_KEPT:
                if len(self._matched) >= _MOST_KEPT:
                    self._matched.clear()
                self._matched[kinds] = found
        return found

    def _matches(self, kinds: str) -> Matches:
        among = self.among(_bits(kinds))
        found: Matches = {}
        if among:
            for at, kind in enumerate(kinds):
                if candidates := among.get(kind):
                    matches = [(row, one) for row in candidates if (one := row.pattern.match(kinds, at))]
                    if len(matches) > 1:
                        matches.sort(key=_length, reverse=True)
                    if matches:
                        found[at] = matches
        return found

    def among(self, present: int) -> Rows:
        """The rows that can match where only some kinds stand; the kinds are bits."""
        found = self._narrowed.get(present)
        if found is None:
            if len(self._narrowed) >= _MOST_KEPT:
                self._narrowed.clear()
            narrowed = {
                kind: tuple(row for row in rows if row.need & present and row.also & present)
                for kind, rows in self.rows.items()
                if _BIT[kind] & present
            }
            found = self._narrowed[present] = {kind: rows for kind, rows in narrowed.items() if rows}
        return found


_MOST_KEPT = 4_000
_LONGEST_KEPT = 24

_TOKEN = re.compile(
    r"""\s* (?: \{(?P<named>[a-z_]+)\} | (?P<group>[a-z_]+): | (?P<kind>[A-Z][A-Z_0-9]*)
           | (?P<repeat>[?*+]|\{\d*,\d+\}) | (?P<sign>[()|!=]) ) \s*""",
    re.VERBOSE,
)


class Piece(NamedTuple):
    """A translated pattern: the regular expression, the kinds it can begin with, whether it can be empty, and sets of
    kinds of which it always has one."""

    regex: str
    firsts: frozenset[str]
    empty: bool
    needs: tuple[frozenset[str], ...] = ()


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
            groups: dict[str, tuple[int, ...]] = {}
            for group, index in regex.groupindex.items():
                key = group.rsplit("_", 1)[0]
                groups[key] = (*groups.get(key, ()), index)
            needs = [*sorted(piece.needs, key=len)[:2], piece.firsts]
            row = Row(name, regex, build, groups, _bits(needs[0]), _bits(needs[1 if len(needs) > 2 else 0]))
            for kind in piece.firsts:
                starts.setdefault(kind, []).append(row)
        return Table({kind: tuple(them) for kind, them in starts.items()})

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
        regex, empty = "|".join(one.regex for one in sequences), any(one.empty for one in sequences)
        needs: tuple[frozenset[str], ...] = ()
        if all(one.needs for one in sequences):
            needs = (frozenset[str]().union(*(min(one.needs, key=len) for one in sequences)),)
        return Piece(regex, firsts, empty, needs)

    def _sequence(self, tokens: list[re.Match[str]]) -> Piece:
        regex, firsts, empty = "", frozenset[str](), True
        needs: tuple[frozenset[str], ...] = ()
        while tokens and tokens[-1]["sign"] not in ("|", ")"):
            piece = self._one(tokens)
            if tokens and tokens[-1]["repeat"]:
                repeat = tokens.pop()["repeat"]
                piece = Piece(piece.regex + repeat, piece.firsts, piece.empty or repeat != "+", piece.needs)
            regex += piece.regex
            firsts = firsts | piece.firsts if empty else firsts
            needs = needs if piece.empty else needs + piece.needs
            empty = empty and piece.empty
        return Piece(regex, firsts, empty, needs)

    def _one(self, tokens: list[re.Match[str]]) -> Piece:
        token = tokens.pop()
        if token["group"]:
            self._seen[token["group"]] = count = self._seen.get(token["group"], 0) + 1
            piece = self._one(tokens)
            return piece._replace(regex=f"(?P<{token['group']}_{count}>{piece.regex})")
        if token["kind"]:
            kinds = self._kinds(token["kind"])
            return Piece(f"[{''.join(sorted(kinds))}]", kinds, False, (kinds,))
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


def _bits(kinds: Iterable[str]) -> int:
    """Kinds as bits of one number."""
    bits = 0
    for kind in kinds:
        bits |= _BIT[kind]
    return bits


_BIT = {kind.value: 1 << (ord(kind) - FIRST_KIND) for kind in Kind}


def applied(rows: Table, scene: Scene, items: list[Item]) -> list[Item]:
    """The items with each longest match of a row replaced by what the row makes of it."""
    matching = rows.matching("".join([item.kind for item in items]))
    if not matching:
        return items
    out: list[Item] = []
    at, size = 0, len(items)
    while at < size:
        node = None
        for row, found in matching.get(at, ()):
            match = Match(scene, items, row, found)
            node = row.build(match)
            if node is not None:
                node.inner = tuple([item for item in items[match.first : match.last] if isinstance(item, Node)])
                at = match.last
                break
        if node is None:
            out.append(items[at])
            at += 1
        else:
            out.append(node)
    return out


def _length(match: tuple[Row, re.Match[str]]) -> int:
    return match[1].end()
