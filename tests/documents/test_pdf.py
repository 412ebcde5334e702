"""PDF documents as a reader of the page sees them."""

from __future__ import annotations

import pytest

from calfeed.documents import pdf, scans
from calfeed.documents.child import read_apart
from calfeed.documents.tree import Node, NodeKind
from calfeed.errors import DocumentError
from tests.documents.made import Text, grid_of, ruled, scanned
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


def test_an_empty_page_is_said_to_have_no_words() -> None:
    with pytest.raises(DocumentError, match="it has no words"):
        pdf.read(made([]), source="a.pdf")


SCAN = scanned(made([(60, 80, 20, "", "Programme"), (60, 120, 14, "", "Workshop on 3 May 2013 in Basel")]))


def test_a_scan_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "installed", lambda: False)
    with pytest.raises(DocumentError, match="Install Tesseract"):
        pdf.read(SCAN, source="a.pdf")


@pytest.mark.skipif(not scans.installed(), reason="Tesseract is not installed")
def test_a_scan_is_read_from_its_picture_in_the_child() -> None:
    tree = read_apart(SCAN, source="a.pdf", name="a.pdf")
    assert tree.scanned
    assert "Workshop on 3 May 2013 in Basel" in [node.text for node in tree.root.walk()]


def test_a_table_goes_on_over_the_page_and_its_head_is_not_read_twice() -> None:
    def page(*rows: str) -> list[Text]:
        lines = ["Date|Title", *rows]
        return [(65 + 140 * c, 92 + 20 * r, 10, "" if r else "bold", text)
                for r, line in enumerate(lines) for c, text in enumerate(line.split("|"))]  # fmt: skip

    grid = ruled((60, 200, 400), (80, 100, 120, 140))
    made_of = made(page("3 May|One", "4 May|Two"), page("5 May|Three", "6 May|Four"), lines=[grid, grid])
    (table, *rest) = pdf.read(made_of, source="a.pdf").root.children
    wanted = [["Date", "Title"], ["3 May", "One"], ["4 May", "Two"], ["5 May", "Three"], ["6 May", "Four"]]
    assert grid_of(table) == wanted
    assert [cell.where.pages for cell in table.children[3].children] == [(2, 2), (2, 2)]
    assert {node.kind for node in rest} == {NodeKind.FURNITURE}


def test_columns_without_lines_are_a_table_and_columns_of_prose_are_none() -> None:
    rows = [["Date", "Title", "Place"], ["3 May", "Workshop", "Basel"], ["4 May", "Webinar", "Rome"], ["5 May", "Talk"]]
    placed = [(60 + 150 * c, 90 + 18 * r, 11, "", text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    (table,) = pdf.read(made(placed), source="a.pdf").root.children
    assert grid_of(table) == rows
    line = "the secretariat organises webinars on chemicals"
    prose = [(left, 90 + 13 * n, 11, "", line) for left in (50, 320) for n in range(8)]
    root = pdf.read(made(prose), source="a.pdf").root
    assert NodeKind.TABLE not in {node.kind for node in root.walk()}


def test_a_running_head_is_furniture_but_its_first_is_the_title() -> None:
    pages = [[(60, 50, 20, "bold", "Calendar 2013"), (60, 400, 11, "", f"Workshop {n}: 3 May 2013."),
              (300, 810, 9, "", str(n))] for n in (1, 2, 3)]  # fmt: skip
    root = pdf.read(made(*pages), source="a.pdf").root
    assert [n.text for n in root.walk() if n.kind is NodeKind.HEADING] == ["Calendar 2013"]
    furniture = [n.text for n in root.walk() if n.kind is NodeKind.FURNITURE]
    assert furniture == ["1", "Calendar 2013", "2", "Calendar 2013", "3"]
