"""calfeed entries: the JSON form that others rely on, the table, and what is said when nothing can be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from calfeed.cli import main

DOCUMENT = """Waste
Used Oils
Target audience
Basel focal points.

Calendar of events
- Workshop in Geneva, Switzerland: 5-9 May
  2014
- Webinars: July-September 2014, 2015
- Reading list
"""
SETTINGS = """
[site]
name = "Waste"

[[facets]]
name = "convention"
plural = "conventions"
title = "Convention"
evidence = ["heading", "audience"]
values = [{ id = "basel", name = "Basel Convention", words = ["Basel"] }]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "programme.txt").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["entries", *arguments])


def entries(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.output)
    return found


def test_an_entry_in_json(folder: Path) -> None:
    (folder / "calfeed.toml").write_text(SETTINGS)
    told = entries("programme.txt")[0]
    assert {name: value for name, value in told.items() if name not in ("confidence", "why")} == {
        "outline": ["Waste", "Used Oils", "Calendar of events"],
        "text": "Workshop in Geneva, Switzerland: 5-9 May 2014",
        "title": "Workshop in Geneva, Switzerland",
        "date_text": "5-9 May 2014",
        "conventions": ["basel"],
        "kinds": ["workshop"],
        "topics": ["waste", "used-oils"],
        "place": "Geneva, Switzerland",
        "country": "CH",
        "where": {"lines": [7, 8]},
        "readings": [
            {
                "rule": "range",
                "periods": [
                    {
                        "start": "2014-05-05",
                        "end": "2014-05-09",
                        "precision": "day",
                        "qualifier": None,
                        "edtf": "2014-05-05/2014-05-09",
                    }
                ],
                "inferred": [],
            }
        ],
        "review": False,
        "reasons": [],
        "damage": [],
        "status": "scheduled",
        "lang": "en",
        "suggested": False,
        "reader": "calfeed",
        "proposed": None,
    }  # fmt: skip


def test_the_other_reading_stands_behind_the_default(folder: Path) -> None:
    second = entries("programme.txt")[1]
    assert [reading["rule"] for reading in second["readings"]] == ["list", "each-year"]
    assert second["review"] is True
    assert second["reasons"] == ["The months could hold in each of the years, or in the first only."]


def test_no_settings_are_needed(folder: Path) -> None:
    third = entries("programme.txt")[2]
    assert (third["title"], third["readings"], third["review"]) == ("Reading list", [], False)
    assert "conventions" not in third


def test_what_an_outline_lacks_is_null(folder: Path) -> None:
    (folder / "short.txt").write_text("Calendar of events\n- Webinars: 2014\n")
    assert entries("short.txt")[0]["outline"] == [None, None, "Calendar of events"]


def test_the_day_of_reading_settles_a_missing_year(folder: Path) -> None:
    (folder / "short.txt").write_text("Calendar of events\n- Webinar: 5 May\n")
    (one,) = entries("short.txt", "--reference", "2012-01-01")
    assert one["readings"][0]["periods"][0]["start"] == "2012-05-05"


def test_the_language_can_be_told(folder: Path) -> None:
    (folder / "short.txt").write_text("Calendario\n- Reunión: 5 mayo 2014\n")
    (one,) = entries("short.txt", "--lang", "es")
    assert (one["lang"], one["readings"][0]["periods"][0]["start"]) == ("es", "2014-05-05")


def test_a_table_for_people(folder: Path) -> None:
    result = run("programme.txt")
    assert result.exit_code == 0
    assert "Waste > Used Oils" in result.output
    assert "lines 7-8" in result.output
    assert "for review" in result.output
    assert "3 entries, 4 events (1 without a date), 1 entries for review" in result.output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nowhere.txt", None, "nowhere.txt: there is no such file"),
        (".", None, "this is a folder"),
        ("odd.txt", b"a\0b", "NUL"),
    ],
)
def test_one_sentence_where_nothing_can_be_read(folder: Path, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    result = run(name)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_document_without_a_calendar_is_read_like_any_other(folder: Path) -> None:
    (folder / "prose.txt").write_text("News\n\n- Meeting: 5 May 2014\n- Bring a friend\n- Summer party: 3 June 2014\n")
    dated = [one["text"] for one in entries("prose.txt") if one["readings"]]
    assert dated == ["Meeting: 5 May 2014", "Summer party: 3 June 2014"]


def test_history_is_no_event(folder: Path) -> None:
    (folder / "prose.txt").write_text(
        "A report\n\nThe convention was adopted in October 2011 and entered into force.\n"
    )
    assert [one for one in entries("prose.txt") if not one["suggested"]] == []


def test_an_entry_says_how_sure_it_is_and_why(folder: Path) -> None:
    first = entries("programme.txt")[0]
    assert first["suggested"] is False
    assert 0.5 < first["confidence"] < 1
    assert "a heading over it names a calendar" in first["why"]


def test_the_document_is_shown_with_what_became_of_each_text(folder: Path) -> None:
    told = run("programme.txt", "--explain").output
    assert "accepted: item" in told
    page = run("programme.txt", "--html").output
    assert "<mark>5-9 May 2014</mark>" in page
    assert '<p class="accepted">' in page


def test_weights_that_are_none_are_refused(folder: Path) -> None:
    (folder / "weights.toml").write_text("bias = 1")
    result = run("programme.txt", "--weights", "weights.toml")
    assert result.exit_code == 1
    assert "these are no weights" in result.stderr
