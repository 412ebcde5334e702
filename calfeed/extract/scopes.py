"""Parts -> parts with scopes and anchors: what headings, captions, columns and rows lend to the dates under them.

One walk down the tree. A heading "May 2014" lends its month and year to what stands under it, a row that holds nothing
but "May" to the rows after it, a paragraph of that kind to its later siblings, a column's head to its cells. Days are
not lent here: a record takes its heading's anchor as it is (`regions`). Years are settled afterwards (`years`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from calfeed.dates import Field, Lent
from calfeed.documents.tree import NodeKind, Tree
from calfeed.extract.anchors import Anchor, Part, Reader, covered, names_its_month, words_in
from calfeed.extract.grid import Grid, Row, numbering, numeric
from calfeed.model import Precision

# A text is nothing but its date where that covers so much of its letters.
WHOLE = 0.8
# A month is lent by a text that says little else: "Termine im März", not "Newsletter, Vol. 11, No. 1: January".
MOSTLY = 0.35
_OTHER_THAN_WORDS = re.compile(r"[_.+-]+")
# A year that stands for itself in a title, with the end of its span.
_YEARS = re.compile(r"(?<![\w./,-])((?:19|20)\d\d)(?:\s*[-–/]\s*(\d{4}|\d\d))?(?![\w/-]|[.,]\d)")
_TITLE_WORDS, _SPAN = 14, 10

Scopes = tuple[Lent, ...]


def lend(root: Part, tree: Tree, reader: Reader) -> None:
    """Give every part its scopes and the anchors that its text has in them."""
    _walk(root, _document(root, tree, reader), reader)


def lends(text: str, anchors: Sequence[Anchor], origin: str) -> Scopes:
    """The fields that a text lends: its year or span of years, and its month where it names one."""
    dated = [anchor for anchor in anchors if anchor.periods]
    found: list[Lent] = []
    if not dated:
        return _plain_years(text, origin)
    years = [anchor for anchor in dated if Field.YEAR in anchor.has]
    days = [day for anchor in years for period in anchor.periods for day in (period.start, period.end) if day]
    if days:
        first, last = min(day.year for day in days), max(day.year for day in days)
        words = text[years[0].start : years[-1].end]
        found.append(
            Lent(field=Field.YEAR, value=first, until=last if last > first else None, origin=origin, words=words)
        )
    if (
        len(dated) == 1
        and Field.MONTH in dated[0].has
        and Field.DAY not in dated[0].has
        and len(dated[0].periods) == 1
        and covered(text, dated) >= MOSTLY
    ):
        period, words = dated[0].periods[0], text[dated[0].start : dated[0].end]
        day = period.start or period.end
        one = (
            period.start is None
            or period.end is None
            or (period.start.year, period.start.month) == (period.end.year, period.end.month)
        )
        if one and day and period.precision in (Precision.MONTH, Precision.DAY):
            found.append(Lent(field=Field.MONTH, value=day.month, origin=origin, words=words))
    return tuple(found)


def _plain_years(text: str, origin: str) -> Scopes:
    """The year or years that a title ends or begins with: "Calendar 2014", "Board meetings 2019/20"."""
    if words_in(text) > _TITLE_WORDS:
        return ()
    match = _YEARS.search(text)
    if match is None:
        return ()
    first = int(match[1])
    last = first + (int(match[2]) - first) % (100 if len(match[2]) == 2 else 10_000) if match[2] else first
    until = last if first < last <= first + _SPAN else None
    return (Lent(field=Field.YEAR, value=first, until=until, origin=origin, words=match[0]),)


def is_scope(text: str, anchors: Sequence[Anchor]) -> bool:
    """Whether a text is nothing but a month, a season or a year: it says where the dates after it belong."""
    dated = [anchor for anchor in anchors if anchor.periods]
    return bool(dated) and all(Field.DAY not in anchor.has for anchor in dated) and covered(text, dated) >= WHOLE


def _subtitles(part: Part) -> bool:
    """Whether a short text at the head of a section only says of which year or season all of it is ("Fall 2024")."""
    dated = part.dated
    return (
        len(dated) == 1
        and not dated[0].has & {Field.DAY, Field.MONTH}
        and Field.YEAR in dated[0].has
        and not part.text.rstrip().endswith((".", ":"))
        and len(dated[0].periods) == 1
    )


def in_days(lent: Scopes) -> bool:
    """Whether numbers alone may be days: what stands nearest lends a month."""
    return any(one.field is Field.MONTH and one.origin != "document" for one in lent)


def _document(root: Part, tree: Tree, reader: Reader) -> Scopes:
    """What the document as a whole lends: its title, the name of its file. The nearest come first."""
    texts = [tree.title or "", root.text, _OTHER_THAN_WORDS.sub(" ", PurePosixPath(tree.source).stem)]
    found: list[Lent] = []
    for text in dict.fromkeys(filter(None, texts)):
        found += [one for one in lends(text, reader.search(text), "document") if one.field is Field.YEAR]
    # What stands around the text of a page comes last.
    for part in root.walk():
        if part.kind is NodeKind.FURNITURE and not found:
            for line in part.text.split("\n"):
                found += [one for one in _plain_years(line, "document") if one.until is None]
    return tuple(found)


def _walk(root: Part, scopes: Scopes, reader: Reader) -> None:
    waiting = [(root, scopes)]
    while waiting:
        part, lent = waiting.pop()
        part.lent = lent
        if part.kind is NodeKind.TABLE:
            below = list(_table(part, lent, reader))
        else:
            _search(part, reader)
            below = list(_children(part, _own(part, lent), reader))
        waiting.extend(below)


def _search(part: Part, reader: Reader) -> None:
    if part.text and not part.node.style.struck:
        bare = part.kind in (NodeKind.ITEM, NodeKind.PARAGRAPH, NodeKind.PAIR, NodeKind.HEADING) and in_days(part.lent)
        part.anchors = reader.search(part.text, _lent(part.lent), bare=bare)


def _lent(lent: Scopes) -> Scopes:
    """The nearest month and the nearest year: what a date that lacks them is first read with."""
    month = next((one for one in lent if one.field is Field.MONTH), None)
    year = next((one for one in lent if one.field is Field.YEAR), None)
    return tuple(one for one in (month, year) if one is not None)


def _own(part: Part, lent: Scopes) -> Scopes:
    """What the children of a part stand in: a pair's label and an item's own words lend to what is under them."""
    if part.kind is NodeKind.ITEM and part.children and words_in(part.text) <= 12:
        return (*lends(part.text, part.anchors, "heading"), *lent)
    return lent


def _children(part: Part, lent: Scopes, reader: Reader) -> Iterator[tuple[Part, Scopes]]:
    """The children with their scopes; a paragraph that is a scope lends to its later siblings, until the next one."""
    running: Scopes = ()
    heading = part.heading
    if heading is not None:
        heading.lent = lent
        _search(heading, reader)
        own = lends(heading.text, heading.anchors, "heading")
        if own:
            heading.outcome = "scope"
        lent = (*own, *lent)
    before: Part | None = None
    for at, child in enumerate(part.children):
        if child is heading:
            continue
        if child.kind is NodeKind.PARAGRAPH and words_in(child.text) <= 15:
            child.lent = lent
            _search(child, reader)
            if words_in(child.text) <= 8 and (
                is_scope(child.text.rstrip(" :."), child.anchors) or (at < 3 and _subtitles(child))
            ):
                child.outcome = "scope"
                own = lends(child.text, child.anchors, "heading")
                kept = running if not any(one.field is Field.YEAR for one in own) else ()
                running = (*own, *(one for one in kept if one.field is Field.YEAR))
        over: Scopes = ()
        if child.kind in (NodeKind.LIST, NodeKind.TABLE) and before is not None and words_in(before.text) <= 15:
            over = tuple(one for one in lends(before.text, before.anchors, "heading") if one.field is Field.YEAR)
        yield child, (*over, *running, *lent)
        before = child if child.kind is NodeKind.PARAGRAPH else None


def _table(table: Part, lent: Scopes, reader: Reader) -> Iterator[tuple[Part, Scopes]]:
    """A table's cells: scopes come from its caption, its column's heads, rows that span it, and the cells at their
    left."""
    caption = lends(table.node.label, reader.search(table.node.label), "caption")
    walk = _Table(Grid(table), (*caption, *lent), reader)
    for row in walk.grid.rows:
        yield from walk.row(row)


class _Table:
    """One walk down a table: what its columns, its last spanning row and the cells over empty ones lend."""

    def __init__(self, grid: Grid, lent: Scopes, reader: Reader) -> None:
        self.grid, self.lent, self.reader = grid, lent, reader
        self.numbers, self.days = numbering(grid), numeric(grid, reader.lang)
        self.columns: dict[int, Scopes] = {}
        self.running: Scopes = ()
        self.carried: dict[int, Scopes] = {}

    def row(self, row: Row) -> Iterator[tuple[Part, Scopes]]:
        row.part.lent = self.lent
        if self._spans(row):
            return
        left: Scopes = ()
        months = not row.head and _months(row, self.lent, self.reader)
        sheets: dict[int, Scopes] = {}
        for column, cell in row.starts:
            scopes = (*left, *self.columns.get(column, ()), *self.running, *self.lent)
            self._cell(column, cell, scopes)
            over = range(column, column + cell.node.columns)
            if row.head:
                own = lends(cell.text, cell.anchors, "column")
                self.columns |= {each: (*own, *self.columns.get(each, ())) for each in over}
                if cell.node.columns > 1 and is_scope(cell.text, cell.anchors):
                    sheets[column] = own
            elif (cell.node.columns > 1 or months) and is_scope(cell.text, cell.anchors):
                # A month over columns holds for what is under it, until another one does.
                sheets[column] = lends(cell.text, cell.anchors, "column")
                self.columns |= dict.fromkeys(over, sheets[column])
            elif not cell.text.strip() and not cell.children:
                left = (*self.carried.get(column, ()), *left)
            elif is_scope(cell.text, cell.anchors):
                self.carried[column] = lends(cell.text, cell.anchors, "row")
                left = (*self.carried[column], *left)
            for child in cell.children:
                yield child, scopes
        self._beside(row, sheets)

    def _spans(self, row: Row) -> bool:
        """Whether a row holds nothing but a month or a year, which it lends to the rows after it."""
        for cell in row.filled:
            cell.lent = self.lent
        if len(row.filled) != 1 or self.grid.width < 2:
            return False
        cell = row.filled[0]
        cell.anchors = self.reader.search(cell.text, _lent(self.lent))
        if not is_scope(cell.text.rstrip(" :."), cell.anchors):
            return False
        cell.outcome = "scope"
        self.running = lends(cell.text, cell.anchors, "row")
        self.carried.clear()
        return True

    def _cell(self, column: int, cell: Part, scopes: Scopes) -> None:
        cell.lent = scopes
        if column in self.numbers:
            cell.anchors = ()
            return
        if column in self.days.columns:
            cell.numeric, cell.day_first = True, self.days.day_first
        cell.numeric = cell.numeric or names_its_month(cell.text, scopes)
        bare = cell.numeric or in_days(scopes)
        cell.anchors = self.reader.search(cell.text, _lent(scopes), bare=bare, day_first=cell.day_first)

    def _beside(self, row: Row, sheets: dict[int, Scopes]) -> None:
        """What stands beside a month's sheet belongs to that month."""
        for column, cell in row.starts:
            over = [at for at in sheets if at < column]
            if over and column not in sheets and cell.node.columns == 1:
                self.columns[column] = (*sheets[max(over)], *(self.columns.get(column, ()) if row.head else ()))


def _months(row: Row, lent: Scopes, reader: Reader) -> bool:
    """Whether a row names the months of the columns under it: most of its cells, each another one."""
    cells = [cell for cell in row.filled if words_in(cell.text) <= 3]
    if len(cells) < 2 or len(cells) * 5 < len(row.filled) * 3:
        return False
    found = [(cell, reader.search(cell.text, _lent(lent))) for cell in cells]
    months = [
        anchors[0].day for cell, anchors in found if is_scope(cell.text, anchors) and Field.MONTH in anchors[0].has
    ]
    return len(months) * 5 >= len(row.filled) * 3 and len(set(months)) > 1
