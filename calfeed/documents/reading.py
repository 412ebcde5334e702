"""Bytes -> Tree: one reader a format, chosen by first bytes, media type, name or shape.

A reader of a text format is `read(text: str, *, source, lang, progress)`, one of a binary format
`read(content: bytes, *, source, lang, progress)`, in a module that is imported when a document of its format comes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from importlib import import_module
from pathlib import PurePosixPath

from calfeed.documents.build import too_large
from calfeed.documents.decode import MAX_BYTES, MAX_LINES, clean, decode
from calfeed.documents.tree import Progress, Tree
from calfeed.errors import DocumentError, Spot

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN_TEXT = "application/vnd.oasis.opendocument.text"
_OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
_OLD_SHEET = "application/vnd.ms-excel"

TEXT_READERS = {
    "text/plain": "calfeed.documents.plain",
    "text/markdown": "calfeed.documents.markdown",
    "text/html": "calfeed.documents.html",
    "text/csv": "calfeed.documents.sheet",
    "text/tab-separated-values": "calfeed.documents.sheet",
    "text/x-rst": "calfeed.documents.rst",
    "text/asciidoc": "calfeed.documents.asciidoc",
    "text/calendar": "calfeed.documents.ics",
}
BINARY_READERS = {
    "application/pdf": "calfeed.documents.pdf",
    _WORD: "calfeed.documents.word",
    _SHEET: "calfeed.documents.workbook",
    _OLD_SHEET: "calfeed.documents.workbook",
    _OPEN_TEXT: "calfeed.documents.opendocument",
    _OPEN_SHEET: "calfeed.documents.opendocument",
    "message/rfc822": "calfeed.documents.mail",
}

BY_SUFFIX = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".mkd": "text/markdown",
    ".mdx": "text/markdown",
    ".qmd": "text/markdown",
    ".rmd": "text/markdown",
    ".markdown": "text/markdown",
    ".rst": "text/x-rst",
    ".rest": "text/x-rst",
    ".adoc": "text/asciidoc",
    ".asciidoc": "text/asciidoc",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".eml": "message/rfc822",
    ".ics": "text/calendar",
    ".ical": "text/calendar",
    ".pdf": "application/pdf",
    ".docx": _WORD,
    ".doc": "application/msword",
    ".rtf": "application/rtf",
    ".odt": _OPEN_TEXT,
    ".xlsx": _SHEET,
    ".xlsm": _SHEET,
    ".xls": _OLD_SHEET,
    ".ods": _OPEN_SHEET,
}
# Other names that servers give the same formats.
_ALIASES = {
    "text/x-markdown": "text/markdown",
    "text/prs.fallenstein.rst": "text/x-rst",
    "text/rst": "text/x-rst",
    "text/x-asciidoc": "text/asciidoc",
    "application/xhtml+xml": "text/html",
    "application/csv": "text/csv",
    "text/x-csv": "text/csv",
    "application/x-pdf": "application/pdf",
    "application/ics": "text/calendar",
}
# First bytes that belong to one format, whatever the file is called.
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
)
# A member that tells a ZIP archive's format.
_MEMBERS = (
    ("word/document.xml", _WORD),
    ("xl/workbook.xml", _SHEET),
    ("xl/workbook.bin", _SHEET),
)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,5000}?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S)
_HTML_PIECE = re.compile(
    r"\s*(?:<!--.{0,5000}?-->\s*)*<(div|section|main|article|table|p|h[1-6]|ul|center)\b", re.I | re.S
)
_MAIL = re.compile(
    r"(?:From |(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|To|Subject|Date|X-[\w-]+):).*\n"
    r"(?:[ \t].*\n|[A-Za-z][\w-]*:.*\n){2,}",
    re.I,
)
_MAIL_FIELD = re.compile(r"^(?:From|Subject|Date|Message-ID|MIME-Version):", re.I | re.M)
_MARKDOWN = (
    re.compile(r"^#{1,6} \S", re.M),
    re.compile(r"\[[^\]\n]+\]\([^)\s]+\)"),
    re.compile(r"\*\*\S[^*\n]*\*\*"),
    re.compile(r"^\|?[ \t]*:?-{3,}:?[ \t]*\|", re.M),
    re.compile(r"\A---\n(?:[\w-]+:.*\n)+---\n"),
    re.compile(r"^```", re.M),
)
# Two headings of sections are Markdown, whatever else there is: no other markup begins a line so.
_SECTIONS = re.compile(r"^#{2,6} \S", re.M)
_RST = (
    re.compile(r"^\.\. [\w-]+::", re.M),
    re.compile(r"`[^`\n]+ <[^>\n]+>`_"),
    re.compile(r"^\+[-=]{3,}\+[-=+]*$", re.M),
    re.compile(r"^:[\w-]+: \S", re.M),
    re.compile(r"\n[^\s].*\n([=~^-])\1{3,}\n"),
    re.compile(r":\w+:`[^`\n]+`"),
    re.compile(r"^={3,}( +={3,})+$", re.M),
)
_ASCIIDOC = (
    re.compile(r"^={1,5} \S", re.M),
    re.compile(r"^\|={3,}$", re.M),
    re.compile(r"^:[\w-]+:(?: |$)", re.M),
    re.compile(r"https?://\S+\[[^\]\n]*\]|link:\S+\["),
    re.compile(r"^\[(?:cols|source|options|%header)", re.M),
    re.compile(r"^\*{2,5} \S", re.M),
)
_SHAPES = (("text/asciidoc", _ASCIIDOC), ("text/x-rst", _RST), ("text/markdown", _MARKDOWN))
_SAMPLE = 20_000
_LABELS = {
    "application/zip": "a ZIP archive",
    "application/msword": "an old Word document",
    "application/rtf": "an RTF document",
    "application/gzip": "a gzip archive",
    "image/png": "a picture",
    "image/jpeg": "a picture",
    "image/gif": "a picture",
}


def read_tree(
    content: bytes,
    *,
    source: str,
    media_type: str | None = None,
    name: str | None = None,
    lang: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> Tree:
    """Read a source's bytes, of any format that calfeed knows.

    `source` is the id or path that errors and entries name. `media_type` is the declared one, with its charset if it
    has one; `name` the file's name or address. `lang` (BCP 47) overrides the language that is guessed from the words.
    `progress` is called with how much is done and of how much. `today` is the day around which recurrences of an
    iCalendar stream are expanded.

    Raises DocumentError for what is too long, is no text, or is of a format without a reader.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(
            f"the document has {len(content) / 2**20:.0f} MiB, more than the {MAX_BYTES // 2**20} MiB that are read.",
            spot=Spot(source),
            mend="Give the part that holds the programme.",
        )
    declared, charset = _declared(media_type)
    kind = media_type_of(content, declared, name or source)
    if kind in BINARY_READERS:
        return _checked(import_module(BINARY_READERS[kind]).read(content, source=source, lang=lang, progress=progress))
    if kind not in TEXT_READERS and not kind.startswith("text/"):
        raise DocumentError(
            f"this is {_LABELS.get(kind, kind)}, which calfeed cannot read.",
            spot=Spot(source),
            mend="Save it as PDF, DOCX, HTML or plain text and give that.",
        )
    text = clean(decode(content, charset=charset, source=source))
    if text.count("\n") > MAX_LINES:
        raise too_large(source, f"more than {MAX_LINES:,} lines")
    if kind == "text/plain":
        kind = by_shape(text)
        if kind in BINARY_READERS:
            module = import_module(BINARY_READERS[kind])
            return _checked(module.read(content, source=source, lang=lang, progress=progress))
    module = import_module(TEXT_READERS.get(kind, TEXT_READERS["text/plain"]))
    fields = {"today": today} if kind == "text/calendar" else {}
    return _checked(module.read(text, source=source, lang=lang, progress=progress, **fields))


def _checked(tree: object) -> Tree:
    if not isinstance(tree, Tree):
        raise TypeError(f"a reader gave {type(tree).__name__}, not a Tree")
    return tree


def media_type_of(content: bytes, declared: str | None, name: str) -> str:
    """The media type of `content`: by its first bytes, else by what its name or its declared type say.

    Servers call any text text/plain, and any file octet-stream: a name that says more is believed there.
    """
    opening = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    by_name = BY_SUFFIX.get(PurePosixPath(name.partition("?")[0].partition("#")[0]).suffix.lower())
    declared = _ALIASES.get(declared or "", declared)
    for signature, kind in _SIGNATURES:
        if opening.startswith(signature):
            if kind == "application/zip":
                return _archive(content) or kind
            return by_name if kind == "application/msword" and by_name == _OLD_SHEET else kind
    if opening[:1] == b"<" and _HTML.match(opening.decode("latin-1")):
        return "text/html"
    if declared in (None, "text/plain", "application/octet-stream", "binary/octet-stream"):
        kind = by_name or "text/plain"
    else:
        kind = declared or "text/plain"
    # A binary format has its signature; without it, it is something else that somebody renamed.
    return kind if kind in TEXT_READERS or kind.startswith(("text/", "message/")) else "text/plain"


def by_shape(text: str) -> str:
    """The format of a text that nobody named: HTML, mail, a table, or markup that two kinds of signs tell."""
    sample = text[:_SAMPLE]
    if _HTML.match(sample) or ((piece := _HTML_PIECE.match(sample)) and f"</{piece[1].lower()}>" in text.lower()):
        return "text/html"
    opening = sample.lstrip("\n")
    if _MAIL.match(opening) and len(_MAIL_FIELD.findall(opening[:4000])) >= 2:
        return "message/rfc822"
    from calfeed.documents.sheet import delimiter_of

    if delimiter_of(sample):
        return "text/csv"
    if len(_SECTIONS.findall(sample)) > 1:
        return "text/markdown"
    scores = [(sum(bool(sign.search(sample)) for sign in signs), kind) for kind, signs in _SHAPES]
    best, kind = max(scores, key=lambda score: score[0])
    return kind if best >= 2 else "text/plain"


def _archive(content: bytes) -> str | None:
    """The format of a ZIP archive, by what is in it; None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return None
    return next((kind for member, kind in _MEMBERS if member in names), None)


def _declared(media_type: str | None) -> tuple[str | None, str | None]:
    """The media type without parameters, and its charset."""
    if not media_type:
        return None, None
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    charset = next((p.partition("=")[2].strip("\"' ") for p in parameters if p.lower().startswith("charset=")), None)
    return kind.lower() or None, charset or None
