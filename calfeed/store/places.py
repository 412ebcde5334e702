"""Where a key stands in a piece of TOML, for errors that name line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_HEADER = re.compile(r"[ \t]*(\[\[?)([^\[\]#]+)\]\]?")
_NAME = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_KEY = re.compile(rf"[ \t]*({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)[ \t]*=")
# A multi-line string, a string, a comment, or a bracket: all that decides where a value ends.
_TOKEN = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^']|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)


class Key(NamedTuple):
    """A key of a piece: its full path below the piece's own table, and the offsets of its name and its value's end."""

    path: tuple[str | int, ...]
    start: int
    end: int


def keys(piece: str) -> Iterator[Key]:
    """Every key and table header of a valid piece, in order; the piece's own header has the empty path."""
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    at = 0
    while at < len(piece):
        header = _HEADER.match(piece, at)
        key = None if header else _KEY.match(piece, at)
        if header:
            names = _names(header[2])
            table = names[1:]
            if header[1] == "[[" and len(names) > 1:
                counts[names] = counts.get(names, -1) + 1
                table = (*names[1:], counts[names])
            end = _line_end(piece, header.end())
            yield Key(table, header.start(1), end)
        elif key:
            end = _value_end(piece, key.end())
            yield Key((*table, *_names(key[1])), key.start(1), end)
        else:
            end = _line_end(piece, at)
        at = end + 1


def locate(piece: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Line and column (from 0) of the key at `path`, or of the nearest key above it that the piece has."""
    best: Key | None = None
    for key in keys(piece):
        if key.path == tuple(path[: len(key.path)]) and (best is None or len(key.path) > len(best.path)):
            best = key
    if best is None:
        return 0, 0
    start = best.start
    for name in path[len(best.path) :]:
        inner = re.compile(rf"(?<![\w-]){re.escape(str(name))}[ \t]*=").search(piece, start, best.end)
        if inner:
            start = inner.start()
    return piece.count("\n", 0, start), start - piece.rfind("\n", 0, start) - 1


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip().strip("\"'") for name in dotted.split("."))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _value_end(text: str, start: int) -> int:
    """The offset of the newline that ends the value which begins at `start`."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark in ("[", "{"):
            depth += 1
        elif mark in ("]", "}"):
            depth -= 1
        elif mark == "\n" and depth <= 0:
            return token.start()
    return len(text)
