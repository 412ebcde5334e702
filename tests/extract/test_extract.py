"""Single facts about outlines and items, each in a few lines of text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from calfeed.documents import read
from calfeed.errors import NoCalendarError
from calfeed.extract import extract
from calfeed.model import Block, BlockKind, Document, Entry, Where
from calfeed.settings import parse_settings

SECTIONS = parse_settings("", source="defaults", folder=Path()).sections


def entries(text: str, lang: str = "en", *, anywhere: bool = False) -> tuple[Entry, ...]:
    return extract(read(text.encode(), source="test", lang=lang), SECTIONS, anywhere=anywhere)


def items(calendar: str, lang: str = "en") -> list[str]:
    """The texts of the entries of one calendar."""
    return [entry.text for entry in entries(f"Seminars\nBackground\nText.\n\nCalendar of events\n{calendar}\n", lang)]


@pytest.mark.parametrize("bullet", ["• ", "- ", "– ", "* ", "▪ ", "◦\t", "\uf0b7 ", "•", " ", "1. ", "(a) ", "iv) "])
def test_any_mark_starts_an_item(bullet: str) -> None:
    lines = [f"{bullet}Opening seminar on the works", "of the founder: May 2014", f"{bullet}Webinars: 2014, 2015"]
    assert items("\n".join(lines)) == ["Opening seminar on the works of the founder: May 2014", "Webinars: 2014, 2015"]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["- Training: September", "2013 and November 2013"], ["Training: September 2013 and November 2013"]),
        (["- Training: 2013, 2014,", "2015"], ["Training: 2013, 2014, 2015"]),
        (["- Training: 2013-", "2015"], ["Training: 2013-2015"]),
        (["- Training: July -", "September 2013"], ["Training: July - September 2013"]),
        (["- Training with the", "Red Cross: 2014"], ["Training with the Red Cross: 2014"]),
        (["- Training:", "2014"], ["Training: 2014"]),
        (["- Training (first part,", "London): 2014"], ["Training (first part, London): 2014"]),
        (["- Training: 2013", "Webinars: 2014"], ["Training: 2013", "Webinars: 2014"]),
        (["- Training: 2013", "on the new rules"], ["Training: 2013 on the new rules"]),
    ],
)
def test_where_an_item_goes_on(lines: list[str], wanted: list[str]) -> None:
    assert items("\n".join(lines)) == wanted


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["- Work-", "shop on soil: 2014"], "Workshop on soil: 2014"),
        (["- Self-help group, a self-", "help meeting: 2014"], "Self-help group, a self-help meeting: 2014"),
        (["- Pre-", "and post-natal care: 2014"], "Pre- and post-natal care: 2014"),
        (["- Anglo-", "American meeting: 2014"], "Anglo-American meeting: 2014"),
    ],
)
def test_a_divided_word_is_put_together(lines: list[str], wanted: str) -> None:
    assert items("\n".join(lines)) == [wanted]


def test_the_first_month_of_a_german_date_is_no_number_of_an_item() -> None:
    assert items("5. Mai 2014: Einführung\n6. Mai 2014: Übung", "de") == [
        "5. Mai 2014: Einführung",
        "6. Mai 2014: Übung",
    ]
    assert items("1. May Day meeting: 2014\n2. Webinars: 2015") == ["May Day meeting: 2014", "Webinars: 2015"]


def test_an_item_with_sub_items_gives_them_its_words() -> None:
    assert items("- Regional workshops\n  - Africa: May 2014\n  - Asia: June 2014\n- Webinars: 2014") == [
        "Regional workshops: Africa: May 2014",
        "Regional workshops: Asia: June 2014",
        "Webinars: 2014",
    ]


def test_a_dated_item_keeps_its_undated_details() -> None:
    assert items("- Global workshop: May 2014\n  - for chemists\n  - for lawyers") == [
        "Global workshop: May 2014: for chemists; for lawyers"
    ]


def test_a_dated_item_over_dated_ones_is_an_entry_too() -> None:
    assert items("- Global workshop: 5-9 May 2014\n  - preparatory meeting: 4 May 2014") == [
        "Global workshop: 5-9 May 2014",
        "preparatory meeting: 4 May 2014",
    ]


def test_scattered_words_are_collected_and_the_item_says_so() -> None:
    text = "Calendar of events\n- National\nwww.example.org\n\nOpen\n\nData\n\nworkshops:\n\n- Webinars: 2014\n"
    first, second = entries(f"Seminars\n{text}")
    assert first.text == "National Open Data workshops: www.example.org"
    assert first.where == Where(lines=(3, 10))
    assert first.damage == ("the text was put together from scattered lines (lines 3-10)",)
    assert second.text == "Webinars: 2014"
    assert second.damage == ()


def test_short_items_between_blank_lines_are_not_scattered_words() -> None:
    assert items("- Workshops\n\n- Webinars\n\n- Training") == ["Workshops", "Webinars", "Training"]


@pytest.mark.parametrize(
    "imprint",
    [
        "www.example.org",
        "For further information contact us at:\nx@example.org",
        "Tel. +41 22 123 45 67",
        "© Secretariat 2013",
        "Contact\nThe office, May Street 12",
        "This programme was adopted by the board in 2013. It is reviewed each year.",
    ],
)
def test_an_imprint_is_no_entry(imprint: str) -> None:
    assert items(f"- Workshops: 2013\n- Webinars\n\n{imprint}") == ["Workshops: 2013", "Webinars"]


HEADINGS = """
{theme}
{activity}
Background
Some text about it.

Calendar of events
- Webinars: 2014

Second activity
Background
More text.

Calendar of events
- Workshops: 2014
"""


@pytest.mark.parametrize(
    ("theme", "activity", "wanted"),
    [
        ("Waste", "Batteries", ("Waste", "Batteries")),
        ("WASTE", "Batteries", ("WASTE", "Batteries")),
        ("Waste\n", "Batteries", ("Waste", "Batteries")),
        (
            "Plans and Strategies:\nReview and Update",
            "Batteries",
            ("Plans and Strategies: Review and Update", "Batteries"),
        ),
        (
            "Plans for the\nNext Decade",
            "Used\nand New Batteries",
            ("Plans for the Next Decade", "Used and New Batteries"),
        ),
        ("1. Waste", "1.1 Batteries", ("Waste", "Batteries")),
        ("# Waste", "## Batteries", ("Waste", "Batteries")),
        ("Waste\n=====", "Batteries\n---------", ("Waste", "Batteries")),
        ("PART A: WASTE", "Batteries", ("PART A: WASTE", "Batteries")),
    ],
)
def test_the_headings_above_an_entry(theme: str, activity: str, wanted: tuple[str, str]) -> None:
    first = entries(HEADINGS.format(theme=theme, activity=activity))[0]
    assert first.outline == (*wanted, "Calendar of events")


def test_one_heading_alone_is_the_next_activity_of_the_theme() -> None:
    second = entries(HEADINGS.format(theme="Waste", activity="Batteries"))[1]
    assert second.outline == ("Waste", "Second activity", "Calendar of events")
    assert second.headings == ("Waste", "Second activity")


def test_headings_wrap_where_the_next_word_would_not_have_fit() -> None:
    text = (
        "Environmentally Sound Management of Priority\nHazardous and Other Wastes\nUsed Oils\nBackground\nText.\n\n"
        "Calendar of events\n- Webinars: 2014\n\nUpdating Plans Following the Inclusion of the\nNew Substances\n"
        "Background\nText.\n\nCalendar of events\n- Workshops: 2014\n"
    )
    first, second = entries(text)
    assert first.outline[:2] == ("Environmentally Sound Management of Priority Hazardous and Other Wastes", "Used Oils")
    assert second.outline[1] == "Updating Plans Following the Inclusion of the New Substances"


SHARED = """Waste
Batteries
Background
Lead.

Mercury
Background
Mercury.
{more}
Oils
Background
Oil.

Target audience
Everybody.

Calendar of events
- Webinars: 2014
"""


def test_activities_without_a_calendar_share_the_next_one() -> None:
    (entry,) = entries(SHARED.format(more=""))
    assert entry.outline == ("Waste", "Batteries; Mercury; Oils", "Calendar of events")
    assert entry.headings == ("Waste", "Batteries", "Mercury", "Oils")
    assert entry.sections == {"background": "Lead. Mercury. Oil.", "audience": "Everybody."}


def test_an_activity_with_an_audience_of_its_own_shares_nothing() -> None:
    (entry,) = entries(SHARED.format(more="\nTarget audience\nChemists.\n"))
    assert entry.outline == ("Waste", "Oils", "Calendar of events")


def test_dates_in_running_text_are_no_entries() -> None:
    text = "Waste\nBackground\nThe convention was adopted in October 2011.\n- It entered into force in 2013\n\n"
    assert [entry.text for entry in entries(f"{text}Calendar of events\n- Webinars: 2014\n")] == ["Webinars: 2014"]


def test_a_document_without_a_calendar_names_the_way_out() -> None:
    with pytest.raises(NoCalendarError, match="--anywhere"):
        entries("Waste\n\n- Webinars: 2014\n")


def test_a_document_without_a_calendar_names_the_headings_over_dates() -> None:
    with pytest.raises(NoCalendarError, match=r'dated items stand below "When we meet"'):
        entries("Waste\n\nWhen we meet\n- Webinars: 3 May 2014\n")


def test_anywhere_takes_dated_items_and_no_sentences() -> None:
    text = (
        "Waste\n\nThe law was passed in May 2011.\n\n- Webinars: 2014\n- Bring a friend\n\nAssembly: 3 May 2014, Bonn\n"
    )
    assert [entry.text for entry in entries(text, anywhere=True)] == ["Webinars: 2014", "Assembly: 3 May 2014, Bonn"]


def test_blocks_of_a_format_that_knows_its_blocks() -> None:
    def block(kind: BlockKind, text: str, page: int, level: int = 0) -> Block:
        return Block(kind=kind, text=text, level=level, where=Where(pages=(page, page)))

    document = Document(
        source="test",
        media_type="application/pdf",
        lang="en",
        blocks=(
            block(BlockKind.HEADING, "Waste", 1, 1),
            block(BlockKind.HEADING, "Batteries", 1, 2),
            block(BlockKind.HEADING, "Calendar of events", 1, 3),
            block(BlockKind.ITEM, "Workshops", 1, 1),
            block(BlockKind.ITEM, "Africa: May 2014", 2, 2),
            block(BlockKind.ITEM, "Webinars: 2014", 2, 1),
        ),
    )
    first, second = extract(document, SECTIONS)
    assert (first.text, first.outline, first.where) == (
        "Workshops: Africa: May 2014",
        ("Waste", "Batteries", "Calendar of events"),
        Where(pages=(2, 2)),
    )
    assert second.text == "Webinars: 2014"


@pytest.mark.parametrize(
    "line", ["- Webinars: 2014\n", "Webinars: 2014\n", "Webinars\n\n", "and so on\n", "a\tb\tc\n", "Some Heading\n\n"]
)
def test_a_long_document_takes_time_in_proportion(line: str) -> None:
    text = "Waste\n\nCalendar of events\n- Opening: 2013\n" + line * 5000
    begun = time.process_time()
    assert entries(text)
    assert time.process_time() - begun < 5


def test_lists_within_lists_end_somewhere() -> None:
    lines = [f"{'  ' * depth}- item {depth}" for depth in range(300)]
    assert len(items("\n".join(lines))) == 295
