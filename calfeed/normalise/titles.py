"""An entry's text and the spans of its date -> the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from calfeed.model import Entry
from calfeed.normalise.words import words

_EDGES = " \t,;:：|/–—-、，;؛،"
_LEADERS = re.compile(r"\s*(?:[.·…]\s?){3,}$|\s*…$")
_ADDRESS = re.compile(r"[:,;(–—-]?\s*(?:(?:https?://|www\.)\S+|\S+@\S+\.\w+)\s*\)?$", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s+([,;:.)\]])")
_DOUBLED = re.compile(r"([,;:|])(?:\s*[,;:|])+")


def title_of(entry: Entry, text: str, spans: Sequence[tuple[int, int]]) -> str:
    """What remains of `text` without its date words, cleaned at the edges; never empty.

    `text` is the entry's text, or the cell that names the event. Where nothing remains, the activity's heading stands
    for it, else whatever the entry says.
    """
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        pieces.append(text[at : max(at, start)])
        at = max(at, end)
    pieces.append(text[at:])
    title = _joined(pieces)
    return title or _heading(entry) or " ".join(entry.text.split())


def date_text(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The date's own words."""
    if not spans:
        return ""
    if len(spans) > 1 and all(not text[a[1] : b[0]].strip(" ,;") for a, b in pairwise(spans)):
        return text[spans[0][0] : spans[-1][1]]
    return "; ".join(text[start:end] for start, end in spans)


def head_of(title: str, lang: str | None) -> str:
    """The head of a title: its words before the first preposition, the whole title where none follows a word."""
    stops = words().heads.get((lang or "en").partition("-")[0], ())
    match = _stop(stops).search(title) if stops else None
    return title[: match.start()] if match else title


@cache
def _stop(stops: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<=[\w)])[\s,]+(?:{'|'.join(map(re.escape, stops))})(?!\w)", re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    def either(phrases: Sequence[str]) -> str:
        return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))

    known = words()
    pending = either(known.pending)
    return (
        re.compile(rf"(?:^|(?<=\s))(?:{either(known.ends)})$", re.IGNORECASE),
        re.compile(rf"^(?:{either(known.starts)})(?=\s)", re.IGNORECASE),
        re.compile(rf"[(\[（](?:\s*(?:{either(known.bracketed)}|[,;:/&]))*\s*[)\]）]", re.IGNORECASE),
        re.compile(rf"[(\[]\s*(?:{pending})\s*[)\]]|(?<![\w.])(?:{pending})(?![\w])", re.IGNORECASE),
    )


def _trim(piece: str) -> str:
    """A piece of text beside a date, without the punctuation and the connectors that led to it."""
    ends, starts, empty, pending = _patterns()
    piece = _ADDRESS.sub("", pending.sub(" ", piece)) if piece.strip() else piece
    before = None
    while piece != before:
        before = piece
        piece = _LEADERS.sub("", empty.sub(" ", piece)).strip()
        piece = _unbalanced(piece.strip(_EDGES))
        piece = starts.sub("", piece).strip(_EDGES)
        shorter = ends.sub("", piece).strip(_EDGES)
        # A connector goes only where a date followed it, which the cut has left bare.
        piece = shorter if shorter != piece else piece
    return piece


def _unbalanced(piece: str) -> str:
    for opening, closing in ("()", "[]", "（）"):
        if piece.endswith(opening) or (piece.count(opening) > piece.count(closing) and piece.startswith(opening)):
            piece = piece.strip(opening)
        if piece.startswith(closing) or (piece.count(closing) > piece.count(opening) and piece.endswith(closing)):
            piece = piece.strip(closing)
    return piece


def _joined(pieces: Sequence[str]) -> str:
    text = ""
    for piece in pieces:
        kept = _trim(piece)
        # What the text lists ("Nairobi, 4 March; Dakar, 10 June") stays a list.
        sign = piece.lstrip()[:1] if text and piece.lstrip()[:1] in (",", ";", ":") else ""
        text += f"{sign} {kept}" if kept else ""
    text = _DOUBLED.sub(r"\1", _SPACE_BEFORE.sub(r"\1", " ".join(text.split())))
    return text.strip(_EDGES)


def _heading(entry: Entry) -> str:
    """The nearest heading with words: of the activity, else the section's."""
    activity = entry.outline[-2] if len(entry.outline) > 1 else ""
    named = (heading for heading in reversed(entry.headings) if any(map(str.isalpha, heading)))
    return activity or next(named, "") or (entry.outline[-1] if entry.outline else "")
