from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calfeed.cli import main
from tests.sample import SETTINGS_TEXT

EVENTS = """
schema = 1

[[event]]
uid = "ev-1"
title = "Workshop"
period = { start = 2013-07-01, end = 2013-09-30, precision = "month" }
facets = { convention = ["basel"] }
revision = { sequence = 0, created = 2013-02-01T09:00:00Z, modified = 2013-02-01T09:00:00Z }
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "calfeed.toml").write_text(SETTINGS_TEXT)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "events.toml").write_text(EVENTS)
    return tmp_path


def calfeed(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--settings", str(site / "calfeed.toml"), *arguments])


def stamps(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_build_publishes_and_a_second_time_touches_nothing(site: Path) -> None:
    first = calfeed(site, "build")
    assert first.exit_code == 0, first.output
    assert "published to feeds/" in first.output
    assert b"SUMMARY:[Jul-Sep 2013\\, approx.] Workshop\r\n" in (site / "feeds" / "basel.ics").read_bytes()
    before = stamps(site / "feeds")
    second = calfeed(site, "build")
    assert "unchanged in feeds/" in second.output
    assert stamps(site / "feeds") == before


def test_check_says_whether_the_folder_is_up_to_date_and_writes_nothing(site: Path) -> None:
    assert calfeed(site, "build", "--check").exit_code == 1
    assert not (site / "feeds").exists()
    calfeed(site, "build")
    assert calfeed(site, "build", "--check").exit_code == 0
    (site / "feeds" / "basel.ics").write_bytes(b"by hand")
    assert calfeed(site, "build", "--check").exit_code == 1
    assert (site / "feeds" / "basel.ics").read_bytes() == b"by hand"


def test_a_broken_catalogue_leaves_the_feeds_as_they_are(site: Path) -> None:
    calfeed(site, "build")
    before = stamps(site / "feeds")
    (site / "data" / "events.toml").write_text(EVENTS.replace("2013-09-30", "2012-09-30"))
    failed = calfeed(site, "build")
    assert failed.exit_code == 1
    assert "events.toml" in failed.output
    assert stamps(site / "feeds") == before


def test_publish_copies_the_built_feeds_to_another_folder(site: Path) -> None:
    calfeed(site, "build")
    done = calfeed(site, "publish", str(site / "www" / "feeds"))
    assert done.exit_code == 0, done.output
    copied = {name: octets for name, (_, octets) in stamps(site / "www" / "feeds").items()}
    assert copied == {name: octets for name, (_, octets) in stamps(site / "feeds").items()}


def test_publish_without_a_build_says_what_to_do(site: Path) -> None:
    failed = calfeed(site, "publish", str(site / "www"))
    assert failed.exit_code == 1
    assert "Run `calfeed build`." in failed.output
    assert not (site / "www").exists()
