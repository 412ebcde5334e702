"""A site whose one source changes, and what a subscriber of its feed sees after each refresh."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar

from calfeed import store
from calfeed.fetch import Fetched, Validators
from calfeed.model import Event
from calfeed.refresh import refresh
from calfeed.settings import Settings, Source, parse_settings
from calfeed.status import Status

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SETTINGS = """
[site]
name = "Courses"
host = "courses.example.org"

[[sources]]
id = "programme"
title = "Programme"
path = "programme.md"
language = "en"
"""


class Site:
    """A folder with settings, and a clock that goes on by an hour with each refresh."""

    def __init__(self, folder: Path, text: str = SETTINGS) -> None:
        self.folder = folder
        self.text = text
        self.now = NOW
        self.content = b""

    @property
    def settings(self) -> Settings:
        return parse_settings(self.text, source="calfeed.toml", folder=self.folder)

    def write(self, lines: Iterable[str], *, heading: str = "Courses") -> None:
        items = "".join(f"- {line}\n" for line in lines)
        self.content = f"# Programme\n\n## {heading}\n\n### Calendar\n\n{items}".encode()

    def refresh(self, *, hours: float = 1) -> Status:
        self.now += timedelta(hours=hours)

        def take(source: Source, known: Validators | None) -> Fetched:
            return Fetched(content=self.content, name="programme.md", media_type="text/markdown")

        return refresh(self.settings, now=self.now, fetcher=take)

    def read(self, *lines: str, hours: float = 1) -> Status:
        """Refresh from a document with these items."""
        self.write(lines)
        return self.refresh(hours=hours)

    def octets(self, name: str = "all.ics") -> bytes:
        return (self.settings.feeds_path / name).read_bytes()

    def feed(self, name: str = "all.ics") -> dict[str, icalendar.Event]:
        """The events of a feed by UID, as a client reads them."""
        calendar = icalendar.Calendar.from_ical(self.octets(name))
        found = [event for event in calendar.walk("VEVENT") if "no-dates" not in event["UID"]]
        assert len({event["UID"] for event in found}) == len(found), "a UID stands twice"
        return {str(event["UID"]): event for event in found}

    def only(self, name: str = "all.ics") -> icalendar.Event:
        (event,) = self.feed(name).values()
        return event

    @property
    def events(self) -> tuple[Event, ...]:
        return store.load(self.settings.catalogue_path).catalogue.events


def told(event: icalendar.Event) -> tuple[str, str, str]:
    """SUMMARY, STATUS and first day."""
    return str(event["SUMMARY"]), str(event["STATUS"]), f"{event['DTSTART'].dt:%Y-%m-%d}"
