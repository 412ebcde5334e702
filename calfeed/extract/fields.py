"""The fields of a record: what the event is called, where it is held, its kinds, status, links and contact.

In: the texts of a record with the spans of their dates and, where known, their roles. Out: `Fields`. Words are tables
per language (words/*.toml). Must not know: how the record was cut, whether it is accepted, when the event is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from calfeed.extract.lexicon import Hit, fold, lexicon
from calfeed.extract.naming import ADDRESS, CLOCK, Name, heading_name, name_of, promise
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
_TITLE_LABEL_WORDS = 4
# A day that has a name of so many words is called by it: "World Environment Day".
_NAMED_DAY = 2
# What promises so much is a name without regard to others: two words, and no code.
_IS_NAME = 2
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
    spans = [
        *(_days(text, dates, lang) for text, dates in zip(texts, spans, strict=False)),
        *[()] * (len(texts) - len(spans)),
    ]
    roles = [*roles, *[None] * (len(texts) - len(roles))]
    emphases = [*emphases, *[()] * (len(texts) - len(emphases))]
    told = "place" in roles
    venues = [
        _venue(text, spans[at], roles[at], lang, places) if roles[at] == "place" or not told else None
        for at, text in enumerate(texts)
    ]
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


def _states(text: str, lang: str | None) -> list[Span]:
    """Where a text says what state an event is in, which is none of its title."""
    return [(hit.start, hit.end) for hit in lexicon(lang, text).of("status").find(text) if _stands_alone(text, hit)]


def _stands_alone(text: str, hit: Hit) -> bool:
    before, after = text[: hit.start].rstrip(), text[hit.end :].lstrip(" *!.")
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
        return venue_of(text, taken, lang=lang, places=places, cell=True)
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
        is_place = (venue := venues[at]) is not None and venue.stands == "cell"
        if role == "title" and not is_place and (found := name_of(texts[at], spans[at], lang=lang)):
            return found.text, "role"
    usable = _usable(spans, roles, venues)
    for at in usable:
        if emphasised := _emphasised(texts[at], spans[at], emphases[at], lang):
            return emphasised, "emphasis"
    best: tuple[float, Name] | None = None
    for at in usable:
        venue = venues[at]
        taken = [*spans[at], *_states(texts[at], lang), *_labels(texts[at], spans[at], lang)]
        aside = [(venue.start, venue.end)] if venue else []
        if venue and venue.stands != "clause":
            taken += aside
        if named := name_of(texts[at], taken, lang=lang, aside=aside):
            looks = promise(named.text, lexicon(lang, named.text))
            # Of several lines the first that is a name names the event, and the others describe it.
            if best is None or (looks > best[0] and best[0] < _IS_NAME):
                best = (looks, named)
    if best is not None:
        return best[1].text, best[1].found
    for text, dates in zip(texts, spans, strict=True):
        for start, end in dates:
            if not any(map(str.isdigit, text[start:end])) and len(text[start:end].split()) >= _NAMED_DAY:
                return text[start:end], "clause"
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


def _days(text: str, dates: Sequence[Span], lang: str | None) -> list[Span]:
    """The date words without a verb or noun before them that the date reader took too: "deadline is 3 May"."""
    words = lexicon(lang, text)
    found = []
    for start, end in dates:
        said = text[start:end]
        for hit in words.of("prose.announcing", "titles.copulas", "kinds.deadline").find(said):
            if said[: hit.start].strip():
                break
            start = max(start, end - len(said) + hit.end)
        found.append((start, end) if start < end else (end - len(said), end))
    return found


def _labels(text: str, dates: Sequence[Span], lang: str | None) -> list[Span]:
    """The names of fields at the start of lines ("Topic: ..."), and whole lines that are another field's. A name that
    tells the kind of event stays: "Lecture: ..."."""
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        head = re.match(r"[^:：]{1,60}[:：]", line)
        if head and any(start < at + head.end() and end > at for start, end in dates):
            head = None
        role = label_kind(head[0], lang, whole=True) if head else None
        if head and role in ("place", "speaker", "registration", "contact", "link", "number", "status"):
            found.append((at, at + len(line.rstrip("\n"))))
        elif head and role in ("title", "date", "note", "start", "time") and not kind_of(head[0], lang):
            found.append((at, at + head.end()))
        at += len(line)
    return found


def _of_label(label: str, title: str | None) -> str:
    """A deadline of an event is named after it: "Registration deadline: Workshop X"."""
    said = label.strip(" :：*")
    if not title or fold(title) == fold(said) or fold(said) in fold(title):
        return title or said
    return f"{said}: {title}"


def _numbers(heading: str) -> list[Span]:
    """Years in a heading, which belong to its dates."""
    return [match.span() for match in re.finditer(r"\b(?:19|20)\d\d(?:\s*[/–-]\s*(?:\d\d){1,2})?\b", heading)]
