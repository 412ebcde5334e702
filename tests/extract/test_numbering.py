"""The heading that follows on a numbered section's own ends the section."""

from __future__ import annotations

import pytest

from calfeed.extract.lines import Line
from calfeed.extract.numbering import next_number
from calfeed.model import Where


def line(text: str, marker: str = "") -> Line:
    return Line(text=text, marker=marker, where=Where(lines=(1, 1)))


@pytest.mark.parametrize(
    ("opener", "heading", "found"),
    [
        ("1.1.2 Meeting plan", "1.1.3 Notes", True),
        ("1.1.2 Meeting plan", "1.2 Editors", True),
        ("1.1.2 Meeting plan", "2 Working groups", True),
        ("1.1.2 Meeting plan", "1.1.4 Later", False),
        ("1.1.2 Meeting plan", "12 May 2014", False),
        ("2 Calendar", "3 Third seminar", False),
        ("Calendar", "2 Second seminar", False),
    ],
)
def test_the_number_that_follows_opens_the_next_section(opener: str, heading: str, *, found: bool) -> None:
    body = [line("Seminar: 3 June 2014", "-"), line(heading)]
    assert next_number(line(opener), body) == ((1, 2) if found else None)


def test_a_numbered_item_is_no_heading_among_numbered_items() -> None:
    body = [line("First seminar", "1."), line("Second seminar", "2.")]
    assert next_number(line("1.1 Calendar"), body) is None
