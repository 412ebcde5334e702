"""Word documents as a reader of the page sees them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from calfeed.documents import word
from calfeed.documents.tree import Node, NodeKind
from calfeed.errors import DocumentError
from tests.documents.made import grid_of

docx = pytest.importorskip("docx")


MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def tree_of(document: Any) -> Node:
    buffer = io.BytesIO()
    document.save(buffer)
    return word.read(buffer.getvalue(), source="a.docx").root


def outline(node: Node) -> list[tuple[str, int, str, str]]:
    return [(n.kind.value, n.level, n.label, n.text) for n in node.walk() if n.text and n.kind is not NodeKind.DOCUMENT]


def test_headings_by_style_lists_by_numbering_and_headings_by_look() -> None:
    document = docx.Document()
    document.add_heading("Programme 2013", 0)
    document.add_heading("Webinars", 1)
    document.add_paragraph("July 2013", style="List Bullet")
    document.add_paragraph("August 2013", style="List Bullet 2")
    document.add_paragraph("Second", style="List Number")
    document.add_paragraph().add_run("Workshops").bold = True
    document.add_paragraph("In Basel, in May.")
    assert outline(tree_of(document)) == [
        ("heading", 1, "", "Programme 2013"),
        ("heading", 2, "", "Webinars"),
        ("item", 1, "•", "July 2013"),
        ("item", 2, "•", "August 2013"),
        ("item", 1, "1.", "Second"),
        ("heading", 3, "", "Workshops"),
        ("paragraph", 0, "", "In Basel, in May."),
    ]


def test_deleted_text_is_no_text_and_struck_text_says_so() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("3 May ")
    paragraph.add_run("4 May").font.strike = True
    paragraph._p.append(docx.oxml.parse_xml(f'<w:del xmlns:w="{MAIN}"><w:r><w:delText>5 May</w:delText></w:r></w:del>'))
    (said,) = tree_of(document).children
    assert said.text == "3 May 4 May"
    assert [(said.text[e.start : e.end], e.style.struck) for e in said.emphases] == [("4 May", True)]


def test_merged_cells_stand_once_with_their_span() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for number, text in enumerate(("Day", "Room", "Title", "3 May", "East", "One", "", "West", "Two")):
        table.cell(number // 3, number % 3).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    (read,) = tree_of(document).children
    assert grid_of(read) == [["Day", "Room", "Title"], ["3 May", "East", "One"], ["West", "Two"]]
    assert (read.children[1].children[0].rows, read.children[2].children[0].column) == (2, 1)


def test_running_heads_are_furniture() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Secretariat"
    document.add_paragraph("3 May")
    assert [node.kind.value for node in tree_of(document).children] == ["paragraph", "furniture"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(40), b"nothing"])
def test_what_is_no_document_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(DocumentError, match="cut or damaged"):
        word.read(content, source="a.docx")
