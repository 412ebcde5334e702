"""Whatever a source does, subscribers keep the last good calendar, the status tells what is wrong, and in time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calfeed.fetch import Fetched, Validators, fetch
from calfeed.refresh import refresh
from calfeed.settings import Source, parse_settings
from tests.faults.misbehaving import BEHAVIOURS, misbehaving

NOW = datetime(2014, 1, 10, 9, 0, tzinfo=UTC)
SECONDS = 2.0


def fetch_soon(source: Source, known: Validators | None) -> Fetched:
    return fetch(source, Path(), known=known, seconds=SECONDS)


def test_there_are_enough_of_them() -> None:
    assert len(BEHAVIOURS) >= 64


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_last_good_calendar_stays_and_it_is_told(tmp_path: Path, name: str) -> None:
    with misbehaving() as (address, _):

        def told(path: str) -> str:
            url = f"{address}/{path}"
            source = f'id = "one"\ntitle = "One"\nprivate = true\nlink = "https://example.org/"\nurl = "{url}"\n'
            return f'[site]\nname = "S"\n[[sources]]\n{source}'

        good = parse_settings(told("good"), source="calfeed.toml", folder=tmp_path)
        assert refresh(good, now=NOW, fetcher=fetch_soon).sources["one"].state == "read"
        feed = (tmp_path / "feeds" / "all.ics").read_bytes()
        bad = parse_settings(told(name), source="calfeed.toml", folder=tmp_path)
        started = time.monotonic()
        status = refresh(bad, now=NOW + timedelta(hours=1), fetcher=fetch_soon).sources["one"]
        assert time.monotonic() - started < 10
        published = (tmp_path / "feeds" / "all.ics").read_bytes()
        if BEHAVIOURS[name].state == "failed":
            assert status.state in ("failed", "paused")
            assert status.message and len(status.message) < 600 and "Traceback" not in status.message
            assert "unexpectedly" not in status.message
            assert published == feed
        elif BEHAVIOURS[name].state == "read":
            assert status.state in ("fresh", "read")
            assert status.message is None
            assert published == feed
        assert refresh(good, now=NOW + timedelta(hours=2), fetcher=fetch_soon).sources["one"].state in ("fresh", "read")
