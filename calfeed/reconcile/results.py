"""What a reconciliation gives."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import field

from calfeed.model import Catalogue, Entry, Event, Proposal, Value

# Reads a stored entry's text again, alone: what the document said before.
Proposer = Callable[[Entry], Proposal]


class Kind(StrEnum):
    """What happened to an event."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # its period changed
    CANCELLED = "cancelled"  # left its source: a tombstone from now on
    RESTORED = "restored"  # came back to its source in time
    EDITED = "edited"  # by hand, in the file
    DROPPED = "dropped"  # a tombstone whose time is over


class Difference(Value, frozen=True, kw_only=True):
    """One event that is not as it was. `before` is None where it was added, `after` where it was dropped; `fields`
    maps the names of changed fields to their old and new value in words."""

    kind: Kind
    before: Event | None = None
    after: Event | None = None
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        event = self.after or self.before
        assert event is not None
        return event


class Conflict(Value, frozen=True, kw_only=True):
    """A field that an editor has set and that the document now says otherwise, in words. The editor's value stays."""

    uid: str
    title: str
    field: str
    mine: str
    theirs: str


class Held(Value, frozen=True, kw_only=True):
    """Removals that the guard stopped: `leaving` of the `of` live events of `scope` (a source or a feed)."""

    scope: str
    leaving: tuple[Event, ...]
    of: int
    message: str


class Reconciliation(Value, frozen=True, kw_only=True):
    """The new catalogue, and how it came from the old one. `unchanged` counts the source's events that stay."""

    catalogue: Catalogue
    differences: tuple[Difference, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    held: tuple[Held, ...] = ()
    unchanged: int = 0

    def of(self, *kinds: Kind) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if difference.kind in kinds)

    @property
    def added(self) -> tuple[Difference, ...]:
        return self.of(Kind.ADDED)

    @property
    def changed(self) -> tuple[Difference, ...]:
        return self.of(Kind.CHANGED, Kind.EDITED)

    @property
    def moved(self) -> tuple[Difference, ...]:
        return self.of(Kind.MOVED)

    @property
    def cancelled(self) -> tuple[Difference, ...]:
        return self.of(Kind.CANCELLED)

    @property
    def restored(self) -> tuple[Difference, ...]:
        return self.of(Kind.RESTORED)
