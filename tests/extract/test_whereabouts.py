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
LENT_BY_HEADINGS_THAT_THE_TEXT_SHOWS_TO_BE_PLACES = """\
    # Sat 3 May 2025

    ## Atherton

    10:30 - 11:30 Storytime for families

    ## Belmont

    14:00 - 16:00 Knitting circle

    # Sun 4 May 2025

    ## Gilroy

    10:30 - 11:00 Concert of the youth choir

    # Opening hours

    Atherton Library and Gilroy Library are open daily.
    """
NOT_LENT_BY_HEADINGS_OF_TOPICS = """\
    # Sat 3 May 2025

    ## Handicraft

    14:00 - 16:00 Knitting circle

    ## Music

    10:30 - 11:00 Concert of the youth choir
    """
LENT_BY_A_SENTENCE_BEFORE_THE_DAYS = """\
    # Working sessions

    ## Practical matters

    The same Zoom meeting will be used for all sessions.

    ## Mon, 3 March 2025

    - 15:00 - 16:30 Session of the group on fossils
    - 17:00 - 18:30 Session of the group on minerals
    """
WRITTEN_OUT_BY_A_KEY = """\
    # Fixtures

    | Code | Name |
    | --- | --- |
    | th | Town Hall |
    | sp | Sports Park |

    | Date | Match | Venue |
    | --- | --- | --- |
    | 3 March 2025 | Reds against Blues | sp |
    | 7 April 2025 | Greens against Blues | th |
    | 5 May 2025 | Reds against Greens | xx |
    """
NOT_LENT_FROM_ROW_TO_ROW = """\
    | Start | End | Event |
    | --- | --- | --- |
    | 3 March 2025 | 28 March 2025 | Exhibition at the Town Hall |
    | 7 March 2025 | 9 March 2025 | Enrolment of pupils |
    | 10 March 2025 | 11 March 2025 | Repeat examinations |
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
        (LENT_BY_HEADINGS_THAT_THE_TEXT_SHOWS_TO_BE_PLACES, ["Atherton", "Belmont", "Gilroy"]),
        (NOT_LENT_BY_HEADINGS_OF_TOPICS, [None, None]),
        (LENT_BY_A_SENTENCE_BEFORE_THE_DAYS, ["Zoom meeting", "Zoom meeting"]),
        (WRITTEN_OUT_BY_A_KEY, ["Sports Park", "Town Hall", "xx"]),
        (NOT_LENT_FROM_ROW_TO_ROW, ["Town Hall", None, None]),
        (COLUMNS, ["Nairobi", "Geneva", "Lima"]),
    ],
    ids=[
        "a sentence",
        "a heading",
        "an event of several days",
        "headings of places",
        "no headings of topics",
        "a sentence before the days",
        "a key",
        "no row of a table",
        "a column without a head",
    ],
)
def test_a_place_is_lent_by(text: str, places: list[str | None]) -> None:
    assert [entry.place for entry in entries(text)] == places


def test_of_two_columns_that_name_events_words_outdo_codes() -> None:
    assert [entry.title for entry in entries(COLUMNS)] == [
        "Seventh conference of the parties",
        "Second meeting of the working group",
        "Training workshop on labels",
    ]


def test_a_row_of_date_and_place_alone_is_called_by_its_heading() -> None:
    text = """\
    # Harbour board meeting schedule

    | Meeting date | Location |
    | --- | --- |
    | Friday, March 7, 2025<br>10:30 a.m. | Town Hall |
    | Friday, April 4, 2025<br>10:30 a.m. | Town Hall |
    """
    assert [entry.title for entry in entries(text)] == ["Harbour board meeting", "Harbour board meeting"]
