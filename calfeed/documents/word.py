"""Word documents (DOCX): headings by style or look, lists by numbering, tables with their spans, text boxes in place.

In: bytes. Out: a `Tree`. A place is a line, counted as the document's paragraphs and rows of tables are, and a page
where Word has noted where its pages ended. What was deleted under "track changes" is no text; what is struck out or
hidden says so. Source: ECMA-376 part 1, chapter 17. The package is opened by python-docx, whose parser resolves no
entities.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from calfeed.documents.archive import DAMAGE, checked
from calfeed.documents.assemble import Piece, cell_of, lays_out, lists, tree, words
from calfeed.documents.grid import table, union
from calfeed.documents.looks import Look, with_headings
from calfeed.documents.tree import Node, NodeKind, Progress, Tree
from calfeed.documents.word_styles import Element, Numbering, Styles, heading_level, look, numbering_of, w
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
# Elements that only wrap what is read, and those whose text is no text of the document.
_WRAPPERS = frozenset(map(w, ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml",
                              "dir", "bdo")))  # fmt: skip
_LEFT_OUT = frozenset(map(w, ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "commentReference")))
_SIGNS = {
    w("tab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "",
}


def read(content: bytes, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a DOCX document. Raises DocumentError where the bytes are none, or hold more than is sane."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ModuleNotFoundError as missing:
        raise DocumentError(
            "DOCX documents are read by an extra that is not installed.",
            spot=Spot(source),
            mend="Install calfeed[office].",
        ) from missing
    checked(content, source=source)
    try:
        part: Any = docx.Document(io.BytesIO(content)).part
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError, TypeError, *DAMAGE) as error:
        raise DocumentError(
            f"this is no DOCX document that can be read ({error}).",
            spot=Spot(source),
            mend="Open it in a word processor, save it anew and give that.",
        ) from error
    walk = _Walk(part)
    nodes = list(walk.blocks(part.element.body))
    title = walk.title
    if title:
        nodes = [_under_title(node, title) for node in nodes]
    nodes = lists(with_headings(nodes))
    nodes += [*walk.notes(), *walk.furniture()]
    return tree(nodes, source=source, media_type=MEDIA_TYPE, lang=lang, title=title)


def _under_title(node: Node, title: str) -> Node:
    if node.kind is not NodeKind.HEADING or (node.level == 1 and node.text == title):
        return node
    return replace(node, level=node.level + 1)


class _Walk:
    """One walk through a document: it counts lines, pages and numbered paragraphs as it goes."""

    def __init__(self, part: Any) -> None:
        self.title: str | None = None
        self._part = part
        self._styles = Styles(_root(part, "styles"))
        self._numbering = Numbering(_root(part, "numbering"))
        self._body_size = self._most_common_size(part.element.body)
        self._paged = part.element.body.find(f".//{w('lastRenderedPageBreak')}") is not None
        self._page = 1
        self._line = 0

    def blocks(self, parent: Element) -> Iterator[Node]:
        """The nodes of a body, a cell or a text box, in order; list items still side by side."""
        for element in parent.iterchildren():
            if element.tag == w("p"):
                yield from self._paragraph(element)
            elif element.tag == w("tbl"):
                yield from self._table(element)
            elif element.tag in _WRAPPERS:
                yield from self.blocks(element)

    def notes(self) -> Iterator[Node]:
        """Foot- and endnotes, after the text."""
        for name in ("footnotes", "endnotes"):
            root = _root(self._part, name)
            for element in root.iterchildren() if root is not None else ():
                if element.get(w("type")) is None:
                    found = [node.text for node in self.blocks(element) if node.text]
                    if found:
                        yield Node(kind=NodeKind.NOTE, text="\n".join(found), label=element.get(w("id"), ""))

    def furniture(self) -> Iterator[Node]:
        """Running heads and feet, each text once."""
        seen: set[str] = set()
        for relation in self._part.rels.values():
            if relation.reltype.rpartition("/")[2] in ("header", "footer") and not relation.is_external:
                for node in self.blocks(relation.target_part.element):
                    for one in node.walk():
                        if one.text and one.text not in seen:
                            seen.add(one.text)
                            yield Node(kind=NodeKind.FURNITURE, text=one.text, style=one.style)

    def _most_common_size(self, body: Element) -> float:
        sizes: dict[float, int] = {}
        for element in body.iter(w("t")):
            run = element.getparent()
            said = look(run.find(w("rPr"))) if run.tag == w("r") else Look()
            if said.size is None:
                paragraph = next(run.iterancestors(w("p")), None)
                said = self._style_of(paragraph.find(w("pPr")) if paragraph is not None else None).look
            size = said.size or self._styles.base.size or 1.0
            sizes[size] = sizes.get(size, 0) + len(element.text or "")
        return max(sizes, key=lambda size: sizes[size], default=self._styles.base.size or 1.0)

    def _style_of(self, properties: Element | None) -> Any:
        named = properties.find(w("pStyle")) if properties is not None else None
        return self._styles.get(named.get(w("val")) if named is not None else None)

    def _paragraph(self, element: Element) -> Iterator[Node]:
        properties = element.find(w("pPr"))
        style = self._style_of(properties)
        boxes: list[Element] = []
        pieces = list(self._pieces(element, style.look.over(self._styles.base), "", boxes))
        said = words(pieces)
        if said.text:
            self._line += 1
            where = self._where()
            level = heading_level("", properties) or style.level
            number, depth = numbering_of(properties)
            number, depth = (number, depth or 0) if number else (style.number, style.depth)
            marker = self._numbering.marker(number, depth) if number not in ("", "0") else None
            if style.name.lower() in ("title", "titel", "titre", "título") and self.title is None:
                self.title = said.text
            if level:
                yield replace(said, kind=NodeKind.HEADING, level=level, label=marker or "", where=where)
            elif marker is not None:
                yield replace(said, kind=NodeKind.ITEM, level=max(depth, style.nesting) + 1, label=marker, where=where)
            else:
                yield replace(said, where=where)
        for box in boxes:
            yield from self.blocks(box)

    def _where(self) -> Where:
        return Where(
            lines=(self._line, self._line) if self._line else None,
            pages=(self._page, self._page) if self._paged else None,
        )

    def _pieces(self, parent: Element, base: Look, address: str, boxes: list[Element]) -> Iterator[Piece]:
        for child in parent.iterchildren():
            tag = child.tag
            if tag == w("r"):
                yield from self._run(child, base, address, boxes)
            elif tag in _WRAPPERS:
                target = self._target(child) if tag == w("hyperlink") else ""
                yield from self._pieces(child, base, target or address, boxes)

    def _run(self, run: Element, base: Look, address: str, boxes: list[Element]) -> Iterator[Piece]:
        properties = run.find(w("rPr"))
        said = look(properties)
        named = properties.find(w("rStyle")) if properties is not None else None
        if named is not None:
            said = said.over(self._styles.get(named.get(w("val"))).look)
        style = said.over(base).style(self._body_size)
        for child in run.iterchildren():
            tag = child.tag
            if tag == w("t"):
                yield Piece((child.text or "").replace("\n", " "), style, address)
            elif tag == w("lastRenderedPageBreak"):
                self._page += 1
            elif tag in _SIGNS:
                yield Piece(_SIGNS[tag], style, address)
            elif tag not in _LEFT_OUT:
                # A drawing is written twice, for newer and for older readers: the first of them is enough.
                boxes.extend(next(iter(child) if tag == _ALTERNATE else iter((child,)), child).iter(w("txbxContent")))

    def _target(self, link: Element) -> str:
        relation = self._part.rels.get(link.get(_RELATION))
        return relation.target_ref if relation is not None and relation.is_external else ""

    def _table(self, element: Element) -> Iterator[Node]:
        cells: list[Node] = []
        content: list[list[Node]] = []
        heads = 0
        above: dict[int, int] = {}
        for number, row in enumerate(_rows(element)):
            before = self._line
            properties = row.find(w("trPr"))
            if properties is not None and properties.find(w("tblHeader")) is not None and heads == number:
                heads += 1
            column = _count(properties, "gridBefore", 0)
            for cell in _cells(row):
                said = cell.find(w("tcPr"))
                span = _count(said, "gridSpan", 1)
                merge = said.find(w("vMerge")) if said is not None else None
                continued = merge is not None and merge.get(w("val"), "continue") == "continue" and column in above
                self._line = before
                inner = [] if continued else list(self.blocks(cell))
                if continued:
                    over = above[column]
                    cells[over] = replace(cells[over], rows=number - cells[over].row + 1)
                else:
                    above[column] = len(cells)
                    self._line = before + 1
                    place = replace(self._where(), lines=(before + 1, before + 1))
                    cells.append(replace(cell_of(inner, place), row=number, column=column, columns=span))
                    content.append(inner)
                column += span
            self._line = before + 1
        if lays_out(cells, content):
            yield from (node for inner in content for node in inner)
        elif cells:
            where = union(cell.where for cell in cells)
            yield table(cells, where=where, heads=heads or None)


def _rows(element: Element) -> Iterator[Element]:
    for child in element.iterchildren():
        if child.tag == w("tr"):
            if child.find(f"{w('trPr')}/{w('del')}") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row.iterchildren():
        if child.tag == w("tc"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _cells(child)


def _count(properties: Element | None, name: str, default: int) -> int:
    found = properties.find(w(name)) if properties is not None else None
    value = found.get(w("val"), "") if found is not None else ""
    return min(int(value), 1000) if value.isdigit() else default


def _root(part: Any, name: str) -> Element | None:
    """The root element of a part that the document is related to, by the last word of the relationship's type."""
    for relation in part.rels.values():
        if relation.reltype.rpartition("/")[2] == name and not relation.is_external:
            target = relation.target_part
            if hasattr(target, "element"):
                return target.element
            from docx.oxml import parse_xml

            try:
                return parse_xml(target.blob)
            except SyntaxError:
                # Without its styles or numbers the text can still be read.
                return None
    return None
