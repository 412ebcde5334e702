"""What of a draft may be published without an editor's word: all but what somebody has under way at the desk."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from calfeed.model import Catalogue, Event


def under_way(draft: Event, published: Event | None) -> bool:
    """Whether the draft of an event holds a step of a person that was not published."""
    known = {(step.at, step.sequence, step.by) for step in published.history} if published else set()
    return any(step.by is not None and (step.at, step.sequence, step.by) not in known for step in draft.history)


def publishable(draft: Catalogue, published: Catalogue) -> Catalogue:
    """The draft with each event that is under way as it was published, or left out where it never was."""
    before = {event.uid: event for event in published.events}
    events = [_as_published(event, before.get(event.uid)) for event in draft.events]
    return replace(draft, events=tuple(_present(events)))


def _as_published(draft: Event, published: Event | None) -> Event | None:
    return published if under_way(draft, published) else draft


def _present(events: Iterable[Event | None]) -> Iterable[Event]:
    return (event for event in events if event is not None)
