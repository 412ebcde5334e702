"""calfeed init: a folder that works at once, and nothing overwritten."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from calfeed.cli import main
from calfeed.cli.init_command import start
from calfeed.documents import read
from calfeed.extract import extract
from calfeed.settings import load_settings


def test_the_settings_load_and_the_example_is_read(tmp_path: Path) -> None:
    start(tmp_path / "new", 2031)
    settings = load_settings(tmp_path / "new" / "calfeed.toml")
    (source,) = settings.sources
    assert source.path is not None
    content = (tmp_path / "new" / source.path).read_bytes()
    entries = extract(read(content, source=source.id), settings.sections)
    assert len(entries) == 8
    assert entries[0].text == "Opening of the reading circle, Geneva, Switzerland: 12-14 May 2031"
    assert entries[0].outline == ("READING AND WRITING", "Reading Circles", "Calendar of events")


def test_nothing_is_imported_yet(tmp_path: Path) -> None:
    start(tmp_path, 2031)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "calfeed.toml",
        "data/sources/programme.txt",
    ]


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
