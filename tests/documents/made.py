"""Small documents made in code: a PDF written by hand, so that each word and line stands where the test says."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

Text = tuple[float, float, float, str, str]
"""Left and baseline in points from the page's upper left corner, size, font ("", "bold", "italic"), words."""

HEIGHT = 842


def pdf(
    *pages: Iterable[tuple[float, float, float, str, str]], lines: Sequence[Sequence[tuple[float, ...]]] = ()
) -> bytes:
    """A PDF of A4 pages; `lines` are (x0, y0, x1, y1) for each page."""
    fonts = {"": "F1", "bold": "F2", "italic": "F3"}
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    names = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
    objects += [f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>" for name in names]
    kids = []
    for number, page in enumerate(pages):
        parts = [
            f"BT /{fonts[font]} {size} Tf 1 0 0 1 {left} {HEIGHT - top} Tm ({_literal(text)}) Tj ET"
            for left, top, size, font, text in page
        ]
        for x0, y0, x1, y1 in lines[number] if number < len(lines) else ():
            parts.append(f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")
        stream = "\n".join(parts)
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {HEIGHT}] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    written = "%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written.encode("cp1252")))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(written.encode("cp1252"))
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    written += "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    written += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return written.encode("cp1252")


def scanned(content: bytes) -> bytes:
    """The first page of a PDF as a picture in another."""
    import pypdfium2

    bitmap = pypdfium2.PdfDocument(content)[0].render(scale=2, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    size = bitmap.stride * bitmap.height
    packed = zlib.compress(b"".join(bytes(rows[at : at + bitmap.width]) for at in range(0, size, bitmap.stride)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /P 5 0 R >> >> >>",
        b"<< /Length 26 >>\nstream\n595 0 0 842 0 0 cm /P Do\n\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (bitmap.width, bitmap.height, len(packed), packed),
    ]
    written = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(bodies, start=1))
    return b"%PDF-1.4\n" + written + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def ruled(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, ...]]:
    """The lines of a grid."""
    return [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]


_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/> <Override
PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
</Types>
"""
_RELS = """<?xml version="1.0"?><Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>
"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = f'<Relationship Id="%s" Type="{_OFFICE}/%s" Target="%s"/>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = """<?xml version="1.0"?><styleSheet xmlns="%s"><numFmts>%s</numFmts>
<fonts><font/><font><b/></font><font><strike/></font></fonts><fills/><borders/><cellXfs>%s</cellXfs></styleSheet>"""

Cell = str | float | tuple[float, str] | None
"""A text ("*bold*" in bold, "~struck~" struck out), a number, or a day's number with its format."""


def xlsx(
    *sheets: tuple[str, Sequence[Sequence[Cell]]], merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> bytes:
    """A workbook; `merged` are ranges of the first sheet ("B1:D1"), `hidden` names of hidden sheets."""
    formats: list[str] = []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS % (_RELATED % ("rId1", "officeDocument", "xl/workbook.xml")))
        related, listed = _RELATED % ("rIdS", "styles", "styles.xml"), ""
        for number, (name, rows) in enumerate(sheets, start=1):
            related += _RELATED % (f"rId{number}", "worksheet", f"sheet{number}.xml")
            state = ' state="hidden"' if name in hidden else ""
            listed += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"{state}/>'
            spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged) if number == 1 else ""
            spans = f"<mergeCells>{spans}</mergeCells>" if spans else ""
            body = "".join(_row(r, row, formats) for r, row in enumerate(rows, start=1))
            archive.writestr(
                f"xl/sheet{number}.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{spans}</worksheet>'
            )
        archive.writestr("xl/_rels/workbook.xml.rels", _RELS % related)
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        codes = "".join(f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(f)}/>' for n, f in enumerate(formats))
        styles = '<xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/>'
        styles += "".join(f'<xf numFmtId="{164 + n}" fontId="0" applyNumberFormat="1"/>' for n in range(len(formats)))
        archive.writestr("xl/styles.xml", _STYLES % (_MAIN, codes, styles))
    return packed.getvalue()


def _row(number: int, row: Sequence[Cell], formats: list[str]) -> str:
    cells = ""
    for column, value in enumerate(row):
        place = f"{chr(ord('A') + column)}{number}"
        if isinstance(value, tuple):
            if value[1] not in formats:
                formats.append(value[1])
            cells += f'<c r="{place}" s="{3 + formats.index(value[1])}"><v>{value[0]}</v></c>'
        elif isinstance(value, str):
            style = 1 if value.startswith("*") else 2 if value.startswith("~") else 0
            cells += f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{escape(value.strip("*~"))}</t></is></c>'
        elif value is not None:
            cells += f'<c r="{place}"><v>{value}</v></c>'
    return f'<row r="{number}">{cells}</row>'


def grid_of(node: object) -> list[list[str]]:
    """A table's cells as text, row by row; a cell that spans stands once."""
    return [[cell.text for cell in row.children] for row in node.children]  # type: ignore[attr-defined]


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def opendocument(kind: str, body: str, styles: str = "") -> bytes:
    """An ODT (`kind` "text") or ODS ("spreadsheet") of that body, with automatic styles."""
    names = {name: f"{_OPEN}:{name}:1.0" for name in ("office", "text", "table", "style", "draw")}
    names |= {"fo": f"{_OPEN}:xsl-fo-compatible:1.0", "xlink": "http://www.w3.org/1999/xlink"}
    declared = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {declared}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )
    return packed.getvalue()
