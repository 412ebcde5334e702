"""What editors do to several events at once, as functions for `Desk.change`: each gives a new catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec.structs import replace

from calfeed.desk.draft import Made, Now
from calfeed.desk.edits import Clash, added, beside, by_uid, changed_by, form_of, gone, three_way
from calfeed.errors import CalfeedError
from calfeed.model import Catalogue, Draft, Event
from calfeed.reconcile.decided import rejection
from calfeed.reconcile.match import groups
from calfeed.settings import Settings

Work = Callable[[Catalogue, Now], Made]


class ClashError(CalfeedError):
    """Two people changed the same field; nothing of the second was written."""

    code = "clash"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__("somebody else changed the same field in the meantime.")
        self.clashes = tuple(clashes)


class GoneError(CalfeedError):
    """The event is not there any more."""

    code = "gone"


def _of(catalogue: Catalogue, uids: Collection[str]) -> list[Event]:
    events = by_uid(catalogue.events)
    missing = [uid for uid in uids if uid not in events]
    if missing or not uids:
        raise GoneError("this event is not there any more.", mend="Load the list anew.")
    return [events[uid] for uid in uids]


def _with(
    catalogue: Catalogue, changed: dict[str, Event | None], behind: dict[str, list[Event]] | None = None
) -> Catalogue:
    """The catalogue with some events exchanged, taken out (None), and others put behind them."""
    events: list[Event] = []
    for event in catalogue.events:
        now = changed.get(event.uid, event)
        events += [now] if now is not None else []
        events += (behind or {}).get(event.uid, [])
    return replace(catalogue, events=tuple(events))


def edit(uid: str, base: dict[str, str], mine: dict[str, str], settings: Settings, lang: str) -> Work:
    """Take over a form: fields that this person changed, merged with what others did since. Raises ClashError."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        (event,) = _of(catalogue, [uid])
        changed, clashes = three_way(base, mine, form_of(event, settings, lang))
        if clashes:
            raise ClashError(clashes)
        after, more = changed_by(event, changed, settings, lang=lang, today=now.at.date())
        others = [beside(after, one, uid=now.new_uid(), now=now.at, by=now.by, what="added") for one in more]
        return Made(catalogue=_with(catalogue, {uid: after}, {uid: others}), about=after.title)

    return work


def checked(uids: Collection[str]) -> Work:
    """What calfeed had doubts about is right as it is, for all events of the same entries."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        chosen = {event.uid for event in _of(catalogue, uids)}
        for group in groups(event for event in catalogue.events if event.removed is None):
            if any(event.uid in chosen for event in group.events):
                chosen |= {event.uid for event in group.events}
        changed: dict[str, Event | None] = {
            event.uid: replace(event, review=(), last_known=False)
            for event in catalogue.events
            if event.uid in chosen and event.review
        }
        return Made(catalogue=_with(catalogue, changed))

    return work


def read_as(uids: Collection[str], rule: str) -> Work:
    """Take the reading `rule` for the entries of these events, where they offer it."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        changed: dict[str, Event | None] = {
            event.uid: replace(event, reading=rule)
            for event in _of(catalogue, uids)
            if event.reading != rule and any(reading.rule == rule for reading in event.alternatives)
        }
        if not changed:
            raise GoneError("this reading is not offered any more.", mend="Load the page anew.")
        return Made(catalogue=_with(catalogue, changed))

    return work


def rejected(uids: Collection[str]) -> Work:
    """These are no events: they leave, and no later edition of their documents brings them back."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        events = [event for event in _of(catalogue, uids) if event.removed is None]
        changed = {
            event.uid: gone(event, now=now.at, by=now.by, published=event.uid in now.published) for event in events
        }
        decided = [rejection(event, by=now.by, at=now.at) for event in events]
        return Made(
            catalogue=_with(catalogue, changed),
            decided=tuple(decision for decision in decided if decision is not None),
            about=events[0].title if events else "",
        )

    return work


def split(uid: str) -> Work:
    """A second event like this one, to be edited on its own; it stands by the editor's word."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        (event,) = _of(catalogue, [uid])
        other = beside(event, event.period, uid=now.new_uid(), now=now.at, by=now.by, what="split")
        return Made(catalogue=_with(catalogue, {}, {uid: [other]}), about=event.title)

    return work


def merged(uids: Sequence[str]) -> Work:
    """One event of several: the first stays, with what it lacks from the others, which are rejected."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        first, *others = _of(catalogue, uids)
        if not others:
            raise CalfeedError("one event alone cannot be merged.", mend="Choose two or more.")
        kept: dict[str, Any] = {}
        for name in ("place", "country", "note", "url"):
            if getattr(first, name) is None:
                kept[name] = next((value for one in others if (value := getattr(one, name)) is not None), None)
        dated = [one.period for one in (first, *others) if one.period]
        if first.period is None and dated:
            kept["period"] = dated[0]
        left = rejected([event.uid for event in others])(catalogue, now)
        return Made(
            catalogue=_with(left.catalogue, {first.uid: replace(first, **kept)}),
            decided=left.decided,
            about=first.title,
        )

    return work


def new(draft: Draft, fields: dict[str, str], settings: Settings, lang: str, behind: str | None = None) -> Work:
    """An event that an editor adds, with what they typed; `behind` is the UID after which it stands."""

    def work(catalogue: Catalogue, now: Now) -> Made:
        event = added(draft, uid=now.new_uid(), now=now.at, by=now.by)
        given = {"title": ""} | {name: text for name, text in fields.items() if text.strip()}
        after, more = changed_by(event, given, settings, lang=lang, today=now.at.date())
        others = [beside(after, one, uid=now.new_uid(), now=now.at, by=now.by, what="added") for one in more]
        made = [after, *others]
        if behind and any(one.uid == behind for one in catalogue.events):
            return Made(catalogue=_with(catalogue, {}, {behind: made}), about=after.title)
        return Made(catalogue=replace(catalogue, events=(*catalogue.events, *made)), about=after.title)

    return work
