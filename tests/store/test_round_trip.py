"""The file keeps what people wrote in it, and holds every value whole."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from calfeed.errors import CatalogueError
from calfeed.model import Catalogue, Event, FormerFeed, Period, Precision, Provenance, Revision
from calfeed.store import Stored, parse, render
from tests import sample

EMPTY = Stored(source="events.toml", octets=None, catalogue=Catalogue())
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HAND = '''# Our calendar.
schema = 1

# The first of its kind,
# held twice.
[[event]]
title = "Open day"   # the title
uid = "a"
   period = {start=2013-07-01,   end = 2013-07-02, precision="day"}

note = """
A line that looks like a header:
[[event]]
uid = "not an event"
"""
[event.revision]  # its past
created = 2013-01-01T00:00:00Z
modified = 2013-01-01T00:00:00Z

# ---- second part ----

[[ event ]]
uid = 'b'
title = 'Literal \\n'
review = [
  "one",  # why
  "two",
]
revision.created = 2013-01-01T00:00:00Z
revision.modified = 2013-01-01T00:00:00Z
# the end
'''


def stored(text: str) -> Stored:
    return parse(text, source="events.toml")


def with_event(catalogue: Catalogue, uid: str, **fields: object) -> Catalogue:
    return replace(catalogue, events=tuple(replace(e, **fields) if e.uid == uid else e for e in catalogue.events))


def test_the_sample_is_written_and_read_back() -> None:
    text = render(EMPTY, sample.catalogue())
    assert stored(text).catalogue == sample.catalogue()
    assert render(stored(text), sample.catalogue()) == text


def test_a_file_written_by_hand_is_read_and_kept() -> None:
    read = stored(HAND)
    assert [event.uid for event in read.catalogue.events] == ["a", "b"]
    assert read.catalogue.events[0].note == 'A line that looks like a header:\n[[event]]\nuid = "not an event"\n'
    assert render(read, read.catalogue) == HAND


def test_a_changed_field_leaves_all_else_as_it_stood() -> None:
    read = stored(HAND)
    text = render(read, with_event(read.catalogue, "a", title="Open days"))
    assert text == HAND.replace('"Open day" ', '"Open days" ')


def test_an_added_field_leaves_all_else_as_it_stood() -> None:
    read = stored(HAND)
    changed = with_event(read.catalogue, "b", place="Geneva")
    lines = render(read, changed).splitlines()
    assert [line for line in lines if line not in HAND.splitlines()] == ['place = "Geneva"']
    assert [line for line in lines if line != 'place = "Geneva"'] == HAND.splitlines()


def test_comments_directly_above_an_event_go_with_it_and_others_stay() -> None:
    read = stored(HAND)
    without = replace(read.catalogue, events=read.catalogue.events[1:])
    text = render(read, without)
    assert "The first of its kind" not in text
    assert "# ---- second part ----" in text
    assert stored(text).catalogue == without


def test_events_can_change_their_order() -> None:
    read = stored(HAND)
    turned = replace(read.catalogue, events=read.catalogue.events[::-1])
    text = render(read, turned)
    assert stored(text).catalogue == turned
    assert "# The first of its kind,\n# held twice.\n[[event]]" in text
    assert render(stored(text), turned) == text


def test_line_ends_of_windows_are_kept() -> None:
    windows = render(EMPTY, sample.catalogue()).replace("\n", "\r\n")
    read = parse(windows, source="events.toml")
    assert render(read, read.catalogue) == windows
    text = render(read, with_event(read.catalogue, "ev-day", title="Other"))
    assert text == windows.replace('"Submission of reports"', '"Other"')


TEXT = st.text(max_size=60, alphabet=st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        '"""', "'''", "[[event]]", 'x\n[[event]]\nuid = "z"\n', "\\", '"', "# no comment", "a\r\nb", "\x00\x07\x1b\x7f",
        "\u2028\u2029\u202e\ufeff\x85", "\n# comment\n[[edition]]\n", "{ a = 1 }", "é会议اجتماع", "𝄞",
    ]
)  # fmt: skip


def revision() -> Revision:
    return Revision(created=NOW, modified=NOW)


EVENTS = st.builds(
    Event,
    uid=st.uuids().map(str),
    title=TEXT,
    period=st.none() | st.just(Period(start=date(2013, 7, 1), end=None, precision=Precision.MONTH)),
    facets=st.dictionaries(TEXT, st.lists(TEXT, max_size=3).map(tuple), max_size=2),
    place=st.none() | TEXT,
    note=st.none() | TEXT,
    review=st.lists(TEXT, max_size=3).map(tuple),
    provenance=st.none()
    | st.builds(Provenance, source=TEXT, entry=TEXT, outline=st.lists(TEXT, max_size=3).map(tuple)),
    revision=st.builds(revision),
)
CATALOGUES = st.lists(EVENTS, max_size=4, unique_by=lambda event: event.uid).map(
    lambda events: Catalogue(events=tuple(events))
)


@settings(max_examples=150)
@given(CATALOGUES)
def test_every_text_survives(catalogue: Catalogue) -> None:
    text = render(EMPTY, catalogue)
    assert stored(text).catalogue == catalogue
    assert render(stored(text), catalogue) == text


COMMENTS = st.sampled_from(["", "# why\n", "\n\n# spaced out\n\n", "   \n", "# [[event]]\n", '# """\n'])


@settings(max_examples=150)
@given(CATALOGUES, CATALOGUES, st.data())
def test_any_catalogue_can_be_written_over_any_commented_file(
    old: Catalogue, new: Catalogue, data: st.DataObject
) -> None:
    lines = render(EMPTY, old).splitlines(keepends=True)
    text = "".join(
        # Between the lines of a multi-line array a comment is as good as anywhere.
        (data.draw(COMMENTS) if line.endswith("\n") and not line.startswith("schema") else "") + line
        for line in lines
    )
    read = stored(text)
    assert read.catalogue == old
    assert render(read, old) == text
    kept = [event for event in old.events if data.draw(st.booleans())]
    touched = [replace(event, title=data.draw(TEXT), place=data.draw(st.none() | TEXT)) for event in kept]
    mixed = Catalogue(events=(*touched, *new.events))
    again = render(read, mixed)
    assert stored(again).catalogue == mixed
    assert render(stored(again), mixed) == again


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(['"""', "'''", "[[event]]\n", "\n", "x", "# c", "= ", 'a = "b"\n', "[", "]"]), max_size=12)
)
def test_the_cut_agrees_with_toml(pieces: list[str]) -> None:
    """Whatever stands in the file: what is read is what TOML says, or it is refused."""
    text = "schema = 1\n" + "".join(pieces)
    try:
        meant = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        meant = None
    try:
        read = stored(text)
    except CatalogueError:
        return
    assert meant is not None
    assert len(read.pieces) == len(meant.get("event", []))
    assert [piece.table for piece in read.pieces] == meant.get("event", [])


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_a_file_without_a_schema_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError, match="schema"):
        stored(text)


def test_former_names_of_feeds_are_kept_in_the_file() -> None:
    former = FormerFeed(slug="meetings", facet="topic", value="meetings", name="Meetings", now="talks", since=NOW)
    ended = replace(former, slug="old", now=None)
    catalogue = replace(sample.catalogue(), former=(former, ended))
    text = render(Stored(source="x", octets=None, catalogue=Catalogue()), catalogue)
    assert parse(text, source="x").catalogue == catalogue
    assert render(parse(text, source="x"), catalogue) == text
