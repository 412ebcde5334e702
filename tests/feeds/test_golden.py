"""A few files as they stood when each line was last reviewed: a change of theirs is one for every subscriber."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.feeds.reading import generation

GOLDEN = sorted(path for path in (Path(__file__).parent / "golden").iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_a_file_has_the_bytes_that_were_reviewed(path: Path) -> None:
    assert generation().files[path.name] == path.read_bytes()
