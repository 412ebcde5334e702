"""A source's new edition against the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from calfeed.model import Catalogue, Draft, Edition, Event, Proposal, Status
from calfeed.reconcile.guard import Losses, ahead, held, widens
from calfeed.reconcile.life import APPROVED, WIDENED, by_hand, cancel, create, recurring, revise, stamp, status_before
from calfeed.reconcile.match import Group, Item, groups, item, item_of, likeness, match, pair, said_before, same_entries
from calfeed.reconcile.merge import merge, with_date, without_date
from calfeed.reconcile.results import Conflict, Difference, Kind, Proposer, Reconciliation
from calfeed.reconcile.settle import settle
from calfeed.settings import Settings

ALIKE = 0.6
_NUMBERED = re.compile(r"\w*\d\w*")


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
    own = [event for event in events if event.provenance and event.provenance.source == source and not by_hand(event)]
    finds = _find(own, proposals, _preferred(source, settings))
    step = _Step(now, edition, base, approved)

    made: dict[str, Event] = {}
    differences: list[Difference] = []
    conflicts: list[Conflict] = []
    losses, past = _losses(own, finds, now.date())
    stops = () if approved else held(events, losses, source=source, empty=not proposals, now=now, settings=settings)
    for event in own:
        find = finds.kept.get(event.uid)
        if find is None or (stops and event in losses.widened):
            continue
        made[event.uid], difference, disputed = _kept(event, find, step)
        differences += [difference] if difference else []
        conflicts += disputed
    for event in losses.leaving if not stops else ():
        made[event.uid], difference = cancel(event, now=now, edition=edition, approved=approved)
        differences.append(difference)
    made |= {event.uid: stamp(replace(event, over=True)) for event in past}
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
    approved: bool


def _losses(own: Sequence[Event], finds: _Finds, today: date) -> tuple[Losses, list[Event]]:
    """What the edition would take away, and the events that took place before they left it: these stay."""
    live = [event for event in own if event.removed is None and not event.over]
    counted = {event.uid for event in ahead(live, today)}
    gone = [event for event in live if event.uid not in finds.kept]
    undated, widened = [], []
    for event in live:
        find = finds.kept.get(event.uid)
        if find is None or event.period is None or "period" in event.edited:
            continue
        theirs = with_date(event, find.draft)
        if theirs is None:
            undated.append(event)
        elif theirs.period is not None and widens(event.period, theirs.period):
            widened.append(event)
    leaving = [event for event in gone if event.uid in counted]
    return Losses(leaving, undated, widened), [event for event in gone if event.uid not in counted]


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
    """Which draft each stored event of the source is now: live events first, then tombstones (they come back), then
    what took place and left, where its entry stands again word for word."""
    items = [item_of(proposal) for proposal in proposals]
    kept: dict[str, _Find] = {}
    open_: dict[int, list[_Find]] = {}
    for stage in (_LIVE, _TOMBSTONE, _OVER):
        waiting = groups(event for event in own if _stage(event) == stage)
        untouched = [at for at in range(len(proposals)) if at not in open_]
        pairs = same_entries if stage == _OVER else match
        found = pairs([group.item for group in waiting], [items[at] for at in untouched])
        for index, to in sorted(found.items()):
            at = untouched[to]
            open_[at] = _pair(waiting[index], _drafts(proposals[at], at, waiting[index].events, prefer), kept)
        for at, proposal in enumerate(proposals):
            if at not in open_ and stage == _OVER:
                open_[at] = _drafts(proposal, at, (), prefer)
        free = [_drafts(p, at, (), prefer) if at not in open_ else open_[at] for at, p in enumerate(proposals)]
        left_over = [event for group in waiting for event in group.events if event.uid not in kept]
        _sweep(left_over if stage != _OVER else [], free, items, kept)
        taken = {find.place for find in kept.values()}
        for at, finds in enumerate(free):
            left = [find for find in finds if find.place not in taken]
            if at in open_ or len(left) < len(finds):
                open_[at] = left
    return _Finds(kept, [find for at in sorted(open_) for find in open_[at]])


_LIVE, _TOMBSTONE, _OVER = range(3)


def _stage(event: Event) -> int:
    return _TOMBSTONE if event.removed is not None else _OVER if event.over else _LIVE


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
    if len(finds) == 1 and finds[0].draft.period is None:
        # The entry has no date any more: that is told of all the events that it gave.
        kept.update({event.uid: finds[0] for event in group.events})
        return []
    pairs = pair(group.events, [find.draft for find in finds])
    for at, to in pairs.items():
        kept[group.events[at].uid] = finds[to]
    for at, event in enumerate(group.events):
        if at not in pairs and event.removed is None and _has_unread_numbers(event, finds[0].draft):
            kept[event.uid] = finds[0]._replace(draft=replace(finds[0].draft, period=None, status=Status.SCHEDULED))
    return [find for at, find in enumerate(finds) if at not in pairs.values()]


def _has_unread_numbers(event: Event, draft: Draft) -> bool:
    """Whether numbers stand in the title that were no part of it: what is left of a date that cannot be read."""
    return bool(set(_NUMBERED.findall(draft.title)) - set(_NUMBERED.findall(event.title)))


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
        mine = item(words.outline, words.entry, event)
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
    mine = replace(mine, over=False)
    theirs = find.draft if step.approved and find.draft.period is None else with_date(mine, find.draft)
    conflicts: tuple[Conflict, ...] = ()
    if theirs is None:
        merged = without_date(mine, find.draft)
    else:
        said = None
        if mine.edited and not _same_words(mine, theirs):
            said = said_before(mine, theirs.reading, step.base)
        merged, conflicts = merge(mine, theirs, said)
        if "reading" in merged.edited and not find.chosen:
            merged = replace(merged, edited=tuple(name for name in merged.edited if name != "reading"))
    kind, what = _kind(event, merged, step)
    after, difference = revise(event, merged, kind=kind, now=step.now, edition=step.edition, what=what)
    return after, difference, conflicts


def _kind(event: Event, merged: Event, step: _Step) -> tuple[Kind, str | None]:
    """What happened to an event, and how its history tells that where it says more."""
    if event.removed is not None:
        return Kind.RESTORED, None
    if merged.period == event.period:
        return Kind.CHANGED, None
    if event.period is not None and (merged.period is None or widens(event.period, merged.period)):
        return Kind.MOVED, f"{Kind.MOVED}{APPROVED}" if step.approved else WIDENED
    return Kind.MOVED, None


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
