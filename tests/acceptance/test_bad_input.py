"""Bad input gives one clear sentence and a status that is not 0, and changes no file."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTINGS = """
[site]
name = "Seminars"

[[sources]]
id = "seminars"
title = "Seminars"
path = "seminars.txt"
"""

DOCUMENT = """Seminars
Target audience
Librarians.

Calendar of events
- Opening seminar: 12 May 2014
- Webinars: July-September 2014
"""


def calfeed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "calfeed", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calendar with one imported programme and its feeds."""
    folder = tmp_path_factory.mktemp("seminars")
    (folder / "calfeed.toml").write_text(SETTINGS)
    (folder / "seminars.txt").write_text(DOCUMENT)
    for arguments in (("import", "--yes"), ("build",)):
        done = calfeed(folder, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def calendar(imported: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of that calendar, of which nothing may change."""
    for path in imported.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(imported)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    yield tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


def refused(folder: Path, *arguments: str, says: tuple[str, ...]) -> None:
    before = digests(folder)
    done = calfeed(folder, *arguments)
    assert done.returncode != 0
    assert digests(folder) == before
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    for words in says:
        assert words in lines[0]


@pytest.mark.parametrize("command", [("entries",), ("import", "--yes")])
def test_a_document_that_is_missing(calendar: Path, command: tuple[str, ...]) -> None:
    refused(calendar, *command, "nowhere.txt", says=("nowhere.txt",))


def test_a_folder_in_place_of_a_document(calendar: Path) -> None:
    refused(calendar, "entries", ".", says=("folder",))


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff" * 50, b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04" + bytes(60)])
def test_a_document_that_is_no_text(calendar: Path, content: bytes) -> None:
    (calendar / "odd.txt").write_bytes(content)
    refused(calendar, "import", "--yes", "odd.txt", says=("odd.txt",))


def test_a_document_without_any_event(calendar: Path) -> None:
    (calendar / "prose.txt").write_text("A report\n\nNothing is planned.\n")
    refused(calendar, "import", "--yes", "prose.txt", says=("prose.txt", "reads like an event"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[site]", "[site", ("calfeed.toml", "line 2")),
        ('name = "Seminars"', "name = 3", ("calfeed.toml", "site.name", "str")),
        ('name = "Seminars"', 'name = "Seminars"\ncolor = "red"', ("calfeed.toml", "site", "color")),
        ('path = "seminars.txt"', "", ("calfeed.toml", "path", "url")),
        ('name = "Seminars"', 'name = "S"\npublsher = "X"', ("calfeed.toml", "line 4", "site.publsher", "publisher")),
        ('name = "Seminars"', 'name = "S"\nhost = "a b"', ("calfeed.toml", "site.host", "a b")),
        ('path = "seminars.txt"', 'path = "s.txt"\n[dates]\nfiscal_year = "13-45"', ("line 9", "fiscal_year", "13-45")),
    ],
)
@pytest.mark.parametrize("command", ["check", "build", "import"])
def test_broken_settings(calendar: Path, old: str, new: str, says: tuple[str, ...], command: str) -> None:
    spoil(calendar / "calfeed.toml", old, new)
    refused(calendar, command, *(["--yes"] if command == "import" else []), says=says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[event]]", "[[event]", ("events.toml", "line")),
        ("schema = 1", "schema = 99", ("events.toml", "schema", "99")),
    ],
)
@pytest.mark.parametrize("command", ["check", "build", "import"])
def test_a_broken_catalogue(calendar: Path, old: str, new: str, says: tuple[str, ...], command: str) -> None:
    spoil(calendar / "data/events.toml", old, new)
    refused(calendar, command, *(["--yes"] if command == "import" else []), says=says)


def goes_on(folder: Path, spoiled: str, *arguments: str, says: tuple[str, ...]) -> None:
    """One event is named in a line and stays as it was written; subscribers keep all that they had."""
    before = (folder / "feeds/all.ics").read_bytes().count(b"BEGIN:VEVENT")
    done = calfeed(folder, *arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    for words in says:
        assert words in line
    assert spoiled in (folder / "data/events.toml").read_text()
    assert (folder / "feeds/all.ics").read_bytes().count(b"BEGIN:VEVENT") == before


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2014-05-12, end = 2014-05-12", "2014-05-12, end = 2014-05-02", ("events.toml", "line", "2014-05-02")),
        ('precision = "day"', 'precision = "fortnight"', ("events.toml", "line", "precision")),
        ("title =", "titel =", ("events.toml", "line", "titel")),
    ],
)
@pytest.mark.parametrize("command", ["check", "build", "import"])
def test_a_broken_event_stops_no_other(calendar: Path, old: str, new: str, says: tuple[str, ...], command: str) -> None:
    spoil(calendar / "data/events.toml", old, new)
    goes_on(calendar, new, command, *(["--yes"] if command == "import" else []), says=says)


@pytest.mark.parametrize("command", ["check", "build", "import"])
def test_two_events_with_one_uid(calendar: Path, command: str) -> None:
    path = calendar / "data/events.toml"
    uids = [line for line in path.read_text().splitlines() if line.startswith("uid =")]
    spoil(path, uids[1], uids[0])
    uid = uids[0].split('"')[1]
    goes_on(calendar, uids[0], command, *(["--yes"] if command == "import" else []), says=("events.toml", "line", uid))


def test_a_port_that_is_taken(calendar: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(calendar, "serve", "--port", str(port), says=(str(port),))
