"""One bad event of events.toml is named, keeps the version that was published, and the others go on (fault 22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from calfeed.cli import main
from calfeed.refresh import refresh
from calfeed.settings import Settings, load_settings

NOW = datetime(2014, 1, 10, 9, 0, tzinfo=UTC)
TOML = '[site]\nname = "Seminars"\n\n[[sources]]\nid = "one"\ntitle = "One"\npath = "one.txt"\n'
TEXT = """Seminars

Calendar of events
- Opening seminar: 12 May 2014
- Workshop on paper: June 2014
- Final session: July 2014
"""

# What an editor may do to the opening seminar, by what stands there and what is written instead.
MISTAKES = {
    "a day that is none": ("start = 2014-05-12", 'start = "12 May"'),
    "an end before its start": ("end = 2014-05-12", "end = 2013-05-12"),
    "a field that is none": ('title = "Opening seminar"', 'titel = "Opening seminar"'),
    "a title that is a number": ('title = "Opening seminar"', "title = 7"),
    "an instant without a zone": ("created = 2014-01-10T09:00:00Z", "created = 2014-01-10T09:00:00"),
    "a digest that is a number": ('content = "', 'content = 7 # "'),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "calfeed.toml").write_text(TOML, "utf-8")
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    found = load_settings(tmp_path / "calfeed.toml")
    refresh(found, now=NOW)
    return found


def feed(settings: Settings) -> str:
    return (settings.feeds_path / "all.ics").read_text("utf-8")


@pytest.mark.parametrize(("stands", "instead"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_bad_event_is_named_and_the_others_go_on(settings: Settings, stands: str, instead: str) -> None:
    text = settings.catalogue_path.read_text("utf-8")
    assert stands in text
    bad = text.replace(stands, instead, 1).replace('title = "Final session"', 'title = "Last session"')
    settings.catalogue_path.write_text(bad, "utf-8")
    status = refresh(settings, now=NOW + timedelta(hours=1))
    assert "events.toml, line " in (status.message or "")
    published = feed(settings)
    assert "SUMMARY:Opening seminar" in published
    assert "Last session" in published
    assert "STATUS:CANCELLED" not in published
    # The file holds what the editor wrote, still to be mended, and nothing twice.
    after = settings.catalogue_path.read_text("utf-8")
    assert instead in after
    assert after.count("[[event]]") == text.count("[[event]]")
    settings.catalogue_path.write_text(after.replace(instead, stands, 1), "utf-8")
    status = refresh(settings, now=NOW + timedelta(hours=2))
    assert status.message is None
    assert feed(settings).count("BEGIN:VEVENT") == 3


def test_a_bad_event_of_ones_own_that_is_new_stays_in_the_file(settings: Settings) -> None:
    with settings.catalogue_path.open("a") as opened:
        opened.write('\n[[event]]\ntitle = "Own"\n\n[event.period]\nstart = "soon"\nprecision = "day"\n')
    before = settings.catalogue_path.read_text("utf-8")
    status = refresh(settings, now=NOW + timedelta(hours=1))
    assert "line " in (status.message or "")
    assert settings.catalogue_path.read_text("utf-8") == before
    assert feed(settings).count("BEGIN:VEVENT") == 3


@pytest.mark.parametrize("command", [["check"], ["build"], ["import", "--yes"], ["status"]])
def test_each_command_names_it_and_fails(settings: Settings, command: list[str]) -> None:
    text = settings.catalogue_path.read_text("utf-8")
    settings.catalogue_path.write_text(text.replace("start = 2014-05-12", 'start = "12 May"'), "utf-8")
    done = CliRunner().invoke(main, ["--settings", f"{settings.folder}/calfeed.toml", *command])
    assert done.exit_code == 1
    assert "line " in done.output + str(done.exception)
