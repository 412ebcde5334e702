"""The log of all that was done at the desk, by whom, with what it was before: what undo and history are made of.

`var/desk/steps.jsonl`, a step a line, only ever added to. A line that was cut by a kill is as if it was never written.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

import msgspec

from calfeed.model import Event, Instant, Value
from calfeed.reconcile.decided import Decision

FILE = "steps.jsonl"


class Changed(Value, frozen=True, kw_only=True):
    """An event before and after a step: `before` is None where the step made it, `after` where it took it out."""

    uid: str
    before: Event | None = None
    after: Event | None = None


class Step(Value, frozen=True, kw_only=True):
    """What a person did at once. `number` counts from 1, `what` is the kind of step, `about` what it was done to, in
    words. `decided` and `forgotten` are the decisions that it added and took back. `undoes` is the number of the step
    that it took back."""

    number: int
    at: Instant
    by: str
    what: str
    about: str = ""
    changes: tuple[Changed, ...] = ()
    decided: tuple[Decision, ...] = ()
    forgotten: tuple[Decision, ...] = ()
    undoes: int | None = None


class Steps:
    """The log in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()
        self._read: list[Step] = []
        self._length = 0

    def all(self) -> list[Step]:
        """All steps, the oldest first. Lines that others have added since are read then."""
        with self._lock:
            self._catch_up()
            return list(self._read)

    def last_number(self) -> int:
        steps = self.all()
        return steps[-1].number if steps else 0

    def named(self, number: int) -> Step | None:
        return next((step for step in self.all() if step.number == number), None)

    def add(self, step: Step) -> None:
        """Add a step at the end. Raises OSError."""
        line = msgspec.json.encode(step) + b"\n"
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and not self._ends_a_line(size):
                line = b"\n" + line
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def undone(self) -> set[int]:
        """The numbers of the steps that were taken back, and not brought again."""
        undone: set[int] = set()
        for step in self.all():
            if step.undoes is not None:
                undone.add(step.undoes)
        # What undid a step and was itself undone counts for nothing.
        for step in reversed(self.all()):
            if step.undoes is not None and step.number in undone:
                undone.discard(step.undoes)
        return undone

    def _catch_up(self) -> None:
        try:
            with self._path.open("rb") as opened:
                if os.fstat(opened.fileno()).st_size < self._length:
                    self._read, self._length = [], 0
                opened.seek(self._length)
                new = opened.read()
        except FileNotFoundError:
            self._read, self._length = [], 0
            return
        whole = new.rpartition(b"\n")[0]
        for line in whole.split(b"\n"):
            if line:
                try:
                    self._read.append(msgspec.json.decode(line, type=Step))
                except msgspec.DecodeError:
                    continue
        self._length += len(whole) + 1 if whole else 0

    def _ends_a_line(self, size: int) -> bool:
        with self._path.open("rb") as opened:
            opened.seek(size - 1)
            return opened.read(1) == b"\n"
