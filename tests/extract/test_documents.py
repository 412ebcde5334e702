"""Invented programmes of several organisations, languages and layouts, each with what a reader finds in it.

Beside DOCUMENT.txt stands DOCUMENT.toml: the entries in order, and the lines of its calendars that are none.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from calfeed.documents import read
from calfeed.extract import Extraction, survey
from calfeed.settings import parse_settings

DOCUMENTS = Path(__file__).parent / "documents"
PATHS = sorted(path for path in DOCUMENTS.iterdir() if path.suffix != ".toml")
SECTIONS = parse_settings("", source="defaults", folder=DOCUMENTS).sections


def expected(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))


def found(path: Path) -> Extraction:
    return survey(read(path.read_bytes(), source=path.name, name=path.name), SECTIONS)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_entries_of_a_document(path: Path) -> None:
    entries = [(list(entry.outline), entry.text, list(entry.where.lines or ())) for entry in found(path).entries]
    wanted = [(entry["outline"], entry["text"], entry["lines"]) for entry in expected(path)["entry"]]
    assert entries == wanted


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_damage_and_headings_inside_a_calendar(path: Path) -> None:
    for entry, wanted in zip(found(path).entries, expected(path)["entry"], strict=True):
        assert list(entry.damage) == wanted.get("damage", [])
        within = wanted.get("within", [])
        assert list(entry.headings[len(entry.headings) - len(within) :]) == within


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_what_is_no_entry_is_known_too(path: Path) -> None:
    assert [f"{left.why}: {left.text}" for left in found(path).leftovers] == expected(path)["leftovers"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_language_of_a_document(path: Path) -> None:
    document = read(path.read_bytes(), source=path.name, name=path.name)
    assert (document.lang or "") == expected(path)["lang"]
