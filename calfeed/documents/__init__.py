"""Bytes -> Document: one reader a format, chosen by media type, name or first bytes.

In: the bytes of a source and what is known of them. Out: a `Document`, its blocks in order, each with its place.
Must not know: dates, section names, settings, disk and network. A reader is a function `blocks(text_or_bytes)` in a
module of its own, imported when a document of its format comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import PurePosixPath

from calfeed.documents.decode import MAX_BYTES, decode, lines_of
from calfeed.documents.language import guess
from calfeed.errors import DocumentError, Spot
from calfeed.model import Block, BlockKind, Document

__all__ = ["MAX_BYTES", "read", "sniff"]

# Media type -> module with `blocks(lines)`: the readers of text-like formats.
READERS = {
    "text/plain": "calfeed.documents.text",
    "text/markdown": "calfeed.documents.text",
}
BY_SUFFIX = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
}
# First bytes that belong to one format, whatever the file is called.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
)
HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
NAMES = {
    "text/html": "an HTML page",
    "application/pdf": "a PDF document",
    "application/zip": "a ZIP archive (or a DOCX, ODT or EPUB document)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a DOCX document",
    "application/vnd.oasis.opendocument.text": "an ODT document",
    "application/msword": "an old Word document",
    "application/rtf": "an RTF document",
    "text/calendar": "an iCalendar file",
    "application/gzip": "a gzip archive",
}


def read(
    content: bytes, *, source: str, media_type: str | None = None, name: str | None = None, lang: str | None = None
) -> Document:
    """Read a source's bytes.

    `source` is the id or path that errors and entries name. `media_type` is the declared one, with its charset if it
    has one; `name` the file's name or address. `lang` (BCP 47) overrides the language that is guessed from the words.

    Raises DocumentError for what is too long, is no text, or is of a format without a reader.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(
            f"the document has {len(content) / 2**20:.0f} MiB, more than the {MAX_BYTES // 2**20} MiB that are read.",
            spot=Spot(source),
            mend="Give the part that holds the programme.",
        )
    declared, charset = _declared(media_type)
    kind = sniff(content, declared, name or source)
    if kind not in READERS:
        raise DocumentError(
            f"this is {NAMES.get(kind, kind)}, which calfeed cannot read yet.",
            spot=Spot(source),
            mend="Save it as plain text (UTF-8) or Markdown and give that.",
        )
    lines = lines_of(decode(content, charset=charset, source=source))
    blocks = import_module(READERS[kind]).blocks(lines)
    return Document(
        source=source,
        media_type=kind,
        blocks=blocks,
        lang=lang or guess(" ".join(lines)),
        title=_title(blocks),
    )


def sniff(content: bytes, declared: str | None, name: str) -> str:
    """The media type of `content`: by its first bytes, else as declared, else by the name's ending, else plain text."""
    opening = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, kind in SIGNATURES:
        if opening.startswith(signature):
            by_name = BY_SUFFIX.get(PurePosixPath(name).suffix.lower(), kind)
            return by_name if kind == "application/zip" and by_name not in READERS else kind
    if opening[:20].lower().startswith(HTML_OPENINGS):
        return "text/html"
    by_name = BY_SUFFIX.get(PurePosixPath(name.partition("?")[0]).suffix.lower(), "text/plain")
    # Servers and systems call any text text/plain or octet-stream; the name knows better.
    if declared in (None, "text/plain", "application/octet-stream"):
        return by_name if by_name in READERS else "text/plain"
    return declared


def _title(blocks: Sequence[Block]) -> str | None:
    """The one heading that stands above all others."""
    levels = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    if not levels or levels.count(min(levels)) > 1 or levels[0] != min(levels) or len(levels) == 1:
        return None
    return next(block.text for block in blocks if block.kind is BlockKind.HEADING)


def _declared(media_type: str | None) -> tuple[str | None, str | None]:
    """The media type without parameters, and its charset."""
    if not media_type:
        return None, None
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    charset = next((p.partition("=")[2].strip("\"' ") for p in parameters if p.lower().startswith("charset=")), None)
    return kind.lower() or None, charset or None
