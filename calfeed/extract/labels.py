"""What names of fields, kinds of events and states are called: "Venue", "webinar", "(cancelled)".

In: a label or a text, and its language. Out: one of a few names. The words are tables per language (words/*.toml).
"""

from __future__ import annotations

import re
from functools import lru_cache

from calfeed.extract.lexicon import Hit, lexicon
from calfeed.model import Status

# A label's kind is told by its whole text, else by the first of these that one of its words names.
_LABELS = (
    "deadline",
    "registration",
    "start",
    "end",
    "date",
    "place",
    "time",
    "speaker",
    "contact",
    "link",
    "status",
    "number",
    "title",
    "note",
)
_LABEL_WORDS = 6
_TITLE_LABEL_WORDS = 4
_LABEL_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$|\s*[(\[（].*?[)\]）]\s*")
_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "tentative": Status.TENTATIVE,
    "completed": Status.COMPLETED,
}


@lru_cache(maxsize=4096)
def label_kind(label: str, lang: str | None, *, whole: bool = False) -> str | None:
    """What a pair's name, a column's head or the words before a colon announce: "date", "start", "end", "time",
    "place", "title", "speaker", "registration", "deadline", "contact", "note", "number", "status" or "link"; None
    where the label is not known. With `whole` one of its words is not enough: "Global meeting" names no field."""
    words = lexicon(lang, label)
    known = words.of("labels")
    for said in (label.strip(" \t:：*_"), _LABEL_EDGES.sub("", label)):
        if found := known.whole(said):
            return found
    bare = " ".join(_LABEL_EDGES.sub(" ", label).split())
    if whole or not bare or len(bare.split()) > _LABEL_WORDS:
        return None
    for part in re.split(r"\s*[/&|,]\s*|\s+-\s+", bare):
        if found := known.whole(part):
            return found
    hits = {hit.name for hit in known.find(bare)}
    if len(bare.split()) > _TITLE_LABEL_WORDS:
        hits.discard("title")
    return next((name for name in _LABELS if name in hits), None)


def kind_of(text: str, lang: str | None) -> tuple[str, ...]:
    """Hints at the kind of event that a title or heading names, in the order of the words: "meeting", "deadline"."""
    words = lexicon(lang, text)
    return tuple(dict.fromkeys(hit.name.replace("_", " ") for hit in words.of("kinds").find(text)))


def status_of(text: str, lang: str | None) -> Status | None:
    """What a cell, a bracket or a word at a line's end says of the event as a whole; None where it says nothing."""
    hits = lexicon(lang, text).of("status").find(text)
    return next((_STATUSES[hit.name] for hit in hits if hit.name in _STATUSES and _stands_alone(text, hit)), None)


def states_in(text: str, lang: str | None) -> list[tuple[int, int]]:
    """Where a text says what state an event is in; that is none of its title."""
    return [(hit.start, hit.end) for hit in lexicon(lang, text).of("status").find(text) if _stands_alone(text, hit)]


def _stands_alone(text: str, hit: Hit) -> bool:
    before, after = text[: hit.start].rstrip(), text[hit.end :].lstrip(" *!.")
    return (not before or before[-1] in "([{（-–—:,;*|") and (not after or after[0] in ")]}）-–—:,;*|\n")
