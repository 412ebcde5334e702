"""The fields of a record: what the event is called, where it is held, its kinds, status, links and contact.

In: the texts of a record with the spans of their dates and, where known, their roles. Out: `Fields`. Words are tables
per language (words/*.toml). Must not know: how the record was cut, whether it is accepted, when the event is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from msgspec import Struct

from calfeed.extract.labels import kind_of, label_kind, states_in, status_of
from calfeed.extract.lexicon import fold, lexicon
from calfeed.extract.naming import ADDRESS, CLOCK, heading_name, name_of, promise
from calfeed.extract.venues import Venue, venue_in_cell, venue_of
from calfeed.model import Status, Value
from calfeed.settings import Place

__all__ = ["Fields", "fields_of", "kind_of", "label_kind", "status_of"]

Span = tuple[int, int]

# Texts in these roles are never the title.
_NO_TITLE = frozenset(
    ("date", "start", "end", "time", "place", "speaker", "registration", "contact", "number", "status", "link", "note")
)
# A line with such a name before its colon is that field's; of others only the name is none of the title.
_OTHER_LINES = frozenset(("place", "speaker", "registration", "contact", "link", "number", "status"))
_NAMED_LINES = frozenset(("title", "date", "note", "start", "time"))
# The surest place of several: by where it stands.
_RANK = {"label": 3, "cell": 2, "field": 1, "clause": 0}
# A day that has a name of so many words is called by it: "World Environment Day".
_NAMED_DAY = 2
# What promises so much is a name without regard to others: two words, and no code.
_IS_NAME = 2
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:\s*[/–-]\s*(?:\d\d){1,2})?\b")


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


class _Piece(Struct, frozen=True, kw_only=True):
    """One text of a record with what is known of it; `dates` and `runs` (what stands out) are offsets."""

    text: str
    dates: Sequence[Span] = ()
    role: str | None = None
    runs: Sequence[Span] = ()
    venue: Venue | None = None

    @property
    def names(self) -> bool:
        """Whether it may hold the title: no field of another kind, no place as a whole."""
        other = self.role in _NO_TITLE and not (self.role in ("date", "start") and self.dates)
        return not other and not (self.venue is not None and self.venue.stands == "cell")


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
    told = "place" in roles
    pieces = [
        _piece(text, dates or (), role, runs or (), told, lang, places)
        for text, dates, role, runs in zip_longest(texts, spans, roles, emphases)
    ]
    venue = _best(pieces)
    title, source = _title(pieces, lang, headings) or (None, None)
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
        status=next((found for text in texts if (found := status_of(text, lang))), None),
        links=tuple(dict.fromkeys(found.strip("<>") for found in ADDRESS.findall(whole) if "@" not in found)),
        contact=next((piece.text for piece in pieces if piece.role == "contact"), None),
    )


def _piece(
    text: str,
    dates: Sequence[Span],
    role: str | None,
    runs: Sequence[Span],
    told: bool,
    lang: str | None,
    places: Sequence[Place],
) -> _Piece:
    """A text with its place; `told`: another text is known to be the place."""
    dates = _days(text, dates, lang)
    venue = None
    if role == "place":
        venue = venue_in_cell(text, lang=lang, places=places)
    elif not told and (role in ("title", None) or (role in ("date", "start") and dates)):
        taken = [*dates, *(match.span() for pattern in (ADDRESS, CLOCK) for match in pattern.finditer(text))]
        venue = venue_of(text, taken, lang=lang, places=places, cell=True)
    return _Piece(text=text, dates=dates, role=role, runs=runs, venue=venue)


def _best(pieces: Sequence[_Piece]) -> Venue | None:
    """The surest place; cells with that role are joined, town and country."""
    told = [piece.venue for piece in pieces if piece.venue and piece.role == "place"]
    if not told:
        return max((one.venue for one in pieces if one.venue), key=lambda venue: _RANK[venue.stands], default=None)
    return Venue(
        name=", ".join(dict.fromkeys(venue.name for venue in told)),
        start=0,
        end=0,
        stands="cell",
        country=next((venue.country for venue in reversed(told) if venue.country), None),
        online=any(one.online for one in told),
    )


def _title(pieces: Sequence[_Piece], lang: str | None, headings: Sequence[str]) -> tuple[str, str] | None:
    """The title and how it was found: the first that there is, the surest way first."""
    # Texts whose role does not say that they are something else come first.
    usable = sorted((piece for piece in pieces if piece.names), key=lambda piece: piece.role in _NO_TITLE)
    ways = chain(
        _by_role(usable, lang),
        _emphasised(usable, lang),
        _own(usable, lang),
        _named_day(pieces),
        _above(headings, lang),
    )
    return next(ways, None)


def _by_role(pieces: Iterable[_Piece], lang: str | None) -> Iterator[tuple[str, str]]:
    for piece in pieces:
        if piece.role == "title" and (found := name_of(piece.text, piece.dates, lang=lang)):
            yield found.text, "role"


def _emphasised(pieces: Iterable[_Piece], lang: str | None) -> Iterator[tuple[str, str]]:
    """Runs that stand out and are a name, not the date; none where all of a text stands out."""
    for piece in pieces:
        for start, end in piece.runs:
            if end - start >= len(piece.text.strip()):
                continue
            inner = [(max(a, start) - start, min(b, end) - start) for a, b in piece.dates if a < end and b > start]
            run = piece.text[start:end]
            found = name_of(run, inner, lang=lang)
            if found is not None and len(found.text.split()) > 1 and not label_kind(run, lang):
                yield found.text, "emphasis"


def _own(pieces: Iterable[_Piece], lang: str | None) -> Iterator[tuple[str, str]]:
    """What the texts say themselves. Of several the first that is a name names the event, the others describe it."""
    best: tuple[float, tuple[str, str]] | None = None
    for piece in pieces:
        taken = [*piece.dates, *states_in(piece.text, lang), *_labels(piece, lang)]
        aside = [(piece.venue.start, piece.venue.end)] if piece.venue else []
        if piece.venue and piece.venue.stands != "clause":
            taken += aside
        if named := name_of(piece.text, taken, lang=lang, aside=aside):
            looks = promise(named.text, lexicon(lang, named.text))
            if best is None or looks > best[0]:
                best = (looks, (named.text, named.found))
            if best[0] >= _IS_NAME:
                break
    if best is not None:
        yield best[1]


def _named_day(pieces: Iterable[_Piece]) -> Iterator[tuple[str, str]]:
    for piece in pieces:
        for start, end in piece.dates:
            said = piece.text[start:end]
            if not any(map(str.isdigit, said)) and len(said.split()) >= _NAMED_DAY:
                yield said, "clause"


def _above(headings: Iterable[str], lang: str | None) -> Iterator[tuple[str, str]]:
    for heading in headings:
        if found := heading_name(heading, [match.span() for match in _YEARS.finditer(heading)], lang=lang):
            yield found, "heading"


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


def _labels(piece: _Piece, lang: str | None) -> list[Span]:
    """The names of fields at the start of lines ("Topic: ..."), and whole lines that are another field's. A name that
    tells the kind of event stays: "Lecture: ..."."""
    found = []
    at = 0
    for line in piece.text.splitlines(keepends=True):
        head = re.match(r"[^:：]{1,60}[:：]", line)
        if head and any(start < at + head.end() and end > at for start, end in piece.dates):
            head = None
        role = label_kind(head[0], lang, whole=True) if head else None
        if head and role in _OTHER_LINES:
            found.append((at, at + len(line.rstrip("\n"))))
        elif head and role in _NAMED_LINES and not kind_of(head[0], lang):
            found.append((at, at + head.end()))
        at += len(line)
    return found


def _of_label(label: str, title: str | None) -> str:
    """A deadline of an event is named after it: "Registration deadline: Workshop X"."""
    said = label.strip(" :：*")
    if not title or fold(title) == fold(said) or fold(said) in fold(title):
        return title or said
    return f"{said}: {title}"
