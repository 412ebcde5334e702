"""One event: the editor's fields and the document's, three ways."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from calfeed.dates.words import is_exact
from calfeed.model import Draft, Event, Status
from calfeed.reconcile.life import in_words
from calfeed.reconcile.results import Conflict

FIELDS = ("title", "period", "place", "country", "status", "lang")
_LOST = "The date is under review: the document now says “{entry}”, without a date that can be read."
_SAYS = "The document now says of {field}: {theirs}"


def merge(mine: Event, theirs: Draft, base: Draft | None) -> tuple[Event, tuple[Conflict, ...]]:
    """`mine` brought up to what the document says, the fields in `mine.edited` excepted.

    `base` is what the document said before, read as `theirs` was; None where it says the same as before. A field that
    both have changed is a conflict: the editor's value stays, and the event is marked for review.
    """
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    disputed: set[str] = set()

    def settle(name: str, own: Any, said: Any, before: Any) -> Any:
        if name not in mine.edited:
            return said
        if own != said:
            disputed.add(name)
            if base is not None and said != before:
                conflicts.append(
                    Conflict(uid=mine.uid, title=mine.title, field=name, mine=in_words(own), theirs=in_words(said))
                )
        return own

    for name in FIELDS:
        values[name] = settle(name, getattr(mine, name), getattr(theirs, name), getattr(base, name, None))
    facets = {}
    evidence = facets_of(mine)
    for facet in _names(theirs.facets, mine.facets):
        said = theirs.facets.get(facet, ())
        kept = settle(f"facets.{facet}", mine.facets.get(facet, ()), said, evidence.get(facet, ()))
        if kept or facet in theirs.facets:
            facets[facet] = kept
    review = theirs.review
    edited = mine.edited
    if "review" in edited:
        if base is not None and base.review != theirs.review:
            edited = tuple(name for name in edited if name != "review")
        else:
            review = mine.review
    old = tuple(text for text in mine.review if text not in review and _names_one_of(text, disputed))
    new = tuple(_SAYS.format(field=conflict.field, theirs=conflict.theirs) + "." for conflict in conflicts)
    fresh = {conflict.field for conflict in conflicts}
    old = tuple(text for text in old if not _names_one_of(text, fresh))
    merged = replace(
        mine,
        **values,
        facets=facets,
        review=(*review, *old, *new),
        edited=edited,
        reading=theirs.reading,
        alternatives=theirs.alternatives,
        provenance=theirs.provenance,
        moved_from=theirs.moved_from,
        last_known=theirs.last_known,
    )
    return merged, tuple(conflicts)


def with_date(mine: Event, theirs: Draft) -> Draft | None:
    """What the document says now, with the date that holds: a date that it no longer gives does not go with it.

    Cancelled or postponed without a date: the last one stays, as what it was. Moved from one exact day to another: from
    where. None where the date is simply gone, which nobody has said."""
    old, new = mine.period, theirs.period
    if old is None or "period" in mine.edited:
        return theirs
    if new is None:
        if theirs.status not in (Status.CANCELLED, Status.POSTPONED):
            return None
        return replace(theirs, period=old, reading=mine.reading, moved_from=mine.moved_from, last_known=True)
    if theirs.status is Status.CANCELLED or not (is_exact(old) and is_exact(new)):
        return theirs
    if old.start == new.start:
        return theirs if theirs.moved_from else replace(theirs, moved_from=mine.moved_from)
    status = Status.SCHEDULED if theirs.last_known else theirs.status
    return replace(theirs, status=status, last_known=False, moved_from=old)


def without_date(mine: Event, theirs: Draft) -> Event:
    """The event with its last known date, marked for review: the document no longer says when it is."""
    entry = theirs.provenance.entry if theirs.provenance else theirs.title
    kept = () if "review" in mine.edited else (*(text for text in mine.review if not text.startswith(_LOST[:20])),)
    review = mine.review if "review" in mine.edited else (*kept, _LOST.format(entry=entry))
    told, words = mine.provenance, theirs.provenance
    if told and words and told.parts > 1:
        # The events of one entry are known as such by its text.
        told = replace(words, part=told.part, parts=told.parts, date_text=told.date_text)
    return replace(mine, last_known=True, review=review, provenance=told)


def facets_of(event: Event) -> dict[str, tuple[str, ...]]:
    """The facets that calfeed gave an event, from the evidence it noted."""
    facets: dict[str, tuple[str, ...]] = {}
    for evidence in event.provenance.evidence if event.provenance else ():
        values = facets.get(evidence.facet, ())
        if evidence.value not in values:
            facets[evidence.facet] = (*values, evidence.value)
    return facets


def _names(*facets: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in facets for name in each))


def _names_one_of(text: str, names: set[str]) -> bool:
    return any(text.startswith(_SAYS.format(field=name, theirs="")) for name in names)
