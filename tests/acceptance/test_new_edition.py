"""From a changed document to the bytes that subscribers see."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from calfeed.cli import differences, main
from calfeed.settings import load_settings
from calfeed.web import create_app
from tests.web.sites import ask

SETTINGS = """
[site]
name = "Seminars"

[[sources]]
id = "seminars"
title = "Seminars"
path = "seminars.txt"
"""
DOCUMENT = """Seminars

Basics
Target audience
Librarians.

Calendar of events
- Opening seminar: 12 May 2014
- Webinars: July-September 2014, 2015
- Laboratory visit
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "calfeed.toml").write_text(SETTINGS)
    return tmp_path


def feeds_of(folder: Path, document: str) -> dict[str, bytes]:
    """Every feed once the document was imported and built; not the indexes, which tell the editions."""
    (folder / "seminars.txt").write_text(document)
    for command in (["import", "--yes"], ["build", "--quiet"]):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
    files = {path.name: path.read_bytes() for path in (folder / "feeds").iterdir()}
    return {name: octets for name, octets in files.items() if name not in ("index.json", "generation.json")}


def test_lines_that_only_shift_change_no_byte(folder: Path) -> None:
    before = feeds_of(folder, DOCUMENT)
    assert (
        feeds_of(folder, DOCUMENT.replace("Librarians.", "Librarians,\narchivists,\nand whoever keeps books."))
        == before
    )
    assert "lines = [12, 12]" in (folder / "data" / "events.toml").read_text()


def test_only_the_feeds_of_a_changed_event_change(folder: Path) -> None:
    before = feeds_of(folder, DOCUMENT)
    shifted = DOCUMENT.replace("Librarians.", "Librarians,\nand archivists.")
    after = feeds_of(folder, shifted.replace("12 May 2014", "13 May 2014"))
    old, new = (feeds["all.ics"].decode().split("BEGIN:VEVENT") for feeds in (before, after))
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 1
    assert "SEQUENCE:0\r\n" in changed[0][0]
    assert "SEQUENCE:1\r\n" in changed[0][1]
    assert "DTSTART;VALUE=DATE:20140513\r\n" in changed[0][1]
    assert "line 9" in changed[0][1].replace("\r\n ", "")


def test_who_waits_for_a_date_is_told_when_it_comes(folder: Path) -> None:
    def told() -> tuple[list[str], list[str]]:
        site = create_app(load_settings(folder / "calfeed.toml"), check_seconds=None)
        feed = ask(site, "/feeds/custom.atom?flavour=undated").body.decode()
        return re.findall(r"<entry>.*?<title>(.*?)</title>", feed), re.findall(r"period: [^)]*", feed)

    before = feeds_of(folder, DOCUMENT)
    assert b"Laboratory visit" not in before["all.ics"]
    assert told() == (["Laboratory visit"], [])
    after = feeds_of(folder, DOCUMENT.replace("Laboratory visit", "Laboratory visit: 3 June 2014"))
    assert after["all.ics"].count(b"Laboratory visit") == 1
    assert told() == (["Laboratory visit"], ["period: - -&gt; 2014-06-03 (day"])


def test_an_unchanged_event_cites_the_edition_that_it_was_read_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edition(day: str, document: str) -> list[str]:
        monkeypatch.setattr(differences, "utc_now", lambda: datetime.fromisoformat(f"{day}T09:00:00+00:00"))
        (folder / "calfeed.toml").write_text(f"{SETTINGS}published = {day}\n")
        feed = feeds_of(folder, document)["all.ics"].decode().replace("\r\n ", "")
        return [line.partition("edition of ")[2][:12] for line in feed.splitlines() if line.startswith("DESCRIPTION")]

    first = edition("2014-01-15", DOCUMENT)
    second = edition("2014-02-15", DOCUMENT.replace("12 May", "13 May"))
    third = edition("2014-03-15", DOCUMENT.replace("12 May", "13 May") + "- Farewell: 1 July 2015\n")
    assert first == ["15 January 2"] * 3
    assert sorted(second) == ["15 February ", "15 January 2", "15 January 2"]
    assert sorted(third) == ["15 February ", "15 January 2", "15 January 2", "15 March 201"]


def test_without_a_day_of_publication_the_day_of_reading_is_told_as_such(folder: Path) -> None:
    feed = feeds_of(folder, DOCUMENT)["all.ics"].replace(b"\r\n ", b"")
    assert feed.count(b"as read on ") == 3
    assert b"edition of" not in feed
