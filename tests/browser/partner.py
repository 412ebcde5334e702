"""A partner's site: its own origin, its own strict policy, and one page for each way to show our calendar."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from werkzeug.serving import WSGIRequestHandler, make_server

from calfeed.feeds import build, feeds_of
from calfeed.model import Catalogue
from calfeed.web import Site, create_app
from calfeed.web.loading import make_resources, newest_change
from tests import sample
from tests.needs import need, need_program

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIBRARIES = {
    "/fullcalendar.js": "fullcalendar/index.global.min.js",
    "/ical.js": "ical.js/build/ical.min.js",
    "/icalendar.js": "@fullcalendar/icalendar/index.global.min.js",
}


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: a request a line would hide what a test says."""


class Server:
    """An application on a port of its own; `app` may be set after the port is known."""

    def __init__(self) -> None:
        self.app: WSGIApplication | None = None
        self._server = make_server("127.0.0.1", 0, self._call, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _call(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:
        assert self.app is not None
        return self.app(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()


@contextmanager
def calendar_site(catalogue: Catalogue | None = None) -> Iterator[str]:
    """Our site with the feeds of a catalogue, at the address that its settings name."""
    server = Server()
    settings = sample.settings()
    settings = msgspec.structs.replace(settings, site=msgspec.structs.replace(settings.site, url=server.address))
    catalogue = catalogue or sample.catalogue()
    generation = build(catalogue, settings)
    resources = make_resources(generation.files, newest_change(catalogue, otherwise=NOW), previous={}, now=NOW)
    site = Site(settings, generation, catalogue, feeds_of(catalogue, settings), resources, NOW)
    server.app = create_app(settings, load=lambda previous: site, check_seconds=None)
    try:
        yield server.address
    finally:
        server.close()


@contextmanager
def partner_site(pages: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """A site of others: each path with its body and its Content-Security-Policy; scripts of `LIBRARIES` beside them."""
    server = Server()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path in pages:
            body, policy = pages[path]
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy)]
            start_response("200 OK", headers)
            return [f'<!doctype html><html lang="en"><title>Partner</title><body>{body}'.encode()]
        if path in LIBRARIES:
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [(HERE / "node_modules" / LIBRARIES[path]).read_bytes()]
        if path == "/start.js":
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [pages["start.js"][0].encode()]
        start_response("204 No Content", [])
        return []

    server.app = app
    try:
        yield server.address
    finally:
        server.close()


def need_fullcalendar() -> None:
    """Install FullCalendar once, however many test processes ask for it."""
    with Path(tempfile.gettempdir(), "calfeed-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / "fullcalendar" / "package.json").exists():
            need_program("npm", "npm")
            done = subprocess.run([HERE / "install"], capture_output=True, timeout=120, check=False)
            need(done.returncode == 0, "FullCalendar from npm: sh tests/browser/install")
