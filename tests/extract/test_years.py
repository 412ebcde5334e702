"""Which year a day gets that names none (years.toml): a line's year is the document's, a sentence's mostly history."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calfeed.documents import read_tree
from calfeed.extract import extract
from calfeed.model import Precision
from calfeed.settings import parse_settings

HERE = Path(__file__).parent
SECTIONS = parse_settings("", source="defaults", folder=HERE).sections
CASES = tomllib.loads((HERE / "years.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_year_of_a_day_that_names_none(case: dict[str, Any]) -> None:
    tree = read_tree(case["text"].encode(), source="notice.txt", name="notice.txt")
    entries = extract(tree, SECTIONS, reference=date(2022, 10, 1))
    periods = [entry.found.readings[0].periods[0] for entry in entries if entry.found and entry.found.readings]
    assert [str(period.start) for period in periods if period.precision is Precision.DAY] == case["days"]
