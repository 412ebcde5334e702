"""Where a feed says that an event was read: in the published document, at a place that readers find."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from calfeed.feeds.citation import place_of, source_line, source_of
from calfeed.model import Event, Where
from calfeed.settings import Settings, parse_settings
from tests import sample

SETTINGS = """
[site]
name = "Sample"
url = "https://calendar.example.org"

[[sources]]
id = "programme"
title = "Programme 2013-2015"
path = "programme.txt"
%s
"""


def settings(more: str) -> Settings:
    return parse_settings(SETTINGS % more, source="calfeed.toml", folder=Path())


def read_at(where: Where) -> Event:
    event = sample.event("ev-1", "Workshop", None)
    assert event.provenance
    return msgspec.structs.replace(event, provenance=msgspec.structs.replace(event.provenance, where=where))


PDF = 'link = "https://example.org/programme.pdf"'


@pytest.mark.parametrize(
    ("where", "more", "place", "link"),
    [
        (Where(pages=(12, 12)), PDF, "page 12", "https://example.org/programme.pdf#page=12"),
        (
            Where(pages=(12, 13), lines=(4, 5)),
            PDF,
            "pages 12-13, lines 4-5",
            "https://example.org/programme.pdf#page=12",
        ),
        (Where(lines=(4, 4)), 'link = "https://example.org/p"', "line 4", "https://example.org/p"),
        (Where(sheet="2027", cell="B7"), "", "sheet 2027, cell B7", None),
        (Where(lines=(4, 4)), PDF + "\nexcerpt = true", "“E-waste”", "https://example.org/programme.pdf"),
    ],
)
def test_the_place_is_the_published_documents_own(where: Where, more: str, place: str, link: str | None) -> None:
    event = read_at(where)
    assert place_of(event, settings(more), "en") == place
    assert source_of(event, settings(more)) == ("Programme 2013-2015", link)


def test_without_an_address_of_its_own_a_source_is_cited_by_the_events_page() -> None:
    told = source_line(read_at(Where(lines=(4, 4))), settings(""), (), "fr")
    assert told.startswith("Source: Programme 2013-2015, ligne 4, ")
    assert told.endswith("https://calendar.example.org/events/ev-1")
