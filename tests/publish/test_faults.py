"""Each call of a publish fails in turn: the old generation stays, nothing is left over, one sentence says why."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calfeed.errors import PublishError
from calfeed.publish import folder as publishing
from calfeed.publish import load, publish
from tests.publish.test_publish import NEW, OLD, beside, content

# Where a publish touches the disk; each is counted, and the n-th call of it fails.
CALLS = ("mkdir", "open", "write", "fsync", "link", "exchange")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EMFILE, errno.EACCES)


class Fault:
    """Lets `after` calls pass, then fails every further one with the error `number`."""

    def __init__(self, call: Callable[..., Any], number: int, after: int) -> None:
        self.call, self.number, self.left, self.fired = call, number, after, False

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        if self.left == 0:
            self.fired = True
            raise OSError(self.number, os.strerror(self.number), str(args[0]) if args else None)
        self.left -= 1
        return self.call(*args, **keywords)


def plant(monkeypatch: pytest.MonkeyPatch, call: str, number: int, after: int) -> Fault:
    places = {
        "mkdir": (Path, "mkdir"),
        "open": (Path, "open"),
        "write": (publishing, "_write_files"),
        "fsync": (os, "fsync"),
        "link": (os, "link"),
        "exchange": (publishing, "exchange"),
    }
    owner, name = places[call]
    fault = Fault(getattr(owner, name), number, after)
    if owner is Path:
        monkeypatch.setattr(owner, name, lambda *args, **keywords: fault(*args, **keywords))
    else:
        monkeypatch.setattr(owner, name, fault)
    return fault


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
@pytest.mark.parametrize("call", CALLS)
def test_whatever_fails_the_old_generation_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    fired = 0
    for after in range(12):
        folder = tmp_path / str(after) / "feeds"
        publish(OLD, folder)
        failed: PublishError | None = None
        with monkeypatch.context() as patch:
            fault = plant(patch, call, number, after)
            try:
                publish(NEW, folder)
            except PublishError as error:
                failed = error
        fired += fault.fired
        assert content(folder) == dict(OLD.files if failed else NEW.files)
        if failed:
            assert os.strerror(number) in str(failed)
            assert "still in place" in str(failed)
            assert beside(folder) == ["feeds"]
        assert publish(NEW, folder) or load(folder).id == NEW.id
        assert content(folder) == dict(NEW.files)
    assert fired


def test_a_publish_without_room_leaves_no_folder_where_none_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, "write", errno.ENOSPC, 0)
    with pytest.raises(PublishError, match="No space left on device"):
        publish(OLD, tmp_path / "feeds")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_after_the_exchange_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "feeds"
    publish(OLD, folder)

    def no_keeping(old: Path, live: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_keep", no_keeping)
        assert publish(NEW, folder)
    assert content(folder) == dict(NEW.files)
    publishing.repair(folder)
    assert content(folder.with_name(".feeds.previous")) == dict(OLD.files)


def test_everything_is_synced_before_it_is_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "feeds"
    publish(OLD, folder)
    steps: list[str] = []
    sync, exchange = os.fsync, publishing.exchange

    def told_sync(handle: int) -> None:
        steps.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    def told_exchange(one: Path, other: Path) -> None:
        steps.append("exchange")
        exchange(one, other)

    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(publishing, "exchange", told_exchange)
    publish(NEW, folder)
    fresh = f".feeds.{NEW.id}.new"
    assert steps == ["all.ics", "generation.json", "more.ics", fresh, "exchange", tmp_path.name]
