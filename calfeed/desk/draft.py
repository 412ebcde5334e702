"""The draft: `data/events.toml`, changed by several people at once, each change with a name, an instant and a way back.

`Desk.change` is the one door: under a lock it reads what is there now, lets a function make of it what it wants, has
`settle` give revisions, and writes. Where another program saved in between, it starts anew from that. What is there is
remembered by the file's stamp, so that looking costs nothing.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from msgspec import Struct
from msgspec.structs import replace

from calfeed import importing, publish, store
from calfeed.desk.edits import by_uid, gone, restored, signed
from calfeed.desk.people import Person
from calfeed.desk.steps import Changed, Step, Steps
from calfeed.errors import CalfeedError, CatalogueError
from calfeed.importing import Plan, new_uid, proposer
from calfeed.model import Catalogue, Event
from calfeed.reconcile import settle
from calfeed.reconcile.decided import Decision
from calfeed.settings import Settings
from calfeed.web.mistakes import FOLDER

# A save by another program in between is met by starting anew, so often at most.
TRIES = 8
Stamp = tuple[int, int, int] | None


class Made(Struct, frozen=True, kw_only=True):
    """What a change makes of the catalogue, and the decisions that it adds and takes back. `undoes`: of which step."""

    catalogue: Catalogue
    decided: tuple[Decision, ...] = ()
    forgotten: tuple[Decision, ...] = ()
    undoes: int | None = None
    about: str = ""


Work = Callable[[Catalogue, "Now"], Made]


class Now(Struct, frozen=True, kw_only=True):
    """What a change may know of the moment: who, when, a maker of UIDs, and what was published last by UID."""

    by: str
    at: datetime
    new_uid: Callable[[], str]
    published: dict[str, Event]


class UndoError(CalfeedError):
    """A step cannot be taken back any more."""

    code = "undo"


def utc_now() -> datetime:
    """This second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


class Desk:
    """What all requests of a desk share. `clock` gives the instant in UTC, `uids` UIDs that were never used."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], datetime] = utc_now, uids: Callable[[], str] = new_uid
    ) -> None:
        self.settings, self.clock, self.uids = settings, clock, uids
        self.folder = settings.state_path / FOLDER
        self.steps = Steps(self.folder)
        self._lock = RLock()
        self._plan: tuple[Stamp, Plan] | None = None
        self._published: tuple[Stamp, Catalogue] | None = None

    def draft(self) -> Plan:
        """The catalogue as it is now, edits of the file by hand taken in. Raises CatalogueError."""
        stamp = _stamp(self.settings.catalogue_path)
        with self._lock:
            if self._plan is None or self._plan[0] != stamp:
                now = self.clock()
                begun = importing.begin(self.settings, now=now, uids=self.uids)
                self._plan = stamp, importing.finish(begun, self.settings, now=now)
            return self._plan[1]

    def catalogue(self) -> Catalogue:
        return self.draft().catalogue

    def event(self, uid: str) -> Event | None:
        """An event of the draft."""
        return next((event for event in self.catalogue().events if event.uid == uid), None)

    def published(self) -> Catalogue:
        """What was published last; an empty catalogue where nothing was, the draft where it is not known what."""
        stamp = _stamp(self.settings.feeds_path / "generation.json")
        with self._lock:
            if self._published is None or self._published[0] != stamp:
                kept = store.published(self.settings.feeds_path, self.settings.state_path)
                self._published = stamp, kept or (Catalogue() if stamp is None else self._taken_for_published())
            return self._published[1]

    def _taken_for_published(self) -> Catalogue:
        """Of feeds without the catalogue that they were made from (a new clone) the draft is taken for that, once."""
        catalogue = self.catalogue()
        generation = publish.load(self.settings.feeds_path)
        store.keep(catalogue, generation.id, self.settings.state_path)
        return catalogue

    def change(self, person: Person, what: str, work: Work, *, about: str = "") -> Step:
        """Let `work` change the catalogue, and write it down in the person's name.

        Raises what `work` raises, CatalogueError where the file cannot be used or written; then nothing is changed."""
        with self._lock, self._alone():
            for last in (*[False] * (TRIES - 1), True):
                try:
                    return self._change(person, what, work, about)
                except CatalogueError:
                    if last or self._plan is None or _stamp(self.settings.catalogue_path) == self._plan[0]:
                        raise
        raise AssertionError("unreachable")

    def _change(self, person: Person, what: str, work: Work, about: str) -> Step:
        published = by_uid(self.published().events)
        plan = self.draft()
        before = plan.catalogue
        at = self.clock()
        made = work(before, Now(by=person.name, at=at, new_uid=self.uids, published=published))
        read_again = proposer(before, self.settings, at.date())
        settled = settle(made.catalogue, now=at, new_uid=self.uids, settings=self.settings, base=read_again)
        after = _signed(before, settled.catalogue, person.name)
        step = Step(
            number=self.steps.last_number() + 1,
            at=at,
            by=person.name,
            what=what,
            about=made.about or about,
            changes=_changes(before, after),
            decided=made.decided,
            forgotten=made.forgotten,
            undoes=made.undoes,
        )
        if after != plan.stored.catalogue:
            store.save(plan.stored, after, self.settings.catalogue_path)
            self._plan = None
        if made.decided or made.forgotten:
            kept = [one for one in plan.decisions if one not in made.forgotten]
            store.save_decisions([*kept, *made.decided], self.settings.decisions_path)
            self._plan = None
        if step.changes or step.decided or step.forgotten:
            self.steps.add(step)
        return step

    def undo(self, person: Person, number: int) -> tuple[Step, tuple[str, ...]]:
        """Take back a step, however long ago; and what of it stays since somebody changed it later, in words.

        Raises UndoError where there is no such step, or nothing of it is left to take back."""
        step = self.steps.named(number)
        if step is None or number in self.steps.undone():
            raise UndoError("there is nothing of this step to take back.")
        stays: list[str] = []

        def work(catalogue: Catalogue, now: Now) -> Made:
            stays.clear()
            events = {event.uid: event for event in catalogue.events}
            for change in step.changes:
                _take_back(change, events, now, stays)
            return Made(
                catalogue=replace(catalogue, events=tuple(events.values())),
                decided=step.forgotten,
                forgotten=step.decided,
                undoes=number,
                about=step.about,
            )

        return self.change(person, "undone", work), tuple(stays)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the desk's lock: other desks of the same site wait."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _take_back(change: Changed, events: dict[str, Event], now: Now, stays: list[str]) -> None:
    here = events.get(change.uid)
    if change.before is None:
        if here is None:
            return
        left = gone(here, now=now.at, by=now.by, published=change.uid in now.published, what="undone")
        if left is None:
            del events[change.uid]
        else:
            events[change.uid] = left
    elif here is None:
        events[change.uid] = change.before
    else:
        after = change.after if change.after is not None else here
        events[change.uid], since = restored(here, change.before, after, now=now.at, by=now.by)
        stays += [f"{here.title}: {name}" for name in since]


def _signed(before: Catalogue, after: Catalogue, by: str) -> Catalogue:
    known = by_uid(before.events)
    events = tuple(
        event if known.get(event.uid) is event else signed(event, known.get(event.uid), by) for event in after.events
    )
    return replace(after, events=events)


def _changes(before: Catalogue, after: Catalogue) -> tuple[Changed, ...]:
    old, new = by_uid(before.events), by_uid(after.events)
    uids: Sequence[str] = [*old, *(uid for uid in new if uid not in old)]
    return tuple(
        Changed(uid=uid, before=old.get(uid), after=new.get(uid)) for uid in uids if old.get(uid) != new.get(uid)
    )


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
