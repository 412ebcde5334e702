"""The same feeds written by other libraries, feed by feed: each is given the finished texts, and only has to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import ical.calendar
import ical.calendar_stream
import ical.event
import icalendar
import ics
import vobject

from calfeed.feeds.wording import description, summary
from calfeed.model import Catalogue, Event
from calfeed.settings import Settings


class Plain(NamedTuple):
    """What stands in a VEVENT."""

    uid: str
    first: date
    end: date
    changed: datetime
    summary: str
    description: str
    place: str
    categories: list[str]
    url: str


def plain(event: Event, catalogue: Catalogue, settings: Settings) -> Plain:
    assert event.period and event.period.start and event.period.end
    return Plain(
        uid=f"{event.uid}@{settings.site.host}",
        first=event.period.start,
        end=event.period.end + timedelta(days=1),
        changed=event.revision.modified.astimezone(UTC),
        summary=summary(event, event.period, "en"),
        description=description(event, settings, catalogue.editions, "en"),
        place=event.place or "",
        categories=[value for values in event.facets.values() for value in values],
        url=f"{settings.site.url}/events/{event.uid}",
    )


def with_icalendar(events: Iterable[Plain]) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//x//x//EN")
    calendar.add("version", "2.0")
    for event in events:
        made = icalendar.Event()
        made.add("uid", event.uid)
        made.add("dtstart", event.first)
        made.add("dtend", event.end)
        for name in ("dtstamp", "created", "last-modified"):
            made.add(name, event.changed)
        made.add("summary", event.summary)
        made.add("description", event.description)
        made.add("location", event.place)
        made.add("categories", event.categories)
        made.add("url", event.url)
        made.add("status", "TENTATIVE")
        made.add("transp", "TRANSPARENT")
        made.add("class", "PUBLIC")
        made.add("sequence", 0)
        calendar.add_component(made)
    return calendar.to_ical()


def with_ical(events: Iterable[Plain]) -> bytes:
    calendar = ical.calendar.Calendar()
    for event in events:
        calendar.events.append(
            ical.event.Event(
                uid=event.uid, dtstart=event.first, dtend=event.end, dtstamp=event.changed, created=event.changed,
                last_modified=event.changed, summary=event.summary, description=event.description,
                location=event.place, categories=event.categories, url=event.url, status="TENTATIVE",
                transparency="TRANSPARENT", classification="PUBLIC", sequence=0,
            )
        )  # fmt: skip
    return ical.calendar_stream.IcsCalendarStream.calendar_to_ics(calendar).encode()


def with_ics(events: Iterable[Plain]) -> bytes:
    calendar = ics.Calendar()
    for event in events:
        made = ics.Event(
            uid=event.uid, begin=event.first, end=event.end - timedelta(days=1), name=event.summary,
            description=event.description, location=event.place, categories=set(event.categories), url=event.url,
            created=event.changed, last_modified=event.changed, status="TENTATIVE", transparent=True,
            classification="PUBLIC",
        )  # fmt: skip
        made.make_all_day()
        calendar.events.add(made)
    return calendar.serialize().encode()


def with_vobject(events: Iterable[Plain]) -> bytes:
    calendar = vobject.iCalendar()
    for event in events:
        made = calendar.add("vevent")
        changed = event.changed.replace(tzinfo=vobject.icalendar.utc)
        for name, value in (
            ("uid", event.uid), ("dtstart", event.first), ("dtend", event.end), ("dtstamp", changed),
            ("created", changed), ("last-modified", changed), ("summary", event.summary),
            ("description", event.description), ("location", event.place), ("categories", event.categories),
            ("url", event.url), ("status", "TENTATIVE"), ("transp", "TRANSPARENT"), ("class", "PUBLIC"),
            ("sequence", "0"),
        ):  # fmt: skip
            made.add(name).value = value
    return calendar.serialize().encode()


PEERS: Mapping[str, Callable[[Iterable[Plain]], bytes]] = {
    "icalendar": with_icalendar,
    "ical": with_ical,
    "ics": with_ics,
    "vobject": with_vobject,
}
