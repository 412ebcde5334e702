"""What a document says once of all of its events: places that it lends, columns that hold places or codes."""

from datetime import date
from textwrap import dedent

import pytest

from calfeed.documents import read_tree
from calfeed.extract import survey
from calfeed.model import Entry

LENT_BY_A_SENTENCE = """\
    # Talks 2025

    All talks are held at 7.30 pm in the Village Hall, Church Lane.

    - 3 March 2025: Bees and their keepers
    - 7 April 2025: The old railway (Town Library)
    - 5 May 2025: Rivers of the north
    """
LENT_BY_A_HEADING = """\
    # Readings 2025

    ## City Library

    - 3 March 2025: Bees and their keepers
    - 7 April 2025: The old railway

    ## Guildhall

    - 5 May 2025: Rivers of the north
    """
LENT_BY_AN_EVENT = """\
    # Spring school

    Spring school on logic, 3-5 March 2025, Lausanne, Switzerland

    - 3 March 2025: Opening lecture
    - 4 March 2025: Seminar on proofs
    - 9 June 2025: Summer meeting of members
    """
COLUMNS = """\
    | Start | End | Short name | Title | |
    | --- | --- | --- | --- | --- |
    | 3 March 2025 | 5 March 2025 | COP-7 | Seventh conference of the parties | Nairobi |
    | 7 April 2025 | 9 April 2025 | WG-2 | Second meeting of the working group | Geneva |
    | 5 May 2025 | 6 May 2025 | TWS-1 | Training workshop on labels | Lima |
    """


def entries(text: str) -> tuple[Entry, ...]:
    tree = read_tree(dedent(text).encode(), source="test", name="test.md")
    return survey(tree, {}, reference=date(2025, 1, 1)).entries


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (LENT_BY_A_SENTENCE, ["Village Hall, Church Lane", "Town Library", "Village Hall, Church Lane"]),
        (LENT_BY_A_HEADING, ["City Library", "City Library", "Guildhall"]),
        (LENT_BY_AN_EVENT, ["Lausanne, Switzerland", "Lausanne, Switzerland", "Lausanne, Switzerland", None]),
        (COLUMNS, ["Nairobi", "Geneva", "Lima"]),
    ],
    ids=["a sentence", "a heading", "an event of several days", "a column without a head"],
)
def test_a_place_is_lent_by(text: str, places: list[str | None]) -> None:
    assert [entry.place for entry in entries(text)] == places


def test_of_two_columns_that_name_events_words_outdo_codes() -> None:
    assert [entry.title for entry in entries(COLUMNS)] == [
        "Seventh conference of the parties",
        "Second meeting of the working group",
        "Training workshop on labels",
    ]
