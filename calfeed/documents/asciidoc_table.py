"""Tables of AsciiDoc: cells between bars, with their spans and styles, filled into rows by the number of columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from calfeed.documents.asciidoc_inline import paragraph
from calfeed.documents.build import MAX_COLUMNS, MAX_NODES, Words, grid, too_large
from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

# "2+|", ".3+|", "3*|", "^.>s|": a cell's span or repetition, its alignment, its style.
_CELL = re.compile(
    r"(?:(?<=\s)|^)(?:(\d{1,3})?(?:\.(\d{1,4}))?([+*]))?(?:[<^>](?:\.[<^>])?|\.[<^>])?([a-z])?\||(?<!\\)\|",
    re.MULTILINE,
)
_COLS = re.compile(r"\bcols\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\]]*))")
_REPEAT = re.compile(r"(\d{1,3})\*")
_STYLE = re.compile(r"([a-z])$")
_ITEM = re.compile(r"(?:\*{1,5}|-|\.{1,5}|\d{1,3}\.)[ \t]+(?=\S)")
_SEPARATORS = {",": ",", ":": ":"}

Lines = Sequence[tuple[int, str]]


class Cells:
    """Reads the cells of a table, with the attributes that hold where it stands."""

    def __init__(self, source: str, attributes: Mapping[str, str]) -> None:
        self.source = source
        self.attributes = attributes

    def rows(self, lines: Lines, settings: str, sign: str) -> list[list[Node]]:
        """The rows between two delimiters, placed; `settings` is the block's attributes, `sign` its first letter."""
        cols = _COLS.search(settings)
        styles = _columns(next(filter(None, cols.groups()), "")) if cols else []
        separated = _SEPARATORS.get(sign) or ("," if re.search(r"format\s*=\s*[\"']?csv", settings) else "")
        if separated:
            rows = self._separated(lines, separated)
        else:
            cells, first = self._cells(lines, "!" if sign == "!" else "|", styles)
            rows = list(_filled(cells, len(styles) or first))
        placed = grid(rows, source=self.source)
        if placed and _has_header(lines, settings, placed):
            placed[0] = [replace(cell, head=True) for cell in placed[0]]
        return placed

    def _separated(self, lines: Lines, delimiter: str) -> list[list[Node]]:
        texts = [line for _, line in lines if line.strip()]
        numbers = [number for number, line in lines if line.strip()]
        rows: list[list[Node]] = []
        reader = csv.reader(texts, delimiter=delimiter, skipinitialspace=True)
        for row in reader:
            number = numbers[min(reader.line_num, len(numbers)) - 1]
            rows.append([self._cell([cell], number, number) for cell in row])
        return rows

    def _cells(self, lines: Lines, bar: str, styles: Sequence[str]) -> tuple[list[Node], int]:
        """All cells in order, and how many stand on the first line that has some."""
        text = "\n".join(line for _, line in lines)
        text = text.replace("!", "|") if bar == "!" else text
        marks = list(_CELL.finditer(text))
        if len(marks) > MAX_NODES:
            raise too_large(self.source, f"a table with more than {MAX_NODES:,} cells")
        found: list[Node] = []
        first = width = 0
        line = counted = 0
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            line += text.count("\n", counted, mark.start())
            counted = mark.start()
            raw = text[mark.end() : following.start() if following else len(text)]
            number = lines[line][0]
            repeats = min(int(mark[1] or 1), MAX_COLUMNS) if mark[3] == "*" else 1
            spans = mark[3] == "+"
            style = mark[4] or (styles[len(found) % len(styles)] if styles else "")
            made = self._cell(raw.split("\n"), number, number + raw.rstrip().count("\n"))
            made = replace(
                made,
                head=style == "h",
                columns=int(mark[1] or 1) if spans else 1,
                rows=int(mark[2] or 1) if spans else 1,
            )
            if not found or number == first:
                first = number
                width += repeats * made.columns
            found.extend([made] * repeats)
        return found, width

    def _cell(self, lines: Sequence[str], first: int, last: int) -> Node:
        """A cell's text: its paragraphs and items as lines."""
        words = Words()
        block: list[str] = []
        for line in [*lines, ""]:
            text = line.strip().replace("\\|", "|")
            marker = _ITEM.match(text) if len(lines) > 1 else None
            if block and (not text or marker or text == "+"):
                words.break_line()
                paragraph(words, block, self.attributes)
                block = []
            if text and text != "+":
                block.append(text[marker.end() :] if marker else text)
        return words.node(NodeKind.CELL, Where(lines=(first, last)))


def _columns(cols: str) -> list[str]:
    """The style letter of each column ("" where it has none): "1,9", "3*", "<.^2h,a"."""
    styles: list[str] = []
    for column in re.split(r"[,;]", cols.strip()):
        column = column.strip()
        repeat = _REPEAT.match(column)
        style = _STYLE.search(column)
        styles.extend([style[1] if style else ""] * (int(repeat[1]) if repeat else 1))
    if len(styles) == 1 and cols.strip().isdigit():
        styles = [""] * int(cols.strip()[:4])
    return styles[:MAX_COLUMNS]


def _filled(cells: Iterable[Node], columns: int) -> Iterable[list[Node]]:
    """The cells as rows of that many columns, of which spans from above take their share."""
    columns = min(max(columns, 1), MAX_COLUMNS)
    above = [0] * columns
    row: list[Node] = []
    at = 0
    for cell in cells:
        while at < columns and above[at]:
            above[at] -= 1
            at += 1
        if at >= columns:
            yield row
            row, at = [], 0
            while at < columns and above[at]:
                above[at] -= 1
                at += 1
        row.append(cell)
        for column in range(at, min(at + cell.columns, columns)):
            above[column] = cell.rows - 1
        at += cell.columns
    if row:
        yield row


def _has_header(lines: Lines, settings: str, rows: Sequence[Sequence[Node]]) -> bool:
    """Whether the first row names the columns: it is said, or stands alone before a blank line."""
    if "noheader" in settings or len(rows[0]) < 2:
        return False
    if "header" in settings:
        return True
    return len(lines) > 1 and bool(lines[0][1].strip()) and not lines[1][1].strip()
