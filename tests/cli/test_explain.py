"""calfeed explain: one JSON object a line in, one a line out; and words for an editor."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from calfeed.cli import main


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments], input=stdin)


def answers(stdin: str | bytes, *arguments: str) -> list[dict[str, Any]]:
    result = run("--json", *arguments, "-", stdin=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_each_line_is_answered_in_order() -> None:
    lines = '{"id": 1, "text": "July-September 2013"}\n\n{"id": "b", "text": "June", "reference": "2014-01-05"}\n'
    first, second = answers(lines)
    assert (first["id"], first["text"]) == (1, "July-September 2013")
    assert first["readings"] == [
        {
            "rule": "range",
            "periods": [
                {
                    "start": "2013-07-01",
                    "end": "2013-09-30",
                    "precision": "month",
                    "qualifier": None,
                    "edtf": "2013-07/2013-09",
                }
            ],
            "inferred": [{"field": "year", "value": "2013", "origin": "sibling"}],
        }
    ]
    assert (first["review"], first["unread"]) == (False, [])
    assert second["id"] == "b"
    assert second["readings"][0]["periods"][0]["start"] == "2014-06-01"
    assert second["readings"][0]["inferred"] == [{"field": "year", "value": "2014", "origin": "reference"}]


def test_an_open_side_is_null() -> None:
    (told,) = answers('{"text": "from June 2013 onwards"}')
    assert told["id"] is None
    assert told["readings"][0]["periods"][0]["start"] == "2013-06-01"
    assert told["readings"][0]["periods"][0]["end"] is None
    assert told["readings"][0]["periods"][0]["qualifier"] == "starting"


def test_a_text_without_a_date_has_no_readings() -> None:
    told, again = answers('{"text": "ongoing"}\n{"text": "monthly"}')
    assert (told["readings"], told["ongoing"]) == ([], True)
    assert (again["readings"], again["recurrence"]) == ([], "FREQ=MONTHLY")


def test_a_bad_line_gives_an_error_and_the_next_is_answered() -> None:
    bad = [
        b"no json",
        b"[1, 2]",
        b'{"id": 3}',
        b'{"id": 4, "text": 5}',
        b'{"id": 5, "text": "June", "reference": "2013-02-30"}',
        b'{"id": 6, "text": "June", "reference": 7}',
        b'{"id": 7, "text": "June", "lang": 7}',
        b'{"id": 8, "text": "' + b"x" * 5000 + b'"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ]
    told = answers(b"\n".join([*bad, b'{"id": 9, "text": "June 2014"}']))
    assert [one["id"] for one in told] == [None, None, 3, 4, 5, 6, 7, 8, None, None, 9]
    assert all(one["error"] and one["readings"] == [] for one in told[:-1])
    assert "error" not in told[-1]
    assert told[-1]["readings"][0]["periods"][0]["edtf"] == "2014-06"


def test_what_utf_8_cannot_carry_is_escaped() -> None:
    (told,) = answers('{"text": "\\ud800 May 2014"}')
    assert told["text"] == "\ud800 May 2014"


def test_an_editor_is_told_the_rule_the_alternatives_and_why() -> None:
    result = run("Webinars: July-September 2013, 2014")
    assert result.exit_code == 0
    for words in (
        "read as list",
        "2013-07-01 to 2013-09-30",
        "or as each-year",
        "2014-07-01 to 2014-09-30",
        "year 2013 from its neighbour",
        "not read: Webinars",
        "for review:",
        "The months could hold in each of the years",
    ):
        assert words in result.output


def test_brackets_in_a_text_are_no_markup() -> None:
    result = run("June 2014 [red]x[/red] [/]")
    assert result.exit_code == 0
    assert "[red]x[/red]" in result.output


def test_a_text_that_is_too_long_is_one_sentence() -> None:
    result = run("x" * 5000)
    assert result.exit_code == 1
    assert "4,000" in result.output + (result.stderr or "")


def test_a_language_that_is_not_read_is_said_so() -> None:
    done = run("--lang", "klingon", "May 2014")
    assert done.exit_code == 2
    assert "en, fr, es, de, ar, ru, zh" in done.output
    assert run("--lang", "en-GB", "May 2014").exit_code == 0


def test_a_date_that_no_longer_holds_is_shown_as_such() -> None:
    assert "no longer holds" in run("12 June 2014 instead of 5 May 2014").output
