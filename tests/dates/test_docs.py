"""The examples of docs/reading.md are read as it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from calfeed.dates import Context, interpret

from .phrase_table import days_of

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
ROWS = [
    (text, days)
    for text, days in re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    if text not in ("text", "---")
]


def test_the_page_has_examples() -> None:
    assert len(ROWS) == 23


@pytest.mark.parametrize(("text", "days"), ROWS)
def test_an_example_is_read_as_the_page_says(text: str, days: str) -> None:
    assert days_of(interpret(text, Context(reference=date(2013, 3, 13), lang="en"))) == days
