"""A backup is a backup when it can be restored: both check themselves."""

from __future__ import annotations

import io
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from calfeed.backup import MANIFEST, BackupError, restore_backup, write_backup
from calfeed.cli import main
from calfeed.errors import CatalogueError
from calfeed.settings import load_settings

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)
SETTINGS = """
[site]
name = "Seminars"
[[sources]]
id = "seminars"
title = "Seminars"
path = "seminars.txt"
"""
DOCUMENT = "Seminars\n\nCalendar of events\n- Opening seminar: 12 May 2014\n- Webinars: July-September 2014\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "calfeed.toml").write_text(SETTINGS)
    (folder / "seminars.txt").write_text(DOCUMENT)
    for arguments in (("import", "--yes"), ("build", "--quiet")):
        done = CliRunner().invoke(main, ["--settings", str(folder / "calfeed.toml"), *arguments])
        assert done.exit_code == 0, done.output
    return folder


def backed_up(site: Path) -> Path:
    return write_backup(load_settings(site / "calfeed.toml"), site.parent / "backup", now=NOW)


def test_a_restored_site_builds_the_same_feeds(site: Path, tmp_path: Path) -> None:
    archive = backed_up(site)
    new = tmp_path / "new"
    names = restore_backup(archive, new)
    assert {"calfeed.toml", "data/events.toml", "seminars.txt"} <= set(names)
    assert not any(name.startswith("feeds/") for name in names)
    assert CliRunner().invoke(main, ["--settings", str(new / "calfeed.toml"), "build"]).exit_code == 0
    for feed in (site / "feeds").glob("*.ics"):
        assert (new / "feeds" / feed.name).read_bytes() == feed.read_bytes()


def test_the_archive_is_named_after_its_instant_and_the_same_site_gives_the_same_bytes(site: Path) -> None:
    archive = backed_up(site)
    assert archive.name == "calfeed-20270101T120000Z.tar.gz"
    before = archive.read_bytes()
    assert backed_up(site).read_bytes() == before


def test_a_site_that_is_there_is_not_replaced_unasked(site: Path) -> None:
    archive = backed_up(site)
    (site / "seminars.txt").write_text("newer")
    with pytest.raises(BackupError, match="there is a site in this folder already"):
        restore_backup(archive, site)
    assert (site / "seminars.txt").read_text() == "newer"
    restore_backup(archive, site, over=True)
    assert (site / "seminars.txt").read_text() == DOCUMENT


def test_a_broken_catalogue_is_not_backed_up(site: Path) -> None:
    (site / "data/events.toml").write_text("schema = ")
    with pytest.raises(CatalogueError):
        backed_up(site)


@pytest.mark.parametrize("damage", ["cut", "turned", "not an archive", "nothing"])
def test_a_damaged_archive_restores_nothing(site: Path, tmp_path: Path, damage: str) -> None:
    archive = backed_up(site)
    octets = bytearray(archive.read_bytes())
    if damage == "cut":
        archive.write_bytes(octets[: len(octets) // 2])
    elif damage == "turned":
        octets[len(octets) // 2] ^= 255
        archive.write_bytes(octets)
    elif damage == "not an archive":
        archive.write_bytes(b"hello")
    else:
        archive.unlink()
    with pytest.raises(BackupError):
        restore_backup(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "data/../../outside.txt"])
def test_an_archive_that_reaches_out_of_the_folder_is_refused(site: Path, tmp_path: Path, name: str) -> None:
    archive = backed_up(site)
    with tarfile.open(archive) as opened:
        files = {member.name: opened.extractfile(member).read() for member in opened.getmembers()}  # type: ignore[union-attr]
    files[name] = b"outside"
    files[MANIFEST] = files[MANIFEST].replace(b'"files": {', b'"files": {"%s": "0",' % name.encode())
    with tarfile.open(archive, "w:gz") as opened:
        for member, octets in files.items():
            told = tarfile.TarInfo(member)
            told.size = len(octets)
            opened.addfile(told, io.BytesIO(octets))
    with pytest.raises(BackupError, match="not what the manifest says"):
        restore_backup(archive, tmp_path / "new")


def test_the_commands_say_what_they_did(site: Path, tmp_path: Path) -> None:
    settings = str(site / "calfeed.toml")
    told = CliRunner().invoke(main, ["--settings", settings, "backup", str(tmp_path / "kept")])
    assert "read back and whole." in told.output
    (archive,) = (tmp_path / "kept").iterdir()
    shutil.rmtree(site)
    told = CliRunner().invoke(main, ["restore", str(archive), str(site)])
    assert told.exit_code == 0, told.output
    assert "files restored to" in told.output
