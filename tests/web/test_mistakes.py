"""Readers report mistakes: kept for the editors for 90 days, without who sent them, and not too many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calfeed.web.flood import Brake
from calfeed.web.mistakes import FOLDER, forget, mistakes, report
from calfeed.web.pages import routes
from tests import sample
from tests.web import published

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_brake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_mistakes", Brake(tries=5, seconds=120.0))


def test_a_report_lands_at_the_desk_without_who_sent_it(tmp_path: Path) -> None:
    settings = sample.settings(tmp_path)
    client = published.app(settings=settings).test_client()
    assert "Report a mistake" in client.get("/events/ev-exact").get_data(as_text=True)
    answer = client.post("/events/ev-exact/mistake", data={"text": "It is on the 13th.\n<b>Sure</b>"})
    assert answer.status_code == 200 and "Thank you" in answer.get_data(as_text=True)
    found = mistakes(settings.state_path / FOLDER, now=datetime.now(UTC))
    assert [(one.uid, one.text) for one in found] == [("ev-exact", "It is on the 13th.\n<b>Sure</b>")]
    assert b"127.0.0.1" not in (settings.state_path / FOLDER / "mistakes.json").read_bytes()


@pytest.mark.parametrize(("uid", "text", "code"), [("nothing", "x", 404), ("ev-exact", "  ", 400)])
def test_what_is_no_report_is_not_kept(tmp_path: Path, uid: str, text: str, code: int) -> None:
    settings = sample.settings(tmp_path)
    client = published.app(settings=settings).test_client()
    assert client.post(f"/events/{uid}/mistake", data={"text": text}).status_code == code
    assert not settings.state_path.exists()


def test_five_reports_at_once_are_enough(tmp_path: Path) -> None:
    client = published.app(settings=sample.settings(tmp_path)).test_client()
    codes = [client.post("/events/ev-exact/mistake", data={"text": f"{number}"}).status_code for number in range(7)]
    assert codes == [200] * 5 + [429] * 2


def test_a_report_is_forgotten_after_90_days_or_when_it_was_dealt_with(tmp_path: Path) -> None:
    report(tmp_path, "a", "old", now=NOW)
    report(tmp_path, "b", "new", now=NOW + timedelta(days=60))
    later = NOW + timedelta(days=91)
    (left,) = mistakes(tmp_path, now=later)
    assert left.text == "new"
    assert forget(tmp_path, left.name, now=later) and mistakes(tmp_path, now=later) == ()
    assert b"old" not in (tmp_path / "mistakes.json").read_bytes()


def test_a_wait_is_over_after_a_while() -> None:
    now = 0.0
    brake = Brake(tries=2, seconds=10.0, clock=lambda: now)
    assert [brake.wait("a"), brake.wait("a")] == [0.0, 0.0]
    assert brake.wait("a") == 10.0
    now = 10.0
    assert brake.wait("a") == 0.0 and brake.wait("b") == 0.0
