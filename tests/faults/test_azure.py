"""Targets at a real store: Azurite, Microsoft's own emulator of Azure's blob storage, on loopback.

Needs `azurite-blob` (npm: azurite) on the path.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import formatdate

import pytest

from calfeed.errors import PublishError
from calfeed.feeds import Generation
from calfeed.publish.object_store import find, load_from_store, open_store, publish_to_store
from calfeed.settings import Target
from tests.needs import need_program

ACCOUNT = "calfeed"


class Azure:
    """An emulator that is started, stopped and woken by its own process id."""

    def __init__(self, program: str, key: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.key = key
        options = "--silent --skipApiVersionCheck --disableTelemetry --inMemoryPersistence --blobHost 127.0.0.1"
        self.process = subprocess.Popen(
            [program, *options.split(), "--blobPort", str(self.port)],
            env=os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"},
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.1)

    def make_container(self, name: str) -> None:
        """Create a container: the one request that obstore does not make (signed as Azure's Shared Key)."""
        path, date = f"/{ACCOUNT}/{name}", formatdate(usegmt=True)
        lines = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/{ACCOUNT}{path}\nrestype:container"
        digest = hmac.new(base64.b64decode(self.key), lines.encode(), hashlib.sha256).digest()
        headers = {
            "x-ms-date": date,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}",
        }
        address = f"http://127.0.0.1:{self.port}{path}?restype=container"
        with urllib.request.urlopen(urllib.request.Request(address, method="PUT", headers=headers)) as answer:
            assert answer.status == 201

    def target(self, path: str) -> Target:
        return Target(name="azure", url=f"az://{path}", endpoint=f"http://127.0.0.1:{self.port}/{ACCOUNT}")


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    started = Azure(need_program("azurite-blob", "npm install -g azurite"), key)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", key)
    try:
        started.make_container("public")
        yield started
    finally:
        started.process.send_signal(signal.SIGCONT)
        started.process.terminate()
        started.process.wait(10)


def generation(number: int) -> Generation:
    text = f"generation {number}\n".encode() * 50
    return Generation.of({f"feed-{i}.ics": text + bytes([48 + i]) for i in range(8)} | {"index.json": text})


def test_readers_of_a_store_never_see_two_generations(azure: Azure) -> None:
    store = open_store(azure.target("public/mixed"))
    made = [generation(number) for number in range(12)]
    publish_to_store(store, made[0], b"site", now=datetime.now(UTC))

    def read(_: int) -> int:
        found = load_from_store(store)[1]
        return made.index(found)

    with ThreadPoolExecutor(4) as readers:
        reads = readers.map(read, range(120))
        for one in made[1:]:
            publish_to_store(store, one, b"site", now=datetime.now(UTC))
        assert set(reads) <= set(range(12))
    assert load_from_store(store)[1] == made[-1]


def test_of_publishers_at_once_one_wins_and_the_others_are_told(azure: Azure) -> None:
    store = open_store(azure.target("public/race"))
    made = [generation(number) for number in range(4)]

    def attempt(one: Generation) -> str | None:
        try:
            publish_to_store(store, one, b"site", now=datetime.now(UTC))
        except PublishError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(4) as publishers:
        told = [found for found in publishers.map(attempt, made) if found]
    assert all("another publisher was there in between" in sentence for sentence in told)
    assert load_from_store(store)[1] in made
    winner = load_from_store(store)[1]
    publish_to_store(store, winner, b"site", now=datetime.now(UTC))
    assert find(store).pointer.stable == winner.id  # type: ignore[union-attr]


def test_a_store_that_stops_is_told_and_goes_on_when_it_is_back(azure: Azure) -> None:
    store = open_store(azure.target("public/stops"))
    publish_to_store(store, generation(1), b"site", now=datetime.now(UTC))
    missing = open_store(azure.target("nowhere/stops"))
    with pytest.raises(PublishError, match="the object store did not do it"):
        publish_to_store(missing, generation(2), b"site", now=datetime.now(UTC))
    azure.process.send_signal(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(publish_to_store, store, generation(2), b"site", now=datetime.now(UTC))
            time.sleep(2)
            assert not later.done()
            azure.process.send_signal(signal.SIGCONT)
            assert later.result(40)
    finally:
        azure.process.send_signal(signal.SIGCONT)
    assert load_from_store(store)[1] == generation(2)
