"""PDF documents as a reader of the page sees them."""

from __future__ import annotations

import pytest

from calfeed.documents import pdf
from calfeed.documents.tree import Node, NodeKind
from calfeed.errors import DocumentError
from tests.documents.made import grid_of, ruled
from tests.documents.made import pdf as made

pytest.importorskip("pypdfium2")


def outline(node: Node) -> list[tuple[str, int, str, str]]:
    return [(n.kind.value, n.level, n.label, n.text) for n in node.walk() if n.text and n.kind is not NodeKind.DOCUMENT]


def test_headings_by_size_wrapped_lines_and_items() -> None:
    long = "The secretariat organises webinars on the sound management of chemicals and wastes, which"
    page = [
        (60, 80, 20, "bold", "Programme 2013"),
        (60, 120, 11, "", long),
        (60, 134, 11, "", "are open to all."),
        (60, 160, 11, "", "•"),
        (78, 160, 11, "", "July 2013: Basel"),
        (60, 174, 11, "", "•"),
        (78, 174, 11, "", "August 2013: Rotterdam"),
    ]
    tree = pdf.read(made(page), source="a.pdf")
    assert tree.title == "Programme 2013"
    assert outline(tree.root) == [
        ("heading", 1, "", "Programme 2013"),
        ("paragraph", 0, "", f"{long} are open to all."),
        ("item", 1, "•", "July 2013: Basel"),
        ("item", 1, "•", "August 2013: Rotterdam"),
    ]


def test_a_ruled_table_with_its_place() -> None:
    page = [(65, 92, 10, "bold", "Date"), (205, 92, 10, "bold", "Title"),
            (65, 112, 10, "", "3 May 2013"), (205, 112, 10, "", "Workshop"),
            (65, 132, 10, "", "4 May 2013"), (205, 132, 10, "", "Webinar")]  # fmt: skip
    tree = pdf.read(made(page, lines=[ruled((60, 200, 400), (80, 100, 120, 140))]), source="a.pdf")
    (table,) = tree.root.children
    assert grid_of(table) == [["Date", "Title"], ["3 May 2013", "Workshop"], ["4 May 2013", "Webinar"]]
    assert table.children[0].head
    assert table.children[1].children[0].where.pages == (1, 1)
    assert table.children[1].children[0].where.box == (60, 100, 200, 120)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.4\ntrailer <<>>", b"nothing"])
def test_what_is_no_pdf_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(DocumentError, match="no PDF"):
        pdf.read(content, source="a.pdf")


def test_a_page_without_words_names_what_to_install() -> None:
    with pytest.raises(DocumentError, match="no words"):
        pdf.read(made([]), source="a.pdf")
