"""A refresh: sources read again, each by itself; one process at a time."""

from __future__ import annotations

import errno
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from calfeed import store
from calfeed.errors import CatalogueError, FetchError
from calfeed.fetch import Fetched, Validators
from calfeed.refresh import Lease, Scheduler, refresh
from calfeed.settings import Settings, Source, parse_settings
from calfeed.status import SourceStatus, Status, read_status, write_status

NOW = datetime(2014, 1, 10, 9, 0, tzinfo=UTC)
SETTINGS = """
[site]
name = "Seminars"

[[sources]]
id = "one"
title = "One"
path = "one.txt"

[[sources]]
id = "two"
title = "Two"
url = "https://example.org/two.txt"
"""


def document(*entries: str) -> bytes:
    return "\n".join(
        [
            "Seminars",
            "",
            "Basics",
            "Background",
            "Some words.",
            "",
            "Calendar of events",
            *(f"- {e}" for e in entries),
            "",
        ]
    ).encode()


FIRST = document("Opening seminar: 12 May 2014", "Webinars: July 2014", "Workshop on paper: June 2014")


class Sources:
    """A fetcher that answers from memory, or fails as told."""

    def __init__(self) -> None:
        self.content: dict[str, bytes | Exception] = {"one": FIRST, "two": document("Final session: June 2015")}
        self.asked: list[tuple[str, Validators | None]] = []

    def __call__(self, source: Source, known: Validators | None) -> Fetched:
        self.asked.append((source.id, known))
        content = self.content[source.id]
        if isinstance(content, Exception):
            raise content
        etag = str(hash(content))
        if known and known.etag == etag:
            return Fetched(content=None, name="x.txt", validators=known)
        return Fetched(content=content, name="x.txt", media_type="text/plain", validators=Validators(etag))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return parse_settings(SETTINGS, source="calfeed.toml", folder=tmp_path)


def titles(settings: Settings) -> list[str]:
    events = store.load(settings.catalogue_path).catalogue.events
    return [event.title for event in events if event.removed is None]


def states(status: Status) -> dict[str, str]:
    return {name: source.state for name, source in status.sources.items()}


def test_a_refresh_reads_builds_and_publishes(settings: Settings) -> None:
    status = refresh(settings, now=NOW, fetcher=Sources())
    assert states(status) == {"one": "read", "two": "read"}
    assert titles(settings) == ["Opening seminar", "Basics: webinars", "Workshop on paper", "Final session"]
    assert (settings.feeds_path / "all.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert read_status(settings.state_path) == status


def written(path: Path) -> tuple[int, int]:
    """Which file it is and when it was last written; that it was read since does not matter."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def test_a_second_refresh_changes_no_byte(settings: Settings) -> None:
    sources = Sources()
    refresh(settings, now=NOW, fetcher=sources)
    catalogue = settings.catalogue_path.read_bytes()
    feed = written(settings.feeds_path / "all.ics")
    status = refresh(settings, now=NOW + timedelta(hours=1), fetcher=sources)
    assert states(status) == {"one": "fresh", "two": "fresh"}
    assert settings.catalogue_path.read_bytes() == catalogue
    assert written(settings.feeds_path / "all.ics") == feed
    assert sources.asked[-1][1] is not None


@pytest.mark.parametrize(
    "broken",
    [
        FetchError("it answers with status 503."),
        RuntimeError("a bug"),
        b"",
        b"%PDF-1.7",
        b"<!doctype html>Log in",
        b"Prose.",
    ],
)
def test_a_source_that_fails_keeps_its_events_and_the_others_go_on(
    settings: Settings, broken: bytes | Exception
) -> None:
    sources = Sources()
    refresh(settings, now=NOW, fetcher=sources)
    sources.content = {"one": broken, "two": document("Final session: July 2015")}
    status = refresh(settings, now=NOW + timedelta(hours=1), fetcher=sources)
    assert states(status) == {"one": "failed", "two": "read"}
    one = status.sources["one"]
    assert (one.succeeded, one.failing_since) == (NOW, NOW + timedelta(hours=1))
    assert one.message
    assert titles(settings) == ["Opening seminar", "Basics: webinars", "Workshop on paper", "Final session"]
    later = refresh(settings, now=NOW + timedelta(hours=2), fetcher=sources)
    assert later.sources["one"].failing_since == NOW + timedelta(hours=1)


def test_a_held_source_is_read_again_and_its_validators_are_not_kept(settings: Settings) -> None:
    sources = Sources()
    entries = [
        f"{name} seminar: {day} May 2014"
        for day, name in enumerate(["Ada", "Berta", "Carl", "Dora", "Emil", "Fritz"], 1)
    ]
    sources.content["one"] = document(*entries)
    refresh(settings, now=NOW, fetcher=sources)
    sources.content["one"] = document(entries[0])
    for hour in (1, 2):
        status = refresh(settings, now=NOW + timedelta(hours=hour), fetcher=sources)
        assert states(status) == {"one": "held", "two": "fresh"}
        assert "calfeed approve one" in (status.sources["one"].message or "")
        assert len(titles(settings)) == 7


def older_file(settings: Settings, older: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.catalogue_path.write_bytes(older)


def full_disk(settings: Settings, older: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "replace_file", full)


def editors_collision(settings: Settings, older: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(*_: object, **__: object) -> None:
        raise CatalogueError("the file was changed by somebody else in the meantime.")

    monkeypatch.setattr(store, "replace_file", changed)


@pytest.mark.parametrize("mishap", [older_file, full_disk, editors_collision])
def test_a_304_never_hides_an_edition_that_the_catalogue_does_not_have(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, mishap: Callable[[Settings, bytes, pytest.MonkeyPatch], None]
) -> None:
    """The second edition comes with its ETag, and the catalogue is not written, or replaced by an older one."""
    sources = Sources()
    refresh(settings, now=NOW, fetcher=sources)
    older = settings.catalogue_path.read_bytes()
    sources.content["two"] = document("Final session: June 2015", "Encore: July 2015")
    with monkeypatch.context() as during:
        if mishap is not older_file:
            mishap(settings, older, during)
        refresh(settings, now=NOW + timedelta(hours=1), fetcher=sources)
    if mishap is older_file:
        mishap(settings, older, monkeypatch)
    refresh(settings, now=NOW + timedelta(hours=2), fetcher=sources)
    assert titles(settings)[-1] == "Encore"
    refresh(settings, now=NOW + timedelta(hours=3), fetcher=sources)
    assert sources.asked[-1][1] is not None


def test_a_broken_catalogue_stops_a_refresh_before_anything_is_done(settings: Settings) -> None:
    sources = Sources()
    refresh(settings, now=NOW, fetcher=sources)
    settings.catalogue_path.write_text("schema = 99\n")
    before = (settings.feeds_path / "all.ics").read_bytes()
    with pytest.raises(CatalogueError):
        refresh(settings, now=NOW, fetcher=sources)
    assert (settings.feeds_path / "all.ics").read_bytes() == before


def test_a_tombstone_leaves_although_its_source_is_unchanged(settings: Settings) -> None:
    sources = Sources()
    refresh(settings, now=NOW, fetcher=sources)
    sources.content["one"] = document("Opening seminar: 12 May 2014", "Webinars: July 2014")
    refresh(settings, now=NOW + timedelta(hours=1), fetcher=sources)
    assert len(store.load(settings.catalogue_path).catalogue.events) == 4
    refresh(settings, now=NOW + timedelta(days=31), fetcher=sources)
    assert len(store.load(settings.catalogue_path).catalogue.events) == 3


def test_a_damaged_status_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"refreshed": ')
    assert read_status(tmp_path) == Status()
    status = Status(refreshed=NOW, sources={"one": SourceStatus(state="fresh", checked=NOW)})
    write_status(status, tmp_path)
    assert read_status(tmp_path) == status
    assert json.loads((tmp_path / "status.json").read_text())["sources"]["one"]["state"] == "fresh"


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def test_the_lease_is_held_once_and_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from calfeed.refresh import Lease;"
        "lease = Lease(Path(sys.argv[1])); print(lease.take(), flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "True\n"
        lease = Lease(tmp_path)
        assert not lease.take()
        other.kill()
        other.wait()
        until(lease.take)
        lease.release()
    finally:
        other.kill()
        other.wait()
        other.stdout.close()


def _worker(settings: Settings, runs: Path, number: int) -> None:
    def run(_: Settings, *, now: datetime) -> Status:
        with runs.open("a") as opened:
            opened.write(f"{number}\n")
        write_status(Status(refreshed=now), settings.state_path)
        return Status(refreshed=now)

    Scheduler(settings, run=run, look=0.1).start()
    time.sleep(60)


def test_of_four_workers_one_refreshes_and_another_takes_over(settings: Settings, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_worker, args=(settings, runs, number), daemon=True) for number in range(4)]
    for worker in workers:
        worker.start()
    try:
        until(runs.exists)
        time.sleep(0.5)
        first = runs.read_text().split()
        assert len(first) == 1
        write_status(replace(read_status(settings.state_path), refreshed=NOW), settings.state_path)
        workers[int(first[0])].kill()
        workers[int(first[0])].join()
        until(lambda: len(runs.read_text().split()) == 2)
        assert runs.read_text().split()[1] != first[0]
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


def test_a_recent_refresh_is_not_repeated_at_a_start(settings: Settings) -> None:
    ran: list[datetime] = []
    now = datetime.now(UTC)
    write_status(Status(refreshed=now), settings.state_path)

    def run(_: Settings, *, now: datetime) -> Status:
        ran.append(now)
        return Status()

    scheduler = Scheduler(settings, run=run, look=0.05)
    scheduler.start()
    until(lambda: scheduler.scheduler.get_job("refresh") is not None)
    due = scheduler.scheduler.get_job("refresh").next_run_time
    scheduler.stop()
    assert ran == []
    assert timedelta(minutes=58) < due - now <= timedelta(minutes=61)
