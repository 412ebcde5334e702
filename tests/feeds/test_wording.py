"""What an event's description says beyond its source's own words."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from calfeed.feeds.wording import description, summary
from calfeed.model import Event, Period, Precision, Qualifier, Reading
from calfeed.settings import parse_settings
from tests import sample

CALL = Period(
    start=date(2027, 3, 12), end=date(2027, 3, 12), precision=Precision.DAY, times="14:00", zone="Europe/Zurich"
)
DEADLINE = Period(
    end=date(2027, 3, 12), precision=Precision.DAY, qualifier=Qualifier.BY, times="17:00", zone="Europe/Zurich"
)


def told(event: Event, lang: str = "en", more: str = "") -> list[str]:
    settings = parse_settings(sample.SETTINGS_TEXT + more, source="calfeed.toml", folder=sample.NOWHERE)
    return description(event, settings, (), lang).split("\n")


def test_the_local_time_stands_first_and_the_documents_words_below_it() -> None:
    lines = told(sample.event("ev-1", "Call", CALL, "12 March 2027, 2 pm CET"))
    assert lines[:3] == [
        "12 March 2027, 14:00 (Zurich time, UTC+1)",
        "12 March 2027, 2 pm CET",
        "The document names no end: shown as lasting 1 hour.",
    ]


@pytest.mark.parametrize(
    ("minutes", "lang", "expected"),
    [
        (90, "en", "The document names no end: shown as lasting 90 minutes."),
        (60, "fr", "Le document n’indique pas la fin : durée affichée 1 heure."),
    ],
)
def test_an_end_that_is_not_named_is_said_to_be_the_settings(minutes: int, lang: str, expected: str) -> None:
    lines = told(sample.event("ev-1", "Call", CALL), lang, f"[dates]\ndefault_minutes = {minutes}\n")
    assert expected in [line.replace("\u00a0", " ") for line in lines]


def test_a_deadline_is_the_end_of_the_time_shown() -> None:
    assert "The deadline is the end of the time shown (1 hour)." in told(sample.event("ev-1", "Call", DEADLINE))


def test_a_title_that_is_too_long_stands_whole_in_the_description() -> None:
    title = "Workshop on " + "everything " * 30
    event = sample.event("ev-1", title.strip(), CALL)
    assert title.strip() in told(event)
    assert len(summary(event, "en")) <= 200


def test_the_addresses_that_an_entry_names_are_told() -> None:
    event = sample.event("ev-1", "Call", CALL, "12 March 2027")
    assert event.provenance
    entry = "Call: 12 March 2027. Register: https://example.org/register?id=3."
    event = msgspec.structs.replace(event, provenance=msgspec.structs.replace(event.provenance, entry=entry))
    assert "https://example.org/register?id=3" in told(event)
    linked = msgspec.structs.replace(event, url="https://example.org/register?id=3")
    assert "https://example.org/register?id=3" not in told(linked)


def test_the_titles_of_facets_are_told_in_the_readers_language() -> None:
    facet = '\n[[facets]]\nname = "kind"\nplural = "kinds"\ntitle = "Kind"\ntitles = { fr = "Type" }\n'
    event = sample.event("ev-1", "Call", CALL)
    assert "Type: Workshop" in told(event, "fr", facet)
    assert "Kind: Workshop" in told(event, "es", facet)


def test_one_of_several_dates_says_which_it_is_and_how_else_it_can_be_read() -> None:
    months = sample.period("2013-07-01", "2013-09-30", Precision.MONTH)
    year = sample.period("2014-01-01", "2014-12-31", Precision.YEAR)
    other = Reading(rule="each-year", periods=(months, sample.period("2014-07-01", "2014-09-30", Precision.MONTH)))
    event = sample.event("x", "Webinars", year)
    told = msgspec.structs.replace(event.provenance, date_text="July-September 2013, 2014", part=2, parts=2)
    event = msgspec.structs.replace(event, provenance=told, alternatives=(other,))
    lines = description(event, sample.settings(), (), "en").splitlines()
    assert lines[:3] == [
        "July-September 2013, 2014",
        "Date 2 of the 2 that the entry names: 2014.",
        "The text can also be understood as: July–September 2014.",
    ]
