"""OpenDocument texts and spreadsheets (ODT, ODS): the same tree as DOCX and workbooks give.

In: bytes. Out: a `Tree`. A place in a text is a line, counted as paragraphs and rows are, and a page where the writer
has noted where its pages end; in a spreadsheet sheet and cell. A typed date has its `moment`, and as its text what is
shown. Source: OASIS OpenDocument 1.3, part 3. The parser resolves no entities and loads nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from msgspec.structs import replace

from calfeed.documents.archive import checked, xml_of
from calfeed.documents.assemble import Piece, cell_of, lays_out, lists, tree, words
from calfeed.documents.grid import table
from calfeed.documents.looks import Look, with_headings
from calfeed.documents.open_styles import Element, Markers, Styles, ns
from calfeed.documents.tree import Node, NodeKind, Progress, Tree
from calfeed.documents.workbook import MAX_NODES, blocks, cell_name, too_large
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

TEXT = "application/vnd.oasis.opendocument.text"
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
# Elements that only wrap what is read, and those whose words are none of the text's.
_WRAPPERS = frozenset(map(ns, ("text:section", "text:index-body", "text:table-of-content", "text:soft-page-break",
                               "text:numbered-paragraph", "draw:text-box", "draw:frame", "draw:g", "draw:custom-shape",
                               "draw:a", "table:table-row-group", "table:table-rows", "table:table-header-rows",
                               "table:table-header-columns", "text:list-header")))  # fmt: skip
_LEFT_OUT = frozenset(map(ns, ("text:tracked-changes", "office:annotation", "office:annotation-end", "text:note",
                               "text:ruby-text", "text:sequence-decls", "svg:title", "svg:desc")))  # fmt: skip
# White space of the file is one space (section 6.1.2); line breaks have an element of their own.
_SPACE = re.compile(r"[ \t\r\n]+")
# A cell that is repeated more often than this is a way to write "to the end of the sheet".
_MOST_REPEATS = 200


def read(content: bytes, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of an ODT or ODS file. Raises DocumentError where the bytes are neither, or hold more than is sane."""
    archive = checked(content, source=source)
    body, styles = _parsed(archive, "content.xml", source), _parsed(archive, "styles.xml", source)
    if body is None:
        raise _unreadable(source, "it has no content.xml")
    walk = _Walk(Styles(styles, body))
    office = body.find(ns("office:body"))
    sheets = office.find(ns("office:spreadsheet")) if office is not None else None
    if sheets is not None:
        return tree(_sheets(sheets, walk, source), source=source, media_type=SHEET, lang=lang)
    text = office.find(ns("office:text")) if office is not None else None
    if text is None:
        raise _unreadable(source, "it holds neither a text nor a spreadsheet")
    nodes = list(walk.blocks(text))
    if walk.title:
        nodes = [_under_title(node, walk.title) for node in nodes]
    nodes = [*lists(with_headings(nodes)), *walk.notes]
    if styles is not None:
        nodes += _furniture(styles, walk)
    return tree(nodes, source=source, media_type=TEXT, lang=lang, title=walk.title)


def _under_title(node: Node, title: str) -> Node:
    if node.kind is not NodeKind.HEADING or (node.level == 1 and node.text == title):
        return node
    return replace(node, level=node.level + 1)


def _parsed(archive: zipfile.ZipFile, name: str, source: str) -> Element | None:
    try:
        return xml_of(archive, name, source=source)
    except ModuleNotFoundError as missing:
        raise DocumentError(
            "OpenDocument files are read by an extra that is not installed.",
            spot=Spot(source),
            mend="Install calfeed[office].",
        ) from missing
    except SyntaxError as error:
        raise _unreadable(source, f"{name}: {error}") from error


def _unreadable(source: str, why: str) -> DocumentError:
    return DocumentError(
        f"this is no OpenDocument file that can be read ({why}).",
        spot=Spot(source),
        mend="Open it in a word processor, save it anew and give that.",
    )


def _furniture(styles: Element, walk: _Walk) -> Iterator[Node]:
    seen: set[str] = set()
    for kind in ("style:header", "style:footer"):
        for element in styles.iter(ns(kind)):
            for node in walk.blocks(element):
                for one in node.walk():
                    if one.text and one.text not in seen:
                        seen.add(one.text)
                        yield Node(kind=NodeKind.FURNITURE, text=one.text, style=one.style)


class _Walk:
    """One walk through a document: it counts lines, pages and list items as it goes."""

    def __init__(self, styles: Styles) -> None:
        self.title: str | None = None
        self.notes: list[Node] = []
        self.styles = styles
        self._markers = Markers(styles)
        self._line = 0
        self._page = 1

    def blocks(self, parent: Element) -> Iterator[Node]:
        """The nodes of a body, a cell or a text box, in order; list items still side by side."""
        for element in parent.iterchildren():
            tag = element.tag
            if tag == ns("text:soft-page-break"):
                self._page += 1
            elif tag in (ns("text:p"), ns("text:h")):
                yield from self._paragraph(element)
            elif tag == ns("text:list"):
                yield from self._list(element, "", 1)
            elif tag == ns("table:table"):
                yield from self._table(element)
            elif tag in _WRAPPERS:
                yield from self.blocks(element)

    def _list(self, element: Element, style: str, depth: int) -> Iterator[Node]:
        style = element.get(ns("text:style-name")) or style
        if element.get(ns("text:continue-numbering")) != "true":
            self._markers.restart(style, depth)
        for child in element.iterchildren():
            if child.tag not in (ns("text:list-item"), ns("text:list-header")):
                continue
            label = self._markers.next(style, depth) if child.tag == ns("text:list-item") else ""
            first = True
            for part in child.iterchildren():
                if part.tag == ns("text:list"):
                    yield from self._list(part, style, depth + 1)
                    continue
                for node in self._paragraph(part) if part.tag in (ns("text:p"), ns("text:h")) else self.blocks(part):
                    if node.kind is NodeKind.HEADING:
                        yield replace(node, label=label.strip("•"))
                    elif first and node.kind is NodeKind.PARAGRAPH:
                        yield replace(node, kind=NodeKind.ITEM, level=depth, label=label)
                    else:
                        yield node
                    first = False

    def _paragraph(self, element: Element) -> Iterator[Node]:
        style = self.styles.paragraph(element.get(ns("text:style-name")))
        boxes: list[Element] = []
        said = words(self._pieces(element, style.look, "", boxes))
        if said.text:
            self._line += 1
            level = element.get(ns("text:outline-level"), "1") if element.tag == ns("text:h") else "0"
            depth = int(level) if level.isdigit() else 1
            if style.name == "Title":
                depth = 1
                self.title = self.title or said.text
            kind = NodeKind.HEADING if depth else NodeKind.PARAGRAPH
            yield replace(said, kind=kind, level=min(depth, 9), where=self._where())
        for box in boxes:
            yield from self.blocks(box)

    def _where(self) -> Where:
        pages = (self._page, self._page) if self.styles.paged else None
        return Where(lines=(self._line, self._line) if self._line else None, pages=pages)

    def _pieces(self, parent: Element, base: Look, address: str, boxes: list[Element]) -> Iterator[Piece]:
        style = base.style(self.styles.body_size)
        if parent.text:
            yield Piece(_SPACE.sub(" ", parent.text), style, address)
        for child in parent.iterchildren():
            tag = child.tag
            if tag == ns("text:line-break"):
                yield Piece("\n", style, address)
            elif tag in (ns("text:s"), ns("text:tab")):
                yield Piece(" ", style, address)
            elif tag == ns("text:soft-page-break"):
                self._page += 1
            elif tag == ns("text:note"):
                self._note(child)
            elif tag in (ns("draw:frame"), ns("draw:custom-shape"), ns("draw:g")):
                boxes.append(child)
            elif isinstance(tag, str) and tag not in _LEFT_OUT:
                target = child.get(ns("xlink:href"), "") if tag == ns("text:a") else ""
                look = self.styles.text(child.get(ns("text:style-name"))) if tag == ns("text:span") else Look()
                yield from self._pieces(child, look.over(base), target or address, boxes)
            if child.tail:
                yield Piece(_SPACE.sub(" ", child.tail), style, address)

    def _note(self, element: Element) -> None:
        body, citation = element.find(ns("text:note-body")), element.find(ns("text:note-citation"))
        found = [node.text for node in self.blocks(body)] if body is not None else []
        if found:
            label = "".join(citation.itertext()) if citation is not None else ""
            self.notes.append(Node(kind=NodeKind.NOTE, text="\n".join(found), label=label))

    def _table(self, element: Element) -> Iterator[Node]:
        cells: list[Node] = []
        content: list[list[Node]] = []
        heads = 0
        for number, (row, is_head) in enumerate(_rows(element)):
            heads += is_head and heads == number
            before = self._line
            for column, cell in _cells(row):
                self._line = before
                inner = list(self.blocks(cell))
                where = replace(self._where(), lines=(before + 1, before + 1))
                spans = {name: _count(cell, f"table:number-{name}-spanned") for name in ("rows", "columns")}
                cells.append(replace(cell_of(inner, where), row=number, column=column, **spans))
                content.append(inner)
            self._line = before + 1
        if lays_out(cells, content):
            yield from (node for inner in content for node in inner)
        elif cells:
            yield table(cells, heads=heads or None)


def _rows(element: Element, head: bool = False) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, and whether each is of its head."""
    for child in element.iterchildren():
        if child.tag == ns("table:table-row"):
            yield child, head
        elif child.tag in _WRAPPERS:
            yield from _rows(child, head or child.tag == ns("table:table-header-rows"))


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """A row's cells with their columns; covered and repeated empty ones are counted only."""
    column = 0
    for cell in row.iterchildren():
        if cell.tag not in (ns("table:table-cell"), ns("table:covered-table-cell")):
            continue
        repeats = _count(cell, "table:number-columns-repeated")
        if cell.tag == ns("table:table-cell") and (len(cell) or repeats == 1):
            for at in range(column, column + min(repeats, _MOST_REPEATS)):
                yield at, cell
        column += repeats


def _count(element: Element, attribute: str) -> int:
    value = element.get(ns(attribute), "1")
    return max(1, int(value)) if value.isdigit() else 1


def _sheets(sheets: Element, walk: _Walk, source: str) -> Iterator[Node]:
    """The sheets that are shown, several as a section each."""
    tables = sheets.iterchildren(ns("table:table"))
    shown = [sheet for sheet in tables if walk.styles.shows(sheet.get(ns("table:style-name")))]
    for sheet in shown:
        name = sheet.get(ns("table:name"), "")
        found = list(blocks(_sheet_rows(sheet, name, walk, source)))
        if found and len(shown) > 1:
            yield Node(kind=NodeKind.HEADING, text=name, level=1, where=found[0].where)
        yield from found


def _sheet_rows(sheet: Element, name: str, walk: _Walk, source: str) -> Iterator[list[Node]]:
    at = count = 0
    for row, _ in _rows(sheet):
        repeats = _count(row, "table:number-rows-repeated")
        hidden = row.get(ns("table:visibility")) in ("collapse", "filter")
        found = [(column, cell) for column, cell in _cells(row) if len(cell)]
        for _ in range(min(repeats, _MOST_REPEATS) if found else 1):
            cells = [node for column, cell in found if (node := _sheet_cell(cell, name, at, column, walk, hidden)).text]
            count += len(cells)
            if count > MAX_NODES:
                raise too_large(source, name)
            yield cells
            at += 1
        at += 0 if found else repeats - 1


def _sheet_cell(cell: Element, sheet: str, row: int, column: int, walk: _Walk, hidden: bool) -> Node:
    spans = {name: _count(cell, f"table:number-{name}-spanned") for name in ("rows", "columns")}
    last = cell_name(row + spans["rows"] - 1, column + spans["columns"] - 1)
    name = cell_name(row, column)
    where = Where(sheet=sheet, cell=name if name == last else f"{name}:{last}")
    look = walk.styles.cell(cell.get(ns("table:style-name")))
    said = cell_of(list(walk.blocks(cell)), where)
    style = replace(said.style, bold=said.style.bold or bool(look.bold), struck=said.style.struck or bool(look.struck))
    style = replace(style, hidden=style.hidden or hidden)
    moment = _moment(cell.get(ns("office:date-value")))
    return replace(said, row=row, column=column, style=style, moment=moment, **spans)


def _moment(value: str | None) -> date | datetime | None:
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    return moment.date() if moment and "T" not in (value or "") else moment
