"""One client's flood costs the others nothing, and no subscriber is ever refused."""

from __future__ import annotations

from wsgiref.types import WSGIEnvironment

import pytest

from calfeed.settings import Limits, parse_settings
from calfeed.web import create_app
from calfeed.web.flood import MOST_CLIENTS, FloodLayer, client_of
from tests import sample
from tests.web.sites import ask
from tests.web.test_server import folder_with_feeds


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def asked(layer: FloodLayer, path: str = "/", client: str = "192.0.2.1") -> tuple[str, dict[str, str]]:
    answer: list[tuple[str, dict[str, str]]] = []
    environ: WSGIEnvironment = {"PATH_INFO": path, "REMOTE_ADDR": client, "REQUEST_METHOD": "GET"}
    layer(environ, lambda status, headers, exc=None: answer.append((status[:3], dict(headers))))  # type: ignore[arg-type, func-returns-value, return-value]
    return answer[0]


def layer_with(burst: int, rate: float, clock: Clock) -> FloodLayer:
    def app(environ, start_response):  # type: ignore[no-untyped-def]
        start_response("200 OK", [])
        return []

    return FloodLayer(app, Limits(burst=burst, rate=rate), clock=clock)


def test_what_is_over_the_burst_is_told_when_to_come_back() -> None:
    clock = Clock()
    layer = layer_with(3, 0.5, clock)
    assert [asked(layer)[0] for _ in range(4)] == ["200", "200", "200", "429"]
    status, headers = asked(layer)
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == ("429", "2", "no-store")
    clock.now += 2
    assert asked(layer)[0] == "200"


def test_another_client_is_answered_all_the_same() -> None:
    layer = layer_with(1, 0.1, Clock())
    assert [asked(layer)[0] for _ in range(2)] == ["200", "429"]
    assert asked(layer, client="192.0.2.2")[0] == "200"


@pytest.mark.parametrize("path", ["/healthz", "/static/site.css", "/metrics"])
def test_monitors_and_files_of_pages_are_free(path: str) -> None:
    layer = layer_with(1, 0.1, Clock())
    assert {asked(layer, path)[0] for _ in range(50)} == {"200"}


def test_invented_clients_do_not_fill_the_memory() -> None:
    layer = layer_with(1, 0.1, Clock())
    for number in range(MOST_CLIENTS + 100):
        asked(layer, client=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(layer._brake._left)  # type: ignore[union-attr] == MOST_CLIENTS


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("192.0.2.1", None, 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7, 203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", None, 1, "127.0.0.1"),
        ("127.0.0.1", "nonsense", 1, "127.0.0.1"),
        ("2001:db8:1:2:3::4", None, 0, "2001:db8:1:2::/64"),
    ],
)
def test_who_a_client_is(peer: str, forwarded: str | None, proxies: int, client: str) -> None:
    environ: WSGIEnvironment = {"REMOTE_ADDR": peer}
    if forwarded:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_of(environ, proxies) == client


def test_a_flood_of_pages_ends_and_feeds_go_on(tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder_with_feeds(tmp_path)
    text = sample.SETTINGS_TEXT + "\n[limits]\nburst = 5\nrate = 0.01\n"
    site = create_app(parse_settings(text, source="calfeed.toml", folder=tmp_path), check_seconds=None)
    paths = ("/", "/api/v1/events", "/feeds/custom.ics?kind=webinar", "/events/none", "/embed/basel", "/nothing")
    assert [ask(site, path).status for path in paths * 2][-6:] == [429] * 6
    assert {ask(site, "/feeds/all.ics").status for _ in range(100)} == {200}
