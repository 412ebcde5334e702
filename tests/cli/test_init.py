"""calfeed init: a folder that works at once, and nothing overwritten."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from calfeed.cli import main
from calfeed.cli.init_command import start
from calfeed.settings import load_settings


def run(folder: Path, *arguments: str) -> Result:
    (first, *rest) = arguments
    named = [str(folder / one) if one.endswith(".txt") else one for one in rest]
    return CliRunner().invoke(main, ["--settings", str(folder / "calfeed.toml"), first, *named])


def test_the_settings_load_and_the_example_is_read(tmp_path: Path) -> None:
    start(tmp_path / "new", 2031)
    assert load_settings(tmp_path / "new" / "calfeed.toml").sources == ()
    done = run(tmp_path / "new", "entries", "--json", "example.txt")
    assert done.exit_code == 0, done.output
    entries = json.loads(done.stdout)
    assert len(entries) == 8
    assert entries[0]["text"] == "Opening of the reading circle, Geneva, Switzerland: 12-14 May 2031"
    assert entries[0]["outline"][:2] == ["READING AND WRITING", "Reading Circles"]


def test_nothing_is_published_that_its_user_did_not_write(tmp_path: Path) -> None:
    start(tmp_path, 2031)
    assert run(tmp_path, "build").exit_code == 0
    (only,) = [path for path in (tmp_path / "feeds").glob("*.ics") if "-" not in path.stem]
    assert only.name == "all.ics"
    assert only.read_bytes().count(b"BEGIN:VEVENT") == 1
    assert b"No dates published yet" in only.read_bytes()


def test_two_files_are_written(tmp_path: Path) -> None:
    start(tmp_path, 2031)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calfeed.toml", "example.txt"]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "calfeed.toml").write_text("mine")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert result.exit_code == 1
    assert "is there already; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["calfeed.toml"]
    assert (tmp_path / "calfeed.toml").read_text() == "mine"


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = CliRunner().invoke(main, ["init", str(tmp_path / "taken")])
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_the_next_step_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new")])
    assert result.exit_code == 0
    assert f"cd {tmp_path / 'new'}" in result.output
