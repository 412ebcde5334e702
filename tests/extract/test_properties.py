"""What holds for any text: extraction never fails, and no text is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from calfeed.documents import read_tree
from calfeed.errors import DocumentError
from calfeed.extract import survey
from calfeed.settings import parse_settings

SECTIONS = parse_settings("", source="defaults", folder=Path()).sections
READ = date(2014, 1, 1)
PIECES = [
    "Calendar of events", "Background", "Target audience: all", "Waste", "CROSS CUTTING", "1.1 Oils", "# Title", "", "",
    "", "- Webinars: 2014", "  - Africa: May 2014", " Workshops and", "training: 2013, 2014,", "2015", "a) first",
    "Green", "workshops:", "www.example.org", "12-14 May 2014: Opening", "2014", "Tel. 123", "Mon 5", "12 May 2014",
    "May",
    "The meeting will be held on 5 May 2014 in Oslo, and was agreed in 2011.", "Date: 3 May", "Venue: Oslo", "TBC",
    "Date\tEvent\tPlace", "May 2014\tMeeting\tOslo", "| A | B |", "|---|---|", "\f", "Page 2", "• •", "- ", "=====",
]  # fmt: skip


@given(st.text(max_size=400))
@example("Calendar\n\0")
@settings(max_examples=60)
def test_any_text_gives_entries_or_one_clear_error(text: str) -> None:
    try:
        survey(read_tree(text.encode("utf-8", "surrogatepass"), source="test"), SECTIONS, reference=READ)
    except DocumentError as error:
        assert str(error).startswith("test")


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["a.txt", "a.md"]))
@settings(max_examples=80)
def test_every_text_has_an_outcome_and_every_entry_a_place(pieces: list[str], name: str) -> None:
    text = "\n".join(["Calendar of events", *pieces])
    found = survey(read_tree(text.encode(), source="test", name=name), SECTIONS, reference=READ)
    for part in found.root.walk():
        assert part.outcome or not part.text.strip(), part.text
    for entry in found.entries:
        assert entry.text.strip()
        assert entry.where.lines
        assert all(0 <= start < end <= len(entry.text) for start, end in entry.spans)
        assert entry.why
