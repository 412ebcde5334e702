"""However calfeed.toml or data/events.toml is broken, `check` and `build` say it in a sentence, and `check` first."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any  # what TOML holds

import pytest
import tomlkit
from click.testing import CliRunner, Result

from calfeed.cli import main

DOCUMENT = """Seminars
Calendar of events
- Opening seminar: 12 May 2014
"""

SETTINGS: dict[str, Any] = {
    "site": {
        "name": "Seminars", "url": "https://calendar.example.org", "host": "calendar.example.org", "description": "All",
        "publisher": "Us", "contact": "us@example.org", "language": "en", "languages": ["en"], "frame_ancestors": ["*"],
        "colour": "#1d5b8f",
    },
    "paths": {"catalogue": "data/events.toml", "feeds": "feeds", "state": "var"},
    "sources": [
        {
            "id": "seminars", "title": "Seminars", "path": "seminars.txt", "link": "https://example.org", "language": "en",
            "published": date(2014, 1, 1), "prefer": ["each-year"],
        }
    ],
    "facets": [
        {
            "name": "team", "plural": "teams", "title": "Team", "titles": {"fr": "Équipe"}, "feeds": True, "none": "all-teams",
            "evidence": ["heading"], "everywhere": ["ALL"],
            "values": [{"id": "library", "name": "Library", "words": ["librar*"], "colour": "#1d5b8f"}],
        }
    ],
    "dates": {"hemisphere": "north", "fiscal_year": "07-01", "academic_year": "09-01", "day_first": True},
    "guard": {"removals": 3, "share": 0.2, "window": 7, "tombstone": 30},
    "schedule": {"every": 60, "jitter": 60},
    "places": [{"name": "Bern", "country": "CH"}],
}  # fmt: skip
CATALOGUE: dict[str, Any] = {
    "schema": 1,
    "edition": [
        {"source": "seminars", "digest": "0" * 64, "read": datetime(2014, 1, 1, tzinfo=UTC), "title": "Seminars"}
    ],
    "event": [
        {
            "uid": "one", "title": "Opening seminar", "reading": "single", "lang": "en", "note": "Bring a pen",
            "period": {"start": date(2014, 5, 12), "end": date(2014, 5, 12), "precision": "day", "times": "09:00/10:00"},
            "facets": {"team": ["library"], "topic": ["seminars"]}, "url": "https://example.org/opening",
            "place": "Bern", "country": "CH", "status": "tentative", "review": ["The room is not known."],
            "edited": ["title"], "removed": datetime(2014, 2, 1, tzinfo=UTC),
            "provenance": {
                "source": "seminars", "entry": "Opening seminar: 12 May 2014", "outline": ["Seminars"],
                "where": {"lines": [3, 3]}, "date_text": "12 May 2014", "part": 1, "parts": 1,
            },
            "revision": {
                "sequence": 0, "created": datetime(2014, 1, 1, tzinfo=UTC), "modified": datetime(2014, 1, 1, tzinfo=UTC),
            },
            "history": [{"at": datetime(2014, 1, 1, tzinfo=UTC), "sequence": 0, "what": "added", "edition": "seminars"}],
        }
    ],
}  # fmt: skip
# Values that belong into no field, or into few.
STRANGE: tuple[Any, ...] = (
    "", "x" * 300, "a\nb", "../../etc/passwd", "https://[::1", "english", "\u202eabc", -1, 10**15, float("nan"), True,
    [], [1], {}, {"a": 1}, [[]], date(9999, 12, 31), date(1, 1, 1), datetime(2014, 1, 1),
)  # fmt: skip


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every field below `node`, of lists the first item's."""
    below = node.items() if isinstance(node, dict) else enumerate(node[:1]) if isinstance(node, list) else ()
    for key, value in below:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoiled(tables: dict[str, Any], path: tuple[str | int, ...], value: Any) -> str:
    """The TOML of `tables` with `value` at `path`."""
    whole: dict[str, Any] = copy.deepcopy(tables)
    node: Any = whole
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return tomlkit.dumps(whole)


def cases(tables: dict[str, Any]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Each field with two strange values, so that each value comes to many fields."""
    strange = itertools.cycle(STRANGE)
    return [(path, next(strange)) for path in places(tables) for _ in range(2)]


def run(folder: Path, command: str) -> Result:
    return CliRunner().invoke(main, ["--settings", str(folder / "calfeed.toml"), command])


def told(result: Result) -> None:
    """A success, or a failure in a sentence: never a traceback."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        assert result.stderr.startswith("calfeed: "), result.output


@pytest.mark.parametrize(
    ("broken", "path", "value"),
    [
        *(("settings", *case) for case in cases(SETTINGS)),
        *(("catalogue", *case) for case in cases(CATALOGUE)),
    ],
    ids=lambda part: ".".join(map(str, part)) if isinstance(part, tuple) else repr(part)[:20],
)
def test_a_broken_file_is_told_in_a_sentence(
    broken: str, path: tuple[str | int, ...], value: Any, tmp_path: Path
) -> None:
    settings = spoiled(SETTINGS, path, value) if broken == "settings" else tomlkit.dumps(SETTINGS)
    catalogue = spoiled(CATALOGUE, path, value) if broken == "catalogue" else tomlkit.dumps(CATALOGUE)
    (tmp_path / "data").mkdir()
    (tmp_path / "seminars.txt").write_text(DOCUMENT, "utf-8")
    (tmp_path / "calfeed.toml").write_text(settings, "utf-8")
    (tmp_path / "data/events.toml").write_text(catalogue, "utf-8")
    checked, built = run(tmp_path, "check"), run(tmp_path, "build")
    told(checked)
    told(built)
    if checked.exit_code == 0:
        assert built.exit_code == 0, f"check found nothing, build says: {built.stderr}"


NAMED: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("event", 0, "revision", "created"), datetime(2014, 1, 1)),
    (("event", 0, "revision", "modified"), datetime(2014, 1, 1)),
    (("event", 0, "history", 0, "at"), datetime(2014, 1, 1)),
    (("event", 0, "removed"), datetime(2014, 1, 1)),
    (("edition", 0, "read"), datetime(2014, 1, 1)),
    (("event", 0, "period"), {"start": date(9999, 12, 31), "end": date(9999, 12, 31), "precision": "day"}),
    (("event", 0, "period"), {"start": date(9999, 12, 1), "precision": "month", "qualifier": "starting"}),
    (("event", 0, "period"), {"end": date(1, 1, 1), "precision": "year", "qualifier": "until"}),
    (("event", 0, "period"), {"start": date(1, 1, 1), "end": date(9999, 12, 31), "precision": "century"}),
    (("event", 0, "facets", "topic"), ["x" * 300]),
    (("event", 0, "facets", "topic"), ["x\ny"]),
    (("event", 0, "facets", "topic"), [""]),
    (("event", 0, "facets", "team"), ["unknown"]),
    (("event", 0, "uid"), "one\r\ntwo"),
)


@pytest.mark.parametrize(("path", "value"), NAMED)
def test_what_no_feed_can_hold_is_found_by_check(path: tuple[str | int, ...], value: Any, tmp_path: Path) -> None:
    test_a_broken_file_is_told_in_a_sentence("catalogue", path, value, tmp_path)
