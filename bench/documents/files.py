"""Reading files: pages a second, memory, rows of tables, beside the bare parser and beside pdfplumber.

Writes docs/figures-files.md. The documents are made in code, so that everybody measures the same; those of
../shared/documents are added where they are. Limits: 500 pages in 60 s and 500 MB, 10,000 rows of a workbook in 5 s.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from calfeed.documents import pdf, word, workbook  # noqa: E402
from calfeed.documents.child import read_apart  # noqa: E402
from calfeed.documents.tree import Node, NodeKind  # noqa: E402
from tests.documents.made import pdf as made_pdf  # noqa: E402
from tests.documents.made import ruled, xlsx  # noqa: E402

PAGE = ROOT / "docs" / "figures-files.md"
SHARED = ROOT.parent / "shared" / "documents" / "files"
PAGES = 500
ROWS = 10_000


def programme(pages: int) -> bytes:
    """Pages of a heading, paragraphs and a ruled table of 20 rows."""
    line = "The secretariat organises webinars on the sound management of chemicals and wastes, open"
    made, lines = [], []
    for number in range(pages):
        page = [(60.0, 60.0, 16.0, "bold", f"Activity {number + 1}")]
        page += [(60.0, 90.0 + 13 * n, 10.0, "", line) for n in range(20)]
        for row in range(20):
            texts = (f"{row + 1} May 2013", f"Workshop {number * 20 + row} on wastes", "Basel, Switzerland")
            page += [(65.0 + 160 * c, 382.0 + 18 * row, 9.0, "", text) for c, text in enumerate(texts)]
        made.append(page)
        lines.append(ruled((60, 215, 375, 535), [370 + 18 * n for n in range(21)]))
    return made_pdf(*made, lines=lines)


def bare(content: bytes) -> None:
    """What any reader of PDF with pdfium has to ask: each word, its box, its face, and what is drawn."""
    import pypdfium2

    from calfeed.documents.pdf_drawing import drawing_of
    from calfeed.documents.pdf_words import view_of, words_of

    document = pypdfium2.PdfDocument(content)
    for page in document:
        textpage = page.get_textpage()
        view = view_of(page)
        list(words_of(textpage, view))
        drawing_of(page, view)
        textpage.close()
        page.close()


def text_only(content: bytes) -> None:
    """pdfium's text alone, without places."""
    import pypdfium2

    for page in pypdfium2.PdfDocument(content):
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()


def plumbed(content: bytes) -> list[list[str]]:
    """The rows of tables that pdfplumber finds."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as document:
        return [
            [cell or "" for cell in row] for page in document.pages for table in page.extract_tables() for row in table
        ]


def our_rows(content: bytes) -> list[list[str]]:
    """The rows of tables that calfeed finds."""
    root = pdf.read(content, source="a.pdf").root
    return [[cell.text for cell in row.children] for row in root.walk() if row.kind is NodeKind.ROW]


def filled(rows: list[list[str]]) -> int:
    """How many rows have two cells or more with words."""
    return sum(sum(bool(cell.strip()) for cell in row) > 1 for row in rows)


def measured(work: Callable[[bytes], object], content: bytes) -> tuple[float, int]:
    """Seconds of processor time and megabytes that some work takes in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (work, content))


def _measure(work: Callable[[bytes], object], content: bytes) -> tuple[float, int]:
    def spent() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    started = spent()
    work(content)
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return spent() - started, largest // 1024


def read_pdf(content: bytes) -> Node:
    return pdf.read(content, source="a.pdf").root


def read_workbook(content: bytes) -> Node:
    return workbook.read(content, source="a.xlsx").root


def read_word(content: bytes) -> Node:
    return word.read(content, source="a.docx").root


def read_pdf_apart(content: bytes) -> Node:
    return read_apart(content, source="a.pdf", name="a.pdf").root


def long_word(count: int) -> bytes:
    import docx

    document = docx.Document()
    for number in range(count):
        document.add_paragraph(f"Workshop {number} on wastes, Basel: {number % 28 + 1} May 2013", style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def main() -> None:
    pages = programme(PAGES)
    head = ["*Date*", "*Title*", "*Place*", "*Kind*"]
    rows = [[(41_466 + n % 900, "dd/mm/yyyy"), f"Workshop {n} on wastes", "Basel", "workshop"] for n in range(ROWS)]
    works = [
        (f"PDF, {PAGES} pages: calfeed", read_pdf, pages),
        (f"PDF, {PAGES} pages: calfeed, in its child", read_pdf_apart, pages),
        (f"PDF, {PAGES} pages: pdfium, words with places, faces and lines", bare, pages),
        (f"PDF, {PAGES} pages: pdfium, text alone", text_only, pages),
        (f"PDF, {PAGES // 10} pages: calfeed", read_pdf, programme(PAGES // 10)),
        (f"PDF, {PAGES // 10} pages: pdfplumber, tables", plumbed, programme(PAGES // 10)),
        (f"workbook, {ROWS:,} rows", read_workbook, xlsx(("Plan", [head, *rows]))),
        ("DOCX, 5,000 items", read_word, long_word(5_000)),
    ]
    told = [
        "# Reading files: figures",
        "",
        f"Written by `bench/documents/run` on {date.today()}, on 2 cores. Each line is a process of its own: its",
        "seconds of processor time, and all memory that it ever held, Python and the document included.",
        "",
        "| what | seconds | MB |",
        "| --- | --- | --- |",
    ]
    found = {}
    for name, work, content in works:
        found[name] = measured(work, content)
        told.append(f"| {name} | {found[name][0]:.2f} | {found[name][1]} |")
    ours, bare_parser = (found[name][0] for name, *_ in (works[0], works[2]))
    told += ["", f"calfeed takes {ours / bare_parser:.2f} times the bare parser's time.", ""]
    files = [path for path in sorted(SHARED.glob("*.pdf")) if "scan" not in path.name]
    if files:
        told += ["Rows of tables with two cells or more that hold words, in real files:", ""]
        told += ["| file | calfeed | pdfplumber |", "| --- | --- | --- |"]
        for path in files:
            content = path.read_bytes()
            told.append(f"| {path.stem} | {filled(our_rows(content))} | {filled(plumbed(content))} |")
        told.append("")
    PAGE.write_text("\n".join(told), "utf-8")
    print("\n".join(told))


if __name__ == "__main__":
    main()
