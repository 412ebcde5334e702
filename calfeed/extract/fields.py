"""The fields of a record: what the event is called, where it is held, its kinds, status, links and contact.

In: the texts of a record with the spans of their dates and, where known, their roles. Out: `Fields`. Words are tables
per language (words/*.toml). Must not know: how the record was cut, whether it is accepted, when the event is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from calfeed.extract.lexicon import fold, lexicon
from calfeed.extract.naming import ADDRESS, CLOCK, Name, heading_name, name_of
from calfeed.extract.venues import Venue, venue_in_cell, venue_of
from calfeed.model import Status, Value
from calfeed.settings import Place

Span = tuple[int, int]

# Texts in these roles are never the title.
_NO_TITLE = frozenset(
    ("date", "start", "end", "time", "place", "speaker", "registration", "contact", "number", "status", "link", "note")
)
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
# A title of two words is as good as a longer one; one that names a kind of event counts more, and a short code less.
_TITLE_WORDS = 2
_KIND_COUNTS = 0.5
_CODE = 5
_LABEL_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$|\s*[(\[（].*?[)\]）]\s*")
_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "tentative": Status.TENTATIVE,
    "completed": Status.COMPLETED,
}


class Fields(Value, frozen=True, kw_only=True):
    """What a record says beside its dates; None or empty where it says nothing.

    `title_from`: "role" (the caller's), "emphasis", "clause", "subject", "object", "heading" or "label". `country` is
    ISO 3166-1 alpha-2. `kinds` are hints such as "meeting", "deadline". `links` are addresses in the texts.
    """

    title: str | None = None
    title_from: str | None = None
    place: str | None = None
    country: str | None = None
    online: bool = False
    kinds: tuple[str, ...] = ()
    status: Status | None = None
    links: tuple[str, ...] = ()
    contact: str | None = None


def fields_of(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    *,
    lang: str | None,
    headings: Sequence[str] = (),
    label: str | None = None,
    roles: Sequence[str | None] = (),
    emphases: Sequence[Sequence[Span]] = (),
    places: Sequence[Place] = (),
) -> Fields:
    """The fields of a record.

    `texts`: its pieces in order: cells, lines, "Venue: ..." pairs. `spans`: for each text the offsets of its date and
    time words. `headings`: those above it, nearest first. `label`: what the record's own date is called where it is
    one of several ("Registration deadline"). `roles`: for each text a kind as `label_kind` gives, None where unknown.
    `emphases`: for each text the runs that stand out. `places`: the settings' own.
    """
    spans = [*spans, *[()] * (len(texts) - len(spans))]
    roles = [*roles, *[None] * (len(texts) - len(roles))]
    emphases = [*emphases, *[()] * (len(texts) - len(emphases))]
    venues = [_venue(text, spans[at], roles[at], lang, places) for at, text in enumerate(texts)]
    venue = _best(venues, roles)
    title, source = _title(texts, spans, roles, emphases, venues, lang, headings)
    if label and label_kind(label, lang) in ("deadline", "registration", "start", "end"):
        title, source = _of_label(label, title), "label"
    whole = " ".join(texts)
    return Fields(
        title=title,
        title_from=source,
        place=venue.name if venue else None,
        country=venue.country if venue else None,
        online=venue is not None and venue.online,
        kinds=kind_of(f"{label or ''} {title or ''}", lang) or kind_of(" ".join(headings[:1]), lang),
        status=_status(texts, lang),
        links=tuple(dict.fromkeys(found.strip("<>") for found in ADDRESS.findall(whole) if "@" not in found)),
        contact=next((text for text, role in zip(texts, roles, strict=True) if role == "contact"), None),
    )


@lru_cache(maxsize=4096)
def label_kind(label: str, lang: str | None) -> str | None:
    """What a pair's name, a column's head or the words before a colon announce: "date", "start", "end", "time",
    "place", "title", "speaker", "registration", "deadline", "contact", "note", "number", "status" or "link"; None
    where the label is not known."""
    words = lexicon(lang, label)
    known = words.of("labels")
    for said in (label.strip(" \t:：*_"), _LABEL_EDGES.sub("", label)):
        if found := known.whole(said):
            return found
    bare = " ".join(_LABEL_EDGES.sub(" ", label).split())
    if not bare or len(bare.split()) > _LABEL_WORDS:
        return None
    for part in re.split(r"\s*[/&|,]\s*|\s+-\s+", bare):
        if found := known.whole(part):
            return found
    hits = {hit.name for hit in known.find(bare)}
    return next((name for name in _LABELS if name in hits), None)


def kind_of(text: str, lang: str | None) -> tuple[str, ...]:
    """Hints at the kind of event that a title or heading names, in the order of the words: "meeting", "deadline"."""
    words = lexicon(lang, text)
    return tuple(dict.fromkeys(hit.name.replace("_", " ") for hit in words.of("kinds").find(text)))


def status_of(text: str, lang: str | None) -> Status | None:
    """What a cell, a bracket or a word at a line's end says of the event as a whole; None where it says nothing."""
    words = lexicon(lang, text)
    for hit in words.of("status").find(text):
        if hit.name in _STATUSES and _stands_alone(text, hit.start, hit.end):
            return _STATUSES[hit.name]
    return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(), text[end:].lstrip(" *!.")
    return (not before or before[-1] in "([{（-–—:,;*|") and (not after or after[0] in ")]}）-–—:,;*|\n")


def _status(texts: Sequence[str], lang: str | None) -> Status | None:
    return next((found for text in texts if (found := status_of(text, lang))), None)


def _venue(
    text: str, spans: Sequence[Span], role: str | None, lang: str | None, places: Sequence[Place]
) -> Venue | None:
    if role == "place":
        return venue_in_cell(text, lang=lang, places=places)
    if role in ("title", None):
        taken = [*spans, *(match.span() for match in ADDRESS.finditer(text)), *(m.span() for m in CLOCK.finditer(text))]
        return venue_of(text, taken, lang=lang, places=places, cell=role is None)
    return None


_RANK = {"label": 3, "cell": 2, "field": 1, "clause": 0}


def _best(venues: Sequence[Venue | None], roles: Sequence[str | None]) -> Venue | None:
    """The surest place; cells with that role are joined, town and country."""
    told = [venue for venue, role in zip(venues, roles, strict=True) if venue and role == "place"]
    if told:
        names = list(dict.fromkeys(venue.name for venue in told))
        country = next((venue.country for venue in reversed(told) if venue.country), None)
        return Venue(
            name=", ".join(names),
            start=0,
            end=0,
            stands="cell",
            country=country,
            online=any(one.online for one in told),
        )
    found = [venue for venue in venues if venue]
    return max(found, key=lambda venue: _RANK[venue.stands], default=None)


def _title(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    roles: Sequence[str | None],
    emphases: Sequence[Sequence[Span]],
    venues: Sequence[Venue | None],
    lang: str | None,
    headings: Sequence[str],
) -> tuple[str | None, str | None]:
    for at, role in enumerate(roles):
        if role == "title" and (found := name_of(texts[at], spans[at], lang=lang)):
            return found.text, "role"
    usable = _usable(spans, roles, venues)
    for at in usable:
        if emphasised := _emphasised(texts[at], spans[at], emphases[at], lang):
            return emphasised, "emphasis"
    best: tuple[float, Name] | None = None
    for at in usable:
        venue = venues[at]
        taken = [*spans[at], (venue.start, venue.end)] if venue and venue.stands != "clause" else [*spans[at]]
        if named := name_of(_without_label(texts[at], lang), taken, lang=lang):
            promise = _promise(named.text, lang)
            if best is None or promise > best[0]:
                best = (promise, named)
    if best is not None:
        return best[1].text, best[1].found
    for heading in headings:
        if above := heading_name(heading, _numbers(heading), lang=lang):
            return above, "heading"
    return None, None


def _usable(spans: Sequence[Sequence[Span]], roles: Sequence[str | None], venues: Sequence[Venue | None]) -> list[int]:
    """The texts that may hold the title, those whose role does not say otherwise first."""
    usable = [
        at
        for at, role in enumerate(roles)
        if role not in _NO_TITLE or (role in ("date", "start") and spans[at])
        if not ((venue := venues[at]) and venue.stands == "cell")
    ]
    return sorted(usable, key=lambda at: (roles[at] in _NO_TITLE, at))


def _promise(title: str, lang: str | None) -> float:
    """How much a text looks like the name of an event, beside others of its record: several words, or one that names a
    kind; no code ("COP-1"), no initials ("T. F.")."""
    named = title.split()
    long = [word for word in named if len(word.strip(".,;:()")) > 2]
    if not long or (len(named) == 1 and not title.isalpha()):
        return 0
    return (
        min(len(long), _TITLE_WORDS) / _TITLE_WORDS
        + (_KIND_COUNTS if kind_of(title, lang) else 0)
        + (len(title) > _CODE)
    )


def _emphasised(text: str, spans: Sequence[Span], runs: Sequence[Span], lang: str | None) -> str | None:
    """The first run that stands out and is a name, not the date; None where all or nothing stands out."""
    for start, end in runs:
        if end - start >= len(text.strip()):
            continue
        inner = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
        found = name_of(text[start:end], inner, lang=lang)
        if found is not None and len(found.text.split()) > 1 and not label_kind(text[start:end], lang):
            return found.text
    return None


def _without_label(text: str, lang: str | None) -> str:
    """The text, as long as it was, without a field's name at its start ("Topic: ...")."""
    head, colon, _ = text.partition(":")
    if colon and len(head.split()) <= _LABEL_WORDS and label_kind(head, lang) in ("title", "date", "note"):
        return " " * (len(head) + 1) + text[len(head) + 1 :]
    return text


def _of_label(label: str, title: str | None) -> str:
    """A deadline of an event is named after it: "Registration deadline: Workshop X"."""
    said = label.strip(" :：*")
    if not title or fold(title) == fold(said) or fold(said) in fold(title):
        return title or said
    return f"{said}: {title}"


def _numbers(heading: str) -> list[Span]:
    """Years in a heading, which belong to its dates."""
    return [match.span() for match in re.finditer(r"\b(?:19|20)\d\d(?:\s*[/–-]\s*(?:\d\d){1,2})?\b", heading)]
