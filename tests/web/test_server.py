"""`calfeed serve` as a user starts it: a process, a port, real connections."""

from __future__ import annotations

import gc
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from calfeed.feeds import build
from calfeed.model import Catalogue
from calfeed.publish import publish
from calfeed.settings import parse_settings
from calfeed.web import create_app
from calfeed.web.server import load_worker, reached_at
from tests import sample
from tests.web.sites import ask

ENVIRONMENT = {"PATH": os.environ["PATH"], "SECRET_TOKEN": "do-not-tell"}

PROGRAMME = """\
WASTES

Basel Convention: environmentally sound management

Calendar of events
- Global expert meeting: 12-14 August 2013, Geneva, Switzerland
- Webinars: July-September 2013
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def folder_with_feeds(folder: Path) -> Path:
    (folder / "calfeed.toml").write_text(sample.SETTINGS_TEXT, "utf-8")
    publish(build(sample.catalogue(), sample.settings(folder)), folder / "feeds")
    return folder


@dataclass
class Server:
    """A running `calfeed serve` and the folder that it serves."""

    process: subprocess.Popen[str]
    port: int
    folder: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def wait_until(self, path: str, status: int, seconds: float = 60) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if self.ask(path)[0] == status:
                    return True
            time.sleep(0.05)
        return False


def start(folder: Path, *options: str, port: int | None = None, refresh: bool = False) -> Server:
    port = port or free_port()
    arguments = [sys.executable, "-m", "calfeed", "serve", "--port", str(port), *options]
    if not refresh:
        arguments.append("--no-refresh")
    process = subprocess.Popen(
        arguments, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Server(process, port, folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(folder_with_feeds(tmp_path_factory.mktemp("site")), "--workers", "2")
    assert running.wait_until("/healthz", 200), running.process.kill()
    yield running
    running.process.terminate()
    running.process.wait(10)


def test_a_published_feed_is_served_byte_for_byte(server: Server) -> None:
    status, headers, body = server.ask("/feeds/basel.ics")
    assert (status, body) == (200, (server.folder / "feeds" / "basel.ics").read_bytes())
    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["content-length"] == str(len(body))


def test_head_over_the_wire_has_the_length_and_no_body(server: Server) -> None:
    status, headers, body = server.ask("/feeds/basel.ics", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == (server.folder / "feeds" / "basel.ics").stat().st_size


def test_a_known_feed_is_304_over_the_wire(server: Server) -> None:
    tag = server.ask("/feeds/basel.ics", Accept_Encoding="gzip")[1]["etag"]
    status, headers, body = server.ask("/feeds/basel.ics", Accept_Encoding="gzip", If_None_Match=tag)
    assert (status, headers["etag"], body) == (304, tag, b"")


@pytest.mark.parametrize(
    "path", ["/feeds/../calfeed.toml", "/feeds/%2e%2e/calfeed.toml", "/feeds/%00", "/feeds/..%5ccalfeed.toml"]
)
def test_no_path_leaves_the_feeds(server: Server, path: str) -> None:
    assert server.ask(path)[0] in (400, 404)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"BREW /feeds/all.ics HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /feeds/all.ics HTTP/9.9\r\nHost: x\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET /feeds/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["method", "long header", "two lengths", "smuggling", "version", "bytes", "path"],
)
def test_an_odd_request_is_refused_and_the_next_is_served(server: Server, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        with suppress(OSError):
            connection.sendall(request_bytes)
            connection.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            assert not connection.recv(100).startswith(b"HTTP/1.1 5")
    assert server.ask("/feeds/all.ics")[0] == 200


def test_clients_that_never_finish_hold_up_nobody(server: Server) -> None:
    unfinished = [
        b"GET /feeds/all.ics HTTP/1.1\r\nHost:",
        b"PUT /feeds/all.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
    ]
    with ExitStack() as stack:
        for request in unfinished * 10:
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(request)
        assert [server.ask("/feeds/all.ics")[0] for _ in range(5)] == [200] * 5


def test_secrets_of_the_environment_stay_out_of_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = dict(ENVIRONMENT)
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    load_worker(sample.settings(folder_with_feeds(tmp_path)))
    assert environment == {"PATH": ENVIRONMENT["PATH"]}


def test_both_workers_take_over_a_new_generation(server: Server) -> None:
    settings = sample.settings(server.folder)
    event = sample.catalogue().events[0]
    publish(build(Catalogue(events=(event,)), settings), server.folder / "feeds")
    expected = (server.folder / "feeds" / "all.ics").read_bytes()
    until = time.monotonic() + 60
    # A connection goes to either worker.
    while time.monotonic() < until and {server.ask("/feeds/all.ics")[2] for _ in range(10)} != {expected}:
        time.sleep(0.05)
    assert {server.ask("/feeds/all.ics")[2] for _ in range(10)} == {expected}


def test_a_killed_worker_is_replaced_and_the_feed_is_there_again(server: Server) -> None:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    assert server.wait_until("/feeds/all.ics", 200)


def test_sigterm_stops_everything_within_five_seconds(tmp_path: Path) -> None:
    running = start(folder_with_feeds(tmp_path))
    assert running.wait_until("/feeds/all.ics", 200)
    began = time.monotonic()
    running.process.terminate()
    assert running.process.wait(10) == 0
    assert time.monotonic() - began < 5
    said = running.process.stdout.read() if running.process.stdout else ""
    assert f"http://127.0.0.1:{running.port}/" in said
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", running.port))


def test_a_killed_server_leaves_no_worker_on_the_port(tmp_path: Path) -> None:
    running = start(folder_with_feeds(tmp_path), "--workers", "2")
    assert running.wait_until("/feeds/all.ics", 200)
    running.process.kill()
    running.process.wait(10)
    until = time.monotonic() + 60
    while time.monotonic() < until and not port_is_free(running.port):
        time.sleep(0.1)
    assert port_is_free(running.port)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_a_taken_port_is_one_sentence_and_changes_no_file(tmp_path: Path) -> None:
    (tmp_path / "calfeed.toml").write_text(sample.SETTINGS_TEXT, "utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(tmp_path, port=port)
        said, _ = done.process.communicate(timeout=20)
    assert done.process.returncode == 1
    assert said == (
        f"calfeed: 127.0.0.1:{port}: port {port} is taken by another program."
        " Stop it, or choose another port with --port.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["calfeed.toml"]


@pytest.mark.parametrize(("letters", "fits"), [(100, True), (200, False)])
def test_an_address_that_google_would_cut_is_refused_at_the_start(tmp_path: Path, letters: int, fits: bool) -> None:
    url = f"https://example.org/{'x' * letters}"
    (tmp_path / "calfeed.toml").write_text(sample.SETTINGS_TEXT.replace("https://calendar.example.org", url), "utf-8")
    running = start(tmp_path)
    try:
        if fits:
            assert running.wait_until("/healthz", 200)
        else:
            said, _ = running.process.communicate(timeout=20)
            assert running.process.returncode == 1
            assert "200 are safe. Shorten site.url" in said
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_feeds_that_were_never_built_are_built_first(tmp_path: Path) -> None:
    (tmp_path / "calfeed.toml").write_text(sample.SETTINGS_TEXT, "utf-8")
    running = start(tmp_path)
    try:
        assert running.wait_until("/feeds/basel.ics", 200)
        assert b"No dates published yet" in running.ask("/feeds/basel.ics")[2]
        assert json.loads((tmp_path / "feeds" / "index.json").read_bytes())
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_sources_are_read_beside_the_workers_by_one_process(tmp_path: Path) -> None:
    (tmp_path / "calfeed.toml").write_text(sample.SETTINGS_TEXT, "utf-8")
    (tmp_path / "programme.txt").write_text(PROGRAMME, "utf-8")
    running = start(tmp_path, "--workers", "2", refresh=True)
    try:
        assert running.wait_until("/feeds/basel.ics", 200)
        dated = b"DTSTART;VALUE=DATE:20130812\r\nDTEND;VALUE=DATE:20130815"
        until = time.monotonic() + 60
        # A connection goes to either worker, and either looks for itself.
        while not all(dated in running.ask("/feeds/basel.ics")[2] for _ in range(10)):
            assert time.monotonic() < until
            time.sleep(0.1)
        lock = tmp_path / "var" / "refresh.lock"
        assert len(holders(lock)) == 1
        began = time.monotonic()
        running.process.terminate()
        running.process.wait(10)
        assert time.monotonic() - began < 5
        assert holders(lock) == set()
    finally:
        running.process.kill()


def holders(lock: Path) -> set[str]:
    """The processes that have a lock on the file, by /proc/locks."""
    inode = f":{lock.stat().st_ino}"
    rows = (row.split() for row in Path("/proc/locks").read_text().splitlines())
    return {row[4] for row in rows if row[1] == "FLOCK" and row[5].endswith(inode)}


def test_the_application_serves_what_is_published_in_its_folder(tmp_path: Path) -> None:
    settings = sample.settings(folder_with_feeds(tmp_path))
    application = create_app(settings, check_seconds=None)
    answer = ask(application, "/feeds/all.ics")
    assert (answer.status, answer.body) == (200, (tmp_path / "feeds" / "all.ics").read_bytes())


@pytest.mark.parametrize(
    ("url", "host", "port", "named"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", 8021, "http://127.0.0.1:8021"),
        ("http://localhost:8000", "::1", 8021, "http://[::1]:8021"),
        ("https://calendar.example.org", "127.0.0.1", 8021, "https://calendar.example.org"),
    ],
)
def test_on_the_loopback_pages_name_the_address_that_they_are_reached_at(
    tmp_path: Path, url: str, host: str, port: int, named: str
) -> None:
    text = sample.SETTINGS_TEXT.replace("https://calendar.example.org", url)
    settings, doubt = reached_at(parse_settings(text, source="calfeed.toml", folder=tmp_path), host, port)
    assert doubt is None
    page = ask(create_app(settings, check_seconds=None), "/subscribe?convention=basel")
    assert f"{named}/feeds/".encode() in page.body


def test_an_address_that_leads_others_to_themselves_is_told_at_the_start(tmp_path: Path) -> None:
    text = sample.SETTINGS_TEXT.replace("https://calendar.example.org", "http://127.0.0.1:8000")
    settings = parse_settings(text, source="calfeed.toml", folder=tmp_path)
    same, doubt = reached_at(settings, "0.0.0.0", 8000)
    assert same is settings
    assert doubt is not None and "Set site.url in calfeed.toml" in doubt


@pytest.mark.parametrize("damage", [b"", b"{}", b"BEGIN:VCALENDAR"])
def test_a_damaged_generation_is_never_served(tmp_path: Path, damage: bytes) -> None:
    settings = sample.settings(folder_with_feeds(tmp_path))
    application = create_app(settings, check_seconds=None)
    good = ask(application, "/feeds/all.ics").body
    (tmp_path / "feeds" / "all.ics").write_bytes(damage)
    index = tmp_path / "feeds" / "index.json"
    os.utime(index, ns=(1, 1))
    application.extensions["calfeed-watcher"].check()
    assert ask(application, "/feeds/all.ics").body == good
    assert json.loads(ask(application, "/healthz").body)["status"] == "degraded"


@pytest.mark.parametrize("path", ["/", "/nothing"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "", "a b", "ü"])
def test_no_page_repeats_the_host_of_a_request(tmp_path: Path, path: str, host: str) -> None:
    application = create_app(sample.settings(folder_with_feeds(tmp_path)), check_seconds=None)
    answer = ask(application, path, host=host, x_forwarded_host="evil.example", x_forwarded_proto="gopher")
    assert answer.status in (200, 400, 404)
    assert b"evil" not in answer.body and "evil" not in str(answer.headers)


def test_robots_may_read_feeds_and_security_txt_names_a_contact(tmp_path: Path) -> None:
    from urllib.robotparser import RobotFileParser

    application = create_app(sample.settings(tmp_path), check_seconds=None)
    robots = RobotFileParser()
    robots.parse(ask(application, "/robots.txt").body.decode().splitlines())
    assert robots.can_fetch("Google-Calendar-Importer", "https://x/feeds/basel.ics")
    assert robots.can_fetch("*", "https://x/feeds/custom.ics?kind=webinar")
    assert ask(application, "/.well-known/security.txt").status == 404


@pytest.mark.parametrize(
    "path", ["//events", "//", "/events//x", "//evil.example/", "/api", "/api/v1", "/api//v1/events"]
)
def test_an_odd_path_leads_nowhere_else(tmp_path: Path, path: str) -> None:
    application = create_app(sample.settings(folder_with_feeds(tmp_path)), check_seconds=None)
    answer = ask(application, path, host="evil.example")
    assert answer.status in (200, 302, 404)
    assert answer.headers.get("Location", "/api/") == "/api/"
    assert b"evil" not in answer.body
