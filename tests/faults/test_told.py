"""Somebody is told: every fault is in `calfeed status`, /healthz and the status page, then by webhook and mail; and
once more when it is over. A source that fails is left alone for a while, each on its own."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from calfeed.cli import main
from calfeed.condition import Trouble, troubles
from calfeed.errors import CatalogueError, FetchError
from calfeed.fetch import Fetched, Validators
from calfeed.refresh import refresh
from calfeed.settings import Settings, Source, load_settings
from calfeed.status import Status, next_try, read_status, write_status
from calfeed.telling import Teller, is_genuine
from calfeed.web.refresher import Refresher
from tests.web import published

NOW = datetime(2014, 1, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOCUMENT = b"Seminars\n\nCalendar of events\n- Opening seminar: 12 May 2014\n- Workshop on paper: June 2014\n"
TOML = """
[site]
name = "Seminars"

[[sources]]
id = "one"
title = "One"
url = "https://example.org/one.txt"
"""


def site(folder: Path, more: str = "") -> Settings:
    (folder / "calfeed.toml").write_text(TOML + more, "utf-8")
    return load_settings(folder / "calfeed.toml")


class Answers:
    """A fetcher that answers what it is told to, and counts how often it is asked."""

    def __init__(self) -> None:
        self.answer: bytes | Exception = DOCUMENT
        self.asked = 0

    def __call__(self, source: Source, known: Validators | None) -> Fetched:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return Fetched(content=self.answer, name="one.txt", media_type="text/plain")


@pytest.mark.parametrize(
    ("failures", "chance", "hours"), [(1, 1.0, 1), (2, 1.0, 2), (3, 0.5, 2), (4, 0.0, 0), (5, 0.0, 8), (50, 1.0, 24)]
)
def test_the_wait_doubles_is_drawn_anew_and_ends_at_a_day(failures: int, chance: float, hours: float) -> None:
    assert next_try(failures, HOUR, now=NOW, chance=chance) - NOW == timedelta(hours=hours)


def test_a_source_that_fails_is_asked_less_and_less_and_keeps_its_events(tmp_path: Path) -> None:
    settings, source = site(tmp_path), Answers()
    refresh(settings, now=NOW, fetcher=source)
    feed = (settings.feeds_path / "all.ics").read_bytes()
    source.answer, source.asked = FetchError("it answers with status 500.", status=500), 0
    for hour in range(1, 24 * 7):
        refresh(settings, now=NOW + hour * HOUR, fetcher=source, chance=lambda: 1.0)
    assert 8 <= source.asked <= 14
    assert (settings.feeds_path / "all.ics").read_bytes() == feed
    source.answer = DOCUMENT
    for hour in range(24 * 7, 24 * 9):
        status = refresh(settings, now=NOW + hour * HOUR, fetcher=source, chance=lambda: 1.0)
    assert status.sources["one"].state == "fresh"
    assert status.sources["one"].failures == 0


@pytest.mark.parametrize(("asked", "hours"), [(7200.0, 2), (36_000.0, 10)])
def test_retry_after_is_kept(tmp_path: Path, asked: float, hours: int) -> None:
    settings, source = site(tmp_path), Answers()
    source.answer = FetchError("it answers with status 429.", status=429, retry_after=asked)
    refresh(settings, now=NOW, fetcher=source, chance=lambda: 0.0)
    for hour in range(1, hours):
        refresh(settings, now=NOW + hour * HOUR, fetcher=source, chance=lambda: 0.0)
    assert source.asked == 1
    refresh(settings, now=NOW + hours * HOUR, fetcher=source, chance=lambda: 0.0)
    assert source.asked == 2


def test_a_source_that_is_gone_is_paused_and_its_events_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, source = site(tmp_path), Answers()
    refresh(settings, now=NOW, fetcher=source)
    source.answer, source.asked = FetchError("it answers with status 410.", status=410), 0
    for hour in range(1, 100):
        status = refresh(settings, now=NOW + hour * HOUR, fetcher=source)
    assert source.asked == 1
    assert status.sources["one"].state == "paused"
    assert b"STATUS:CANCELLED" not in (settings.feeds_path / "all.ics").read_bytes()
    with monkeypatch.context() as during:
        during.setattr("calfeed.fetch.fetch", lambda source, folder: Fetched(content=DOCUMENT, name="one.txt"))
        arguments = ["--settings", str(tmp_path / "calfeed.toml"), "fetch", "one"]
        assert CliRunner().invoke(main, arguments).exit_code == 0
    source.answer = DOCUMENT
    assert refresh(settings, now=NOW + 100 * HOUR, fetcher=source).sources["one"].state == "fresh"
    source.answer = FetchError("it answers with status 410.", status=410)
    refresh(settings, now=NOW + 101 * HOUR, fetcher=source)
    moved = replace(settings, sources=(replace(settings.sources[0], url="https://example.org/new.txt"),))
    source.answer = DOCUMENT
    assert refresh(moved, now=NOW + 102 * HOUR, fetcher=source).sources["one"].state == "fresh"


def test_a_source_has_a_schedule_of_its_own(tmp_path: Path) -> None:
    settings, source = site(tmp_path), Answers()
    daily = replace(settings, sources=(replace(settings.sources[0], every=24 * 60),))
    for hour in range(49):
        refresh(daily, now=NOW + hour * HOUR, fetcher=source)
    assert source.asked == 3


def test_bytes_that_could_not_be_read_are_not_read_at_every_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_bytes(b"Prose alone.")
    settings = site(tmp_path)
    local = replace(settings, sources=(Source(id="one", title="One", path="one.txt"),))
    read: list[str] = []
    from calfeed import importing

    add = importing.add
    monkeypatch.setattr(importing, "add", lambda *given, **more: (read.append("one"), add(*given, **more))[1])
    for hour in range(24):
        refresh(local, now=NOW + hour * HOUR, chance=lambda: 1.0)
    assert len(read) <= 6
    (tmp_path / "one.txt").write_bytes(DOCUMENT)
    assert refresh(local, now=NOW + 24 * HOUR).sources["one"].state == "read"


def corrupt_catalogue(settings: Settings) -> None:
    settings.catalogue_path.write_text("schema = [")


def damaged_feed(settings: Settings) -> None:
    (settings.feeds_path / "all.ics").write_bytes(b"BEGIN")


def damaged_status(settings: Settings) -> None:
    (settings.state_path / "status.json").write_bytes(b"{")


def stopped(settings: Settings) -> None:
    status = read_status(settings.state_path)
    write_status(replace(status, refreshed=datetime.now(UTC) - 3 * HOUR), settings.state_path)


def hanging(settings: Settings) -> None:
    status = read_status(settings.state_path)
    write_status(replace(status, running=datetime.now(UTC) - HOUR), settings.state_path)


def old_source(settings: Settings) -> None:
    status = read_status(settings.state_path)
    one = replace(status.sources["one"], succeeded=datetime.now(UTC) - 100 * HOUR)
    write_status(replace(status, sources={"one": one}), settings.state_path)


def full_disk(settings: Settings) -> None:
    """As os.statvfs tells of it."""


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (corrupt_catalogue, "catalogue"),
        (damaged_feed, "feeds"),
        (damaged_status, "status"),
        (stopped, "overdue"),
        (hanging, "overrun"),
        (old_source, "old"),
        (full_disk, "disk-full"),
    ],
)
def test_every_fault_is_in_the_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: object, code: str
) -> None:
    settings = site(tmp_path)
    refresh(settings, now=datetime.now(UTC).replace(microsecond=0), fetcher=Answers())
    arguments = ["--settings", str(tmp_path / "calfeed.toml"), "status", "--json"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert callable(fault)
    fault(settings)
    if fault is full_disk:
        real = os.statvfs(tmp_path)
        full = os.statvfs_result((*real[:3], 0, 0, *real[5:]))
        monkeypatch.setattr(os, "statvfs", lambda place: full)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert code in [trouble["code"] for trouble in json.loads(done.output)["troubles"]]


def test_a_catalogue_that_cannot_be_used_is_remembered(tmp_path: Path) -> None:
    settings = site(tmp_path)
    refresh(settings, now=NOW, fetcher=Answers())
    corrupt_catalogue(settings)
    with pytest.raises(CatalogueError):
        refresh(settings, now=NOW + HOUR, fetcher=Answers())
    assert [one.code for one in troubles(settings, now=NOW + HOUR)] == ["refresh"]


def test_health_readiness_and_the_status_page_tell_it(tmp_path: Path) -> None:
    settings = site(tmp_path)
    (tmp_path / "var").mkdir()
    write_status(Status(refreshed=datetime.now(UTC) - 9 * HOUR), settings.state_path)
    client = published.app(settings=settings).test_client()
    health = client.get("/healthz").get_json()
    assert (health["status"], health["troubles"][0]["code"]) == ("degraded", "overdue")
    assert client.get("/readyz").get_json()["refresh"].startswith("impossible: the last refresh ended")
    assert "the last refresh ended" in client.get("/status").get_data(as_text=True)


class Hook(BaseHTTPRequestHandler):
    """A receiver of webhooks that keeps what came."""

    came: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    came: list[tuple[dict[str, str], bytes]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Own", (Hook,), {"came": came}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", came
    server.shutdown()
    server.server_close()
    thread.join()


TROUBLE = Trouble(code="failed", message="it answers with status 500.", source="one", since=NOW)


def test_a_webhook_is_sent_once_after_a_while_and_once_when_it_is_well(
    tmp_path: Path, hook: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    address, came = hook
    (tmp_path / "key").write_text("a long secret")
    settings = site(tmp_path, f'[alerts]\nwebhook = "{address}"\nsecret = "key"\nprivate = true\n')
    for minutes in (0, 30, 59, 60, 61, 90):
        # A new teller each time: what was told outlives the process.
        Teller(settings).check([TROUBLE], NOW + timedelta(minutes=minutes))
        assert len(came) == (minutes >= 60)
    Teller(settings).check([], NOW + 2 * HOUR)
    Teller(settings).check([], NOW + 3 * HOUR)
    assert [json.loads(body)["type"] for _, body in came] == ["calfeed.trouble", "calfeed.well"]
    headers, body = came[0]
    sent = NOW + HOUR
    own = headers["Webhook-Id"]
    assert is_genuine("a long secret", headers, body, now=sent, had=frozenset())
    assert not is_genuine("a long secret", headers, body, now=sent, had=frozenset([own]))
    assert not is_genuine("a long secret", headers, body, now=sent + timedelta(minutes=6), had=frozenset())
    assert not is_genuine("a long secret", headers, body + b" ", now=sent, had=frozenset())
    assert not is_genuine("another", headers, body, now=sent, had=frozenset())


def test_a_webhook_leads_to_no_private_address_unless_it_is_said(
    tmp_path: Path, hook: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    address, came = hook
    (tmp_path / "key").write_text("a long secret")
    settings = site(tmp_path, f'[alerts]\nafter = 0\nwebhook = "{address}"\nsecret = "key"\n')
    Teller(settings).check([TROUBLE], NOW)
    assert came == []


def mail_server(said: list[str]) -> int:
    """A server that takes one letter (RFC 5321), on a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]

    def serve() -> None:
        line, _ = listening.accept()
        with listening, line, line.makefile("rwb") as stream:
            stream.write(b"220 here\r\n")
            stream.flush()
            letter = False
            for octets in stream:
                text = octets.decode()
                said.append(text)
                if letter and text != ".\r\n":
                    continue
                letter = text.upper().startswith("DATA")
                stream.write(b"354 go on\r\n" if letter else b"250 well\r\n")
                stream.flush()
                if text.upper().startswith("QUIT"):
                    return

    threading.Thread(target=serve, daemon=True).start()
    return port


def test_a_letter_says_what_is_wrong_and_holds_no_header_of_a_strangers(tmp_path: Path) -> None:
    said: list[str] = []
    port = mail_server(said)
    settings = site(tmp_path, f'[alerts]\nafter = 0\nto = ["a@example.org"]\nserver = "127.0.0.1"\nport = {port}\n')
    hostile = replace(TROUBLE, message="it says\r\nBcc: all@example.org\r\n\r\nhello")
    Teller(settings).check([hostile], NOW)
    letter = "".join(said)
    assert "RCPT TO:<a@example.org>" in letter.replace("rcpt", "RCPT").replace("RCPT to", "RCPT TO")
    assert "Subject: [Seminars] Wrong: one: it says Bcc: all@example.org hello" in letter
    head = letter[letter.index("Subject") :].partition("\r\n\r\n")[0]
    assert "\r\nBcc:" not in head


def test_a_refresher_that_overruns_is_ended_and_it_is_told(tmp_path: Path) -> None:
    """A source whose server takes the connection and never answers."""
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/one.txt"
    settings = site(tmp_path)
    slow = replace(settings, sources=(replace(settings.sources[0], url=url, private=True),))
    refresher = Refresher(slow, longest=1.0)
    refresher.start()
    try:
        deadline = time.monotonic() + 40
        while "was ended" not in (read_status(settings.state_path).message or ""):
            assert time.monotonic() < deadline, "it was not ended"
            time.sleep(0.1)
    finally:
        refresher.stop()
        silent.close()
