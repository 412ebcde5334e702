"""A small published site without a disk, and a client that speaks WSGI to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from calfeed.feeds import Generation, feeds_of
from calfeed.web import Site, create_app
from calfeed.web.loading import make_resources, newest_change
from tests import sample

MODIFIED = "Tue, 05 Mar 2013 12:30:00 GMT"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVENT = (
    "BEGIN:VEVENT\r\nUID:{n}@calendar.example.org\r\nDTSTAMP:20130305T123000Z\r\nLAST-MODIFIED:20130305T123000Z\r\n"
    "DTSTART;VALUE=DATE:20130812\r\nDTEND;VALUE=DATE:20130815\r\nSUMMARY:Réunion {n}\r\nEND:VEVENT\r\n"
)
BASEL = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
    + "".join(EVENT.format(n=n) for n in range(40))
    + "END:VCALENDAR\r\n"
).encode()
FILES = {
    "basel.ics": BASEL,
    "basel.json": b'{"events": []}' * 20,
    "basel.csv": b"uid,title\r\n" * 20,
    "basel.atom": b"<feed/>" * 20,
    "index.json": b"{}",
}


class Answer(NamedTuple):
    """Status code, headers by name, and the body's bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def site(files: Mapping[str, bytes] = FILES, *, previous: Site | None = None, now: datetime = NOW) -> Site:
    settings, catalogue = sample.settings(), sample.catalogue()
    newest = newest_change(catalogue, otherwise=now)
    resources = make_resources(files, newest, previous=previous.resources if previous else {}, now=now)
    return Site(settings, Generation("g1", dict(files)), catalogue, feeds_of(catalogue, settings), resources, now)


def app(files: Mapping[str, bytes] = FILES) -> Flask:
    return create_app(sample.settings(), load=lambda previous: site(files, previous=previous), check_seconds=None)


def ask(application: Flask, path: str = "/feeds/basel.ics", method: str = "GET", **headers: str) -> Answer:
    """The answer to one request; header names with underscores, as keywords must be."""
    environ = EnvironBuilder(path, method=method).get_environ()
    environ["PATH_INFO"] = path.partition("?")[0]
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    chunks, status, answered = run_wsgi_app(application, environ, buffered=True)
    return Answer(int(status[:3]), dict(answered), b"".join(chunks))
