"""What editors did to the file by hand: new revisions for what they touched, and the readings that they chose."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from calfeed.errors import CatalogueError, Spot
from calfeed.model import Catalogue, Event, Reading
from calfeed.reconcile.guard import Losses, ahead, held
from calfeed.reconcile.life import cancel, create, expired, in_words, recurring, revise, same, stamp, touched, value_of
from calfeed.reconcile.match import groups, pair, said_before, stored_entry
from calfeed.reconcile.merge import FIELDS, facets_of
from calfeed.reconcile.results import Difference, Kind, Proposer, Reconciliation
from calfeed.settings import Settings

# What the history says where new rules of a time zone move an instant that was published.
ZONE_RULES = "new time zone rules"


def settle(
    catalogue: Catalogue,
    *,
    now: datetime,
    new_uid: Callable[[], str],
    settings: Settings,
    base: Proposer | None = None,
) -> Reconciliation:
    """Take in what was changed by hand since calfeed last wrote the catalogue. Doing it twice changes nothing.

    A touched event gets its next revision, and the touched fields are named in `edited`, so that imports keep them. A
    reading that was chosen for one event is taken for its whole entry. Tombstones whose time is over leave. `base`
    reads a stored entry again and is asked for the words that an edit replaced. `now` is UTC.

    Raises CatalogueError for a chosen reading that the entry does not offer.
    """
    now = now.replace(microsecond=0)
    life = timedelta(days=settings.guard.tombstone)
    differences: list[Difference] = []
    events: list[Event] = []
    chosen: set[str] = set()
    for event in catalogue.events:
        if expired(event, now, life):
            differences.append(Difference(kind=Kind.DROPPED, before=event))
            continue
        names = touched(event)
        if names:
            if "reading" in names and event.provenance:
                chosen.add(event.uid)
            event, difference = _edited(event, names, now=now, base=base)
            differences += [difference] if difference else []
        elif not event.revision.content:
            event = stamp(event)
        events.append(event)
    for group in groups(event for event in events if event.removed is None):
        choice = next((event for event in group.events if event.uid in chosen), None)
        if choice is not None:
            made, new = _read_anew(group.events, choice, now=now, new_uid=new_uid, base=base)
            differences += new
            events = _exchanged(events, made)
    order = {event.uid: at for at, event in enumerate(catalogue.events)}
    differences.sort(key=lambda each: order.get(each.event.uid, len(order)))
    return Reconciliation(
        catalogue=replace(catalogue, events=recurring(events, now, settings)),
        differences=tuple(differences),
        unchanged=len(events),
    )


def resume(
    catalogue: Catalogue, published: Catalogue, *, now: datetime, settings: Settings
) -> tuple[Catalogue, frozenset[str]]:
    """The catalogue with the events put back that were published and are in it no more, and their UIDs.

    A file that was lost, cut or restored from a backup so loses no event and no UID; whether what is missing may leave,
    `depart` says once the sources were read."""
    known = {event.uid for event in catalogue.events}
    life = timedelta(days=settings.guard.tombstone)
    lost = [event for event in published.events if event.uid not in known and not expired(event, now, life)]
    if not lost:
        return catalogue, frozenset()
    events = published.events if not known else (*catalogue.events, *lost)
    kept = known | {event.uid for event in lost}
    whole = tuple(event for event in events if event.uid in kept)
    return replace(catalogue, events=whole), frozenset(event.uid for event in lost)


def depart(
    catalogue: Catalogue,
    missing: Collection[str],
    *,
    empty: bool,
    now: datetime,
    settings: Settings,
    approved: bool = False,
) -> Reconciliation:
    """What is to become of the events that somebody took out of the file (`missing`): tombstones; unless so many are
    missing that an editor has to agree (`held`), or the file was `empty`. What is over goes without a trace."""
    events = catalogue.events
    live = [event for event in events if event.uid in missing and event.removed is None]
    counted = {event.uid for event in ahead(events, now.date())}
    losses = Losses(leaving=[event for event in live if event.uid in counted])
    stops = () if approved else held(events, losses, source=None, empty=empty, now=now, settings=settings)
    if stops or not live:
        return Reconciliation(catalogue=catalogue, held=stops)
    gone = {event.uid: cancel(event, now=now, edition=None, approved=approved) for event in losses.leaving}
    past = {event.uid for event in live} - counted
    after = tuple(gone[event.uid][0] if event.uid in gone else event for event in events if event.uid not in past)
    differences = tuple(difference for _, difference in gone.values())
    return Reconciliation(catalogue=replace(catalogue, events=after), differences=differences)


def _edited(
    event: Event, names: tuple[str, ...], *, now: datetime, base: Proposer | None
) -> tuple[Event, Difference | None]:
    """The event with its touched fields named in `edited`, as a new revision where subscribers see the change."""
    own: list[str] = []
    if event.provenance and event.removed is None:
        own = [name for name in names if name in (*FIELDS, "reading", "review")]
        if "facets" in names:
            read = facets_of(event)
            facets = dict.fromkeys([*read, *event.facets])
            own += [f"facets.{name}" for name in facets if set(read.get(name, ())) != set(event.facets.get(name, ()))]
    after = event
    if "last_known" in names and not event.last_known:
        own.append("period")  # the editor stands by the date
    elif "period" in names and event.last_known:
        after = replace(event, last_known=False)
        if event.period is None:
            own.remove("period")  # the editor agreed that there is none: the document's next one is taken
    after = replace(after, edited=tuple(dict.fromkeys([*event.edited, *own])))
    seen = [name for name in names if name not in ("reading", "review")]
    if not seen:
        return stamp(after), None
    if seen == ["instants"]:
        return revise(event, after, kind=Kind.MOVED, now=now, what=ZONE_RULES, fields={}, anyway=True)
    fields = {}
    for name in seen:
        if name in ("words", "removed", "instants", "moved_from", "last_known"):
            continue
        parts = [part for part in own if part.startswith("facets.")] if name == "facets" else [name]
        for part in parts or [name]:
            value = event.facets.get(part[7:], ()) if part.startswith("facets.") else value_of(event, name)
            fields[part] = _words_before(event, part, base), in_words(value)
    return revise(event, after, kind=Kind.EDITED, now=now, fields=fields, anyway=True)


def _words_before(event: Event, name: str, base: Proposer | None) -> str:
    """What a field held before an editor touched it: as the history says, else as the entry's own text does."""
    for change in reversed(event.history):
        if name in change.fields:
            return change.fields[name][1]
    if name.startswith("facets."):
        return in_words(facets_of(event).get(name[7:], ()))
    draft = said_before(event, event.reading, base) if name in FIELDS else None
    return in_words(getattr(draft, name)) if draft is not None and same(getattr(draft, name), event, name) else ""


def _read_anew(
    events: tuple[Event, ...],
    choice: Event,
    *,
    now: datetime,
    new_uid: Callable[[], str],
    base: Proposer | None,
) -> tuple[dict[str, list[Event]], list[Difference]]:
    """The events of an entry by the reading that `choice` names: old UID -> the events in its place."""
    offered = {reading.rule: reading for event in events for reading in event.alternatives}
    reading = offered.get(choice.reading or "")
    if reading is None:
        raise CatalogueError(
            f"the entry does not offer the reading {choice.reading!r}.",
            spot=Spot(f"event {choice.uid}", field="reading"),
            mend=f"It offers {', '.join(offered)}." if offered else "It has only one: delete the field.",
        )
    other = next((event for event in events if event.reading != reading.rule), None)
    rule = other.reading if other else None
    if rule is None and base is not None:
        rule = next((name for name in base(stored_entry(choice)).drafts if name != reading.rule), None)
    inferred = other.provenance.inferred if other and other.provenance else ()
    periods = tuple(event.period for event in events if event.period)
    before = Reading(rule=rule or "default", periods=periods, inferred=inferred)
    alternatives = (before, *(each for name, each in offered.items() if name not in (reading.rule, before.rule)))
    reasons = base(stored_entry(choice)).interpretation.reasons if base else choice.review
    words = choice.provenance
    assert words is not None
    template = next((event for event in events if "period" not in event.edited), choice)
    drafts = [
        replace(
            template,
            period=period,
            provenance=replace(words, part=at + 1, parts=len(reading.periods), inferred=reading.inferred),
        )
        for at, period in enumerate(reading.periods)
    ]
    pairs = pair(events, drafts)
    made: dict[str, list[Event]] = {}
    differences: list[Difference] = []
    for at, event in enumerate(events):
        if at not in pairs:
            gone, cancelled = cancel(event, now=now, edition=None, approved=True)
            made[event.uid] = [gone]
            differences.append(cancelled)
            continue
        draft = drafts[pairs[at]]
        after = replace(
            event,
            period=event.period if "period" in event.edited else draft.period,
            provenance=draft.provenance,
            reading=reading.rule,
            alternatives=alternatives,
            review=tuple(text for text in event.review if text not in reasons),
            edited=tuple(dict.fromkeys([*event.edited, "reading"])),
        )
        after, difference = revise(event, after, kind=Kind.MOVED, now=now, what=f"read by {reading.rule}")
        made[event.uid] = [after]
        differences += [difference] if difference else []
    last = events[-1].uid
    for at, draft in enumerate(drafts):
        if at not in pairs.values():
            kept = tuple(name for name in template.edited if name != "period")
            event = create(draft, uid=new_uid(), now=now, edited=tuple(dict.fromkeys([*kept, "reading"])))
            event = stamp(
                replace(
                    event,
                    reading=reading.rule,
                    alternatives=alternatives,
                    review=tuple(text for text in event.review if text not in reasons),
                )
            )
            made[last].append(event)
            differences.append(Difference(kind=Kind.ADDED, after=event))
    return made, differences


def _exchanged(events: list[Event], made: dict[str, list[Event]]) -> list[Event]:
    return [after for event in events for after in made.get(event.uid, [event])]
