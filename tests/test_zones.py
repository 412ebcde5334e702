"""Names of time zones, and what the settings and the catalogue say of one that is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from calfeed.errors import CatalogueError, SettingsError
from calfeed.settings import parse_settings
from calfeed.store.reading import parse
from calfeed.zones import instant, other_season, zone

EVENT = """schema = 1

[[event]]
uid = "ev"
title = "Call"
period = { start = 2027-03-12, end = 2027-03-12, precision = "day", %s }
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Europe/Zurich", "2027-03-12T13:00"), ("UTC", "2027-03-12T14:00"), ("-03:30", "2027-03-12T17:30")],
)
def test_a_zone_is_an_iana_name_or_an_offset(name: str, expected: str) -> None:
    assert instant(date(2027, 3, 12), time(14), name) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "told", "name", "expected"),
    [
        ("2027-07-12", "+01:00", "Europe/Zurich", True),  # CET in summer
        ("2027-01-12", "+02:00", "Europe/Zurich", True),  # CEST in winter
        ("2027-01-12", "+01:00", "Europe/Zurich", False),
        ("2027-07-12", "-05:00", "Europe/Zurich", False),  # another place
        ("2027-01-12", "-04:00", "America/New_York", True),
        ("2027-07-12", "+05:30", "Asia/Kolkata", False),
    ],
)
def test_an_offset_of_the_other_season_is_noticed(day: str, told: str, name: str, expected: bool) -> None:
    assert other_season(date.fromisoformat(day), time(14), told, name) is expected


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("zurich", "did you mean 'Europe/Zurich'?"),
        ("Europe/Zuirch", "did you mean 'Europe/Zurich'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("CST", '"Europe/Zurich" or "+01:00" is'),
        ("+15:00", '"Europe/Zurich" or "+01:00" is'),
        ("../../etc/passwd", "is no time zone"),
    ],
)
def test_what_is_no_zone_is_told_with_the_nearest(name: str, mend: str) -> None:
    with pytest.raises(ValueError, match="is no time zone") as error:
        zone(name)
    assert mend in str(error.value)


@pytest.mark.parametrize(
    "table", ['[site]\ntimezone = "Zurich"', '[[sources]]\nid="a"\ntitle="A"\npath="a"\ntimezone="Zurich"']
)
def test_a_wrong_zone_in_the_settings_is_named(table: str) -> None:
    with pytest.raises(SettingsError, match="did you mean 'Europe/Zurich'"):
        parse_settings(table, source="calfeed.toml", folder=Path())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ('times = "9:00"', "event.period.times"),
        ('times = "09:00-17:00"', "event.period.times"),
        ('times = "25:00"', "event.period.times"),
        ('times = "09:00", zone = "CET time"', "event.period.zone"),
    ],
)
def test_a_wrong_time_in_the_catalogue_is_told_with_its_line(fields: str, field: str) -> None:
    with pytest.raises(CatalogueError) as error:
        parse(EVENT % fields, source="events.toml")
    assert "events.toml, line 6, " in str(error.value)
    assert field in str(error.value)


def test_an_editor_may_set_times_and_zone() -> None:
    stored = parse(EVENT % 'times = "09:00/17:30", zone = "Europe/Zurich"', source="events.toml")
    assert len(stored.unfinished) == 1
