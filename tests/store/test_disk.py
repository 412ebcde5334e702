"""Reading from and writing to disk: whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from calfeed import store
from calfeed.errors import CatalogueError
from calfeed.model import Catalogue
from calfeed.store import disk
from calfeed.store.disk import sweep
from tests import sample

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "events.toml"
    assert store.save(store.load(path), sample.catalogue(), path)
    return path


def fewer() -> Catalogue:
    return replace(sample.catalogue(), events=sample.catalogue().events[:3])


def test_no_file_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert store.load(tmp_path / "events.toml").catalogue == Catalogue()


def test_what_was_saved_is_loaded(path: Path) -> None:
    assert store.load(path).catalogue == sample.catalogue()
    assert [each.name for each in path.parent.iterdir()] == ["events.toml"]


def test_the_same_catalogue_is_not_written_again(path: Path) -> None:
    before = path.stat()
    assert store.save(store.load(path), sample.catalogue(), path) is False
    assert path.stat() == before


def test_a_file_keeps_its_mode_and_its_link(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    store.save(store.load(link), fewer(), link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert store.load(path).catalogue == fewer()


def test_a_file_that_changed_in_the_meantime_is_not_overwritten(path: Path) -> None:
    stored = store.load(path)
    path.write_text(path.read_text() + "# an editor was here\n")
    with pytest.raises(CatalogueError, match="changed by somebody else"):
        store.save(stored, fewer(), path)
    assert path.read_text().endswith("# an editor was here\n")


def test_a_file_that_appeared_in_the_meantime_is_not_overwritten(path: Path) -> None:
    with pytest.raises(CatalogueError, match="changed by somebody else"):
        store.save(store.Stored(source="x", octets=None, catalogue=Catalogue()), fewer(), path)


def test_a_byte_order_mark_is_read_and_not_written_back(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    stored = store.load(path)
    assert stored.catalogue == sample.catalogue()
    store.save(stored, fewer(), path)
    assert path.read_bytes().startswith(b"# The events")


def test_what_is_no_utf_8_is_refused_with_its_line(path: Path) -> None:
    path.write_bytes(b"schema = 1\n# caf\xe9\n")
    with pytest.raises(CatalogueError, match=r"line 2.*UTF-8"):
        store.load(path)


def test_half_a_character_is_refused(path: Path) -> None:
    events = sample.catalogue().events
    broken = replace(sample.catalogue(), events=(replace(events[0], title="a\ud800b"), *events[1:]))
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="half a character"):
        store.save(store.load(path), broken, path)
    assert path.read_bytes() == before


def nth(call: Callable[..., object], number: int, error: int) -> Callable[..., object]:
    """The call, failing with `error` the `number`th time."""
    made = 0

    def failing(*arguments: object, **named: object) -> object:
        nonlocal made
        made += 1
        if made == number:
            raise OSError(error, os.strerror(error))
        return call(*arguments, **named)

    return failing


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EMFILE])
@pytest.mark.parametrize(
    ("name", "number"), [("open", 1), ("open", 2), ("write", 1), ("write", 2), ("fsync", 1), ("exchange", 1)]
)
def test_a_failing_call_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int, error: int
) -> None:
    before = path.read_bytes()
    stored = store.load(path)
    real_write = os.write
    monkeypatch.setattr(disk.os, "write", lambda handle, octets: real_write(handle, bytes(octets[:1000])))
    place = disk if name == "exchange" else disk.os
    monkeypatch.setattr(place, name, nth(getattr(place, name), number, error))
    with pytest.raises(CatalogueError, match=os.strerror(error)):
        store.save(stored, fewer(), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["events.toml"]


def test_a_folder_that_cannot_be_synced_is_an_error_with_a_whole_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store.load(path)
    monkeypatch.setattr(disk.os, "fsync", nth(os.fsync, 2, errno.EIO))
    with pytest.raises(CatalogueError):
        store.save(stored, fewer(), path)
    monkeypatch.undo()
    assert store.load(path).catalogue == fewer()


def test_the_file_is_synced_before_it_is_exchanged_and_the_folder_after(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, calls = store.load(path), []
    real_sync, real_exchange = os.fsync, disk.exchange

    def sync(handle: int) -> None:
        calls.append("sync folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "sync file")  # noqa: PTH112
        real_sync(handle)

    def exchange(old: Path, new: Path) -> None:
        calls.append("exchange")
        real_exchange(old, new)

    monkeypatch.setattr(disk.os, "fsync", sync)
    monkeypatch.setattr(disk, "exchange", exchange)
    store.save(stored, fewer(), path)
    assert calls == ["sync file", "exchange", "sync folder"]


def test_an_event_by_hand_needs_neither_uid_nor_revision(path: Path) -> None:
    period = 'period = { start = 2014-05-01, end = 2014-05-01, precision = "day" }'
    hand = f'\n# Ours.\n[[event]]\ntitle = "Open day"\n{period}\n'
    path.write_text(path.read_text() + hand)
    stored = store.load(path)
    assert stored.catalogue == sample.catalogue()
    assert len(stored.unfinished) == 1
    complete = store.complete(stored, now=NOW, new_uid=lambda: "made")
    event = complete.catalogue.events[-1]
    assert (event.uid, event.title, event.revision.created) == ("made", "Open day", NOW)
    assert store.save(complete, complete.catalogue, path)
    text = path.read_text()
    assert '# Ours.\n[[event]]\nuid = "made"\ntitle = "Open day"\n' in text
    assert store.load(path).unfinished == ()
    assert store.complete(store.load(path), now=NOW, new_uid=lambda: "never") == store.load(path)


def test_a_mistake_in_an_event_by_hand_is_named(path: Path) -> None:
    path.write_text(path.read_text() + '\n[[event]]\ntitle = "Open day"\nplaice = "Geneva"\n')
    with pytest.raises(CatalogueError, match="plaice"):
        store.load(path)


def saved_by_renaming(path: Path, text: str) -> None:
    other = path.with_name("editor.swp")
    other.write_text(text, "utf-8")
    other.rename(path)


def saved_in_place(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("save", [saved_by_renaming, saved_in_place])
@pytest.mark.parametrize("saves", [1, 2, 3])
def test_an_editors_save_between_check_and_exchange_is_never_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, str], None], saves: int
) -> None:
    """The editor saves right before each of the first so many exchanges; the last save is what stays."""
    stored, written = store.load(path), []
    real = disk.exchange

    def exchange(one: Path, other: Path) -> None:
        if len(written) < saves:
            written.append(f"{stored.octets.decode() if stored.octets else ''}# save {len(written)}\n")
            save(path, written[-1])
        real(one, other)

    monkeypatch.setattr(disk, "exchange", exchange)
    with pytest.raises(CatalogueError, match="changed by somebody else"):
        store.save(stored, fewer(), path)
    assert path.read_text("utf-8") == written[-1]
    assert [each.name for each in path.parent.iterdir()] == ["events.toml"]


def test_a_first_save_by_an_editor_is_not_overwritten_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "events.toml", disk._renameat2

    def renameat2(one: Path, other: Path, flags: int) -> None:
        path.write_text("schema = 1\n")
        real(one, other, flags)

    monkeypatch.setattr(disk, "_renameat2", renameat2)
    with pytest.raises(CatalogueError, match="changed by somebody else"):
        store.save(store.load(path), fewer(), path)
    assert path.read_text() == "schema = 1\n"


def test_of_two_hundred_saves_beside_an_import_none_is_lost(tmp_path: Path) -> None:
    """An import that writes without rest, and an editor who saves: each save is in the file until the next one."""
    path, stop = tmp_path / "events.toml", threading.Event()
    path.write_text("")

    def imports() -> None:
        while not stop.is_set():
            read = path.read_bytes()
            with suppress(CatalogueError):
                disk.replace_file(path, b"# import\n" + read[-200:], expected=read)

    other = threading.Thread(target=imports)
    other.start()
    lost = []
    try:
        for number in range(200):
            saved_by_renaming(path, f"# save {number}\n")
            # While a save goes back to its place, the import's own text stands there for a moment.
            if not any(path.read_text().endswith(f"# save {number}\n") or time.sleep(0.001) for _ in range(500)):
                lost.append(number)
    finally:
        stop.set()
        other.join()
    assert lost == []


def gone() -> int:
    """The number of a process that has ended."""
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(done.stdout)


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    catalogue = tmp_path / "events.toml"
    catalogue.write_text("schema = 1\n")
    left = tmp_path / f".status.json.{gone()}.new"
    ours = tmp_path / f".status.json.{os.getpid()}.new"
    for path in (left, ours, tmp_path / ".mine.new"):
        path.write_text("half")
    (told,) = sweep(tmp_path, precious=catalogue)
    assert left.name in told
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".mine.new", ours.name, "events.toml"])


def test_an_editors_save_that_a_kill_cut_short_is_kept_and_told(tmp_path: Path) -> None:
    catalogue = tmp_path / "events.toml"
    catalogue.write_text("schema = 1\n")
    number = gone()
    (tmp_path / f".events.toml.{number}.new").write_text("schema = 1\n# by hand\n")
    (told,) = sweep(tmp_path, precious=catalogue)
    assert f"events.toml.kept-{number}" in told
    assert (tmp_path / f"events.toml.kept-{number}").read_text() == "schema = 1\n# by hand\n"
    assert sweep(tmp_path, precious=catalogue) == ()


def test_a_copy_of_the_catalogue_itself_is_not_kept(tmp_path: Path) -> None:
    catalogue = tmp_path / "events.toml"
    catalogue.write_text("schema = 1\n")
    (tmp_path / f".events.toml.{gone()}.new").write_text("schema = 1\n")
    sweep(tmp_path, precious=catalogue)
    assert [path.name for path in tmp_path.iterdir()] == ["events.toml"]
