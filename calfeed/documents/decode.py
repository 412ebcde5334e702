"""Bytes -> lines of clean text: the charset ladder, and what may not stand in a text."""

from __future__ import annotations

import re
import unicodedata

from calfeed.documents.charset import decoded
from calfeed.errors import DocumentError, Spot

MAX_BYTES = 20 * 2**20
MAX_LINES = 100_000
PAGE_BREAK = "\f"

# Bidirectional controls and characters without width: they change how a text looks and say nothing.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_SPACE = re.compile("[\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
# Above this share of control characters, a file that decodes is still no text.
_MAX_CONTROL_SHARE = 0.02
_FEW = 8


def decode(content: bytes, *, charset: str | None, source: str) -> str:
    """The text of `content`: by a byte order mark, as UTF-8, by its declared charset, else by evidence.

    Raises DocumentError where that is no text: NUL, lone surrogates, many control characters, or no charset fits.
    """
    text = decoded(content, charset)
    if text is None:
        raise _no_text(source, "its bytes fit no character encoding")
    if "\0" in text:
        raise _no_text(source, "it holds NUL characters", line=text.count("\n", 0, text.index("\0")) + 1)
    if not text.isprintable() and len(_CONTROL.findall(text)) > max(_FEW, _MAX_CONTROL_SHARE * len(text)):
        raise _no_text(source, "it is full of control characters")
    if _HALF.search(text):
        raise _no_text(source, "it holds halves of characters (lone surrogates)")
    return text


def lines_of(text: str) -> tuple[str, ...]:
    """The lines as an editor numbers them, cleaned: no control, bidirectional or invisible characters, plain spaces.

    A form feed stays, at the start of its line: it says where a page begins.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(_clean(line) for line in lines)


def clean(text: str) -> str:
    """The text with "\\n" between its lines, and each cleaned as in `lines_of`, but for spaces at its end, which
    Markdown gives a meaning."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and not _CONTROL.search(text) and PAGE_BREAK not in text:
        return text
    return "\n".join(
        line if line.isascii() and line.isprintable() else _clean(line) + (line[len(line.rstrip(" ")) :] and "  ")
        for line in text.split("\n")
    )


def _clean(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line.rstrip()
    line = _SPACE.sub(" ", _INVISIBLE.sub("", _CONTROL.sub("", line)))
    if PAGE_BREAK in line:
        line = PAGE_BREAK + line.replace(PAGE_BREAK, " ").strip()
    return unicodedata.normalize("NFC", line).rstrip(" \t\n")


def _no_text(source: str, why: str, line: int | None = None) -> DocumentError:
    return DocumentError(
        f"this is no text document: {why}.",
        spot=Spot(source, line=line),
        mend="Save it as plain text (UTF-8) or Markdown and give that.",
    )
