"""OpenDocument files as a reader of the page or the sheet sees them."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.documents.reading import read_tree
from calfeed.documents.tree import Node, NodeKind
from calfeed.errors import DocumentError
from tests.documents.made import grid_of, opendocument

pytest.importorskip("lxml")

STYLES = """<style:style style:name="S" style:family="text"><style:text-properties
 style:text-line-through-style="solid"/></style:style>
<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>
<text:list-style style:name="L"><text:list-level-style-bullet text:level="1"/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>"""


def root_of(kind: str, body: str) -> Node:
    return read_tree(opendocument(kind, body, STYLES), source="a").root


def outline(node: Node) -> list[tuple[str, int, str, str]]:
    return [(n.kind.value, n.level, n.label, n.text) for n in node.walk() if n.text and n.kind is not NodeKind.DOCUMENT]


def test_headings_nested_lists_and_what_is_no_text() -> None:
    body = """<text:tracked-changes><text:changed-region><text:deletion><text:p>5 May</text:p></text:deletion>
    </text:changed-region></text:tracked-changes>
    <text:h text:outline-level="1">Webinars</text:h>
    <text:list text:style-name="L"><text:list-item><text:p>July<text:s text:c="2"/>2013</text:p>
      <text:list><text:list-item><text:p>Basel</text:p></text:list-item>
      <text:list-item><text:p>Geneva<office:annotation><text:p>moved?</text:p></office:annotation></text:p></text:list-item>
      </text:list></text:list-item></text:list>
    <text:p>3 May <text:span text:style-name="S">4 May</text:span><text:line-break/>in
      <text:a xlink:href="https://example.org/">Rome</text:a></text:p>"""
    root = root_of("text", body)
    assert outline(root) == [
        ("heading", 1, "", "Webinars"),
        ("item", 1, "•", "July 2013"),
        ("item", 2, "a)", "Basel"),
        ("item", 2, "b)", "Geneva"),
        ("paragraph", 0, "", "3 May 4 May\nin Rome"),
    ]
    last = root.children[0].children[-1]
    assert [last.text[run.start : run.end] for run in last.emphases if run.style.struck] == ["4 May"]
    assert [(last.text[link.start : link.end], link.address) for link in last.links] == [
        ("Rome", "https://example.org/")
    ]
    assert last.where.lines == (5, 5)


def test_merged_cells_of_a_table_stand_once() -> None:
    body = """<table:table><table:table-header-rows><table:table-row>
    <table:table-cell><text:p>Day</text:p></table:table-cell>
    <table:table-cell table:number-columns-spanned="2"><text:p>Rooms</text:p></table:table-cell>
    <table:covered-table-cell/></table:table-row></table:table-header-rows>
    <table:table-row><table:table-cell><text:p>3 May</text:p></table:table-cell>
    <table:table-cell><text:p>One</text:p></table:table-cell><table:table-cell><text:p>Two</text:p></table:table-cell>
    </table:table-row></table:table>"""
    (table,) = root_of("text", body).children
    assert grid_of(table) == [["Day", "Rooms"], ["3 May", "One", "Two"]]
    assert table.children[0].head
    assert [(cell.column, cell.columns) for cell in table.children[0].children] == [(0, 1), (1, 2)]


def test_a_sheet_has_days_as_they_are_shown_and_as_they_are() -> None:
    body = """<table:table table:name="Old" table:style-name="gone"><table:table-row><table:table-cell>
    <text:p>1999</text:p></table:table-cell></table:table-row></table:table>
    <table:table table:name="Plan"><table:table-row table:number-rows-repeated="2"/>
    <table:table-row><table:table-cell><text:p>When</text:p></table:table-cell><table:table-cell><text:p>What</text:p>
    </table:table-cell></table:table-row>
    <table:table-row><table:table-cell office:value-type="date" office:date-value="2013-07-01">
    <text:p>July 2013</text:p></table:table-cell>
    <table:table-cell><text:p>Workshop</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>
    </table:table-row></table:table>"""
    (table,) = root_of("spreadsheet", body).children
    assert grid_of(table) == [["When", "What"], ["July 2013", "Workshop"]]
    cell = table.children[1].children[0]
    assert (cell.moment, cell.where.sheet, cell.where.cell) == (date(2013, 7, 1), "Plan", "A4")


@pytest.mark.parametrize("body", ["<text:p>", "<text:p>&unknown;</text:p>", "<text:p>" * 300 + "</text:p>" * 300])
def test_what_is_no_xml_is_said_to_be_unreadable(body: str) -> None:
    with pytest.raises(DocumentError, match="no OpenDocument file that can be read"):
        root_of("text", body)
