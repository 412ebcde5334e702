"""The copy of the catalogue that a generation was made from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from calfeed import store
from calfeed.model import Catalogue
from tests import sample


def test_what_is_kept_is_found_under_its_generation(tmp_path: Path) -> None:
    store.keep(sample.catalogue(), "g1", tmp_path)
    assert store.kept("g1", tmp_path) == sample.catalogue()
    assert store.kept("g2", tmp_path) is None


def test_the_same_generation_is_kept_as_it_was_last(tmp_path: Path) -> None:
    fewer = replace(sample.catalogue(), events=sample.catalogue().events[:3])
    store.keep(sample.catalogue(), "g1", tmp_path)
    store.keep(fewer, "g1", tmp_path)
    assert store.kept("g1", tmp_path) == fewer


def test_two_copies_are_kept(tmp_path: Path) -> None:
    for age, generation in enumerate(("g1", "g2", "g3")):
        store.keep(Catalogue(), generation, tmp_path)
        os.utime(tmp_path / "catalogues" / f"{generation}.json", (age, age))
    assert [store.kept(generation, tmp_path) for generation in ("g1", "g2", "g3")] == [None, Catalogue(), Catalogue()]


@pytest.mark.parametrize("octets", [b"", b'{"schema": 1, "events"', b'{"events": [{"uid": 7}]}', b"\xff"])
def test_a_damaged_copy_is_as_none(tmp_path: Path, octets: bytes) -> None:
    store.keep(sample.catalogue(), "g1", tmp_path)
    (tmp_path / "catalogues" / "g1.json").write_bytes(octets)
    assert store.kept("g1", tmp_path) is None


def test_where_no_copy_can_be_written_none_is_kept(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    store.keep(sample.catalogue(), "g1", tmp_path / "state")
    assert store.kept("g1", tmp_path / "state") is None
