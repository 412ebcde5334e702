"""A table as a grid: which cell covers which place, which rows are heads, what a column holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from msgspec import Struct

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part
from calfeed.extract.fields import label_kind
from calfeed.extract.lexicon import LANGUAGES
from calfeed.locales import locale_of

_NUMBER = re.compile(r"\(?\d{1,4}[.)]?")
# A day and a month in numbers, or the first and last of some days.
_DAY_MONTH = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})([./-])(\d{1,2})\.?(?:\s?(?:[-–—]|[^\W\d]{1,3})\s?(\d{1,2})[./-](\d{1,2})\.?)?"
)
_MOSTLY = 0.7
_MONTHS, _DAYS, _WEEK = 12, 31, 7
# So many numbers beside each other, each a day or a week after the one before, count.
_RUN = 4
_MIN_WEEKDAYS = 4
# Shorter words than of so many letters mean different things in different languages.
_TOLD = 4


class Row(Struct, eq=False, kw_only=True):
    """A row: `cells` by column, a spanning cell in each that it covers; `starts` each cell once, with its first
    column."""

    part: Part
    head: bool
    cells: dict[int, Part] = {}
    starts: list[tuple[int, Part]] = []

    @property
    def filled(self) -> list[Part]:
        return [cell for _, cell in self.starts if cell.text.strip() or cell.children]


class Grid:
    """The rows of a table part, with cells that span rows in each that they cover."""

    def __init__(self, table: Part) -> None:
        self.table = table
        self.rows: list[Row] = []
        over: dict[int, tuple[Part, int]] = {}
        for part in (child for child in table.children if child.kind is NodeKind.ROW):
            row = Row(part=part, head=part.node.head, cells={}, starts=[])
            for column, (cell, left) in list(over.items()):
                row.cells[column] = cell
                over[column] = (cell, left - 1)
                if left <= 1:
                    del over[column]
            column = 0
            for cell in (child for child in part.children if child.kind is NodeKind.CELL):
                column = max(cell.node.column, _free(row.cells, column))
                row.starts.append((column, cell))
                for each in range(column, column + max(1, cell.node.columns)):
                    row.cells[each] = cell
                    if cell.node.rows > 1:
                        over[each] = (cell, cell.node.rows - 1)
                column += max(1, cell.node.columns)
            if row.starts and all(cell.node.head for _, cell in row.starts):
                row.head = True
            self.rows.append(row)
        width = 1 + max((column for row in self.rows for column in row.cells), default=-1)
        heads = [row for row in self.rows if row.head]
        self.heads: tuple[str, ...] = tuple(_head(heads, column) for column in range(width))
        self.body: list[Row] = [row for row in self.rows if not row.head]

    @property
    def width(self) -> int:
        return len(self.heads)

    def column(self, at: int) -> list[Part]:
        """The filled cells of the body in a column."""
        found = [row.cells[at] for row in self.body if at in row.cells]
        return [cell for cell in dict.fromkeys(found) if cell.text.strip() or cell.children]


def _free(cells: dict[int, Part], column: int) -> int:
    while column in cells:
        column += 1
    return column


def _head(heads: Sequence[Row], column: int) -> str:
    """The words of a column's heads, from above."""
    texts = [row.cells[column].text.strip() for row in heads if column in row.cells]
    return " ".join(dict.fromkeys(filter(None, texts)))


@cache
def head_kind(head: str, lang: str | None) -> str | None:
    """What a column's head announces, as `label_kind`; names of database fields ("start_date") are words too. A table
    has few words to tell its language by: a head that says when or where in any language is believed."""
    words = head.replace("_", " ").strip()
    kind = label_kind(words, lang) if words else None
    if kind is not None or len(words) < _TOLD:
        return kind
    others = (label_kind(words, other, whole=True) for other in LANGUAGES if other != lang)
    return next((kind for kind in others if kind in ("date", "start", "end", "deadline", "time", "place")), None)


def numbering(grid: Grid) -> frozenset[int]:
    """The columns that number the rows: their head says so, or they count."""
    found = set()
    for at in range(grid.width):
        cells = [cell.text.strip() for cell in grid.column(at)]
        head = head_kind(grid.heads[at], None)
        if not cells or head in ("date", "start", "end") or not all(map(_NUMBER.fullmatch, cells)):
            continue
        numbers = [int(re.sub(r"\D", "", cell)) for cell in cells]
        counts = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1
        if head == "number" or counts:
            found.add(at)
    return frozenset(found)


class Numeric(Struct, frozen=True):
    """Columns whose cells are days and months in numbers ("6/27"), and which of the two comes first; None where both
    could."""

    columns: frozenset[int] = frozenset()
    day_first: bool | None = None


def numeric(grid: Grid, lang: str | None) -> Numeric:
    """The columns that hold days and months in numbers without a year: by their head, or by slashes; scores, hours and
    sections are none. What one column tells of the order holds for all of a table."""
    found: set[int] = set()
    orders: set[bool] = {True, False}
    for at in range(grid.width):
        cells = [" ".join(cell.text.split()) for cell in grid.column(at)]
        matches = [match for cell in cells if (match := _DAY_MONTH.fullmatch(cell))]
        kind = head_kind(grid.heads[at], lang)
        named = kind in ("date", "start", "end", "deadline")
        if len(matches) < max(2, _MOSTLY * len(cells)) or (kind is not None and not named):
            continue
        if not named and any(match[2] != "/" for match in matches):
            continue
        pairs = [(int(a), int(b)) for match in matches for a, b in (match.group(1, 3), match.group(4, 5)) if a]
        fits = {first for first in (True, False) if all(_fits(pair, day_first=first) for pair in pairs)}
        if fits:
            found.add(at)
            orders &= fits
    return Numeric(frozenset(found), orders.pop() if len(orders) == 1 else None)


def _fits(pair: tuple[int, int], *, day_first: bool) -> bool:
    day, month = pair if day_first else pair[::-1]
    return 1 <= day <= _DAYS and 1 <= month <= _MONTHS


def counting(grid: Grid) -> set[int]:
    """The rows that only count days or weeks, by their identity."""
    return {id(row) for row in grid.rows if _counts(row)}


def _counts(row: Row) -> bool:
    cells = [" ".join(cell.text.split()) for _, cell in row.starts if cell.text.strip()]
    numbers = [int(number) for cell in cells for number in cell.split() if number.isdigit() and int(number) <= _DAYS]
    plain = sum(all(each.isdigit() for each in cell.split()) for cell in cells)
    if len(numbers) < _RUN or plain < _MOSTLY * len(cells):
        return False
    steps = [b - a for a, b in pairwise(numbers)]
    # A step back is the turn of a month.
    told = [step for step in steps if step > 0]
    return len(told) >= _RUN - 2 and set(told) in ({1}, {_WEEK})


def weekday_run(texts: Sequence[str], names: Sequence[str], least: int = _MIN_WEEKDAYS) -> dict[int, int]:
    """The longest run of texts beside each other that abbreviate weekdays in their order, by index."""
    found: dict[int, int] = {}
    for first in range(len(texts)):
        for start in range(_WEEK):
            run = 0
            while (
                first + run < len(texts)
                and run < _WEEK
                and _abbreviates(texts[first + run], names[(start + run) % _WEEK])
            ):
                run += 1
            if run >= least and run > len(found):
                found = {first + at: (start + at) % _WEEK for at in range(run)}
    return found


def _abbreviates(head: str, name: str) -> bool:
    head = head.casefold().strip().rstrip(".")
    return bool(head) and (name.startswith(head) or _plain(name).startswith(_plain(head)))


def _plain(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@cache
def weekday_names(lang: str | None) -> tuple[str, ...]:
    """The seven weekdays from Monday in a language, in small letters (CLDR)."""
    names = locale_of(lang or "en").days["stand-alone"]["wide"]
    return tuple(str(names[day]).casefold() for day in range(_WEEK))
