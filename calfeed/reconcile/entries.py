"""Stored events, grouped by the entry that they were read from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from calfeed.model import Draft, Entry, Event, Proposal
from calfeed.reconcile.matching import Item, item
from calfeed.reconcile.results import Proposer


class Group(NamedTuple):
    """The events of one entry, by their part. All have a provenance."""

    events: tuple[Event, ...]

    @property
    def item(self) -> Item:
        words = self.events[0].provenance
        assert words is not None
        return item(words.outline, words.entry, words)


def groups(events: Iterable[Event]) -> list[Group]:
    """The entries of `events`, in the order in which they come; equal entries in two places of a source are two."""
    found: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        words = event.provenance
        if words:
            key = (words.source, words.outline, words.entry, words.where.lines, words.where.pages)
            found.setdefault(key, []).append(event)
    return [Group(tuple(sorted(group, key=_part))) for group in found.values()]


def item_of(proposal: Proposal) -> Item:
    drafts = next(iter(proposal.drafts.values()))
    return item(proposal.entry.outline, proposal.entry.text, drafts[0].provenance if drafts else None)


def stored_entry(event: Event) -> Entry:
    """The entry of an event as it was when it was read, for a proposer to read again."""
    words = event.provenance
    assert words is not None
    theme_and_activity = words.outline[:-1]
    headings = tuple(name for joined in theme_and_activity for name in joined.split("; "))
    return Entry(
        source=words.source,
        outline=words.outline,
        text=words.entry,
        where=words.where,
        headings=headings,
        lang=event.lang,
    )


def said_before(event: Event, rule: str | None, base: Proposer | None) -> Draft | None:
    """What the stored entry of `event` says by itself, read by the rule `rule`; None where that cannot be told."""
    if base is None or event.provenance is None:
        return None
    drafts = base(stored_entry(event)).drafts
    chosen = drafts.get(rule or "") or next(iter(drafts.values()), ())
    part = event.provenance.part
    return chosen[part - 1] if part <= len(chosen) else None


def _part(event: Event) -> int:
    return event.provenance.part if event.provenance else 0
