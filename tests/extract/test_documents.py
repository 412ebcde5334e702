"""Invented programmes of several organisations, languages and layouts, each with what a reader finds in it.

Beside DOCUMENT.txt stands DOCUMENT.toml: its entries, with their lines and days. floors.toml says how many of them are
found: a change that loses one has to say why.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calfeed.documents import read_tree
from calfeed.extract import Survey, survey
from calfeed.model import Entry
from calfeed.settings import parse_settings

HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents"
PATHS = sorted(path for path in DOCUMENTS.iterdir() if path.suffix != ".toml")
SECTIONS = parse_settings("", source="defaults", folder=DOCUMENTS).sections
FLOORS: dict[str, int] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
REFERENCE = date(2014, 1, 1)


def expected(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))["entry"]
    return found


def found(path: Path) -> Survey:
    tree = read_tree(path.read_bytes(), source=path.name, name=path.name)
    return survey(tree, SECTIONS, reference=REFERENCE)


def days(entry: Entry) -> list[str]:
    periods = entry.found.readings[0].periods if entry.found and entry.found.readings else ()
    return sorted(f"{period.start or ''}..{period.end or ''}" for period in periods if period.start or period.end)


def is_one(entry: Entry, wanted: dict[str, Any]) -> bool:
    first, last = entry.where.lines or (0, 0)
    return days(entry) == sorted(wanted["days"]) and first <= wanted["lines"][1] and last >= wanted["lines"][0]


def right(path: Path) -> tuple[int, int]:
    """How many entries of the gold are found, and how many others are given."""
    entries = [entry for entry in found(path).entries if not entry.suggested]
    hits = 0
    for wanted in expected(path):
        entry = next((entry for entry in entries if is_one(entry, wanted)), None)
        if entry is not None:
            entries.remove(entry)
            hits += 1
    return hits, len(entries)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_what_was_found_in_a_document_is_still_found(path: Path) -> None:
    assert right(path)[0] >= FLOORS[path.stem]


def test_the_documents_as_a_whole() -> None:
    told = [(len(expected(path)), *right(path)) for path in PATHS]
    f1 = [2 * hits / (wanted + hits + extra) for wanted, hits, extra in told]
    assert sum(f1) / len(f1) >= 0.80


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_text_is_in_a_record_lends_a_date_or_is_left_with_a_reason(path: Path) -> None:
    survey = found(path)
    for part in survey.root.walk():
        if part.text.strip():
            assert part.outcome, part.text
    left = {id(one.part) for one in survey.left}
    for part in survey.root.walk():
        if part.text.strip() and part.outcome not in ("record", "scope"):
            assert id(part) in left


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_an_entry_points_to_where_its_date_words_stand(path: Path) -> None:
    lines = path.read_text("cp1252" if "cp1252" in path.stem else "utf-8", errors="replace").split("\n")
    for entry in found(path).entries:
        assert entry.where.lines
        for start, end in entry.spans:
            words = entry.text[start:end].split()
            first, last = entry.where.lines
            around = " ".join(lines[max(0, first - 2) : last + 1])
            assert all(word in around for word in words if word.isdigit()), entry.text
