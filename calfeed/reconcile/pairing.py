"""Which event of an entry is which of its periods in the new edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from calfeed.model import Draft, Event, Period
from calfeed.reconcile.similar import plain

# An event of a list that finds no period so near is another one: a programme that rolls on from 2013-2015 to
# 2014-2016 has lost its 2013 and gained a 2016.
NEAR = 400


def pair(events: Sequence[Event], drafts: Sequence[Draft]) -> dict[int, int]:
    """Index of event -> index of draft: same part of the same text, then same period, overlap, nearness."""
    found: dict[int, int] = {}
    if _same_text(events, drafts):
        parts = {draft.provenance.part: at for at, draft in enumerate(drafts) if draft.provenance}
        for at, event in enumerate(events):
            part = event.provenance.part if event.provenance else 0
            if part in parts and parts[part] not in found.values():
                found[at] = parts[part]
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if at not in found and to not in found.values() and event.period == draft.period:
                found[at] = to
    for _, at, to in sorted(_overlaps(events, drafts)):
        if at not in found and to not in found.values():
            found[at] = to
    alone = len(events) == len(drafts) == 1
    for distance, at, to in sorted(_distances(events, drafts)):
        if at not in found and to not in found.values() and (alone or distance <= NEAR):
            found[at] = to
    return found


def _same_text(events: Sequence[Event], drafts: Sequence[Draft]) -> bool:
    """Whether both were read from the same words in the same way, so that parts can be told by their number."""
    old = {(plain(e.provenance.entry), e.provenance.parts, e.reading) if e.provenance else None for e in events}
    new = {(plain(d.provenance.entry), d.provenance.parts, d.reading) if d.provenance else None for d in drafts}
    return len(old) == 1 and old == new


def _overlaps(events: Sequence[Event], drafts: Sequence[Draft]) -> Iterator[tuple[float, int, int]]:
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if event.period and draft.period:
                share = overlap(event.period, draft.period)
                if share > 0:
                    yield -share, at, to


def _distances(events: Sequence[Event], drafts: Sequence[Draft]) -> Iterator[tuple[int, int, int]]:
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if event.period and draft.period:
                yield abs((_days(event.period)[0] - _days(draft.period)[0]).days), at, to
            else:
                yield NEAR, at, to


def overlap(one: Period, other: Period) -> float:
    """The days that two periods share, as a part of all the days they cover; an open side ends at its other day."""
    (a, b), (c, d) = _days(one), _days(other)
    shared = (min(b, d) - max(a, c)).days + 1
    return max(0, shared) / ((max(b, d) - min(a, c)).days + 1)


def _days(period: Period) -> tuple[date, date]:
    start = period.start or period.end or date.min
    return start, period.end or start
