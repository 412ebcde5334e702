"""A source's new edition against the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.model import Catalogue, Draft, Edition, Event, Proposal
from calfeed.reconcile.guard import held
from calfeed.reconcile.life import cancel, create, recurring, revise, status_before
from calfeed.reconcile.match import Group, Item, groups, item, item_of, likeness, match, pair, said_before
from calfeed.reconcile.merge import merge
from calfeed.reconcile.results import Conflict, Difference, Kind, Proposer, Reconciliation
from calfeed.reconcile.settle import settle
from calfeed.settings import Settings

ALIKE = 0.6


def reconcile(
    old: Catalogue,
    proposals: Sequence[Proposal],
    *,
    source: str,
    edition: Edition,
    now: datetime,
    new_uid: Callable[[], str],
    settings: Settings,
    base: Proposer | None = None,
    approved: bool = False,
) -> Reconciliation:
    """The catalogue after reading `proposals`, the entries of `edition` of `source`, in the document's order.

    Events of other sources, and those added by hand, stay as they are. What editors did since the last time is settled
    first. `base` reads a stored entry again, alone. `approved`: an editor agreed to removals that the guard would
    hold. Where removals are held all else is applied, and the old edition stays on record, so that the source is read
    again. `now` is UTC. Reading the same edition twice changes nothing.
    """
    now = now.replace(microsecond=0)
    settled = settle(old, now=now, new_uid=new_uid, settings=settings, base=base)
    events = settled.catalogue.events
    own = [event for event in events if event.provenance and event.provenance.source == source]
    finds = _find(own, proposals, _preferred(source, settings))
    step = _Step(now, edition, base)

    made: dict[str, Event] = {}
    differences: list[Difference] = []
    conflicts: list[Conflict] = []
    for event in own:
        if event.uid in finds.kept:
            made[event.uid], difference, disputed = _kept(event, finds.kept[event.uid], step)
            differences += [difference] if difference else []
            conflicts += disputed
    leaving = [event for event in own if event.removed is None and event.uid not in finds.kept]
    stops = () if approved else held(events, leaving, source=source, empty=not proposals, now=now, settings=settings)
    for event in leaving if not stops else ():
        made[event.uid], difference = cancel(event, now=now, edition=edition, approved=approved)
        differences.append(difference)
    places = {uid: find.place for uid, find in finds.kept.items()}
    added = []
    for find in finds.new:
        event = create(find.draft, uid=new_uid(), now=now, edited=("reading",) if find.chosen else ())
        added.append(event)
        places[event.uid] = find.place
        differences.append(Difference(kind=Kind.ADDED, after=event))
    after = [made.get(event.uid, event) for event in events]
    editions = settled.catalogue.editions if stops else _with_edition(settled.catalogue.editions, edition, after)
    ordered = _in_order(after, added, places, source, editions)
    return Reconciliation(
        catalogue=replace(old, editions=editions, events=recurring(ordered, now, settings)),
        differences=(*settled.differences, *differences),
        conflicts=tuple(conflicts),
        held=stops,
        unchanged=sum(made.get(event.uid, event).revision.sequence == event.revision.sequence for event in own),
    )


class _Step(NamedTuple):
    now: datetime
    edition: Edition
    base: Proposer | None


class _Find(NamedTuple):
    """A draft and its place: index of its entry, then of its part. `chosen`: an editor chose the entry's reading."""

    draft: Draft
    place: tuple[int, int]
    chosen: bool = False


class _Finds(NamedTuple):
    """Stored events with the drafts that they are now (by UID), and the drafts that no event had."""

    kept: dict[str, _Find]
    new: list[_Find]


def _find(own: Sequence[Event], proposals: Sequence[Proposal], prefer: Sequence[str]) -> _Finds:
    """Which draft each stored event of the source is now: live events first, then tombstones (they come back)."""
    items = [item_of(proposal) for proposal in proposals]
    kept: dict[str, _Find] = {}
    open_: dict[int, list[_Find]] = {}
    for removed in (False, True):
        waiting = groups(event for event in own if (event.removed is not None) is removed)
        untouched = [at for at in range(len(proposals)) if at not in open_]
        found = match([group.item for group in waiting], [items[at] for at in untouched])
        for index, to in sorted(found.items()):
            at = untouched[to]
            open_[at] = _pair(waiting[index], _drafts(proposals[at], at, waiting[index].events, prefer), kept)
        for at, proposal in enumerate(proposals):
            if at not in open_ and removed:
                open_[at] = _drafts(proposal, at, (), prefer)
        free = [_drafts(p, at, (), prefer) if at not in open_ else open_[at] for at, p in enumerate(proposals)]
        _sweep([event for group in waiting for event in group.events if event.uid not in kept], free, items, kept)
        taken = {find.place for find in kept.values()}
        for at, finds in enumerate(free):
            left = [find for find in finds if find.place not in taken]
            if at in open_ or len(left) < len(finds):
                open_[at] = left
    return _Finds(kept, [find for at in sorted(open_) for find in open_[at]])


def _drafts(proposal: Proposal, at: int, events: Sequence[Event], prefer: Sequence[str]) -> list[_Find]:
    """The drafts of an entry: by the reading that an editor chose, else one the source prefers, else the default."""
    chosen = (event.reading for event in events if "reading" in event.edited)
    mine = next((rule for rule in chosen if rule in proposal.drafts), None)
    rule = mine or next((rule for rule in prefer if rule in proposal.drafts), None)
    drafts = proposal.drafts[rule] if rule else next(iter(proposal.drafts.values()))
    reasons = proposal.interpretation.reasons if rule else ()
    finds = []
    for part, draft in enumerate(drafts):
        review = tuple(text for text in draft.review if text not in reasons)
        finds.append(_Find(replace(draft, review=review), (at, part), mine is not None))
    return finds


def _pair(group: Group, finds: list[_Find], kept: dict[str, _Find]) -> list[_Find]:
    """Note which of the entry's events is which draft; the drafts that are left."""
    pairs = pair(group.events, [find.draft for find in finds])
    for at, to in pairs.items():
        kept[group.events[at].uid] = finds[to]
    return [find for at, find in enumerate(finds) if at not in pairs.values()]


def _sweep(events: Sequence[Event], free: Sequence[list[_Find]], items: Sequence[Item], kept: dict[str, _Find]) -> None:
    """Entries that were split or joined: an event of the same days, in the same place, with a like head."""
    if not events:
        return
    by_days: dict[object, list[_Find]] = {}
    for finds in free:
        for find in finds:
            by_days.setdefault((items[find.place[0]].outline, find.draft.period), []).append(find)
    taken = {find.place for find in kept.values()}
    for event in events:
        words = event.provenance
        if words is None:
            continue
        mine = item(words.outline, words.entry, words)
        scored = [
            (-likeness(mine.head, items[find.place[0]].head), find.place, find)
            for find in by_days.get((mine.outline, event.period), ())
            if find.place not in taken
        ]
        best = min(scored, default=None, key=lambda each: each[:2])
        if best and -best[0] >= ALIKE:
            kept[event.uid] = best[2]
            taken.add(best[1])


def _kept(event: Event, find: _Find, step: _Step) -> tuple[Event, Difference | None, tuple[Conflict, ...]]:
    """The event as the document has it now, the editor's fields kept."""
    mine = event
    if event.removed is not None:
        mine = replace(event, removed=None, status=status_before(event))
    said = None
    if mine.edited and not _same_words(mine, find.draft):
        said = said_before(mine, find.draft.reading, step.base)
    merged, conflicts = merge(mine, find.draft, said)
    if "reading" in merged.edited and not find.chosen:
        merged = replace(merged, edited=tuple(name for name in merged.edited if name != "reading"))
    kind = Kind.CHANGED
    if event.removed is not None:
        kind = Kind.RESTORED
    elif merged.period != event.period:
        kind = Kind.MOVED
    after, difference = revise(event, merged, kind=kind, now=step.now, edition=step.edition)
    return after, difference, conflicts


def _same_words(event: Event, draft: Draft) -> bool:
    old, new = event.provenance, draft.provenance
    return old is not None and new is not None and (old.entry, old.outline) == (new.entry, new.outline)


def _preferred(source: str, settings: Settings) -> Sequence[str]:
    configured = settings.source(source)
    return configured.prefer if configured else ()


def _with_edition(editions: tuple[Edition, ...], edition: Edition, events: Sequence[Event]) -> tuple[Edition, ...]:
    """The editions with this one as the last of its source; the same bytes read again are no new edition.

    Of the earlier ones those stay whose day of publication an unchanged event still cites."""
    own = [known for known in editions if known.source == edition.source]
    if own and replace(own[-1], read=edition.read) == edition:
        return editions
    cited = [event.edition(own) for event in events]
    kept = [known for known in own if known.published and known.digest != edition.digest and known in cited]
    at = editions.index(own[0]) if own else len(editions)
    others = [known for known in editions if known.source != edition.source]
    return (*others[:at], *kept, edition, *others[at:])


def _in_order(
    events: Sequence[Event],
    added: Sequence[Event],
    places: Mapping[str, tuple[int, int]],
    source: str,
    editions: Sequence[Edition],
) -> list[Event]:
    """By source, then by place in it; those added by hand at the end, in their order.

    An event that is no longer in the source stays behind the one that it followed."""
    ranks = {edition.source: at for at, edition in enumerate(editions)}
    last = len(ranks)
    keys: dict[str, tuple[int, int, int, int]] = {}
    before = (-1, -1)
    for at, event in enumerate((*events, *added)):
        of = event.provenance.source if event.provenance else None
        if of == source:
            before = places.get(event.uid, before)
            keys[event.uid] = (ranks.get(of, last), *before, 0 if event.uid in places else at + 1)
        else:
            keys[event.uid] = (ranks.get(of, last) if of else last + 1, 0, 0, at)
    return sorted((*events, *added), key=lambda event: keys[event.uid])
