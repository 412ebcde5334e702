"""Workbooks as a reader of the sheet sees them."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.documents import workbook
from calfeed.documents.tree import NodeKind
from calfeed.errors import DocumentError
from tests.documents.made import grid_of, xlsx

pytest.importorskip("python_calamine")


def test_a_title_a_head_and_typed_days() -> None:
    made = xlsx(
        (
            "Plan",
            [
                [],
                [None, "*Programme 2013*"],
                [],
                [None, "*When*", "*What*", "*Where*"],
                [None, (41466, "yyyy-mm-dd"), "Workshop", "Basel"],
                [None, (41500, "yyyy-mm-dd"), "Webinar"],
            ],
        )
    )
    root = workbook.read(made, source="plan.xlsx").root
    (section,) = root.children
    heading, table = section.children
    assert (heading.kind, heading.text, heading.where.cell) == (NodeKind.HEADING, "Programme 2013", "B2")
    assert grid_of(table) == [["When", "What", "Where"], ["2013-07-11", "Workshop", "Basel"], ["2013-08-14", "Webinar"]]
    assert [row.head for row in table.children] == [True, False, False]
    assert (table.children[1].children[0].moment, table.children[1].children[0].where.cell) == (date(2013, 7, 11), "B5")


def test_rows_after_an_empty_row_go_on_with_their_table() -> None:
    rows = [
        ["*Date*", "*Title*"],
        ["3 May", "One"],
        [],
        ["4 May", "Two"],
        [],
        ["*Date*", "*Speaker*"],
        ["5 May", "Three"],
    ]
    root = workbook.read(xlsx(("S", rows)), source="s.xlsx").root
    assert [grid_of(table) for table in root.children] == [
        [["Date", "Title"], ["3 May", "One"], ["4 May", "Two"]],
        [["Date", "Speaker"], ["5 May", "Three"]],
    ]


def test_sheets_are_sections_and_hidden_ones_are_not_read() -> None:
    rows = [["*Date*", "*Title*"], ["3 May", "One"]]
    tree = workbook.read(xlsx(("Spring", rows), ("Old", rows), ("Autumn", rows), hidden=["Old"]), source="s.xlsx")
    assert [section.children[0].text for section in tree.root.children] == ["Spring", "Autumn"]


def test_merged_cells_stand_once_with_their_span() -> None:
    rows = [["*Day*", "*Rooms*"], [None, "*East*", "*West*"], ["3 May", "One", "Two"]]
    root = workbook.read(xlsx(("S", rows), merged=["B1:C1"]), source="s.xlsx").root
    head = root.children[0].children[0].children
    assert [(cell.text, cell.columns, cell.where.cell) for cell in head] == [("Day", 1, "A1"), ("Rooms", 2, "B1:C1")]


@pytest.mark.parametrize(
    ("code", "text", "moment"),
    [
        ("mmm-yy", "Jul-13", None),
        ("mmmm yyyy", "July 2013", None),
        ("[$-40C]mmmm yyyy", "juillet 2013", None),
        ("yyyy", "2013", None),
        ("dd/mm/yyyy", "11/07/2013", date(2013, 7, 11)),
        ("[$-407]d. mmmm yyyy;@", "11. Juli 2013", date(2013, 7, 11)),
        ('dddd" the "d', "Thursday the 11", date(2013, 7, 11)),
        ("m/d/yy", "7/11/13", date(2013, 7, 11)),
    ],
)
def test_a_day_is_read_as_it_is_shown(code: str, text: str, moment: date | None) -> None:
    made = xlsx(("S", [["*When*", "*What*"], [(41466, code), "Workshop"]]))
    cell = workbook.read(made, source="s.xlsx").root.children[0].children[1].children[0]
    assert (cell.text, cell.moment) == (text, moment)


def test_struck_text_says_so() -> None:
    made = xlsx(("S", [["*When*", "*What*"], ["~3 May~", "One"]]))
    cells = workbook.read(made, source="s.xlsx").root.children[0].children[1].children
    assert [(cell.text, cell.style.struck) for cell in cells] == [("3 May", True), ("One", False)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(40), b"nothing", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"no workbook|cut or damaged"):
        workbook.read(content, source="s.xlsx")
