"""Six programs' parsers behind one question: which events does this .ics hold?

Each reader takes the bytes of a feed and gives a row an event: UID, start and end, SUMMARY, STATUS. Of whole days these
are the first and the day after the last (ISO dates), of times two instants ("2027-03-12T13:00:00Z"). What a parser
cannot read, it raises.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
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
    rows = []
    for event in ics.Calendar(feed.decode("utf-8")).events:
        start, end = (_iso(end.date() if event.all_day else end.datetime) for end in (event.begin, event.end))
        rows.append((event.uid, start, end, event.name, event.status))
    return rows


def with_ical_js(feed: bytes) -> list[Row]:
    """The parser of Thunderbird, Nextcloud and FullCalendar."""
    node = need_program("node", "nodejs")
    _install_ical_js()
    done = subprocess.run([node, HERE / "read.js"], input=feed, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [(uid, start, end, summary, status) for uid, start, end, summary, status in json.loads(done.stdout)]


def with_libical(feed: bytes) -> list[Row]:
    """The parser of Evolution and of KDE, by the system's own Python."""
    python = need_program("/usr/bin/python3", "gir1.2-ical-3.0 python3-gi")
    done = subprocess.run([python, HERE / "read_libical.py"], input=feed, capture_output=True, timeout=60, check=False)
    need(done.returncode != 3, "libical (Debian: apt install gir1.2-ical-3.0 python3-gi)")
    assert done.returncode == 0, done.stderr.decode()
    return [(uid, start, end, summary, status) for uid, start, end, summary, status in json.loads(done.stdout)]


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "icalendar": with_icalendar,
    "ical": with_ical,
    "vobject": with_vobject,
    "ics": with_ics,
    "ical.js": with_ical_js,
    "libical": with_libical,
}


def _iso(day: date) -> str:
    if not isinstance(day, datetime):
        return day.isoformat()
    assert day.tzinfo is not None, "a time was read without its zone"
    return day.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _install_ical_js() -> None:
    """Install ical.js once, however many test processes ask for it."""
    with Path(tempfile.gettempdir(), "calfeed-peers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / "ical.js" / "package.json").exists():
            need_program("npm", "npm")
            done = subprocess.run([HERE / "install"], capture_output=True, timeout=120, check=False)
            need(done.returncode == 0, "ical.js from npm: sh tests/peers/install")
