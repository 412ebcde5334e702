"""The status page says what the refresh remembers, and needs nothing of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import sample
from tests.web import published

FAILED = {
    "refreshed": "2026-01-02T03:04:05Z",
    "sources": {
        "programme": {
            "state": "failed",
            "checked": "2026-01-02T03:04:05Z",
            "failing_since": "2026-01-01T00:00:00Z",
            "message": "the server answered 503 <b>.",
        }
    },
}


def page(folder: Path, path: str = "/status") -> str:
    settings = sample.settings(folder)
    answer = published.app(settings=settings).test_client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def remember(folder: Path, text: str) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "status.json").write_text(text, "utf-8")


def test_a_failed_source_is_told_with_since_when(tmp_path: Path) -> None:
    remember(tmp_path, json.dumps(FAILED))
    found = page(tmp_path)
    assert "the server answered 503 &lt;b&gt;." in found
    assert "Since 1 January 2026, 00:00 UTC; what was read before stays." in found
    assert "2 January 2026, 03:04 UTC" in found


def test_the_last_check_stands_on_every_page(tmp_path: Path) -> None:
    remember(tmp_path, json.dumps(FAILED))
    for path in ("/", "/events/ev-exact", "/subscribe"):
        assert "Source last checked: 2 January 2026, 03:04 UTC" in page(tmp_path, path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sources": 1}', '{"sources": {"programme": {"checked": 7}}}'])
def test_a_damaged_memory_breaks_no_page(tmp_path: Path, text: str) -> None:
    remember(tmp_path, text)
    assert "not known" in page(tmp_path)


def test_before_the_first_check_the_day_of_reading_is_told(tmp_path: Path) -> None:
    assert "Source last read: 1 February 2013, 09:00 UTC" in page(tmp_path, "/")
