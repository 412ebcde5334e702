"""A mistake in the file is named with line, column, field and what was expected."""

from __future__ import annotations

import pytest

from calfeed.errors import CatalogueError
from calfeed.store import parse

TEXT = """schema = 1

[[edition]]
source = "programme"
digest = "00"
read = 2013-01-01T00:00:00Z

[[event]]
uid = "a"
title = "One"
period = { start = 2013-07-01, end = 2013-07-02, precision = "day" }

[event.revision]
created = 2013-01-01T00:00:00Z
modified = 2013-01-01T00:00:00Z

[[event.history]]
at = 2013-01-01T00:00:00Z
sequence = 1
what = "edited"

[[event.history]]
at = 2013-01-02T00:00:00Z
sequence = 2
what = "edited"

[[event]]
uid = "b"
title = "Two"

[event.revision]
created = 2013-01-01T00:00:00Z
modified = 2013-01-01T00:00:00Z
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "field", "says"),
    [
        ('title = "One"', "title = 3", 10, 1, "event.title", "Expected `str`, got `int`"),
        ('title = "Two"', 'titel = "Two"', 29, 1, "event.titel", "unknown field `titel` (did you mean `title`?)"),
        ('title = "Two"', "", 27, 1, "event", "missing required field `title`"),
        ('title = "Two"', 'title = "Two"\ntitel = "x"', 30, 1, "event.titel", "unknown field `titel`"),
        ("end = 2013-07-02", "end = 2012-07-02", 11, 1, "event.period", "ends (2012-07-02) before it starts"),
        ("start = 2013-07-01", 'start = "x"', 11, 12, "event.period.start", "Invalid RFC3339"),
        ('precision = "day"', 'precision = "fortnight"', 11, 50, "event.period.precision", "day, week, month"),
        ("sequence = 2", 'sequence = "2"', 24, 1, "event.history.1.sequence", "Expected `int`, got `str`"),
        ('title = "Two"', 'title = "Two"\nurl = "javascript:x"', 30, 1, "event.url", "begins with http://, https://"),
        ('title = "Two"', 'title = "Two"\nurl = "nowhere"', 30, 1, "event.url", "begins with http://, https://"),
        ('precision = "day"', 'precision = "day", rrule = "FREQ=NOW"', 11, 69, "event.period.rrule", "FREQ=WEEKLY"),
        ('uid = "b"', 'uid = "b\\n"', 28, 1, "event.uid", "no spaces and no line ends"),
        ('uid = "b"', 'uid = "a"', 28, None, "uid", "the one of line 8"),
        ('digest = "00"', "digest = 0", 5, 1, "edition.digest", "Expected `str`"),
        ("[[event]]\nuid", "[[event]\nuid", 8, 8, None, "Expected ']]'"),
        ('title = "Two"', 'title = "Two', 29, 13, None, "Illegal character"),
        ("schema = 1", "schema = 2", 1, None, "schema", "newer than this calfeed reads (1)"),
        ("schema = 1", "schema = 0", 1, None, "schema", "older than this calfeed reads (1)"),
        ("schema = 1", 'schema = "1"', 1, None, "schema", "`schema = 1` is expected"),
        ("schema = 1", "", None, None, "schema", "is missing"),
        ("schema = 1", "schema = 1\nname = 2", 2, None, "name", "unknown field 'name'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(
    old: str, new: str, line: int | None, column: int | None, field: str | None, says: str
) -> None:
    assert old in TEXT
    with pytest.raises(CatalogueError) as caught:
        parse(TEXT.replace(old, new, 1), source="data/events.toml")
    spot = caught.value.spot
    assert spot is not None
    assert (spot.line, spot.column, spot.field) == (line, column, field)
    assert says in str(caught.value)
    assert str(caught.value).startswith("data/events.toml, ")


def test_a_table_of_an_event_below_an_edition_is_named() -> None:
    text = 'schema = 1\n[[event]]\ntitle = "a"\n[[edition]]\nsource = "s"\n[event.revision]\n'
    with pytest.raises(CatalogueError, match=r"line 6.*does not belong here"):
        parse(text, source="e.toml")


def test_a_cut_that_is_none_does_not_move_the_line() -> None:
    text = 'schema = 1\n[[event]]\nuid = "a"\ntitle = """\n[[event]]\n"""\nplace = 3\n'
    with pytest.raises(CatalogueError, match=r"line 7, column 1, field event.place"):
        parse(text, source="e.toml")
