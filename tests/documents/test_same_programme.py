"""One programme in every file format: the same headings over the same items."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from calfeed.documents.reading import read_tree
from calfeed.documents.tree import Node, NodeKind
from tests.documents.made import Text, opendocument, pdf

docx = pytest.importorskip("docx")
pytest.importorskip("pypdfium2")

PROGRAMME = [
    (1, "National Plans"),
    (2, "Action Plans for the Rotterdam Convention"),
    (0, "National workshops: 2013, 2014, 2015"),
    (0, "Sub-regional workshop for Gulf countries in Bahrain, Manama, 2013"),
    (2, "Updating Plans"),
    (0, "Webinars starting in June 2013"),
    (1, "Wastes"),
    (2, "E-waste"),
    (0, "Webinars, July-September 2013, 2014, 2015"),
    (0, "Regional and national project activities in cooperation with Basel and Stockholm regional centres, ongoing in "
        "2013 and in the years that follow it"),
]  # fmt: skip


def as_docx() -> bytes:
    document = docx.Document()
    for level, text in PROGRAMME:
        if level:
            document.add_heading(text, level)
        else:
            document.add_paragraph(text, style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_odt() -> bytes:
    body = ""
    for level, text in PROGRAMME:
        if level:
            body += f'<text:h text:outline-level="{level}">{text}</text:h>'
        else:
            body += f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>"
    return opendocument("text", body)


def as_pdf() -> bytes:
    """Each heading larger than the text, long items wrapped, a page's end within the list."""
    pages: list[list[Text]] = [[]]
    top = 60.0
    for level, text in PROGRAMME:
        if text == "Wastes":
            pages.append([])
            top = 60.0
        if level:
            pages[-1].append((60.0, top, 20.0 - 4 * level, "bold", text))
            top += 30
            continue
        pages[-1].append((60.0, top, 10.0, "", "•"))
        while text:
            line = text if len(text) <= 100 else text[:100].rpartition(" ")[0]
            pages[-1].append((75.0, top, 10.0, "", line))
            text = text[len(line) :].strip()
            top += 13
    return pdf(*pages)


@pytest.mark.parametrize(("name", "made"), [("a.docx", as_docx), ("a.odt", as_odt), ("a.pdf", as_pdf)])
def test_the_same_headings_over_the_same_items(name: str, made: Callable[[], bytes]) -> None:
    root = read_tree(made(), source=name, name=name).root
    assert [
        (node.level if node.kind is NodeKind.HEADING else 0, words_of(node)) for node in root.walk() if of(node)
    ] == PROGRAMME


def of(node: Node) -> bool:
    return node.kind in (NodeKind.HEADING, NodeKind.ITEM, NodeKind.PAIR, NodeKind.PARAGRAPH)


def words_of(node: Node) -> str:
    return f"{node.label}: {node.text}" if node.kind is NodeKind.PAIR else node.text
