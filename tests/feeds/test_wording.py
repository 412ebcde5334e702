"""What an event's description says beyond its source's own words."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from calfeed.feeds.wording import description, summary
from calfeed.model import Event, Period, Precision, Qualifier
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
