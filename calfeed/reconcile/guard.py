"""What may leave at once, and what may leave slowly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from calfeed.model import Event
from calfeed.reconcile.life import APPROVED
from calfeed.reconcile.results import Held
from calfeed.settings import Settings


def held(
    events: Sequence[Event], leaving: Sequence[Event], *, source: str, empty: bool, now: datetime, settings: Settings
) -> tuple[Held, ...]:
    """Why `leaving` must not leave `events` (the whole catalogue) without an editor's word; empty where they may.

    More than `guard.removals` events and more than `guard.share` of the live ones, in the source or in any feed, at
    once or together with those that left in the last `guard.window` days without an approval. `empty`: the source
    gave no entry at all, which is never taken for the end of its events.
    """
    if not leaving:
        return ()
    guard = settings.guard
    since = now - timedelta(days=guard.window)
    found: list[Held] = []
    for scope, members in _scopes(events, source, settings):
        live = [event for event in members if event.removed is None]
        uids = {event.uid for event in members}
        going = tuple(event for event in leaving if event.uid in uids)
        gone = [event for event in members if event.removed and event.removed > since and not _approved(event)]
        many = len(going) + len(gone)
        of = len(live) + len(gone)
        all_of_source = empty and not found
        if going and (all_of_source or (many > guard.removals and many > guard.share * of)):
            found.append(
                Held(scope=scope, leaving=going, of=len(live), message=_message(scope, source, going, gone, live))
            )
    return tuple(found)


def _message(scope: str, source: str, going: Sequence[Event], gone: Sequence[Event], live: Sequence[Event]) -> str:
    lately = f", after {len(gone)} that left in the last days" if gone else ""
    return (
        f"{len(going)} of the {len(live)} events of {scope} would disappear{lately}. Nothing was removed; "
        f"if that is right, run `calfeed approve {source}`."
    )


def _scopes(events: Iterable[Event], source: str, settings: Settings) -> Iterator[tuple[str, list[Event]]]:
    """The source, then each feed of a facet, with their events, tombstones included."""
    events = list(events)
    yield f"the source {source}", [event for event in events if event.provenance and event.provenance.source == source]
    for facet in settings.facets:
        if not facet.feeds:
            continue
        values: dict[str, list[Event]] = {}
        for event in events:
            for value in event.facets.get(facet.name, ()):
                values.setdefault(value, []).append(event)
        for value, members in values.items():
            yield f"the feed of {facet.name} {value}", members


def _approved(event: Event) -> bool:
    return any(change.what == APPROVED for change in event.history[-1:])
