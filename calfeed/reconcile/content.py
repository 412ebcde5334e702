"""`revision.content`: a digest of each field as calfeed last wrote it, so that an editor's touch shows."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Any

import msgspec

from calfeed.model import Event
from calfeed.occurrences import occurrences

# What subscribers see. A change of one of these is a new revision. `words` are the entry and its date's own words;
# where they stand in the source (line, page) is no content.
PUBLISHED = (
    "title", "period", "facets", "place", "country", "status", "note", "url", "lang", "words", "removed",
)  # fmt: skip
# All that an editor may touch, and what the rules of time zones make of it. The digests stand in this order: new fields
# are added at its end.
FIELDS = (*PUBLISHED, "reading", "review", "instants")
_WIDTH = 4


def value_of(event: Event, name: str) -> Any:
    if name == "words":
        words = event.provenance
        return (words.entry, words.date_text) if words else None
    if name == "facets":
        return {facet: values for facet, values in event.facets.items() if values}
    if name == "instants":
        return [one.hours for one in occurrences(event) if one.hours] or None
    return getattr(event, name)


def content(event: Event) -> str:
    """Four characters for each of FIELDS: 24 bits of its BLAKE2b."""
    return "".join(_digest(value_of(event, name)) for name in FIELDS)


def touched(event: Event) -> tuple[str, ...]:
    """The fields that are no longer as calfeed wrote them; none where that was never noted."""
    now, written = content(event), event.revision.content
    known = len(written) // _WIDTH
    parts = range(0, known * _WIDTH, _WIDTH)
    return tuple(
        name for name, at in zip(FIELDS, parts, strict=False) if now[at : at + _WIDTH] != written[at : at + _WIDTH]
    )


def same(value: Any, event: Event, name: str) -> bool:
    """Whether `value` is what calfeed last wrote in the event's field."""
    at = FIELDS.index(name) * _WIDTH
    return event.revision.content[at : at + _WIDTH] == _digest(value)


def _digest(value: Any) -> str:
    octets = msgspec.json.encode(value, order="deterministic")
    return urlsafe_b64encode(blake2b(octets, digest_size=3).digest()).decode("ascii")
