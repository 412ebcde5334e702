"""A document's blocks, as the lines that extraction works on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from calfeed.extract.dated import DateWords
from calfeed.model import Block, BlockKind, Document, Where

# Characters that stand before an item. Those of the second set are also signs inside a text: they need a space after.
_GLYPHS = "•●○◦▪▫■□◆◇▶►▸‣⁃∙·➢➤✓✔❖※☐☑☒★☆»\uf0a7\uf0b7\uf0d8\uf076\uf0fc"
_GLYPH = re.compile(rf"(?:[{_GLYPHS}\ue000-\uf8ff]\s*|[-–—−*+→>~]\s+|\[[ xX]?\]\s+|o\s{{2,}})(?=\S)")
_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\)|(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\.)\s+(?=\S)")


class Line(Struct, frozen=True, kw_only=True):
    """A line of a text, or a whole block of a format that knows its blocks.

    `text` is without its marker; `marker` is the glyph or number before it, "" where there is none. `indent` counts
    the columns before the marker, `margin` those before the text. `width` is the whole line's length. `level` is the
    depth that the document itself gives a heading or an item, 0 where it gives none. `gap` says that a blank line or
    another kind of block stands before.
    """

    text: str
    where: Where
    marker: str = ""
    indent: int = 0
    margin: int = 0
    level: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    gap: bool = False
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return self.margin + len(self.text)

    @property
    def bare(self) -> str:
        """The text with its marker, for what turns out to be no item."""
        return f"{self.marker} {self.text}".strip()


def lines_of(document: Document, dates: DateWords) -> tuple[Line, ...]:
    found: list[Line] = []
    for block in document.blocks:
        found.extend(_lines(block, dates))
    return tuple(found)


def _lines(block: Block, dates: DateWords) -> Iterable[Line]:
    if block.kind is not BlockKind.PARAGRAPH or not block.lines:
        marker = "•" if block.kind is BlockKind.ITEM else ""
        yield Line(
            text=block.text,
            where=block.where,
            marker=marker,
            indent=max(0, block.level - 1) * 2 if marker else 0,
            level=block.level,
            kind=block.kind,
            gap=block.kind is not BlockKind.ITEM,
            cells=block.cells,
            columns=block.columns,
            damage=block.damage,
        )
        return
    first = block.where.lines[0] if block.where.lines else None
    for offset, raw in enumerate(block.lines):
        where = Where(lines=(first + offset, first + offset)) if first is not None else block.where
        yield _line(raw, where, gap=offset == 0, damage=block.damage, dates=dates)


def _line(raw: str, where: Where, *, gap: bool, damage: tuple[str, ...], dates: DateWords) -> Line:
    text = raw.strip()
    indent = len(raw) - len(raw.lstrip())
    marker = ""
    if match := _GLYPH.match(text) or _NUMBER.match(text):
        rest = text[match.end() :]
        if not dates.dotted_day(match[0], rest):
            marker = match[0].strip()
            text = rest
    return Line(
        text=text,
        where=where,
        marker=marker,
        indent=indent,
        margin=len(raw) - len(text),
        gap=gap,
        damage=damage,
    )


def is_glyph(marker: str) -> bool:
    """Whether a marker is a bullet, not a number or letter (which headings have too)."""
    return bool(marker) and not marker.strip("().").isalnum()


def span(lines: Sequence[Line]) -> Where:
    """From the first to the last of some lines."""
    wheres = [line.where for line in lines]
    numbers = [number for where in wheres if where.lines for number in where.lines]
    pages = [page for where in wheres if where.pages for page in where.pages]
    return Where(
        lines=(min(numbers), max(numbers)) if numbers else None,
        pages=(min(pages), max(pages)) if pages else None,
    )
