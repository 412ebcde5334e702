"""What holds for any text: extraction never fails, and no line of a calendar is lost."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from calfeed.documents import read
from calfeed.errors import DocumentError
from calfeed.extract import survey
from calfeed.settings import parse_settings

SECTIONS = parse_settings("", source="defaults", folder=Path()).sections
PIECES = [
    "Calendar of events", "Background", "Target audience: all", "Waste", "CROSS CUTTING", "1.1 Oils", "# Title", "", "",
    "", "- Webinars: 2014", "  - Africa: May 2014", " Workshops and", "training: 2013, 2014,", "2015", "a) first",
    "Green", "workshops:", "www.example.org", "12-14 May 2014: Opening", "2014", "Tel. 123",
    "This is a sentence of some length.",
    "Date\tEvent\tPlace", "May 2014\tMeeting\tOslo", "| A | B |", "|---|---|", "\f", "Page 2", "• •", "- ", "=====",
]  # fmt: skip
WORD = re.compile(r"\w+")


@given(st.text(max_size=400))
@example("Calendar\n\0")
@settings(max_examples=150)
def test_any_text_gives_entries_or_one_clear_error(text: str) -> None:
    try:
        survey(read(text.encode("utf-8", "surrogatepass"), source="test"), SECTIONS)
    except DocumentError as error:
        assert str(error).startswith("test")


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.booleans())
@settings(max_examples=250)
def test_any_sequence_of_lines_can_be_read(pieces: list[str], anywhere: bool) -> None:
    text = "\n".join(["Calendar of events", *pieces])
    for entry in survey(read(text.encode(), source="test"), SECTIONS, anywhere=anywhere).entries:
        assert entry.text.strip()
        assert entry.where.lines


@given(
    st.lists(
        st.sampled_from([piece for piece in PIECES if not piece.startswith(("#", "=", "\f", "Page", "|", "This"))]),
        max_size=20,
    )
)
@settings(max_examples=250)
def test_every_line_of_a_calendar_is_in_an_entry_or_among_what_is_none(pieces: list[str]) -> None:
    names = ("Calendar of events", "Background", "Target audience: all", "Waste", "CROSS CUTTING", "1.1 Oils")
    lines = ["Seminars", "Calendar of events", *(piece for piece in pieces if piece not in names)]
    found = survey(read("\n".join(lines).encode(), source="test", lang="en"), SECTIONS)
    told = [place.where.lines for place in (*found.entries, *found.leftovers)]
    for number, line in enumerate(lines, start=1):
        if number > 2 and WORD.search(line):
            assert any(span and span[0] <= number <= span[1] for span in told), (number, line)


@given(
    st.lists(
        st.sampled_from(["Webinars: 2014", "Workshops for all", "Training: May 2013", "Meeting, Oslo"]),
        min_size=1,
        max_size=8,
    )
)
def test_one_marked_line_is_one_entry(texts: list[str]) -> None:
    calendar = "\n".join(f"- {text}" for text in texts)
    found = survey(read(f"Seminars\nCalendar of events\n{calendar}\n".encode(), source="test"), SECTIONS)
    assert [entry.text for entry in found.entries] == texts
