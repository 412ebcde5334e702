"""Further places to publish to: folders for a web server, and object stores."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import msgspec
import obstore
import pytest
import zstandard
from click.testing import CliRunner
from obstore.store import MemoryStore, ObjectStore

from calfeed.cli import main
from calfeed.errors import PublishError, SettingsError
from calfeed.feeds import Generation, build
from calfeed.publish import load, publish
from calfeed.publish.object_store import Pointer, find, load_from_store, publish_to_store
from calfeed.publish.targets import SiteObject, publish_to_targets, read_targets
from calfeed.settings import Settings, Target, parse_settings
from tests.sample import SETTINGS_TEXT, catalogue

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def generation(**files: bytes) -> Generation:
    return Generation.of({"index.json": b"{}" + files.get("basel", b""), **{f"{n}.ics": o for n, o in files.items()}})


ONE, TWO, THREE = (generation(basel=name * 40, same=b"same") for name in (b"one", b"two", b"three"))


def paths(store: ObjectStore, below: str = "") -> list[str]:
    return sorted(str(meta["path"]) for batch in obstore.list(store, below) for meta in batch)


def read(store: ObjectStore, path: str) -> bytes:
    return bytes(obstore.get(store, path).bytes())


class Failing:
    """A put that fails when it is asked to write a path that contains `where`, or that first does something there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: str, do: Any = None) -> None:
        real = obstore.put

        def put(store: ObjectStore, path: str, *arguments: Any, **options: Any) -> Any:
            if where in path and not self.done:
                self.done = True
                if do is None:
                    raise obstore.exceptions.GenericError("the disk of the store is full\nsecond line")
                do()
            return real(store, path, *arguments, **options)

        self.done = False
        monkeypatch.setattr(obstore, "put", put)


def test_a_store_has_the_generation_under_its_id_and_under_stable_names() -> None:
    store = MemoryStore()
    assert publish_to_store(store, ONE, b"site", now=NOW)
    assert find(store).pointer == Pointer(ONE.id, find(store).pointer.site, None, ONE.id, 0)  # type: ignore[union-attr]
    for path, octets in ONE.files.items():
        assert read(store, f"feeds/{path}") == read(store, f"generations/{ONE.id}/{path}") == octets
    assert not publish_to_store(store, ONE, b"site", now=NOW)


def test_objects_say_what_they_are_and_how_long_they_may_be_kept() -> None:
    store = MemoryStore()
    publish_to_store(store, ONE, b"site", now=NOW)
    stable, kept, pointer = (
        obstore.get(store, path).attributes
        for path in ("feeds/basel.ics", f"generations/{ONE.id}/basel.ics", "current.json")
    )
    assert stable["Content-Type"] == "text/calendar; charset=utf-8"
    assert stable["Cache-Control"] == "public, max-age=900, stale-if-error=86400"
    assert stable["Content-Disposition"] == 'inline; filename="basel.ics"'
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert pointer["Cache-Control"] == "no-store"


def test_two_generations_are_kept_and_older_ones_leave() -> None:
    store = MemoryStore()
    later = datetime.now(UTC) + timedelta(hours=2)
    for one in (ONE, TWO, THREE):
        publish_to_store(store, one, b"site", now=later)
    kept = {path.split("/")[1] for path in paths(store, "generations")}
    assert kept == {TWO.id, THREE.id}


def test_a_generation_that_was_just_left_may_still_be_read() -> None:
    store = MemoryStore()
    for one in (ONE, TWO, THREE):
        publish_to_store(store, one, b"site", now=datetime.now(UTC))
    assert {path.split("/")[1] for path in paths(store, "generations")} == {ONE.id, TWO.id, THREE.id}


def test_unchanged_files_are_not_written_again_and_files_that_left_are_deleted() -> None:
    store = MemoryStore()
    publish_to_store(store, generation(basel=b"1", gone=b"2", same=b"3"), b"site", now=NOW)
    before = obstore.head(store, "feeds/same.ics")["e_tag"]
    publish_to_store(store, generation(basel=b"one", same=b"3"), b"site", now=NOW)
    assert obstore.head(store, "feeds/same.ics")["e_tag"] == before
    assert paths(store, "feeds") == ["feeds/basel.ics", "feeds/generation.json", "feeds/index.json", "feeds/same.ics"]


@pytest.mark.parametrize("where", ["generations/", "current.json"])
def test_a_store_that_fails_before_the_pointer_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    store = MemoryStore()
    publish_to_store(store, ONE, b"site", now=NOW)
    Failing(monkeypatch, where)
    with pytest.raises(PublishError, match=r"the disk of the store is full\."):
        publish_to_store(store, TWO, b"site", now=NOW)
    assert load_from_store(store)[1] == ONE
    assert read(store, "feeds/basel.ics") == ONE.files["basel.ics"]
    assert publish_to_store(store, TWO, b"site", now=NOW)
    assert load_from_store(store)[1] == TWO


@pytest.mark.parametrize("where", ["feeds/basel.ics", "feeds/same.ics", "feeds/index.json"])
def test_stable_names_that_were_left_half_written_are_written_by_the_next(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    store = MemoryStore()
    before = generation(basel=b"a", same=b"a")
    publish_to_store(store, before, b"site", now=NOW)
    Failing(monkeypatch, where)
    with pytest.raises(PublishError):
        publish_to_store(store, generation(basel=b"b", same=b"b"), b"site", now=NOW)
    # Back to the bytes that the failed publisher may have replaced: by digest they look unchanged.
    assert publish_to_store(store, before, b"site", now=NOW)
    assert {path: read(store, f"feeds/{path}") for path in before.files} == before.files


@pytest.mark.parametrize("where", ["generations/", "current.json", "feeds/basel.ics"])
def test_a_publisher_that_was_overtaken_changes_nothing(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    store = MemoryStore()
    publish_to_store(store, ONE, b"site", now=NOW, fence=1)

    def overtake() -> None:
        publish_to_store(store, THREE, b"site", now=NOW, fence=2)

    Failing(monkeypatch, where, overtake)
    with pytest.raises(PublishError, match="another publisher was there in between"):
        publish_to_store(store, TWO, b"site", now=NOW, fence=1)
    assert load_from_store(store)[1] == THREE
    assert {path: read(store, f"feeds/{path}") for path in THREE.files} == THREE.files


def test_a_lower_fencing_number_publishes_nothing_more() -> None:
    store = MemoryStore()
    publish_to_store(store, ONE, b"site", now=NOW, fence=7)
    with pytest.raises(PublishError, match="another publisher"):
        publish_to_store(store, TWO, b"site", now=NOW, fence=6)
    assert publish_to_store(store, TWO, b"site", now=NOW, fence=8)
    assert find(store).pointer.fence == 8  # type: ignore[union-attr]


def test_a_damaged_object_is_not_taken_for_the_generation() -> None:
    store = MemoryStore()
    publish_to_store(store, ONE, b"site", now=NOW)
    obstore.put(store, f"generations/{ONE.id}/basel.ics", b"by hand")
    with pytest.raises(PublishError, match=r"basel\.ics is not the file that generation\.json lists"):
        load_from_store(store)


def test_what_is_known_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    publish_to_store(store, TWO, b"site", now=NOW)
    asked: list[str] = []
    real = obstore.get
    monkeypatch.setattr(obstore, "get", lambda store, path: asked.append(path) or real(store, path))
    assert load_from_store(store, ONE)[1:] == (TWO, b"site")
    assert not any("same.ics" in path for path in asked)


# Settings with targets.


def site(folder: Path, targets: str) -> Settings:
    settings = parse_settings(SETTINGS_TEXT + targets, source="calfeed.toml", folder=folder)
    publish(build(catalogue(), settings), settings.feeds_path)
    return settings


FOLDERS = """
[[targets]]
name = "first"
url = "www/first"
[[targets]]
name = "cloud"
url = "s3://bucket/calendar"
[[targets]]
name = "last"
url = "www/last"
"""


def test_a_folder_has_each_file_in_each_coding_beside_it(tmp_path: Path) -> None:
    settings = site(tmp_path, '[[targets]]\nname = "www"\nurl = "www"\n')
    assert publish_to_targets(settings, catalogue(), now=NOW)["www"].message is None
    feed = (tmp_path / "www" / "basel.ics").read_bytes()
    assert feed == (settings.feeds_path / "basel.ics").read_bytes()
    assert gzip.decompress((tmp_path / "www" / "basel.ics.gz").read_bytes()) == feed
    assert brotli.decompress((tmp_path / "www" / "basel.ics.br").read_bytes()) == feed
    assert zstandard.decompress((tmp_path / "www" / "basel.ics.zst").read_bytes()) == feed
    assert load(tmp_path / "www").id == load(settings.feeds_path).id
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "www").iterdir()}
    publish_to_targets(settings, catalogue(), now=NOW)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "www").iterdir()} == before


def test_a_target_that_fails_is_told_and_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    settings, store = site(tmp_path, FOLDERS), MemoryStore()

    def away(target: Target) -> ObjectStore:
        raise PublishError("the store is away.")

    statuses = publish_to_targets(settings, catalogue(), now=NOW, opened=away)
    assert [statuses[name].message for name in ("first", "cloud", "last")] == [None, "the store is away.", None]
    assert (tmp_path / "www" / "last" / "basel.ics").exists()
    later = publish_to_targets(settings, catalogue(), now=NOW + timedelta(hours=1), opened=away)["cloud"]
    assert (later.failing_since, later.succeeded) == (NOW, None)
    back = publish_to_targets(settings, catalogue(), now=NOW + timedelta(hours=2), opened=lambda target: store)["cloud"]
    assert (back.message, back.generation) == (None, load(settings.feeds_path).id)
    assert read_targets(settings.state_path)["cloud"] == back
    assert find(store).pointer.id == back.generation  # type: ignore[union-attr]


def test_what_replicas_get_has_no_secret_and_no_place_of_this_machine(tmp_path: Path) -> None:
    secret = '[[sources]]\nid = "far"\ntitle = "Far"\nurl = "https://user:pass@host.example/doc?token=hush"\n'
    settings = site(tmp_path, secret + FOLDERS)
    store = MemoryStore()
    publish_to_targets(settings, catalogue(), now=NOW, opened=lambda target: store)
    octets = load_from_store(store)[2]
    assert not [word for word in (b"hush", b"pass", b"bucket", str(tmp_path).encode()) if word in octets]
    found = msgspec.json.decode(octets, type=SiteObject)
    assert found.catalogue == catalogue()
    assert found.settings.source("far").url == "https://host.example/doc"  # type: ignore[union-attr]


def test_the_command_publishes_to_all_targets_and_fails_where_one_does(tmp_path: Path) -> None:
    site(tmp_path, "")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "events.toml").write_text("schema = 1\n")
    taken = '[[targets]]\nname = "good"\nurl = "www"\n[[targets]]\nname = "bad"\nurl = "data"\n'
    (tmp_path / "calfeed.toml").write_text(SETTINGS_TEXT + taken)
    done = CliRunner().invoke(main, ["--settings", str(tmp_path / "calfeed.toml"), "publish"])
    assert done.exit_code == 1
    assert "good: generation" in done.output
    assert "bad: " in done.output and "which calfeed did not write" in done.output
    status = CliRunner().invoke(main, ["--settings", str(tmp_path / "calfeed.toml"), "status"])
    assert status.exit_code == 1 and "target bad: " in status.output


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ('name = "x"\nurl = "ftp://host/feeds"', "begins with s3://, az://, gs://"),
        ('name = "x"\nurl = "a"\n[[targets]]\nname = "x"\nurl = "b"', "the target 'x' stands twice"),
        ('name = "x"\nurl = "s3://b"\nsecret = "k"', "unknown field `secret`"),
    ],
)
def test_settings_of_targets_that_make_no_sense_are_told(tmp_path: Path, target: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace(".", r"\.")):
        parse_settings(f"[[targets]]\n{target}\n", source="calfeed.toml", folder=tmp_path)
