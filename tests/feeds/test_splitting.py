"""What a feed's one file holds where all of it would be too large: what is coming first (rule 54)."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from calfeed.feeds import RenderCache, build, feeds_of, render
from calfeed.feeds.splitting import MAX_EVENTS
from calfeed.model import Catalogue, Period, Precision
from tests import sample
from tests.feeds.reading import head, lines, vevents

TODAY = date(2026, 11, 24)


def daily(first: date, number: int) -> Catalogue:
    """An event a day."""
    days = (first + timedelta(days=at) for at in range(number))
    return Catalogue(
        events=tuple(
            sample.event(f"ev-{day:%Y%m%d}", "Call", Period(start=day, end=day, precision=Precision.DAY))
            for day in days
        )
    )


def days(octets: bytes) -> list[str]:
    return [line[-8:] for line in lines(octets) if line.startswith("DTSTART")]


def test_of_2500_days_from_today_the_file_holds_the_nearest_months() -> None:
    found = days(build(daily(TODAY, 2500), sample.settings(), today=TODAY).files["all.ics"])
    assert (found[0], found[-1], len(found)) == ("20261124", "20290731", 981)


@pytest.mark.parametrize(
    ("first", "number", "opens", "closes"),
    [
        (date(2020, 1, 1), 3000, "20250701", "20280318"),  # what is coming fits, and the room is the past's
        (date(2010, 1, 1), 2500, "20140301", "20161104"),  # all is over: the latest
        (date(2030, 1, 1), 2500, "20300101", "20320831"),  # nothing has begun: the nearest
    ],
)
def test_what_is_coming_stands_before_the_recent_past(first: date, number: int, opens: str, closes: str) -> None:
    found = days(build(daily(first, number), sample.settings(), today=TODAY).files["all.ics"])
    assert (found[0], found[-1]) == (opens, closes)
    assert 900 < len(found) <= MAX_EVENTS


def test_the_clock_alone_changes_a_file_once_a_month_at_most() -> None:
    catalogue, settings, cache = daily(date(2025, 1, 1), 2500), sample.settings(), RenderCache()
    first = build(catalogue, settings, today=date(2026, 11, 1), cache=cache)
    same = build(catalogue, settings, today=date(2026, 11, 30), cache=cache)
    moved = build(catalogue, settings, today=date(2026, 12, 1), cache=cache)
    assert same.id == first.id
    assert dict(moved.files) == dict(build(catalogue, settings, today=date(2026, 12, 31)).files)
    changed = {path for path in first.files if first.files[path] != moved.files[path]}
    assert "all.ics" in changed
    assert not {path for path in changed if "-2025" in path or "-2026" in path}


def test_what_goes_on_is_coming() -> None:
    year = Period(start=date(2026, 1, 1), end=date(2026, 12, 31), precision=Precision.YEAR)
    catalogue = daily(TODAY, 2500)
    catalogue = Catalogue(events=(*catalogue.events, sample.event("ev-year", "Project", year)))
    assert b"UID:ev-year@" in build(catalogue, sample.settings(), today=TODAY).files["all.ics"]


def test_a_custom_selection_holds_the_same() -> None:
    settings, catalogue = sample.settings(), daily(TODAY, 2500)
    whole = build(catalogue, settings, today=TODAY).files["all.ics"]
    custom = render(catalogue.events, feeds_of(catalogue, settings)[0], settings, "ics", today=TODAY)
    assert vevents(custom) == vevents(whole)


def test_the_file_and_the_index_say_what_it_reaches() -> None:
    files = build(daily(TODAY, 2500), sample.settings(), today=TODAY).files
    assert "DESCRIPTION:This file holds a part of the calendar: November 2026 – July 2029" in head(files["all.ics"])
    entry = msgspec.json.decode(files["index.json"])["feeds"][0]
    assert entry["window"] == ["2026-11-01", "2029-07-31"]
