"""What a new edition would change, told as a letter, and carried out in whole, in part or not at all.

In: an `importing.Plan` with one source's edition in it. Out: a `Letter` of paragraphs, each of them one thing that a
person can take or leave; and the catalogue that is left when some were left. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from calfeed.importing import Plan
from calfeed.model import Catalogue, Event, Period
from calfeed.reconcile import Conflict, Difference, Kind
from calfeed.reconcile.decided import Decision, rejection


class Topic(StrEnum):
    """What a paragraph is about, in the letter's order."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    LOOSENED = "loosened"
    FIRMED_UP = "firmed up"
    CHANGED = "changed"
    CAME_BACK = "came back"
    ADDED = "added"


class Paragraph(Struct, frozen=True, kw_only=True):
    """One change: `key` names it in a form, whatever UIDs a second reading would make."""

    key: str
    topic: Topic
    event: Event
    before: Event | None
    fields: dict[str, tuple[str, str]]


class Letter(Struct, frozen=True, kw_only=True):
    """All that an edition of `source` would change. `waiting` are events that the guard keeps from leaving."""

    source: str
    paragraphs: tuple[Paragraph, ...]
    conflicts: tuple[Conflict, ...]
    waiting: tuple[Event, ...]
    held: tuple[str, ...]
    unchanged: int

    def of(self, topic: Topic) -> tuple[Paragraph, ...]:
        return tuple(one for one in self.paragraphs if one.topic is topic)

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.conflicts or self.held)


def letter_of(plan: Plan, source: str) -> Letter:
    """The letter about the edition of `source` that the plan took in."""
    result = plan.results[source]
    told = [_paragraph(difference) for difference in result.differences if difference.kind is not Kind.DROPPED]
    order = list(Topic)
    waiting = {event.uid: event for held in result.held for event in held.leaving}
    return Letter(
        source=source,
        paragraphs=tuple(sorted(told, key=lambda one: order.index(one.topic))),
        conflicts=result.conflicts,
        waiting=tuple(waiting.values()),
        held=tuple(held.message for held in result.held),
        unchanged=result.unchanged,
    )


def _paragraph(difference: Difference) -> Paragraph:
    return Paragraph(
        key=key_of(difference),
        topic=_topic(difference),
        event=difference.event,
        before=difference.before,
        fields=difference.fields,
    )


def key_of(difference: Difference) -> str:
    """The UID of an event that was there; of a new one a digest of its entry, which a second reading gives again."""
    event = difference.event
    if difference.before is not None or event.provenance is None:
        return event.uid
    words = event.provenance
    told = "\n".join((*words.outline, words.entry, str(words.part), event.title))
    return f"new-{sha256(told.encode()).hexdigest()[:24]}"


_TOPICS = {
    Kind.ADDED: Topic.ADDED,
    Kind.CANCELLED: Topic.CANCELLED,
    Kind.RESTORED: Topic.CAME_BACK,
}


def _topic(difference: Difference) -> Topic:
    if difference.kind in _TOPICS:
        return _TOPICS[difference.kind]
    before, after = difference.before, difference.after
    if before is None or after is None or before.period == after.period:
        return Topic.CHANGED
    old, new = width(before.period), width(after.period)
    if old == new:
        return Topic.MOVED
    return Topic.FIRMED_UP if new < old else Topic.LOOSENED


def width(period: Period | None) -> float:
    """How many days a period leaves open: infinite without any, or with an open side."""
    if period is None or period.start is None or period.end is None:
        return float("inf") if period is None else 1e6
    return (period.end - period.start).days + (0.5 if period.qualifier else 0)


class Taken(Struct, frozen=True, kw_only=True):
    """The catalogue after an editor took some paragraphs, and what was decided about the others."""

    catalogue: Catalogue
    decisions: tuple[Decision, ...]


def take(plan: Plan, letter: Letter, keys: Collection[str], *, by: str, now: datetime) -> Taken:
    """Carry out the paragraphs in `keys`. Of the others: what would be added is rejected for good, what would change
    keeps its old values as an editor's own, what would leave stays by the editor's word."""
    left = {one.event.uid: one for one in letter.paragraphs if one.key not in keys}
    events = tuple(_left_as_it_was(plan.catalogue.events, left))
    refused = (rejection(one.event, by=by, at=now) for one in left.values() if one.before is None)
    return Taken(
        catalogue=replace(plan.catalogue, events=events),
        decisions=tuple(decision for decision in refused if decision is not None),
    )


def _left_as_it_was(events: Iterable[Event], left: dict[str, Paragraph]) -> Iterator[Event]:
    for event in events:
        paragraph = left.get(event.uid)
        if paragraph is None:
            yield event
        elif paragraph.before is not None:
            yield _kept(paragraph.before, event, paragraph)


def _kept(before: Event, after: Event, paragraph: Paragraph) -> Event:
    if paragraph.topic is Topic.CAME_BACK:
        return before
    if paragraph.topic is Topic.CANCELLED:
        return replace(before, edited=_with(before.edited, "provenance"))
    own = [name for name in paragraph.fields if name != "entry"]
    return replace(before, provenance=after.provenance, edited=_with(before.edited, *own))


def _with(edited: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*edited, *names]))


def conceded(catalogue: Catalogue, fields: Collection[str]) -> Catalogue:
    """The catalogue in which the editors' claim to some fields ("UID field") is given up: the document's word counts
    when it is read next."""
    given: dict[str, set[str]] = {}
    for claim in fields:
        uid, _, name = claim.partition(" ")
        given.setdefault(uid, set()).add(name)
    events = tuple(
        replace(event, edited=tuple(name for name in event.edited if name not in given[event.uid]))
        if event.uid in given
        else event
        for event in catalogue.events
    )
    return replace(catalogue, events=events)
