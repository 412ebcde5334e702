"""What may leave, lose its date or become vaguer: at once, and slowly.

Only what is ahead counts: past events leave a programme as it rolls on. Where nothing of a source is ahead, all counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from calfeed.dates import shown_days
from calfeed.model import Event, Period, Precision
from calfeed.reconcile.life import APPROVED, WIDENED
from calfeed.reconcile.results import Held
from calfeed.settings import Settings

# Days more than these that an exact date may take without being taken for a vaguer one.
LONGER = 31
_COARSER = {precision: at for at, precision in enumerate(Precision)}


class Losses(NamedTuple):
    """The events that an edition would take away: what leaves, what loses its date, what becomes vaguer."""

    leaving: Sequence[Event] = ()
    undated: Sequence[Event] = ()
    widened: Sequence[Event] = ()

    @property
    def all(self) -> tuple[Event, ...]:
        return (*self.leaving, *self.undated, *self.widened)


def ahead(events: Iterable[Event], today: date) -> tuple[Event, ...]:
    """The live events that count: those that are not over on `today`, or have no date; all where no day is ahead."""
    live = [event for event in events if event.removed is None and not event.over]
    coming = [event for event in live if event.period is not None and _last(event.period) >= today]
    return tuple([*coming, *(event for event in live if event.period is None)] if coming else live)


def widens(old: Period, new: Period) -> bool:
    """Whether `new` says less than `old`: more days, and in a coarser unit or many more."""
    grown = _length(new) - _length(old)
    return grown > 0 and (grown > LONGER or _COARSER[new.precision] > _COARSER[old.precision])


def held(
    events: Sequence[Event],
    losses: Losses,
    *,
    source: str | None,
    empty: bool = False,
    now: datetime,
    settings: Settings,
) -> tuple[Held, ...]:
    """Why `losses` must not befall `events` (the whole catalogue) without an editor's word; empty where they may.

    More than `guard.removals` events and more than `guard.share` of those ahead, in the source or in any feed, at once
    or together with those of the last `guard.window` days that nobody approved. `empty`: the source gave no entry at
    all, which is never taken for the end of its events. `source` None: what is missing in the catalogue itself.
    """
    if not losses.all:
        return ()
    guard = settings.guard
    since = now - timedelta(days=guard.window)
    found: list[Held] = []
    for scope, members in _scopes(events, source, settings):
        counted = ahead(members, now.date())
        uids = {event.uid for event in counted}
        going = Losses(*(tuple(event for event in kind if event.uid in uids) for kind in losses))
        now_lost = {event.uid for event in going.all}
        lately = [event for event in members if event.uid not in now_lost and _lost_since(event, since, now.date())]
        many, of = len(now_lost) + len(lately), len({*uids, *(event.uid for event in lately)})
        whole = empty and not found and bool(losses.leaving)
        if whole:
            going = losses
        if whole or (now_lost and many > guard.removals and many > guard.share * of):
            message = _message(scope, source, going, lately, of)
            found.append(Held(scope=scope, leaving=going.all, of=of, message=message))
    return tuple(found)


def _lost_since(event: Event, since: datetime, today: date) -> bool:
    """Whether an event ahead left, or became vaguer, since then, and nobody agreed."""
    if event.period is not None and _last(event.period) < today <= since.date():
        return False
    if event.removed is not None:
        return event.removed > since and not _approved(event)
    return any(change.what == WIDENED and change.at > since for change in event.history)


def _message(scope: str, source: str | None, going: Losses, lately: Sequence[Event], of: int) -> str:
    told = [
        f"{len(events)} {words}"
        for events, words in (
            (going.leaving, "would disappear"),
            (going.undated, "lose their date"),
            (going.widened, "become vaguer"),
        )
        if events
    ]
    after = f", after {len(lately)} that left in the last days" if lately else ""
    return (
        f"of the {of} events of {scope} that count, {' and '.join(told)}{after}. Nothing was removed; "
        f"if that is right, run `calfeed approve{f' {source}' if source else ''}`."
    ).replace("of the", "Of the", 1)


def _scopes(events: Iterable[Event], source: str | None, settings: Settings) -> Iterator[tuple[str, list[Event]]]:
    """The source (or the whole catalogue), then each feed of a facet, with their events, tombstones included."""
    events = list(events)
    if source is None:
        yield "the catalogue", events
    else:
        own = [event for event in events if event.provenance and event.provenance.source == source]
        yield f"the source {source}", own
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
    return any(change.what.endswith(APPROVED) for change in event.history[-1:])


def _last(period: Period) -> date:
    return date.max if period.end is None and period.rrule else shown_days(period)[1]


def _length(period: Period) -> int:
    first, last = shown_days(period)
    return (last - first).days + 1
