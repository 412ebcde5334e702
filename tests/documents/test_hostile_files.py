"""Hostile files of binary formats: a reading or one clear error, in time, and nothing outside of the file is touched.

Each is read as a source is: in the child, by its name and first bytes.
"""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from calfeed.documents.child import read_apart
from calfeed.documents.reading import MAX_BYTES, read_tree
from calfeed.documents.tree import Tree
from calfeed.errors import DocumentError
from tests.documents.made import opendocument, pdf, xlsx
from tests.documents.test_same_programme import as_docx, as_odt, as_pdf

docx = pytest.importorskip("docx")
pytest.importorskip("pypdfium2")
pytest.importorskip("python_calamine")

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITY = '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12)
) + "]>"  # fmt: skip


def word(body: str, *, prolog: str = "", members: dict[str, bytes] | None = None) -> bytes:
    """A DOCX whose text is `body`, with further members."""
    plain, packed = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    text = f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, text if name == "word/document.xml" else source.read(name))
        for name, content in (members or {}).items():
            target.writestr(name, content)
    return packed.getvalue()


def paragraphs(count: int) -> str:
    return "<w:p><w:r><w:t>3 May 2013</w:t></w:r></w:p>" * count


def nested(depth: int) -> str:
    cell = "<w:tbl><w:tr><w:tc>"
    return cell * depth + paragraphs(1) + "</w:tc></w:tr></w:tbl>" * depth


def objects(*bodies: bytes) -> bytes:
    """A PDF of these objects, without a table of their places: pdfium looks for them."""
    return b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(bodies, start=1)
    ) + b"trailer << /Root 1 0 R >>\n%%EOF\n"  # fmt: skip


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), more, packed)


def page(contents: bytes, resources: bytes = b"<< >>") -> tuple[bytes, ...]:
    return (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % resources,
        contents,
    )


FORM = b"<< /XObject << /A 5 0 R >> >>"
FONT = (
    b"<< /Font << /F << /Type /Font /Subtype /Type0 /BaseFont /Helvetica /Encoding /../../../../etc/passwd "
    b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Helvetica "
    b"/CIDSystemInfo << /Registry (../../etc) /Ordering (passwd) /Supplement 0 >> >>] >> >> >>"
)
CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "docx: 40 MB of blanks": ("a.docx", lambda: word(" " * 40_000_000)),
    "docx: entity of a file": ("a.docx", lambda: word("<w:p><w:r><w:t>&leak;</w:t></w:r></w:p>", prolog=ENTITY)),
    "docx: a billion laughs": ("a.docx", lambda: word("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>", prolog=LAUGHS)),
    "docx: a member that leads out": ("a.docx", lambda: word(paragraphs(1), members={"../../x": b"x"})),
    "docx: ten thousand members": ("a.docx", lambda: word("", members={f"x/{n}": b"" for n in range(10_000)})),
    "docx: tables in tables": ("a.docx", lambda: word(nested(2_000))),
    "docx: tables in tables, not too deep to parse": ("a.docx", lambda: word(nested(60))),
    "docx: 30,000 paragraphs": ("a.docx", lambda: word(paragraphs(30_000))),
    "docx: a cell over a million columns": (
        "a.docx",
        lambda: word(nested(1).replace("<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr>')),
    ),
    "docx: cut": ("a.docx", lambda: word(paragraphs(10))[:-200]),
    "odt: entity of a file": (
        "a.odt",
        lambda: opendocument("text", "<text:p>&leak;</text:p>").replace(b"<office:document-c", ENTITY.encode(), 1),
    ),
    "ods: a cell a million times": (
        "a.ods",
        lambda: opendocument(
            "spreadsheet",
            '<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            'table:number-columns-repeated="1000000"><text:p>3 May</text:p></table:table-cell></table:table-row>'
            "</table:table>",
        ),
    ),
    "xlsx: cells at the corners of the sheet": ("a.xlsx", lambda: corners()),
    "xlsx: a billion laughs": ("a.xlsx", lambda: with_prolog(xlsx(("S", [["3 May", "One"]])), LAUGHS)),
    "pdf: pages that are their own parents": (
        "a.pdf",
        lambda: objects(
            b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"
        ),
    ),
    "pdf: a stream of 40 MB": ("a.pdf", lambda: objects(*page(stream(b"q Q " * 10_000_000)))),
    "pdf: a form in itself": (
        "a.pdf",
        lambda: objects(*page(stream(b"/A Do"), FORM), stream(b"/A Do", b"/Type /XObject /Subtype /Form "
                        b"/BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>")),
    ),
    "pdf: a map of characters named like a file": (
        "a.pdf", lambda: objects(*page(stream(b"BT /F 9 Tf (ab) Tj ET"), FONT))
    ),
    "pdf: arrays in arrays": ("a.pdf", lambda: objects(*page(stream(b"[" * 500_000)), b"[" * 500_000)),
    "pdf: a million pages": ("a.pdf", lambda: pdf([]).replace(b"/Count 1", b"/Count 1000000")),
    "pdf: 100,000 lines": (
        "a.pdf",
        lambda: objects(*page(stream(b"".join(b"%d 0 m %d 800 l S\n" % (n % 600, n % 599) for n in range(100_000))))),
    ),
    "pdf: 260,000 letters on one line": (
        "a.pdf",
        lambda: objects(*page(stream(b"BT /F 1 Tf " + b"(3 May 2013 ) Tj " * 20_000 + b"ET"),
                              b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>")),
    ),
    "pdf: JavaScript at the start": (
        "a.pdf",
        lambda: pdf([(60, 80, 12, "", "3 May 2013")]).replace(
            b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Type /Catalog"
        ),
    ),
    "pdf: 100 MB": ("a.pdf", lambda: b"%PDF-1.4\n" + bytes(100_000_000)),
}  # fmt: skip


def corners() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(("S", [["a", "b"]])))) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/sheet1.xml":
                content = content.replace(b'<row r="1">', b'<row r="1048576">').replace(b'r="B1"', b'r="XFD1048576"')
                content = content.replace(b"<sheetData>", b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>')
            target.writestr(name, content)
    return packed.getvalue()


def with_prolog(content: bytes, prolog: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode().partition("?>")[2] or source.read(name).decode()
            target.writestr(name, prolog + text.replace("3 May", "&l11;"))
    return packed.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_read_or_refused_in_time(case: str) -> None:
    name, made = CASES[case]
    content = made()
    started = time.monotonic()
    try:
        read: Tree | str = read_apart(content, source=name, name=name)
    except DocumentError as error:
        read = str(error)
        assert name in read
    assert time.monotonic() - started < 10
    assert "root:" not in str(read)


def test_what_is_too_long_is_refused_by_its_size() -> None:
    with pytest.raises(DocumentError, match="more than the 20 MiB"):
        read_apart(b"%PDF-1.4\n" + bytes(MAX_BYTES), source="a.pdf")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out or said twice; of a package, in one of its parts."""
    if content.startswith(b"PK"):
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
            hit = chance.choice([name for name in source.namelist() if name.endswith((".xml", ".rels"))])
            for name in source.namelist():
                part = source.read(name)
                target.writestr(name, mutated(part, chance) if name == hit else part)
        return packed.getvalue()
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.randrange(len(changed))
        changed[at : at + chance.randrange(3)] = chance.choice(
            (b"", b"9999999", b"-1", b"<", b'"', b"/", b"[", b"\xff")
        )
    return bytes(changed)


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.pdf", "a.xlsx"])
def test_mutated_files_are_read_or_refused(name: str) -> None:
    book = xlsx(("S", [["*Date*", "*Title*"], [(41466, "mmm-yy"), "One"], ["~3 May~", "Two"]]), merged=["A1:B1"])
    seed = {"a.docx": as_docx, "a.odt": as_odt, "a.pdf": as_pdf, "a.xlsx": lambda: book}[name]()
    chance = random.Random(name)
    for _ in range(60):
        with contextlib.suppress(DocumentError):
            read_tree(mutated(seed, chance), source=name, name=name)
