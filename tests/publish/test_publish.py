from __future__ import annotations

import os
from pathlib import Path

import pytest

from calfeed.errors import PublishError
from calfeed.feeds import Generation
from calfeed.publish import folder as publishing
from calfeed.publish import is_published, load, publish, repair

OLD = Generation.of({"all.ics": b"old", "same.ics": b"same", "gone.ics": b"gone"})
NEW = Generation.of({"all.ics": b"new", "same.ics": b"same", "more.ics": b"more"})


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    assert publish(OLD, folder)
    return folder


def test_the_folder_holds_the_generation_and_nothing_else(feeds: Path) -> None:
    assert content(feeds) == dict(OLD.files)
    assert beside(feeds) == ["feeds"]


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "a" / "b" / "feeds")
    assert content(tmp_path / "a" / "b" / "feeds") == dict(OLD.files)


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    assert publish(OLD, tmp_path / "feeds")
    assert content(tmp_path / "feeds") == dict(OLD.files)


def test_the_previous_generation_is_kept(feeds: Path) -> None:
    assert publish(NEW, feeds)
    assert content(feeds) == dict(NEW.files)
    assert content(feeds.with_name(".feeds.previous")) == dict(OLD.files)
    assert publish(OLD, feeds)
    assert content(feeds.with_name(".feeds.previous")) == dict(NEW.files)
    assert beside(feeds) == [".feeds.previous", "feeds"]


def test_nothing_is_touched_where_nothing_changed(feeds: Path) -> None:
    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (feeds, *feeds.iterdir())}
    assert not publish(OLD, feeds)
    assert {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (feeds, *feeds.iterdir())} == before
    assert is_published(OLD, feeds)
    assert not is_published(NEW, feeds)


def test_an_unchanged_file_is_linked_not_written(feeds: Path) -> None:
    before = (feeds / "same.ics").stat()
    publish(NEW, feeds)
    after = (feeds / "same.ics").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_was_changed_by_hand_is_written_anew(feeds: Path) -> None:
    (feeds / "same.ics").write_bytes(b"hand")
    assert not is_published(OLD, feeds)
    assert publish(NEW, feeds)
    assert content(feeds) == dict(NEW.files)
    (feeds / "same.ics").write_bytes(b"hand")
    assert publish(NEW, feeds)
    assert content(feeds) == dict(NEW.files)


def test_a_reader_with_an_open_folder_reads_the_old_generation_to_its_end(feeds: Path) -> None:
    handle = os.open(feeds, os.O_RDONLY)
    publish(NEW, feeds)
    with open("gone.ics", "rb", opener=lambda name, flags: os.open(name, flags, dir_fd=handle)) as file:
        assert file.read() == b"gone"
    os.close(handle)


def test_a_generation_is_loaded_as_it_was_published(feeds: Path) -> None:
    loaded = load(feeds)
    assert (loaded.id, dict(loaded.files), dict(loaded.digests)) == (OLD.id, dict(OLD.files), dict(OLD.digests))


@pytest.mark.parametrize("damage", ["missing", "changed", "torn manifest", "no manifest"])
def test_a_damaged_generation_is_not_loaded_but_the_previous_one(feeds: Path, damage: str) -> None:
    publish(NEW, feeds)
    if damage == "missing":
        (feeds / "all.ics").unlink()
    elif damage == "changed":
        (feeds / "all.ics").write_bytes(b"mixed")
    elif damage == "torn manifest":
        (feeds / "generation.json").write_bytes(NEW.files["generation.json"][:50])
    else:
        (feeds / "generation.json").unlink()
    assert load(feeds).id == OLD.id


def test_repair_puts_the_previous_generation_in_place_of_a_damaged_one(feeds: Path) -> None:
    publish(NEW, feeds)
    (feeds / "all.ics").write_bytes(b"mixed")
    assert repair(feeds) == (
        "feeds/ was damaged: the previous generation took its place, .feeds.damaged is what was there.",
    )
    assert content(feeds) == dict(OLD.files)
    assert (feeds.with_name(".feeds.damaged") / "all.ics").read_bytes() == b"mixed"
    assert repair(feeds) == ()


def test_without_any_whole_generation_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="Run `calfeed build`"):
        load(tmp_path / "feeds")


@pytest.mark.parametrize("name", ["../evil.ics", "a/b.ics", ".hidden.ics", "evil.sh", "", "a\0.ics"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishError, match="is no name of a published file"):
        publish(Generation.of({name: b"x"}), tmp_path / "feeds")
    assert not (tmp_path / "feeds").exists()


@pytest.mark.parametrize("name", ["notes.txt", ".htaccess", "photos/"])
def test_a_folder_with_other_files_is_refused(feeds: Path, name: str) -> None:
    (feeds / name).mkdir() if name.endswith("/") else (feeds / name).touch()
    with pytest.raises(PublishError, match="which calfeed did not write"):
        publish(NEW, feeds)
    assert (feeds / "all.ics").read_bytes() == b"old"


def test_a_symbolic_link_keeps_pointing_to_the_feeds(feeds: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(feeds)
    publish(NEW, link)
    assert link.is_symlink()
    assert content(link) == dict(NEW.files)


def test_without_exchange_two_renames_do(feeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument", str(other))

    monkeypatch.setattr(publishing, "exchange", unsupported)
    publish(NEW, feeds)
    assert content(feeds) == dict(NEW.files)
    assert content(feeds.with_name(".feeds.previous")) == dict(OLD.files)
    publish(OLD, feeds)
    assert content(feeds) == dict(OLD.files)
    assert beside(feeds) == [".feeds.previous", "feeds"]


def test_killed_between_two_renames_the_new_generation_takes_the_place(feeds: Path) -> None:
    fresh = feeds.with_name(f".feeds.{NEW.id}.new")
    publish(NEW, fresh)
    feeds.rename(feeds.with_name(".feeds.previous"))
    assert load(feeds).id == OLD.id
    assert repair(feeds) == (f"feeds/ was missing: {fresh.name} took its place.",)
    assert content(feeds) == dict(NEW.files)


def test_killed_after_the_exchange_the_old_generation_becomes_the_previous(feeds: Path) -> None:
    publish(OLD, feeds.with_name(f".feeds.{NEW.id}.new"))
    publish(NEW, feeds.with_name("other"))
    feeds.rename(feeds.with_name("trash"))
    feeds.with_name("other").rename(feeds)
    repair(feeds)
    assert content(feeds) == dict(NEW.files)
    assert content(feeds.with_name(".feeds.previous")) == dict(OLD.files)


def test_an_unfinished_generation_is_removed(feeds: Path) -> None:
    left = feeds.with_name(f".feeds.{NEW.id}.new")
    left.mkdir()
    (left / "all.ics").write_bytes(b"ne")
    assert repair(feeds) == (f"{left.name} was left over.",)
    assert beside(feeds) == ["feeds"]
    assert content(feeds) == dict(OLD.files)
