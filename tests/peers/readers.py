"""Five programs' parsers behind one question: which whole-day events does this .ics hold?

Each reader takes the bytes of a feed and gives a row an event: UID, first day, day after the last (as ISO dates),
SUMMARY, STATUS. What a parser cannot read, it raises.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import ics
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from tests.needs import need, need_program

HERE = Path(__file__).parent

Row = tuple[str, str, str, str, str]


def with_icalendar(feed: bytes) -> list[Row]:
    calendar = Calendar.from_ical(feed)
    calendar.validate()
    return [
        (
            str(event["UID"]),
            _iso(event["DTSTART"].dt),
            _iso(event["DTEND"].dt),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
        )
        for event in calendar.walk("VEVENT")
    ]


def with_ical(feed: bytes) -> list[Row]:
    """Home Assistant's parser."""
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode("utf-8"))
    return [
        (
            str(event.uid),
            _iso(event.dtstart),
            _iso(event.end),
            str(event.summary),
            str(event.status and event.status.value),
        )
        for event in calendar.events
    ]


def with_vobject(feed: bytes) -> list[Row]:
    calendar = vobject.readOne(feed.decode("utf-8"))
    return [
        (event.uid.value, _iso(event.dtstart.value), _iso(event.dtend.value), event.summary.value, event.status.value)
        for event in calendar.vevent_list
    ]


def with_ics(feed: bytes) -> list[Row]:
    calendar = ics.Calendar(feed.decode("utf-8"))
    return [
        (event.uid, event.begin.date().isoformat(), event.end.date().isoformat(), event.name, event.status)
        for event in calendar.events
    ]


def with_ical_js(feed: bytes) -> list[Row]:
    """The parser of Thunderbird, Nextcloud and FullCalendar."""
    node = need_program("node", "nodejs")
    _install_ical_js()
    done = subprocess.run([node, HERE / "read.js"], input=feed, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [(uid, start, end, summary, status) for uid, start, end, summary, status in json.loads(done.stdout)]


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "icalendar": with_icalendar,
    "ical": with_ical,
    "vobject": with_vobject,
    "ics": with_ics,
    "ical.js": with_ical_js,
}


def _iso(day: date) -> str:
    assert not isinstance(day, datetime), "a whole day was read as a time"
    return day.isoformat()


def _install_ical_js() -> None:
    """Install ical.js once, however many test processes ask for it."""
    with Path(tempfile.gettempdir(), "calfeed-peers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / "ical.js" / "package.json").exists():
            need_program("npm", "npm")
            done = subprocess.run([HERE / "install"], capture_output=True, timeout=120, check=False)
            need(done.returncode == 0, "ical.js from npm: sh tests/peers/install")
