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
from calfeed.extract.anchors import Anchor, Part, Reader, covered, words_in
from calfeed.extract.grid import Grid, numbering
from calfeed.model import Precision

# A text is nothing but its date where that covers so much of its letters.
WHOLE = 0.8
# A month is lent by a text that says little else: "Termine im März", not "Newsletter, Vol. 11, No. 1: January".
MOSTLY = 0.35
_OTHER_THAN_WORDS = re.compile(r"[_.+-]+")
_BLOCKS = (NodeKind.PARAGRAPH, NodeKind.PAIR, NodeKind.HEADING, NodeKind.ITEM, NodeKind.CELL)

Scopes = tuple[Lent, ...]


def lend(root: Part, tree: Tree, reader: Reader) -> None:
    """Give every part its scopes and the anchors that its text has in them."""
    _walk(root, _document(root, tree, reader), reader)


def lends(text: str, anchors: Sequence[Anchor], origin: str) -> Scopes:
    """The fields that a text lends: its year or span of years, and its month where it names one."""
    dated = [anchor for anchor in anchors if anchor.periods]
    if not dated:
        return ()
    found: list[Lent] = []
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
    grid = Grid(table)
    lent = (*lends(table.node.label, reader.search(table.node.label), "caption"), *lent)
    columns: dict[int, Scopes] = {}
    numbers = numbering(grid)
    running: Scopes = ()
    carried: dict[int, Scopes] = {}
    for row in grid.rows:
        row.part.lent = lent
        filled = row.filled
        for cell in filled:
            cell.lent = lent
        if len(filled) == 1 and len(grid.heads) > 1:
            cell = filled[0]
            cell.anchors = reader.search(cell.text, _lent(lent))
            if is_scope(cell.text.rstrip(" :."), cell.anchors):
                cell.outcome = "scope"
                running = lends(cell.text, cell.anchors, "row")
                carried.clear()
                continue
        left: Scopes = ()
        for column, cell in row.starts:
            scopes = (*left, *columns.get(column, ()), *running, *lent)
            cell.lent = scopes
            bare = column not in numbers and in_days(scopes)
            cell.anchors = () if column in numbers else reader.search(cell.text, _lent(scopes), bare=bare)
            if row.head:
                own = lends(cell.text, cell.anchors, "column")
                for each in range(column, column + cell.node.columns):
                    columns[each] = (*own, *columns.get(each, ()))
            elif not cell.text.strip() and not cell.children:
                left = (*carried.get(column, ()), *left)
            elif is_scope(cell.text, cell.anchors):
                carried[column] = lends(cell.text, cell.anchors, "row")
                left = (*carried[column], *left)
            for child in cell.children:
                yield child, scopes
