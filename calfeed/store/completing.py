"""What an editor need not write: the UID and the revision of an event added by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from calfeed.store.reading import Piece, Stored, parse
from calfeed.store.writing import inline

HEADER = "[[event]]"


def complete(stored: Stored, *, now: datetime, new_uid: Callable[[], str]) -> Stored:
    """The same catalogue with every unfinished event in it: a new UID and a revision of `now` stand in the text.

    `now` is UTC; `new_uid` gives a UID that was never used. Its `octets` stay those of the file on disk. Returns
    `stored` itself where nothing is unfinished."""
    if not stored.unfinished:
        return stored
    unfinished = {id(piece) for piece in stored.unfinished}
    texts = [_finished(piece, now, new_uid) if id(piece) in unfinished else piece.text for piece in stored.pieces]
    return parse(stored.prologue + "".join(texts), source=stored.source, octets=stored.octets, strict=False)


def _finished(piece: Piece, now: datetime, new_uid: Callable[[], str]) -> str:
    text = piece.text
    if "uid" not in piece.table:
        header = text.index("]]", text.index("[[")) + 2
        header = _line_end(text, header)
        text = f"{text[:header]}\nuid = {inline(new_uid())}{text[header:]}"
    if "revision" not in piece.table:
        body = text.rstrip()
        instant = inline(now.replace(microsecond=0))
        revision = f"\n\n[event.revision]\nsequence = 0\ncreated = {instant}\nmodified = {instant}\n"
        text = body + revision + text[len(body) :].removeprefix("\n")
    return text


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
