"""PDF documents: order, positions and fonts as pdfium has them; headings by size and weight, tables by their lines.

In: bytes. Out: a `Tree` whose nodes say their page and box (points from the page's upper left corner). A page is read
and let go before the next, so that memory does not grow with pictures.
"""

from __future__ import annotations

from calfeed.documents.assemble import tree
from calfeed.documents.tree import Progress, Tree
from calfeed.errors import DocumentError, Spot

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 3_000


def read(content: bytes, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a PDF. Raises DocumentError where the bytes are none, or it has a password or no words."""
    try:
        import pypdfium2
    except ModuleNotFoundError as missing:
        raise DocumentError(
            "PDF documents are read by an extra that is not installed.",
            spot=Spot(source),
            mend="Install calfeed[pdf].",
        ) from missing
    from calfeed.documents.pdf_outline import nodes_of
    from calfeed.documents.pdf_pages import read_pages

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _unreadable(source, str(error)) from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise DocumentError(
                f"this PDF has {count:,} pages, more than {MAX_PAGES:,}.",
                spot=Spot(source),
                mend="Give the pages that hold the programme.",
            )
        pages = list(read_pages(document, lang=lang, progress=progress))
    finally:
        document.close()
    nodes, title = nodes_of(pages)
    left = tuple(page.left for page in pages if page.left)
    if not nodes:
        why = left[0] if left else "it has no words."
        raise DocumentError(
            f"this PDF cannot be read: {why}", spot=Spot(source), mend="Give the document that it was made from."
        )
    scanned = any(page.scanned for page in pages)
    return tree(nodes, source=source, media_type=MEDIA_TYPE, lang=lang, title=title, scanned=scanned, left=left)


def _unreadable(source: str, why: str) -> DocumentError:
    if "password" in why.lower():
        return DocumentError("this PDF is protected by a password.", spot=Spot(source), mend="Save it without one.")
    return DocumentError(
        f"this is no PDF that can be read ({why}).", spot=Spot(source), mend="Make it anew from its original."
    )
