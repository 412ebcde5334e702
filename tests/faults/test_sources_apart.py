"""One source never stops the others: whatever it does to its reader, it is named, and the rest is published on time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calfeed import store
from calfeed.fetch import fetch
from calfeed.refresh import refresh
from calfeed.settings import Settings, parse_settings

pytestmark = pytest.mark.apart

NOW = datetime(2014, 1, 10, 9, 0, tzinfo=UTC)
GOOD = "Seminars\n\nCalendar of events\n- Opening seminar: 12 May 2014\n- Workshop on paper: June 2014\n"

# A document of each kind that has stopped a reader of dates or lists, and what its source may come to.
HOSTILE = {
    "counting": "Calendar of events\n- Seminar " + " ".join(map(str, range(1, 32))) + "\n",
    "digits": "Calendar of events\n- Seminar " + " ".join(["1"] * 46) + " 2014\n",
    "one line": "Calendar of events\n- Seminar " + "12 May, " * 50_000 + "2014\n",
    "one word": "Calendar of events\n- " + "9" * 400_000 + "\n",
    "marks": "Calendar of events\n- Seminar, May 2014 " + "?" * 100_000 + "\n",
    "brackets": "Calendar of events\n- Seminar " + "(" * 100_000 + "May 2014" + ")" * 100_000 + "\n",
    "dashes": "Calendar of events\n- Seminar " + "1-" * 50_000 + "2014\n",
    "ranges": "Calendar of events\n- Seminar " + "May to June or " * 2_000 + "July 2014\n",
    "spaces": "Calendar of events\n- Seminar" + " " * 300_000 + "May 2014\n",
}


def settings(folder: Path) -> Settings:
    ids = ["bad", "good"]
    tables = "".join(f'[[sources]]\nid = "{name}"\ntitle = "{name}"\npath = "{name}.txt"\n' for name in ids)
    return parse_settings(f'[site]\nname = "Seminars"\n{tables}', source="calfeed.toml", folder=folder)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_delays_the_others_by_seconds_at_most(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.txt").write_text(text, "utf-8")
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    started = time.monotonic()
    status = refresh(settings(tmp_path), now=NOW)
    assert time.monotonic() - started < 20
    assert status.sources["good"].state == "read"
    assert b"Workshop on paper" in (tmp_path / "feeds" / "all.ics").read_bytes()
    assert status.sources["bad"].state == "read" or status.sources["bad"].message


def test_a_reader_that_dies_takes_only_its_own_source_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    (tmp_path / "bad.txt").write_text(GOOD, "utf-8")
    from calfeed import sources

    apart = sources.apart

    def crash(function: str, argument: bytes, *, source: str, **more: object) -> bytes:
        function = "tests.documents.apart:crash" if source == "bad.txt" else function
        return apart(function, argument, source=source)

    monkeypatch.setattr(sources, "apart", crash)
    status = refresh(settings(tmp_path), now=NOW, fetcher=lambda source, known: fetch(source, tmp_path))
    assert status.sources["bad"].state == "failed"
    assert "ended with signal 6 (SIGABRT)" in (status.sources["bad"].message or "")
    events = store.load(tmp_path / "data" / "events.toml").catalogue.events
    assert [event.title for event in events] == ["Opening seminar", "Workshop on paper"]
