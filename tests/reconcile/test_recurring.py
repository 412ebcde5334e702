"""A document with times and recurrences, from its bytes to the catalogue and back to the feeds."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from calfeed import importing, zones
from calfeed.feeds import build
from calfeed.fetch import Fetched
from calfeed.model import Catalogue
from calfeed.occurrences import hours, of_period
from calfeed.reconcile import settle
from calfeed.settings import Settings, parse_settings
from tests.feeds.reading import vevents

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SETTINGS = """
[site]
name = "Sample"
host = "calendar.example.org"
timezone = "Europe/Zurich"

[[sources]]
id = "programme"
title = "Programme"
path = "programme.md"
%s
"""


class Programme:
    """A document with one entry a line, imported as often as it is read."""

    def __init__(self, folder: Path, zone: str = "") -> None:
        self.settings: Settings = parse_settings(SETTINGS % zone, source="calfeed.toml", folder=folder)
        self._numbers = itertools.count(1)

    def read(self, *entries: str, now: datetime = NOW) -> Catalogue:
        uids = lambda: f"ev-{next(self._numbers)}"  # noqa: E731
        plan = importing.begin(self.settings, now=now, uids=uids)
        text = "\n".join(["# Programme", "", "## Calendar", "", *(f"- {entry}" for entry in entries), ""])
        fetched = Fetched(content=text.encode(), media_type="text/markdown", name="programme.md")
        plan = importing.add(plan, self.settings.sources[0], fetched, self.settings, now=now, uids=uids)
        importing.carry_out(plan, self.settings)
        return plan.catalogue

    def feed(self, catalogue: Catalogue) -> list[bytes]:
        return vevents(build(catalogue, self.settings).files["all.ics"])


@pytest.mark.parametrize(
    ("source_zone", "expected"), [("", b"20270312T130000Z"), ('timezone = "America/New_York"', b"20270312T190000Z")]
)
def test_a_time_without_a_zone_has_that_of_its_source_else_of_the_site(
    tmp_path: Path, source_zone: str, expected: bytes
) -> None:
    programme = Programme(tmp_path, source_zone)
    (found,) = programme.feed(programme.read("Webinar on e-waste: 12 March 2027, 14:00-15:30"))
    assert b"DTSTART:" + expected in found
    assert b"STATUS:CONFIRMED" in found


def test_an_abbreviation_of_the_other_season_is_taken_at_its_word_and_for_review(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    summer, winter = programme.read(
        "Webinar on e-waste: 12 July 2027, 14:00-15:30 CET", "Webinar on mercury: 12 March 2027, 14:00-15:30 CET"
    ).events
    assert summer.period is not None
    assert summer.period.zone == "+01:00"
    assert summer.review == ("The time is told by UTC+1, and Europe/Zurich has UTC+2 on that day.",)
    assert winter.review == ()


def test_every_wednesday_of_a_year_is_fifty_two_confirmed_days(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    found = programme.feed(programme.read("Office hours: every Wednesday in 2027"))
    assert len(found) == 52
    assert b"DTSTART;VALUE=DATE:20270106\r\nDTEND;VALUE=DATE:20270107" in found[0]
    assert all(b"STATUS:CONFIRMED" in one for one in found)
    assert b"every Wednesday\\, 6 January \xe2\x80\x93 29 De" in found[0]


def test_a_rule_that_changes_in_the_document_leaves_tombstones(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.read("Office hours: every Wednesday in May 2027")
    found = programme.feed(programme.read("Office hours: every Thursday in May 2027", now=NOW + timedelta(days=1)))
    assert [b"STATUS:CANCELLED" in one for one in found] == [True, False, True, False, True, False, True, False]
    assert all(b"SEQUENCE:1\r\n" in one for one in found)
    later = programme.read("Office hours: every Thursday in May 2027", now=NOW + timedelta(days=40))
    assert len(programme.feed(later)) == 4


def test_a_recurrence_without_an_end_grows_by_a_month_each_month(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    entry = "Office hours: every Wednesday from 2 December 2026"
    first = programme.read(entry)
    assert first.events[0].instances[-1].day.isoformat() == "2027-11-24"
    same = programme.read(entry, now=NOW + timedelta(days=3))
    assert same.events[0] == first.events[0]
    grown = programme.read(entry, now=NOW + timedelta(days=10))
    assert grown.events[0].instances[-1].day.isoformat() == "2027-12-29"
    assert grown.events[0].revision.sequence == first.events[0].revision.sequence
    old, new = programme.feed(first), programme.feed(grown)
    assert old == new[: len(old)]


def test_new_rules_of_a_zone_are_a_change_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = Programme(tmp_path)
    before = programme.read("Webinar on e-waste: 12 August 2027, 14:00", "Workshop: 13 August 2027")
    old = zones.zone
    # Zurich gives up summer time.
    monkeypatch.setattr(zones, "zone", lambda name: old("+01:00") if name == "Europe/Zurich" else old(name))
    hours.cache_clear()
    of_period.cache_clear()
    later = NOW + timedelta(days=1)
    after = settle(before, now=later, new_uid=lambda: "never", settings=programme.settings).catalogue
    monkeypatch.undo()
    hours.cache_clear()
    of_period.cache_clear()
    webinar, workshop = after.events
    assert (webinar.revision.sequence, webinar.revision.modified) == (1, later)
    assert webinar.history[-1].what == "new time zone rules"
    assert webinar.edited == ()
    assert workshop == before.events[1]


def test_an_editor_takes_one_day_out_of_a_recurrence(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    (event,) = programme.read("Office hours: every Wednesday in May 2027").events
    assert event.period is not None
    period = msgspec.structs.replace(event.period, exdates=(datetime(2027, 5, 12).date(),))
    edited = Catalogue(events=(msgspec.structs.replace(event, period=period),))
    settled = settle(edited, now=NOW + timedelta(days=1), new_uid=lambda: "never", settings=programme.settings)
    found = programme.feed(settled.catalogue)
    assert [b"STATUS:CANCELLED" in one for one in found] == [False, True, False, False]
    assert b"except 12 May 2027" in b"".join(found).replace(b"\r\n ", b"").replace(b"\\,", b",")
