"""The feeds that this repository publishes: each passes the linter, and the parsers read them alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from calfeed.lint import lint
from tests.peers.readers import READERS, with_icalendar

FEEDS = Path(__file__).resolve().parent.parent.parent / "feeds"
MAIN = ("all", "basel", "rotterdam", "stockholm", "all-exact", "all-starts", "all-rich")


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.ics")), ids=lambda path: path.name)
def test_a_published_feed_passes_the_linter(path: Path) -> None:
    assert [str(finding) for finding in lint(path.read_bytes())] == []


@pytest.mark.peer
@pytest.mark.parametrize("slug", [slug for slug in MAIN if (FEEDS / f"{slug}.ics").exists()])
def test_all_parsers_read_a_published_feed_alike(slug: str) -> None:
    feed = (FEEDS / f"{slug}.ics").read_bytes()
    expected = sorted(with_icalendar(feed))
    assert expected
    for reader, read in READERS.items():
        assert sorted(read(feed)) == expected, reader
